/// Swift names for C ones.
enum Naming {
    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first == "_", !keywords.contains(name) else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } && !reservedTypes.contains(name)
    }

    /// As it is written where any word may stand that isn't a keyword.
    static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// A name that C may have and Swift may not: with a `$` in it.
    static func sanitized(_ name: String) -> String {
        name.contains("$") ? name.replacing("$", with: "_dollar_") : name
    }

    static let keywords: Set<String> = [
        "associatedtype", "borrowing", "class", "consuming", "deinit", "enum", "extension", "fileprivate", "func",
        "import", "init", "inout", "internal", "let", "open", "operator", "precedencegroup", "private", "protocol",
        "public", "rethrows", "static", "struct", "subscript", "typealias", "var", "break", "case", "catch", "continue",
        "default", "defer", "do", "else", "fallthrough", "for", "guard", "if", "in", "repeat", "return", "switch",
        "throw", "where", "while", "Any", "as", "await", "false", "is", "nil", "self", "Self", "super", "throws",
        "true",
        "try", "Type", "Protocol", "_",
    ]

    /// What generated code calls by their short names, which a library's own type inside the library's namespace would hide.
    static let reservedTypes: Set<String> = [
        "Int", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float", "Double", "Bool",
        "CChar", "String", "Void", "Optional", "Array", "Hashable", "Sendable", "UnsafeRawPointer",
        "UnsafeMutableRawPointer", "UnsafeMutablePointer", "RawSpan", "Tainted", "Machine", "Layout", "PerMachine",
        "Sandbox", "SandboxLibrary", "SandboxInterface", "SandboxPointer", "SandboxRawPointer", "SandboxRecord",
        "SandboxUnion", "SandboxEnumeration", "SandboxFunctionType", "SandboxFunctionPointer", "SandboxLong",
        "SandboxUnsignedLong", "SandboxArgument", "SandboxRecordArgument", "SandboxOwned", "SandboxCopies",
        "SandboxStorable", "SandboxScalar", "SandboxError",
        "SandboxAllocation", "SandboxCallback", "SandboxBits", "Library", "interface", "Swift",
    ]

    /// Members of ``Sandbox`` that a method of the same name would make ambiguous.
    static let reservedFunctions: Set<String> = [
        "machine", "death", "memorySize", "call", "withScratch", "withTimeLimit", "core", "init", "deinit", "self",
    ]

    /// What the body of a generated function uses, and its parameters can't be called.
    static let reservedParameters: Set<String> = reservedTypes.union([
        "slots", "result", "sandbox", "scratch", "call", "machine", "value", "bytes", "withScratch", "self", "pointer",
        "copies", "makeCopies", "own", "string",
    ])

    /// What a stored member can't be called.
    static let reservedMembers: Set<String> = [
        "layout", "load", "store", "init", "self", "Type", "Protocol", "Self", "tainted", "Record", "Value",
        // Of pointers, which have the members too.
        "machine", "address", "slot", "field", "cast", "advanced", "description", "hashValue", "hash",
    ]

    /// What a constant of an enumeration can't be called.
    static let reservedConstants: Set<String> = ["layout", "init", "self", "Type", "Protocol", "Self", "RawValue"]

    static func parameter(_ name: String, taken: Set<String> = []) -> String {
        var name = sanitized(name)
        while reservedParameters.contains(name) || taken.contains(name) { name += "_" }
        return name
    }

    static func member(_ name: String) -> String {
        let name = sanitized(name)
        return reservedMembers.contains(name) ? "\(name)_" : name
    }

    /// Whether `*` and `?` in a pattern can stand for what makes it the name.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        func match(_ name: Substring.UTF8View, _ pattern: Substring.UTF8View) -> Bool {
            guard let first = pattern.first else { return name.isEmpty }
            if first == UInt8(ascii: "*") {
                let rest = pattern.dropFirst()
                return match(name, rest) || (!name.isEmpty && match(name.dropFirst(), pattern))
            }
            guard let character = name.first, first == UInt8(ascii: "?") || first == character else { return false }
            return match(name.dropFirst(), pattern.dropFirst())
        }
        return match(name[...].utf8, pattern[...].utf8)
    }
}

/// A declaration name as Swift's attribute has it: `parse(_:bytes:)`.
struct SwiftFunctionName {
    let base: String
    /// `_` for none.
    let labels: [String]?

    /// `nil` for what isn't a plain function's name.
    init?(_ text: String) {
        let open = text.firstIndex(of: "(") ?? text.endIndex
        let base = String(text[..<open])
        guard base.first?.isLetter == true || base.first == "_",
            base.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else { return nil }
        self.base = base
        guard open < text.endIndex else {
            labels = nil
            return
        }
        guard text.last == ")" else { return nil }
        labels = text[open...].dropFirst().dropLast().split(separator: ":").map(String.init)
    }
}
