import WasmModule

/// An instruction that C writes as an operator or a function of the prelude. A plain value, without references: one is looked up
/// for every instruction.
enum Operator {
    case numeric(NumericOperator)
    case load(MemoryOperator)
    /// A load into one lane of a vector.
    case laneLoad(MemoryOperator)
    case store(MemoryOperator)
}

/// How a numeric instruction is written in C.
struct NumericOperator {
    enum Spelling {
        /// `(a + b)`: unsigned arithmetic wraps in C as it does in WebAssembly, and floats need no function.
        case infix(StaticString)
        /// A function of the prelude: `i32_div_s(a, b)`. Where the beginning of a call stands in the table's text: `i32_div_s(`.
        case function(Range<Int>)
    }

    let operandCount: Int
    let result: ValueType
    let spelling: Spelling
    /// Whether the instruction can trap.
    let traps: Bool
    /// Whether the result is a rounded one. Such an operation quiets signalling NaNs, so operands that C can fold away or cancel
    /// must be hidden: x + 0, x * 1, demote(promote(x)).
    let isFloatingPointArithmetic: Bool
}

/// A load or store: a function of the prelude.
struct MemoryOperator {
    /// Where the beginning of a call stands in the table's text: `i32_load(MEMORY, `.
    let beginning: Range<Int>
    let type: ValueType
    /// Bytes of memory.
    let size: UInt32
}

/// The instructions that are operators.
struct OperatorTable: ~Copyable {
    /// Beginnings of calls, one after the other. The prelude's functions are named like the instructions, with an underscore for
    /// the dot.
    private(set) var text = CText()
    /// By raw value for plain opcodes, then by code for those behind 0xFC, then for vector instructions.
    private var operators = [Operator?](repeating: nil, count: firstVector + 256)
    private static let firstVector = 256 + 32

    init() {
        for opcode in Opcode.allCases {
            switch opcode.form {
            case .numeric(let parameters, let result), .lane(let parameters, let result, _):
                operators[Self.index(opcode)] = .numeric(
                    NumericOperator(
                        operandCount: parameters.count, result: result,
                        spelling: Self.infix(opcode).map { .infix($0) } ?? .function(addCall(opcode)),
                        traps: Self.trapping.contains(opcode), isFloatingPointArithmetic: Self.quieting.contains(opcode)
                    ))
            case .memoryAccess(let type, let size):
                let memory = MemoryOperator(beginning: addCall(opcode, "MEMORY"), type: type, size: size)
                operators[Self.index(opcode)] = opcode.isStore ? .store(memory) : .load(memory)
            case .laneAccess(let size):
                let memory = MemoryOperator(beginning: addCall(opcode, "MEMORY"), type: .v128, size: size)
                operators[Self.index(opcode)] = opcode.isStore ? .store(memory) : .laneLoad(memory)
            case .shuffle:
                operators[Self.index(opcode)] = .numeric(
                    NumericOperator(
                        operandCount: 2, result: .v128, spelling: .function(addCall(opcode)), traps: false,
                        isFloatingPointArithmetic: false))
            default: break
            }
        }
    }

    /// The operator that an instruction is, if it is one.
    @inline(__always)
    subscript(opcode: Opcode) -> Operator? { operators[Self.index(opcode)] }

    @inline(__always)
    private static func index(_ opcode: Opcode) -> Int {
        let raw = Int(opcode.rawValue)
        if raw < 256 { return raw }
        return opcode.isVectorInstruction ? firstVector + raw & 0xFF : 256 + raw & 0x1F
    }

    private mutating func addCall(_ opcode: Opcode, _ first: StaticString? = nil) -> Range<Int> {
        let start = text.count
        for byte in opcode.mnemonic.utf8 { text.write(byte: byte == UInt8(ascii: ".") ? UInt8(ascii: "_") : byte) }
        text.write("(")
        if let first {
            text.write(first)
            text.write(", ")
        }
        return start..<text.count
    }

    private static func infix(_ opcode: Opcode) -> StaticString? {
        switch opcode {
        case .i32Add, .i64Add, .f32Add, .f64Add: " + "
        case .i32Sub, .i64Sub, .f32Sub, .f64Sub: " - "
        case .i32Mul, .i64Mul, .f32Mul, .f64Mul: " * "
        case .f32Div, .f64Div: " / "
        case .i32And, .i64And: " & "
        case .i32Or, .i64Or: " | "
        case .i32Xor, .i64Xor: " ^ "
        default: nil
        }
    }

    private static let trapping: OpcodeSet = [
        .i32DivS, .i32DivU, .i32RemS, .i32RemU, .i64DivS, .i64DivU, .i64RemS, .i64RemU,
        .i32TruncF32S, .i32TruncF32U, .i32TruncF64S, .i32TruncF64U,
        .i64TruncF32S, .i64TruncF32U, .i64TruncF64S, .i64TruncF64U,
    ]

    private static let quieting: OpcodeSet = [
        .f32Add, .f64Add, .f32Sub, .f64Sub, .f32Mul, .f64Mul, .f32Div, .f64Div, .f32DemoteF64,
        .f32x4Add, .f64x2Add, .f32x4Sub, .f64x2Sub, .f32x4Mul, .f64x2Mul, .f32x4Div, .f64x2Div, .f32x4DemoteF64x2Zero,
    ]
}
