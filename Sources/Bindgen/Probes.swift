/// What clang says about sizes, offsets and values: answers to questions put as declarations after the headers.
struct Probes {
    struct Constant {
        enum Value {
            case integer(UInt64, isSigned: Bool)
            case float(Double)
            case string(String)
        }

        let type: CType
        let value: Value
    }

    private var numbers: [Clang.Machine: [String: UInt64]] = [:]
    /// By the names of macros and variables.
    private(set) var constants: [String: Constant] = [:]
    let layouts: RecordLayouts
    /// Of callbacks with structures.
    let conventions: [String: CallbackConvention]

    /// The number that a C expression has on both machines; `nil` where clang refuses it on one.
    func perMachine(_ expression: String) -> MachinePair? {
        guard let wasm32 = numbers[.wasm32]?[expression], let native = numbers[.native]?[expression] else { return nil }
        return MachinePair(wasm32: Int(clamping: wasm32), native: Int(clamping: native))
    }

    func number(_ expression: String) -> UInt64? { numbers[.wasm32]?[expression] }

    init(_ reader: HeaderReader, clang: Clang) throws {
        try clang.check(.native)
        let header = reader.header
        let questions = Self.questions(header)
        for machine in Clang.Machine.allCases {
            numbers[machine] = try Self.ask(questions, machine, clang)
        }
        layouts = try RecordLayouts(header, clang: clang)
        conventions = try CallbackConvention.find(header, clang: clang)
        try evaluate(reader, clang)
    }

    // MARK: - Sizes and offsets

    private static let prefix = "bulkhead_probe"

    private static func questions(_ header: Header) -> [String] {
        var questions: [String] = []
        for record in header.records.all where record.isComplete {
            guard let spelling = record.spelling else { continue }
            questions += [size(spelling), alignment(spelling)]
            for name in memberNames(record, header) {
                questions += [offset(spelling, name), fieldSize(spelling, name)]
            }
        }
        for enumeration in header.enumerations.all {
            guard let spelling = enumeration.spelling else { continue }
            questions += [size(spelling), isNegativeAllowed(spelling)]
        }
        for typedef in header.typedefs.all {
            if case .integer = typedef.type { questions.append(size(typedef.name)) }
        }
        questions += header.functions.map { address($0.name) } + header.variables.map { address($0.name) }
        questions += header.callbacks.all.map(callback)
        return questions
    }

    /// Of all members, those of anonymous members among them. Bit-fields have no address to ask for.
    private static func memberNames(_ record: Record, _ header: Header) -> [String] {
        record.fields.flatMap { field -> [String] in
            if field.bitWidth != nil { return [] }
            if let name = field.name { return [name] }
            guard case .record(let key) = field.type, let inner = header.records[key] else { return [] }
            return memberNames(inner, header)
        }
    }

    static func size(_ spelling: String) -> String { "sizeof(\(spelling))" }
    static func alignment(_ spelling: String) -> String { "_Alignof(\(spelling))" }
    static func offset(_ spelling: String, _ name: String) -> String { "__builtin_offsetof(\(spelling), \(name))" }
    static func fieldSize(_ spelling: String, _ name: String) -> String { "sizeof(((\(spelling) *)0)->\(name))" }
    /// Answered where there is such a function or variable.
    static func address(_ name: String) -> String { "sizeof(&\(name))" }
    /// Answered where all types of the callback are known.
    static func callback(_ callback: Callback) -> String {
        let types = callback.type.parameters.map(\.spelling) + [callback.type.resultSpelling]
        return types.filter { !$0.isEmpty }.map { "sizeof(__typeof__(\($0)) *)" }.joined(separator: " + ")
    }
    static func isNegativeAllowed(_ spelling: String) -> String { "((\(spelling))-1 < (\(spelling))0)" }

    private static func ask(
        _ questions: [String], _ machine: Clang.Machine, _ clang: Clang
    ) throws -> [String: UInt64] {
        var text = "enum \(prefix)_numbers : unsigned long long {\n"
        for (position, question) in questions.enumerated() {
            text += "\(prefix)_\(position) = (unsigned long long)(\(question)),\n"
        }
        text += "\(prefix)_end = 0 };\n"
        var answers: [String: UInt64] = [:]
        for node in try clang.probe(machine, text, filter: prefix) {
            for (name, value) in integers(in: node) {
                if let position = Int(name.dropFirst(prefix.utf8.count + 1)), position < questions.count {
                    answers[questions[position]] = value
                }
            }
        }
        return answers
    }

    /// The constants of a probing enumeration that clang could evaluate.
    private static func integers(in node: SyntaxNode) -> [(name: String, value: UInt64)] {
        guard node.kind == "EnumDecl" else { return [] }
        return node.inner.compactMap { child in
            guard child.kind == "EnumConstantDecl", let name = child.name,
                let text = child.first(where: { $0.kind == "ConstantExpr" && $0.value != nil })?.value,
                let value = UInt64(text) ?? Int64(text).map({ UInt64(bitPattern: $0) })
            else { return nil }
            return (name, value)
        }
    }

    // MARK: - Constants

    private mutating func evaluate(_ reader: HeaderReader, _ clang: Clang) throws {
        let names =
            reader.header.macros.filter(Self.mayBeConstant).map(\.name)
            + reader.header.variables.filter { $0.isStatic && $0.isConstant }.map(\.name)
        guard !names.isEmpty else { return }
        var text = "enum \(Self.prefix)_numbers : unsigned long long {\n"
        for (position, name) in names.enumerated() {
            text += "\(Self.prefix)_\(position) = (unsigned long long)(\(name)),\n"
        }
        text += "\(Self.prefix)_end = 0 };\n"
        let kind = clang.isCPlusPlus ? "auto" : "__auto_type"
        for (position, name) in names.enumerated() {
            text += "static \(kind) \(Self.prefix)_type_\(position) = (\(name));\n"
        }
        var values: [String: UInt64] = [:]
        var types: [Int: CType] = [:]
        var strings: [Int: String] = [:]
        for node in try clang.probe(.wasm32, text, filter: Self.prefix) {
            for (name, value) in Self.integers(in: node) { values[name] = value }
            guard node.kind == "VarDecl", node.isInvalid != true, let name = node.name,
                let position = Int(name.dropFirst("\(Self.prefix)_type_".utf8.count)),
                let type = node.type
            else { continue }
            types[position] = reader.type(type.desugaredQualType ?? type.qualType)
            strings[position] = Self.literal(node).flatMap(Self.unescape)
        }
        var floats: [Int] = []
        for (position, name) in names.enumerated() {
            guard let type = types[position] else { continue }
            switch type {
            case .float, .double: floats.append(position)
            case .integer(let kind):
                if let value = values["\(Self.prefix)_\(position)"] {
                    constants[name] = Constant(type: type, value: .integer(value, isSigned: kind.isSigned))
                }
            case .enumeration:
                if let value = values["\(Self.prefix)_\(position)"] {
                    constants[name] = Constant(type: type, value: .integer(value, isSigned: true))
                }
            case .pointer(.integer(.char), _):
                if let text = strings[position] { constants[name] = Constant(type: type, value: .string(text)) }
            default: break
            }
        }
        try evaluateFloats(floats.map { (names[$0], types[$0] ?? .double) }, clang)
    }

    /// The tree has the values of floating-point literals only; the code that clang generates has them all.
    private mutating func evaluateFloats(_ names: [(name: String, type: CType)], _ clang: Clang) throws {
        guard !names.isEmpty else { return }
        var text = ""
        for (position, entry) in names.enumerated() {
            let expression = "__builtin_constant_p(\(entry.name)), (double)(\(entry.name)), __builtin_nan(\"\")"
            text += "double \(Self.prefix)_\(position) = __builtin_choose_expr(\(expression));\n"
        }
        let output = try clang.run(.wasm32, ["-S", "-emit-llvm", "-o", "-"], probes: text)
        for line in String(decoding: output.text, as: UTF8.self).split(separator: "\n") {
            guard line.hasPrefix("@\(Self.prefix)_"), let kind = line.range(of: "global double ") else { continue }
            let number = line.dropFirst(Self.prefix.utf8.count + 2).prefix { $0.isNumber }
            let text = line[kind.upperBound...].prefix { $0 != "," }
            guard let position = Int(number), position < names.count else { continue }
            let value =
                text.hasPrefix("0x")
                ? UInt64(text.dropFirst(2), radix: 16).map(Double.init(bitPattern:)) : Double(String(text))
            guard let value, !value.isNaN else { continue }
            constants[names[position].name] = Constant(type: names[position].type, value: .float(value))
        }
    }

    /// Whether it is worth asking clang; what has braces or ends a statement could upset the other questions.
    private static func mayBeConstant(_ macro: Macro) -> Bool {
        guard !macro.isFunctionLike, !macro.body.isEmpty else { return false }
        var depth = 0
        var isQuoted = false
        var quote: Character = "\""
        var wasEscape = false
        for character in macro.body {
            if isQuoted {
                if wasEscape {
                    wasEscape = false
                } else if character == "\\" {
                    wasEscape = true
                } else if character == quote {
                    isQuoted = false
                }
                continue
            }
            switch character {
            case "\"", "'":
                isQuoted = true
                quote = character
            case "{", "}", ";", "#", "\\": return false
            case "(", "[": depth += 1
            case ")", "]":
                depth -= 1
                if depth < 0 { return false }
            default: break
            }
        }
        return depth == 0 && !isQuoted
    }

    /// The string that a variable is initialized with, as it would be written in C.
    private static func literal(_ node: SyntaxNode) -> String? {
        guard var expression = node.inner.first(where: { $0.kind.hasSuffix("Expr") || $0.kind == "StringLiteral" })
        else { return nil }
        while expression.kind == "ImplicitCastExpr" || expression.kind == "ParenExpr" {
            guard let inner = expression.inner.first else { return nil }
            expression = inner
        }
        return expression.kind == "StringLiteral" ? expression.value : nil
    }

    /// A C string literal's bytes, if they are UTF-8 without a zero.
    static func unescape(_ literal: String) -> String? {
        let text = Array(literal.utf8)
        guard text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        var position = 1
        while position < text.count - 1 {
            let byte = text[position]
            position += 1
            guard byte == UInt8(ascii: "\\"), position < text.count - 1 else {
                bytes.append(byte)
                continue
            }
            let escape = text[position]
            position += 1
            switch escape {
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "a"): bytes.append(7)
            case UInt8(ascii: "b"): bytes.append(8)
            case UInt8(ascii: "v"): bytes.append(11)
            case UInt8(ascii: "f"): bytes.append(12)
            case UInt8(ascii: "x"):
                var value = 0
                while position < text.count - 1, let digit = Character(Unicode.Scalar(text[position])).hexDigitValue {
                    value = (value * 16 + digit) & 0xFF
                    position += 1
                }
                bytes.append(UInt8(value))
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var value = Int(escape - UInt8(ascii: "0"))
                var count = 1
                while count < 3, position < text.count - 1,
                    (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(text[position])
                {
                    value = value * 8 + Int(text[position] - UInt8(ascii: "0"))
                    position += 1
                    count += 1
                }
                bytes.append(UInt8(value & 0xFF))
            default: bytes.append(escape)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}

/// A number for each machine.
struct MachinePair: Hashable, Sendable {
    let wasm32: Int
    let native: Int

    static func + (a: MachinePair, b: MachinePair) -> MachinePair {
        MachinePair(wasm32: a.wasm32 + b.wasm32, native: a.native + b.native)
    }

    static let zero = MachinePair(wasm32: 0, native: 0)
}
