/// The tokens of a text, one at a time with one to look ahead, and the grammar's smallest phrases.
struct TokenStream: Sendable {
    private var lexer: Lexer
    private(set) var current: Token
    /// The token after `current`, once it has been asked for.
    private var following: Token?

    init(_ text: [UInt8], range: Range<Int>) throws(TextError) {
        lexer = Lexer(text, range: range)
        current = try lexer.next()
    }

    var text: [UInt8] { lexer.text }

    /// The current token as it is written.
    var word: ArraySlice<UInt8> { lexer.text[current.range] }

    mutating func advance() throws(TextError) {
        if let token = following {
            current = token
            following = nil
        } else {
            current = try lexer.next()
        }
    }

    // MARK: - Looking

    func at(_ keyword: String) -> Bool {
        current.kind == .keyword && word.elementsEqual(keyword.utf8)
    }

    /// Whether `(` and this keyword come next.
    mutating func atOpen(_ keyword: String) throws(TextError) -> Bool {
        guard let opened = try openedKeyword() else { return false }
        return opened.elementsEqual(keyword.utf8)
    }

    /// The keyword behind the current `(`, or `nil` where there is no `(` or no keyword behind it.
    mutating func openedKeyword() throws(TextError) -> ArraySlice<UInt8>? {
        guard current.kind == .leftParenthesis else { return nil }
        let token = try lookAhead()
        return token.kind == .keyword ? lexer.text[token.range] : nil
    }

    private mutating func lookAhead() throws(TextError) -> Token {
        if let following { return following }
        let token = try lexer.next()
        following = token
        return token
    }

    /// An index, by number or by name.
    var atIndex: Bool { current.kind == .natural || current.kind == .identifier }

    // MARK: - Taking

    mutating func accept(_ keyword: String) throws(TextError) -> Bool {
        guard at(keyword) else { return false }
        try advance()
        return true
    }

    mutating func acceptOpen(_ keyword: String) throws(TextError) -> Bool {
        guard try atOpen(keyword) else { return false }
        try advance()
        try advance()
        return true
    }

    mutating func expectOpen(_ keyword: String) throws(TextError) {
        guard try acceptOpen(keyword) else {
            if current.kind == .leftParenthesis { try advance() }
            throw unexpected("'(\(keyword)'")
        }
    }

    mutating func expect(_ kind: Token.Kind, _ expectation: String) throws(TextError) {
        guard current.kind == kind else { throw unexpected(expectation) }
        try advance()
    }

    mutating func expectClose() throws(TextError) {
        try expect(.rightParenthesis, "')'")
    }

    mutating func acceptIdentifier() throws(TextError) -> Identifier? {
        guard current.kind == .identifier else { return nil }
        let name = word.dropFirst()
        let identifier =
            name.first == UInt8(ascii: "\"")
            ? Identifier(bytes: StringLiteral.content(lexer.text, name.indices)[...]) : Identifier(bytes: name)
        try advance()
        return identifier
    }

    /// An unsigned number of 32 bits.
    mutating func natural32(_ expectation: String) throws(TextError) -> UInt32 {
        guard current.kind == .natural else { throw unexpected(expectation) }
        guard let value = IntegerLiteral.unsigned(word, bits: 32) else { throw outOfRange("i32 constant out of range") }
        try advance()
        return UInt32(truncatingIfNeeded: value)
    }

    /// Any number of string literals, one after the other.
    mutating func strings(into bytes: inout [UInt8]) throws(TextError) {
        while current.kind == .string {
            StringLiteral.append(lexer.text, current.range, to: &bytes)
            try advance()
        }
    }

    /// A string literal that is valid UTF-8. Spec: 6.3.4.
    mutating func name(_ expectation: String) throws(TextError) -> [UInt8] {
        guard current.kind == .string else { throw unexpected(expectation) }
        let name = StringLiteral.content(lexer.text, current.range)
        if UTF8Validity.firstError(in: name[...]) != nil { throw malformed("malformed UTF-8 encoding") }
        try advance()
        return name
    }

    /// Steps over everything up to and with the parentheses that close the innermost `depth` open ones. Answers where
    /// that ends.
    @discardableResult
    mutating func skip(closing depth: Int) throws(TextError) -> Int {
        var depth = depth
        var end = current.range.lowerBound
        while depth > 0 {
            switch current.kind {
            case .leftParenthesis: depth += 1
            case .rightParenthesis: depth -= 1
            case .endOfText: throw unexpected("')'")
            case .keyword, .identifier, .natural, .integer, .float, .string, .reserved: break
            }
            end = current.range.upperBound
            try advance()
        }
        return end
    }

    // MARK: - Errors, at the current token where none is given

    func malformed(_ message: String, at token: Token? = nil) -> TextError {
        lexer.error(message, at: (token ?? current).range.lowerBound)
    }

    func unsupported(_ message: String, at token: Token? = nil) -> TextError {
        TextError(.unsupported, message, at: (token ?? current).range.lowerBound, in: lexer.text)
    }

    func outOfRange(_ message: String) -> TextError {
        malformed("\(message): found '\(excerpt)'")
    }

    /// The current token is not what the grammar wants here: a word of a proposal, a known word in a wrong place, or no
    /// word at all.
    func unexpected(_ expectation: String) -> TextError {
        switch current.kind {
        case .keyword:
            if let proposal = Vocabulary.proposal(word) { return unsupported("'\(excerpt)' needs \(proposal)") }
            if Vocabulary.isKeyword(word) { break }
            return malformed("unknown operator \(excerpt): expected \(expectation)")
        case .reserved:
            return malformed("unknown operator \(excerpt): expected \(expectation)")
        case .endOfText:
            return malformed("unexpected token: expected \(expectation), found the end of the text")
        case .leftParenthesis, .rightParenthesis, .identifier, .natural, .integer, .float, .string:
            break
        }
        return malformed("unexpected token: expected \(expectation), found '\(excerpt)'")
    }

    /// The current token, shortened to a readable length.
    var excerpt: String {
        let word = word
        return String(decoding: word.prefix(40), as: UTF8.self) + (word.count > 40 ? "…" : "")
    }
}
