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
                FunctionWriter(function: function, number: number).write(&output)
            }
        }
    }
}

/// Writes one function's methods.
struct FunctionWriter {
    let function: BoundFunction
    let number: Int

    func write(_ output: inout SwiftText) {
        output.documentation(function.comment)
        output.block(head, list: parameters { $0.declaredType }, " throws\(arrow)") { output in
            if function.takesRecords { writeWithScratch(&output) } else { writeCall(&output) }
        }
        if function.parameters.contains(where: \.type.isScalar) {
            output.line()
            writeGeneric(&output)
        }
    }

    private var head: String { "public mutating func \(Naming.escaped(function.base))" }

    private var arrow: String {
        if function.result.isVoid { return "" }
        if function.result.isPointer {
            return " -> \(function.isResultNonnull ? function.result.value : function.result.optional)"
        }
        return " -> Tainted<\(function.result.value)>"
    }

    private func parameters(_ type: (BoundFunction.Parameter) -> String) -> [String] {
        function.parameters.map { parameter in
            let name = Naming.escaped(parameter.name)
            let label = parameter.label ?? "_"
            return label == parameter.name ? "\(name): \(type(parameter))" : "\(label) \(name): \(type(parameter))"
        }
    }

    // MARK: - The plain form

    private func writeCall(_ output: inout SwiftText) {
        let isUsed = !function.result.isVoid
        writeSlots(&output, receiver: "", prefix: isUsed ? "let result = " : "_ = ")
        writeResult(&output, machine: "machine")
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

    private func writeResult(_ output: inout SwiftText, machine: String) {
        let type = function.result
        if type.isVoid { return }
        if type.isPointer {
            if function.isResultNonnull {
                output.line("guard let pointer = \(type.value)(slot: result, \(machine)) else {")
                output.line("    throw SandboxError.nullPointer")
                output.line("}")
                output.line("return pointer")
            } else {
                output.line("return \(type.value)(slot: result, \(machine))")
            }
        } else {
            output.line("return Tainted(slot: result)")
        }
    }

    // MARK: - Structures by value

    /// The structures lie in the sandbox's memory, each at a multiple of 16 bytes.
    private func writeWithScratch(_ output: inout SwiftText) {
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
                output.line("try sandbox.store(\(name), to: \(name)Pointer)")
            }
            if function.resultRecordSpelling != nil {
                writeSlots(&output, receiver: "sandbox.", prefix: "_ = ")
                output.line("return try sandbox.load(result)")
            } else {
                writeSlots(
                    &output, receiver: "sandbox.", prefix: function.result.isVoid ? "_ = " : "let result = ")
                writeResult(&output, machine: "sandbox.machine")
            }
        }
    }

    // MARK: - The form for tainted values

    private func writeGeneric(_ output: inout SwiftText) {
        output.documentation(["`\(function.base)` for arguments that may be tainted."])
        output.line("@inlinable")
        let list = parameters { $0.type.isScalar ? "some SandboxArgument<\($0.type.value)>" : $0.declaredType }
        output.block(head, list: list, " throws\(arrow)") { output in
            let arguments = function.parameters.map { parameter in
                let name = Naming.escaped(parameter.name)
                let label = parameter.label.flatMap { $0 == "_" ? nil : "\($0): " } ?? ""
                return parameter.type.isScalar ? "\(label)\(parameter.type.value)(slot: \(name).slot)" : "\(label)\(name)"
            }
            output.call("try \(Naming.escaped(function.base))", list: arguments)
        }
    }
}
