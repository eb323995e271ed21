// Element and data segments, and the constant expressions in them and in globals.

extension Decoder {
    /// Finds the end of an initializer by its grammar. Spec: 5.4.9.
    mutating func constantExpression() throws(ModuleError) -> Module.ConstantExpression {
        let start = reader.position
        var instructions = InstructionReader(reader, features: features)
        var depth = 0
        while let entry = try instructions.nextEntry() {
            _ = try instructions.immediate(entry)
            switch entry.opcode {
            case .block, .loop, .if: depth += 1
            case .else where depth == 0:
                throw reader.malformed("END opcode expected: found else", at: instructions.offset)
            case .end where depth == 0:
                reader.position = instructions.position
                return Module.ConstantExpression(range: start..<reader.position)
            case .end: depth -= 1
            default: break
            }
        }
        throw reader.unexpectedEnd()
    }

    // MARK: Elements. Spec: 5.5.12

    mutating func elementSection() throws(ModuleError) {
        let (count, capacity) = try count(
            of: "element segments", atLeast: 3, limit: ImplementationLimit.elementSegments)
        module.elements.reserveCapacity(capacity)
        for _ in 0..<count { module.elements.append(try elementSegment()) }
    }

    private mutating func elementSegment() throws(ModuleError) -> Module.ElementSegment {
        let offset = reader.position
        let flags = try reader.u32()
        guard flags <= 7 else {
            throw reader.malformed(
                "malformed elements segment kind: expected at most 7, found \(flags)", at: offset)
        }
        let isActive = flags & 1 == 0
        let hasExplicitIndex = flags & 2 != 0
        let hasExpressions = flags & 4 != 0
        if !isActive || hasExpressions, !features.contains(.bulkMemory) {
            throw .switchedOff(.bulkMemory, neededBy: "an element segment of kind \(flags)", at: offset)
        }

        let mode: Module.ElementSegment.Mode
        if isActive {
            let table = hasExplicitIndex ? try reader.u32() : 0
            mode = .active(table: table, offset: try constantExpression())
        } else {
            mode = hasExplicitIndex ? .declarative : .passive
        }
        var type = ReferenceType.funcref
        // The two oldest forms leave the type out.
        if !isActive || hasExplicitIndex {
            type = hasExpressions ? try reader.referenceType(features) : try elementKind()
        }
        return Module.ElementSegment(
            type: type, mode: mode,
            initializers: hasExpressions ? try elementExpressions() : try elementFunctions(), offset: offset)
    }

    private mutating func elementKind() throws(ModuleError) -> ReferenceType {
        let byte = try reader.byte()
        guard byte == 0 else {
            throw reader.malformed(
                "malformed element kind: expected 0x00, found \(hex(byte))", at: reader.position - 1)
        }
        return .funcref
    }

    private mutating func elementFunctions() throws(ModuleError) -> Module.ElementSegment.Initializers {
        let (count, capacity) = try count(of: "elements", atLeast: 1, limit: ImplementationLimit.elements)
        var indices: [UInt32] = []
        indices.reserveCapacity(capacity)
        for _ in 0..<count { indices.append(try reader.u32()) }
        return .functions(indices)
    }

    private mutating func elementExpressions() throws(ModuleError) -> Module.ElementSegment.Initializers {
        let (count, capacity) = try count(of: "elements", atLeast: 2, limit: ImplementationLimit.elements)
        var expressions: [Module.ConstantExpression] = []
        expressions.reserveCapacity(capacity)
        for _ in 0..<count { expressions.append(try constantExpression()) }
        return .expressions(expressions)
    }

    // MARK: Data. Spec: 5.5.14

    mutating func dataSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "data segments", atLeast: 2, limit: ImplementationLimit.dataSegments)
        module.data.reserveCapacity(capacity)
        for _ in 0..<count { module.data.append(try dataSegment()) }
    }

    private mutating func dataSegment() throws(ModuleError) -> Module.DataSegment {
        let offset = reader.position
        let flags = try reader.u32()
        if flags == 1, !features.contains(.bulkMemory) {
            throw .switchedOff(.bulkMemory, neededBy: "a data segment of kind \(flags)", at: offset)
        }
        let mode: Module.DataSegment.Mode
        switch flags {
        case 0: mode = .active(memory: 0, offset: try constantExpression())
        case 1: mode = .passive
        case 2:
            let memory = try reader.u32()
            mode = .active(memory: memory, offset: try constantExpression())
        default:
            throw reader.malformed("malformed data segment kind: expected at most 2, found \(flags)", at: offset)
        }
        return Module.DataSegment(mode: mode, content: try reader.byteVector(), offset: offset)
    }
}
