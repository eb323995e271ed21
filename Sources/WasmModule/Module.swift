/// A decoded module: the specification's abstract syntax, with function bodies, initializers and data left as ranges of
/// the bytes they came from. Decoding alone checks the binary grammar outside of function bodies; `validate`
/// checks the rest. Spec: 2.5.
public struct Module: Sendable {
    /// The whole module in the binary format. Every range below indexes this.
    public var bytes: [UInt8]

    public var types: [FunctionType] = []
    public var imports: [Import] = []
    /// Type indices of the functions defined here; imported ones come first in the index space.
    public var functions: [UInt32] = []
    /// Tables defined here, likewise after the imported ones; so for memories and globals.
    public var tables: [TableType] = []
    public var memories: [MemoryType] = []
    public var globals: [Global] = []
    public var exports: [Export] = []
    public var start: UInt32?
    public var elements: [ElementSegment] = []
    public var dataCount: UInt32?
    /// One per entry of `functions`.
    public var code: [Code] = []
    public var data: [DataSegment] = []
    public var customSections: [CustomSection] = []
    /// Sections in the order in which they stand in the file.
    public var sections: [Section] = []
    /// From the custom section `name`; empty where there is none or where it is malformed.
    public var names = Names()

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Spec: 2.5.11.
    public struct Import: Sendable, Hashable {
        public var module: String
        public var name: String
        public var type: ImportType
        public var offset: Int

        public init(module: String, name: String, type: ImportType, offset: Int) {
            self.module = module
            self.name = name
            self.type = type
            self.offset = offset
        }
    }

    public enum ImportType: Sendable, Hashable {
        /// A type index.
        case function(UInt32)
        case table(TableType)
        case memory(MemoryType)
        case global(GlobalType)
    }

    /// Spec: 2.5.10.
    public struct Export: Sendable, Hashable {
        public var name: String
        public var kind: ExternalKind
        public var index: UInt32
        public var offset: Int

        public init(name: String, kind: ExternalKind, index: UInt32, offset: Int) {
            self.name = name
            self.kind = kind
            self.index = index
            self.offset = offset
        }
    }

    /// Spec: 2.5.6.
    public struct Global: Sendable, Hashable {
        public var type: GlobalType
        public var initializer: ConstantExpression

        public init(type: GlobalType, initializer: ConstantExpression) {
            self.type = type
            self.initializer = initializer
        }
    }

    /// The bytes of an initializer, its closing `end` included. Spec: 3.3.10.
    public struct ConstantExpression: Sendable, Hashable {
        public var range: Range<Int>

        public init(range: Range<Int>) {
            self.range = range
        }
    }

    /// Spec: 2.5.7.
    public struct ElementSegment: Sendable {
        public enum Mode: Sendable {
            case passive
            case active(table: UInt32, offset: ConstantExpression)
            case declarative
        }

        public enum Initializers: Sendable {
            /// Function indices, the short form that nearly every module uses.
            case functions([UInt32])
            case expressions([ConstantExpression])

            public var count: Int {
                switch self {
                case .functions(let indices): indices.count
                case .expressions(let expressions): expressions.count
                }
            }
        }

        public var type: ReferenceType
        public var mode: Mode
        public var initializers: Initializers
        public var offset: Int

        public init(type: ReferenceType, mode: Mode, initializers: Initializers, offset: Int) {
            self.type = type
            self.mode = mode
            self.initializers = initializers
            self.offset = offset
        }
    }

    /// Spec: 2.5.8.
    public struct DataSegment: Sendable {
        public enum Mode: Sendable {
            case passive
            case active(memory: UInt32, offset: ConstantExpression)
        }

        public var mode: Mode
        /// The bytes to copy.
        public var content: Range<Int>
        public var offset: Int

        public init(mode: Mode, content: Range<Int>, offset: Int) {
            self.mode = mode
            self.content = content
            self.offset = offset
        }
    }

    /// A function's locals and instructions. Spec: 5.5.13.
    public struct Code: Sendable {
        /// Runs of locals of one type, parameters not included. Counts add up to less than 2^32.
        public var locals: [(count: UInt32, type: ValueType)]
        /// The instructions, the closing `end` included.
        public var body: Range<Int>

        public init(locals: [(count: UInt32, type: ValueType)], body: Range<Int>) {
            self.locals = locals
            self.body = body
        }
    }

    public struct CustomSection: Sendable {
        public var name: String
        public var content: Range<Int>

        public init(name: String, content: Range<Int>) {
            self.name = name
            self.content = content
        }
    }

    public struct Section: Sendable {
        public var id: SectionID
        /// Without the id and size bytes.
        public var content: Range<Int>

        public init(id: SectionID, content: Range<Int>) {
            self.id = id
            self.content = content
        }
    }

    /// Spec: 5.5.2.
    public enum SectionID: UInt8, Sendable, CaseIterable {
        case custom, type, `import`, function, table, memory, global, export, start, element, code, data, dataCount
    }

    /// Spec: 7.4 (appendix, name section).
    public struct Names: Sendable {
        public var module: String?
        /// By function index.
        public var functions: [UInt32: String] = [:]
        /// By function index, then local index.
        public var locals: [UInt32: [UInt32: String]] = [:]

        public init() {}
    }
}

// MARK: - Index spaces

extension Module {
    /// Type indices of all functions, imported ones first.
    public var functionIndexSpace: [UInt32] {
        imports.compactMap { if case .function(let type) = $0.type { type } else { nil } } + functions
    }

    public var tableIndexSpace: [TableType] {
        imports.compactMap { if case .table(let type) = $0.type { type } else { nil } } + tables
    }

    public var memoryIndexSpace: [MemoryType] {
        imports.compactMap { if case .memory(let type) = $0.type { type } else { nil } } + memories
    }

    public var globalIndexSpace: [GlobalType] {
        imports.compactMap { if case .global(let type) = $0.type { type } else { nil } } + globals.map(\.type)
    }

    /// How a person would call the function: its name in the name section, else the name it is exported or imported
    /// under, else `function[index]`. Never empty.
    public func functionName(_ index: UInt32) -> String {
        if let name = names.functions[index], !name.isEmpty { return name }
        if let export = exports.first(where: { $0.kind == .function && $0.index == index }), !export.name.isEmpty {
            return export.name
        }
        var imported: UInt32 = 0
        for entry in imports {
            guard case .function = entry.type else { continue }
            if imported == index { return "\(entry.module).\(entry.name)" }
            imported += 1
        }
        return "function[\(index)]"
    }
}
