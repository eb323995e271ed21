import WasmModule

/// Writes one function's body as C: a variable per local and stack position, `goto` for branches. Trusts the module, which
/// has been validated. The instructions themselves are in the extensions.
struct FunctionEmitter {
    let module: ModuleContext
    let spelling: ContextSpelling
    let resultTypes: [ValueType]
    let localTypes: [ValueType]

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

    /// A pending expression longer than this is computed into a variable: text is copied when it becomes part of another.
    static let expressionLimit = 240
    /// How many operands may be pending at once; bounds the search for those that an instruction affects.
    static let pendingLimit = 48
    /// `if` statements nested deeper than this become jumps: clang gives up at 256 braces by default.
    static let braceLimit = 100

    init(module: ModuleContext, type: FunctionType, locals: [ValueType]) {
        self.module = module
        spelling = module.spelling
        resultTypes = type.results
        localTypes = type.parameters + locals
    }

    /// Emits all instructions. Afterwards `body` holds the statements and `variables` what they use.
    mutating func emit(_ instructions: InstructionReader) throws(ModuleError) {
        var instructions = instructions
        blocks.append(
            Block(kind: .function, parameters: [], results: resultTypes, height: 0, label: newLabel()))
        while let instruction = try instructions.next() {
            try module.check(size: body.bytes.count)
            if deadDepth != nil {
                emitDead(instruction)
            } else {
                emit(instruction)
            }
        }
    }

    /// The statements, with the labels of the loops that something branches to.
    func statements() -> CText {
        var result = CText()
        result.bytes.reserveCapacity(body.bytes.count + loopLabels.count * 8)
        var start = 0
        for loop in loopLabels where loop.isUsed {
            result.bytes.append(contentsOf: body.bytes[start..<loop.position])
            start = loop.position
            result.write("B")
            result.write(loop.label)
            result.write(":;\n")
        }
        result.bytes.append(contentsOf: body.bytes[start...])
        return result
    }

    mutating func newLabel() -> Int {
        defer { nextLabel += 1 }
        return nextLabel
    }

    // MARK: - Statements

    mutating func beginLine() {
        body.write("    ")
        for _ in 0..<min(openBraces, 12) { body.write("    ") }
    }

    mutating func endLine() {
        body.write(";\n")
    }

    mutating func writeLabel(_ label: Int) {
        body.write("B")
        body.write(label)
    }

    /// The name of a stack position's variable: `i3` for an i32 at position 3.
    mutating func writeVariable(_ position: Int, _ type: ValueType, to text: WritableKeyPath<FunctionEmitter, CText>) {
        variables.use(position, type)
        self[keyPath: text].write(type.variablePrefix)
        self[keyPath: text].write(position)
    }

    // MARK: - The operand stack

    mutating func push(_ operand: Operand) {
        stack.append(operand)
        if case .expression(let range) = operand.source {
            pendingExpressions += 1
            if range.count > Self.expressionLimit { settle(stack.count - 1) }
        }
        // Those at the bottom leave the search, whatever they are.
        while stack.count - firstPending > Self.pendingLimit {
            settle(firstPending)
            firstPending += 1
        }
    }

    /// Removes the top operands whose text has been used.
    mutating func pop(_ count: Int) {
        for position in (stack.count - count)..<stack.count { releaseText(of: position) }
        stack.removeLast(count)
        firstPending = min(firstPending, stack.count)
    }

    private mutating func releaseText(of position: Int) {
        guard case .expression = stack[position].source else { return }
        pendingExpressions -= 1
        if pendingExpressions == 0 { scratch.bytes.removeAll(keepingCapacity: true) }
    }

    mutating func pushVariable(_ type: ValueType, effects: Effects = []) {
        push(Operand(source: .variable, type: type, effects: effects))
    }

    /// Computes an operand into its position's variable, if it isn't there already.
    mutating func settle(_ position: Int) {
        let operand = stack[position]
        if case .variable = operand.source { return }
        if case .constant = operand.source { return }
        settleReaders(ofVariablesFrom: position)
        beginLine()
        writeVariable(position, operand.type, to: \.body)
        body.write(" = ")
        write(position, to: \.body)
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

    mutating func write(_ position: Int, to text: WritableKeyPath<FunctionEmitter, CText>) {
        let operand = stack[position]
        switch operand.source {
        case .constant(let bits): self[keyPath: text].writeConstant(operand.type, bits)
        case .local(let index):
            self[keyPath: text].write("l")
            self[keyPath: text].write(index)
        case .variable: writeVariable(position, operand.type, to: text)
        case .expression(let range):
            // Byte by byte: the source may be the very array that grows.
            for index in range { self[keyPath: text].bytes.append(scratch.bytes[index]) }
        }
    }

    /// Replaces the top `count` operands by one expression, whose text `build` appends to `scratch`.
    mutating func combine(
        _ count: Int, _ type: ValueType, _ effects: Effects = [],
        build: (inout FunctionEmitter, _ first: Int) -> Void
    ) {
        let first = stack.count - count
        let start = scratch.bytes.count
        build(&self, first)
        let length = scratch.bytes.count - start
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
        if lowest < start {
            for offset in 0..<length { scratch.bytes[lowest + offset] = scratch.bytes[start + offset] }
            scratch.bytes.removeSubrange((lowest + length)...)
        }
        result.source = .expression(lowest..<lowest + length)
        stack.removeLast(count)
        firstPending = min(firstPending, stack.count)
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
            writeVariable(target.height + offset, type, to: \.body)
            body.write(" = ")
            write(first + offset, to: \.body)
            endLine()
        }
    }
}

extension ValueType {
    /// What the names of stack variables of this type begin with. Not `f`: `f32` is a type.
    var variablePrefix: StaticString {
        switch self {
        case .i32: "i"
        case .i64: "j"
        case .f32: "x"
        case .f64: "d"
        case .v128: "v"
        case .funcref, .externref: "r"
        }
    }

    /// The prelude's name for the type.
    var cType: StaticString {
        switch self {
        case .i32: "u32"
        case .i64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .funcref, .externref: "ref"
        }
    }

    /// The prelude's name for what fits this type's values into 64-bit slots.
    var slotPrefix: StaticString {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .funcref, .externref: "ref"
        }
    }

    /// The letter in the signatures of the runtime's ABI.
    var signatureLetter: UInt8 {
        switch self {
        case .i32: UInt8(ascii: "i")
        case .i64: UInt8(ascii: "I")
        case .f32: UInt8(ascii: "f")
        case .f64: UInt8(ascii: "F")
        case .v128: UInt8(ascii: "v")
        case .funcref: UInt8(ascii: "p")
        case .externref: UInt8(ascii: "e")
        }
    }
}

extension CText {
    mutating func writeConstant(_ type: ValueType, _ bits: UInt64) {
        switch type {
        case .i32:
            write(bits)
            write("u")
        case .i64:
            write(bits)
            write("ull")
        case .f32: writeFloat32(bits: UInt32(truncatingIfNeeded: bits))
        case .f64: writeFloat64(bits: bits)
        case .v128, .funcref, .externref: write("(ref)0")
        }
    }
}
