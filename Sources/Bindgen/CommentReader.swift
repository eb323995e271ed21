/// Comments in headers, as documentation comments of Swift.
enum CommentReader {
    /// What a comment says; a line of text each, not yet broken to any width. Empty lines part paragraphs.
    static func lines(_ comment: SyntaxNode) -> [String] {
        var blocks: [[String]] = []
        var parameters: [String] = []
        var returns: [String] = []
        for child in comment.inner {
            switch child.kind {
            case "ParamCommandComment":
                let text = flow(child)
                if let name = child.param { parameters.append("- Parameter \(name): \(text)") }
            case "BlockCommandComment":
                let text = flow(child)
                switch child.name ?? "" {
                case "brief", "short", "abstract", "details", "par": if !text.isEmpty { blocks.append([text]) }
                case "return", "returns", "result": if !text.isEmpty { returns.append("- Returns: \(text)") }
                case "deprecated": blocks.append(["Deprecated. \(text)"])
                default:
                    let name = child.name ?? ""
                    blocks.append(["- \(name.prefix(1).uppercased())\(name.dropFirst()): \(text)"])
                }
            case "VerbatimBlockComment":
                let lines = child.inner.filter { $0.kind == "VerbatimBlockLineComment" }.map { "    \($0.text ?? "")" }
                if !lines.isEmpty { blocks.append(lines) }
            case "VerbatimLineComment": break
            default:
                let lines = paragraph(child)
                if !lines.isEmpty { blocks.append(lines) }
            }
        }
        if !parameters.isEmpty || !returns.isEmpty { blocks.append(parameters + returns) }
        return Array(blocks.joined(separator: [""]))
    }

    /// A paragraph's text as one line.
    private static func flow(_ node: SyntaxNode) -> String {
        node.inner.flatMap(paragraph).joined(separator: " ")
    }

    /// Lines as they stand: a table or a list keeps its form.
    private static func paragraph(_ node: SyntaxNode) -> [String] {
        var lines: [String] = []
        var line = 0
        for child in node.inner {
            let text =
                switch child.kind {
                case "TextComment": child.text ?? ""
                case "InlineCommandComment": " " + child.arguments.map { "`\($0)`" }.joined(separator: " ")
                default: ""
                }
            if child.place.line != line || lines.isEmpty {
                lines.append(text)
                line = child.place.line
            } else {
                lines[lines.count - 1] += text
            }
        }
        return lines.map(clean).filter { !$0.isEmpty }
    }

    private static func clean(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace || last == "*" { text = text.dropLast() }
        while let first = text.first, first.isWhitespace || first == "*" { text = text.dropFirst() }
        return String(text)
    }
}
