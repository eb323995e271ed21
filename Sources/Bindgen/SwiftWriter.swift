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
        output.line("// swift-format-ignore-file: AlwaysUseLowerCamelCase, NoLeadingUnderscores, TypeNamesShouldBeCapitalized")
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
                let letters = parameters.map { String($0.letter) }.joined()
                output.line("public static let signature = \"\(letters)>\(result.isVoid ? "" : String(result.letter))\"")
                output.line()
                output.block(
                    "public static func call",
                    list: ["_ body: Body", "_ sandbox: \(sandbox)", "_ slots: UnsafeMutablePointer<UInt64>"], " throws"
                ) { output in
                    for (position, type) in parameters.enumerated() {
                        output.assignment("let value\(position)", type.fromSlot("slots[\(position)]", machine: "sandbox.machine"))
                    }
                    let arguments = ["&sandbox"] + parameters.indices.map { "value\($0)" }
                    if result.isVoid {
                        output.call("try body", list: arguments)
                    } else {
                        output.call("let result = try body", list: arguments)
                        output.line("slots[0] = result.slot\(result.isPointer ? "()" : "")")
                    }
                }
            }
        }
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

    func fromSlot(_ slot: String, machine: String) -> String {
        isPointer ? "\(value)(slot: \(slot), \(machine))" : "Tainted<\(value)>(slot: \(slot))"
    }
}
