/// A C function type. Conforming types are written by `bulkhead bindgen`; they have no values.
public protocol SandboxFunctionType {
    associatedtype Library: SandboxLibrary
    /// The Swift closure that can stand for such a function: `(inout Sandbox<Library>, parameters…) throws -> result`.
    associatedtype Body
    /// By which a library in direct mode knows the type.
    static var name: String { get }
    /// As in ``SandboxInterface``.
    static var signature: String { get }
    /// Calls `body` with the arguments in `slots` and leaves its result there.
    static func call(
        _ body: Body, _ sandbox: inout Sandbox<Library>, _ slots: UnsafeMutablePointer<UInt64>) throws
}

/// The address of a function as the library knows it: in a sandbox, an index into its table of functions. Calls through a wrong one trap.
@frozen
public struct SandboxFunctionPointer<FunctionType: SandboxFunctionType>: Hashable, Sendable {
    @usableFromInline let bits: UInt64

    @inlinable
    public init?(slot: UInt64, _ machine: Machine) {
        bits = machine == .wasm32 ? UInt64(UInt32(truncatingIfNeeded: slot)) : slot
        if bits == 0 { return nil }
    }

    init(address: UInt64) { bits = address }

    @inlinable public var slot: UInt64 { bits }
}

extension Optional {
    /// A function pointer as a call takes it: null is zero.
    @inlinable
    public func slot<FunctionType>() -> UInt64 where Wrapped == SandboxFunctionPointer<FunctionType> { self?.bits ?? 0 }
}

extension SandboxFunctionPointer: SandboxStorable {
    @inlinable
    public static var layout: PerMachine<Layout> { SandboxRawPointer.layout }

    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> SandboxFunctionPointer? {
        SandboxFunctionPointer(slot: SandboxRawPointer.load(bytes, machine)?.address ?? 0, machine)
    }

    @inlinable
    public static func store(_ value: SandboxFunctionPointer?, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        switch machine {
        case .wasm32: UInt32.store(UInt32(truncatingIfNeeded: value?.bits ?? 0), bytes, machine)
        case .native: UInt64.store(value?.bits ?? 0, bytes, machine)
        }
    }
}
