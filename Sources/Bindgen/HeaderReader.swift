import Foundation
import Toolchain

/// Reads clang's syntax tree into a ``Header``.
struct HeaderReader {
    let clang: Clang
    let annotations: Annotations
    var header = Header()
    /// Files of the library's, as opposed to the system's.
    var ownFiles: Set<String> = []
    var sources: [String: [UInt8]] = [:]

    /// Keys by the tree's identifiers.
    var recordKeys: [String: String] = [:]
    var enumerationKeys: [String: String] = [:]
    /// Keys by tag, by the place of a type that has none, and by the name that a typedef gives it.
    var recordNames: [String: String] = [:]
    var enumerationNames: [String: String] = [:]
    var typedefNames: Set<String> = []
    /// What a typedef calls types without a tag, by the tree's identifiers.
    var namesByTypedef: [String: (name: String, spelling: String)] = [:]
    var functionPlaces: [String: Int] = [:]
    var variablePlaces: [String: Int] = [:]
    var foreignCount = 0
    var isExternC = false

    init(clang: Clang, annotations: Annotations) {
        self.clang = clang
        self.annotations = annotations
    }

    mutating func read() throws {
        try readMacros()
        let tree = try clang.syntaxTree(.wasm32)
        let ownFiles = ownFiles
        let clang = clang
        var resolver = PlaceResolver { path in
            let isMain = path.hasSuffix("/\(Clang.mainName)")
            return Place(
                path: path, file: isMain ? "annotations" : clang.displayName(path),
                isOwn: isMain || ownFiles.contains(path))
        }
        resolver.resolve(tree)
        // Names first: clang's text for a type can name what only a later typedef gives a name.
        for node in tree.inner { collectNames(node) }
        for node in tree.inner { readDeclaration(node) }
        if foreignCount > 0 {
            header.notes.append(
                .init(
                    name: "\(foreignCount) C++ declarations", place: "",
                    reason: "only functions declared extern \"C\" can be bound"))
        }
    }

    // MARK: - Macros and files

    private mutating func readMacros() throws {
        let output = try clang.run(.wasm32, ["-E", "-dD", "-o", "-"])
        guard output.isSuccess else {
            throw BindgenError.clang(machine: Clang.Machine.wasm32.rawValue, diagnostics: output.diagnostics)
        }
        var file = ""
        var line = 0
        var isSystem = true
        var macros = OrderedTable<Macro>()
        var removed: Set<String> = []
        for text in output.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard text.first == UInt8(ascii: "#") else {
                line += 1
                continue
            }
            let string = String(decoding: text, as: UTF8.self)
            if string.hasPrefix("# ") {
                let parts = string.split(separator: "\"", omittingEmptySubsequences: false)
                guard parts.count >= 3, let number = Int(parts[0].dropFirst(2).dropLast()) else { continue }
                line = number
                file = parts[1..<parts.count - 1].joined(separator: "\"").replacing("\\\\", with: "\\")
                let flags = parts[parts.count - 1].split(separator: " ")
                isSystem = flags.contains("3") || file.hasPrefix("<")
                if !isSystem { ownFiles.insert(file) }
                continue
            }
            if string.hasPrefix("#undef ") { removed.insert(String(string.dropFirst(7))) }
            if string.hasPrefix("#define "), !isSystem, let macro = macro(string.dropFirst(8), file, line) {
                removed.remove(macro.name)
                macros[macro.name] = macro
            }
            line += 1
        }
        header.macros = macros.all.filter { !removed.contains($0.name) }
    }

    private func macro(_ text: Substring, _ file: String, _ line: Int) -> Macro? {
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
        let rest = text.dropFirst(name.count)
        guard !file.hasSuffix("/\(Clang.mainName)") else { return nil }
        let place = Place(path: file, file: clang.displayName(file), line: line, isOwn: true)
        return Macro(
            name: String(name), body: rest.trimmingCharacters(in: .whitespaces), isFunctionLike: rest.first == "(",
            place: place)
    }

    // MARK: - Names

    private mutating func collectNames(_ node: SyntaxNode) {
        switch node.kind {
        case "RecordDecl", "CXXRecordDecl":
            guard let id = node.id, node.isImplicit != true || node.name != nil || node.loc?.bare.offset != nil else {
                break
            }
            let place = "\(node.place.path):\(node.place.line):\(node.column)"
            let key = node.name ?? place
            recordKeys[id] = key
            recordNames[key] = key
            recordNames[place] = key
        case "EnumDecl":
            guard let id = node.id else { break }
            let place = "\(node.place.path):\(node.place.line):\(node.column)"
            let key = node.name ?? place
            enumerationKeys[id] = key
            enumerationNames[key] = key
            enumerationNames[place] = key
        case "TypedefDecl", "TypeAliasDecl":
            guard let name = node.name else { break }
            typedefNames.insert(name)
            guard let id = directTag(node) else {
                // The record that a typedef of a pointer declares on its way.
                if let id = node.first(where: { $0.ownedTagDecl != nil })?.ownedTagDecl?.id, namesByTypedef[id] == nil {
                    namesByTypedef[id] = ("\(name)_pointee", "__typeof__(*(\(name))0)")
                }
                break
            }
            if namesByTypedef[id] == nil { namesByTypedef[id] = (name, name) }
            if let key = recordKeys[id], recordNames[name] == nil { recordNames[name] = key }
            if let key = enumerationKeys[id], enumerationNames[name] == nil { enumerationNames[name] = key }
        default: break
        }
        switch node.kind {
        case "TranslationUnitDecl", "RecordDecl", "CXXRecordDecl", "LinkageSpecDecl", "NamespaceDecl":
            for child in node.inner { collectNames(child) }
        default: break
        }
    }

    /// The structure or enumeration that a typedef is another name of.
    private func directTag(_ node: SyntaxNode) -> String? {
        guard var type = node.inner.first(where: { $0.kind.hasSuffix("Type") }) else { return nil }
        while true {
            switch type.kind {
            case "ElaboratedType":
                if let id = type.ownedTagDecl?.id { return id }
            case "RecordType", "EnumType": return type.decl?.id
            case "QualType": break
            default: return nil
            }
            guard let next = type.inner.first else { return nil }
            type = next
        }
    }

    /// The type that clang writes so.
    func type(_ text: String) -> CType {
        let records = recordNames
        let enumerations = enumerationNames
        let typedefs = typedefNames
        return TypeParser.parse(
            text,
            TypeParser.Names(
                isTypedef: { typedefs.contains($0) }, record: { records[$0] }, enumeration: { enumerations[$0] }))
    }

    // MARK: - Declarations

    private mutating func readDeclaration(_ node: SyntaxNode) {
        guard node.isImplicit != true, node.isInvalid != true else { return }
        switch node.kind {
        case "LinkageSpecDecl":
            let outer = isExternC
            isExternC = node.language == "C"
            for child in node.inner { readDeclaration(child) }
            isExternC = outer
        case "NamespaceDecl":
            if node.place.isOwn {
                for child in node.inner where child.kind.hasSuffix("Decl") { readForeign(child) }
            }
        case "FunctionDecl": readFunction(node)
        case "VarDecl": readVariable(node)
        case "RecordDecl", "CXXRecordDecl": readRecord(node)
        case "EnumDecl": readEnumeration(node)
        case "TypedefDecl", "TypeAliasDecl": readTypedef(node)
        case "ClassTemplateDecl", "FunctionTemplateDecl", "CXXMethodDecl", "VarTemplateDecl", "TypeAliasTemplateDecl":
            if node.place.isOwn { foreignCount += 1 }
        default: break
        }
    }

    /// extern "C" reaches into namespaces.
    mutating func readForeign(_ node: SyntaxNode) {
        if node.kind == "LinkageSpecDecl" { readDeclaration(node) } else { foreignCount += 1 }
    }

    private mutating func readFunction(_ node: SyntaxNode) {
        guard let name = node.name, let spelling = node.type?.qualType else { return }
        let hasOtherSymbol = node.mangledName.map { $0 != name && $0 != "_\(name)" } ?? false
        if clang.isCPlusPlus, !isExternC || (hasOtherSymbol && node.storageClass != "static") {
            if node.place.isOwn { foreignCount += 1 }
            return
        }
        guard node.place.isOwn else { return }
        guard case .function(var type) = type(spelling) else {
            header.notes.append(
                .init(name: name, place: node.place.text, reason: "its type \(spelling) is not understood"))
            return
        }
        var nonnull: Set<Int> = []
        var allNonnull = false
        var function = Function(name: name, type: type, place: node.place)
        for child in node.inner {
            switch child.kind {
            case "NonNullAttr":
                // Which parameters it is about, the tree doesn't say.
                guard let text = source(of: child) else { break }
                let positions = AttributeText.numbers(in: text)
                if positions.isEmpty { allNonnull = true }
                nonnull.formUnion(positions.map { $0 - 1 })
            case "ReturnsNonNullAttr": function.returnsNonnull = true
            case "SwiftNameAttr": function.swiftName = source(of: child).flatMap(AttributeText.string)
            case "UnavailableAttr": function.isUnavailable = true
            default: break
            }
        }
        let parameters = node.inner.filter { $0.kind == "ParmVarDecl" }
        for (position, parameter) in parameters.enumerated() where position < type.parameters.count {
            let made = parameter.name ?? "parameter\(position + 1)"
            type.parameters[position].name = parameter.name
            var parameterType = type.parameters[position].type
            if let text = parameter.type?.qualType {
                // The function's own type says what an array or function as a parameter became.
                let own = self.type(text)
                if case .array = own {
                } else if case .function = own {
                } else {
                    parameterType = own
                    type.parameters[position].spelling = text
                }
            }
            if allNonnull || nonnull.contains(position)
                || parameter.inner.contains(where: { $0.kind == "NonNullAttr" }),
                case .pointer(let pointee, _) = resolved(parameterType)
            {
                parameterType =
                    if case .typedef = parameterType { parameterType } else { .pointer(pointee, isNonnull: true) }
            }
            type.parameters[position].type = named(
                parameterType, "\(name)_\(made)", node.place, comment: [])
        }
        type.result = named(type.result, "\(name)_result", node.place, comment: [])
        function.type = type
        function.isStatic = node.storageClass == "static"
        function.isInline = function.isStatic || node.inline == true
        function.comment = comment(node)
        function.isWrapper = node.place.file == "annotations"
        if let known = functionPlaces[name] {
            // The declaration with most to say about it.
            let old = header.functions[known]
            if function.comment.isEmpty { function.comment = old.comment }
            if function.type.parameters.allSatisfy({ $0.name == nil }) { function.type = old.type }
            function.isInline = function.isInline || old.isInline
            function.isStatic = function.isStatic || old.isStatic
            function.returnsNonnull = function.returnsNonnull || old.returnsNonnull
            function.swiftName = function.swiftName ?? old.swiftName
            function.place = old.place
            header.functions[known] = function
        } else {
            functionPlaces[name] = header.functions.count
            header.functions.append(function)
        }
    }

    private mutating func readVariable(_ node: SyntaxNode) {
        guard node.place.isOwn, let name = node.name, let spelling = node.type?.qualType else { return }
        if clang.isCPlusPlus, !isExternC, node.mangledName.map({ $0 != name }) ?? false, node.storageClass != "static" {
            foreignCount += 1
            return
        }
        let variable = Variable(
            name: name, type: named(type(spelling), name, node.place, comment: []), spelling: spelling,
            isConstant: spelling.hasPrefix("const ") || spelling.hasSuffix("const"),
            isStatic: node.storageClass == "static", isThreadLocal: node.tls != nil,
            comment: comment(node), place: node.place)
        if let known = variablePlaces[name] {
            if header.variables[known].comment.isEmpty { header.variables[known].comment = variable.comment }
        } else {
            variablePlaces[name] = header.variables.count
            header.variables.append(variable)
        }
    }

    private mutating func readTypedef(_ node: SyntaxNode) {
        guard let name = node.name, let spelling = node.type?.qualType else { return }
        let comment = self.comment(node)
        if let id = directTag(node) {
            if let key = recordKeys[id] {
                if header.records[key]?.comment.isEmpty == true { header.records[key]?.comment = comment }
                if header.records[key]?.swiftName == nil, let name = swiftName(node) {
                    header.records[key]?.swiftName = name
                }
                // The record itself may come later.
                header.typedefs[name] = Typedef(
                    name: name, type: .record(key), spelling: spelling, comment: comment, place: node.place)
                return
            }
            if let key = enumerationKeys[id] {
                if header.enumerations[key]?.comment.isEmpty == true { header.enumerations[key]?.comment = comment }
                header.typedefs[name] = Typedef(
                    name: name, type: .enumeration(key), spelling: spelling, comment: comment, place: node.place)
                return
            }
        }
        var parsed = type(spelling)
        if parsed == .typedef(name), let desugared = node.type?.desugaredQualType { parsed = type(desugared) }
        header.typedefs[name] = Typedef(
            name: name, type: named(parsed, name, node.place, comment: comment, isTypedef: true), spelling: spelling,
            comment: comment, place: node.place, swiftName: swiftName(node))
    }

    mutating func swiftName(_ node: SyntaxNode) -> String? {
        guard let attribute = node.inner.first(where: { $0.kind == "SwiftNameAttr" }) else { return nil }
        return source(of: attribute).flatMap(AttributeText.string)
    }

    // MARK: - Function types

    /// The type with a name for each function type in it: the typedef's, or one made from where it stands.
    mutating func named(
        _ type: CType, _ name: String, _ place: Place, comment: [String], isTypedef: Bool = false
    ) -> CType {
        switch type {
        case .pointer(.function(let function), let isNonnull):
            add(function, name, place, comment)
            return .callback(name, isNonnull: isNonnull)
        case .function(let function):
            add(function, name, place, comment)
            if isTypedef { functionTypedefs.insert(name) }
            return .callback(name, isNonnull: false)
        case .pointer(.typedef(let alias), let isNonnull):
            // A pointer to a function type with a name of its own.
            if case .callback(let callback, _)? = header.typedefs[alias]?.type,
                functionTypedefs.contains(alias)
            {
                return .callback(callback, isNonnull: isNonnull)
            }
            return type
        case .pointer(let pointee, let isNonnull):
            return .pointer(named(pointee, name, place, comment: comment), isNonnull: isNonnull)
        case .array(let element, let count):
            return .array(named(element, name, place, comment: comment), count)
        default: return type
        }
    }

    /// Typedefs of functions, not of pointers to functions.
    var functionTypedefs: Set<String> = []

    private mutating func add(_ function: CFunctionType, _ name: String, _ place: Place, _ comment: [String]) {
        guard header.callbacks[name] == nil else { return }
        var function = function
        for position in function.parameters.indices {
            function.parameters[position].type = named(
                function.parameters[position].type, "\(name)_parameter\(position + 1)", place, comment: [])
        }
        function.result = named(function.result, "\(name)_result", place, comment: [])
        header.callbacks[name] = Callback(name: name, type: function, comment: comment, place: place)
    }

    /// The type behind its typedefs.
    private func resolved(_ type: CType) -> CType {
        var type = type
        while case .typedef(let name) = type, let next = header.typedefs[name] { type = next.type }
        return type
    }

    // MARK: - Comments

    /// What the comment right before or after a declaration says.
    mutating func comment(_ node: SyntaxNode) -> [String] {
        guard let comment = node.inner.first(where: { $0.kind == "FullComment" }), isAdjacent(comment, node) else {
            return []
        }
        return CommentReader.lines(comment)
    }

    /// Clang takes any comment before a declaration for one about it: a heading above it, or what is said about the one before.
    private mutating func isAdjacent(_ comment: SyntaxNode, _ node: SyntaxNode) -> Bool {
        guard let end = comment.range?.end.bare.offset,
            let begin = (node.range?.begin.expansion ?? node.range?.begin.bare)?.offset, end < begin
        else { return true }
        let text = source(node.place.path)
        guard begin <= text.count else { return true }
        let between = text[end..<begin].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return !between.dropFirst().dropLast().contains { line in
            line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        }
    }

    private mutating func source(_ path: String) -> [UInt8] {
        if let text = sources[path] { return text }
        let text = (try? Data(contentsOf: URL(fileURLWithPath: path))).map(Array.init) ?? []
        sources[path] = text
        return text
    }

    // MARK: - Attributes

    /// The attribute as it stands in the header; `nil` where a macro wrote it.
    mutating func source(of node: SyntaxNode) -> String? {
        guard let range = node.range, let start = range.begin.bare.offset, let last = range.end.bare.offset,
            let length = range.end.bare.tokLen
        else { return nil }
        let text = source(node.place.path)
        guard start <= last, last + length <= text.count else { return nil }
        return String(decoding: text[start..<last + length], as: UTF8.self)
    }
}

/// What is inside an attribute's parentheses.
enum AttributeText {
    static func numbers(in text: String) -> [Int] {
        guard let open = text.firstIndex(of: "(") else { return [] }
        return text[open...].split { !$0.isNumber }.compactMap { Int($0) }
    }

    static func string(in text: String) -> String? {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 3 ? String(parts[1]) : nil
    }
}
