/// What a document consists of, in the order in which it is read.
public enum XMLEvent: Hashable, Sendable {
    /// `<?xml …?>`
    case declaration(version: String?, encoding: String?, isStandalone: Bool?)
    /// `<!DOCTYPE name …>`
    case documentType(name: String, systemID: String?, publicID: String?)
    case startElement(XMLName, attributes: [XMLAttribute])
    /// Of the element that was started last and has not ended.
    case endElement(XMLName)
    /// Character data with entities replaced. Adjacent pieces come as one, unless they are very long.
    case text(String)
    case comment(String)
    case processingInstruction(target: String, data: String)
}

/// A name of an element or an attribute.
public struct XMLName: Hashable, Sendable {
    /// The URI that its prefix stands for; `nil` for none.
    public var namespace: String?
    /// Without a prefix.
    public var local: String

    public init(namespace: String? = nil, local: String) {
        self.namespace = namespace
        self.local = local
    }
}

public struct XMLAttribute: Hashable, Sendable {
    public var name: XMLName
    public var value: String

    public init(name: XMLName, value: String) {
        self.name = name
        self.value = value
    }
}

extension XMLName: CustomStringConvertible {
    public var description: String { namespace.map { "{\($0)}\(local)" } ?? local }
}

/// Why a document could not be read to its end.
public enum XMLError: Error, Hashable, Sendable {
    /// It is not well-formed. Lines count from 1, columns from 0.
    case malformed(String, line: Int, column: Int)
    /// The parser was stopped, for it went past a limit or did what a parser doesn't do.
    case stopped(String)
}

extension XMLError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let reason, let line, let column): "\(line):\(column): \(reason)"
        case .stopped(let reason): "the parser was stopped: \(reason)"
        }
    }
}
