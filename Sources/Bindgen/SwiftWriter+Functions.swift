// Functions, as methods of the sandbox.

extension SwiftWriter {
    mutating func writeFunctions() {
        guard !plan.functions.isEmpty else { return }
        output.line()
        output.line("// MARK: - Functions")
        output.line()
        let library = library
        let plan = plan
        output.block("extension Sandbox where Library == \(library)") { output in
            for (number, function) in plan.functions.enumerated() {
                if number > 0 { output.line() }
                FunctionWriter(function: function, number: number, owner: plan.owner(of: function)).write(&output)
            }
        }
    }
}

/// Writes one function's methods.
struct FunctionWriter {
    let function: BoundFunction
    let number: Int
    /// The number of the function that frees the result.
    let owner: Int?

    func write(_ output: inout SwiftText) {
        output.documentation(function.comment)
        output.block(head, list: parameters { $0.declaredType }, " throws\(arrow)") { writeBody(&$0, isTainted: false) }
        if function.parameters.contains(where: { $0.type.isScalar || $0.recordSpelling != nil }) {
            output.line()
            output.documentation(["`\(function.base)` for arguments that may be tainted."])
            output.line("@inlinable")
            output.block(head, list: parameters(\.taintedType), " throws\(arrow)") { writeBody(&$0, isTainted: true) }
        }
        if function.parameters.contains(where: { $0.copy != nil }) { writeCopying(&output) }
    }

    var head: String { "public mutating func \(Naming.escaped(function.base))" }

    var arrow: String {
        if function.result.isVoid { return "" }
        let mark = function.isResultNonnull ? "" : "?"
        if isString { return " -> Tainted<String>\(mark)" }
        if owner != nil { return " -> SandboxOwned<\(pointee)>\(mark)" }
        if function.result.isPointer {
            return " -> \(function.isResultNonnull ? function.result.value : function.result.optional)"
        }
        return " -> Tainted<\(function.result.value)>"
    }

    func parameters(_ type: (BoundFunction.Parameter) -> String) -> [String] {
        function.parameters.map { parameter in
            let name = Naming.escaped(parameter.name)
            let label = parameter.label ?? "_"
            return label == parameter.name ? "\(name): \(type(parameter))" : "\(label) \(name): \(type(parameter))"
        }
    }

    private var isString: Bool { function.annotation?.string != nil && function.result.kind == .pointer }

    /// What the result points to.
    private var pointee: String { function.resultPointee }

    // MARK: - The body

    private func writeBody(_ output: inout SwiftText, isTainted: Bool) {
        if function.takesRecords { writeWithScratch(&output, isTainted: isTainted) } else { writeCall(&output) }
    }

    private func writeCall(_ output: inout SwiftText) {
        let isUsed = !function.result.isVoid
        writeSlots(&output, receiver: "", prefix: isUsed ? "let result = " : "_ = ")
        writeResult(&output, receiver: "")
    }

    /// `call(number, slots: n) { … }`
    private func writeSlots(_ output: inout SwiftText, receiver: String, prefix: String) {
        var values = function.parameters.map { parameter in
            let name = Naming.escaped(parameter.name)
            if parameter.recordSpelling != nil { return "\(name)Pointer.slot" }
            return parameter.type.isPointer && !parameter.isNonnull ? "\(name).slot()" : "\(name).slot"
        }
        if function.resultRecordSpelling != nil { values.insert("result.slot", at: 0) }
        let head = "\(prefix)try \(receiver)call(\(number), slots: \(values.count))"
        if values.isEmpty {
            output.line("\(head) { _ in }")
            return
        }
        output.line("\(head) { slots in")
        output.indented { output in
            for (position, value) in values.enumerated() { output.line("slots[\(position)] = \(value)") }
        }
        output.line("}")
    }

    private func writeResult(_ output: inout SwiftText, receiver: String) {
        let type = function.result
        if type.isVoid { return }
        guard type.isPointer else {
            output.line("return Tainted(slot: result)")
            return
        }
        let value = "\(type.value)(slot: result, \(receiver)machine)"
        guard function.isResultNonnull || isString || owner != nil else {
            output.line("return \(value)")
            return
        }
        output.line("guard let pointer = \(value) else {")
        output.line("    \(function.isResultNonnull ? "throw SandboxError.nullPointer" : "return nil")")
        output.line("}")
        if isString {
            if let owner {
                output.line(
                    "defer { _ = try? \(receiver)call(\(owner), slots: 1) { slots in slots[0] = pointer.slot } }")
            }
            let limit = SwiftText.number(function.annotation?.string ?? 0)
            output.line("return try \(receiver)string(at: pointer.cast(), maximum: \(limit))")
        } else if let owner {
            output.line("return \(receiver)own(pointer, freedBy: \(owner))")
        } else {
            output.line("return pointer")
        }
    }

    // MARK: - Structures by value

    /// The structures lie in the sandbox's memory, each at a multiple of 16 bytes.
    private func writeWithScratch(_ output: inout SwiftText, isTainted: Bool) {
        func rounded(_ size: MachinePair) -> Int { (max(size.wasm32, size.native) + 15) & ~15 }
        var offset = 0
        var places: [(name: String, type: String, offset: Int)] = []
        if function.resultRecordSpelling != nil {
            places.append(("result", function.result.value, 0))
            offset = rounded(function.resultSize)
        }
        for parameter in function.parameters where parameter.recordSpelling != nil {
            places.append(("\(Naming.escaped(parameter.name))Pointer", parameter.type.value, offset))
            offset += rounded(parameter.size)
        }
        output.block("try withScratch(size: \(offset))", parameters: "sandbox, scratch") { output in
            for place in places {
                output.line(
                    "let \(place.name) = scratch.advanced(byBytes: \(place.offset), to: \(place.type).self)")
            }
            for parameter in function.parameters where parameter.recordSpelling != nil {
                let name = Naming.escaped(parameter.name)
                if parameter.isPartial {
                    output.line(
                        "try sandbox.fill(\(name)Pointer, count: \(parameter.type.value).layout[sandbox.machine].size)")
                }
                output.line("try sandbox.store(\(name)\(isTainted ? ".tainted" : ""), to: \(name)Pointer)")
            }
            if function.resultRecordSpelling != nil {
                writeSlots(&output, receiver: "sandbox.", prefix: "_ = ")
                output.line("return try sandbox.load(result)")
            } else {
                writeSlots(
                    &output, receiver: "sandbox.", prefix: function.result.isVoid ? "_ = " : "let result = ")
                writeResult(&output, receiver: "sandbox.")
            }
        }
    }

    // MARK: - Forms that copy arguments in

    /// The counts that copies bring with them.
    private var counts: Set<String> {
        Set(function.parameters.compactMap { $0.copy == nil ? nil : $0.annotation?.count })
    }

    private func writeCopying(_ output: inout SwiftText) {
        let copied = function.parameters.filter { $0.copy != nil }
        let names = copied.map { "`\($0.original ?? $0.name)`" }.joined(separator: " and ")
        output.line()
        output.documentation(["`\(function.base)` with a copy of \(names) in the library's memory while it runs."])
        output.line("@_disfavoredOverload")
        output.block(head, list: copyingParameters { $0.copy?.type ?? $0.declaredType }, " throws\(arrow)") { output in
            output.line("var copies = makeCopies()")
            output.line("defer { copies.free() }")
            for parameter in copied { writeCopy(parameter, &output) }
            for count in counts.sorted() { writeCount(count, copied, &output) }
            let arguments = function.parameters.map { parameter in
                let name = Naming.escaped(parameter.name)
                return argument(parameter, parameter.copy?.argument(parameter) ?? name)
            }
            output.call(
                "\(function.result.isVoid ? "" : "return ")try \(Naming.escaped(function.base))", list: arguments)
        }
        guard copied.contains(where: { $0.copy == .bytes }) else { return }
        output.line()
        output.documentation(["`\(function.base)` with a copy of \(names) in the library's memory while it runs."])
        output.line("@_disfavoredOverload")
        let list = copyingParameters { $0.copy == .bytes ? "[UInt8]" : $0.copy?.type ?? $0.declaredType }
        output.block(head, list: list, " throws\(arrow)") { output in
            let arguments = function.parameters.filter { !isCounted($0) }.map { parameter in
                let name = Naming.escaped(parameter.name)
                return argument(parameter, parameter.copy == .bytes ? "\(name).span.bytes" : name)
            }
            output.call("try \(Naming.escaped(function.base))", list: arguments)
        }
    }

    private func isCounted(_ parameter: BoundFunction.Parameter) -> Bool {
        parameter.original.map(counts.contains) ?? false
    }

    private func copyingParameters(_ type: (BoundFunction.Parameter) -> String) -> [String] {
        zip(function.parameters, parameters(type)).filter { !isCounted($0.0) }.map(\.1)
    }

    private func argument(_ parameter: BoundFunction.Parameter, _ value: String) -> String {
        parameter.label.flatMap { $0 == "_" ? nil : "\($0): \(value)" } ?? value
    }

    private func writeCopy(_ parameter: BoundFunction.Parameter, _ output: inout SwiftText) {
        let name = Naming.escaped(parameter.name)
        let copied =
            switch parameter.copy {
            case .array(let storage, _): "\(name), as: \(storage).self"
            default: name
            }
        output.line("let \(parameter.name)Copy = try copies.add(\(copied))")
    }

    private func writeCount(
        _ count: String, _ copied: [BoundFunction.Parameter], _ output: inout SwiftText
    ) {
        guard let target = function.parameters.first(where: { $0.original == count }) else { return }
        let sources = copied.filter { $0.annotation?.count == count }
        let lengths = sources.map { "\(Naming.escaped($0.name)).\($0.copy == .bytes ? "byteCount" : "count")" }
        guard let length = lengths.first else { return }
        for other in lengths.dropFirst() {
            output.line("guard \(other) == \(length) else {")
            output.line("    throw SandboxError.verification(\"\(count) is the count of arrays of different lengths\")")
            output.line("}")
        }
        output.line("guard let \(Naming.escaped(target.name)) = \(target.type.value)(exactly: \(length)) else {")
        output.line("    throw SandboxError.outOfMemory(bytes: \(length))")
        output.line("}")
    }
}

/// How an argument of the host's gets into the library's memory.
enum CopiedArgument: Hashable {
    case bytes
    case array(storage: String, value: String)
    case string(isOptional: Bool)

    var type: String {
        switch self {
        case .bytes: "RawSpan"
        case .array(_, let value): "[\(value)]"
        case .string(let isOptional): isOptional ? "String?" : "String"
        }
    }

    /// What the function is called with.
    func argument(_ parameter: BoundFunction.Parameter) -> String {
        let isOptional = self == .string(isOptional: true)
        return switch self {
        case .bytes, .string: "\(parameter.name)Copy\(isOptional ? "?" : "").cast()"
        case .array: "\(parameter.name)Copy"
        }
    }
}
