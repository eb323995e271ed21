import WasmModule

/// A WebAssembly value. Floats are bit patterns, so that no NaN payload is lost; see `Value.float32(_:)`. Spec: 4.2.1.
public enum Value: Hashable {
    case i32(UInt32)
    case i64(UInt64)
    case f32(UInt32)
    case f64(UInt64)
    case ref(Reference)

    public static func float32(_ value: Float) -> Value { .f32(value.bitPattern) }
    public static func float64(_ value: Double) -> Value { .f64(value.bitPattern) }

    public var type: ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        case .ref(.function): .funcref
        case .ref(.extern): .externref
        }
    }
}

/// A reference value: null, or to something.
public enum Reference: Hashable {
    case function(Function?)
    /// A number of the host's choosing: no host pointer goes into a sandbox.
    case extern(ExternReference?)
}

/// What the host hands to sandboxed code as an `externref`: a number that means something to the host alone, such as a
/// position in one of its tables.
public struct ExternReference: Hashable, Sendable {
    public let handle: UInt32

    public init(_ handle: UInt32) {
        self.handle = handle
    }
}

// MARK: - Slots

extension Value {
    /// As the runtime passes values. References are host pointers to functions, and handles plus one.
    var slot: UInt64 {
        switch self {
        case .i32(let bits), .f32(let bits): UInt64(bits)
        case .i64(let bits), .f64(let bits): bits
        case .ref(.function(let function)): function.map { UInt64(UInt(bitPattern: $0.pointer)) } ?? 0
        case .ref(.extern(let reference)): reference.map { UInt64($0.handle) + 1 } ?? 0
        }
    }

    init(slot: UInt64, type: ValueType, store: Store) {
        switch type {
        case .i32: self = .i32(UInt32(truncatingIfNeeded: slot))
        case .i64: self = .i64(slot)
        case .f32: self = .f32(UInt32(truncatingIfNeeded: slot))
        case .f64, .v128: self = .f64(slot)
        case .funcref:
            let pointer = UnsafeRawPointer(bitPattern: UInt(slot))
            self = .ref(
                .function(
                    pointer.map { Function(store: store, pointer: $0.assumingMemoryBound(to: Function.Raw.self)) }))
        case .externref:
            self = .ref(.extern(slot == 0 ? nil : ExternReference(UInt32(truncatingIfNeeded: slot &- 1))))
        }
    }
}

// MARK: - Swift types as WebAssembly types

/// A Swift type that stands for a WebAssembly type in typed functions: the integers of 32 and 64 bits, `Float` and `Double`.
public protocol WasmValue {
    static var valueType: ValueType { get }
    /// The value's bits, zero-extended.
    var wasmBits: UInt64 { get }
    init(wasmBits slot: UInt64)
}

extension Int32: WasmValue {
    public static var valueType: ValueType { .i32 }
    @inlinable public var wasmBits: UInt64 { UInt64(UInt32(bitPattern: self)) }
    @inlinable public init(wasmBits slot: UInt64) { self.init(truncatingIfNeeded: slot) }
}

extension UInt32: WasmValue {
    public static var valueType: ValueType { .i32 }
    @inlinable public var wasmBits: UInt64 { UInt64(self) }
    @inlinable public init(wasmBits slot: UInt64) { self.init(truncatingIfNeeded: slot) }
}

extension Int64: WasmValue {
    public static var valueType: ValueType { .i64 }
    @inlinable public var wasmBits: UInt64 { UInt64(bitPattern: self) }
    @inlinable public init(wasmBits slot: UInt64) { self.init(bitPattern: slot) }
}

extension UInt64: WasmValue {
    public static var valueType: ValueType { .i64 }
    @inlinable public var wasmBits: UInt64 { self }
    @inlinable public init(wasmBits slot: UInt64) { self = slot }
}

extension Float: WasmValue {
    public static var valueType: ValueType { .f32 }
    @inlinable public var wasmBits: UInt64 { UInt64(bitPattern) }
    @inlinable public init(wasmBits slot: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: slot)) }
}

extension Double: WasmValue {
    public static var valueType: ValueType { .f64 }
    @inlinable public var wasmBits: UInt64 { bitPattern }
    @inlinable public init(wasmBits slot: UInt64) { self.init(bitPattern: slot) }
}
