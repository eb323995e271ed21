import WasmModule

extension ValueType {
    /// What the names of stack variables of this type begin with. Neither `f` nor `v`: `f32` and `v128` are types.
    var variablePrefix: UInt8 {
        switch self {
        case .i32: UInt8(ascii: "i")
        case .i64: UInt8(ascii: "j")
        case .f32: UInt8(ascii: "x")
        case .f64: UInt8(ascii: "d")
        case .v128: UInt8(ascii: "w")
        case .funcref, .externref: UInt8(ascii: "r")
        }
    }

    /// The prelude's name for the type.
    var cType: StaticString {
        switch self {
        case .i32: "u32"
        case .i64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .funcref, .externref: "ref"
        }
    }

    /// The prelude's name for what fits this type's values into 64-bit slots.
    var slotPrefix: StaticString {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .funcref, .externref: "ref"
        }
    }

    /// How many slots of 64 bits a value takes where it passes between sandbox and host.
    package var slotCount: Int { self == .v128 ? 2 : 1 }

    /// The letter in the signatures of the runtime's ABI.
    package var signatureLetter: UInt8 {
        switch self {
        case .i32: UInt8(ascii: "i")
        case .i64: UInt8(ascii: "I")
        case .f32: UInt8(ascii: "f")
        case .f64: UInt8(ascii: "F")
        case .v128: UInt8(ascii: "v")
        case .funcref: UInt8(ascii: "p")
        case .externref: UInt8(ascii: "e")
        }
    }
}

extension [ValueType] {
    /// How many slots values of these types take together.
    package var slotCount: Int { reduce(0) { $0 + $1.slotCount } }

    /// Each with the first of its slots.
    package var slots: [(slot: Int, type: ValueType)] {
        var next = 0
        return map { type in
            defer { next += type.slotCount }
            return (next, type)
        }
    }
}

extension FunctionType {
    /// How many slots a call needs, for arguments and results share them.
    package var slotCount: Int { Swift.max(parameters.slotCount, results.slotCount) }

    /// As the runtime's ABI spells function types: a letter a value, parameters, `>`, results.
    package var signature: String {
        func letters(_ types: [ValueType]) -> String {
            String(decoding: types.map(\.signatureLetter), as: UTF8.self)
        }
        return letters(parameters) + ">" + letters(results)
    }
}

extension CText {
    mutating func writeConstant(_ type: ValueType, _ bits: UInt64) {
        switch type {
        case .i32:
            write(bits)
            write("u")
        case .i64:
            write(bits)
            write("ull")
        case .f32: writeFloat32(bits: UInt32(truncatingIfNeeded: bits))
        case .f64: writeFloat64(bits: bits)
        case .funcref, .externref: write("(ref)0")
        case .v128: writeVector(0, 0)
        }
    }

    mutating func writeVector(_ low: UInt64, _ high: UInt64) {
        write("v128_const(")
        write(low)
        write("ull, ")
        write(high)
        write("ull)")
    }
}

/// Which stack variables a function uses.
struct StackVariables {
    /// By type, then position. References of both types share names.
    private var used: [[Bool]] = Array(repeating: [], count: types.count)

    private static let types: [ValueType] = [.i32, .i64, .f32, .f64, .v128, .externref]

    private static func row(_ type: ValueType) -> Int {
        switch type {
        case .i32: 0
        case .i64: 1
        case .f32: 2
        case .f64: 3
        case .v128: 4
        case .funcref, .externref: 5
        }
    }

    mutating func insert(_ position: Int, _ type: ValueType) {
        let row = Self.row(type)
        if position < used[row].count, used[row][position] { return }
        if used[row].count <= position {
            used[row] += Array(repeating: false, count: position + 1 - used[row].count)
        }
        used[row][position] = true
    }

    /// The positions in use of each type that has any, in order.
    var groups: [(type: ValueType, positions: [Int])] {
        Self.types.enumerated().compactMap { row, type in
            let positions = used[row].indices.filter { used[row][$0] }
            return positions.isEmpty ? nil : (type, positions)
        }
    }
}
