// Parametric, variable, reference, table and memory instructions whose rule hangs on the module. Spec: 3.3.2–3.3.7.

extension FunctionValidator {
    /// An instruction without immediates.
    mutating func checkPlain() throws(ModuleError) {
        switch opcode {
        case .end: try checkEnd()
        case .drop: _ = try popAny()
        case .select: try select()
        case .else: try checkElse()
        case .return: try checkReturn()
        case .unreachable: operands.becomePolymorphic()
        case .refIsNull: try refIsNull()
        default: break
        }
    }

    /// An instruction with one index.
    @inline(__always)
    mutating func checkIndexed(_ index: UInt32) throws(ModuleError) {
        switch opcode {
        case .localGet: try push(try local(index))
        case .localSet: try pop(try local(index))
        case .localTee:
            let type = try local(index)
            if !operands.replaceOne(type, by: type) {
                try pop(type)
                try push(type)
            }
        case .globalGet: try push(try global(index).value.rawValue)
        case .globalSet:
            let type = try global(index)
            guard type.mutability == .variable else { throw invalid("global is immutable: global \(index)") }
            try pop(type.value.rawValue)
        case .call: try call(index)
        case .br: try branch(to: try label(index))
        case .brIf: try branchIf(to: try label(index))
        default: try checkTableOrSegment(index)
        }
    }

    private mutating func checkTableOrSegment(_ index: UInt32) throws(ModuleError) {
        switch opcode {
        case .refFunc: try refFunc(index)
        case .tableGet:
            let element = try elementType(ofTable: index)
            try pop(ValueType.i32.rawValue)
            try push(element.rawValue)
        case .tableSet:
            let element = try elementType(ofTable: index)
            try pop(element.rawValue)
            try pop(ValueType.i32.rawValue)
        case .tableSize:
            _ = try elementType(ofTable: index)
            try push(ValueType.i32.rawValue)
        case .tableGrow:
            let element = try elementType(ofTable: index)
            try pop(ValueType.i32.rawValue)
            try pop(element.rawValue)
            try push(ValueType.i32.rawValue)
        case .tableFill:
            let element = try elementType(ofTable: index)
            try pop(ValueType.i32.rawValue)
            try pop(element.rawValue)
            try pop(ValueType.i32.rawValue)
        case .elemDrop: _ = try elementType(ofSegment: index)
        case .dataDrop: try requireData(index)
        default: break
        }
    }

    /// An instruction with two indices.
    mutating func checkIndexed(_ first: UInt32, _ second: UInt32, _ entry: OpcodeEntry) throws(ModuleError) {
        switch opcode {
        case .callIndirect: try callIndirect(type: first, table: second)
        case .tableInit:
            let table = try elementType(ofTable: second)
            try requireSame(table, try elementType(ofSegment: first))
            try apply(entry)
        case .tableCopy:
            let destination = try elementType(ofTable: first)
            try requireSame(destination, try elementType(ofTable: second))
            try apply(entry)
        default: break
        }
    }

    mutating func checkMemoryInit(_ data: UInt32, _ entry: OpcodeEntry) throws(ModuleError) {
        _ = try reader.zeroByte()
        try requireDataCount()
        try requireMemory()
        try requireData(data)
        try apply(entry)
    }

    // MARK: Parametric. Spec: 3.3.4

    private mutating func popAny() throws(ModuleError) -> UInt8 {
        guard let type = operands.pop() else { throw mismatch(expected: "a value", found: nil) }
        return type
    }

    private mutating func select() throws(ModuleError) {
        try pop(ValueType.i32.rawValue)
        let second = try popAny()
        let first = try popAny()
        for type in [second, first] where ValueType(rawValue: type)?.reference != nil {
            throw mismatch(expected: "numbers or vectors (or the type to be named)", found: type)
        }
        guard first == second || first == unknownType || second == unknownType else {
            throw mismatch(expected: "two values of one type, \(describeType(first))", found: second)
        }
        try push(first == unknownType ? second : first)
    }

    mutating func selectTyped(_ types: [ValueType]) throws(ModuleError) {
        guard let type = types.first, types.count == 1 else {
            throw invalid("invalid result arity: select expected one type, found \(types.count)")
        }
        try pop(ValueType.i32.rawValue)
        try pop(type.rawValue)
        try pop(type.rawValue)
        try push(type.rawValue)
    }

    // MARK: Variables. Spec: 3.3.5

    @inline(__always)
    private mutating func local(_ index: UInt32) throws(ModuleError) -> UInt8 {
        guard let type = locals.type(of: index) else { throw unknownLocal(index) }
        return type
    }

    @inline(never)
    private func unknownLocal(_ index: UInt32) -> ModuleError {
        invalid("unknown local \(index): expected less than \(locals.count), parameters included")
    }

    @inline(__always)
    private mutating func global(_ index: UInt32) throws(ModuleError) -> GlobalType {
        guard Int(index) < context.globals.count else { throw unknown("global", index) }
        return context.globals[Int(index)]
    }

    // MARK: References. Spec: 3.3.3

    private mutating func refIsNull() throws(ModuleError) {
        let type = try popAny()
        guard type == unknownType || ReferenceType(rawValue: type) != nil else {
            throw mismatch(expected: "a reference", found: type)
        }
        try push(ValueType.i32.rawValue)
    }

    private mutating func refFunc(_ index: UInt32) throws(ModuleError) {
        guard Int(index) < context.functions.count else { throw unknown("function", index) }
        guard isDeclared[Int(index)] else {
            throw invalid(
                "undeclared function reference: expected function \(index) in an element segment, a global or an export"
            )
        }
        try push(ValueType.funcref.rawValue)
    }

    // MARK: Tables, segments. Spec: 3.3.6, 3.3.7

    func elementType(ofTable index: UInt32) throws(ModuleError) -> ReferenceType {
        guard Int(index) < context.tables.count else { throw unknown("table", index) }
        return context.tables[Int(index)].element
    }

    private func elementType(ofSegment index: UInt32) throws(ModuleError) -> ReferenceType {
        guard Int(index) < context.elements.count else { throw unknown("elem segment", index) }
        return context.elements[Int(index)]
    }

    private func requireSame(_ expected: ReferenceType, _ found: ReferenceType) throws(ModuleError) {
        guard expected == found else {
            throw mismatch(expected: expected.description, found: found.rawValue)
        }
    }

    private func requireDataCount() throws(ModuleError) {
        guard context.dataCount != nil else {
            throw ModuleError(
                .malformed, "data count section required: found \(opcode.mnemonic) without one", offset: reader.offset)
        }
    }

    private func requireData(_ index: UInt32) throws(ModuleError) {
        try requireDataCount()
        guard let count = context.dataCount, index < count else { throw unknown("data segment", index) }
    }
}
