/// What can lie in a sandbox's memory: a C type, by the Swift value that its bytes stand for.
///
/// The integers, `Float`, `Double` and `Bool` are types of their own value. ``SandboxLong`` and its like are C types without a Swift type of
/// the same size on both machines, and pointers may be null, so a C type and its value can differ.
public protocol SandboxStorable {
    associatedtype Value
    static var layout: PerMachine<Layout> { get }
    /// Copies a value out. `bytes` has the layout's size, at any alignment.
    static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Value
    static func store(_ value: Value, _ bytes: UnsafeMutableRawPointer, _ machine: Machine)
}

/// What passes by value through a call: one slot of 64 bits.
public protocol SandboxScalar: SandboxArgument, SandboxStorable where Value == Self, Scalar == Self {
    /// From the slot a function left its result in; bits beyond the type's own are ignored.
    init(slot: UInt64)
}

/// What a parameter of type `Scalar` takes: a value of the host's, or one that came from the sandbox and is still tainted.
public protocol SandboxArgument<Scalar> {
    associatedtype Scalar
    /// The value's bits as the sandbox's calling convention has them: an `i32` zero-extended.
    var slot: UInt64 { get }
}

// MARK: - Integers

extension SandboxStorable where Self: FixedWidthInteger, Value == Self {
    @inlinable
    public static var layout: PerMachine<Layout> { PerMachine(Layout(scalar: MemoryLayout<Self>.size)) }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Self {
        Self(littleEndian: bytes.loadUnaligned(as: Self.self))
    }

    @inlinable
    public static func store(_ value: Self, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        bytes.storeBytes(of: value.littleEndian, as: Self.self)
    }
}

/// Integers narrower than 32 bits are passed as an `i32`, extended as C promotes them.
extension SandboxScalar where Self: FixedWidthInteger {
    @inlinable
    public init(slot: UInt64) { self.init(truncatingIfNeeded: slot) }

    @inlinable
    public var slot: UInt64 {
        MemoryLayout<Self>.size == 8 ? UInt64(truncatingIfNeeded: self) : UInt64(UInt32(truncatingIfNeeded: self))
    }
}

extension Int8: SandboxScalar {}
extension UInt8: SandboxScalar {}
extension Int16: SandboxScalar {}
extension UInt16: SandboxScalar {}
extension Int32: SandboxScalar {}
extension UInt32: SandboxScalar {}
extension Int64: SandboxScalar {}
extension UInt64: SandboxScalar {}

// MARK: - Truth values and floats

extension Bool: SandboxScalar {
    @inlinable public static var layout: PerMachine<Layout> { PerMachine(Layout(scalar: 1)) }

    /// Any byte but zero is true: a `Bool` with another bit pattern than Swift's two would be undefined.
    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Bool {
        bytes.loadUnaligned(as: UInt8.self) != 0
    }

    @inlinable
    public static func store(_ value: Bool, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        bytes.storeBytes(of: value ? 1 : 0, as: UInt8.self)
    }

    @inlinable public init(slot: UInt64) { self = UInt32(truncatingIfNeeded: slot) != 0 }
    @inlinable public var slot: UInt64 { self ? 1 : 0 }
}

extension Float: SandboxScalar {
    @inlinable public static var layout: PerMachine<Layout> { PerMachine(Layout(scalar: 4)) }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Float {
        Float(bitPattern: UInt32.load(bytes, machine))
    }

    @inlinable
    public static func store(_ value: Float, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        UInt32.store(value.bitPattern, bytes, machine)
    }

    @inlinable public init(slot: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: slot)) }
    @inlinable public var slot: UInt64 { UInt64(bitPattern) }
}

extension Double: SandboxScalar {
    @inlinable public static var layout: PerMachine<Layout> { PerMachine(Layout(scalar: 8)) }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Double {
        Double(bitPattern: UInt64.load(bytes, machine))
    }

    @inlinable
    public static func store(_ value: Double, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        UInt64.store(value.bitPattern, bytes, machine)
    }

    @inlinable public init(slot: UInt64) { self.init(bitPattern: slot) }
    @inlinable public var slot: UInt64 { bitPattern }
}

// MARK: - long

/// C's `long`, `intptr_t`, `ptrdiff_t` and `ssize_t` in memory. Their value is what a sandbox has room for; in direct mode the
/// upper half of a value is cut off.
public enum SandboxLong: SandboxStorable {
    @inlinable
    public static var layout: PerMachine<Layout> { PerMachine(wasm32: Layout(scalar: 4), native: Layout(scalar: 8)) }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Int32 { .load(bytes, machine) }

    @inlinable
    public static func store(_ value: Int32, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        switch machine {
        case .wasm32: Int32.store(value, bytes, machine)
        case .native: Int64.store(Int64(value), bytes, machine)
        }
    }
}

/// C's `unsigned long`, `uintptr_t` and `size_t` in memory; see ``SandboxLong``.
public enum SandboxUnsignedLong: SandboxStorable {
    @inlinable public static var layout: PerMachine<Layout> { SandboxLong.layout }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> UInt32 { .load(bytes, machine) }

    @inlinable
    public static func store(_ value: UInt32, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        switch machine {
        case .wasm32: UInt32.store(value, bytes, machine)
        case .native: UInt64.store(UInt64(value), bytes, machine)
        }
    }
}

// MARK: - Enumerations

/// A C enumeration. A structure and not a Swift `enum`: a library may leave any number where one is expected.
public protocol SandboxEnumeration: RawRepresentable, Hashable, Sendable, SandboxScalar where RawValue: SandboxScalar {
    init(rawValue: RawValue)
}

extension SandboxEnumeration {
    @inlinable public static var layout: PerMachine<Layout> { RawValue.layout }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Self {
        Self(rawValue: RawValue.load(bytes, machine))
    }

    @inlinable
    public static func store(_ value: Self, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        RawValue.store(value.rawValue, bytes, machine)
    }

    @inlinable public init(slot: UInt64) { self.init(rawValue: RawValue(slot: slot)) }
    @inlinable public var slot: UInt64 { rawValue.slot }
}
