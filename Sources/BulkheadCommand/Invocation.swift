import ArgumentParser
import Bulkhead
import WasmModule

/// Values as a person types and reads them: the arguments and results of `--invoke`.
enum Invocation {
    /// - Throws: `ValidationError` where the number of arguments is wrong or one doesn't fit its type.
    static func arguments(_ texts: [String], for type: FunctionType, of name: String) throws -> [Value] {
        guard texts.count == type.parameters.count else {
            let count = type.parameters.count
            throw ValidationError(
                "\(name.quoted) is \(type): it takes \(count) argument\(count == 1 ? "" : "s"), and was given \(texts.count)"
            )
        }
        return try zip(texts, type.parameters).enumerated().map { position, argument in
            let (text, type) = argument
            guard let value = value(text, type) else {
                throw ValidationError(
                    "argument \(position + 1) of \(name.quoted), \(text.quoted), is not \(expectation(type))")
            }
            return value
        }
    }

    private static func expectation(_ type: ValueType) -> String {
        switch type {
        case .i32: "an i32: a number from -2147483648 to 4294967295, also in hexadecimal (0x)"
        case .i64: "an i64: a number from -9223372036854775808 to 18446744073709551615, also in hexadecimal (0x)"
        case .f32, .f64: "an \(type): a number such as 1.5, -2e10, 0x1p-3, inf or nan"
        case .funcref, .externref: "an \(type): only null can be given"
        case .v128: "a v128: a number of 128 bits, also in hexadecimal (0x), the first lane in its lowest digits"
        }
    }

    static func value(_ text: String, _ type: ValueType) -> Value? {
        switch type {
        case .i32: integer(text, UInt32.self).map(Value.i32)
        case .i64: integer(text, UInt64.self).map(Value.i64)
        case .f32: Float(text).map(Value.float32)
        case .f64: Double(text).map(Value.float64)
        case .funcref: text == "null" ? .ref(.function(nil)) : nil
        case .externref: text == "null" ? .ref(.extern(nil)) : nil
        case .v128: integer(text, UInt128.self).map { Value.v128(V128(bits: $0)) }
        }
    }

    /// Decimal or hexadecimal; what fits the type as signed or as unsigned.
    private static func integer<Bits: FixedWidthInteger & UnsignedInteger>(_ text: String, _: Bits.Type) -> Bits? {
        var digits = text[...]
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        if isHexadecimal { digits = digits.dropFirst(2) }
        // Swift would take a second sign.
        guard digits.first?.isHexDigit == true, let magnitude = Bits(digits, radix: isHexadecimal ? 16 : 10) else {
            return nil
        }
        guard isNegative else { return magnitude }
        return magnitude <= Bits(1) << (Bits.bitWidth - 1) ? 0 &- magnitude : nil
    }

    /// Integers as signed; vectors in hexadecimal; floats in decimal without an exponent, as short as can be read back exactly.
    static func text(_ value: Value) -> String {
        switch value {
        case .i32(let bits): "\(Int32(bitPattern: bits))"
        case .i64(let bits): "\(Int64(bitPattern: bits))"
        case .f32(let bits): decimal(Float(bitPattern: bits).description)
        case .f64(let bits): decimal(Double(bitPattern: bits).description)
        case .v128(let vector): hexadecimal(vector.bits)
        case .ref(.function(nil)): "<null funcref>"
        case .ref(.function): "<funcref>"
        case .ref(.extern(nil)): "<null externref>"
        case .ref(.extern): "<externref>"
        }
    }

    /// With all its digits, so that lanes can be told apart.
    private static func hexadecimal(_ bits: UInt128) -> String {
        let digits = String(bits, radix: 16)
        return "0x" + String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Takes Swift's notation (`1.5e-07`, `3.0`) apart and writes the digits out (`0.00000015`, `3`).
    private static func decimal(_ description: String) -> String {
        if description.hasSuffix("inf") { return description }
        // Not a number; its sign and payload are nobody's business here.
        if description.contains("nan") { return "NaN" }
        let isNegative = description.hasPrefix("-")
        let parts = description.drop { $0 == "-" }.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        var digits = String(mantissa[0])
        var point = digits.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        if mantissa.count > 1, mantissa[1] != "0" { digits += mantissa[1] }
        if point <= 0 {
            digits = String(repeating: "0", count: 1 - point) + digits
            point = 1
        }
        if point > digits.count { digits += String(repeating: "0", count: point - digits.count) }
        let whole = digits.prefix(point)
        let fraction = digits.dropFirst(point)
        return "\(isNegative ? "-" : "")\(whole)\(fraction.isEmpty ? "" : ".\(fraction)")"
    }
}
