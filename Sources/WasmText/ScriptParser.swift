import WasmModule

extension Script {
    /// Reads a script, or a module's fields alone, which are a script of that one module.
    ///
    /// Throws `TextError` where the script itself is malformed, or is longer than 1 GiB.
    public init(parsing text: [UInt8]) throws(TextError) {
        try Assembler.check(text)
        var parser = try ScriptParser(text)
        commands = try parser.parse()
    }
}

struct ScriptParser {
    private let text: [UInt8]
    private var tokens: TokenStream
    private var lines: LineCounter

    init(_ text: [UInt8]) throws(TextError) {
        self.text = text
        tokens = try TokenStream(text, range: text.indices)
        lines = LineCounter(text)
    }

    mutating func parse() throws(TextError) -> [Script.Command] {
        if let word = try tokens.openedKeyword(), ScriptParser.isModuleField(word) {
            let source = ModuleSource(name: nil, content: .text(text, text.indices))
            return [Script.Command(line: lines.line(of: tokens.current), kind: .module(source))]
        }
        var commands: [Script.Command] = []
        while tokens.current.kind == .leftParenthesis {
            let start = tokens.current
            let kind = try command()
            commands.append(Script.Command(line: lines.line(of: start), kind: kind))
        }
        try tokens.expect(.endOfText, "a command")
        return commands
    }

    private static func isModuleField(_ keyword: ArraySlice<UInt8>) -> Bool {
        switch String(decoding: keyword.prefix(8), as: UTF8.self) {
        case "type", "import", "func", "table", "memory", "global", "export", "start", "elem", "data", "rec", "tag":
            true
        default:
            false
        }
    }

    private mutating func command() throws(TextError) -> Script.Kind {
        guard let keyword = try tokens.openedKeyword() else {
            try tokens.advance()
            throw tokens.unexpected("a command")
        }
        let kind: Script.Kind
        switch String(decoding: keyword.prefix(32), as: UTF8.self) {
        case "module":
            return try moduleCommand()
        case "invoke", "get":
            return .action(try action())
        case "register":
            try open()
            let name = try name("a module name")
            kind = .register(as: name, instance: try tokens.acceptIdentifier()?.name)
        case "assert_return":
            try open()
            let action = try action()
            var expected: [Script.Expected] = []
            while tokens.current.kind == .leftParenthesis { expected.append(try self.expected()) }
            kind = .assertReturn(action, expected)
        case "assert_trap":
            try open()
            if try tokens.atOpen("module") {
                kind = .assertTrapInstantiating(try moduleSource(), message: try message())
            } else {
                kind = .assertTrap(try action(), message: try message())
            }
        case "assert_exhaustion":
            try open()
            kind = .assertExhaustion(try action(), message: try message())
        case "assert_exception":
            try open()
            kind = .assertException(try action())
        case "assert_malformed":
            try open()
            kind = .assertMalformed(try moduleSource(), message: try message())
        case "assert_invalid":
            try open()
            kind = .assertInvalid(try moduleSource(), message: try message())
        case "assert_unlinkable":
            try open()
            kind = .assertUnlinkable(try moduleSource(), message: try message())
        default:
            try tokens.advance()
            kind = .unsupported(tokens.excerpt)
            try tokens.skip(closing: 1)
            return kind
        }
        try tokens.expectClose()
        return kind
    }

    /// Steps over `(` and the keyword behind it.
    private mutating func open() throws(TextError) {
        try tokens.advance()
        try tokens.advance()
    }

    private mutating func name(_ expectation: String) throws(TextError) -> String {
        String(decoding: try tokens.name(expectation), as: UTF8.self)
    }

    private mutating func message() throws(TextError) -> String {
        try name("the message that is expected")
    }

    // MARK: - Modules

    private mutating func moduleCommand() throws(TextError) -> Script.Kind {
        var lookAhead = tokens
        try lookAhead.advance()
        try lookAhead.advance()
        if lookAhead.at("instance") {
            tokens = lookAhead
            try tokens.advance()
            let name = try tokens.acceptIdentifier()?.name
            let definition = try tokens.acceptIdentifier()?.name
            try tokens.expectClose()
            return .moduleInstance(name: name, definition: definition)
        }
        let isDefinition = lookAhead.at("definition")
        let source = try moduleSource()
        return isDefinition ? .moduleDefinition(source) : .module(source)
    }

    /// `(module definition? name? ...)`.
    private mutating func moduleSource() throws(TextError) -> ModuleSource {
        guard try tokens.atOpen("module") else { throw tokens.unexpected("'(module'") }
        let start = tokens.current.range.lowerBound
        try open()
        _ = try tokens.accept("definition")
        let name = try tokens.acceptIdentifier()?.name
        if try tokens.accept("binary") { return ModuleSource(name: name, content: .binary(try strings())) }
        if try tokens.accept("quote") { return ModuleSource(name: name, content: .quote(try strings())) }
        let end = try tokens.skip(closing: 1)
        return ModuleSource(name: name, content: .text(text, start..<end))
    }

    private mutating func strings() throws(TextError) -> [UInt8] {
        var bytes: [UInt8] = []
        try tokens.strings(into: &bytes)
        try tokens.expectClose()
        return bytes
    }

    // MARK: - Actions and values

    private mutating func action() throws(TextError) -> Script.Action {
        let isInvocation = try tokens.atOpen("invoke")
        let isGet = try tokens.atOpen("get")
        guard isInvocation || isGet else { throw tokens.unexpected("'(invoke' or '(get'") }
        try open()
        let instance = try tokens.acceptIdentifier()?.name
        let name = try name("an export name")
        var arguments: [Script.Value] = []
        while isInvocation, tokens.current.kind == .leftParenthesis { arguments.append(try value()) }
        try tokens.expectClose()
        if isGet { return .get(instance: instance, name: name) }
        return .invoke(instance: instance, name: name, arguments: arguments)
    }

    private mutating func value() throws(TextError) -> Script.Value {
        guard let keyword = try tokens.openedKeyword() else {
            try tokens.advance()
            throw tokens.unexpected("a constant")
        }
        let value: Script.Value
        switch String(decoding: keyword.prefix(16), as: UTF8.self) {
        case "i32.const":
            try open()
            value = .i32(try tokens.i32())
        case "i64.const":
            try open()
            value = .i64(try tokens.i64())
        case "f32.const":
            try open()
            value = .f32(try tokens.f32())
        case "f64.const":
            try open()
            value = .f64(try tokens.f64())
        case "v128.const":
            try open()
            value = .v128(try tokens.v128())
        case "ref.extern":
            try open()
            value = .externref(try tokens.natural32("a reference's number"))
        case "ref.null":
            try open()
            guard tokens.at("func") || tokens.at("extern") else { return try unsupportedValue("ref.null") }
            value = .null(try tokens.heapType())
        default:
            try tokens.advance()
            return try unsupportedValue(tokens.excerpt)
        }
        try tokens.expectClose()
        return value
    }

    /// Steps over a constant whose type isn't known.
    private mutating func unsupportedValue(_ keyword: String) throws(TextError) -> Script.Value {
        try tokens.skip(closing: 1)
        return .unsupported(keyword)
    }

    private mutating func expected() throws(TextError) -> Script.Expected {
        guard try tokens.atOpen("either") else { return try pattern() }
        try open()
        var alternatives: [Script.Expected] = []
        while tokens.current.kind == .leftParenthesis { alternatives.append(try pattern()) }
        try tokens.expectClose()
        return .either(alternatives)
    }

    /// What only results can be, or else a value.
    private mutating func pattern() throws(TextError) -> Script.Expected {
        let start = tokens
        if let keyword = try tokens.openedKeyword() {
            try open()
            if let pattern = try pattern(keyword) {
                try tokens.expectClose()
                return pattern
            }
            tokens = start
        }
        return .value(try value())
    }

    private mutating func pattern(_ keyword: ArraySlice<UInt8>) throws(TextError) -> Script.Expected? {
        let isBare = tokens.current.kind == .rightParenthesis
        switch String(decoding: keyword.prefix(16), as: UTF8.self) {
        case "f32.const":
            return try nanPattern(.f32)
        case "f64.const":
            return try nanPattern(.f64)
        case "v128.const":
            return try lanePatterns()
        case "ref.func":
            // A number behind it tells nothing that could be compared.
            if tokens.atIndex { try tokens.advance() }
            return .reference(.funcref)
        case "ref.extern":
            return isBare ? .reference(.externref) : nil
        case "ref.null":
            return isBare ? .null : nil
        default:
            return nil
        }
    }

    /// Only where one of the lanes is no plain number.
    private mutating func lanePatterns() throws(TextError) -> Script.Expected? {
        let shape = try tokens.vectorShape()
        guard let type = shape.floatType else { return nil }
        var lanes: [Script.Expected] = []
        var isPattern = false
        for _ in 0..<shape.laneCount {
            if let pattern = try nanPattern(type) {
                isPattern = true
                lanes.append(pattern)
            } else {
                lanes.append(.value(type == .f32 ? .f32(try tokens.f32()) : .f64(try tokens.f64())))
            }
        }
        return isPattern ? .lanes(lanes) : nil
    }

    private mutating func nanPattern(_ type: ValueType) throws(TextError) -> Script.Expected? {
        if try tokens.accept("nan:canonical") { return .canonicalNaN(type) }
        if try tokens.accept("nan:arithmetic") { return .arithmeticNaN(type) }
        return nil
    }
}

/// Tells the lines of tokens that are asked for in their order.
private struct LineCounter {
    private let text: [UInt8]
    private var line = 1
    private var offset = 0

    init(_ text: [UInt8]) {
        self.text = text
    }

    mutating func line(of token: Token) -> Int {
        while offset < token.range.lowerBound {
            if text[offset] == UInt8(ascii: "\n") { line += 1 }
            offset += 1
        }
        return line
    }
}
