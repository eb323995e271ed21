import WasmModule

extension ModuleEmitter {
    /// Writes the module's `bulkhead_module` and the arrays it points to.
    func writeDescriptor(to text: inout CText) throws(ModuleError) {
        text.write(text: "\n// The descriptor of \(prefix)\n")
        writeTypes(to: &text)
        try context.check(size: text.count)
        writeImports(to: &text)
        writeDefinedFunctions(to: &text)
        writeTables(to: &text)
        try writeGlobals(to: &text)
        writeExports(to: &text)
        try writeElements(to: &text)
        try writeDataSegments(to: &text)
        writeNames(to: &text)
        writeModule(to: &text)
        try context.check(size: text.count)
    }

    private func offset(_ field: String) -> String {
        "__builtin_offsetof(struct \(prefix)_context, \(field))"
    }

    private func beginArray(_ element: String, _ name: String, to text: inout CText) {
        text.write(text: "\nstatic const \(element) \(prefix)_\(name)[] = {\n")
    }

    private func endArray(isEmpty: Bool = false, to text: inout CText) {
        text.write(isEmpty ? "    {0},\n};\n" : "};\n")
    }

    private func literal(_ string: String) -> String {
        var text = CText()
        text.writeLiteral(string.utf8)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private func writeTypes(to text: inout CText) {
        text.write(text: "\nstatic const char *const \(prefix)_types[] = {\n")
        for type in module.types {
            text.write(text: "    \"\(type.signature)\",\n")
        }
        text.write("    0,\n};\n")
        let thunks = thunkTypes
        text.write(text: "\nstatic const bulkhead_thunk \(prefix)_thunks[] = {\n")
        for canonical in context.index.canonicalTypes {
            text.write(text: thunks.contains(canonical) ? "    \(prefix)_thunk_\(canonical),\n" : "    0,\n")
        }
        text.write("    0,\n};\n")
    }

    private func limits(_ limits: Limits) -> String {
        ".minimum = \(limits.minimum)ull, .maximum = \(limits.maximum ?? 0)ull, "
            + ".has_maximum = \(limits.maximum == nil ? 0 : 1)"
    }

    private func writeImports(to text: inout CText) {
        beginArray("bulkhead_import", "imports", to: &text)
        var functions = 0
        var tables = 0
        var globals = 0
        for entry in module.imports {
            text.write(text: "    {.module = \(literal(entry.module)), .module_length = \(entry.module.utf8.count), ")
            text.write(text: ".name = \(literal(entry.name)), .name_length = \(entry.name.utf8.count), ")
            switch entry.type {
            case .function(let type):
                text.write(text: ".kind = 0, .type = \(type), .offset = \(offset("f\(functions)"))},\n")
                functions += 1
            case .table(let type):
                text.write(text: ".kind = 1, .type = \(type.element.rawValue), \(limits(type.limits)), ")
                text.write(text: ".offset = \(offset("t\(tables)"))},\n")
                tables += 1
            case .memory(let type): text.write(text: ".kind = 2, \(limits(type.limits))},\n")
            case .global(let type):
                text.write(text: ".kind = 3, .type = \(type.value.rawValue), .minimum = \(type.mutability.rawValue), ")
                text.write(text: ".offset = \(offset("g\(globals)"))},\n")
                globals += 1
            }
        }
        endArray(isEmpty: module.imports.isEmpty, to: &text)
    }

    private func writeDefinedFunctions(to text: inout CText) {
        beginArray("bulkhead_defined_function", "functions", to: &text)
        for function in context.facts.referencedFunctions {
            let type = context.index.canonicalTypes[Int(context.index.functions[Int(function)])]
            text.write("    {(code_pointer)")
            context.writeFunctionName(function, to: &text)
            text.write(text: ", \(type), \(function)},\n")
        }
        endArray(isEmpty: context.facts.referencedFunctions.isEmpty, to: &text)
    }

    private func writeTables(to text: inout CText) {
        beginArray("bulkhead_defined_table", "tables", to: &text)
        let first = context.index.tables.count - module.tables.count
        for (position, table) in module.tables.enumerated() {
            // A table that never changes lies in the code's data; the instance needs none.
            let minimum = context.facts.constantTables[first + position] == nil ? table.limits.minimum : 0
            text.write(text: "    {.element = \(table.element.rawValue), .minimum = \(minimum), ")
            text.write(text: ".maximum = \(table.limits.maximum ?? 0)u, ")
            text.write(text: ".has_maximum = \(table.limits.maximum == nil ? 0 : 1), ")
            text.write(text: ".offset = \(offset("t\(first + position)"))},\n")
        }
        endArray(isEmpty: module.tables.isEmpty, to: &text)
    }

    private func writeGlobals(to text: inout CText) throws(ModuleError) {
        for (position, global) in module.globals.enumerated() {
            try writeExpression(global.initializer, name: "g\(position)", to: &text)
        }
        beginArray("bulkhead_defined_global", "globals", to: &text)
        let first = context.index.globals.count - module.globals.count
        for (position, global) in module.globals.enumerated() {
            text.write(
                text: "    {.type = \(global.type.value.rawValue), .mutable_ = \(global.type.mutability.rawValue), ")
            text.write(text: ".offset = \(offset("g\(first + position)")), ")
            text.write(text: ".initializer = \(expression("g\(position)"))},\n")
        }
        endArray(isEmpty: module.globals.isEmpty, to: &text)
    }

    // MARK: - Constant expressions

    private func expression(_ name: String) -> String {
        "{\(prefix)_x_\(name), sizeof \(prefix)_x_\(name) / sizeof *\(prefix)_x_\(name)}"
    }

    private func writeExpression(
        _ expression: Module.ConstantExpression, name: String, to text: inout CText
    ) throws(ModuleError) {
        text.write(text: "static const bulkhead_constant \(prefix)_x_\(name)[] = {")
        try writeInstructions(expression, to: &text)
        text.write("};\n")
    }

    private func writeInstructions(
        _ expression: Module.ConstantExpression, to text: inout CText
    ) throws(ModuleError) {
        var instructions = InstructionReader(
            bytes: module.bytes, range: expression.range, features: context.options.features)
        while let instruction = try instructions.next() {
            switch (instruction.opcode, instruction.immediate) {
            case (_, .i32(let bits)), (_, .f32(let bits)): text.write(text: "{BULKHEAD_VALUE, \(bits)u}, ")
            case (_, .i64(let bits)), (_, .f64(let bits)): text.write(text: "{BULKHEAD_VALUE, \(bits)ull}, ")
            case (_, .v128(let position)):
                let (low, high) = context.vector(at: UInt64(position))
                text.write(text: "{BULKHEAD_VALUE, \(low)ull}, {BULKHEAD_VALUE, \(high)ull}, ")
            case (.globalGet, .index(let global)): text.write(text: "{BULKHEAD_GLOBAL_GET, \(global)}, ")
            case (.refFunc, .index(let function)):
                text.write(text: "{BULKHEAD_REF_FUNC, \(context.referenceNumber(of: function))}, ")
            case (.refNull, _): text.write("{BULKHEAD_REF_NULL, 0}, ")
            case (.i32Add, _): text.write("{BULKHEAD_I32_ADD, 0}, ")
            case (.i32Sub, _): text.write("{BULKHEAD_I32_SUB, 0}, ")
            case (.i32Mul, _): text.write("{BULKHEAD_I32_MUL, 0}, ")
            case (.i64Add, _): text.write("{BULKHEAD_I64_ADD, 0}, ")
            case (.i64Sub, _): text.write("{BULKHEAD_I64_SUB, 0}, ")
            case (.i64Mul, _): text.write("{BULKHEAD_I64_MUL, 0}, ")
            default: break
            }
        }
    }

    // MARK: - Segments

    private func mode(_ mode: Module.ElementSegment.Mode) -> StaticString {
        switch mode {
        case .passive: "BULKHEAD_PASSIVE"
        case .active: "BULKHEAD_ACTIVE"
        case .declarative: "BULKHEAD_DECLARATIVE"
        }
    }

    private func writeElements(to text: inout CText) throws(ModuleError) {
        var entries: [String] = []
        for (position, segment) in module.elements.enumerated() {
            var entry = "{.mode = \(mode(segment.mode)), "
            switch segment.mode {
            case .declarative: continue
            case .active(let table, let start):
                if context.facts.constantTables[Int(table)] != nil { continue }
                try writeExpression(start, name: "e\(position)", to: &text)
                entry += ".table = \(table), .start = \(expression("e\(position)")), "
            case .passive: break
            }
            switch segment.initializers {
            case .functions(let functions):
                text.write(text: "\nstatic const bulkhead_reference \(prefix)_e\(position)[] = {")
                for (count, function) in functions.enumerated() {
                    text.write(count % 16 == 0 ? "\n    " : " ")
                    text.write(context.referenceNumber(of: function))
                    text.write(",")
                }
                text.write(functions.isEmpty ? "0};\n" : "\n};\n")
                entry += ".functions = \(prefix)_e\(position), "
            case .expressions(let expressions):
                beginArray("bulkhead_constant", "e\(position)", to: &text)
                for item in expressions {
                    text.write("    ")
                    try writeInstructions(item, to: &text)
                    text.write("\n")
                }
                endArray(isEmpty: expressions.isEmpty, to: &text)
                entry += ".items = \(prefix)_e\(position), "
            }
            try context.check(size: text.count)
            entries.append(entry + ".count = \(segment.initializers.count), .offset = \(offset("e\(position)"))}")
        }
        beginArray("bulkhead_element_segment", "elements", to: &text)
        for entry in entries { text.write(text: "    \(entry),\n") }
        endArray(isEmpty: entries.isEmpty, to: &text)
    }

    /// Those that the descriptor lists: active segments of tables that never change are in the tables already.
    private var elementCount: Int {
        module.elements.count {
            switch $0.mode {
            case .declarative: false
            case .passive: true
            case .active(let table, _): context.facts.constantTables[Int(table)] == nil
            }
        }
    }

    private func writeDataSegments(to text: inout CText) throws(ModuleError) {
        for (position, segment) in module.data.enumerated() {
            if case .active(_, let start) = segment.mode { try writeExpression(start, name: "d\(position)", to: &text) }
        }
        beginArray("bulkhead_data_segment", "data", to: &text)
        for (position, segment) in module.data.enumerated() {
            switch segment.mode {
            case .passive: text.write("    {.mode = BULKHEAD_PASSIVE, ")
            case .active(let memory, _):
                text.write(
                    text: "    {.mode = BULKHEAD_ACTIVE, .memory = \(memory), .start = \(expression("d\(position)")), ")
            }
            text.write(text: ".bytes = \(prefix)_d\(position), .count = \(segment.content.count), ")
            text.write(text: ".offset = \(offset("d\(position)"))},\n")
        }
        endArray(isEmpty: module.data.isEmpty, to: &text)
    }

    // MARK: - Exports and names

    private func writeExports(to text: inout CText) {
        beginArray("bulkhead_export", "exports", to: &text)
        for export in module.exports {
            let index = export.kind == .function ? context.referenceNumber(of: export.index) : Int(export.index)
            text.write(
                text: "    {\(literal(export.name)), \(export.name.utf8.count), \(export.kind.rawValue), \(index)},\n")
        }
        endArray(isEmpty: module.exports.isEmpty, to: &text)
    }

    private func writeNames(to text: inout CText) {
        let names = FunctionNames(module)
        text.write(text: "\nstatic const char *const \(prefix)_names[] = {\n")
        for index in context.index.functions.indices { text.write(text: "    \(literal(names[index])),\n") }
        text.write("    0,\n};\n")
    }

    private func writeModule(to text: inout CText) {
        let memory = module.memories.first?.limits
        let start = module.start.map { "\(context.referenceNumber(of: $0))" } ?? ""
        text.write(
            text: """

                const bulkhead_module \(prefix)_module = {
                    .name = \(literal(module.names.module ?? prefix)),
                    .prefix = "\(prefix)",
                    .context_pointer = \(context.spelling.isPointer ? 1 : 0),
                    .context_size = sizeof(struct \(prefix)_context),
                    .types = \(prefix)_types,
                    .thunks = \(prefix)_thunks,
                    .type_count = \(module.types.count),
                    .types_offset = \(offset("types")),
                    .start = \(start == "" ? "0xFFFFFFFFu" : start),
                    .imports = \(prefix)_imports,
                    .import_count = \(module.imports.count),
                    .functions = \(prefix)_functions,
                    .function_count = \(context.facts.referencedFunctions.count),
                    .tables = \(prefix)_tables,
                    .table_count = \(module.tables.count),
                    .memory_count = \(module.memories.count),
                    .memory_has_maximum = \(memory?.maximum == nil ? 0 : 1),
                    .memory_minimum = \(memory?.minimum ?? 0)ull,
                    .memory_maximum = \(memory?.maximum ?? 0)ull,
                    .globals = \(prefix)_globals,
                    .global_count = \(module.globals.count),
                    .exports = \(prefix)_exports,
                    .export_count = \(module.exports.count),
                    .elements = \(prefix)_elements,
                    .element_count = \(elementCount),
                    .data = \(prefix)_data,
                    .data_count = \(module.data.count),
                    .names = \(prefix)_names,
                    .name_count = \(context.index.functions.count),
                };

                """)
    }
}
