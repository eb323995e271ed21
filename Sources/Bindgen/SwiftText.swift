/// Swift source, laid out as `swift format` leaves it.
struct SwiftText {
    static let width = 120

    private(set) var text = ""
    private var depth = 0

    private var indentation: String { String(repeating: " ", count: depth * 4) }

    mutating func line(_ text: String = "") {
        self.text += text.isEmpty ? "\n" : "\(indentation)\(text)\n"
    }

    /// A block: `head {`, what `body` writes, `}`.
    mutating func block(_ head: String, _ body: (inout SwiftText) -> Void) {
        line("\(head) {")
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }

    /// A closure's: `head { parameters in`.
    mutating func block(_ head: String, parameters: String, _ body: (inout SwiftText) -> Void) {
        line("\(head) { \(parameters) in")
        indented(body)
        line("}")
    }

    mutating func indented(_ body: (inout SwiftText) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// A block whose head has a list that may need lines of its own.
    mutating func block(
        _ head: String, list: [String], _ tail: String, _ body: (inout SwiftText) -> Void
    ) {
        declaration(head, list: list, "\(tail) {")
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }

    /// `head(list)tail`, with the list on lines of its own where one line is too short.
    mutating func declaration(_ head: String, list: [String], _ tail: String) {
        let single = "\(head)(\(list.joined(separator: ", ")))\(tail)"
        if fits(single) {
            line(single)
            return
        }
        line("\(head)(")
        depth += 1
        fill(list, closing: "")
        depth -= 1
        line(")\(tail)")
    }

    /// `head(list)`, a call, whose parenthesis closes where the list ends.
    mutating func call(_ head: String, list: [String], _ tail: String = "") {
        let single = "\(head)(\(list.joined(separator: ", ")))\(tail)"
        if fits(single) {
            line(single)
            return
        }
        line("\(head)(")
        depth += 1
        fill(list, closing: ")\(tail)")
        depth -= 1
    }

    /// `head = value`, in two lines if need be.
    mutating func assignment(_ head: String, _ value: String) {
        if fits("\(head) = \(value)") {
            line("\(head) = \(value)")
        } else {
            line("\(head) =")
            line("    \(value)")
        }
    }

    /// `head = callee(list)`, in as many lines as it needs.
    mutating func assignment(_ head: String, _ callee: String, list: [String]) {
        let value = "\(callee)(\(list.joined(separator: ", ")))"
        if fits("\(head) = \(value)") || fits("    \(value)") {
            assignment(head, value)
            return
        }
        line("\(head) =")
        indented { $0.call(callee, list: list) }
    }

    /// `target = type.method(list)`, in as many lines as it needs.
    mutating func call(_ method: String, of type: String, to target: String, list: [String]) {
        if fits("\(target) = \(type).\(method)(") {
            call("\(target) = \(type).\(method)", list: list)
            return
        }
        line("\(target) = \(type)")
        indented { text in
            text.line(".\(method)(")
            text.indented { $0.fill(list, closing: ")") }
        }
    }

    /// A property whose type may need a line of its own.
    mutating func property(_ name: String, _ type: String, _ value: String) {
        let head = "public var \(name): \(type)"
        if fits("\(head) { \(value) }") {
            line("\(head) { \(value) }")
            return
        }
        if fits("\(head) {") {
            block(head) { $0.line(value) }
            return
        }
        if fits(head) {
            line(head)
        } else {
            line("public var \(name):")
            line("    \(type)")
        }
        line("{")
        indented { $0.line(value) }
        line("}")
    }

    func fits(_ text: String) -> Bool { depth * 4 + text.count <= Self.width }

    private mutating func fill(_ list: [String], closing: String) {
        var current = ""
        for (position, item) in list.enumerated() {
            let isLast = position == list.count - 1
            let piece = isLast ? "\(item)\(closing)" : "\(item),"
            if current.isEmpty {
                current = piece
            } else if fits("\(current) \(piece)") {
                current += " \(piece)"
            } else {
                line(current)
                current = piece
            }
        }
        line(current)
    }

    // MARK: - Comments

    mutating func documentation(_ lines: [String]) {
        comment(lines, marker: "///")
    }

    mutating func comment(_ lines: [String], marker: String) {
        for text in lines {
            if text.isEmpty {
                line(marker)
                continue
            }
            let hanging = text.hasPrefix("- ") ? "  " : ""
            let room = Self.width - depth * 4 - marker.utf8.count - 1
            var current = ""
            for word in text.split(separator: " ", omittingEmptySubsequences: text.hasPrefix("    ") ? false : true) {
                if current.isEmpty {
                    current = String(word)
                } else if current.count + 1 + word.count <= room {
                    current += " \(word)"
                } else {
                    line("\(marker) \(current)")
                    current = "\(hanging)\(word)"
                }
            }
            line("\(marker) \(current)")
        }
    }

    // MARK: - Literals

    /// Long numbers in groups.
    static func number(_ value: Int128) -> String {
        let digits = "\(value.magnitude)"
        let sign = value < 0 ? "-" : ""
        guard digits.count >= 7 else { return sign + digits }
        var grouped = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position) % 3 == 0 { grouped += "_" }
            grouped.append(digit)
        }
        return sign + grouped
    }

    static func number(_ value: Int) -> String { number(Int128(value)) }

    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
