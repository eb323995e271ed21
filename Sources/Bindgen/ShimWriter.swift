/// Writes the C code that goes into the sandbox: functions for what can't be called as it is.
struct ShimWriter {
    let plan: Plan
    let includes: [String]

    mutating func write() -> String {
        var text = "// Goes into the sandboxed library \(plan.library); written by `bulkhead bindgen`.\n\n"
        let functions = plan.functions.filter { $0.kind != .plain }
        guard !functions.isEmpty || !plan.annotations.wrappers.isEmpty else {
            return text + "// All functions are called as they are.\ntypedef int bulkhead_empty;\n"
        }
        text += ShimText.includes(includes)
        text += "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
        if !plan.annotations.wrappers.isEmpty {
            text += "\n// Of the annotations.\n" + plan.annotations.wrappers.map { "\($0)\n" }.joined()
        }
        for function in functions { text += "\n" + definition(function) }
        text += "\n#ifdef __cplusplus\n}\n#endif\n"
        return text
    }

    private func definition(_ function: BoundFunction) -> String {
        let name = function.export
        if function.kind == .variable {
            let head = "const volatile void *\(name)(void)"
            return "\(head);\n\(head) { return &\(function.name); }\n"
        }
        var parameters: [String] = []
        if let result = function.resultRecordSpelling { parameters.append("\(result) *result") }
        for (position, parameter) in function.parameters.enumerated() {
            if let record = parameter.recordSpelling {
                parameters.append("const \(record) *a\(position)")
            } else {
                parameters.append(ShimText.declare("a\(position)", parameter.spelling))
            }
        }
        let arguments = function.parameters.enumerated().map { position, parameter in
            parameter.recordSpelling == nil ? "a\(position)" : "*a\(position)"
        }
        let call = "\(function.name)(\(arguments.joined(separator: ", ")))"
        let list = parameters.isEmpty ? "void" : parameters.joined(separator: ", ")
        let type: String
        let body: String
        if function.resultRecordSpelling != nil {
            (type, body) = ("void", "*result = \(call);")
        } else if function.result.isVoid {
            (type, body) = ("void", "\(call);")
        } else if function.result.isPointer {
            (type, body) = ("const volatile void *", "return (const volatile void *)\(call);")
        } else {
            (type, body) = (function.resultSpelling, "return \(call);")
        }
        let head = "\(type)\(type.hasSuffix("*") ? "" : " ")\(name)(\(list))"
        return "\(head);\n\(head) { \(body) }\n"
    }
}

/// C that both shims have.
enum ShimText {
    static func includes(_ names: [String]) -> String {
        names.map { "#include \($0)\n" }.joined()
    }

    /// A parameter of a type as clang writes it.
    static func declare(_ name: String, _ type: String) -> String {
        if type.contains("(") || type.contains("[") { return "__typeof__(\(type)) \(name)" }
        return type.hasSuffix("*") ? "\(type)\(name)" : "\(type) \(name)"
    }
}
