/// What the instructions of a module can refer to, laid out so that looking it up in the middle of a function body
/// neither allocates nor counts references. A class, as a structure of this size would be copied on the way, too.
/// Spec: 3.1.1 (contexts).
final class ModuleContext: Sendable {
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
    let types: [UInt8]
    /// Signatures by block type: none, then one per `ValueType`, then the module's types.
    let signatures: [Signature]
    let typeCount: Int
    /// Type indices by function index. Every one of them is in range once the module's rules are checked.
    let functions: [UInt32]
    let tables: [TableType]
    let memoryCount: Int
    let globals: [GlobalType]
    let importedGlobalCount: Int
    let elements: [ReferenceType]
    let dataCount: UInt32?
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
        self.features = features

        var types: [UInt8] = []
        var signatures: [Signature] = []
        signatures.reserveCapacity(module.types.count + 1 + ValueType.allCases.count)
        func append(_ list: [ValueType]) -> TypeRange {
            let start = types.count
            for type in list { types.append(type.rawValue) }
            return TypeRange(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: list.count))
        }
        func add(_ parameters: [ValueType], _ results: [ValueType]) {
            signatures.append(Signature(parameters: append(parameters), results: append(results)))
        }
        add([], [])
        for type in ValueType.allCases { add([], [type]) }
        for type in module.types { add(type.parameters, type.results) }
        self.types = types
        self.signatures = signatures
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
