import WasmModule

/// What the emitter of any part of a module needs to know of the whole: facts, names, and how things are spelt in C. A class,
/// as it is large, and looked at for nearly every instruction: of a structure the compiler likes to make copies.
final class ModuleContext {
    let module: Module
    let index: IndexSpaces
    let facts: ModuleFacts
    let options: EmitterOptions
    /// What every name of this module begins with.
    let prefix: String
    let spelling: ContextSpelling

    /// The most bytes that a file of C may have.
    let sizeLimit: Int

    /// Each value type by itself, then the parameters and results of the module's types, one after the other.
    let valueTypes: [ValueType]
    /// By type index.
    private let signatures: [Signature]
    /// The names of all functions in C, one after the other, and where each begins; the last entry is the end. One text rather
    /// than a string each: a large module has tens of thousands, and calls look them up in any order.
    private let names: CText
    private let nameStarts: [Int]
    /// By function index, the place in the instance's `functions`.
    private let referenceSlots: [UInt32: Int]

    init(_ module: Module, prefix: String, options: EmitterOptions, sizeLimit: Int) throws(ModuleError) {
        self.module = module
        self.prefix = prefix
        self.options = options
        self.sizeLimit = sizeLimit
        index = IndexSpaces(module)
        facts = try ModuleFacts(module, index: index, features: options.features)
        spelling = index.importsMemory ? .pointer : .segment

        var valueTypes = ValueType.allCases
        signatures = module.types.map { type in
            let start = valueTypes.count
            valueTypes += type.parameters
            let middle = valueTypes.count
            valueTypes += type.results
            return Signature(parameters: start..<middle, results: middle..<valueTypes.count)
        }
        self.valueTypes = valueTypes

        let functionNames = FunctionNames(module)
        var names = CText()
        var nameStarts = [0]
        for function in index.functions.indices {
            names.write(text: "\(prefix)_f\(function)_\(cIdentifier(functionNames[function]))")
            nameStarts.append(names.count)
        }
        self.names = names
        self.nameStarts = nameStarts

        referenceSlots = Dictionary(
            uniqueKeysWithValues: facts.referencedFunctions.enumerated().map { ($0.element, $0.offset) })
    }

    func check(size: Int) throws(ModuleError) {
        guard size <= sizeLimit else {
            throw ModuleError(.limit, "module too large: its C would be more than \(sizeLimit) bytes", offset: 0)
        }
    }

    func writeFunctionName(_ index: UInt32, to text: inout CText) {
        text.write(nameStarts[Int(index)]..<nameStarts[Int(index) + 1], of: names)
    }

    /// A vector's bytes, as two little-endian halves.
    /// - Parameter position: among the module's bytes, of the first.
    func vector(at position: UInt64) -> (low: UInt64, high: UInt64) {
        func half(_ start: Int) -> UInt64 {
            module.bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return (half(Int(position)), half(Int(position) + 8))
    }

    func functionType(_ index: UInt32) -> FunctionType { module.types[Int(self.index.functions[Int(index)])] }

    func signature(ofFunction index: UInt32) -> Signature { signatures[Int(self.index.functions[Int(index)])] }

    func signature(of block: BlockType) -> Signature {
        switch block {
        case .empty: return .empty
        case .value(let type):
            guard let position = valueTypes.firstIndex(of: type) else { return .empty }
            return Signature(parameters: 0..<0, results: position..<position + 1)
        case .type(let index): return signatures[Int(index)]
        }
    }

    /// A `ref` expression for a function.
    func reference(to function: UInt32) -> String {
        if let slot = referenceSlots[function] { return "(ref)(\(spelling.context)->functions + \(slot))" }
        return "(ref)\(spelling.context)->f\(function)"
    }

    /// The descriptor's number for a function: imports by index, then the instance's own by place.
    func referenceNumber(of function: UInt32) -> Int {
        referenceSlots[function].map { $0 + index.importedFunctionCount } ?? Int(function)
    }

    func isImported(table: UInt32) -> Bool { Int(table) < index.tables.count - module.tables.count }
    func isImported(global: UInt32) -> Bool { Int(global) < index.globals.count - module.globals.count }

    /// What stands before a table's field names.
    func tableField(_ table: UInt32) -> String {
        "\(spelling.context)->t\(table)\(isImported(table: table) ? "->" : ".")"
    }

    /// A host pointer to the table.
    func tablePointer(_ table: UInt32) -> String {
        isImported(table: table)
            ? "\(spelling.context)->t\(table)"
            : "(bulkhead_table *)((u8 *)\(spelling.context)->address + __builtin_offsetof(struct \(prefix)_context, t\(table)))"
    }

    func globalField(_ global: UInt32) -> String {
        let isPointer = isImported(global: global) && index.globals[Int(global)].mutability == .variable
        return isPointer ? "(*\(spelling.context)->g\(global))" : "\(spelling.context)->g\(global)"
    }

    /// The structure that returns several results.
    func resultType(_ results: [ValueType]) -> String {
        "struct \(prefix)_r_\(String(decoding: results.map(\.signatureLetter), as: UTF8.self))"
    }

    /// What a function of this type returns in C.
    func returnType(_ type: FunctionType) -> String {
        switch type.results.count {
        case 0: "void"
        case 1: "\(type.results[0].cType)"
        default: resultType(type.results)
        }
    }

    /// The pointer type of code of this type, without outer parentheses.
    func pointerType(_ type: FunctionType) -> String {
        let parameters = type.parameters.map { "\($0.cType)" }.joined(separator: ", ")
        let all = parameters.isEmpty ? "\(spelling.selfOnly)" : "\(spelling.selfAnd)\(parameters)"
        return "\(returnType(type)) (*)(\(all))"
    }
}

/// How the instance's context and memory are written. A module with a memory of its own (or none) has its context in the
/// segment, below the memory; one that imports its memory gets a pointer.
struct ContextSpelling {
    let context: StaticString
    let selfOnly: StaticString
    let selfAnd: StaticString
    let passOnly: StaticString
    let passAnd: StaticString
    /// The address of memory, for functions whose accesses don't use the segment.
    let memory: StaticString
    let header: StaticString
    let isPointer: Bool

    static let segment = ContextSpelling(
        context: "SELF", selfOnly: "SELF_ONLY", selfAnd: "SELF_AND ", passOnly: "PASS_ONLY", passAnd: "PASS_AND ",
        memory: "OWN_MEMORY", header: "HEADER", isPointer: false)
    static let pointer = ContextSpelling(
        context: "self", selfOnly: "CONTEXT *self", selfAnd: "CONTEXT *self, ", passOnly: "self", passAnd: "self, ",
        memory: "self->memory->base", header: "self->memory", isPointer: true)
}

/// Names of all functions, found in one pass over the exports and imports. See `Module.functionName`.
struct FunctionNames {
    private var names: [String?]

    init(_ module: Module) {
        var imported: [String] = []
        for entry in module.imports {
            if case .function = entry.type { imported.append("\(entry.module).\(entry.name)") }
        }
        names = imported + Array(repeating: nil, count: module.functions.count)
        for export in module.exports.reversed() where export.kind == .function && Int(export.index) >= imported.count {
            names[Int(export.index)] = export.name
        }
        for (index, name) in module.names.functions where Int(index) < names.count && !name.isEmpty {
            names[Int(index)] = name
        }
    }

    subscript(index: Int) -> String {
        if let name = names[index], !name.isEmpty { return name }
        return "function[\(index)]"
    }
}

/// The name with everything that C doesn't allow replaced, and not too long to read.
func cIdentifier(_ name: String) -> String {
    let bytes = name.utf8.prefix(80).map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            byte
        default: UInt8(ascii: "_")
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
