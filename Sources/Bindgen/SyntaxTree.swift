import Foundation

/// A node of clang's syntax tree: the parts of it that bindings are made from.
final class SyntaxNode: Decodable {
    struct TypeName: Decodable {
        let qualType: String
        let desugaredQualType: String?
    }

    struct Reference: Decodable {
        let id: String?
    }

    /// Clang leaves out the file and the line where they are those of the place it wrote before.
    struct Position: Decodable {
        struct Bare: Decodable {
            let offset: Int?
            let file: String?
            let line: Int?
            let col: Int?
            let tokLen: Int?
        }

        let bare: Bare
        let spelling: Bare?
        let expansion: Bare?

        private enum Key: String, CodingKey {
            case spellingLoc
            case expansionLoc
        }

        init(from decoder: any Decoder) throws {
            bare = try Bare(from: decoder)
            if bare.offset == nil {
                let container = try decoder.container(keyedBy: Key.self)
                spelling = try container.decodeIfPresent(Bare.self, forKey: .spellingLoc)
                expansion = try container.decodeIfPresent(Bare.self, forKey: .expansionLoc)
            } else {
                spelling = nil
                expansion = nil
            }
        }
    }

    struct Range: Decodable {
        let begin: Position
        let end: Position
    }

    let id: String?
    /// Empty for the nulls that stand for absent parts.
    let kind: String
    let loc: Position?
    let range: Range?
    let name: String?
    let type: TypeName?
    let tagUsed: String?
    let completeDefinition: Bool?
    let isBitfield: Bool?
    let isImplicit: Bool?
    let isInvalid: Bool?
    let storageClass: String?
    let inline: Bool?
    let variadic: Bool?
    let tls: String?
    let ownedTagDecl: Reference?
    let decl: Reference?
    let language: String?
    let mangledName: String?
    let previousDecl: String?
    /// Of comments.
    let text: String?
    let param: String?
    let arguments: [String]
    /// Of expressions, as text.
    let value: String?
    let inner: [SyntaxNode]
    /// Filled in after decoding.
    var place = Place()
    var column = 0
    /// The lines it is on, begin to end.
    var lines = 0...0

    private enum Key: String, CodingKey {
        case id, kind, loc, range, name, type, tagUsed, completeDefinition, isBitfield, isImplicit, isInvalid
        case storageClass, inline, variadic, tls, ownedTagDecl, decl, language, mangledName, previousDecl
        case text, param, args, value, inner
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        kind = try container.decodeIfPresent(String.self, forKey: .kind) ?? ""
        id = try container.decodeIfPresent(String.self, forKey: .id)
        loc = try container.decodeIfPresent(Position.self, forKey: .loc)
        range = try container.decodeIfPresent(Range.self, forKey: .range)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        type = try container.decodeIfPresent(TypeName.self, forKey: .type)
        inner = try container.decodeIfPresent([SyntaxNode].self, forKey: .inner) ?? []
        let isComment = kind.hasSuffix("Comment")
        text = isComment ? try container.decodeIfPresent(String.self, forKey: .text) : nil
        param = isComment ? try container.decodeIfPresent(String.self, forKey: .param) : nil
        arguments = isComment ? try container.decodeIfPresent([String].self, forKey: .args) ?? [] : []
        let isExpression = kind.hasSuffix("Expr") || kind.hasSuffix("Literal")
        value = isExpression && container.contains(.value) ? try? container.decode(String.self, forKey: .value) : nil

        let isDeclaration = kind.hasSuffix("Decl")
        func decode<T: Decodable>(_ key: Key) throws -> T? {
            isDeclaration ? try container.decodeIfPresent(T.self, forKey: key) : nil
        }
        tagUsed = try decode(.tagUsed)
        completeDefinition = try decode(.completeDefinition)
        isBitfield = try decode(.isBitfield)
        isImplicit = try decode(.isImplicit)
        isInvalid = try decode(.isInvalid)
        storageClass = try decode(.storageClass)
        inline = try decode(.inline)
        variadic = try decode(.variadic)
        tls = try decode(.tls)
        language = try decode(.language)
        mangledName = try decode(.mangledName)
        previousDecl = try decode(.previousDecl)
        let isType = kind.hasSuffix("Type")
        ownedTagDecl = isType ? try container.decodeIfPresent(Reference.self, forKey: .ownedTagDecl) : nil
        decl = isType ? try container.decodeIfPresent(Reference.self, forKey: .decl) : nil
    }

    /// The first of these nodes and those below them that `predicate` holds for, in the order in which clang wrote them.
    func first(where predicate: (SyntaxNode) -> Bool) -> SyntaxNode? {
        if predicate(self) { return self }
        for node in inner {
            if let found = node.first(where: predicate) { return found }
        }
        return nil
    }
}

/// Gives each node its place, in clang's order.
struct PlaceResolver {
    private var line = 0
    /// Of the current file; its line is not set.
    private var current = Place()
    private var files: [String: Place] = [:]
    private let describe: (_ path: String) -> Place

    init(describe: @escaping (_ path: String) -> Place) {
        self.describe = describe
    }

    private var place: Place {
        var place = current
        place.line = line
        return place
    }

    mutating func resolve(_ node: SyntaxNode) {
        if let loc = node.loc {
            visit(loc)
            node.place = place
            node.column = loc.expansion?.col ?? loc.bare.col ?? 0
        }
        if let range = node.range {
            visit(range.begin)
            if node.loc == nil { node.place = place }
            let begin = line
            visit(range.end)
            node.lines = min(begin, line)...max(begin, line)
        }
        for child in node.inner { resolve(child) }
    }

    private mutating func visit(_ position: SyntaxNode.Position) {
        for bare in [position.spelling, position.expansion, position.bare] {
            guard let bare, bare.offset != nil else { continue }
            if let path = bare.file {
                current = files[path] ?? describe(path)
                files[path] = current
            }
            if let line = bare.line { self.line = line }
        }
    }
}
