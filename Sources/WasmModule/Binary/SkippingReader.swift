extension InstructionReader {
    /// The next instruction that is one of `wanted`; `nil` at the end of the range. What the others have for immediates is
    /// passed over without a look at its value.
    public mutating func next(among wanted: OpcodeSet) throws(ModuleError) -> Instruction? {
        while let entry = try nextEntry() {
            if wanted.contains(entry.opcode) {
                return Instruction(opcode: entry.opcode, immediate: try immediate(entry))
            }
            try reader.skipImmediate(entry.layout)
        }
        return nil
    }
}

extension BinaryReader {
    @inline(__always)
    fileprivate mutating func skipImmediate(_ layout: OpcodeEntry.Layout) throws(ModuleError) {
        switch layout {
        case .numeric, .none: break
        // A block type is a byte or an integer, which is one byte too if it is small.
        case .i32, .i64, .index, .memory, .block, .referenceType: try skipInteger()
        case .memoryAccess, .indices, .indexThenMemory, .memoryThenMemory:
            try skipInteger()
            try skipInteger()
        case .f32: try skip(4)
        case .f64: try skip(8)
        case .v128, .shuffle: try skip(16)
        case .lane: try skip(1)
        case .laneAccess:
            try skipInteger()
            try skipInteger()
            try skip(1)
        case .branchTable: for _ in 0...(try length()) { try skipInteger() }
        case .types: try skip(try length())
        }
    }

    /// Passes over an integer of any size.
    @inline(__always)
    private mutating func skipInteger() throws(ModuleError) {
        while try byte() >= 0x80 {}
    }
}
