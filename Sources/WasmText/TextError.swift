/// Why text is not a module or a test script: what is wrong, in the specification's words, and where.
public struct TextError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The text breaks the grammar or names something that is not there. Spec: 6.
        case malformed
        /// The text needs a proposal that is not implemented.
        case unsupported
        /// The text is larger than this implementation takes.
        case limit
    }

    public let kind: Kind
    /// Begins with the specification's message where it has one, then says what was expected and what was found.
    public let message: String
    /// Counted from 1. A module in a script has the script's lines, but a quoted one its own.
    public let line: Int
    /// In characters, counted from 1.
    public let column: Int

    public init(_ kind: Kind, _ message: String, line: Int, column: Int) {
        self.kind = kind
        self.message = message
        self.line = line
        self.column = column
    }
}

extension TextError: CustomStringConvertible {
    public var description: String {
        "\(kind) text: \(message) (line \(line), column \(column))"
    }
}

extension TextError {
    /// An error at a byte of the text.
    init(_ kind: Kind, _ message: String, at offset: Int, in text: [UInt8]) {
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, text.count) where text[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        var column = 1
        // Bytes after the first of a UTF-8 sequence are not characters.
        for index in lineStart..<max(lineStart, min(offset, text.count)) where text[index] & 0xC0 != 0x80 {
            column += 1
        }
        self.init(kind, message, line: line, column: column)
    }
}
