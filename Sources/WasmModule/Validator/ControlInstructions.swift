// Blocks, branches and calls. Spec: 3.3.8.

extension FunctionValidator {
    // MARK: Blocks

    mutating func openBlock(_ type: BlockType) throws(ModuleError) {
        let signature = try signatureIndex(of: type)
        let parameters = context.signatures[Int(signature)].parameters
        if opcode == .if { try pop(ValueType.i32.rawValue) }
        try pop(parameters)
        switch opcode {
        case .if: open(.if, signature)
        case .loop: open(.loop, signature)
        default: open(.block, signature)
        }
        try push(parameters)
    }

    private mutating func signatureIndex(of type: BlockType) throws(ModuleError) -> UInt32 {
        switch type {
        case .empty: return ModuleContext.emptyBlock
        case .value(let type): return ModuleContext.signatureIndex(of: type)
        case .type(let index):
            guard let signature = context.signatureIndex(ofType: index) else { throw unknown("type", index) }
            return signature
        }
    }

    mutating func open(_ kind: ControlFrame.Kind, _ signature: UInt32) {
        if !frames.isEmpty { frames[frames.count - 1].isPolymorphic = operands.isPolymorphic }
        frames.append(
            ControlFrame(
                kind: kind, isPolymorphic: false, signature: signature,
                height: UInt32(truncatingIfNeeded: operands.count),
                offset: UInt32(truncatingIfNeeded: reader.offset)))
        operands.enterBlock(height: operands.count, isPolymorphic: false)
    }

    mutating func checkElse() throws(ModuleError) {
        guard let frame = frames.last, frame.kind == .if else {
            throw ModuleError(
                .malformed, "END opcode expected: found else outside of an if", offset: reader.offset)
        }
        let signature = context.signatures[Int(frame.signature)]
        try checkResults(signature.results)
        frames[frames.count - 1].kind = .else
        operands.restart()
        try push(signature.parameters)
    }

    mutating func checkEnd() throws(ModuleError) {
        guard let frame = frames.popLast() else { return }
        let signature = context.signatures[Int(frame.signature)]
        try checkResults(signature.results)
        if frame.kind == .if {
            // The missing else passes its parameters on.
            let isSame = context.types[signature.parameters.indices] == context.types[signature.results.indices]
            guard isSame else {
                throw invalid(
                    "type mismatch: if without else expected \(context.description(signature.results)), "
                        + "found \(context.description(signature.parameters))")
            }
        }
        guard let outer = frames.last else { return }
        operands.restart()
        operands.enterBlock(height: Int(outer.height), isPolymorphic: outer.isPolymorphic)
        try push(signature.results)
    }

    /// At its end a block has its results on the stack and nothing else.
    private mutating func checkResults(_ results: ModuleContext.TypeRange) throws(ModuleError) {
        let isExact = operands.count - operands.base <= Int(results.count) && operands.matches(context.types, results)
        guard isExact else { throw mismatch(expected: results) }
    }

    // MARK: Branches

    /// The types a branch to the label takes along.
    mutating func label(_ index: UInt32) throws(ModuleError) -> ModuleContext.TypeRange {
        guard Int(index) < frames.count else { throw unknownLabel(index) }
        return labelTypes(frames[frames.count - 1 - Int(index)])
    }

    @inline(never)
    private func unknownLabel(_ index: UInt32) -> ModuleError {
        invalid("unknown label \(index): expected less than \(frames.count), the number of open blocks")
    }

    private func labelTypes(_ frame: ControlFrame) -> ModuleContext.TypeRange {
        let signature = context.signatures[Int(frame.signature)]
        return frame.kind == .loop ? signature.parameters : signature.results
    }

    mutating func branch(to types: ModuleContext.TypeRange) throws(ModuleError) {
        guard operands.matches(context.types, types) else { throw mismatch(expected: types) }
        operands.becomePolymorphic()
    }

    mutating func branchIf(to types: ModuleContext.TypeRange) throws(ModuleError) {
        try pop(ValueType.i32.rawValue)
        guard types.count > 0 else { return }
        try pop(types)
        try push(types)
    }

    /// The labels are looked at as they are read, and each type among them is compared once, however many labels
    /// have it.
    mutating func branchTable() throws(ModuleError) {
        try pop(ValueType.i32.rawValue)
        if checkedLabels.isEmpty {
            checkedLabels = [UInt32](repeating: 0, count: 2 * context.signatures.count)
        }
        branchTableNumber &+= 1
        let count = try reader.reader.length()
        var arity: UInt32?
        for _ in 0...count {
            let index = try reader.reader.u32()
            guard Int(index) < frames.count else { throw unknownLabel(index) }
            let frame = frames[frames.count - 1 - Int(index)]
            let key = 2 * Int(frame.signature) + (frame.kind == .loop ? 1 : 0)
            guard checkedLabels[key] != branchTableNumber else { continue }
            checkedLabels[key] = branchTableNumber
            let types = labelTypes(frame)
            guard types.count == arity ?? types.count else {
                throw invalid(
                    "type mismatch: br_table expected labels of \(arity ?? 0) values, found label \(index) "
                        + "of \(types.count)")
            }
            arity = types.count
            guard operands.matches(context.types, types) else { throw mismatch(expected: types) }
        }
        operands.becomePolymorphic()
    }

    mutating func checkReturn() throws(ModuleError) {
        guard let frame = frames.first else { return }
        try branch(to: context.signatures[Int(frame.signature)].results)
    }

    // MARK: Calls

    mutating func call(_ function: UInt32) throws(ModuleError) {
        guard Int(function) < context.functions.count else { throw unknown("function", function) }
        try call(type: context.functions[Int(function)])
    }

    mutating func callIndirect(type: UInt32, table: UInt32) throws(ModuleError) {
        let element = try elementType(ofTable: table)
        guard element == .funcref else {
            throw invalid("type mismatch: call_indirect expected table of funcref, found \(element)")
        }
        try pop(ValueType.i32.rawValue)
        try call(type: type)
    }

    private mutating func call(type index: UInt32) throws(ModuleError) {
        guard let signature = context.signatureIndex(ofType: index) else { throw unknown("type", index) }
        try pop(context.signatures[Int(signature)].parameters)
        try push(context.signatures[Int(signature)].results)
    }
}
