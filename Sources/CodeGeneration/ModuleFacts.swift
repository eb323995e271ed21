import WasmModule

/// What holds for a whole module and makes its code simpler: which globals and tables never change, which functions can be
/// referred to, how large memory can be. One walk over all code.
struct ModuleFacts {
    /// Indexed by global; of those whose value is known when the module is compiled, what `Operand.Source.constant` has.
    private(set) var constantGlobals: [UInt64?] = []
    /// Indexed by table; the functions (by index, `nil` for null) of those that never change.
    private(set) var constantTables: [[UInt32?]?] = []
    /// Functions defined here that are exported, put in a changeable table or referred to, in the order of their indices.
    private(set) var referencedFunctions: [UInt32] = []
    /// Segments that some instruction names.
    private(set) var usedElementSegments: Set<UInt32> = []
    private(set) var usedDataSegments: Set<UInt32> = []
    /// In bytes, when memory 0 can neither grow nor be grown by others.
    private(set) var fixedMemorySize: UInt64?
    /// Canonical type indices of calls through tables that can change.
    private(set) var dynamicCallTypes: Set<UInt32> = []

    /// Whether the code needs the prelude's second part, which takes time to compile.
    private(set) var usesVectorInstructions = false

    /// Tables that never change are worth their place in the artifact up to this many elements, all together.
    private static let constantElementsLimit: UInt64 = 1 << 20

    private var writtenGlobals: Set<UInt32> = []
    private var changedTables: Set<UInt32> = []
    private var memoryGrows = false
    private var calledTables: [(type: UInt32, table: UInt32)] = []
    private var references: Set<UInt32> = []

    init(_ module: Module, index: IndexSpaces, features: Features) throws(ModuleError) {
        for code in module.code {
            try walk(InstructionReader(bytes: module.bytes, range: code.body, features: features))
        }
        for global in module.globals {
            try collectReferences(global.initializer, in: module, features: features)
        }
        findFixedMemory(module, index)
        try findConstantGlobals(module, index, features: features)
        for export in module.exports {
            switch export.kind {
            case .function: references.insert(export.index)
            case .table: changedTables.insert(export.index)
            case .memory, .global: break
            }
        }
        try findConstantTables(module, index, features: features)
        if let start = module.start { references.insert(start) }
        for segment in module.elements {
            if case .active(let table, let offset) = segment.mode {
                try collectReferences(offset, in: module, features: features)
                if constantTables[Int(table)] != nil { continue }
            }
            switch segment.initializers {
            case .functions(let functions): references.formUnion(functions)
            case .expressions(let expressions):
                for expression in expressions { try collectReferences(expression, in: module, features: features) }
            }
        }
        let imported = UInt32(index.importedFunctionCount)
        referencedFunctions = references.filter { $0 >= imported }.sorted()
        for call in calledTables where constantTables[Int(call.table)] == nil {
            dynamicCallTypes.insert(index.canonicalTypes[Int(call.type)])
        }
    }

    /// The instructions that tell something about the whole module.
    private static let telling = OpcodeSet(
        [
            .globalSet, .tableSet, .tableGet, .tableGrow, .tableFill, .tableSize, .tableCopy, .tableInit, .elemDrop,
            .memoryInit, .dataDrop, .memoryGrow, .refFunc, .callIndirect,
        ] + Opcode.allCases.filter(\.isVectorInstruction))

    private mutating func walk(_ instructions: InstructionReader) throws(ModuleError) {
        var instructions = instructions
        while let instruction = try instructions.next(among: Self.telling) {
            switch (instruction.opcode, instruction.immediate) {
            case (.globalSet, .index(let global)): writtenGlobals.insert(global)
            case (.tableSet, .index(let table)), (.tableGet, .index(let table)), (.tableGrow, .index(let table)),
                (.tableFill, .index(let table)), (.tableSize, .index(let table)):
                changedTables.insert(table)
            case (.tableCopy, .indices(let to, let from)):
                changedTables.insert(to)
                changedTables.insert(from)
            case (.tableInit, .indices(let segment, let table)):
                changedTables.insert(table)
                usedElementSegments.insert(segment)
            case (.elemDrop, .index(let segment)): usedElementSegments.insert(segment)
            case (.memoryInit, .indices(let segment, _)): usedDataSegments.insert(segment)
            case (.dataDrop, .index(let segment)): usedDataSegments.insert(segment)
            case (.memoryGrow, _): memoryGrows = true
            case (.refFunc, .index(let function)): references.insert(function)
            case (.callIndirect, .indices(let type, let table)):
                if calledTables.last.map({ $0 != (type, table) }) ?? true { calledTables.append((type, table)) }
            default: usesVectorInstructions = true
            }
        }
    }

    private mutating func collectReferences(
        _ expression: Module.ConstantExpression, in module: Module, features: Features
    ) throws(ModuleError) {
        var instructions = InstructionReader(bytes: module.bytes, range: expression.range, features: features)
        while let instruction = try instructions.next() {
            if case (.refFunc, .index(let function)) = (instruction.opcode, instruction.immediate) {
                references.insert(function)
            }
        }
    }

    private mutating func findFixedMemory(_ module: Module, _ index: IndexSpaces) {
        guard let memory = module.memories.first else { return }
        let shared = module.exports.contains { $0.kind == .memory }
        if memory.limits.maximum == memory.limits.minimum || !(memoryGrows || shared) {
            fixedMemorySize = memory.limits.minimum * UInt64(MemoryType.pageSize)
        }
    }

    private mutating func findConstantGlobals(
        _ module: Module, _ index: IndexSpaces, features: Features
    ) throws(ModuleError) {
        constantGlobals = Array(repeating: nil, count: index.globals.count)
        let exported = Set(module.exports.filter { $0.kind == .global }.map(\.index))
        let first = index.globals.count - module.globals.count
        for (offset, global) in module.globals.enumerated() {
            let position = UInt32(first + offset)
            if global.type.mutability == .variable {
                if writtenGlobals.contains(position) || exported.contains(position) { continue }
            }
            constantGlobals[first + offset] = try constantValue(global.initializer, module, features: features)
        }
    }

    /// The bits of an initializer that is a single `const`; of a vector, where its bytes begin among the module's.
    private func constantValue(
        _ expression: Module.ConstantExpression, _ module: Module, features: Features
    ) throws(ModuleError) -> UInt64? {
        var instructions = InstructionReader(bytes: module.bytes, range: expression.range, features: features)
        guard let first = try instructions.next(), let second = try instructions.next(), second.opcode == .end else {
            return nil
        }
        switch first.immediate {
        case .i32(let bits), .f32(let bits): return UInt64(bits)
        case .i64(let bits), .f64(let bits): return bits
        case .v128(let position): return UInt64(position)
        default: return nil
        }
    }

    private mutating func findConstantTables(
        _ module: Module, _ index: IndexSpaces, features: Features
    ) throws(ModuleError) {
        constantTables = Array(repeating: nil, count: index.tables.count)
        let first = index.tables.count - module.tables.count
        var room = Self.constantElementsLimit
        for (offset, table) in module.tables.enumerated() {
            let position = first + offset
            guard !changedTables.contains(UInt32(position)), table.element == .funcref, table.limits.minimum <= room
            else { continue }
            room -= table.limits.minimum
            constantTables[position] = Array(repeating: nil, count: Int(table.limits.minimum))
        }
        for segment in module.elements {
            guard case .active(let table, let start) = segment.mode, let size = constantTables[Int(table)]?.count else {
                continue
            }
            guard case .functions(let functions) = segment.initializers,
                let start = try constantValue(start, module, features: features),
                start + UInt64(functions.count) <= UInt64(size)
            else {
                // Instantiation decides, or traps.
                constantTables[Int(table)] = nil
                continue
            }
            for (offset, function) in functions.enumerated() {
                constantTables[Int(table)]?[Int(start) + offset] = function
            }
        }
    }
}

/// A module's index spaces, computed once.
struct IndexSpaces {
    let functions: [UInt32]
    let tables: [TableType]
    let memories: [MemoryType]
    let globals: [GlobalType]
    let importedFunctionCount: Int
    let importsMemory: Bool
    /// For each type, the first one equal to it: types are compared by structure.
    let canonicalTypes: [UInt32]

    init(_ module: Module) {
        functions = module.functionIndexSpace
        tables = module.tableIndexSpace
        memories = module.memoryIndexSpace
        globals = module.globalIndexSpace
        importedFunctionCount = functions.count - module.functions.count
        importsMemory = memories.count > module.memories.count
        var first: [FunctionType: UInt32] = [:]
        var canonical: [UInt32] = []
        for (position, type) in module.types.enumerated() {
            let index = first[type] ?? UInt32(position)
            first[type] = index
            canonical.append(index)
        }
        canonicalTypes = canonical
    }
}
