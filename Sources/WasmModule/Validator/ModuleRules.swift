extension Module {
    /// Checks that a decoded module is valid, its function bodies' grammar included, which the decoder leaves to this.
    ///
    /// Time and memory are in proportion to the module's size. A module that passes can be compiled without looking
    /// back: every index is in range, every operand has its type.
    /// Spec: 3.4, 7.3.
    ///
    /// - Throws: `ModuleError` of kind `invalid`, `malformed` (a function body that is not one), `unsupported` or
    ///   `limit`; with the name of the function that it lies in.
    public func validate(features: Features = .all) throws(ModuleError) {
        var rules = ModuleRules(module: self, features: features)
        try rules.check()
    }
}

/// The rules of everything outside of function bodies. Spec: 3.4.
struct ModuleRules {
    private let module: Module
    private let features: Features
    private let context: ModuleContext
    /// By function index: whether it occurs outside of function bodies, so that `ref.func` may name it. Spec: 3.4.10 (C.refs).
    private var isDeclared: [Bool]
    private var expressions: ConstantExpressionValidator

    init(module: Module, features: Features) {
        self.module = module
        self.features = features
        self.context = ModuleContext(module, features: features)
        self.isDeclared = [Bool](repeating: false, count: context.functions.count)
        self.expressions = ConstantExpressionValidator(context, bytes: module.bytes)
    }

    mutating func check() throws(ModuleError) {
        try checkTypes()
        try checkTables()
        try checkMemories()
        try checkGlobals()
        try checkElements()
        try checkData()
        try checkStart()
        try checkExports()
        try checkFunctions()
    }

    private func invalid(_ message: String, at offset: Int) -> ModuleError {
        ModuleError(.invalid, message, offset: offset)
    }

    /// Where to point for something whose place is not kept: its section.
    private func offset(of section: Module.SectionID) -> Int {
        module.sections.first { $0.id == section }?.content.lowerBound ?? 0
    }

    // MARK: Types. Spec: 3.2.3, 3.4.1

    private func checkTypes() throws(ModuleError) {
        if !features.contains(.multiValue), module.types.contains(where: { $0.results.count > 1 }) {
            throw .switchedOff(.multiValue, neededBy: "a function type with several results", at: offset(of: .type))
        }
        for (index, type) in context.functions.enumerated() where Int(type) >= module.types.count {
            let isImport = index < context.functions.count - module.functions.count
            throw invalid(
                "unknown type \(type): function \(index) expected less than \(module.types.count)",
                at: offset(of: isImport ? .import : .function))
        }
    }

    // MARK: Tables, memories. Spec: 3.2.1, 3.2.4, 3.2.5

    private func checkTables() throws(ModuleError) {
        for table in context.tables {
            try checkOrder(table.limits, in: .table)
        }
        if context.tables.count > 1, !features.contains(.referenceTypes) {
            throw .switchedOff(.referenceTypes, neededBy: "a second table", at: offset(of: .table))
        }
    }

    private func checkMemories() throws(ModuleError) {
        for memory in module.memoryIndexSpace {
            for size in [memory.limits.minimum, memory.limits.maximum ?? 0] where size > 65536 {
                throw invalid(
                    "memory size must be at most 65536 pages (4GiB): found \(size)", at: offset(of: .memory))
            }
            try checkOrder(memory.limits, in: .memory)
        }
        guard context.memoryCount <= 1 else {
            throw invalid(
                "multiple memories: expected at most one, found \(context.memoryCount) "
                    + "(proposal multi-memory is not supported)",
                at: offset(of: .memory))
        }
    }

    private func checkOrder(_ limits: Limits, in section: Module.SectionID) throws(ModuleError) {
        guard limits.minimum <= limits.maximum ?? .max else {
            throw invalid(
                "size minimum must not be greater than maximum: found \(section) of \(limits)", at: offset(of: section))
        }
    }

    // MARK: Globals. Spec: 3.4.4

    private mutating func checkGlobals() throws(ModuleError) {
        for (index, global) in module.globals.enumerated() {
            let isExtended = features.contains(.extendedConstants)
            let readable = context.importedGlobalCount + (isExtended ? index : 0)
            try expressions.validate(global.initializer, global.type.value, globals: readable)
            try declareFunctions(in: global.initializer)
        }
        guard !features.contains(.mutableGlobals) else { return }
        for entry in module.imports {
            if case .global(let type) = entry.type, type.mutability == .variable {
                throw .switchedOff(.mutableGlobals, neededBy: "an imported mutable global", at: entry.offset)
            }
        }
    }

    private mutating func declare(_ function: UInt32) {
        if Int(function) < isDeclared.count { isDeclared[Int(function)] = true }
    }

    /// What `ref.func` names in an initializer, it may name in a function body.
    private mutating func declareFunctions(in expression: Module.ConstantExpression) throws(ModuleError) {
        var reader = InstructionReader(bytes: module.bytes, range: expression.range, features: features)
        while let entry = try reader.nextEntry() {
            if case .index(let function) = try reader.immediate(entry), entry.opcode == .refFunc {
                declare(function)
            }
        }
    }

    /// How many globals the offset of a segment may read.
    private var globalsForSegments: Int {
        features.contains(.extendedConstants) ? context.globals.count : context.importedGlobalCount
    }

    // MARK: Segments. Spec: 3.4.5, 3.4.6

    private mutating func checkElements() throws(ModuleError) {
        for segment in module.elements {
            if case .active(let table, let offset) = segment.mode {
                guard Int(table) < context.tables.count else {
                    throw invalid("unknown table \(table)", at: segment.offset)
                }
                let element = context.tables[Int(table)].element
                guard element == segment.type else {
                    throw invalid(
                        "type mismatch: element segment for table \(table) expected \(element), found \(segment.type)",
                        at: segment.offset)
                }
                try expressions.validate(offset, .i32, globals: globalsForSegments)
            }
            switch segment.initializers {
            case .functions(let functions):
                for function in functions {
                    guard Int(function) < context.functions.count else {
                        throw invalid("unknown function \(function)", at: segment.offset)
                    }
                    declare(function)
                }
            case .expressions(let list):
                for expression in list {
                    try expressions.validate(expression, segment.type.valueType, globals: globalsForSegments)
                    try declareFunctions(in: expression)
                }
            }
        }
    }

    private mutating func checkData() throws(ModuleError) {
        for segment in module.data {
            guard case .active(let memory, let offset) = segment.mode else { continue }
            guard Int(memory) < context.memoryCount else {
                throw invalid("unknown memory \(memory)", at: segment.offset)
            }
            try expressions.validate(offset, .i32, globals: globalsForSegments)
        }
    }

    // MARK: Start, exports. Spec: 3.4.7, 3.4.8

    private func checkStart() throws(ModuleError) {
        guard let start = module.start else { return }
        guard Int(start) < context.functions.count else {
            throw invalid("unknown function \(start): the start function", at: offset(of: .start))
        }
        let type = module.types[Int(context.functions[Int(start)])]
        guard type.parameters.isEmpty, type.results.isEmpty else {
            throw invalid("start function: expected type [] -> [], found \(type)", at: offset(of: .start))
        }
    }

    private mutating func checkExports() throws(ModuleError) {
        var names: Set<ExportName> = []
        names.reserveCapacity(module.exports.count)
        for export in module.exports {
            let count =
                switch export.kind {
                case .function: context.functions.count
                case .table: context.tables.count
                case .memory: context.memoryCount
                case .global: context.globals.count
                }
            guard Int(export.index) < count else {
                throw invalid("unknown \(export.kind) \(export.index): exported as '\(export.name)'", at: export.offset)
            }
            guard names.insert(ExportName(name: export.name)).inserted else {
                throw invalid("duplicate export name: found '\(export.name)' twice", at: export.offset)
            }
            if export.kind == .function { declare(export.index) }
            if export.kind == .global, !features.contains(.mutableGlobals),
                context.globals[Int(export.index)].mutability == .variable
            {
                throw .switchedOff(.mutableGlobals, neededBy: "an exported mutable global", at: export.offset)
            }
        }
    }

    // MARK: Functions. Spec: 3.4.1

    private func checkFunctions() throws(ModuleError) {
        guard module.code.count == module.functions.count else {
            throw ModuleError(
                .malformed, "function and code section have inconsistent lengths", offset: offset(of: .code))
        }
        var validator = FunctionValidator(context, isDeclared: isDeclared)
        let imported = context.functions.count - module.functions.count
        for (index, code) in module.code.enumerated() {
            do {
                try validator.validate(code, bytes: module.bytes, type: module.functions[index])
            } catch {
                let name = module.functionName(UInt32(truncatingIfNeeded: imported + index))
                throw ModuleError(error.kind, error.message, offset: error.offset, function: name)
            }
        }
    }
}

/// A name that is equal only to itself: strings also equal what Unicode holds for equivalent.
private struct ExportName: Hashable {
    let name: String

    static func == (left: ExportName, right: ExportName) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
    }
}
