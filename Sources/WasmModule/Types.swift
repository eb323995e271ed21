/// The type of a WebAssembly value. Raw values are the bytes of the binary format.
/// Spec: 2.3.1–2.3.4, 5.3.1–5.3.4.
public enum ValueType: UInt8, Sendable, Hashable, CaseIterable {
    case i32 = 0x7F
    case i64 = 0x7E
    case f32 = 0x7D
    case f64 = 0x7C
    case v128 = 0x7B
    case funcref = 0x70
    case externref = 0x6F

    /// The reference type this is, or `nil` for a number or vector.
    public var reference: ReferenceType? { ReferenceType(rawValue: rawValue) }
}

/// Spec: 2.3.3.
public enum ReferenceType: UInt8, Sendable, Hashable {
    case funcref = 0x70
    case externref = 0x6F

    public var valueType: ValueType {
        switch self {
        case .funcref: .funcref
        case .externref: .externref
        }
    }
}

/// Spec: 2.3.6.
public struct FunctionType: Sendable, Hashable {
    public var parameters: [ValueType]
    public var results: [ValueType]

    public init(parameters: [ValueType], results: [ValueType]) {
        self.parameters = parameters
        self.results = results
    }
}

/// Sizes in elements (tables) or 64 KiB pages (memories). Spec: 2.3.7.
public struct Limits: Sendable, Hashable {
    public var minimum: UInt64
    public var maximum: UInt64?

    public init(minimum: UInt64, maximum: UInt64? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whether a thing with these limits may stand where `required` is asked for. Spec: 4.5.4 (import matching).
    public func matches(_ required: Limits) -> Bool {
        guard minimum >= required.minimum else { return false }
        guard let bound = required.maximum else { return true }
        guard let maximum else { return false }
        return maximum <= bound
    }
}

/// Spec: 2.3.8.
public struct MemoryType: Sendable, Hashable {
    public static let pageSize = 65536

    /// In pages of 64 KiB.
    public var limits: Limits

    public init(limits: Limits) {
        self.limits = limits
    }
}

/// Spec: 2.3.9.
public struct TableType: Sendable, Hashable {
    public var element: ReferenceType
    public var limits: Limits

    public init(element: ReferenceType, limits: Limits) {
        self.element = element
        self.limits = limits
    }
}

/// Spec: 2.3.10.
public struct GlobalType: Sendable, Hashable {
    public enum Mutability: UInt8, Sendable, Hashable {
        case constant = 0
        case variable = 1
    }

    public var value: ValueType
    public var mutability: Mutability

    public init(value: ValueType, mutability: Mutability) {
        self.value = value
        self.mutability = mutability
    }
}

/// Spec: 2.3.11.
public enum ExternalType: Sendable, Hashable {
    case function(FunctionType)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
}

/// The four kinds of things that are imported and exported; raw values as in the binary format. Spec: 5.5.5.
public enum ExternalKind: UInt8, Sendable, Hashable {
    case function = 0
    case table = 1
    case memory = 2
    case global = 3
}

// MARK: - As the specification writes them

extension ValueType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .funcref: "funcref"
        case .externref: "externref"
        }
    }
}

extension ReferenceType: CustomStringConvertible {
    public var description: String { valueType.description }
}

extension FunctionType: CustomStringConvertible {
    public var description: String {
        func list(_ types: [ValueType]) -> String {
            "[" + types.map(\.description).joined(separator: " ") + "]"
        }
        return "\(list(parameters)) -> \(list(results))"
    }
}

extension Limits: CustomStringConvertible {
    public var description: String {
        if let maximum { "\(minimum) \(maximum)" } else { "\(minimum)" }
    }
}

extension GlobalType: CustomStringConvertible {
    public var description: String {
        switch mutability {
        case .constant: value.description
        case .variable: "(mut \(value))"
        }
    }
}

extension ExternalType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .function(let type): "func \(type)"
        case .table(let type): "table \(type.limits) \(type.element)"
        case .memory(let type): "memory \(type.limits)"
        case .global(let type): "global \(type)"
        }
    }
}

extension ExternalKind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        }
    }
}
