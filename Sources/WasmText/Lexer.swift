/// Cuts text into tokens. White space, comments and annotations are skipped. Spec: 6.2, 6.3.
struct Lexer: Sendable {
    let text: [UInt8]
    private var position: Int
    private let end: Int

    /// Reads `range` of `text`, which is to be valid UTF-8.
    init(_ text: [UInt8], range: Range<Int>) {
        self.text = text
        position = range.lowerBound
        end = range.upperBound
    }

    mutating func next() throws(TextError) -> Token {
        try skipSpace()
        guard let byte = peek() else { return Token(kind: .endOfText, range: end..<end) }
        let start = position
        switch byte {
        case UInt8(ascii: "("):
            return single(.leftParenthesis)
        case UInt8(ascii: ")"):
            return single(.rightParenthesis)
        case _ where CharacterClass.isPunctuation(byte):
            return single(.reserved)
        case _ where byte == UInt8(ascii: "\"") || CharacterClass.isIdentifier(byte):
            let kind = try run()
            return Token(kind: kind, range: start..<position)
        default:
            throw error("illegal character", at: position)
        }
    }

    func error(_ message: String, at offset: Int) -> TextError {
        TextError(.malformed, message, at: offset, in: text)
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < end ? text[position + distance] : nil
    }

    private mutating func single(_ kind: Token.Kind) -> Token {
        position += 1
        return Token(kind: kind, range: position - 1..<position)
    }

    // MARK: - Words, numbers and strings

    /// Everything up to the next space, parenthesis or punctuation is one token, so that `0$x` and `"a"b` are errors and
    /// not two tokens each. Spec: 6.3.1 (reserved).
    private mutating func run() throws(TextError) -> Token.Kind {
        let start = position
        var strings = 0
        var plain = 0
        while let byte = peek() {
            if CharacterClass.isIdentifier(byte) {
                plain += 1
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                do {
                    position = try StringLiteral.scan(text, from: position, end: end)
                } catch {
                    if isDollar(start..<position) { throw self.error("empty identifier", at: start) }
                    throw error
                }
                strings += 1
            } else {
                break
            }
        }
        let range = start..<position
        if strings == 0 {
            if isDollar(range) { throw error("empty identifier", at: start) }
            return Lexer.kind(ofWord: text[range])
        }
        if plain == 0, strings == 1 { return .string }
        if strings == 1, plain == 1, isDollar(start..<start + 1) {
            let name = StringLiteral.content(text, range.dropFirst())
            if name.isEmpty { throw error("empty identifier", at: start) }
            if UTF8Validity.firstError(in: name[...]) != nil { throw error("malformed UTF-8 encoding", at: start) }
            return .identifier
        }
        return .reserved
    }

    private func isDollar(_ range: Range<Int>) -> Bool {
        range.count == 1 && text[range.lowerBound] == UInt8(ascii: "$")
    }

    private static func kind(ofWord word: ArraySlice<UInt8>) -> Token.Kind {
        guard let first = word.first else { return .reserved }
        if let number = NumberSyntax.kind(of: word) { return number }
        switch first {
        case UInt8(ascii: "$"): return .identifier
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return .keyword
        default: return .reserved
        }
    }

    // MARK: - Space, comments and annotations

    private mutating func skipSpace() throws(TextError) {
        while let byte = peek() {
            switch (byte, peek(1)) {
            case _ where CharacterClass.isSpace(byte):
                position += 1
            case (UInt8(ascii: ";"), UInt8(ascii: ";")):
                skipLine()
            case (UInt8(ascii: "("), UInt8(ascii: ";")):
                try skipBlockComment()
            case (UInt8(ascii: "("), UInt8(ascii: "@")):
                try skipAnnotation()
            default:
                return
            }
        }
    }

    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    }

    /// Comments nest.
    private mutating func skipBlockComment() throws(TextError) {
        let start = position
        var depth = 0
        repeat {
            guard let byte = peek() else { throw error("unclosed comment", at: start) }
            switch (byte, peek(1)) {
            case (UInt8(ascii: "("), UInt8(ascii: ";")):
                depth += 1
                position += 2
            case (UInt8(ascii: ";"), UInt8(ascii: ")")):
                depth -= 1
                position += 2
            default:
                position += 1
            }
        } while depth > 0
    }

    /// `(@id ...)`, with anything in it that has balanced parentheses. Spec 3.0: 6.3.7.
    private mutating func skipAnnotation() throws(TextError) {
        let start = position
        position += 2
        try skipAnnotationIdentifier(start)
        var depth = 1
        while depth > 0 {
            guard let byte = peek() else { throw error("unclosed annotation", at: start) }
            switch (byte, peek(1)) {
            case (UInt8(ascii: ";"), UInt8(ascii: ";")):
                skipLine()
            case (UInt8(ascii: "("), UInt8(ascii: ";")):
                try skipBlockComment()
            case (UInt8(ascii: "("), _):
                depth += 1
                position += 1
            case (UInt8(ascii: ")"), _):
                depth -= 1
                position += 1
            case (UInt8(ascii: "\""), _):
                position = try StringLiteral.scan(text, from: position, end: end)
            case _
            where CharacterClass.isIdentifier(byte) || CharacterClass.isPunctuation(byte)
                || CharacterClass.isSpace(byte):
                position += 1
            default:
                throw error("illegal character", at: position)
            }
        }
    }

    private mutating func skipAnnotationIdentifier(_ start: Int) throws(TextError) {
        if peek() == UInt8(ascii: "\"") {
            let quote = position
            do {
                position = try StringLiteral.scan(text, from: quote, end: end)
            } catch {
                throw self.error("empty annotation id", at: start)
            }
            let name = StringLiteral.content(text, quote..<position)
            if name.isEmpty { throw error("empty annotation id", at: start) }
            if UTF8Validity.firstError(in: name[...]) != nil { throw error("malformed UTF-8 encoding", at: quote) }
            return
        }
        guard let byte = peek(), CharacterClass.isIdentifier(byte) else {
            throw error("empty annotation id", at: start)
        }
        while let byte = peek(), CharacterClass.isIdentifier(byte) { position += 1 }
    }
}

/// The characters that the grammar tells apart.
enum CharacterClass {
    /// Spec: 6.2.3.
    static func isSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }

    /// Visible ASCII but for quotation marks, brackets, commas and semicolons. Spec: 6.3.5.
    static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"): false
        case 0x21...0x7E: !isPunctuation(byte)
        default: false
        }
    }

    /// Characters that are tokens of their own, but of no meaning outside annotations.
    static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            true
        default: false
        }
    }

    /// The value of a hexadecimal digit, decimal ones among them; `nil` for any other byte.
    static func digitValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
