/// Short loops begin where a line of the instruction cache does.
///
/// What fits into one line and lies across two takes up to twice the time on some processors: they fetch a line at a time. The compiler
/// aligns loops by 16 bytes. A longer loop gains little from more, and one that makes calls is often entered once a call, through all that fills the
/// gap.
extension FunctionBody {
    /// Instructions that a short loop has at most.
    private static let longest = 48
    /// Binary logarithm of a line's size.
    static let lineAlignment = 6

    /// The lines with the directives that align short loops.
    func alignmentsOfShortLoops(in text: [UInt8]) -> Set<Int> {
        let heads = shortLoops()
        guard !heads.isEmpty else { return [] }
        var alignment: Int?
        var found: Set<Int> = []
        for (place, line) in lines.enumerated() {
            guard case .other(let range) = line else {
                alignment = nil
                continue
            }
            let content = text[range].withoutComment
            if content.starts(with: ".p2align".utf8) {
                alignment = place
            } else if let alignment, let label = content.label, let block = blockOfLabel[Label(label)],
                heads.contains(block)
            {
                found.insert(alignment)
            }
        }
        return found
    }

    /// The first blocks of loops that are short, and neither call nor contain another loop.
    private func shortLoops() -> Set<Int> {
        var ends: [Int: Int] = [:]
        for (block, range) in blocks.enumerated() where !range.isEmpty {
            switch instructions[range.upperBound - 1].flow {
            case .jump(let label), .branch(let label):
                if let head = blockOfLabel[label], head <= block { ends[head] = block }
            case .next, .anywhere, .ends: break
            }
        }
        let loops = ends.sorted { $0.key < $1.key }
        var heads: Set<Int> = []
        for (place, (head, end)) in loops.enumerated() {
            let hasLoop = place + 1 < loops.count && loops[place + 1].key <= end
            let body = blocks[head].lowerBound..<blocks[end].upperBound
            if !hasLoop, body.count <= Self.longest, !instructions[body].contains(where: \.isCall) {
                heads.insert(head)
            }
        }
        return heads
    }
}

extension Instruction {
    fileprivate var isCall: Bool {
        if case .calls = mnemonic.kind { true } else { false }
    }
}
