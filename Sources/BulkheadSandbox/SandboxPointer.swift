/// The address of a value in a library's memory: an offset of 32 bits into its sandbox.
///
/// Every pointer counts as chosen by an attacker, whoever made it: it is checked where it is used, so it needs no
/// verification of its own, and one that is wrong leads to an error or to other bytes of the same sandbox, never out of it.
/// A null pointer is `nil`. `Pointee` is the C type: a ``SandboxStorable``, or any type that only names it where its contents
/// are the library's business.
@frozen
public struct SandboxPointer<Pointee>: Hashable, Sendable {
    /// An offset; in direct mode an address with `nativeMark` set, which no address of a program has.
    @usableFromInline let bits: UInt64

    @usableFromInline static var nativeMark: UInt64 { 1 << 63 }

    @inlinable
    init?(bits: UInt64) {
        guard bits & ~Self.nativeMark != 0 else { return nil }
        self.bits = bits
    }

    /// The pointer at an offset of a sandbox's memory. `nil` for zero, which is C's null.
    @inlinable
    public init?(offset: UInt32) { self.init(bits: UInt64(offset)) }

    /// As a call leaves or takes it.
    @inlinable
    public init?(slot: UInt64, _ machine: Machine) {
        switch machine {
        case .wasm32: self.init(offset: UInt32(truncatingIfNeeded: slot))
        case .native: self.init(bits: slot | Self.nativeMark)
        }
    }

    @inlinable
    public var machine: Machine { bits & Self.nativeMark == 0 ? .wasm32 : .native }

    /// In bytes from the start of the library's memory.
    @inlinable
    public var address: UInt64 { bits & ~Self.nativeMark }

    /// The pointer as one to another type, as a cast in C.
    @inlinable
    public func cast<Other>(to type: Other.Type = Other.self) -> SandboxPointer<Other> {
        SandboxPointer<Other>(unchecked: bits)
    }

    @inlinable
    init(unchecked bits: UInt64) { self.bits = bits }

    /// The pointer so many bytes on. Wraps at the end of the address space, as in C.
    @inlinable
    public func advanced<Other>(byBytes distance: Int64, to type: Other.Type = Other.self) -> SandboxPointer<Other> {
        let sum = address &+ UInt64(bitPattern: distance)
        return switch machine {
        case .wasm32: SandboxPointer<Other>(unchecked: UInt64(UInt32(truncatingIfNeeded: sum)))
        case .native: SandboxPointer<Other>(unchecked: sum | Self.nativeMark)
        }
    }

    /// The pointer to a field of the structure that this one points to.
    @inlinable
    public func field<Field>(_ offset: PerMachine<Int>, as type: Field.Type = Field.self) -> SandboxPointer<Field> {
        advanced(byBytes: Int64(offset[machine]))
    }
}

/// C's `void *`.
public typealias SandboxRawPointer = SandboxPointer<Void>

extension SandboxPointer: CustomStringConvertible {
    public var description: String { "0x\(String(address, radix: 16))" }
}

// MARK: - Arithmetic

extension SandboxPointer where Pointee: SandboxStorable {
    @inlinable
    var stride: Int64 { Int64(Pointee.layout[machine].size) }

    @inlinable
    public func advanced(by count: Int) -> SandboxPointer {
        advanced(byBytes: Int64(truncatingIfNeeded: count) &* stride)
    }

    @inlinable
    public static func + (pointer: SandboxPointer, count: Int) -> SandboxPointer { pointer.advanced(by: count) }

    @inlinable
    public static func - (pointer: SandboxPointer, count: Int) -> SandboxPointer { pointer.advanced(by: 0 &- count) }

    @inlinable
    public static func + (pointer: SandboxPointer, count: Tainted<some FixedWidthInteger>) -> SandboxPointer {
        pointer.advanced(by: Int(truncatingIfNeeded: count.value))
    }

    /// Of so many elements, as C counts the distance. What comes out is as tainted as the pointers are.
    @inlinable
    public static func - (end: SandboxPointer, start: SandboxPointer) -> Tainted<Int> {
        Tainted(Int(Int64(bitPattern: end.address &- start.address) / max(1, end.stride)))
    }
}

// MARK: - In memory and in calls

extension SandboxPointer: SandboxStorable {
    @inlinable
    public static var layout: PerMachine<Layout> { PerMachine(wasm32: Layout(scalar: 4), native: Layout(scalar: 8)) }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> SandboxPointer? {
        switch machine {
        case .wasm32: SandboxPointer(offset: UInt32.load(bytes, machine))
        case .native: SandboxPointer(slot: UInt64.load(bytes, machine), machine)
        }
    }

    @inlinable
    public static func store(_ value: SandboxPointer?, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        let address = value?.address ?? 0
        switch machine {
        case .wasm32: UInt32.store(UInt32(truncatingIfNeeded: address), bytes, machine)
        case .native: UInt64.store(address, bytes, machine)
        }
    }
}

extension SandboxPointer {
    @inlinable public var slot: UInt64 { address }
}

extension Optional {
    /// A pointer as a call takes it: null is zero.
    @inlinable
    public func slot<Pointee>() -> UInt64 where Wrapped == SandboxPointer<Pointee> { self?.address ?? 0 }
}
