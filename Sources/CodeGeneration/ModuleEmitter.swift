import WasmModule

/// Writes one module: declarations that all its files share, its functions, and (in an extension) its descriptor.
struct ModuleEmitter {
    let context: ModuleContext
    /// Whether functions are spread over several files, and so need names that the linker sees.
    let isSplit: Bool

    var module: Module { context.module }
    var prefix: String { context.prefix }

    private var linkage: StaticString { isSplit ? "__attribute__((visibility(\"hidden\"))) " : "static " }

    // MARK: - Declarations

    func writeDeclarations(to text: inout CText) throws(ModuleError) {
        text.write(
            text: "\n// Module \(commentText(module.names.module ?? prefix)): \(module.functions.count) functions\n\n")
        text.write("#undef CONTEXT\n")
        text.write(text: "#define CONTEXT struct \(prefix)_context\n\n")
        writeResultTypes(to: &text)
        writeContext(to: &text)
        for position in context.index.functions.indices {
            writePrototype(UInt32(position), to: &text)
            text.write(";\n")
            try context.check(size: text.count)
        }
        try writeCallHelpers(to: &text)
        if isSplit {
            for (position, table) in context.facts.constantTables.enumerated() {
                guard let table else { continue }
                text.write(text: "extern \(linkage)const table_entry \(prefix)_t\(position)[\(max(1, table.count))];\n")
            }
            for segment in context.facts.usedDataSegments.sorted() {
                text.write(text: "extern \(linkage)const u8 \(prefix)_d\(segment)[];\n")
            }
        } else {
            writeData(to: &text)
            writeConstantTables(to: &text)
        }
    }

    /// What stands in one file only.
    func writeDefinitions(to text: inout CText) throws(ModuleError) {
        if isSplit {
            writeData(to: &text)
            writeConstantTables(to: &text)
        }
        for position in 0..<context.index.importedFunctionCount {
            writeImport(UInt32(position), to: &text)
            try context.check(size: text.count)
        }
        try writeThunks(to: &text)
    }

    private func writePrototype(_ function: UInt32, to text: inout CText) {
        let type = context.functionType(function)
        text.write("CODE ")
        text.write(linkage)
        text.write(text: context.returnType(type))
        text.write(" ")
        context.writeFunctionName(function, to: &text)
        text.write("(")
        text.write(type.parameters.isEmpty ? context.spelling.selfOnly : context.spelling.selfAnd)
        for (position, parameter) in type.parameters.enumerated() {
            if position > 0 { text.write(", ") }
            text.write(parameter.cType)
            text.write(" l")
            text.write(position)
        }
        text.write(")")
    }

    private func writeResultTypes(to text: inout CText) {
        var written: Set<[ValueType]> = []
        for type in module.types where type.results.count > 1 && written.insert(type.results).inserted {
            text.write(text: "\(context.resultType(type.results)) {\n")
            for (position, result) in type.results.enumerated() {
                text.write(text: "    \(result.cType) r\(position);\n")
            }
            text.write("};\n\n")
        }
    }

    private func writeContext(to text: inout CText) {
        let index = context.index
        text.write(text: "struct \(prefix)_context {\n    BULKHEAD_CONTEXT_HEADER\n")
        text.write(text: "    const bulkhead_type *types[\(max(1, module.types.count))];\n")
        for function in 0..<index.importedFunctionCount {
            text.write(text: "    const bulkhead_function *f\(function);\n")
        }
        for table in index.tables.indices {
            text.write(
                text: context.isImported(table: UInt32(table))
                    ? "    bulkhead_table *t\(table);\n" : "    bulkhead_table t\(table);\n")
        }
        for (position, global) in index.globals.enumerated() {
            let isPointer = context.isImported(global: UInt32(position)) && global.mutability == .variable
            text.write(text: "    \(global.value.cType) \(isPointer ? "*" : "")g\(position);\n")
        }
        for segment in module.elements.indices { text.write(text: "    bulkhead_segment e\(segment);\n") }
        for segment in module.data.indices { text.write(text: "    u64 d\(segment);\n") }
        text.write("};\n\n")
    }

    // MARK: - Calls out of the module

    private func writeCallHelpers(to text: inout CText) throws(ModuleError) {
        let imported = Set(
            context.index.functions.prefix(context.index.importedFunctionCount).map {
                context.index.canonicalTypes[Int($0)]
            })
        for type in imported.union(context.facts.dynamicCallTypes).sorted() {
            writeForeignCall(type, to: &text)
            try context.check(size: text.count)
        }
        for type in context.facts.dynamicCallTypes.sorted() { writeReferenceCall(type, to: &text) }
    }

    private func parameterAndArguments(_ type: FunctionType) -> (parameters: String, arguments: String) {
        (
            type.parameters.enumerated().map { ", \($0.element.cType) l\($0.offset)" }.joined(),
            type.parameters.indices.map { "l\($0)" }.joined(separator: ", ")
        )
    }

    /// Packs the arguments into slots for a function that is another instance's or the host's.
    private func writeForeignCall(_ index: UInt32, to text: inout CText) {
        let type = module.types[Int(index)]
        let returnType = context.returnType(type)
        let contextName = context.spelling.context
        text.write(text: "\n// \(type)\n")
        text.write(
            text: "static \(returnType) \(prefix)_foreign_\(index)(\(context.spelling.selfAnd)"
                + "const bulkhead_function *function\(parameterAndArguments(type).parameters)) {\n")
        let count = type.slotCount
        if count == 0 {
            text.write(text: "    \(contextName)->runtime->call(function, \(contextName)->instance, 0);\n}\n")
            return
        }
        text.write(text: "    u64 values[\(count)];\n")
        for (position, parameter) in type.parameters.slots.enumerated() {
            text.write(text: "    \(toSlot(parameter, "l\(position)"));\n")
        }
        text.write(text: "    \(contextName)->runtime->call(function, \(contextName)->instance, values);\n")
        let results = type.results.slots.map(fromSlot)
        switch results.count {
        case 0: break
        case 1: text.write(text: "    return \(results[0]);\n")
        default: text.write(text: "    return (\(returnType)){\(results.joined(separator: ", "))};\n")
        }
        text.write("}\n")
    }

    private func fromSlot(_ place: (slot: Int, type: ValueType)) -> String {
        place.type == .v128
            ? "v128_from_slots(values + \(place.slot))" : "\(place.type.slotPrefix)_from_slot(values[\(place.slot)])"
    }

    private func toSlot(_ place: (slot: Int, type: ValueType), _ value: String) -> String {
        place.type == .v128
            ? "v128_to_slots(values + \(place.slot), \(value))"
            : "values[\(place.slot)] = \(place.type.slotPrefix)_to_slot(\(value))"
    }

    /// Calls through a table that can change: most functions there are the instance's own.
    private func writeReferenceCall(_ index: UInt32, to text: inout CText) {
        let type = module.types[Int(index)]
        let (parameters, arguments) = parameterAndArguments(type)
        let returns = type.results.isEmpty ? "" : "return "
        let pass = arguments.isEmpty ? "\(context.spelling.passOnly)" : "\(context.spelling.passAnd)\(arguments)"
        text.write(
            text: "\nstatic \(context.returnType(type)) \(prefix)_call_\(index)(\(context.spelling.selfAnd)"
                + "const bulkhead_function *function\(parameters)) {\n")
        text.write(text: "    if (function->self == \(context.spelling.context)->address)\n        ")
        text.write(text: "\(returns)((\(context.pointerType(type)))function->code)(\(pass));\n")
        text.write(text: "    \(type.results.isEmpty ? "else " : "")\(returns)\(prefix)_foreign_\(index)")
        text.write(text: "(\(context.spelling.passAnd)function\(arguments.isEmpty ? "" : ", ")\(arguments));\n}\n")
    }

    /// An imported function, callable like one defined here.
    private func writeImport(_ function: UInt32, to text: inout CText) {
        let type = context.functionType(function)
        let canonical = context.index.canonicalTypes[Int(context.index.functions[Int(function)])]
        let arguments = type.parameters.indices.map { ", l\($0)" }.joined()
        text.write("\n")
        writePrototype(function, to: &text)
        text.write(text: " {\n    \(type.results.isEmpty ? "" : "return ")\(prefix)_foreign_\(canonical)")
        text.write(text: "(\(context.spelling.passAnd)\(context.spelling.context)->f\(function)\(arguments));\n}\n")
    }

    // MARK: - Calls into the module

    /// The types that functions of this module can be called by from outside, canonical.
    var thunkTypes: Set<UInt32> {
        Set(
            context.facts.referencedFunctions.map {
                context.index.canonicalTypes[Int(context.index.functions[Int($0)])]
            })
    }

    private func writeThunks(to text: inout CText) throws(ModuleError) {
        for index in thunkTypes.sorted() {
            let type = module.types[Int(index)]
            text.write(
                text: "\nstatic void \(prefix)_thunk_\(index)(void *context, code_pointer code, u64 *values) {\n")
            text.write(
                context.spelling.isPointer ? "    CONTEXT *self = (CONTEXT *)context;\n" : "    SELF_FROM(context);\n")
            let arguments = type.parameters.slots.map(fromSlot).joined(separator: ", ")
            let pass = arguments.isEmpty ? "\(context.spelling.passOnly)" : "\(context.spelling.passAnd)\(arguments)"
            let call = "((\(context.pointerType(type)))code)(\(pass))"
            switch type.results.count {
            case 0: text.write(text: "    \(call);\n")
            case 1: text.write(text: "    \(toSlot((0, type.results[0]), call));\n")
            default:
                text.write(text: "    \(context.resultType(type.results)) results = \(call);\n")
                for (position, result) in type.results.slots.enumerated() {
                    text.write(text: "    \(toSlot(result, "results.r\(position)"));\n")
                }
            }
            text.write("}\n")
            try context.check(size: text.count)
        }
    }

    // MARK: - Constant data

    private func writeData(to text: inout CText) {
        for (position, segment) in module.data.enumerated() {
            let isShared = isSplit && context.facts.usedDataSegments.contains(UInt32(position))
            text.write(text: "\n\(isShared ? linkage : "static ")const u8 \(prefix)_d\(position)[] =\n    ")
            text.writeLiteral(module.bytes[segment.content])
            text.write(";\n")
        }
    }

    private func writeConstantTables(to text: inout CText) {
        for (position, table) in context.facts.constantTables.enumerated() {
            guard let table else { continue }
            text.write("\n")
            text.write(linkage)
            text.write(text: "const table_entry \(prefix)_t\(position)[\(max(1, table.count))] = {\n")
            if table.isEmpty { text.write("    {NULL_ENTRY, 0},\n") }
            for function in table {
                guard let function else {
                    text.write("    {NULL_ENTRY, 0},\n")
                    continue
                }
                let type = context.index.canonicalTypes[Int(context.index.functions[Int(function)])]
                text.write(text: "    {\(type), (code_pointer)")
                context.writeFunctionName(function, to: &text)
                text.write("},\n")
            }
            text.write("};\n")
        }
    }

    // MARK: - Functions

    /// Splits the functions defined here into runs of about equal size.
    func divide(into count: Int) -> [Range<Int>] {
        let total = module.code.reduce(0) { $0 + $1.body.count }
        var ranges: [Range<Int>] = []
        var start = 0
        var size = 0
        for (position, code) in module.code.enumerated() {
            size += code.body.count
            if size * count >= total * (ranges.count + 1), ranges.count < count - 1 {
                ranges.append(start..<position + 1)
                start = position + 1
            }
        }
        ranges.append(start..<module.code.count)
        return ranges.filter { !$0.isEmpty }
    }

    /// About how many bytes of C the functions become, or more: room that isn't used costs addresses, not memory.
    func estimatedSize(of range: Range<Int>) -> Int {
        min(8 * module.code[range].reduce(0) { $0 + $1.body.count }, 1 << 30)
    }

    /// Writes the definitions of functions, given by their place among those defined here.
    func writeFunctions(_ range: Range<Int>, to output: inout [UInt8]) throws(ModuleError) {
        var emitter = FunctionEmitter(module: context)
        var text = CText()
        for position in range {
            try writeFunction(position, with: &emitter, to: &text)
            text.flush(to: &output)
            try context.check(size: output.count)
        }
    }

    private func writeFunction(
        _ position: Int, with emitter: inout FunctionEmitter, to text: inout CText
    ) throws(ModuleError) {
        let code = module.code[position]
        let index = UInt32(context.index.importedFunctionCount + position)
        let locals = code.locals.flatMap { Array(repeating: $0.type, count: Int($0.count)) }
        let type = context.functionType(index)
        try emitter.emit(
            InstructionReader(bytes: module.bytes, range: code.body, features: context.options.features),
            function: index, locals: locals)
        text.write("\n")
        if code.body.count >= EmitterOptions.unoptimizedSize { text.write("UNOPTIMIZED ") }
        writePrototype(index, to: &text)
        text.write(" {\n")
        if emitter.accesses > 0 {
            text.write(emitter.computesFloats ? "    MEMORY_OF_FLOATS(" : "    MEMORY_OF_INTEGERS(")
            text.write(context.spelling.memory)
            text.write(")\n")
        }
        writeLocals(locals, from: type.parameters.count, to: &text)
        writeVariables(emitter.variables, to: &text)
        emitter.writeStatements(to: &text)
        text.write("}\n")
    }

    private func writeLocals(_ locals: [ValueType], from first: Int, to text: inout CText) {
        var start = 0
        while start < locals.count {
            var end = start + 1
            while end < locals.count, locals[end] == locals[start], end - start < 16 { end += 1 }
            text.write("    ")
            text.write(locals[start].cType)
            for position in start..<end {
                text.write(position == start ? " l" : ", l")
                text.write(first + position)
                text.write(locals[start] == .v128 ? " = {0}" : " = 0")
            }
            text.write(";\n")
            start = end
        }
    }

    private func writeVariables(_ variables: StackVariables, to text: inout CText) {
        for group in variables.groups {
            for (count, position) in group.positions.enumerated() {
                if count % 16 == 0 {
                    if count > 0 { text.write(";\n") }
                    text.write("    ")
                    text.write(group.type.cType)
                    text.write(" ")
                } else {
                    text.write(", ")
                }
                text.write(group.type.variablePrefix, position)
            }
            text.write(";\n")
        }
    }

    /// Names come from the module: nothing in them may end a comment or the line, or show it as something else.
    private func commentText(_ name: String) -> String {
        String(
            decoding: name.utf8.prefix(80).map { (0x20..<0x7F).contains($0) && $0 != 0x5C ? $0 : 0x20 }, as: UTF8.self)
    }
}
