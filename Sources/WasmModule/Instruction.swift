/// One instruction as it stands in a function body or a constant expression; where it stands, its reader knows. No larger
/// than what a function returns in registers. Spec: 2.4.
public struct Instruction: Sendable {
    public let opcode: Opcode
    public let immediate: Immediate

    public init(opcode: Opcode, immediate: Immediate) {
        self.opcode = opcode
        self.immediate = immediate
    }
}

/// What follows an opcode; `Opcode.Form` says which case an instruction has. Without references, so that reading and copying
/// instructions is cheap: lists stay in the module's bytes.
public enum Immediate: Sendable {
    case none
    case block(BlockType)
    /// A label, local, global, function, table, memory, element or data index.
    case index(UInt32)
    /// Two indices in the order of the binary format.
    case indices(UInt32, UInt32)
    case branchTable(BranchTable)
    /// Value types, a byte each, as a range of the module's bytes.
    case types(Range<Int>)
    case reference(ReferenceType)
    case memory(MemoryArgument)
    case laneAccess(MemoryArgument, lane: UInt8)
    case lane(UInt8)
    /// Of sixteen numbers of lanes, one byte each: where they begin among the module's bytes.
    case lanes(at: Int)
    case i32(UInt32)
    case i64(UInt64)
    /// The bit pattern, so that no NaN payload is lost on the way.
    case f32(UInt32)
    /// The bit pattern.
    case f64(UInt64)
    /// Of sixteen bytes, little-endian: where they begin among the module's bytes.
    case v128(at: Int)
}

/// Spec: 5.4.1.
public enum BlockType: Sendable, Hashable {
    case empty
    case value(ValueType)
    case type(UInt32)
}

/// The immediates of a load or store. Spec: 2.4.7.
public struct MemoryArgument: Sendable, Hashable {
    /// Base-two logarithm of the promised alignment in bytes.
    public var alignment: UInt32
    public var memory: UInt32
    /// In bytes, added to the address without wrapping.
    public var offset: UInt64

    public init(alignment: UInt32, offset: UInt64, memory: UInt32 = 0) {
        self.alignment = alignment
        self.offset = offset
        self.memory = memory
    }
}

/// The labels of a `br_table`.
public struct BranchTable: Sendable, Hashable {
    /// In the module's bytes: the labels, the default one last.
    let range: Range<Int>

    /// The labels, of which the last is the default one.
    /// - Parameter bytes: the module's.
    public func labels(in bytes: [UInt8]) -> [UInt32] {
        var reader = BinaryReader(bytes: bytes, range: range)
        var labels: [UInt32] = []
        while let label = try? reader.u32() { labels.append(label) }
        return labels
    }
}
