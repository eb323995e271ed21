/// Reads the instructions of a function body or a constant expression, one after the other. It checks the grammar of
/// each instruction, and no more: neither types nor that blocks are closed. Spec: 5.4.
public struct InstructionReader: Sendable {
    var reader: BinaryReader
    /// In the module's bytes, of the instruction that was read last.
    public private(set) var offset: Int
    let features: Features
    private let table: OpcodeTable
    /// A bit for each `OpcodeFeature` that is switched on.
    private let available: UInt8

    /// A reader of the instructions in `range` of `bytes`, a range that ends where an instruction ends.
    public init(bytes: [UInt8], range: Range<Int>, features: Features) {
        self.init(BinaryReader(bytes: bytes, range: range), features: features)
    }

    init(_ reader: BinaryReader, features: Features) {
        self.reader = reader
        self.offset = reader.position
        self.features = features
        self.table = OpcodeTable.shared
        self.available = InstructionReader.available(features)
    }

    private static func available(_ features: Features) -> UInt8 {
        let all: [OpcodeFeature] = [
            .none, .signExtension, .saturatingTruncation, .bulkMemory, .referenceTypes, .simd,
        ]
        return all.reduce(0) { bits, feature in
            features.contains(feature.features) ? bits | 1 << feature.rawValue : bits
        }
    }

    /// In the module's bytes, of the next instruction.
    public var position: Int {
        get { reader.position }
        set { reader.position = max(0, newValue) }
    }

    /// The next instruction; `nil` at the end of the range.
    public mutating func next() throws(ModuleError) -> Instruction? {
        guard let entry = try nextEntry() else { return nil }
        return Instruction(opcode: entry.opcode, immediate: try immediate(entry))
    }

    // MARK: Opcodes

    /// The next opcode; `nil` at the end of the range.
    @inline(__always)
    mutating func nextEntry() throws(ModuleError) -> OpcodeEntry? {
        offset = reader.position
        guard offset < reader.end else { return nil }
        let byte = reader.bytes[offset]
        reader.position = offset &+ 1
        guard let entry = table.entry(plain: byte) else { return try prefixedEntry(byte) }
        guard available >> entry.feature.rawValue & 1 == 1 else { throw switchedOff(entry) }
        return entry
    }

    @inline(never)
    private mutating func prefixedEntry(_ byte: UInt8) throws(ModuleError) -> OpcodeEntry {
        guard byte == Opcode.miscellaneousPrefix || byte == Opcode.vectorPrefix else {
            if let proposal = UnsupportedProposal.opcode(byte) { throw .unsupported(proposal, at: offset) }
            throw reader.malformed("illegal opcode \(hex(byte))", at: offset)
        }
        let isVector = byte == Opcode.vectorPrefix
        let code = try reader.u32()
        guard let entry = isVector ? table.entry(vector: code) : table.entry(miscellaneous: code) else {
            let proposal =
                isVector
                ? UnsupportedProposal.vectorOpcode(code) : UnsupportedProposal.miscellaneousOpcode(code)
            if let proposal { throw .unsupported(proposal, at: offset) }
            throw reader.malformed("illegal opcode \(hex(byte)) \(code)", at: offset)
        }
        guard available >> entry.feature.rawValue & 1 == 1 else { throw switchedOff(entry) }
        return entry
    }

    private func switchedOff(_ entry: OpcodeEntry) -> ModuleError {
        .switchedOff(entry.feature.features, neededBy: entry.opcode.mnemonic, at: offset)
    }

    // MARK: Immediates

    /// What follows the opcode that was read last.
    @inline(__always)
    mutating func immediate(_ entry: OpcodeEntry) throws(ModuleError) -> Immediate {
        switch entry.layout {
        case .numeric, .none: return .none
        case .memoryAccess: return .memory(try memoryArgument())
        case .i32: return .i32(UInt32(bitPattern: try reader.s32()))
        case .i64: return .i64(UInt64(bitPattern: try reader.s64()))
        case .f32: return .f32(UInt32(truncatingIfNeeded: try reader.littleEndian(4)))
        case .f64: return .f64(try reader.littleEndian(8))
        case .v128: return .v128(at: try sixteenBytes())
        case .lane: return .lane(try reader.byte())
        case .laneAccess:
            let argument = try memoryArgument()
            return .laneAccess(argument, lane: try reader.byte())
        case .shuffle: return .lanes(at: try sixteenBytes())
        case .block: return .block(try reader.blockType(features))
        case .index: return .index(try reader.u32())
        case .memory: return .index(try zeroByte())
        case .indices:
            let first = try reader.u32()
            return .indices(first, try reader.u32())
        case .indexThenMemory:
            let first = try reader.u32()
            return .indices(first, try zeroByte())
        case .memoryThenMemory:
            let first = try zeroByte()
            return .indices(first, try zeroByte())
        case .branchTable: return try branchTable()
        case .types:
            let count = try types().count
            return .types(reader.position - count..<reader.position)
        case .referenceType: return .reference(try reader.referenceType(features))
        }
    }

    /// Spec: 5.4.6.
    @inline(__always)
    mutating func memoryArgument() throws(ModuleError) -> MemoryArgument {
        let start = reader.position
        let alignment = try reader.u32()
        guard alignment < 32 else { throw malformedAlignment(alignment, at: start) }
        return MemoryArgument(alignment: alignment, offset: UInt64(try reader.u32()))
    }

    @inline(never)
    private func malformedAlignment(_ alignment: UInt32, at offset: Int) -> ModuleError {
        let hint = alignment & 0x40 != 0 ? " (an index of one of several memories, which are not supported?)" : ""
        return reader.malformed("malformed memop flags: expected at most 31, found \(alignment)\(hint)", at: offset)
    }

    /// The index of the one memory.
    mutating func zeroByte() throws(ModuleError) -> UInt32 {
        let byte = try reader.byte()
        guard byte == 0 else {
            throw reader.malformed("zero byte expected: found \(hex(byte))", at: reader.position - 1)
        }
        return 0
    }

    /// Steps over them; where they begin.
    mutating func sixteenBytes() throws(ModuleError) -> Int {
        try reader.skip(16)
        return reader.position - 16
    }

    private mutating func branchTable() throws(ModuleError) -> Immediate {
        let count = try reader.length()
        let start = reader.position
        for _ in 0...count { _ = try reader.u32() }
        return .branchTable(BranchTable(range: start..<reader.position))
    }

    mutating func types() throws(ModuleError) -> [ValueType] {
        let count = try reader.length()
        var types: [ValueType] = []
        types.reserveCapacity(min(count, reader.remaining))
        for _ in 0..<count { types.append(try reader.valueType(features)) }
        return types
    }
}
