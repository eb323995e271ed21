/// Writes the Swift file.
struct SwiftWriter {
    let plan: Plan
    var output = SwiftText()

    var library: String { plan.library }

    init(_ plan: Plan) { self.plan = plan }

    mutating func write() -> String {
        let headers = Set(plan.header.functions.map(\.place.file)).sorted().filter { $0 != "annotations" }
        let origin = headers.isEmpty ? "" : " (\(headers.joined(separator: ", ")))"
        output.comment(
            ["Bindings of \(library)\(origin), written by `bulkhead bindgen`: changes are lost when it runs again."],
            marker: "//")
        // Names are C's.
        let rules = ["AlwaysUseLowerCamelCase", "NoLeadingUnderscores", "TypeNamesShouldBeCapitalized"]
        output.line("// swift-format-ignore-file: \(rules.joined(separator: ", "))")
        output.line()
        output.line("import BulkheadSandbox")
        output.line()
        writeInterface()
        writeConstants()
        writeTypedefs()
        writeEnumerations()
        writeRecords()
        writeCallbacks()
        writeFunctions()
        writeUnbound()
        return output.text
    }

    private mutating func writeInterface() {
        output.documentation(["The library, and the namespace of its types and constants."])
        output.block("public enum \(library): SandboxLibrary") { output in
            output.line("public static let interface = SandboxInterface(")
            output.indented { output in
                output.line("name: \"\(plan.library)\",")
                output.line("functions: \"\"\"")
                for function in plan.functions { output.line("    \(function.export) \(function.signature)") }
                output.line("    \"\"\")")
            }
        }
    }

    /// An extension of the library's namespace, where there is anything to say.
    private mutating func namespace<Element>(
        _ elements: [Element], _ title: String, spaced: Bool = true,
        _ body: (inout SwiftText, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        output.line()
        output.line("// MARK: - \(title)")
        output.line()
        output.block("extension \(library)") { output in
            for (position, element) in elements.enumerated() {
                if spaced, position > 0 { output.line() }
                body(&output, element)
            }
        }
    }

    private mutating func writeConstants() {
        namespace(plan.constants, "Constants", spaced: false) { output, constant in
            output.documentation(constant.comment)
            output.assignment("public static let \(constant.name): \(constant.type)", constant.value)
        }
    }

    private mutating func writeTypedefs() {
        let plan = plan
        namespace(plan.typedefs, "Other names", spaced: false) { output, typedef in
            let type = plan.swiftType(typedef.type)
            output.documentation(typedef.comment)
            output.line("public typealias \(plan.typeNames["typedef \(typedef.name)"] ?? typedef.name) = \(type.value)")
        }
    }

    private mutating func writeEnumerations() {
        let plan = plan
        namespace(plan.enumerations, "Enumerations") { output, enumeration in
            let name = plan.typeNames["enum \(enumeration.key)"] ?? enumeration.key
            let kind = plan.underlying(enumeration)
            output.documentation(enumeration.comment)
            output.block("public struct \(name): SandboxEnumeration") { output in
                output.line("public var rawValue: \(kind.swiftName)")
                output.line()
                output.line("public init(rawValue: \(kind.swiftName)) { self.rawValue = rawValue }")
                if !enumeration.constants.isEmpty { output.line() }
                for constant in enumeration.constants {
                    var constantName = Naming.sanitized(constant.name)
                    if Naming.reservedConstants.contains(constantName) { constantName += "_" }
                    output.documentation(constant.comment)
                    let value = Int128(constant.value).map { SwiftText.number($0) } ?? constant.value
                    output.assignment(
                        "public static let \(Naming.escaped(constantName))",
                        "\(plan.library).\(name)(rawValue: \(value))")
                }
            }
        }
    }

    // MARK: - Callbacks

    private mutating func writeCallbacks() {
        let plan = plan
        namespace(plan.callbacks, "Callbacks") { output, callback in
            let name = plan.typeNames["callback \(callback.name)"] ?? callback.name
            let parameters = callback.type.parameters.map { plan.swiftType($0.type) }
            let result = plan.swiftType(callback.type.result)
            let sandbox = "inout Sandbox<\(plan.library)>"
            output.documentation(callback.comment)
            output.block("public enum \(name): SandboxFunctionType") { output in
                output.line("public typealias Library = \(plan.library)")
                output.declaration(
                    "public typealias Body = ", list: [sandbox] + parameters.map(\.asCallbackParameter),
                    " throws -> \(result.optional)")
                output.line()
                output.line("public static let name = \"\(callback.name)\"")
                let convention = plan.convention(callback)
                let signature = convention.signature(parameters, result)
                output.line("public static let signature = \"\(signature)\"")
                output.line()
                output.block(
                    "public static func call",
                    list: ["_ body: Body", "_ sandbox: \(sandbox)", "_ slots: UnsafeMutablePointer<UInt64>"], " throws"
                ) { output in
                    if convention.result == .indirect {
                        Self.writePlace("result", result, "slots[0]", &output)
                    }
                    for (position, type) in parameters.enumerated() {
                        Self.writeValue(
                            "value\(position)", type, convention.parameters[position],
                            "slots[\(convention.slot(position))]", &output)
                    }
                    let arguments = ["&sandbox"] + parameters.indices.map { "value\($0)" }
                    if result.isVoid {
                        output.call("try body", list: arguments)
                        return
                    }
                    output.call("let result = try body", list: arguments)
                    switch convention.result {
                    case .plain: output.line("slots[0] = result.slot\(result.isPointer ? "()" : "")")
                    case .indirect: output.line("try sandbox.store(result, to: resultPlace)")
                    case .scalar:
                        output.line("slots[0] = 0")
                        output.call("\(result.value).store", list: ["result", "slots", "sandbox.machine"])
                    }
                }
            }
        }
    }

    /// The argument in a slot.
    private static func writeValue(
        _ name: String, _ type: SwiftType, _ form: CallbackConvention.Form, _ slot: String, _ output: inout SwiftText
    ) {
        switch form {
        case .plain:
            let isPointer = type.isPointer
            output.assignment(
                "let \(name)", isPointer ? type.value : "Tainted<\(type.value)>",
                list: isPointer ? ["slot: \(slot)", "sandbox.machine"] : ["slot: \(slot)"])
        case .indirect:
            writePlace(name, type, slot, &output)
            output.line("let \(name) = try sandbox.load(\(name)Place)")
        case .scalar:
            output.line("let \(name) = withUnsafeBytes(of: \(slot)) { bytes in")
            output.line(
                "    Tainted(bytes.baseAddress.map { \(type.value).load($0, sandbox.machine) } ?? \(type.zero))")
            output.line("}")
        }
    }

    /// The place of a structure that a slot points to.
    private static func writePlace(_ name: String, _ type: SwiftType, _ slot: String, _ output: inout SwiftText) {
        output.line("guard let \(name)Place = SandboxPointer<\(type.value)>(slot: \(slot), sandbox.machine) else {")
        output.line("    throw SandboxError.nullPointer")
        output.line("}")
    }

    // MARK: - What is missing

    private mutating func writeUnbound() {
        guard !plan.report.unbound.isEmpty else { return }
        output.line()
        output.line("// MARK: - Not bound")
        output.line("//")
        output.comment(plan.report.unbound.map { "- \($0.sentence)" }, marker: "//")
    }
}

extension SwiftType {
    /// As a closure gets it: scalars came out of the sandbox.
    var asCallbackParameter: String { isPointer ? "\(value)?" : "Tainted<\(value)>" }
}
