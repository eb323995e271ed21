/// How a callback's parameters and result travel where structures are among them: by pointer, or, those of one member, as that member.
/// Read from the code that clang generates for the sandbox.
struct CallbackConvention: Hashable {
    enum Form: Hashable {
        /// As its type says.
        case plain
        /// A structure by pointer.
        case indirect
        /// A structure as its only member.
        case scalar(Character)
    }

    var parameters: [Form] = []
    var result = Form.plain

    init(plain type: CFunctionType) {
        parameters = type.parameters.map { _ in .plain }
    }

    /// The slot of a parameter.
    func slot(_ position: Int) -> Int { position + (result == .indirect ? 1 : 0) }

    func signature(_ types: [SwiftType], _ resultType: SwiftType) -> String {
        let letters = zip(types, parameters).map { $1.letter ?? $0.letter }
        let results = resultType.isVoid || result == .indirect ? "" : String(result.letter ?? resultType.letter)
        return (result == .indirect ? "i" : "") + String(letters) + ">" + results
    }

    /// - Parameters:
    ///   - line: the definition of a function of that type in LLVM's language.
    ///   - isRecord: which parameters are structures.
    fileprivate init?(_ line: Substring, isRecord: [Bool], resultIsRecord: Bool) {
        guard let open = line.firstIndex(of: "("), let head = line[..<open].split(separator: " ").dropLast().last else {
            return nil
        }
        var pieces = Self.split(line[line.index(after: open)...])
        if let first = pieces.first, first.contains("sret(") {
            result = .indirect
            pieces.removeFirst()
        } else if resultIsRecord {
            guard let letter = Self.letter(head) else { return nil }
            result = .scalar(letter)
        }
        // A structure without members is no parameter at all; nobody passes one.
        guard pieces.count == isRecord.count else { return nil }
        for (piece, isRecord) in zip(pieces, isRecord) {
            if !isRecord {
                parameters.append(.plain)
            } else if piece.contains("byval(") {
                parameters.append(.indirect)
            } else {
                guard let letter = piece.split(separator: " ").first.flatMap(Self.letter) else { return nil }
                parameters.append(.scalar(letter))
            }
        }
    }

    private static func letter(_ type: Substring) -> Character? {
        switch type {
        case "i1", "i8", "i16", "i32", "ptr": "i"
        case "i64": "I"
        case "float": "f"
        case "double": "F"
        default: nil
        }
    }

    /// What commas part, up to the parenthesis that closes.
    private static func split(_ text: Substring) -> [Substring] {
        var pieces: [Substring] = []
        var depth = 0
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")" where depth == 0:
                if start < index { pieces.append(text[start..<index].drop { $0 == " " }) }
                return pieces
            case ")": depth -= 1
            case "," where depth == 0:
                pieces.append(text[start..<index].drop { $0 == " " })
                start = text.index(after: index)
            default: break
            }
        }
        return pieces
    }
}

extension CallbackConvention.Form {
    var letter: Character? {
        switch self {
        case .plain: nil
        case .indirect: "i"
        case .scalar(let letter): letter
        }
    }
}

extension CallbackConvention {
    /// Those of all callbacks that have structures, by name; without those that clang can't say it of.
    static func find(_ header: Header, clang: Clang) throws -> [String: CallbackConvention] {
        func resolved(_ type: CType) -> CType {
            var type = type
            while case .typedef(let name) = type, let next = header.typedefs[name] { type = next.type }
            return type
        }
        func spelling(_ type: CType) -> String? {
            if case .record(let key) = resolved(type) { header.records[key]?.spelling } else { nil }
        }

        var text = ""
        var asked: [Callback] = []
        for callback in header.callbacks.all {
            let records = callback.type.parameters.map { spelling($0.type) }
            let result = spelling(callback.type.result)
            guard result != nil || records.contains(where: { $0 != nil }), !callback.type.isVariadic else { continue }
            let parameters = zip(callback.type.parameters, records).enumerated().map { position, pair in
                // Pointers and numbers are as they are; only structures are in question.
                ShimText.declare("a\(position)", pair.1 ?? pair.0.spelling)
            }
            let list = parameters.isEmpty ? "void" : parameters.joined(separator: ", ")
            let type = result ?? (resolved(callback.type.result) == .void ? "void" : "int")
            text += "\(type) bulkhead_probe_\(asked.count)(\(list)) { __builtin_trap(); }\n"
            asked.append(callback)
        }
        guard !asked.isEmpty else { return [:] }
        if clang.isCPlusPlus { text = "extern \"C\" {\n\(text)}\n" }
        let output = try clang.run(.wasm32, ["-S", "-emit-llvm", "-o", "-"], probes: text)
        var conventions: [String: CallbackConvention] = [:]
        for line in String(decoding: output.text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("define ")
        {
            guard let name = line.range(of: "@bulkhead_probe_"),
                let number = Int(line[name.upperBound...].prefix { $0.isNumber }), number < asked.count
            else { continue }
            let callback = asked[number]
            conventions[callback.name] = CallbackConvention(
                line, isRecord: callback.type.parameters.map { spelling($0.type) != nil },
                resultIsRecord: spelling(callback.type.result) != nil)
        }
        return conventions
    }
}
