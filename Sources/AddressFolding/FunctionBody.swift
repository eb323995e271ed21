/// A function's instructions in basic blocks, and which registers are needed where.
struct FunctionBody {
    /// What stands in a line.
    enum Line {
        /// An instruction, by its place in `instructions`.
        case instruction(Int)
        /// A label, a directive, a comment: kept as it is.
        case other(Range<Int>)
    }

    private(set) var lines: [Line] = []
    var instructions: [Instruction] = []
    /// Those that were folded away.
    var isDeleted: [Bool] = []
    /// Runs of instructions that are entered at the top and left at the bottom.
    private(set) var blocks: [Range<Int>] = []
    private(set) var blockOfLabel: [Label: Int] = [:]
    /// By block: what is needed where it ends.
    private(set) var liveOut: [RegisterSet] = []

    init(_ text: [UInt8], _ range: Range<Int>, _ mnemonics: inout MnemonicTable) {
        var start = 0
        var pendingLabels: [Label] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let end = text[position..<range.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? range.upperBound
            let line = position..<min(end + 1, range.upperBound)
            position = line.upperBound
            let content = text[line].withoutComment
            if let label = content.label {
                if instructions.count > start { close(&start, &pendingLabels) }
                pendingLabels.append(Label(label))
                lines.append(.other(line))
                continue
            }
            guard let first = content.first, first != UInt8(ascii: ".") else {
                lines.append(.other(line))
                continue
            }
            let instruction = Instruction(content, &mnemonics)
            lines.append(.instruction(instructions.count))
            instructions.append(instruction)
            if case .next = instruction.flow { continue }
            close(&start, &pendingLabels)
        }
        close(&start, &pendingLabels)
        isDeleted = Array(repeating: false, count: instructions.count)
        computeLiveness()
    }

    private mutating func close(_ start: inout Int, _ labels: inout [Label]) {
        guard instructions.count > start || !labels.isEmpty else { return }
        for label in labels { blockOfLabel[label] = blocks.count }
        blocks.append(start..<instructions.count)
        start = instructions.count
        labels = []
    }

    // MARK: - Liveness

    /// What is needed at a block's end is what any block needs that comes next; where that isn't known, everything is.
    private mutating func computeLiveness() {
        var successors: [[Int]] = []
        liveOut = []
        for block in blocks.indices {
            let flow = blocks[block].isEmpty ? .next : instructions[blocks[block].upperBound - 1].flow
            var next: [Int] = []
            var known: RegisterSet = []
            func goes(to label: Label) {
                if let target = blockOfLabel[label] { next.append(target) } else { known = .all }
            }
            func goesOn() {
                if block + 1 < blocks.count { next.append(block + 1) } else { known = .all }
            }
            switch flow {
            case .next: goesOn()
            case .jump(let label): goes(to: label)
            case .branch(let label):
                goes(to: label)
                goesOn()
            case .anywhere: known = .all
            case .ends: break
            }
            successors.append(next)
            liveOut.append(known)
        }
        // Each block as a whole: needed before = what it reads first, and of what is needed after it what it doesn't write.
        let effects = blocks.map { block in
            block.reversed().reduce(into: (reads: RegisterSet(), writes: RegisterSet())) { effect, place in
                effect.reads = effect.reads.subtracting(instructions[place].writes).union(instructions[place].reads)
                effect.writes.formUnion(instructions[place].writes)
            }
        }
        var predecessors = [[Int]](repeating: [], count: blocks.count)
        for (block, next) in successors.enumerated() {
            for successor in next { predecessors[successor].append(block) }
        }
        var liveIn = [RegisterSet](repeating: [], count: blocks.count)
        var isWaiting = [Bool](repeating: true, count: blocks.count)
        var waiting = Array(blocks.indices)
        while let block = waiting.popLast() {
            isWaiting[block] = false
            for successor in successors[block] { liveOut[block].formUnion(liveIn[successor]) }
            let needed = effects[block].reads.union(liveOut[block].subtracting(effects[block].writes))
            guard needed != liveIn[block] else { continue }
            liveIn[block] = needed
            for predecessor in predecessors[block] where !isWaiting[predecessor] {
                isWaiting[predecessor] = true
                waiting.append(predecessor)
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// What precedes a comment, without blanks around it.
    var withoutComment: ArraySlice<UInt8> {
        var end = endIndex
        if let mark = firstIndex(of: UInt8(ascii: "#")) { end = mark }
        if last == UInt8(ascii: "\n"), end == endIndex { end -= 1 }
        return self[startIndex..<end].trimmed
    }

    /// The name that the line defines, if it is a label.
    var label: ArraySlice<UInt8>? {
        guard last == UInt8(ascii: ":") else { return nil }
        let name = dropLast()
        return name.contains { $0.isBlank } ? nil : name
    }
}
