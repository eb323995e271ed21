import WasmModule

/// Writes one function's body as C: a variable per local and stack position, `goto` for branches. Trusts the module, which
/// has been validated. The instructions themselves are in the extensions.
struct FunctionEmitter: ~Copyable {
    let module: ModuleContext
    let spelling: ContextSpelling
    let operators: OperatorTable
    private(set) var resultTypes: [ValueType] = []
    private(set) var localTypes: [ValueType] = []

    /// Statements written so far.
    var body = CText()
    /// Text of pending expressions, in stack order.
    var scratch = CText()
    /// How many operands have their text in `scratch`.
    private var pendingExpressions = 0
    var stack: [Operand] = []
    /// Operands below this position are variables, locals or constants that nothing needs to look at again.
    var firstPending = 0
    var blocks: [Block] = []
    var nextLabel = 0
    /// Where in the body the labels of loops go, in order, if they are used.
    var loopLabels: [(position: Int, label: Int, isUsed: Bool)] = []
    var openBraces = 0
    /// Blocks that were entered where control can't reach; `nil` where it can.
    var deadDepth: Int?
    var variables = StackVariables()
    /// Whether control comes straight from the head of the innermost loop.
    var isAtLoopHead = false
    /// Loads and stores so far.
    var accesses = 0
    /// Floating-point arithmetic so far, of numbers and of vectors.
    var floatingPointOperations = 0

    /// A pending expression longer than this is computed into a variable: text is copied when it becomes part of another.
    static let expressionLimit = 240
    /// How many operands may be pending at once; bounds the search for those that an instruction affects.
    static let pendingLimit = 48
    /// `if` statements nested deeper than this become jumps: clang gives up at 256 braces by default.
    static let braceLimit = 100
    /// Fewer targets are the compiler's to choose for: it may compare, or look a result up.
    static let dispatchMinimum = 8
    /// Every copy of a dispatch can go to every target: the compiler's work grows with the square.
    static let dispatchLimit = 257

    init(module: ModuleContext) {
        self.module = module
        spelling = module.spelling
        operators = OperatorTable()
    }

    /// Whether the function's time is in numbers on their way through memory and arithmetic, and not in addresses and conditions that
    /// wait for what is loaded. What is best for the one can be bad for the other: see `Segue.floats`.
    var computesFloats: Bool { floatingPointOperations > 0 && floatingPointOperations * 4 >= accesses }

    /// Forgets the last function, but keeps its buffers.
    private mutating func reset(_ type: FunctionType, locals: [ValueType]) {
        resultTypes = type.results
        localTypes = type.parameters + locals
        body.removeAll()
        scratch.removeAll()
        stack.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        loopLabels.removeAll(keepingCapacity: true)
        pendingExpressions = 0
        firstPending = 0
        nextLabel = 0
        openBraces = 0
        deadDepth = nil
        isAtLoopHead = false
        accesses = 0
        floatingPointOperations = 0
        variables = StackVariables()
    }

    /// Emits a function's instructions. Afterwards `variables` are those that its statements use.
    mutating func emit(
        _ instructions: InstructionReader, function: UInt32, locals: [ValueType]
    ) throws(ModuleError) {
        reset(module.functionType(function), locals: locals)
        var instructions = instructions
        blocks.append(
            Block(kind: .function, signature: module.signature(ofFunction: function), height: 0, label: newLabel()))
        while let instruction = try instructions.next() {
            try module.check(size: body.count)
            if deadDepth != nil {
                emitDead(instruction)
            } else if instruction.opcode == .loop, let rolling = rolling(of: instruction, instructions) {
                emit(rolling, before: instruction)
            } else {
                emit(instruction)
            }
        }
    }

    /// Writes the statements, with the labels of the loops that something branches to.
    func writeStatements(to text: inout CText) {
        var start = 0
        for loop in loopLabels where loop.isUsed {
            text.write(start..<loop.position, of: body)
            start = loop.position
            text.write(UInt8(ascii: "B"), loop.label)
            text.write(":;\n")
        }
        text.write(start..<body.count, of: body)
    }

    mutating func newLabel() -> Int {
        defer { nextLabel += 1 }
        return nextLabel
    }

    /// Where text goes.
    enum Destination {
        case body
        case scratch
    }

    subscript(destination: Destination) -> CText {
        @inline(__always) _read {
            switch destination {
            case .body: yield body
            case .scratch: yield scratch
            }
        }
        @inline(__always) _modify {
            switch destination {
            case .body: yield &body
            case .scratch: yield &scratch
            }
        }
    }

    // MARK: - Statements

    mutating func beginLine() {
        body.writeIndentation(1 + openBraces)
    }

    mutating func endLine() {
        body.write(";\n")
    }

    mutating func writeLabel(_ label: Int) {
        body.write(UInt8(ascii: "B"), label)
    }

    /// The name of a stack position's variable: `i3` for an i32 at position 3.
    mutating func writeVariable(_ position: Int, _ type: ValueType, to text: Destination) {
        variables.insert(position, type)
        self[text].write(type.variablePrefix, position)
    }

    // MARK: - The operand stack

    mutating func push(_ operand: Operand) {
        stack.append(operand)
        if case .expression(let range) = operand.source {
            pendingExpressions += 1
            if range.count > Self.expressionLimit { settle(stack.count - 1) }
        }
        // Whatever lies at the bottom of many leaves the search.
        while stack.count - firstPending > Self.pendingLimit {
            settle(firstPending)
            firstPending += 1
        }
    }

    /// Removes the top operands whose text has been used.
    mutating func pop(_ count: Int) {
        for position in (stack.count - count)..<stack.count { releaseText(of: position) }
        removeOperands(count)
    }

    private mutating func removeOperands(_ count: Int) {
        // One by one: `removeLast(count)` is slow for the few that there are.
        for _ in 0..<count { stack.removeLast() }
        firstPending = min(firstPending, stack.count)
    }

    private mutating func releaseText(of position: Int) {
        guard case .expression = stack[position].source else { return }
        pendingExpressions -= 1
        if pendingExpressions == 0 { scratch.removeAll() }
    }

    mutating func pushVariable(_ type: ValueType, effects: Effects = []) {
        push(Operand(source: .variable, type: type, effects: effects))
    }

    /// Pushes the variables of their positions, for types of the context's `valueTypes`.
    mutating func pushVariables(_ types: Range<Int>) {
        for type in types { pushVariable(module.valueTypes[type]) }
    }

    /// Computes an operand into its position's variable, if it isn't there already.
    mutating func settle(_ position: Int) {
        let operand = stack[position]
        if case .variable = operand.source { return }
        if case .constant = operand.source { return }
        settleReaders(ofVariablesFrom: position)
        beginLine()
        writeVariable(position, operand.type, to: .body)
        body.write(" = ")
        write(position, to: .body)
        endLine()
        releaseText(of: position)
        stack[position] = Operand(
            source: .variable, type: operand.type,
            effects: operand.effects.contains(.readsMemory) ? .loaded : operand.effects.intersection(.loaded))
    }

    /// Computes the pending operands below a position that read its variable, or one above, which is about to change.
    mutating func settleReaders(ofVariablesFrom position: Int) {
        for lower in firstPending..<max(firstPending, position) where stack[lower].variablesEnd > position {
            settle(lower)
        }
    }

    /// Computes the pending operands that have any of the effects.
    mutating func settle(having effects: Effects, below end: Int? = nil) {
        for position in firstPending..<max(firstPending, end ?? stack.count)
        where !stack[position].effects.isDisjoint(with: effects) {
            settle(position)
        }
    }

    /// Computes the pending operands that read a local which is about to change.
    mutating func settle(reading local: UInt32, below end: Int) {
        let bit = UInt64(1) << UInt64(local & 63)
        for position in firstPending..<max(firstPending, end) {
            switch stack[position].source {
            case .local(let index) where index == local: settle(position)
            case .expression where stack[position].locals & bit != 0: settle(position)
            default: break
            }
        }
    }

    /// Computes everything but constants: control may come here, or go on from here, by more than one way.
    mutating func settleAll() {
        for position in firstPending..<stack.count { settle(position) }
        firstPending = stack.count
    }

    // MARK: - Operands as text

    mutating func write(_ position: Int, to text: Destination) {
        let operand = stack[position]
        switch operand.source {
        case .constant(let position) where operand.type == .v128:
            let (low, high) = module.vector(at: position)
            self[text].writeVector(low, high)
        case .constant(let bits): self[text].writeConstant(operand.type, bits)
        case .local(let index): self[text].write(UInt8(ascii: "l"), Int(index))
        case .variable: writeVariable(position, operand.type, to: text)
        case .expression(let range):
            switch text {
            case .body: body.write(range, of: scratch)
            case .scratch: scratch.write(again: range)
            }
        }
    }

    /// Replaces the top `count` operands by one expression, whose text `build` appends to `scratch`.
    mutating func combine(
        _ count: Int, _ type: ValueType, _ effects: Effects = [],
        build: (inout FunctionEmitter, _ first: Int) -> Void
    ) {
        let first = stack.count - count
        let start = scratch.count
        build(&self, first)
        let length = scratch.count - start
        var lowest = start
        var result = Operand(source: .variable, type: type, effects: effects)
        for position in first..<stack.count {
            let operand = stack[position]
            result.effects.formUnion(operand.effects)
            switch operand.source {
            case .local(let index): result.locals |= UInt64(1) << UInt64(index & 63)
            case .expression(let range):
                result.locals |= operand.locals
                result.variablesEnd = max(result.variablesEnd, operand.variablesEnd)
                lowest = min(lowest, range.lowerBound)
                pendingExpressions -= 1
            case .variable: result.variablesEnd = max(result.variablesEnd, position + 1)
            case .constant: break
            }
        }
        // The operands' own text isn't needed any more: the new one takes its place.
        if lowest < start { scratch.moveTail(from: start, to: lowest) }
        result.source = .expression(lowest..<lowest + length)
        removeOperands(count)
        push(result)
    }

    /// Moves the top operands to where the target's label expects them.
    mutating func moveToLabel(_ target: Block) {
        let types = target.branchTypes
        let first = stack.count - types.count
        // An operand is made of variables at or above its own position, and targets lie at or below: in this order, none is
        // overwritten before it is read.
        for (offset, type) in types.enumerated() {
            if case .variable = stack[first + offset].source, first + offset == target.height + offset { continue }
            beginLine()
            writeVariable(target.height + offset, module.valueTypes[type], to: .body)
            body.write(" = ")
            write(first + offset, to: .body)
            endLine()
        }
    }
}
