import WasmModule

/// The instructions of a function or a constant expression while they are read: what is encoded, and what is still open.
/// Nesting lives on `frames` and not on the machine's stack, so that no text can overflow that.
struct InstructionSequence: Sendable {
    /// What has been read so far, without the last `end`.
    var code = BinaryWriter()
    var locals = IndexSpace("local")
    private(set) var frames: [Frame] = []
    private(set) var labels = LabelStack()

    /// Instructions that were written before their operands, `(i32.add (...) (...))`, and wait for the end of those.
    private var pending = BinaryWriter()

    /// Something begun and not ended.
    struct Frame: Sendable {
        enum Kind: Sendable {
            /// `(i32.add` and other plain instructions: folded operands up to `)`.
            case operands
            /// `(block` and `(loop`: instructions up to `)`.
            case foldedBlock
            /// `(if`: folded operands up to `(then`.
            case foldedCondition
            /// The `(then ...)` of an `if`: instructions up to `)`.
            case then
            /// Behind `(then ...)`: perhaps `(else`.
            case afterThen
            /// The `(else ...)` of an `if`.
            case `else`
            /// Behind `(else ...)`: only `)`.
            case afterElse
            /// `block` and `loop` without parentheses, and `if` from its `else` on: instructions up to `end`.
            case block
            /// `if` without parentheses: instructions up to `else` or `end`.
            case `if`
        }

        var kind: Kind
        var label: Identifier?
        /// Where the frame's own instruction begins among the pending ones.
        let pendingStart: Int
    }

    var top: Frame? { frames.last }

    /// Whether instructions may stand here without parentheses.
    var takesPlainInstructions: Bool {
        switch top?.kind {
        case nil, .foldedBlock, .then, .else, .block, .if: true
        case .operands, .foldedCondition, .afterThen, .afterElse: false
        }
    }

    /// Encodes an instruction and opens a frame for what belongs to it. It joins the code at once, unless its operands are
    /// still to come.
    mutating func open(_ kind: Frame.Kind, label: Identifier?, _ instruction: [UInt8]) {
        frames.append(Frame(kind: kind, label: label, pendingStart: pending.bytes.count))
        switch kind {
        case .operands, .foldedCondition:
            pending.raw(instruction)
        case .foldedBlock, .block, .if:
            code.raw(instruction)
            labels.push(label)
        case .then, .afterThen, .else, .afterElse:
            break
        }
    }

    /// Ends the innermost frame, and the label it has.
    mutating func close() {
        guard let frame = frames.popLast() else { return }
        switch frame.kind {
        case .operands:
            release(from: frame.pendingStart)
        case .foldedBlock, .afterThen, .afterElse, .block, .if:
            code.opcode(.end)
            labels.pop(frame.label)
        case .foldedCondition:
            break
        case .then:
            change(to: .afterThen)
        case .else:
            change(to: .afterElse)
        }
    }

    /// `(then`: the condition is complete, and the label of the `if` begins to count.
    mutating func openThen() {
        guard let frame = top else { return }
        release(from: frame.pendingStart)
        labels.push(frame.label)
        open(.then, label: nil, [])
    }

    /// `(else`.
    mutating func openElse() {
        code.opcode(.else)
        open(.else, label: nil, [])
    }

    /// `else` without parentheses.
    mutating func turnToElse() {
        code.opcode(.else)
        change(to: .block)
    }

    private mutating func change(to kind: Frame.Kind) {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].kind = kind
    }

    private mutating func release(from start: Int) {
        code.raw(pending.bytes[start...])
        pending.bytes.removeSubrange(start...)
    }
}

/// The labels in scope. Spec: 6.5.1.
struct LabelStack: Sendable {
    private var depth = 0
    /// The depths at which a name was pushed, for the innermost one counts.
    private var depths: [Identifier: [Int]] = [:]

    mutating func push(_ name: Identifier?) {
        if let name { depths[name, default: []].append(depth) }
        depth += 1
    }

    mutating func pop(_ name: Identifier?) {
        depth -= 1
        if let name { _ = depths[name]?.popLast() }
    }

    /// How many labels lie between here and the name.
    subscript(name: Identifier) -> UInt32? {
        depths[name]?.last.map { UInt32(truncatingIfNeeded: depth - 1 - $0) }
    }
}
