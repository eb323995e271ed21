import WasmModule

extension FunctionEmitter {
    mutating func emit(_ instruction: Instruction) {
        switch (operators[instruction.opcode], instruction.immediate) {
        case (.numeric(let operation), .none): emitNumeric(operation)
        case (.load(let operation), .memory(let argument)): emitLoad(operation, argument)
        case (.store(let operation), .memory(let argument)): emitStore(operation, argument)
        case (.numeric(let operation), let lanes): emitNumeric(operation, lanes)
        case (.laneLoad(let operation), .laneAccess(let argument, let lane)): emitLoad(operation, argument, lane)
        case (.store(let operation), .laneAccess(let argument, let lane)): emitStore(operation, argument, lane)
        default: emitOther(instruction)
        }
    }

    // MARK: - Numbers

    private mutating func emitNumeric(_ operation: NumericOperator, _ lanes: Immediate = .none) {
        if operation.isFloatingPointArithmetic { floatingPointOperations += 1 }
        combine(operation.operandCount, operation.result, operation.traps ? .traps : []) { emitter, first in
            switch operation.spelling {
            case .infix(let symbol):
                emitter.scratch.write("(")
                emitter.writeOperand(first, hiding: operation.isFloatingPointArithmetic)
                emitter.scratch.write(symbol)
                emitter.writeOperand(first + 1, hiding: operation.isFloatingPointArithmetic)
                emitter.scratch.write(")")
            case .function(let beginning):
                emitter.scratch.write(beginning, of: emitter.operators.text)
                for offset in 0..<operation.operandCount {
                    if offset > 0 { emitter.scratch.write(", ") }
                    emitter.writeOperand(first + offset, hiding: operation.isFloatingPointArithmetic)
                }
                emitter.writeLanes(lanes)
                emitter.scratch.write(")")
            }
        }
    }

    /// The numbers of lanes, as an operator's last arguments.
    private mutating func writeLanes(_ immediate: Immediate) {
        switch immediate {
        case .lane(let lane):
            scratch.write(", ")
            scratch.write(Int(lane))
        case .lanes(let position):
            for lane in module.module.bytes[position..<position + 16] { writeLanes(.lane(lane)) }
        default: break
        }
    }

    /// An operand of an operation that must quiet NaNs: a constant that the compiler would fold away, or a promotion that
    /// it would cancel, is hidden from it.
    private mutating func writeOperand(_ position: Int, hiding: Bool) {
        guard hiding, isFolded(position) else { return write(position, to: .scratch) }
        scratch.write(stack[position].type.slotPrefix)
        scratch.write("_opaque(")
        write(position, to: .scratch)
        scratch.write(")")
    }

    private mutating func isFolded(_ position: Int) -> Bool {
        switch stack[position].source {
        case .constant(let bits): return isFolded(constant: bits, stack[position].type)
        case .expression(let range):
            return scratch.hasPrefix("f64_promote_f32(", at: range.lowerBound)
                || scratch.hasPrefix("f64x2_promote_low_f32x4(", at: range.lowerBound)
        case .local, .variable: return false
        }
    }

    /// Whether an operation on the constant may be folded away.
    func isFolded(constant bits: UInt64, _ type: ValueType) -> Bool {
        switch type {
        case .f32: return isZeroOrOne(f32: bits)
        case .v128:
            let (low, high) = module.vector(at: bits)
            let lanes = [low & 0xFFFF_FFFF, low >> 32, high & 0xFFFF_FFFF, high >> 32]
            return isZeroOrOne(f64: low) && isZeroOrOne(f64: high) || lanes.allSatisfy { isZeroOrOne(f32: $0) }
        default: return isZeroOrOne(f64: bits)
        }
    }

    private func isZeroOrOne(f32 bits: UInt64) -> Bool { [0, 0x3F80_0000].contains(bits & 0x7FFF_FFFF) }
    private func isZeroOrOne(f64 bits: UInt64) -> Bool { [0, 0x3FF0_0000_0000_0000].contains(bits & ~(1 << 63)) }

    // MARK: - Memory

    /// - Parameter lane: of the vector that is loaded into; for one that is loaded whole there is none, and no such operand.
    private mutating func emitLoad(_ operation: MemoryOperator, _ argument: MemoryArgument, _ lane: UInt8? = nil) {
        accesses += 1
        combine(lane == nil ? 1 : 2, operation.type, [.readsMemory, .traps]) { emitter, address in
            emitter.scratch.write(operation.beginning, of: emitter.operators.text)
            emitter.writeAddress(address, operation.size, argument, to: .scratch)
            emitter.scratch.write(", ")
            if lane != nil {
                emitter.write(address + 1, to: .scratch)
                emitter.scratch.write(", ")
            }
            emitter.scratch.write(argument.offset)
            if let lane { emitter.writeLanes(.lane(lane)) }
            emitter.scratch.write(")")
        }
    }

    private mutating func emitStore(_ operation: MemoryOperator, _ argument: MemoryArgument, _ lane: UInt8? = nil) {
        accesses += 1
        let address = stack.count - 2
        settle(having: [.readsMemory, .traps], below: address)
        beginLine()
        body.write(operation.beginning, of: operators.text)
        writeAddress(address, operation.size, argument, to: .body)
        body.write(", ")
        write(address + 1, to: .body)
        body.write(", ")
        body.write(argument.offset)
        if let lane {
            body.write(", ")
            body.write(Int(lane))
        }
        body.write(")")
        endLine()
        pop(2)
    }

    /// The address of an access to `size` bytes, with a check if the access can reach past the guard, which covers all others.
    private mutating func writeAddress(
        _ position: Int, _ size: UInt32, _ argument: MemoryArgument, to text: Destination
    ) {
        guard argument.offset + UInt64(size) > module.options.guardSize else { return write(position, to: text) }
        self[text].write("in_bounds(")
        writeMemorySize(to: text)
        self[text].write(", ")
        write(position, to: text)
        self[text].write(", ")
        self[text].write(argument.offset)
        self[text].write(", ")
        self[text].write(size)
        self[text].write(")")
    }

    private mutating func writeMemorySize(to text: Destination) {
        if let size = module.facts.fixedMemorySize {
            self[text].write(size)
            self[text].write("ull")
        } else {
            self[text].write(spelling.header)
            self[text].write("->size")
        }
    }

    /// `name(base, size, …` of a bulk operation; the operands follow.
    private mutating func beginBulk(_ name: StaticString) {
        settle(having: .all)
        beginLine()
        body.write(name)
        body.write("(")
        body.write(spelling.header)
        body.write("->base, ")
        writeMemorySize(to: .body)
    }

    private mutating func endStatement(operands count: Int) {
        for position in (stack.count - count)..<stack.count {
            body.write(", ")
            write(position, to: .body)
        }
        body.write(")")
        endLine()
        pop(count)
    }

    // MARK: - Tables

    /// `elements, size` of a table.
    private mutating func writeTable(_ index: UInt32, to text: Destination) {
        let field = module.tableField(index)
        self[text].write(text: "\(field)elements, \(field)size")
    }

    private mutating func writeSegment(_ index: UInt32) {
        body.write(text: "\(spelling.context)->e\(index).elements, \(spelling.context)->e\(index).size")
    }

    // MARK: - Calls

    private mutating func emitCall(_ type: FunctionType, operands count: Int, callee: (inout FunctionEmitter) -> Void) {
        let first = stack.count - count
        settle(having: .all, below: first)
        settleReaders(ofVariablesFrom: first)
        beginLine()
        switch type.results.count {
        case 0: break
        case 1:
            writeVariable(first, type.results[0], to: .body)
            body.write(" = ")
        default:
            body.write("{ ")
            body.write(text: module.resultType(type.results))
            body.write(" results = ")
        }
        callee(&self)
        if type.results.count > 1 {
            body.write(";")
            for (offset, result) in type.results.enumerated() {
                body.write(" ")
                writeVariable(first + offset, result, to: .body)
                body.write(" = results.r")
                body.write(offset)
                body.write(";")
            }
            body.write(" }\n")
        } else {
            endLine()
        }
        pop(count)
        for result in type.results { pushVariable(result) }
    }

    private mutating func writeArguments(_ count: Int, from first: Int) {
        for offset in 0..<count {
            body.write(", ")
            write(first + offset, to: .body)
        }
        body.write(")")
    }

    private mutating func emitCallDirect(_ index: UInt32) {
        let type = module.functionType(index)
        let count = type.parameters.count
        emitCall(type, operands: count) { emitter in
            emitter.module.writeFunctionName(index, to: &emitter.body)
            emitter.body.write("(")
            let first = emitter.stack.count - count
            emitter.body.write(count == 0 ? emitter.spelling.passOnly : emitter.spelling.passAnd)
            for offset in 0..<count {
                if offset > 0 { emitter.body.write(", ") }
                emitter.write(first + offset, to: .body)
            }
            emitter.body.write(")")
        }
    }

    private mutating func emitCallIndirect(_ typeIndex: UInt32, table: UInt32) {
        let type = module.module.types[Int(typeIndex)]
        let canonical = module.index.canonicalTypes[Int(typeIndex)]
        let count = type.parameters.count
        emitCall(type, operands: count + 1) { emitter in
            let first = emitter.stack.count - count - 1
            if let known = emitter.module.facts.constantTables[Int(table)] {
                emitter.body.write(text: "((\(emitter.module.pointerType(type)))constant_table_code(")
                emitter.body.write(text: "\(emitter.module.prefix)_t\(table), \(known.count)u, ")
                emitter.write(first + count, to: .body)
                emitter.body.write(text: ", \(canonical)))(")
                emitter.body.write(count == 0 ? emitter.spelling.passOnly : emitter.spelling.passAnd)
                for offset in 0..<count {
                    if offset > 0 { emitter.body.write(", ") }
                    emitter.write(first + offset, to: .body)
                }
                emitter.body.write(")")
            } else {
                emitter.body.write(text: "\(emitter.module.prefix)_call_\(canonical)(")
                emitter.body.write(emitter.spelling.passAnd)
                emitter.body.write("table_function(")
                emitter.writeTable(table, to: .body)
                emitter.body.write(", ")
                emitter.write(first + count, to: .body)
                emitter.body.write(text: ", \(emitter.spelling.context)->types[\(canonical)])")
                emitter.writeArguments(count, from: first)
            }
        }
    }

    // MARK: - Everything else

    private mutating func emitOther(_ instruction: Instruction) {
        switch (instruction.opcode, instruction.immediate) {
        case (.i32Const, .i32(let bits)), (.f32Const, .f32(let bits)):
            push(Operand(source: .constant(UInt64(bits)), type: instruction.opcode == .i32Const ? .i32 : .f32))
        case (.v128Const, .v128(let position)):
            push(Operand(source: .constant(UInt64(position)), type: .v128))
        case (.i64Const, .i64(let bits)), (.f64Const, .f64(let bits)):
            push(Operand(source: .constant(bits), type: instruction.opcode == .i64Const ? .i64 : .f64))
        case (.localGet, .index(let index)):
            push(Operand(source: .local(index), type: localTypes[Int(index)]))
        case (.localSet, .index(let index)): emitLocalSet(index)
        case (.localTee, .index(let index)):
            let effects = stack.last?.effects ?? []
            emitLocalSet(index)
            push(
                Operand(
                    source: .local(index), type: localTypes[Int(index)],
                    effects: effects.contains(.readsMemory) ? .loaded : []))
        case (.globalGet, .index(let index)): emitGlobalGet(index)
        case (.globalSet, .index(let index)): emitGlobalSet(index)
        case (.drop, _): emitDrop()
        case (.select, _), (.selectTyped, _): emitSelect()
        case (.call, .index(let index)): emitCallDirect(index)
        case (.callIndirect, .indices(let type, let table)): emitCallIndirect(type, table: table)
        case (.block, .block(let type)): beginBlock(.block, type)
        case (.loop, .block(let type)): beginBlock(.loop, type)
        case (.if, .block(let type)): beginBlock(.ifThen, type)
        case (.else, _): beginElse(isReachable: true)
        case (.end, _): endBlock(isReachable: true)
        case (.br, .index(let depth)): emitBranch(depth)
        case (.brIf, .index(let depth)): emitBranchIf(depth)
        case (.brTable, .branchTable(let table)): emitBranchTable(table.labels(in: module.module.bytes))
        case (.return, _):
            emitReturn()
            becomeUnreachable()
        case (.unreachable, _):
            settle(having: .traps)
            beginLine()
            body.write("trap(BULKHEAD_TRAP_UNREACHABLE)")
            endLine()
            becomeUnreachable()
        case (.refNull, .reference(let type)): push(Operand(source: .constant(0), type: type.valueType))
        case (.refFunc, .index(let index)):
            combine(0, .funcref) { emitter, _ in
                emitter.scratch.write(text: emitter.module.reference(to: index))
            }
        case (.refIsNull, _):
            combine(1, .i32) { emitter, first in
                emitter.scratch.write("ref_is_null(")
                emitter.write(first, to: .scratch)
                emitter.scratch.write(")")
            }
        default: emitTableOrBulk(instruction)
        }
    }

    private mutating func emitTableOrBulk(_ instruction: Instruction) {
        switch (instruction.opcode, instruction.immediate) {
        case (.memorySize, _):
            combine(0, .i32, .readsMemory) { emitter, _ in
                emitter.scratch.write("(u32)(")
                emitter.writeMemorySize(to: .scratch)
                emitter.scratch.write(" / BULKHEAD_PAGE_SIZE)")
            }
        case (.memoryGrow, _):
            settle(having: .all)
            let position = stack.count - 1
            settleReaders(ofVariablesFrom: position)
            beginLine()
            writeVariable(position, .i32, to: .body)
            body.write(text: " = (u32)\(spelling.context)->runtime->memory_grow(\(spelling.context)->memory, ")
            write(position, to: .body)
            body.write(")")
            endLine()
            pop(1)
            pushVariable(.i32)
        case (.memoryFill, _):
            beginBulk("memory_fill")
            endStatement(operands: 3)
        case (.memoryCopy, _):
            beginBulk("memory_copy")
            endStatement(operands: 3)
        case (.memoryInit, .indices(let segment, _)):
            beginBulk("memory_init")
            body.write(text: ", \(module.prefix)_d\(segment), \(spelling.context)->d\(segment)")
            endStatement(operands: 3)
        case (.dataDrop, .index(let segment)):
            settle(having: .all)
            beginLine()
            body.write(text: "\(spelling.context)->d\(segment) = 0")
            endLine()
        case (.elemDrop, .index(let segment)):
            settle(having: .all)
            beginLine()
            body.write(text: "\(spelling.context)->e\(segment).size = 0")
            endLine()
        case (.tableGet, .index(let table)):
            combine(1, module.index.tables[Int(table)].element.valueType, [.readsTables, .traps]) { emitter, first in
                emitter.scratch.write("table_get(")
                emitter.writeTable(table, to: .scratch)
                emitter.scratch.write(", ")
                emitter.write(first, to: .scratch)
                emitter.scratch.write(")")
            }
        case (.tableSize, .index(let table)):
            combine(0, .i32, .readsTables) { emitter, _ in
                emitter.scratch.write(text: "\(emitter.module.tableField(table))size")
            }
        case (.tableSet, .index(let table)): emitTableStatement("table_set(", table, operands: 2)
        case (.tableFill, .index(let table)): emitTableStatement("table_fill(", table, operands: 3)
        case (.tableGrow, .index(let table)):
            settle(having: .all)
            let first = stack.count - 2
            settleReaders(ofVariablesFrom: first)
            beginLine()
            writeVariable(first, .i32, to: .body)
            body.write(text: " = \(spelling.context)->runtime->table_grow(\(module.tablePointer(table)), ")
            write(first, to: .body)
            body.write(", ")
            write(first + 1, to: .body)
            body.write(")")
            endLine()
            pop(2)
            pushVariable(.i32)
        case (.tableCopy, .indices(let to, let from)):
            settle(having: .all)
            beginLine()
            body.write("table_copy(")
            writeTable(to, to: .body)
            body.write(", ")
            writeTable(from, to: .body)
            endStatement(operands: 3)
        case (.tableInit, .indices(let segment, let table)):
            settle(having: .all)
            beginLine()
            body.write("table_init(")
            writeTable(table, to: .body)
            body.write(", ")
            writeSegment(segment)
            endStatement(operands: 3)
        default: break  // nop
        }
    }

    private mutating func emitTableStatement(_ name: StaticString, _ table: UInt32, operands: Int) {
        settle(having: .all)
        beginLine()
        body.write(name)
        writeTable(table, to: .body)
        endStatement(operands: operands)
    }

    private mutating func emitLocalSet(_ index: UInt32) {
        let value = stack.count - 1
        settle(reading: index, below: value)
        if case .local(index) = stack[value].source {
            pop(1)
            return
        }
        beginLine()
        body.write(UInt8(ascii: "l"), Int(index))
        body.write(" = ")
        write(value, to: .body)
        endLine()
        pop(1)
    }

    private mutating func emitGlobalGet(_ index: UInt32) {
        let type = module.index.globals[Int(index)]
        if let bits = module.facts.constantGlobals[Int(index)] {
            push(Operand(source: .constant(bits), type: type.value))
            return
        }
        combine(0, type.value, type.mutability == .variable ? .readsGlobals : []) { emitter, _ in
            emitter.scratch.write(text: emitter.module.globalField(index))
        }
    }

    private mutating func emitGlobalSet(_ index: UInt32) {
        let value = stack.count - 1
        settle(having: [.readsGlobals, .traps], below: value)
        beginLine()
        body.write(text: module.globalField(index))
        body.write(" = ")
        write(value, to: .body)
        endLine()
        pop(1)
    }

    private mutating func emitDrop() {
        let position = stack.count - 1
        let operand = stack[position]
        if !operand.effects.isDisjoint(with: [.traps, .loaded]) {
            // An unused plain load would vanish, and its trap with it.
            beginLine()
            body.write(operand.type.slotPrefix)
            body.write("_drop(")
            write(position, to: .body)
            body.write(")")
            endLine()
        }
        pop(1)
    }

    private mutating func emitSelect() {
        let first = stack.count - 3
        // Both sides are evaluated whatever the condition.
        settle(having: .traps)
        combine(3, stack[first].type) { emitter, first in
            emitter.scratch.write("(")
            emitter.write(first + 2, to: .scratch)
            emitter.scratch.write(" ? ")
            emitter.write(first, to: .scratch)
            emitter.scratch.write(" : ")
            emitter.write(first + 1, to: .scratch)
            emitter.scratch.write(")")
        }
    }
}
