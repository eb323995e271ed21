import WasmModule

/// The C variables of a function's stack positions: one for each type that a position ever holds.
struct StackVariables {
    /// The types that differ in C.
    private static let types: [ValueType] = [.i32, .i64, .f32, .f64, .v128, .funcref]

    /// By type, then position.
    private var isUsed = Array(repeating: [Bool](), count: types.count)

    private static func place(_ type: ValueType) -> Int {
        switch type {
        case .i32: 0
        case .i64: 1
        case .f32: 2
        case .f64: 3
        case .v128: 4
        case .funcref, .externref: 5
        }
    }

    mutating func use(_ position: Int, _ type: ValueType) {
        let place = Self.place(type)
        let missing = position + 1 - isUsed[place].count
        if missing > 0 { isUsed[place].append(contentsOf: repeatElement(false, count: missing)) }
        isUsed[place][position] = true
    }

    /// The declarations, sixteen to a line.
    func write(to text: inout CText) {
        for type in Self.types {
            var count = 0
            for (position, isUsed) in isUsed[Self.place(type)].enumerated() where isUsed {
                if count % 16 == 0 {
                    if count > 0 { text.write(";\n") }
                    text.write("    ")
                    text.write(type.cType)
                    text.write(" ")
                } else {
                    text.write(", ")
                }
                text.write(type.variablePrefix)
                text.write(position)
                count += 1
            }
            if count > 0 { text.write(";\n") }
        }
    }
}
