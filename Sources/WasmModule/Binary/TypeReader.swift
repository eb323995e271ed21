// Types in the binary format. Spec: 5.3.

extension BinaryReader {
    /// Spec: 5.3.4.
    mutating func valueType(_ features: Features) throws(ModuleError) -> ValueType {
        let start = position
        let byte = try typeByte()
        guard let type = ValueType(rawValue: byte) else {
            throw unknownType("malformed value type", byte, at: start)
        }
        guard features.contains(type.requiredFeatures) else {
            throw ModuleError.switchedOff(type.requiredFeatures, neededBy: "value type \(type)", at: start)
        }
        return type
    }

    /// Spec: 5.3.3.
    mutating func referenceType(_ features: Features) throws(ModuleError) -> ReferenceType {
        let start = position
        let byte = try typeByte()
        guard let type = ReferenceType(rawValue: byte) else {
            let isNumber = ValueType(rawValue: byte) != nil
            throw isNumber
                ? malformed("malformed reference type: expected funcref or externref, found \(hex(byte))", at: start)
                : unknownType("malformed reference type", byte, at: start)
        }
        if type == .externref, !features.contains(.referenceTypes) {
            throw ModuleError.switchedOff(.referenceTypes, neededBy: "type externref", at: start)
        }
        return type
    }

    /// Types are negative numbers of seven bits.
    private mutating func typeByte() throws(ModuleError) -> UInt8 {
        UInt8(truncatingIfNeeded: try signed(bits: 7)) & 0x7F
    }

    private func unknownType(_ message: String, _ byte: UInt8, at offset: Int) -> ModuleError {
        if let proposal = UnsupportedProposal.type(byte) { return .unsupported(proposal, at: offset) }
        return malformed("\(message): found \(hex(byte))", at: offset)
    }

    /// Spec: 5.3.6.
    mutating func functionType(_ features: Features) throws(ModuleError) -> FunctionType {
        let start = position
        let form = try typeByte()
        guard form == 0x60 else {
            if let proposal = UnsupportedProposal.typeDefinition(form) { throw .unsupported(proposal, at: start) }
            throw malformed("malformed function type: expected 0x60, found \(hex(form))", at: start)
        }
        let parameters = try resultType(features, "parameters", limit: ImplementationLimit.parameters)
        let results = try resultType(features, "results", limit: ImplementationLimit.results)
        return FunctionType(parameters: parameters, results: results)
    }

    /// Spec: 5.3.5.
    private mutating func resultType(
        _ features: Features, _ what: String, limit: Int
    ) throws(ModuleError) -> [ValueType] {
        let start = position
        let count = try length()
        try ImplementationLimit.check(count, limit, "\(what) of a function type", at: start)
        var types: [ValueType] = []
        types.reserveCapacity(min(count, remaining))
        for _ in 0..<count { types.append(try valueType(features)) }
        return types
    }

    /// Spec: 5.3.7.
    mutating func limits() throws(ModuleError) -> Limits {
        let start = position
        if let flags = peek, let proposal = UnsupportedProposal.limits(flags) {
            throw .unsupported(proposal, at: start)
        }
        // One bit, not the byte of the grammar: so the specification's interpreter, whose messages these are.
        let hasMaximum = try unsigned(bits: 1) == 1
        let minimum = UInt64(try u32())
        return Limits(minimum: minimum, maximum: hasMaximum ? UInt64(try u32()) : nil)
    }

    /// Spec: 5.3.8.
    mutating func memoryType() throws(ModuleError) -> MemoryType {
        MemoryType(limits: try limits())
    }

    /// Spec: 5.3.9.
    mutating func tableType(_ features: Features) throws(ModuleError) -> TableType {
        let element = try referenceType(features)
        return TableType(element: element, limits: try limits())
    }

    /// Spec: 5.3.10.
    mutating func globalType(_ features: Features) throws(ModuleError) -> GlobalType {
        let value = try valueType(features)
        let byte = try byte()
        guard let mutability = GlobalType.Mutability(rawValue: byte) else {
            throw malformed("malformed mutability: expected 0x00 or 0x01, found \(hex(byte))", at: position - 1)
        }
        return GlobalType(value: value, mutability: mutability)
    }

    /// Spec: 5.4.1.
    mutating func blockType(_ features: Features) throws(ModuleError) -> BlockType {
        guard let byte = peek else { throw unexpectedEnd() }
        if byte == 0x40 {
            position &+= 1
            return .empty
        }
        // One byte with its sign bit set is a type; anything else is an index.
        if byte & 0xC0 == 0x40 { return .value(try valueType(features)) }
        let start = position
        let index = try signed(bits: 33)
        guard index >= 0 else { throw malformed("malformed block type: found \(index)", at: start) }
        guard features.contains(.multiValue) else {
            throw ModuleError.switchedOff(.multiValue, neededBy: "a block with a type index", at: start)
        }
        return .type(UInt32(truncatingIfNeeded: index))
    }
}

/// As in `0x7F`.
func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count < 2 ? "0x0\(digits)" : "0x\(digits)"
}
