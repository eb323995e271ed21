import WasmModule

/// Function types as the runtime's ABI spells them: a letter a value, parameters, `>`, results.
enum Signature {
    static func text(_ type: FunctionType) -> String {
        letters(type.parameters) + ">" + letters(type.results)
    }

    private static func letters(_ types: [ValueType]) -> String {
        String(decoding: types.map(letter), as: UTF8.self)
    }

    private static func letter(_ type: ValueType) -> UInt8 {
        switch type {
        case .i32: UInt8(ascii: "i")
        case .i64: UInt8(ascii: "I")
        case .f32: UInt8(ascii: "f")
        case .f64: UInt8(ascii: "F")
        case .v128: UInt8(ascii: "v")
        case .funcref: UInt8(ascii: "p")
        case .externref: UInt8(ascii: "e")
        }
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
            guard let value = ValueType.allCases.first(where: { letter($0) == byte }) else { continue }
            if inResults { type.results.append(value) } else { type.parameters.append(value) }
        }
        return type
    }
}
