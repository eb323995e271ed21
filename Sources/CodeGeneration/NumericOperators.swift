import WasmModule

/// How a numeric instruction is written in C.
struct NumericOperator {
    enum Spelling {
        /// `(a + b)`: unsigned arithmetic wraps in C as it does in WebAssembly, and floats need no function.
        case infix(StaticString)
        /// A function of the prelude, named like the instruction: `i32_div_s(a, b)`.
        case function([UInt8])
    }

    var operandCount: Int
    var result: ValueType
    var spelling: Spelling
    /// Whether the instruction can trap.
    var traps: Bool
    /// Whether folding a constant operand away could lose the quieting of a signalling NaN (x + 0, x * 1).
    var foldsLoseQuieting: Bool

    /// By raw value for plain opcodes, then by code for those behind 0xFC.
    private static let table: [NumericOperator?] = {
        var table = [NumericOperator?](repeating: nil, count: 256 + 32)
        for opcode in Opcode.allCases {
            guard case .numeric(let parameters, let result) = opcode.form else { continue }
            table[index(opcode)] = NumericOperator(opcode, parameters: parameters, result: result)
        }
        return table
    }()

    private static func index(_ opcode: Opcode) -> Int {
        let raw = Int(opcode.rawValue)
        return raw < 256 ? raw : 256 + raw & 0x1F
    }

    static func of(_ opcode: Opcode) -> NumericOperator? {
        table[index(opcode)]
    }

    private init(_ opcode: Opcode, parameters: [ValueType], result: ValueType) {
        operandCount = parameters.count
        self.result = result
        foldsLoseQuieting = false
        switch opcode {
        case .i32Add, .i64Add: spelling = .infix(" + ")
        case .i32Sub, .i64Sub: spelling = .infix(" - ")
        case .i32Mul, .i64Mul: spelling = .infix(" * ")
        case .i32And, .i64And: spelling = .infix(" & ")
        case .i32Or, .i64Or: spelling = .infix(" | ")
        case .i32Xor, .i64Xor: spelling = .infix(" ^ ")
        case .f32Add, .f64Add: (spelling, foldsLoseQuieting) = (.infix(" + "), true)
        case .f32Sub, .f64Sub: (spelling, foldsLoseQuieting) = (.infix(" - "), true)
        case .f32Mul, .f64Mul: (spelling, foldsLoseQuieting) = (.infix(" * "), true)
        case .f32Div, .f64Div: (spelling, foldsLoseQuieting) = (.infix(" / "), true)
        default: spelling = .function(opcode.mnemonic.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 })
        }
        switch opcode {
        case .i32DivS, .i32DivU, .i32RemS, .i32RemU, .i64DivS, .i64DivU, .i64RemS, .i64RemU,
            .i32TruncF32S, .i32TruncF32U, .i32TruncF64S, .i32TruncF64U,
            .i64TruncF32S, .i64TruncF32U, .i64TruncF64S, .i64TruncF64U:
            traps = true
        default:
            traps = false
        }
    }
}

/// The prelude's name of a load or store: the instruction's, with an underscore for the dot.
enum MemoryOperator {
    private static let names: [[UInt8]] = {
        var names = [[UInt8]](repeating: [], count: 256)
        for opcode in Opcode.allCases {
            guard case .memoryAccess = opcode.form else { continue }
            names[Int(opcode.rawValue)] = opcode.mnemonic.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }
        }
        return names
    }()

    static func name(_ opcode: Opcode) -> [UInt8] {
        names[Int(opcode.rawValue)]
    }
}
