/// What decoder and validator need to know about an opcode, in a few bytes without references, so that looking one up
/// in the middle of a function body costs one load.
struct OpcodeEntry: Sendable {
    let opcode: Opcode
    let layout: Layout
    /// What must be switched on for the instruction to be there.
    let feature: OpcodeFeature
    /// Base-two logarithm of the natural alignment, for loads and stores.
    var naturalAlignment: UInt8 = 0
    /// What a lane's number must be below, for the instructions that have one.
    var laneCount: UInt8 = 0
    /// The typing rule `[operands*] -> [result]` of an instruction whose rule depends on nothing else. Zero, for no
    /// type, fills `operands` up, and stands for no result. The last operand is on top of the stack.
    var operandCount: UInt8 = 0
    var operands: (UInt8, UInt8, UInt8) = (0, 0, 0)
    var result: UInt8 = 0

    /// What follows the opcode, as `Opcode.Form` has it, without payloads.
    enum Layout: UInt8, Sendable {
        /// No immediates, and the rule in `operands` and `result` is all there is to the type.
        case numeric
        case memoryAccess
        case i32, i64, f32, f64, v128
        /// The number of a lane.
        case lane
        /// A memory access, then the number of a lane.
        case laneAccess
        case shuffle
        case none
        case block
        /// One index into some index space.
        case index
        /// A byte that is zero for the one memory.
        case memory
        /// Two indices.
        case indices
        /// An index, then the zero byte of the one memory.
        case indexThenMemory
        case memoryThenMemory
        case branchTable
        case types
        case referenceType
    }
}

/// The features that bring instructions, for one byte in `OpcodeEntry`.
enum OpcodeFeature: UInt8, Sendable {
    case none = 0
    case signExtension
    case saturatingTruncation
    case bulkMemory
    case referenceTypes
    case simd

    var features: Features {
        switch self {
        case .none: []
        case .signExtension: .signExtension
        case .saturatingTruncation: .saturatingTruncation
        case .bulkMemory: .bulkMemory
        case .referenceTypes: .referenceTypes
        case .simd: .simd
        }
    }
}

/// All opcodes by their codes: single bytes first, then those behind 0xFC, then those behind 0xFD.
struct OpcodeTable: Sendable {
    private let entries: [OpcodeEntry?]
    private let descriptions: [Opcode.Description?]
    private static let miscellaneousCount: UInt32 = 32
    private static let vectorCount: UInt32 = 256
    private static let firstVector = 256 + miscellaneousCount
    /// One more than the greatest index.
    static let count = Int(firstVector + vectorCount)

    static let shared = OpcodeTable()

    private init() {
        var entries = [OpcodeEntry?](repeating: nil, count: OpcodeTable.count)
        var descriptions = [Opcode.Description?](repeating: nil, count: OpcodeTable.count)
        for (opcode, description) in Opcode.plainDescriptions + Opcode.vectorDescriptions {
            let index = OpcodeTable.index(of: opcode)
            entries[index] = OpcodeEntry(opcode, description.form)
            descriptions[index] = description
        }
        self.entries = entries
        self.descriptions = descriptions
    }

    /// Less than `count`.
    @inline(__always)
    static func index(of opcode: Opcode) -> Int {
        let raw = opcode.rawValue
        if raw < 256 { return Int(raw) }
        return Int((raw & 0xFFFF) + (opcode.isVectorInstruction ? firstVector : 256))
    }

    @inline(__always)
    func entry(plain byte: UInt8) -> OpcodeEntry? {
        entries[Int(byte)]
    }

    func entry(miscellaneous code: UInt32) -> OpcodeEntry? {
        code < OpcodeTable.miscellaneousCount ? entries[256 + Int(code)] : nil
    }

    func entry(vector code: UInt32) -> OpcodeEntry? {
        code < OpcodeTable.vectorCount ? entries[Int(OpcodeTable.firstVector + code)] : nil
    }

    func description(of opcode: Opcode) -> Opcode.Description? {
        descriptions[OpcodeTable.index(of: opcode)]
    }
}

extension Opcode {
    /// The first byte of the opcodes that were added after the single-byte space. Spec: 5.4.
    public static let miscellaneousPrefix: UInt8 = 0xFC
    /// The first byte of the vector instructions' opcodes. Spec: 5.4.8.
    public static let vectorPrefix: UInt8 = 0xFD

    public var description: Description {
        OpcodeTable.shared.description(of: self) ?? Description(mnemonic: "\(rawValue)", form: .none)
    }

    public var mnemonic: String { description.mnemonic }
    public var form: Form { description.form }

    /// What must be switched on for this instruction to be known.
    public var requiredFeatures: Features { opcodeFeature.features }

    /// Whether this is one of the instructions on vectors. Spec: 2.4.3.
    public var isVectorInstruction: Bool { rawValue >> 16 == UInt32(Opcode.vectorPrefix) }

    /// Whether this is a store, of the instructions that access memory.
    public var isStore: Bool {
        switch self {
        case .i32Store, .i64Store, .f32Store, .f64Store, .i32Store8, .i32Store16, .i64Store8, .i64Store16, .i64Store32,
            .v128Store, .v128Store8Lane, .v128Store16Lane, .v128Store32Lane, .v128Store64Lane:
            true
        default: false
        }
    }

    fileprivate var opcodeFeature: OpcodeFeature {
        switch rawValue {
        case Opcode.i32Extend8S.rawValue...Opcode.i64Extend32S.rawValue: .signExtension
        case Opcode.i32TruncSatF32S.rawValue...Opcode.i64TruncSatF64U.rawValue: .saturatingTruncation
        case Opcode.memoryInit.rawValue...Opcode.tableCopy.rawValue: .bulkMemory
        case Opcode.tableGrow.rawValue...Opcode.tableFill.rawValue: .referenceTypes
        case Opcode.refNull.rawValue...Opcode.refFunc.rawValue: .referenceTypes
        case Opcode.tableGet.rawValue, Opcode.tableSet.rawValue, Opcode.selectTyped.rawValue: .referenceTypes
        case _ where isVectorInstruction: .simd
        default: .none
        }
    }
}

// MARK: - From descriptions to entries

extension OpcodeEntry {
    fileprivate init(_ opcode: Opcode, _ form: Opcode.Form) {
        self.opcode = opcode
        self.feature = opcode.opcodeFeature
        self.layout =
            switch form {
            case .none: .none
            case .numeric: .numeric
            case .memoryAccess: .memoryAccess
            case .laneAccess: .laneAccess
            case .lane: .lane
            case .shuffle: .shuffle
            case .constant(.i32): .i32
            case .constant(.i64): .i64
            case .constant(.f32): .f32
            case .constant(.v128): .v128
            case .constant: .f64
            case .block: .block
            case .label, .local, .global, .function, .table, .element, .data: .index
            case .memory: .memory
            case .typeThenTable, .elementThenTable, .tableThenTable: .indices
            case .dataThenMemory: .indexThenMemory
            case .memoryThenMemory: .memoryThenMemory
            case .branchTable: .branchTable
            case .types: .types
            case .referenceType: .referenceType
            }
        let (operands, result) = OpcodeEntry.rule(opcode, form)
        self.operandCount = UInt8(operands.count)
        let raw = operands.map(\.rawValue) + [0, 0, 0]
        self.operands = (raw[0], raw[1], raw[2])
        self.result = result?.rawValue ?? 0
        switch form {
        case .memoryAccess(_, let bytes): self.naturalAlignment = UInt8(bytes.trailingZeroBitCount)
        case .laneAccess(let bytes):
            self.naturalAlignment = UInt8(bytes.trailingZeroBitCount)
            self.laneCount = UInt8(16 / bytes)
        case .lane(_, _, let count): self.laneCount = count
        case .shuffle: self.laneCount = 32
        default: break
        }
    }

    /// The typing rule of the instructions whose rule is fixed. Spec: 3.3.1, 3.3.6, 3.3.7.
    private static func rule(_ opcode: Opcode, _ form: Opcode.Form) -> (operands: [ValueType], result: ValueType?) {
        switch form {
        case .numeric(let operands, let result): return (operands, result)
        case .constant(let type): return ([], type)
        case .memoryAccess(let type, _): return opcode.isStore ? ([.i32, type], nil) : ([.i32], type)
        case .laneAccess: return ([.i32, .v128], opcode.isStore ? nil : .v128)
        case .lane(let operands, let result, _): return (operands, result)
        case .shuffle: return ([.v128, .v128], .v128)
        default: break
        }
        switch opcode {
        case .memorySize, .tableSize: return ([], .i32)
        case .memoryGrow: return ([.i32], .i32)
        case .memoryFill, .memoryCopy, .memoryInit, .tableInit, .tableCopy: return ([.i32, .i32, .i32], nil)
        default: return ([], nil)
        }
    }
}
