// Structures, unions and enumerations.

extension HeaderReader {
    /// - Parameters:
    ///   - name: a made one, for a type that stands where a member is declared and has none itself.
    ///   - owner: how C names the record that an anonymous member's members count as those of.
    mutating func readRecord(_ node: SyntaxNode, name made: String? = nil, owner: String? = nil) {
        guard let id = node.id, let key = recordKeys[id] else { return }
        if node.completeDefinition != true {
            // A mention. A definition says more, wherever it is.
            if header.records[key] == nil {
                header.records[key] = Record(
                    key: key, name: made ?? node.name ?? key, spelling: spelling(node),
                    isUnion: node.tagUsed == "union", place: node.place)
            }
            return
        }
        var record = Record(
            key: key, name: node.name ?? made ?? namesByTypedef[id]?.name ?? key, spelling: spelling(node),
            isUnion: node.tagUsed == "union", isComplete: true, comment: comment(node), place: node.place)
        record.swiftName = swiftName(node)
        if let old = header.records[key] {
            if record.comment.isEmpty { record.comment = old.comment }
            record.spelling = record.spelling ?? old.spelling
        }
        // Members may point back to it.
        header.records[key] = record
        var unnamed = 0
        for (position, child) in node.inner.enumerated() {
            switch child.kind {
            case "FieldDecl":
                record.fields.append(field(child, of: record))
            case "RecordDecl", "CXXRecordDecl":
                if child.isImplicit == true { break }
                // Its name is that of the member it is declared for.
                let user = node.inner[(position + 1)...].first { $0.kind == "FieldDecl" }
                let isAnonymous = child.name == nil && user?.isImplicit == true
                if isAnonymous { unnamed += 1 }
                let member = isAnonymous ? "anonymous\(unnamed == 1 ? "" : "\(unnamed)")" : user?.name ?? "member"
                let base = record.spelling ?? owner
                readRecord(child, name: "\(record.name)_\(member)", owner: isAnonymous ? base : nil)
                if let id = child.id, let key = recordKeys[id], child.name == nil {
                    header.records[key]?.isAnonymousMember = isAnonymous
                    if !isAnonymous, let base, let field = user?.name, user?.isBitfield != true {
                        let element = user?.type?.qualType.contains("[") == true ? "[0]" : ""
                        let target = user?.type?.qualType.contains("*") == true ? "*" : ""
                        header.records[key]?.spelling = "__typeof__(\(target)((\(base) *)0)->\(field)\(element))"
                    }
                }
            case "EnumDecl":
                readEnumeration(child)
            case "CXXConstructorDecl", "CXXDestructorDecl", "CXXMethodDecl":
                if child.isImplicit != true { record.isForeign = true }
            case "AccessSpecDecl": record.isForeign = true
            default: break
            }
        }
        header.records[key] = record
    }

    private func spelling(_ node: SyntaxNode) -> String? {
        if let name = node.name { return "\(node.tagUsed ?? "struct") \(name)" }
        return node.id.flatMap { namesByTypedef[$0]?.spelling }
    }

    private mutating func field(_ node: SyntaxNode, of record: Record) -> Record.Field {
        let text = node.type?.qualType ?? ""
        var width: Int?
        if node.isBitfield == true {
            width =
                node.first { $0.kind == "ConstantExpr" && $0.value != nil }?.value.flatMap { Int($0) }
                ?? node.first { $0.kind == "IntegerLiteral" }?.value.flatMap { Int($0) } ?? 0
        }
        let name = node.isImplicit == true ? nil : node.name
        return Record.Field(
            name: name,
            type: named(type(text), "\(record.name)_\(name ?? "member")", node.place, comment: []), spelling: text,
            bitWidth: width, comment: comment(node), place: node.place)
    }

    mutating func readEnumeration(_ node: SyntaxNode) {
        guard let id = node.id, let key = enumerationKeys[id] else { return }
        var enumeration = Enumeration(
            key: key, name: node.name ?? namesByTypedef[id]?.name,
            spelling: node.name.map { "enum \($0)" } ?? namesByTypedef[id]?.spelling,
            comment: comment(node), place: node.place)
        enumeration.swiftName = swiftName(node)
        var last: String?
        var commentLine = 0
        for child in node.inner where child.kind == "EnumConstantDecl" {
            guard let name = child.name else { continue }
            // What clang evaluated; a constant without a value of its own is one more than that before.
            let value =
                child.first { $0.kind == "ConstantExpr" && $0.value != nil }?.value ?? last.flatMap(Self.successor)
                ?? "0"
            last = value
            // Clang gives a constant without a comment that of the one before it.
            let line = child.inner.first { $0.kind == "FullComment" }?.lines.lowerBound ?? 0
            let comment = line == commentLine ? [] : self.comment(child)
            commentLine = line
            enumeration.constants.append(.init(name: name, value: value, comment: comment, place: child.place))
        }
        if let old = header.enumerations[key] {
            if enumeration.constants.isEmpty { return }
            enumeration.comment = enumeration.comment.isEmpty ? old.comment : enumeration.comment
        }
        enumeration.isComplete = !enumeration.constants.isEmpty
        header.enumerations[key] = enumeration
    }

    private static func successor(_ value: String) -> String? {
        if let number = Int64(value) { return number == .max ? "9223372036854775808" : "\(number + 1)" }
        return UInt64(value).map { "\($0 &+ 1)" }
    }
}
