extension Module {
    /// Decodes a module in the binary format. Function bodies are only located; `validate` walks them.
    ///
    /// Memory in use stays in proportion to the module's size: no count is believed further than the bytes go that
    /// are left.
    /// Spec: 5.5.16.
    ///
    /// - Throws: `ModuleError` of kind `malformed`, `unsupported` or `limit`.
    public init(decoding bytes: [UInt8], features: Features = .all) throws(ModuleError) {
        var decoder = Decoder(bytes: bytes, features: features)
        self = try decoder.decode()
    }
}

/// Walks the sections. As in the specification's interpreter, whose messages these are, whether a section's contents
/// fill its size is looked at when they have been read.
struct Decoder {
    var reader: BinaryReader
    var module: Module
    let features: Features
    private var previous: Module.SectionID?

    init(bytes: [UInt8], features: Features) {
        self.reader = BinaryReader(bytes: bytes, range: bytes.indices)
        self.module = Module(bytes: bytes)
        self.features = features
    }

    mutating func decode() throws(ModuleError) -> Module {
        try ImplementationLimit.check(reader.end, ImplementationLimit.moduleSize, "bytes in a module", at: 0)
        try header()
        do {
            while !reader.isAtEnd { try section() }
        } catch {
            throw errorInCode() ?? error
        }
        try checkCounts()
        return module
    }

    /// The first error in the grammar of the function bodies that have been located. When what follows the code is
    /// malformed, that may be because a body is longer than it says, and then what is wrong in the body says more.
    private func errorInCode() -> ModuleError? {
        for code in module.code {
            var instructions = InstructionReader(bytes: module.bytes, range: code.body, features: features)
            do {
                while let entry = try instructions.nextEntry() { _ = try instructions.immediate(entry) }
            } catch {
                return error
            }
        }
        return nil
    }

    /// Spec: 5.5.16 (magic, version).
    private mutating func header() throws(ModuleError) {
        let magic = try reader.littleEndian(4)
        guard magic == 0x6D73_6100 else {
            throw reader.malformed("magic header not detected: expected 0x00 'asm'", at: 0)
        }
        let version = try reader.littleEndian(4)
        guard version == 1 else {
            if version & 0xFFFF_0000 == 0x1_0000, version & 0xFFFF >= 0x0D {
                throw .unsupported(.componentModel, at: 4)
            }
            throw reader.malformed("unknown binary version: expected 1, found \(version)", at: 4)
        }
    }

    // MARK: Sections. Spec: 5.5.2

    private mutating func section() throws(ModuleError) {
        let id = try sectionID()
        let size = try reader.length()
        let start = reader.position
        guard size <= reader.remaining else { throw reader.unexpectedEnd() }
        let content = start..<start + size
        module.sections.append(Module.Section(id: id, content: content))
        switch id {
        case .custom: try customSection(content)
        case .type: try typeSection()
        case .import: try importSection()
        case .function: try functionSection()
        case .table: try tableSection()
        case .memory: try memorySection()
        case .global: try globalSection()
        case .export: try exportSection()
        case .start: module.start = try reader.u32()
        case .element: try elementSection()
        case .dataCount: module.dataCount = try reader.u32()
        case .code: try codeSection()
        case .data: try dataSection()
        }
        guard reader.position == content.upperBound else {
            throw reader.malformed(
                "section size mismatch: expected \(id) section of \(size) bytes, found \(reader.position - start)",
                at: start)
        }
    }

    private mutating func sectionID() throws(ModuleError) -> Module.SectionID {
        let start = reader.position
        let byte = try reader.byte()
        guard let id = Module.SectionID(rawValue: byte) else {
            // The tag section.
            if byte == 13 { throw .unsupported(.exceptionHandling, at: start) }
            throw reader.malformed("malformed section id: expected at most 12, found \(byte)", at: start)
        }
        guard id != .custom else { return id }
        if let previous, id.order <= previous.order {
            throw reader.malformed(
                "unexpected content after last section: found \(id) section after \(previous) section", at: start)
        }
        if id == .dataCount, !features.contains(.bulkMemory) {
            throw .switchedOff(.bulkMemory, neededBy: "a data count section", at: start)
        }
        previous = id
        return id
    }

    /// What one section says of another.
    private func checkCounts() throws(ModuleError) {
        guard module.functions.count == module.code.count else {
            throw reader.malformed(
                "function and code section have inconsistent lengths: "
                    + "expected \(module.functions.count) function bodies, found \(module.code.count)",
                at: reader.end)
        }
        if let count = module.dataCount, count != module.data.count {
            throw reader.malformed(
                "data count and data section have inconsistent lengths: "
                    + "expected \(count) data segments, found \(module.data.count)",
                at: reader.end)
        }
    }

    /// Spec: 5.5.3.
    private mutating func customSection(_ content: Range<Int>) throws(ModuleError) {
        let name = try reader.readName()
        guard reader.position <= content.upperBound else { throw reader.unexpectedEnd() }
        let payload = reader.position..<content.upperBound
        module.customSections.append(Module.CustomSection(name: name, content: payload))
        reader.position = content.upperBound
        if name == "name", let names = NameSection.decode(module.bytes, payload) { module.names = names }
    }

    // MARK: Vectors

    /// The count of a vector whose entries take `size` bytes or more, checked against a limit; and how many of them
    /// there can be room for.
    mutating func count(
        of what: String, atLeast size: Int, limit: Int
    ) throws(ModuleError) -> (count: Int, capacity: Int) {
        let start = reader.position
        let count = try reader.length()
        try ImplementationLimit.check(count, limit, what, at: start)
        return (count, min(count, reader.remaining / size))
    }

    /// Spec: 5.5.4.
    private mutating func typeSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "types", atLeast: 3, limit: ImplementationLimit.types)
        module.types.reserveCapacity(capacity)
        for _ in 0..<count { module.types.append(try reader.functionType(features)) }
    }

    /// Spec: 5.5.5.
    private mutating func importSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "imports", atLeast: 4, limit: ImplementationLimit.imports)
        module.imports.reserveCapacity(capacity)
        for _ in 0..<count {
            let offset = reader.position
            let from = try reader.readName()
            let name = try reader.readName()
            let type = try importType()
            module.imports.append(Module.Import(module: from, name: name, type: type, offset: offset))
        }
    }

    private mutating func importType() throws(ModuleError) -> Module.ImportType {
        switch try externalKind("malformed import kind") {
        case .function: .function(try reader.u32())
        case .table: .table(try reader.tableType(features))
        case .memory: .memory(try reader.memoryType())
        case .global: .global(try reader.globalType(features))
        }
    }

    private mutating func externalKind(_ message: String) throws(ModuleError) -> ExternalKind {
        let byte = try reader.byte()
        // 0x04 is a tag of proposal exception-handling, too; the suite of 2.0 wants it malformed.
        guard let kind = ExternalKind(rawValue: byte) else {
            throw reader.malformed("\(message): expected at most 0x03, found \(hex(byte))", at: reader.position - 1)
        }
        return kind
    }

    /// Spec: 5.5.6.
    private mutating func functionSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "functions", atLeast: 1, limit: ImplementationLimit.functions)
        module.functions.reserveCapacity(capacity)
        for _ in 0..<count { module.functions.append(try reader.u32()) }
    }

    /// Spec: 5.5.7.
    private mutating func tableSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "tables", atLeast: 3, limit: ImplementationLimit.tables)
        module.tables.reserveCapacity(capacity)
        for _ in 0..<count {
            if reader.peek == 0x40 { throw .unsupported(.garbageCollection, at: reader.position) }
            module.tables.append(try reader.tableType(features))
        }
    }

    /// Spec: 5.5.8.
    private mutating func memorySection() throws(ModuleError) {
        let (count, capacity) = try count(of: "memories", atLeast: 2, limit: Int.max)
        module.memories.reserveCapacity(capacity)
        for _ in 0..<count { module.memories.append(try reader.memoryType()) }
    }

    /// Spec: 5.5.9.
    private mutating func globalSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "globals", atLeast: 4, limit: ImplementationLimit.globals)
        module.globals.reserveCapacity(capacity)
        for _ in 0..<count {
            let type = try reader.globalType(features)
            module.globals.append(Module.Global(type: type, initializer: try constantExpression()))
        }
    }

    /// Spec: 5.5.10.
    private mutating func exportSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "exports", atLeast: 3, limit: ImplementationLimit.exports)
        module.exports.reserveCapacity(capacity)
        for _ in 0..<count {
            let offset = reader.position
            let name = try reader.readName()
            let kind = try externalKind("malformed export kind")
            module.exports.append(Module.Export(name: name, kind: kind, index: try reader.u32(), offset: offset))
        }
    }

    // MARK: Code. Spec: 5.5.13

    private mutating func codeSection() throws(ModuleError) {
        let (count, capacity) = try count(of: "functions", atLeast: 3, limit: ImplementationLimit.functions)
        module.code.reserveCapacity(capacity)
        for _ in 0..<count {
            let size = try reader.length()
            let start = reader.position
            try ImplementationLimit.check(size, ImplementationLimit.bodySize, "bytes in a function", at: start)
            guard size <= reader.remaining else { throw reader.unexpectedEnd() }
            let locals = try locals()
            guard reader.position <= start + size else {
                throw reader.malformed(
                    "section size mismatch: expected function of \(size) bytes, found locals of "
                        + "\(reader.position - start)",
                    at: start)
            }
            module.code.append(Module.Code(locals: locals, body: reader.position..<start + size))
            reader.position = start + size
        }
    }

    private mutating func locals() throws(ModuleError) -> [(count: UInt32, type: ValueType)] {
        let start = reader.position
        let count = try reader.length()
        var locals: [(count: UInt32, type: ValueType)] = []
        locals.reserveCapacity(min(count, reader.remaining / 2))
        var sum: UInt64 = 0
        for _ in 0..<count {
            let run = try reader.u32()
            locals.append((run, try reader.valueType(features)))
            sum &+= UInt64(run)
            guard sum <= UInt64(UInt32.max) else {
                throw reader.malformed("too many locals: expected less than 2^32, found \(sum)", at: start)
            }
        }
        return locals
    }
}

extension Module.SectionID {
    /// Its place among the sections of a module; the data count comes before the code. Spec: 5.5.16.
    fileprivate var order: UInt8 {
        switch self {
        case .custom, .type, .import, .function, .table, .memory, .global, .export, .start, .element: rawValue
        case .dataCount: Module.SectionID.element.rawValue + 1
        case .code: Module.SectionID.element.rawValue + 2
        case .data: Module.SectionID.element.rawValue + 3
        }
    }
}
