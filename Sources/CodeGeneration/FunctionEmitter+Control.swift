import WasmModule

extension FunctionEmitter {
    /// Only the structure counts where control can't reach.
    mutating func emitDead(_ instruction: Instruction) {
        guard let depth = deadDepth else { return }
        switch instruction.opcode {
        case .block, .loop, .if: deadDepth = depth + 1
        case .end where depth > 0: deadDepth = depth - 1
        case .else where depth > 0: break
        case .else: beginElse(isReachable: false)
        case .end: endBlock(isReachable: false)
        default: break
        }
    }

    /// Drops everything above the block's height; control doesn't come here.
    mutating func becomeUnreachable() {
        guard let block = blocks.last else { return }
        pop(stack.count - block.height)
        deadDepth = 0
    }

    mutating func beginBlock(_ kind: Block.Kind, _ type: BlockType) {
        let signature = module.signature(of: type)
        let parameters = signature.parameters
        var block = Block(kind: kind, signature: signature, height: 0, label: newLabel())
        if kind == .ifThen {
            let condition = stack.count - 1
            for position in firstPending..<max(firstPending, condition) { settle(position) }
            materializeConstants(from: condition - parameters.count, to: condition)
            block.hasBraces = openBraces < Self.braceLimit
            beginLine()
            body.write(block.hasBraces ? "if (" : "if (!(")
            write(condition, to: .body)
            pop(1)
            if block.hasBraces {
                body.write(") {\n")
                openBraces += 1
            } else {
                body.write(")) goto ")
                body.write(UInt8(ascii: "E"), block.label)
                endLine()
            }
            firstPending = stack.count
        } else {
            settleAll()
            materializeConstants(from: stack.count - parameters.count, to: stack.count)
        }
        block.height = stack.count - parameters.count
        if kind != .block { isAtLoopHead = kind == .loop }
        if kind == .loop {
            block.loop = loopLabels.count
            loopLabels.append((position: body.count, label: block.label, isUsed: false))
        }
        blocks.append(block)
    }

    /// A block's parameters may change on the way round a loop, or be read again by `else`: constants go to variables too.
    private mutating func materializeConstants(from start: Int, to end: Int) {
        for position in start..<end {
            guard case .constant(let bits) = stack[position].source else { continue }
            let type = stack[position].type
            beginLine()
            writeVariable(position, type, to: .body)
            body.write(" = ")
            body.writeConstant(type, bits)
            endLine()
            stack[position] = Operand(source: .variable, type: type)
        }
    }

    mutating func beginElse(isReachable: Bool) {
        guard var block = blocks.popLast() else { return }
        if isReachable { moveToLabel(block) }
        pop(stack.count - block.height)
        if block.hasBraces {
            openBraces -= 1
            beginLine()
            body.write("} else {\n")
            openBraces += 1
        } else {
            if isReachable { jump(to: &block) }
            beginLine()
            body.write(UInt8(ascii: "E"), block.label)
            body.write(":;\n")
        }
        block.kind = .elsePart
        block.isThenReachable = isReachable
        deadDepth = nil
        pushVariables(block.signature.parameters)
        firstPending = stack.count
        blocks.append(block)
    }

    private mutating func jump(to block: inout Block) {
        block.isLabelUsed = true
        beginLine()
        body.write("goto ")
        writeLabel(block.label)
        endLine()
    }

    mutating func endBlock(isReachable: Bool) {
        guard let block = blocks.popLast() else { return }
        if block.kind == .function {
            if isReachable { emitReturn() }
            if !isReachable {
                // Never reached; the compiler need not take our word for it.
                body.write("    trap(BULKHEAD_TRAP_UNREACHABLE);\n")
            }
            return
        }
        var target = block
        // A loop's results stay where they are: nothing branches to its end.
        if block.kind == .loop { target.kind = .block }
        if isReachable {
            // The operands themselves may be pending expressions over what lies below.
            moveToLabel(target)
        }
        pop(stack.count - block.height)
        switch block.kind {
        case .ifThen, .elsePart:
            if block.hasBraces {
                openBraces -= 1
                beginLine()
                body.write("}\n")
            } else if block.kind == .ifThen {
                beginLine()
                body.write(UInt8(ascii: "E"), block.label)
                body.write(":;\n")
            }
        case .loop:
            loopLabels[block.loop].isUsed = block.isLabelUsed
            if block.hasBraces { endUnrolledLoop() }
        case .block, .function: break
        }
        if block.kind != .loop, block.isLabelUsed {
            beginLine()
            writeLabel(block.label)
            body.write(":;\n")
        }
        isAtLoopHead = false
        // An `if` without `else` goes on when its condition is false.
        let reachable =
            isReachable || block.isThenReachable || block.kind == .ifThen || (block.kind != .loop && block.isLabelUsed)
        pushVariables(block.signature.results)
        firstPending = stack.count
        deadDepth = reachable ? nil : 0
    }

    // MARK: - Branches

    /// Goes to the label `depth` blocks out with the top operands.
    private mutating func branch(_ depth: UInt32) {
        let position = blocks.count - 1 - Int(depth)
        if blocks[position].kind == .function {
            emitReturn()
            return
        }
        var target = blocks[position]
        moveToLabel(target)
        jump(to: &target)
        blocks[position] = target
    }

    mutating func emitBranch(_ depth: UInt32) {
        settle(having: .traps)
        branch(depth)
        becomeUnreachable()
    }

    /// Writes `keyword (top operand) {`. What a branch to the label takes along is used on more than one way: it is computed
    /// before.
    private mutating func beginChoice(_ keyword: StaticString, to label: UInt32) {
        let subject = stack.count - 1
        let arity = blocks[blocks.count - 1 - Int(label)].branchTypes.count
        settle(having: .traps, below: subject)
        for position in (subject - arity)..<subject { settle(position) }
        beginLine()
        body.write(keyword)
        body.write(" (")
        write(subject, to: .body)
        pop(1)
        body.write(") {\n")
    }

    mutating func emitBranchIf(_ depth: UInt32) {
        isAtLoopHead = false
        beginChoice("if", to: depth)
        openBraces += 1
        branch(depth)
        openBraces -= 1
        beginLine()
        body.write("}\n")
    }

    /// - Parameter labels: the default one last.
    mutating func emitBranchTable(_ labels: [UInt32]) {
        guard let last = labels.last else { return }
        if isDispatch(labels) {
            emitDispatch(labels)
            return
        }
        beginChoice("switch", to: last)
        for (value, label) in labels.dropLast().enumerated() where label != last {
            // `emit` refuses the function.
            if body.bytes.count > module.sizeLimit { break }
            beginLine()
            body.write("case ")
            body.write(value)
            body.write(":\n")
            // Neighbours with one target share its jump.
            if labels[value + 1] == label { continue }
            openBraces += 1
            branch(label)
            openBraces -= 1
        }
        beginLine()
        body.write("default:\n")
        openBraces += 1
        branch(last)
        openBraces -= 1
        beginLine()
        body.write("}\n")
        becomeUnreachable()
    }

    /// Whether a table is how an interpreter goes to its next instruction: a loop's body begins with it, and it has many
    /// targets. A branch that moves operands or returns needs statements on the way, which only `switch` has.
    private func isDispatch(_ labels: [UInt32]) -> Bool {
        guard isAtLoopHead, (Self.dispatchMinimum...Self.dispatchLimit).contains(labels.count) else { return false }
        let targets = Set(labels)
        return targets.count >= Self.dispatchMinimum
            && targets.allSatisfy { label in
                let target = blocks[blocks.count - 1 - Int(label)]
                return target.kind != .function && target.branchTypes.isEmpty
            }
    }

    /// Goes to a label by its address. Compilers copy such a jump to the end of whatever goes back to the loop's head, and
    /// each copy is predicted by itself. A `switch` stays one jump behind one comparison; how well that is predicted
    /// depends on where the code comes to lie.
    private mutating func emitDispatch(_ labels: [UInt32]) {
        settle(having: .traps, below: stack.count - 1)
        beginLine()
        body.write("{ static const void *const labels[] = {")
        for label in labels {
            let position = blocks.count - 1 - Int(label)
            blocks[position].isLabelUsed = true
            body.write("&&")
            writeLabel(blocks[position].label)
            body.write(", ")
        }
        body.write("}; goto *labels[label_index(")
        write(stack.count - 1, to: .body)
        body.write(", ")
        body.write(labels.count - 1)
        body.write("u)]; }\n")
        pop(1)
        becomeUnreachable()
    }

    mutating func emitReturn() {
        settle(having: .traps, below: stack.count - resultTypes.count)
        beginLine()
        switch resultTypes.count {
        case 0: body.write("return")
        case 1:
            body.write("return ")
            write(stack.count - 1, to: .body)
        default:
            body.write("return (")
            body.write(text: module.resultType(resultTypes))
            body.write("){")
            for position in (stack.count - resultTypes.count)..<stack.count {
                write(position, to: .body)
                body.write(", ")
            }
            body.write("}")
        }
        endLine()
    }
}
