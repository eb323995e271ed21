/// Reads types as clang writes them: `int (*)(void *, const struct S *)`. The tree has the types of fields and parameters only in
/// this form.
struct TypeParser {
    /// What names mean.
    struct Names {
        var isTypedef: (String) -> Bool
        /// The key of a record by its tag, or by the place of one without (`path:line:column`).
        var record: (String) -> String?
        var enumeration: (String) -> String?
    }

    private enum Token: Equatable {
        case word(String)
        case symbol(Character)
        case ellipsis
        /// Of a type without a name.
        case place(String)
    }

    private let text: [UInt8]
    private var tokens: [(token: Token, start: Int, end: Int)] = []
    private var position = 0
    private let names: Names

    static func parse(_ text: String, _ names: Names) -> CType {
        var parser = TypeParser(text, names)
        let type = parser.parseType()
        if parser.position < parser.tokens.count { return .unsupported("its type \(text) is not understood") }
        return type
    }

    private init(_ text: String, _ names: Names) {
        self.text = Array(text.utf8)
        self.names = names
        tokenize()
    }

    // MARK: - Tokens

    private mutating func tokenize() {
        var at = 0
        func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
                true
            default: false
            }
        }
        while at < text.count {
            let start = at
            let byte = text[at]
            if byte == UInt8(ascii: " ") {
                at += 1
                continue
            }
            if let (place, end) = unnamed(at) {
                at = end
                tokens.append((.place(place), start, at))
            } else if isWord(byte) {
                while at < text.count, isWord(text[at]) { at += 1 }
                tokens.append((.word(String(decoding: text[start..<at], as: UTF8.self)), start, at))
            } else if text[at...].starts(with: "...".utf8) {
                at += 3
                tokens.append((.ellipsis, start, at))
            } else {
                at += 1
                tokens.append((.symbol(Character(Unicode.Scalar(byte))), start, at))
            }
        }
    }

    /// `(unnamed struct at header.h:8:60)`.
    private func unnamed(_ start: Int) -> (String, Int)? {
        let rest = text[start...]
        guard rest.starts(with: "(unnamed".utf8) || rest.starts(with: "(anonymous".utf8),
            let end = rest.firstIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let words = String(decoding: text[start + 1..<end], as: UTF8.self)
        guard let at = words.range(of: " at ") else { return nil }
        return (String(words[at.upperBound...]), end + 1)
    }

    private var next: Token? { position < tokens.count ? tokens[position].token : nil }

    private mutating func take(_ symbol: Character) -> Bool {
        guard next == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private func spelling(from start: Int) -> String {
        guard start < position else { return "" }
        return String(decoding: text[tokens[start].start..<tokens[position - 1].end], as: UTF8.self)
    }

    // MARK: - Grammar

    private mutating func parseType() -> CType {
        let start = position
        let base = parseSpecifiers()
        return parseDeclarator(base, from: start)
    }

    private mutating func parseSpecifiers() -> CType {
        var words: [String] = []
        var named: CType?
        var trouble: String?
        loop: while let token = next {
            guard case .word(let word) = token else {
                if case .place(let place) = token, named == nil, words.isEmpty {
                    position += 1
                    named = unnamedType(place)
                    continue
                }
                break
            }
            switch word {
            case "const", "volatile", "register", "static", "__restrict", "restrict", "_Nonnull", "_Nullable",
                "_Null_unspecified", "__unaligned":
                position += 1
            case "__attribute__":
                position += 1
                let attribute = skipParentheses()
                if attribute.contains("vector_size") || attribute.contains("ext_vector") {
                    trouble = "vector types can't be passed into a sandbox"
                }
            case "struct", "union", "class", "enum":
                position += 1
                named = parseTagged(isEnumeration: word == "enum")
            case "unsigned", "signed", "long", "short", "int", "char", "void", "float", "double", "_Bool", "bool",
                "_Complex", "__int128", "_Float16", "__bf16", "__float128", "_Accum", "_Fract", "_Sat", "half",
                "__ibm128", "_Imaginary", "wchar_t", "char8_t", "char16_t", "char32_t":
                if named != nil { break loop }
                // In C these are typedefs of a header.
                if word.hasSuffix("_t"), names.isTypedef(word) {
                    named = .typedef(word)
                } else {
                    words.append(word)
                }
                position += 1
            case "_BitInt", "_ExtInt", "_Atomic", "typeof", "__typeof__", "decltype":
                position += 1
                _ = skipParentheses()
                trouble = "\(word) types can't be bound"
            default:
                if named != nil || !words.isEmpty { break loop }
                position += 1
                named = parseName(word)
            }
        }
        if let trouble { return .unsupported(trouble) }
        return named ?? Self.builtin(words)
    }

    /// A name, maybe with `::` in it.
    private mutating func parseName(_ first: String) -> CType {
        var word = first
        while next == .symbol(":"), position + 1 < tokens.count, tokens[position + 1].token == .symbol(":") {
            position += 2
            switch next {
            case .word(let name): word = name
            case .place(let place):
                position += 1
                return unnamedType(place)
            default: return .unsupported("its type is not understood")
            }
            position += 1
        }
        if next == .symbol("<") { return .unsupported("C++ templates can't be bound") }
        if ["va_list", "__builtin_va_list", "__gnuc_va_list", "__isoc_va_list"].contains(word) {
            return .unsupported("va_list can't be passed into a sandbox; write a wrapper that takes the arguments")
        }
        if word == "__builtin_ms_va_list" || word == "__int128_t" || word == "__uint128_t" {
            return .unsupported("\(word) can't be passed into a sandbox")
        }
        if word == "size_t" || word == "__size_t" { return .typedef("size_t") }
        if names.isTypedef(word) { return .typedef(word) }
        if let key = names.record(word) { return .record(key) }
        if let key = names.enumeration(word) { return .enumeration(key) }
        return .unsupported("its type \(word) is not known")
    }

    private mutating func parseTagged(isEnumeration: Bool) -> CType {
        switch next {
        case .place(let place):
            position += 1
            return unnamedType(place)
        case .word(let word):
            position += 1
            var tag = word
            while next == .symbol(":") {
                position += 1
                if case .word(let name) = next {
                    tag = name
                    position += 1
                } else if case .place(let place) = next {
                    position += 1
                    return unnamedType(place)
                }
            }
            if isEnumeration {
                return names.enumeration(tag).map { .enumeration($0) } ?? .unsupported("enum \(tag) is not known")
            }
            return names.record(tag).map { .record($0) } ?? .unsupported("its type \(tag) is not known")
        default: return .unsupported("its type is not understood")
        }
    }

    private func unnamedType(_ place: String) -> CType {
        if let key = names.record(place) { return .record(key) }
        if let key = names.enumeration(place) { return .enumeration(key) }
        return .unsupported("its type without a name is not understood")
    }

    private static func builtin(_ words: [String]) -> CType {
        switch words.sorted().joined(separator: " ") {
        case "void": .void
        case "float": .float
        case "double": .double
        case "_Bool", "bool": .integer(.bool)
        case "char": .integer(.char)
        case "char signed": .integer(.signedChar)
        case "char unsigned", "char8_t": .integer(.unsignedChar)
        case "short", "int short", "short signed", "int short signed": .integer(.short)
        case "short unsigned", "int short unsigned", "char16_t": .integer(.unsignedShort)
        case "int", "signed", "int signed", "wchar_t": .integer(.int)
        case "unsigned", "int unsigned", "char32_t": .integer(.unsignedInt)
        case "long", "int long", "long signed", "int long signed": .integer(.long)
        case "long unsigned", "int long unsigned": .integer(.unsignedLong)
        case "long long", "int long long", "long long signed": .integer(.longLong)
        case "long long unsigned", "int long long unsigned": .integer(.unsignedLongLong)
        default: .unsupported("\(words.joined(separator: " ")) can't be passed into a sandbox")
        }
    }

    /// The text between a parenthesis here and the one that closes it.
    private mutating func skipParentheses() -> String {
        guard take("(") else { return "" }
        let start = position
        var depth = 1
        while let token = next, depth > 0 {
            if token == .symbol("(") { depth += 1 }
            if token == .symbol(")") { depth -= 1 }
            position += 1
        }
        let end = position - 1
        guard start < end else { return "" }
        return String(decoding: text[tokens[start].start..<tokens[end - 1].end], as: UTF8.self)
    }

    private mutating func skipQualifiers() -> Bool {
        var isNonnull = false
        while case .word(let word) = next {
            switch word {
            case "_Nonnull": isNonnull = true
            case "const", "volatile", "restrict", "__restrict", "_Nullable", "_Null_unspecified", "_Nullable_result",
                "__unaligned", "noexcept", "_Atomic":
                break
            case "__attribute__":
                position += 1
                _ = skipParentheses()
                continue
            default: return isNonnull
            }
            position += 1
        }
        return isNonnull
    }

    /// - Parameter start: where the text of `base` begins, if it is in one piece.
    private mutating func parseDeclarator(_ base: CType, from start: Int?) -> CType {
        var type = base
        loop: while true {
            _ = skipQualifiers()
            switch next {
            case .symbol("*"):
                position += 1
                type = .pointer(type, isNonnull: skipQualifiers())
            case .symbol("^"):
                position += 1
                _ = skipQualifiers()
                type = .unsupported("blocks can't be passed into a sandbox")
            case .symbol("&"):
                position += 1
                type = .unsupported("C++ references can't be bound")
            default: break loop
            }
        }
        let result = start.map(spelling(from:)) ?? ""
        guard next == .symbol("("), isGroup(position + 1) else { return parseSuffixes(type, result) }
        position += 1
        let inner = position
        var depth = 1
        while position < tokens.count, depth > 0 {
            if next == .symbol("(") { depth += 1 }
            if next == .symbol(")") { depth -= 1 }
            position += 1
        }
        type = parseSuffixes(type, result)
        let end = position
        position = inner
        type = parseDeclarator(type, from: nil)
        guard take(")") else { return .unsupported("its type is not understood") }
        position = end
        return type
    }

    /// Whether a parenthesis groups a declarator, not parameters.
    private func isGroup(_ position: Int) -> Bool {
        guard position < tokens.count else { return false }
        switch tokens[position].token {
        case .symbol("*"), .symbol("^"), .symbol("&"), .symbol("("): return true
        case .word("__attribute__"): return true
        default: return false
        }
    }

    private mutating func parseSuffixes(_ base: CType, _ baseSpelling: String) -> CType {
        if take("[") {
            var count: Int?
            var isVariable = false
            while let token = next, token != .symbol("]") {
                if case .word(let word) = token {
                    if let number = Int(word) { count = number } else if word != "static" { isVariable = true }
                }
                if token == .symbol("*") { isVariable = true }
                position += 1
            }
            _ = take("]")
            let element = parseSuffixes(base, baseSpelling)
            return .array(element, isVariable ? nil : count)
        }
        guard take("(") else {
            _ = skipQualifiers()
            return base
        }
        var function = CFunctionType(result: base, resultSpelling: baseSpelling, parameters: [])
        if take(")") {
            function.hasPrototype = false
        } else {
            repeat {
                if next == .ellipsis {
                    position += 1
                    function.isVariadic = true
                    continue
                }
                let start = position
                let type = parseType()
                if type == .void { continue }
                function.parameters.append(.init(type: type, spelling: spelling(from: start)))
            } while take(",")
            guard take(")") else { return .unsupported("its type is not understood") }
        }
        _ = skipQualifiers()
        return .function(function)
    }
}
