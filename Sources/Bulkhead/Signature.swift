import CodeGeneration
import WasmModule

extension FunctionType {
    /// The type that a signature of the ABI spells.
    package init(signature: String) { self = signature.withCString(Signature.parse) }
}

/// Function types as the runtime's ABI spells them: a letter a value, parameters, `>`, results.
enum Signature {
    /// Whether the text is that of the type. Allocates nothing: a pool's tenants ask at each lease.
    static func spells(_ type: FunctionType, _ text: UnsafePointer<CChar>) -> Bool {
        var position = 0
        func next(_ byte: UInt8) -> Bool {
            defer { position += 1 }
            return UInt8(bitPattern: text[position]) == byte
        }
        for value in type.parameters where !next(value.signatureLetter) { return false }
        guard next(UInt8(ascii: ">")) else { return false }
        for value in type.results where !next(value.signatureLetter) { return false }
        return next(0)
    }

    /// Letters that this version doesn't know are passed over; artifacts of other versions are refused before.
    static func parse(_ text: UnsafePointer<CChar>) -> FunctionType {
        var type = FunctionType(parameters: [], results: [])
        var inResults = false
        var position = 0
        while text[position] != 0 {
            let byte = UInt8(bitPattern: text[position])
            position += 1
            if byte == UInt8(ascii: ">") {
                inResults = true
                continue
            }
            guard let value = ValueType.allCases.first(where: { $0.signatureLetter == byte }) else { continue }
            if inResults { type.results.append(value) } else { type.parameters.append(value) }
        }
        return type
    }
}
