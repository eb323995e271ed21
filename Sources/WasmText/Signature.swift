import WasmModule

/// `(param ...)* (result ...)*`. Spec: 6.4.3.
struct Signature: Sendable {
    enum Names {
        /// Parameters can be named, and the names count.
        case kept
        /// Parameters can be named, to no effect.
        case ignored
        case forbidden
    }

    private(set) var type = FunctionType(parameters: [], results: [])
    /// The names of parameters by index, with the tokens they are; none unless kept.
    private(set) var names: [(index: Int, name: Identifier, place: Token)] = []

    init(_ tokens: inout TokenStream, names: Names) throws(TextError) {
        while try tokens.acceptOpen("param") {
            let place = tokens.current
            if names != .forbidden, let name = try tokens.acceptIdentifier() {
                if names == .kept { self.names.append((type.parameters.count, name, place)) }
                type.parameters.append(try tokens.valueType())
            } else {
                try tokens.valueTypes(into: &type.parameters)
            }
            try tokens.expectClose()
        }
        while try tokens.acceptOpen("result") {
            try tokens.valueTypes(into: &type.results)
            try tokens.expectClose()
        }
        // Said here, lest a signature cut short is compared with its type first.
        if try tokens.acceptOpen("param") {
            throw tokens.malformed("unexpected token: expected ')', found 'param' after 'result'")
        }
    }
}

extension TokenStream {
    /// Spec: 6.4.1.
    mutating func valueType() throws(TextError) -> ValueType {
        guard current.kind == .keyword, let type = Vocabulary.valueType(word) else {
            if try atOpen("ref") { try advance() }
            throw unexpected("a value type")
        }
        try advance()
        return type
    }

    /// As many value types as there are before a `)`.
    mutating func valueTypes(into types: inout [ValueType]) throws(TextError) {
        while current.kind != .rightParenthesis { types.append(try valueType()) }
    }

    var atReferenceType: Bool {
        current.kind == .keyword && Vocabulary.valueType(word)?.reference != nil
    }

    mutating func referenceType() throws(TextError) -> ReferenceType {
        guard atReferenceType, let type = Vocabulary.valueType(word)?.reference else {
            if try atOpen("ref") { try advance() }
            throw unexpected("a reference type")
        }
        try advance()
        return type
    }

    /// `func` or `extern`. Spec: 6.4.2.
    mutating func heapType() throws(TextError) -> ReferenceType {
        if try accept("func") { return .funcref }
        if try accept("extern") { return .externref }
        if atIndex { throw unsupported("'\(excerpt)' as a heap type needs typed function references") }
        throw unexpected("'func' or 'extern'")
    }

    /// A minimum and perhaps a maximum. Spec: 6.4.4.
    mutating func limits() throws(TextError) -> Limits {
        if at("i64") { throw unsupported("'i64' needs 64-bit memories and tables") }
        _ = try accept("i32")
        let minimum = UInt64(try natural32("a number of pages or elements"))
        let maximum = current.kind == .natural ? UInt64(try natural32("a maximum")) : nil
        return Limits(minimum: minimum, maximum: maximum)
    }

    mutating func tableType() throws(TextError) -> TableType {
        let limits = try limits()
        return TableType(element: try referenceType(), limits: limits)
    }

    mutating func globalType() throws(TextError) -> GlobalType {
        guard try acceptOpen("mut") else { return GlobalType(value: try valueType(), mutability: .constant) }
        let type = GlobalType(value: try valueType(), mutability: .variable)
        try expectClose()
        return type
    }
}
