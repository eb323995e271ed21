/// Lets memory accesses in the GS segment compute their own addresses.
///
/// A WebAssembly address is a sum modulo 2^32. An access with the address-size prefix (0x67) computes just that, in the instruction,
/// for nothing; but C has no pointers that do, so the compiler computes the sum before it, in one instruction or two:
///
///     leal    (%r11,%rdx,4), %r8d
///     movl    %gs:(%r8), %r8d
///
/// This takes a compiler's assembly text and makes one of them:
///
///     movl    %gs:(%r11d,%edx,4), %r8d
///
/// An address that is a sum and a displacement outside it stays: WebAssembly adds a constant offset without wrapping. Only what is
/// understood is changed: where a register may still be needed, or a line isn't known, everything stays as it is.
///
/// On the way, short loops are aligned.
///
/// - Parameter assembly: for x86-64, AT&T's syntax, as clang writes it. Functions stand between `.cfi_startproc` and `.cfi_endproc`.
/// - Returns: The same text with fewer instructions.
public func foldAddresses(in assembly: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(assembly.count)
    var mnemonics = MnemonicTable()
    var copied = 0
    var functionStart: Int?
    var position = 0
    while position < assembly.count {
        let end = assembly[position...].firstIndex(of: UInt8(ascii: "\n")) ?? assembly.count
        let line = assembly[position..<end].trimmed
        let next = min(end + 1, assembly.count)
        if line.elementsEqual(".cfi_startproc".utf8) {
            functionStart = next
        } else if let start = functionStart, line.elementsEqual(".cfi_endproc".utf8) {
            result += assembly[copied..<start]
            var body = FunctionBody(assembly, start..<position, &mnemonics)
            body.fold(&mnemonics)
            body.write(assembly, to: &result)
            copied = position
            functionStart = nil
        }
        position = next
    }
    result += assembly[copied...]
    return result
}

extension FunctionBody {
    fileprivate func write(_ text: [UInt8], to result: inout [UInt8]) {
        let alignments = alignmentsOfShortLoops(in: text)
        for (number, line) in lines.enumerated() {
            switch line {
            case .other where alignments.contains(number): result += "\t.p2align\t\(Self.lineAlignment)\n".utf8
            case .other(let range): result += text[range]
            case .instruction(let place):
                if isDeleted[place] { continue }
                result.append(UInt8(ascii: "\t"))
                result += instructions[place].text
                result.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// How far from a computation its uses are looked for.
    private static let reach = 48

    /// Folds the computations of addresses into the accesses that use them, the last ones first: what an address is made of is often
    /// computed just before.
    fileprivate mutating func fold(_ mnemonics: inout MnemonicTable) {
        for (block, range) in blocks.enumerated() {
            for place in range.reversed() {
                guard let (register, value) = computation(at: place, in: range) else { continue }
                fold(register, value, at: place, in: range, liveOut: liveOut[block], &mnemonics)
            }
        }
    }

    /// What an instruction computes, if it does nothing but to put a sum into the lower half of a register.
    private func computation(at place: Int, in block: Range<Int>) -> (Register, Address)? {
        let instruction = instructions[place]
        guard let computation = instruction.mnemonic.computation,
            case .register(let target) = instruction.operands.last, target.bits == 32,
            let value = value(of: computation, instruction.operands.dropLast().first, target.register),
            // The stack isn't the sandbox's memory.
            !value.registers.union(RegisterSet(target.register)).contains(.rsp),
            !instruction.mnemonic.setsAnyFlag || areFlagsDead(after: place, in: block)
        else { return nil }
        return (target.register, value)
    }

    private func value(of computation: Mnemonic.Computation, _ operand: Operand?, _ target: Register) -> Address? {
        switch (computation, operand) {
        case (.copy, .register(let source)): Address(base: source.register)
        case (.address, .plain(let address)): address
        case (.sum, .register(let source)): Address(base: target, index: source.register)
        case (.sum, .immediate(let number)): Address(displacement: UInt32(truncatingIfNeeded: number), base: target)
        case (.difference, .immediate(let number)):
            Address(displacement: UInt32(truncatingIfNeeded: 0 &- number), base: target)
        case (.increment, nil): Address(displacement: 1, base: target)
        case (.decrement, nil): Address(displacement: .max, base: target)
        case (.shift, .immediate(let count)) where (1...3).contains(count):
            Address(index: target, scale: 1 << UInt32(count))
        default: nil
        }
    }

    private func areFlagsDead(after place: Int, in block: Range<Int>) -> Bool {
        for later in (place + 1)..<max(place + 1, block.upperBound) where !isDeleted[later] {
            let instruction = instructions[later]
            if instruction.mnemonic.readsFlags { return false }
            if instruction.mnemonic.setsFlags { return true }
            if case .ends = instruction.flow { return true }
        }
        return false
    }

    /// Puts `value` in the place of `register` in every access up to where the register gets another value, and deletes the
    /// computation; or does nothing.
    private mutating func fold(
        _ register: Register, _ value: Address, at place: Int, in block: Range<Int>, liveOut: RegisterSet,
        _ mnemonics: inout MnemonicTable
    ) {
        let sources = value.registers
        var uses: [(place: Int, operand: Int, address: Address)] = []
        var isDead = false
        for later in (place + 1)..<max(place + 1, min(block.upperBound, place + Self.reach)) where !isDeleted[later] {
            let instruction = instructions[later]
            if instruction.reads.contains(register) {
                guard let use = use(of: register, in: instruction, value) else { return }
                uses.append((later, use.operand, use.address))
            }
            if instruction.writes.contains(register) {
                isDead = true
                break
            }
            if instruction.changes.contains(register) { return }
            // From here on the sum can't be had any more. (For a register that is part of its own sum, see above.)
            if !instruction.changes.isDisjoint(with: sources) {
                guard !isNeeded(register, after: later, in: block, liveOut) else { return }
                isDead = true
                break
            }
        }
        if !isDead {
            let last = min(block.upperBound, place + Self.reach) - 1
            guard !isNeeded(register, after: last, in: block, liveOut) else { return }
        }
        guard !uses.isEmpty else { return }
        for use in uses {
            instructions[use.place] = instructions[use.place].replacing(use.operand, by: use.address, &mnemonics)
        }
        isDeleted[place] = true
    }

    /// The operand of an instruction that uses a register for an address and for nothing else, with the address it becomes.
    private func use(
        of register: Register, in instruction: Instruction, _ value: Address
    ) -> (operand: Int, address: Address)? {
        guard !instruction.implicitReads.contains(register),
            !instruction.namesHighPart || value.registers.isDisjoint(with: .extended)
        else { return nil }
        var found: (operand: Int, address: Address)?
        for (position, operand) in instruction.operands.enumerated() where operand.registers.contains(register) {
            switch operand {
            case .segment(let address, let is32Bit):
                // A sum of 64 bits is one of 32 only where there is nothing to add.
                let isPlain = address.base == register && address.index == nil && address.displacement == 0
                guard found == nil, is32Bit || isPlain, let folded = address.substituting(register, by: value) else {
                    return nil
                }
                found = (position, folded)
            case .register:
                // Written only, and so none of the registers that are read.
                let isTarget = position == instruction.operands.count - 1 && instruction.writes.contains(register)
                guard isTarget, case .moves = instruction.mnemonic.kind else { return nil }
            case .immediate, .plain, .other: return nil
            }
        }
        return found
    }

    /// Whether a register's value can still be asked for.
    private func isNeeded(_ register: Register, after place: Int, in block: Range<Int>, _ liveOut: RegisterSet) -> Bool
    {
        for later in (place + 1)..<max(place + 1, block.upperBound) where !isDeleted[later] {
            if instructions[later].reads.contains(register) { return true }
            if instructions[later].writes.contains(register) { return false }
        }
        return liveOut.contains(register)
    }
}
