import WasmModule

/// What can be known of a module before its fields are read in full: the explicit types, and the index spaces with the
/// names in them. Spec: 6.6.1 (identifier contexts).
struct Declarations: Sendable {
    var types = TypeTable()
    var typeNames = IndexSpace("type")
    var functions = IndexSpace("function", short: "func")
    var tables = IndexSpace("table")
    var memories = IndexSpace("memory")
    var globals = IndexSpace("global")
    var elements = IndexSpace("elem segment", short: "elem")
    var data = IndexSpace("data segment", short: "data")

    /// The kind of the first thing that was defined here and not imported.
    private var firstDefinition: String?
    private var hasStart = false

    /// Reads fields until one doesn't start with a parenthesis.
    mutating func read(_ tokens: inout TokenStream) throws(TextError) {
        while tokens.current.kind == .leftParenthesis { try readField(&tokens) }
    }

    private mutating func readField(_ tokens: inout TokenStream) throws(TextError) {
        try tokens.advance()
        let field = tokens.current
        guard field.kind == .keyword else { throw tokens.unexpected("a module field") }
        switch String(decoding: tokens.word.prefix(8), as: UTF8.self) {
        case "type": try readType(&tokens)
        case "import": try readImport(&tokens)
        case "func": try readDefinition(&tokens, of: \.functions)
        case "table": try readDefinition(&tokens, of: \.tables)
        case "memory": try readDefinition(&tokens, of: \.memories)
        case "global": try readDefinition(&tokens, of: \.globals)
        case "elem": try readSegment(&tokens, of: \.elements)
        case "data": try readSegment(&tokens, of: \.data)
        case "export":
            try tokens.skip(closing: 1)
        case "start":
            if hasStart { throw tokens.malformed("multiple start sections") }
            hasStart = true
            try tokens.skip(closing: 1)
        default:
            throw tokens.unexpected("a module field")
        }
    }

    private mutating func readType(_ tokens: inout TokenStream) throws(TextError) {
        try tokens.advance()
        try define(&tokens, \.typeNames)
        try tokens.expectOpen("func")
        let signature = try Signature(&tokens, names: .ignored)
        try tokens.expectClose()
        try tokens.expectClose()
        types.append(signature.type)
    }

    private mutating func readImport(_ tokens: inout TokenStream) throws(TextError) {
        try checkImportOrder(tokens)
        try tokens.advance()
        for expectation in ["a module name", "an import name"] {
            try tokens.expect(.string, expectation)
        }
        try tokens.expect(.leftParenthesis, "'('")
        guard let space = space(tokens) else { throw tokens.unexpected("'func', 'table', 'memory' or 'global'") }
        try tokens.advance()
        try define(&tokens, space)
        try tokens.skip(closing: 2)
    }

    private func space(_ tokens: TokenStream) -> WritableKeyPath<Declarations, IndexSpace>? {
        switch String(decoding: tokens.word.prefix(8), as: UTF8.self) {
        case "func": \.functions
        case "table": \.tables
        case "memory": \.memories
        case "global": \.globals
        default: nil
        }
    }

    private mutating func readDefinition(
        _ tokens: inout TokenStream, of space: WritableKeyPath<Declarations, IndexSpace>
    ) throws(TextError) {
        try tokens.advance()
        try define(&tokens, space)
        while try tokens.acceptOpen("export") { try tokens.skip(closing: 1) }
        if try tokens.atOpen("import") {
            try checkImportOrder(tokens)
        } else {
            if firstDefinition == nil { firstDefinition = self[keyPath: space].noun }
            try countInlineSegment(&tokens, in: space)
        }
        try tokens.skip(closing: 1)
    }

    /// A table's `(elem ...)` and a memory's `(data ...)` take an index among the segments.
    private mutating func countInlineSegment(
        _ tokens: inout TokenStream, in space: WritableKeyPath<Declarations, IndexSpace>
    ) throws(TextError) {
        if space == \.memories, try tokens.atOpen("data") {
            data.defineUnnamed()
        } else if space == \.tables, tokens.current.kind == .keyword {
            try tokens.advance()
            if try tokens.atOpen("elem") { elements.defineUnnamed() }
        }
    }

    private mutating func readSegment(
        _ tokens: inout TokenStream, of space: WritableKeyPath<Declarations, IndexSpace>
    ) throws(TextError) {
        try tokens.advance()
        try define(&tokens, space)
        try tokens.skip(closing: 1)
    }

    /// Imports come before everything that takes an index in the same spaces.
    private func checkImportOrder(_ tokens: TokenStream) throws(TextError) {
        if let firstDefinition { throw tokens.malformed("import after \(firstDefinition)") }
    }

    private mutating func define(
        _ tokens: inout TokenStream, _ space: WritableKeyPath<Declarations, IndexSpace>
    ) throws(TextError) {
        let place = tokens.current
        if let name = try tokens.acceptIdentifier() {
            try self[keyPath: space].define(name, at: place, in: tokens)
        } else {
            self[keyPath: space].defineUnnamed()
        }
    }
}

/// The indices of one kind of thing, and the names that some of them have. Spec: 6.6.1.
struct IndexSpace: Sendable {
    /// As the specification's messages call it.
    let noun: String
    /// As the message for a name defined twice calls it.
    private let short: String
    private(set) var count: UInt32 = 0
    private var indices: [Identifier: UInt32] = [:]
    /// The names in the order of their indices.
    private(set) var names: [(index: UInt32, name: Identifier)] = []

    init(_ noun: String, short: String? = nil) {
        self.noun = noun
        self.short = short ?? noun
    }

    subscript(name: Identifier) -> UInt32? { indices[name] }

    /// Takes the next `count` indices without a name.
    mutating func defineUnnamed(_ count: Int = 1) {
        self.count &+= UInt32(truncatingIfNeeded: count)
    }

    /// Takes the next index for a name, which stands at `place`.
    mutating func define(_ name: Identifier, at place: Token, in tokens: TokenStream) throws(TextError) {
        guard indices.updateValue(count, forKey: name) == nil else {
            throw tokens.malformed("duplicate \(short) \(name)", at: place)
        }
        names.append((count, name))
        defineUnnamed()
    }
}

/// The types of a module, the explicit ones first. Spec: 6.4.3.
struct TypeTable: Sendable {
    private(set) var types: [FunctionType] = []
    /// The smallest index of each type.
    private var indices: [FunctionType: UInt32] = [:]

    subscript(index: UInt32) -> FunctionType? {
        index < types.count ? types[Int(index)] : nil
    }

    mutating func append(_ type: FunctionType) {
        let index = UInt32(truncatingIfNeeded: types.count)
        types.append(type)
        if indices[type] == nil { indices[type] = index }
    }

    /// The smallest index of a type, which is added if it is not there yet.
    mutating func index(of type: FunctionType) -> UInt32 {
        if let index = indices[type] { return index }
        let index = UInt32(truncatingIfNeeded: types.count)
        append(type)
        return index
    }
}
