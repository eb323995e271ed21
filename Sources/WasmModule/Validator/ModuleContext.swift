/// What the instructions of a module can refer to, laid out so that looking it up in the middle of a function body
/// neither allocates nor counts references. Spec: 3.1.1 (contexts).
struct ModuleContext: Sendable {
    /// A part of `types`.
    struct TypeRange: Sendable {
        var start: UInt32
        var count: UInt32

        static let empty = TypeRange(start: 0, count: 0)
        var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    struct Signature: Sendable {
        var parameters: TypeRange
        var results: TypeRange
    }

    /// The parameters and results of all types, one after the other, as raw values of `ValueType`.
    private(set) var types: [UInt8] = []
    /// Signatures by block type: none, then one per `ValueType`, then the module's types.
    private(set) var signatures: [Signature] = []
    private(set) var typeCount: Int
    /// Type indices by function index. Every one of them is in range once the module's rules are checked.
    let functions: [UInt32]
    let tables: [TableType]
    let memoryCount: Int
    let globals: [GlobalType]
    let importedGlobalCount: Int
    let elements: [ReferenceType]
    let dataCount: UInt32?
    /// By function index: whether it occurs outside of function bodies, so that `ref.func` may name it.
    private(set) var isDeclared: [Bool]
    let features: Features

    init(_ module: Module, features: Features) {
        self.functions = module.functionIndexSpace
        self.tables = module.tableIndexSpace
        self.memoryCount = module.memoryIndexSpace.count
        self.globals = module.globalIndexSpace
        self.importedGlobalCount = self.globals.count - module.globals.count
        self.elements = module.elements.map(\.type)
        self.dataCount = module.dataCount
        self.typeCount = module.types.count
        self.isDeclared = [Bool](repeating: false, count: self.functions.count)
        self.features = features
        signatures.reserveCapacity(module.types.count + 1 + ValueType.allCases.count)
        add([], [])
        for type in ValueType.allCases { add([], [type]) }
        for type in module.types { add(type.parameters, type.results) }
    }

    private mutating func add(_ parameters: [ValueType], _ results: [ValueType]) {
        signatures.append(Signature(parameters: append(parameters), results: append(results)))
    }

    private mutating func append(_ types: [ValueType]) -> TypeRange {
        let start = self.types.count
        for type in types { self.types.append(type.rawValue) }
        return TypeRange(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: types.count))
    }

    mutating func declare(_ function: UInt32) {
        if Int(function) < isDeclared.count { isDeclared[Int(function)] = true }
    }

    // MARK: Signatures

    static let emptyBlock: UInt32 = 0

    /// The index in `signatures` of a type of the module.
    func signatureIndex(ofType index: UInt32) -> UInt32? {
        Int(index) < typeCount ? UInt32(signatures.count - typeCount) + index : nil
    }

    /// The index in `signatures` of a value type.
    static func signatureIndex(of type: ValueType) -> UInt32 {
        let index: UInt32 =
            switch type {
            case .i32: 0
            case .i64: 1
            case .f32: 2
            case .f64: 3
            case .v128: 4
            case .funcref: 5
            case .externref: 6
            }
        return index + 1
    }

    /// As the specification writes it: `[i32 f64]`.
    func description(_ range: TypeRange) -> String {
        "[" + types[range.indices].map(describeType).joined(separator: " ") + "]"
    }
}

/// Stands in an operand's place for a type that unreachable code leaves open. Spec: 3.3.12, 7.3.
let unknownType: UInt8 = 0

/// The name of a `ValueType`, by raw value.
func describeType(_ raw: UInt8) -> String {
    ValueType(rawValue: raw)?.description ?? "a value of any type"
}
