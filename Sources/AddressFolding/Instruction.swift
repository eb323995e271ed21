/// One line of assembly that is an instruction, as far as registers, flags and control go.
struct Instruction {
    /// Where control goes.
    enum Flow {
        case next
        case jump(Label)
        /// There or on.
        case branch(Label)
        case anywhere
        /// Nowhere.
        case ends
    }

    /// Without blanks and comments.
    private(set) var text: ArraySlice<UInt8>
    let mnemonic: Mnemonic
    let operands: [Operand]
    /// Registers that are read, some bits of them at least.
    private(set) var reads: RegisterSet = []
    /// Of those, the ones that are read without being an operand, or no matter whether they are.
    private(set) var implicitReads: RegisterSet = []
    /// Registers whose old value is gone afterwards, all of it.
    private(set) var writes: RegisterSet = []
    /// Registers of which anything may be changed.
    private(set) var changes: RegisterSet = []
    private(set) var flow = Flow.next

    /// - Parameter mnemonics: those that were met before.
    init(_ text: ArraySlice<UInt8>, _ mnemonics: inout MnemonicTable) {
        self.text = text
        let name = text.prefix { !$0.isBlank }
        // Two instructions in a line are none that is known.
        mnemonic = text.contains(UInt8(ascii: ";")) ? Mnemonic(";") : mnemonics[name]
        let rest = text[name.endIndex...]
        let places = Instruction.operandRanges(rest)
        operands = places.map { Operand(text[$0]) }
        analyze(rest)
    }

    private mutating func analyze(_ rest: ArraySlice<UInt8>) {
        let sources = operands.dropLast().reduce(into: RegisterSet()) { $0.formUnion($1.registers) }
        let target: Register.Part? = if case .register(let part) = operands.last { part } else { nil }
        let targets = RegisterSet(target?.register)
        let all = sources.union(operands.last?.registers ?? [])
        reads = all
        switch mnemonic.kind {
        case .moves:
            changes = targets
            // A part of 32 bits zeroes the others; a smaller one leaves them.
            if let target, target.bits >= 32 { (reads, writes) = (sources, targets) }
        case .modifies:
            changes = targets
            if isZeroing { (reads, writes) = ([], targets) }
        case .reads:
            // Some vector instructions have their result in a register of the general kind.
            changes = targets
        case .multiplies where operands.count == 3: (reads, changes, writes) = (sources, targets, targets)
        case .multiplies where operands.count == 2: changes = targets
        case .multiplies, .divides:
            implicitReads = RegisterSet(.rax, .rdx)
            changes = implicitReads
        case .extendsAccumulator(let intoData):
            implicitReads = RegisterSet(.rax)
            changes = RegisterSet(intoData ? .rdx : .rax)
            if intoData { writes = changes }
        case .pushes:
            implicitReads = RegisterSet(.rsp)
            changes = implicitReads
        case .pops:
            implicitReads = RegisterSet(.rsp)
            if target != nil { reads = [] }
            changes = targets.union(implicitReads)
            writes = targets
        case .calls:
            implicitReads = .arguments
            changes = .callerSaved
            writes = .callerSaved
        case .jumps, .branches:
            let isDirect = operands.count == 1 && rest.trimmed.first != UInt8(ascii: "*")
            if !isDirect {
                flow = .anywhere
            } else if case .jumps = mnemonic.kind {
                flow = .jump(Label(rest.trimmed))
            } else {
                flow = .branch(Label(rest.trimmed))
            }
        case .ends:
            implicitReads = .liveAtReturn
            flow = .ends
        case .nothing: break
        case .unknown:
            implicitReads = .all
            changes = .all
            flow = .anywhere
        }
        reads.formUnion(implicitReads)
    }

    var namesHighPart: Bool {
        operands.contains { if case .register(let part) = $0 { part.isHigh } else { false } }
    }

    /// A register minus itself depends on nothing.
    private var isZeroing: Bool {
        guard operands.count == 2, text.starts(with: "xor".utf8) || text.starts(with: "sub".utf8),
            case .register(let first) = operands[0], case .register(let second) = operands[1]
        else { return false }
        return first.register == second.register && first.bits == second.bits && first.bits >= 32
    }

    /// The same instruction with another address at the operand's place.
    func replacing(_ place: Int, by address: Address, _ mnemonics: inout MnemonicTable) -> Instruction {
        let name = text.prefix { !$0.isBlank }
        let ranges = Self.operandRanges(text[name.endIndex...])
        var line = Array(name) + [UInt8(ascii: "\t")]
        for (position, range) in ranges.enumerated() {
            if position > 0 { line += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            line += position == place ? Array(address.segmentOperand.utf8) : Array(text[range].trimmed)
        }
        return Instruction(line[...], &mnemonics)
    }

    /// Between the commas that stand in no parentheses.
    private static func operandRanges(_ text: ArraySlice<UInt8>) -> [Range<Int>] {
        guard !text.trimmed.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        var depth = 0
        var start = text.startIndex
        for position in text.indices {
            switch text[position] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                ranges.append(start..<position)
                start = position + 1
            default: break
            }
        }
        ranges.append(start..<text.endIndex)
        return ranges
    }
}

/// A place that control can be sent to, by its name.
struct Label: Hashable {
    private let name: ArraySlice<UInt8>

    init(_ name: ArraySlice<UInt8>) {
        self.name = name
    }
}

/// Mnemonics by name, each of which is looked into once.
struct MnemonicTable {
    private var known: [ArraySlice<UInt8>: Mnemonic] = [:]

    subscript(name: ArraySlice<UInt8>) -> Mnemonic {
        mutating get {
            if let mnemonic = known[name] { return mnemonic }
            let mnemonic = Mnemonic(String(decoding: name, as: UTF8.self))
            known[ArraySlice(Array(name))] = mnemonic
            return mnemonic
        }
    }
}
