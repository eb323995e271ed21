import WasmModule

/// How far a sequence of instructions goes.
enum InstructionExtent: Sendable {
    /// Up to a `)` that closes something outside, which is left there.
    case untilClose
    case oneFolded
}

// MARK: - Structure. Spec: 6.5.1, 6.5.11 (folded instructions)

extension ModuleParser {
    /// Reads instructions into `body`.
    mutating func parseInstructions(_ extent: InstructionExtent) throws(TextError) {
        if extent == .oneFolded, tokens.current.kind != .leftParenthesis { throw tokens.unexpected("'('") }
        repeat {
            switch tokens.current.kind {
            case .leftParenthesis:
                try tokens.advance()
                try openFolded()
            case .rightParenthesis:
                if body.top == nil { return }
                try closeFolded()
            case .keyword where body.takesPlainInstructions:
                try parsePlain()
            case .keyword, .identifier, .natural, .integer, .float, .string, .reserved, .endOfText:
                throw tokens.unexpected(body.takesPlainInstructions ? "an instruction" : "'(' or ')'")
            }
        } while extent == .untilClose || body.top != nil
    }

    /// What follows `(`.
    private mutating func openFolded() throws(TextError) {
        switch body.top?.kind {
        case .foldedCondition where tokens.at("then"):
            try tokens.advance()
            return body.openThen()
        case .afterThen:
            guard try tokens.accept("else") else { throw tokens.unexpected("'else'") }
            return body.openElse()
        case .afterElse:
            throw tokens.unexpected("')'")
        case nil, .operands, .foldedBlock, .foldedCondition, .then, .else, .block, .if:
            break
        }
        let opcode = try opcode()
        switch opcode {
        case .block, .loop:
            try openBlock(opcode, .foldedBlock)
        case .if:
            try openBlock(opcode, .foldedCondition)
        case .else, .end:
            throw tokens.unexpected("an instruction")
        default:
            try tokens.advance()
            body.open(.operands, label: nil, try instruction(opcode))
        }
    }

    private mutating func closeFolded() throws(TextError) {
        switch body.top?.kind {
        case .foldedCondition: throw tokens.unexpected("'(then'")
        case .block, .if: throw tokens.unexpected("'end'")
        case nil, .operands, .foldedBlock, .then, .afterThen, .else, .afterElse: break
        }
        body.close()
        try tokens.advance()
    }

    /// An instruction, or a part of one, without parentheses.
    private mutating func parsePlain() throws(TextError) {
        let opcode = try opcode()
        switch opcode {
        case .block, .loop:
            try openBlock(opcode, .block)
        case .if:
            try openBlock(opcode, .if)
        case .else:
            guard case .if = body.top?.kind else { throw tokens.unexpected("an instruction") }
            try tokens.advance()
            try repeatedLabel()
            body.turnToElse()
        case .end:
            guard let kind = body.top?.kind, kind == .block || kind == .if else {
                throw tokens.unexpected("an instruction")
            }
            try tokens.advance()
            try repeatedLabel()
            body.close()
        default:
            try tokens.advance()
            let instruction = try instruction(opcode)
            body.code.raw(instruction)
        }
    }

    private func opcode() throws(TextError) -> Opcode {
        guard tokens.current.kind == .keyword, let opcode = Vocabulary.opcode(tokens.word) else {
            throw tokens.unexpected("an instruction")
        }
        return opcode
    }

    private mutating func openBlock(
        _ opcode: Opcode, _ kind: InstructionSequence.Frame.Kind
    ) throws(TextError) {
        try tokens.advance()
        let label = try tokens.acceptIdentifier()
        var writer = BinaryWriter()
        writer.opcode(opcode)
        writer.blockType(try blockType())
        body.open(kind, label: label, writer.bytes)
    }

    /// `else` and `end` can repeat the label of their block.
    private mutating func repeatedLabel() throws(TextError) {
        let place = tokens.current
        guard let label = try tokens.acceptIdentifier(), label != body.top?.label else { return }
        let expectation = body.top?.label.map(\.description) ?? "none"
        throw tokens.malformed("mismatching label: expected \(expectation), found \(label)", at: place)
    }
}

// MARK: - Immediates. Spec: 6.5.2–6.5.9

extension ModuleParser {
    /// The encoded instruction; its keyword has been read.
    private mutating func instruction(_ keyword: Opcode) throws(TextError) -> [UInt8] {
        var opcode = keyword
        if opcode == .select, try tokens.atOpen("result") { opcode = .selectTyped }
        var writer = BinaryWriter()
        writer.opcode(opcode)
        switch opcode.form {
        case .none, .numeric:
            break
        case .lane:
            writer.byte(try tokens.laneIndex())
        case .shuffle:
            writer.raw(try tokens.shuffleLanes())
        case .laneAccess(let bytes):
            // A single number is the lane's, not a memory's.
            let start = tokens
            if tokens.atIndex {
                try tokens.advance()
                let isLane = tokens.current.kind != .natural && tokens.current.kind != .keyword
                tokens = start
                if !isLane { _ = try optionalMemory() }
            }
            try memoryArgument(naturalAlignment: bytes, &writer)
            writer.byte(try tokens.laneIndex())
        case .block:
            writer.blockType(try blockType())
        case .label:
            writer.unsigned(try label())
        case .branchTable:
            try branchTable(&writer)
        case .local:
            writer.unsigned(try index(in: body.locals))
        case .global:
            writer.unsigned(try index(in: declarations.globals))
        case .function:
            writer.unsigned(try index(in: declarations.functions))
        case .table:
            writer.unsigned(try optionalIndex(in: declarations.tables))
        case .memory:
            writer.unsigned(try optionalMemory())
        case .element:
            writer.unsigned(try index(in: declarations.elements))
        case .data:
            encoder.usesDataIndices = true
            writer.unsigned(try index(in: declarations.data))
        case .typeThenTable:
            let table = try optionalIndex(in: declarations.tables)
            writer.unsigned(try typeUse(names: .forbidden).index)
            writer.unsigned(table)
        case .elementThenTable:
            let (table, element) = try optionalThenIndex(declarations.tables, declarations.elements)
            writer.unsigned(element)
            writer.unsigned(table)
        case .dataThenMemory:
            encoder.usesDataIndices = true
            let place = tokens.current
            let (memory, data) = try optionalThenIndex(declarations.memories, declarations.data)
            writer.unsigned(data)
            writer.unsigned(try only(memory, at: place))
        case .tableThenTable:
            for table in try pair(in: declarations.tables) { writer.unsigned(table) }
        case .memoryThenMemory:
            let place = tokens.current
            for memory in try pair(in: declarations.memories) { writer.unsigned(try only(memory, at: place)) }
        case .types:
            try types(&writer)
        case .referenceType:
            writer.byte(try tokens.heapType().rawValue)
        case .memoryAccess(_, let bytes):
            _ = try optionalMemory()
            try memoryArgument(naturalAlignment: bytes, &writer)
        case .constant(let type):
            try constant(type, &writer)
        }
        return writer.bytes
    }

    private mutating func label() throws(TextError) -> UInt32 {
        let place = tokens.current
        guard let name = try tokens.acceptIdentifier() else { return try tokens.natural32("a label") }
        guard let index = body.labels[name] else { throw tokens.malformed("unknown label \(name)", at: place) }
        return index
    }

    private mutating func branchTable(_ writer: inout BinaryWriter) throws(TextError) {
        var labels = [try label()]
        while tokens.atIndex { labels.append(try label()) }
        writer.count(labels.count - 1)
        for label in labels { writer.unsigned(label) }
    }

    /// Zero where no index stands.
    private mutating func optionalIndex(in space: IndexSpace) throws(TextError) -> UInt32 {
        tokens.atIndex ? try index(in: space) : 0
    }

    private mutating func optionalMemory() throws(TextError) -> UInt32 {
        let place = tokens.current
        return try only(try optionalIndex(in: declarations.memories), at: place)
    }

    /// Instructions can reach no memory but the first.
    private func only(_ memory: UInt32, at place: Token) throws(TextError) -> UInt32 {
        guard memory == 0 else { throw tokens.unsupported("a memory index needs multiple memories", at: place) }
        return memory
    }

    /// An index in `first` that can be left out, and one in `second` that can't.
    private mutating func optionalThenIndex(
        _ first: IndexSpace, _ second: IndexSpace
    ) throws(TextError) -> (UInt32, UInt32) {
        let start = tokens
        if tokens.atIndex {
            try tokens.advance()
            let isPair = tokens.atIndex
            tokens = start
            if isPair { return (try index(in: first), try index(in: second)) }
        }
        return (0, try index(in: second))
    }

    /// Both indices or neither.
    private mutating func pair(in space: IndexSpace) throws(TextError) -> [UInt32] {
        guard tokens.atIndex else { return [0, 0] }
        return [try index(in: space), try index(in: space)]
    }

    private mutating func types(_ writer: inout BinaryWriter) throws(TextError) {
        var types: [ValueType] = []
        while try tokens.acceptOpen("result") {
            try tokens.valueTypes(into: &types)
            try tokens.expectClose()
        }
        writer.types(types)
    }

    /// `offset=n? align=n?`. Spec: 6.5.5.
    private mutating func memoryArgument(
        naturalAlignment: UInt32, _ writer: inout BinaryWriter
    ) throws(TextError) {
        let offset = try assignment("offset=") ?? 0
        let place = tokens.current
        let alignment = try assignment("align=") ?? naturalAlignment
        guard alignment.nonzeroBitCount == 1 else {
            throw tokens.malformed("alignment must be a power of two: found \(alignment)", at: place)
        }
        writer.unsigned(UInt32(alignment.trailingZeroBitCount))
        writer.unsigned(offset)
    }

    /// The number behind `key`, where that is what comes next.
    private mutating func assignment(_ key: String) throws(TextError) -> UInt32? {
        guard tokens.current.kind == .keyword, tokens.word.starts(with: key.utf8) else { return nil }
        let number = tokens.word.dropFirst(key.utf8.count)
        guard NumberSyntax.kind(of: number) == .natural else { return nil }
        guard let value = IntegerLiteral.unsigned(number, bits: 32) else {
            throw tokens.outOfRange("i32 constant out of range")
        }
        try tokens.advance()
        return UInt32(truncatingIfNeeded: value)
    }

    private mutating func constant(_ type: ValueType, _ writer: inout BinaryWriter) throws(TextError) {
        switch type {
        case .i32: writer.signed(Int64(Int32(bitPattern: try tokens.i32())))
        case .i64: writer.signed(Int64(bitPattern: try tokens.i64()))
        case .f32: writer.littleEndian(try tokens.f32())
        case .f64: writer.littleEndian(try tokens.f64())
        case .v128: writer.littleEndian(try tokens.v128())
        case .funcref, .externref: throw tokens.unsupported("a constant of type \(type)")
        }
    }
}

// MARK: - Constants. Spec: 6.3.1, 6.3.2

extension TokenStream {
    /// The bits of an integer in either signedness.
    mutating func i32() throws(TextError) -> UInt32 {
        UInt32(truncatingIfNeeded: try number("an i32 number", integer) { IntegerLiteral.wrapped($0, bits: 32) })
    }

    mutating func i64() throws(TextError) -> UInt64 {
        try number("an i64 number", integer) { IntegerLiteral.wrapped($0, bits: 64) }
    }

    /// The bits of a floating-point number.
    mutating func f32() throws(TextError) -> UInt32 {
        try number("an f32 number", integer + [.float], FloatLiteral.f32)
    }

    mutating func f64() throws(TextError) -> UInt64 {
        try number("an f64 number", integer + [.float], FloatLiteral.f64)
    }

    private var integer: [Token.Kind] { [.natural, .integer] }

    private mutating func number<Bits>(
        _ expectation: String, _ kinds: [Token.Kind], _ value: (ArraySlice<UInt8>) -> Bits?
    ) throws(TextError) -> Bits {
        guard kinds.contains(current.kind) else { throw unexpected(expectation) }
        guard let bits = value(word) else { throw outOfRange("constant out of range") }
        try advance()
        return bits
    }
}
