/// Translates a module from the text format into the binary format: `(module ...)`, or its fields alone. The names that
/// the text gives to the module, its functions and their locals become the custom section `name`.
///
/// The text is checked against the grammar only; whether the module is valid is for the validator to say.
/// Throws `TextError`: `malformed` for what breaks the grammar, `unsupported` for what needs a proposal that is not
/// implemented, `limit` for a text of more than 1 GiB.
/// Spec: 6.
public func assemble(_ text: [UInt8]) throws(TextError) -> [UInt8] {
    try Assembler.check(text)
    return try Assembler.assemble(text, range: text.indices)
}

enum Assembler {
    /// Keeps every index, size and count of the binary format below 2^32.
    static let maximumTextSize = 1 << 30

    /// The conditions under which a text can be lexed.
    static func check(_ text: [UInt8], maximumSize: Int = maximumTextSize) throws(TextError) {
        guard text.count <= maximumSize else {
            throw TextError(
                .limit, "text too large: expected at most \(maximumSize) bytes, found \(text.count)", line: 1, column: 1
            )
        }
        if let offset = UTF8Validity.firstError(in: text[...]) {
            throw TextError(.malformed, "malformed UTF-8 encoding", at: offset, in: text)
        }
    }

    /// Assembles the module in a part of a text that `check` has passed.
    static func assemble(_ text: [UInt8], range: Range<Int>) throws(TextError) -> [UInt8] {
        var tokens = try TokenStream(text, range: range)
        let isWrapped = try tokens.acceptOpen("module")
        if isWrapped { _ = try tokens.accept("definition") }
        let name = isWrapped ? try tokens.acceptIdentifier() : nil

        // Names may be used before they are defined, so the fields are read twice.
        let fields = tokens
        var declarations = Declarations()
        try declarations.read(&tokens)
        var parser = ModuleParser(tokens: fields, declarations: declarations)
        try parser.parseFields()
        // Last, for of several errors the first one counts.
        if isWrapped { try tokens.expectClose() }
        try tokens.expect(.endOfText, "the end of the text")
        return parser.encoder.encode(moduleName: name, types: parser.types)
    }
}
