import WasmModule

/// Reads the fields of a module, and encodes each as it goes. Spec: 6.6.
struct ModuleParser: Sendable {
    var tokens: TokenStream
    let declarations: Declarations
    /// The explicit types, then those that type uses imply, in the order in which they stand.
    var types: TypeTable
    var encoder = ModuleEncoder()
    /// The function body or constant expression that is being read.
    var body = InstructionSequence()

    private var nextFunction: UInt32 = 0
    private var nextTable: UInt32 = 0
    private var nextMemory: UInt32 = 0
    private var nextGlobal: UInt32 = 0

    init(tokens: TokenStream, declarations: Declarations) {
        self.tokens = tokens
        self.declarations = declarations
        types = declarations.types
        encoder.names.functions = declarations.functions.names
    }

    mutating func parseFields() throws(TextError) {
        while tokens.current.kind == .leftParenthesis {
            try tokens.advance()
            let field = String(decoding: tokens.word.prefix(8), as: UTF8.self)
            if field == "type" {
                try tokens.skip(closing: 1)
                continue
            }
            try tokens.advance()
            switch field {
            case "import": try parseImport()
            case "func": try parseFunction()
            case "table": try parseTable()
            case "memory": try parseMemory()
            case "global": try parseGlobal()
            case "export": try parseExport()
            case "start": encoder.start = try index(in: declarations.functions)
            case "elem": try parseElementSegment()
            case "data": try parseDataSegment()
            default: throw tokens.unexpected("a module field")
            }
            try tokens.expectClose()
        }
    }

    // MARK: - Imports and exports. Spec: 6.6.4, 6.6.9

    private mutating func parseImport() throws(TextError) {
        let place = try importPlace()
        try tokens.expect(.leftParenthesis, "'('")
        let kind = try externalKind()
        _ = try tokens.acceptIdentifier()
        switch kind {
        case .function: try importFunction(place)
        case .table: try importTable(place)
        case .memory: try importMemory(place)
        case .global: try importGlobal(place)
        }
        try tokens.expectClose()
    }

    /// The module and the name that an import asks for.
    typealias ImportPlace = (module: [UInt8], name: [UInt8])

    private mutating func importPlace() throws(TextError) -> ImportPlace {
        (try tokens.name("a module name"), try tokens.name("an import name"))
    }

    private mutating func addImport(
        _ place: ImportPlace, _ kind: ExternalKind, _ write: (inout BinaryWriter) -> Void
    ) {
        encoder.imports.append {
            $0.vector(place.module)
            $0.vector(place.name)
            $0.byte(kind.rawValue)
            write(&$0)
        }
    }

    private mutating func importFunction(_ place: ImportPlace) throws(TextError) {
        let use = try typeUse(names: .ignored)
        nextFunction += 1
        addImport(place, .function) { $0.unsigned(use.index) }
    }

    private mutating func importTable(_ place: ImportPlace) throws(TextError) {
        let type = try tokens.tableType()
        nextTable += 1
        addImport(place, .table) { $0.tableType(type) }
    }

    private mutating func importMemory(_ place: ImportPlace) throws(TextError) {
        let limits = try tokens.limits()
        nextMemory += 1
        addImport(place, .memory) { $0.limits(limits) }
    }

    private mutating func importGlobal(_ place: ImportPlace) throws(TextError) {
        let type = try tokens.globalType()
        nextGlobal += 1
        addImport(place, .global) { $0.globalType(type) }
    }

    /// The `(import "module" "name")` inside a definition that is no definition then.
    private mutating func inlineImport() throws(TextError) -> ImportPlace? {
        guard try tokens.acceptOpen("import") else { return nil }
        let place = try importPlace()
        try tokens.expectClose()
        return place
    }

    private mutating func parseExport() throws(TextError) {
        let name = try tokens.name("an export name")
        try tokens.expect(.leftParenthesis, "'('")
        let kind = try externalKind()
        let index =
            switch kind {
            case .function: try index(in: declarations.functions)
            case .table: try index(in: declarations.tables)
            case .memory: try index(in: declarations.memories)
            case .global: try index(in: declarations.globals)
            }
        addExport(name, kind, index)
        try tokens.expectClose()
    }

    private mutating func inlineExports(_ kind: ExternalKind, _ index: UInt32) throws(TextError) {
        while try tokens.acceptOpen("export") {
            addExport(try tokens.name("an export name"), kind, index)
            try tokens.expectClose()
        }
    }

    private mutating func addExport(_ name: [UInt8], _ kind: ExternalKind, _ index: UInt32) {
        encoder.exports.append {
            $0.vector(name)
            $0.byte(kind.rawValue)
            $0.unsigned(index)
        }
    }

    private mutating func externalKind() throws(TextError) -> ExternalKind {
        if try tokens.accept("func") { return .function }
        if try tokens.accept("table") { return .table }
        if try tokens.accept("memory") { return .memory }
        if try tokens.accept("global") { return .global }
        throw tokens.unexpected("'func', 'table', 'memory' or 'global'")
    }

    // MARK: - Functions. Spec: 6.6.5

    private mutating func parseFunction() throws(TextError) {
        _ = try tokens.acceptIdentifier()
        try inlineExports(.function, nextFunction)
        if let place = try inlineImport() { return try importFunction(place) }

        let function = nextFunction
        nextFunction += 1
        let use = try typeUse(names: .kept)
        encoder.functions.append { $0.unsigned(use.index) }

        body = InstructionSequence()
        let locals = try parseLocals(of: use)
        try parseInstructions(.untilClose)
        let code = body.code.bytes
        encoder.code.append {
            $0.count(locals.count + code.count + 1)
            $0.raw(locals)
            $0.raw(code)
            $0.opcode(.end)
        }
        if !body.locals.names.isEmpty { encoder.names.locals.append((function, body.locals.names)) }
    }

    /// Declares parameters and locals in `body`, and encodes the locals in runs of one type.
    private mutating func parseLocals(of use: TypeUse) throws(TextError) -> [UInt8] {
        for (index, name, place) in use.signature.names {
            body.locals.defineUnnamed(index - Int(body.locals.count))
            try body.locals.define(name, at: place, in: tokens)
        }
        // The type a function names by number may come from a later type use; its parameters are unknown here.
        let parameters = types[use.index]?.parameters.count
        body.locals.defineUnnamed((parameters ?? 0) - Int(body.locals.count))

        var runs: [(count: UInt32, type: ValueType)] = []
        func add(_ type: ValueType) {
            if let last = runs.last, last.type == type {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((1, type))
            }
        }
        while try tokens.acceptOpen("local") {
            let place = tokens.current
            if let name = try tokens.acceptIdentifier() {
                if parameters == nil { throw tokens.malformed("unknown type \(use.index)", at: place) }
                try body.locals.define(name, at: place, in: tokens)
                add(try tokens.valueType())
            } else {
                var types: [ValueType] = []
                try tokens.valueTypes(into: &types)
                body.locals.defineUnnamed(types.count)
                types.forEach(add)
            }
            try tokens.expectClose()
        }
        var writer = BinaryWriter()
        writer.count(runs.count)
        for run in runs {
            writer.unsigned(run.count)
            writer.byte(run.type.rawValue)
        }
        return writer.bytes
    }

    // MARK: - Tables, memories and globals. Spec: 6.6.6–6.6.8

    private mutating func parseTable() throws(TextError) {
        _ = try tokens.acceptIdentifier()
        try inlineExports(.table, nextTable)
        if let place = try inlineImport() { return try importTable(place) }
        let table = nextTable
        nextTable += 1
        let type: TableType
        let hasNoLimits = try tokens.atOpen("ref") || tokens.atReferenceType
        if hasNoLimits {
            let element = try tokens.referenceType()
            try tokens.expectOpen("elem")
            let count = UInt64(try parseInlineElements(element, table: table))
            try tokens.expectClose()
            type = TableType(element: element, limits: Limits(minimum: count, maximum: count))
        } else {
            type = try tokens.tableType()
            if tokens.current.kind == .leftParenthesis {
                throw tokens.unsupported("a table's initial value needs typed function references")
            }
        }
        encoder.tables.append { $0.tableType(type) }
    }

    private mutating func parseMemory() throws(TextError) {
        _ = try tokens.acceptIdentifier()
        try inlineExports(.memory, nextMemory)
        if let place = try inlineImport() { return try importMemory(place) }
        let memory = nextMemory
        nextMemory += 1
        let limits: Limits
        if try tokens.acceptOpen("data") {
            let size = try parseInlineData(memory: memory)
            try tokens.expectClose()
            let pages = UInt64((size + MemoryType.pageSize - 1) / MemoryType.pageSize)
            limits = Limits(minimum: pages, maximum: pages)
        } else {
            limits = try tokens.limits()
        }
        encoder.memories.append { $0.limits(limits) }
    }

    private mutating func parseGlobal() throws(TextError) {
        _ = try tokens.acceptIdentifier()
        try inlineExports(.global, nextGlobal)
        if let place = try inlineImport() { return try importGlobal(place) }
        nextGlobal += 1
        let type = try tokens.globalType()
        let initializer = try constantExpression(.untilClose)
        encoder.globals.append {
            $0.globalType(type)
            $0.raw(initializer)
        }
    }
}

// MARK: - Indices and type uses

extension ModuleParser {
    /// By number or by name. Spec: 6.6.1.
    mutating func index(in space: IndexSpace) throws(TextError) -> UInt32 {
        let place = tokens.current
        if let name = try tokens.acceptIdentifier() {
            guard let index = space[name] else { throw tokens.malformed("unknown \(space.noun) \(name)", at: place) }
            return index
        }
        return try tokens.natural32("a \(space.noun) index")
    }

    /// `(type x)? (param ...)* (result ...)*`. Spec: 6.6.3.
    struct TypeUse: Sendable {
        let index: UInt32
        let signature: Signature
    }

    mutating func typeUse(names: Signature.Names) throws(TextError) -> TypeUse {
        let explicit = try explicitType()
        let signature = try Signature(&tokens, names: names)
        if let explicit {
            try check(signature, against: explicit)
            return TypeUse(index: explicit.index, signature: signature)
        }
        return TypeUse(index: types.index(of: signature.type), signature: signature)
    }

    /// Spec: 6.5.1 (block types).
    mutating func blockType() throws(TextError) -> BlockType {
        let explicit = try explicitType()
        let signature = try Signature(&tokens, names: .forbidden)
        if let explicit {
            try check(signature, against: explicit)
            return .type(explicit.index)
        }
        let type = signature.type
        guard type.parameters.isEmpty, type.results.count <= 1 else { return .type(types.index(of: type)) }
        return type.results.first.map(BlockType.value) ?? .empty
    }

    private mutating func explicitType() throws(TextError) -> (index: UInt32, place: Token)? {
        guard try tokens.acceptOpen("type") else { return nil }
        let place = tokens.current
        let index = try index(in: declarations.typeNames)
        try tokens.expectClose()
        return (index, place)
    }

    /// A signature beside an explicit type repeats it.
    private func check(_ signature: Signature, against explicit: (index: UInt32, place: Token)) throws(TextError) {
        if signature.type.parameters.isEmpty && signature.type.results.isEmpty { return }
        guard let type = types[explicit.index] else {
            throw tokens.malformed("unknown type \(explicit.index)", at: explicit.place)
        }
        guard type == signature.type else {
            throw tokens.malformed(
                "inline function type: expected \(type) as in type \(explicit.index), found \(signature.type)",
                at: explicit.place)
        }
    }
}
