import CBulkhead
import CPrelude
import CodeGeneration
import WasmModule

/// A WebAssembly value. Floats are bit patterns, so that no NaN payload is lost; see `Value.float32(_:)`. Spec: 4.2.1.
public enum Value: Hashable {
    case i32(UInt32)
    case i64(UInt64)
    case f32(UInt32)
    case f64(UInt64)
    case v128(V128)
    case ref(Reference)

    public static func float32(_ value: Float) -> Value { .f32(value.bitPattern) }
    public static func float64(_ value: Double) -> Value { .f64(value.bitPattern) }

    public var type: ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        case .v128: .v128
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
    /// As the runtime passes values.
    var slots: bulkhead_slots {
        switch self {
        case .i32(let bits), .f32(let bits): bulkhead_slots(low: UInt64(bits), high: 0)
        case .i64(let bits), .f64(let bits): bulkhead_slots(low: bits, high: 0)
        case .v128(let vector): bulkhead_slots(low: vector.low, high: vector.high)
        case .ref(let reference): bulkhead_slots(low: reference.slot, high: 0)
        }
    }

    init(slots: bulkhead_slots, type: ValueType, store: Store) {
        switch type {
        case .i32: self = .i32(UInt32(truncatingIfNeeded: slots.low))
        case .i64: self = .i64(slots.low)
        case .f32: self = .f32(UInt32(truncatingIfNeeded: slots.low))
        case .f64: self = .f64(slots.low)
        case .v128: self = .v128(V128(low: slots.low, high: slots.high))
        case .funcref: self = .ref(Reference(slot: slots.low, type: .funcref, store: store))
        case .externref: self = .ref(Reference(slot: slots.low, type: .externref, store: store))
        }
    }
}

extension [Value] {
    /// Puts the values where a call finds them.
    func put(into slots: UnsafeMutablePointer<UInt64>) {
        for (place, value) in zip(map(\.type).slots, self) {
            slots[place.slot] = value.slots.low
            if place.type == .v128 { slots[place.slot + 1] = value.slots.high }
        }
    }

    init(slots: UnsafePointer<UInt64>, types: [ValueType], store: Store) {
        self = types.slots.map { place in
            let high = place.type == .v128 ? slots[place.slot + 1] : 0
            return Value(
                slots: bulkhead_slots(low: slots[place.slot], high: high), type: place.type, store: store)
        }
    }
}

extension Reference {
    /// As the runtime passes references: host pointers to functions, and handles plus one.
    var slot: UInt64 {
        switch self {
        case .function(let function): function.map { UInt64(UInt(bitPattern: $0.pointer)) } ?? 0
        case .extern(let reference): reference.map { UInt64($0.handle) + 1 } ?? 0
        }
    }

    init(slot: UInt64, type: ReferenceType, store: Store) {
        switch type {
        case .funcref:
            let pointer = UnsafeRawPointer(bitPattern: UInt(slot))
            self = .function(
                pointer.map { Function(store: store, pointer: $0.assumingMemoryBound(to: Function.Raw.self)) })
        case .externref: self = .extern(slot == 0 ? nil : ExternReference(UInt32(truncatingIfNeeded: slot &- 1)))
        }
    }
}

// MARK: - Swift types as WebAssembly types

/// A Swift type that stands for a WebAssembly type in typed functions: the integers of 32 and 64 bits, `Float` and `Double`.
/// Vectors pass as ``Value`` alone.
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
