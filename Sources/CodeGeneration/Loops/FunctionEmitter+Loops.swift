import WasmModule

/// Rolled loops in C. Before the loop as it was:
///
///     {
///         const u32 distance = …;                               // to the end, after the first round of all copies
///         const u64 rounds = ((u64)(distance / 16u) + 1) * 2;   // of one copy
///         const u64 a0 = (l2 + l0), a1 = (l0 + 1024u);          // addresses as the first round begins
///         if (distance % 16u == 0 && … && a0 + (rounds - 1) * 8 <= 0xFFFFFFFFull && …) {
///             for (u64 k = 0; k != rounds; k++) {
///                 const f64 n3 = f64_load(MEMORY, 0u, a0 + k * 8ull);
///                 …
///             }
///         } else {
///
/// The conditions say that the loop ends after so many rounds and that no address wraps, so addresses are what they would be modulo 2^32
/// and the sandbox ends where it did. Beyond them the C compiler sees what it would see of a loop over arrays: sums of 64 bits that don't wrap,
/// a constant apart where they are.
extension FunctionEmitter {
    /// How a loop can be rolled, if it can.
    /// - Parameter reader: stands behind the instruction that begins it.
    func rolling(of loop: Instruction, _ reader: InstructionReader) -> LoopRolling? {
        guard case .block(.empty) = loop.immediate, openBraces + 2 < Self.braceLimit,
            let body = LoopBody(
                reader, localTypes: localTypes, operators: operators, guardSize: module.options.guardSize)
        else { return nil }
        return LoopRolling.find(in: body)
    }

    /// Emits the rolled loop and begins the other.
    mutating func emit(_ rolling: LoopRolling, before loop: Instruction) {
        settleAll()
        let addresses = AddressRanges(rolling)
        writeLine("{")
        openBraces += 1
        beginRolledLoop(rolling, addresses)
        emitRound(rolling, addresses)
        openBraces -= 1
        writeLine("}")
        // These the body sets in every round of all copies, from counters that have gone on since.
        for (local, sum) in rolling.sums.sorted(by: { $0.key < $1.key }) {
            let gone = rolling.step(of: sum) ?? 0
            let before = LoopBody.Sum(constant: UInt32(bitPattern: 0 &- gone &* Int32(rolling.copies)))
            writeLine("l\(local) = \(rolling.text(sum + before));")
        }
        openBraces -= 1
        writeLine("} else {")
        openBraces += 1
        emit(loop)
        blocks[blocks.count - 1].hasBraces = true
    }

    /// Behind the loop as it was.
    mutating func endUnrolledLoop() {
        openBraces -= 1
        writeLine("}")
        openBraces -= 1
        writeLine("}")
    }

    private mutating func writeLine(_ text: String) {
        beginLine()
        body.write(text: text)
        body.write("\n")
    }

    private mutating func beginRolledLoop(_ rolling: LoopRolling, _ addresses: AddressRanges) {
        let step = rolling.end.step
        let distance = step < 0 ? rolling.end.difference : rolling.end.difference * .max
        writeLine("const u32 distance = \(rolling.text(distance));")
        // Up to 2^32 rounds of all copies, a few times as many of one.
        writeLine("const u64 rounds = ((u64)(distance / \(step.magnitude)u) + 1) * \(rolling.copies);")
        for (place, range) in addresses.ranges.enumerated() {
            writeLine("const u64 a\(place) = \(rolling.text(range.first));")
        }
        // Nothing below overflows: 2^32 rounds with steps of at most 2^31 bytes.
        var conditions = ["distance % \(step.magnitude)u == 0", "rounds <= 0xFFFFFFFFull"]
        for (place, range) in addresses.ranges.enumerated() {
            let reach = "(rounds - 1) * \(range.step.magnitude)ull"
            let highest = "0x\(String(UInt32.max - range.span, radix: 16, uppercase: true))ull"
            if range.step < 0 { conditions.append("a\(place) >= \(reach)") }
            conditions.append("a\(place)\(range.step > 0 ? " + \(reach)" : "") <= \(highest)")
        }
        writeLine("if (\(conditions.joined(separator: " && "))) {")
        openBraces += 1
        writeLine("for (u64 k = 0; k != rounds; k++) {")
        openBraces += 1
    }

    /// One copy: its values in the order of its accesses, then what it leaves in locals.
    private mutating func emitRound(_ rolling: LoopRolling, _ addresses: AddressRanges) {
        var stores = rolling.stores[...]
        for value in addresses.values {
            if case .load(_, let count) = rolling.body.operations[value] {
                while stores.startIndex < count, let store = stores.popFirst() { emit(store, rolling, addresses) }
            }
            emit(value, rolling, addresses)
        }
        for store in stores { emit(store, rolling, addresses) }
        let next = rolling.next.sorted { $0.key < $1.key }
        for (local, value) in next {
            writeLine("const \(rolling.body.types[value].cType) m\(local) = \(rolling.text(value));")
        }
        for (local, _) in next { writeLine("l\(local) = m\(local);") }
        for (local, step) in rolling.counters.sorted(by: { $0.key < $1.key }) {
            writeLine("l\(local) += \(UInt32(bitPattern: step))u;")
        }
    }

    private mutating func emit(_ value: LoopBody.Value, _ rolling: LoopRolling, _ addresses: AddressRanges) {
        guard rolling.isComputed(value) else { return }
        beginLine()
        body.write(text: "const \(rolling.body.types[value].cType) n\(value) = ")
        switch rolling.body.operations[value] {
        case .local: break
        case .constant(let bits): body.writeConstant(rolling.body.types[value], bits)
        case .sum(let sum): body.write(text: rolling.text(sum))
        case .load(let access, _):
            guard case .load(let operation) = operators[access.opcode] else { return }
            body.write(operation.beginning, of: operators.text)
            body.write(text: addresses.text(access, rolling))
            body.write(")")
        case .numeric(let opcode, let operands): writeOperation(opcode, operands, rolling)
        case .select(let first, let other, let condition):
            body.write(text: "\(rolling.text(condition)) ? \(rolling.text(first)) : \(rolling.text(other))")
        }
        endLine()
    }

    private mutating func emit(_ store: LoopBody.Store, _ rolling: LoopRolling, _ addresses: AddressRanges) {
        guard case .store(let operation) = operators[store.access.opcode] else { return }
        beginLine()
        body.write(operation.beginning, of: operators.text)
        body.write(text: addresses.text(store.access, rolling, storing: store.value))
        body.write(")")
        endLine()
    }

    private mutating func writeOperation(_ opcode: Opcode, _ operands: [LoopBody.Value], _ rolling: LoopRolling) {
        guard case .numeric(let operation) = operators[opcode] else { return }
        let texts = operands.map { value in
            let hides = operation.isFloatingPointArithmetic && isFolded(value, rolling.body)
            return hides
                ? "\(rolling.body.types[value].slotPrefix)_opaque(\(rolling.text(value)))" : rolling.text(value)
        }
        switch operation.spelling {
        case .infix(let symbol): body.write(text: texts.joined(separator: "\(symbol)"))
        case .function(let beginning):
            body.write(beginning, of: operators.text)
            body.write(text: texts.joined(separator: ", "))
            body.write(")")
        }
    }

    private func isFolded(_ value: LoopBody.Value, _ body: LoopBody) -> Bool {
        switch body.operations[value] {
        case .constant(let bits): isFolded(constant: bits, body.types[value])
        case .numeric(let opcode, _): opcode == .f64PromoteF32
        default: false
        }
    }
}

extension LoopRolling {
    /// Whether a round has a variable for a value: locals are variables already.
    fileprivate func isComputed(_ value: Value) -> Bool {
        if case .local = body.operations[value] { return false }
        return true
    }

    func text(_ value: Value) -> String {
        if case .local(let local) = body.operations[value] { return "l\(local)" }
        return "n\(value)"
    }

    func text(_ sum: Sum) -> String {
        let terms = sum.terms.map { $0.factor == 1 ? text($0.value) : "\(text($0.value)) * \($0.factor)u" }
        let constant = sum.constant == 0 && !terms.isEmpty ? [] : ["\(sum.constant)u"]
        return "(\((terms + constant).joined(separator: " + ")))"
    }
}
