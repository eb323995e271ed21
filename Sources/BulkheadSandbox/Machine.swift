/// The machine whose layouts a library's memory has.
@frozen
public enum Machine: Hashable, Sendable {
    /// A sandbox: pointers, `long` and `size_t` have 32 bits.
    case wasm32
    /// The host itself, where the library runs unprotected (``SandboxImage/Mode/direct``).
    case native
}

/// The size and alignment of a type, in bytes.
@frozen
public struct Layout: Hashable, Sendable {
    public let size: Int
    public let alignment: Int

    @inlinable
    public init(size: Int, alignment: Int) {
        self.size = size
        self.alignment = alignment
    }

    /// The layout of a value that is as large as it is aligned.
    @inlinable
    public init(scalar size: Int) {
        self.init(size: size, alignment: size)
    }
}

/// A type's layouts, or a field's offsets: one for each machine.
@frozen
public struct PerMachine<Value: Sendable>: Sendable {
    public let wasm32: Value
    public let native: Value

    @inlinable
    public init(wasm32: Value, native: Value) {
        self.wasm32 = wasm32
        self.native = native
    }

    /// The same on both.
    @inlinable
    public init(_ value: Value) {
        self.init(wasm32: value, native: value)
    }

    @inlinable
    public subscript(machine: Machine) -> Value {
        switch machine {
        case .wasm32: wasm32
        case .native: native
        }
    }
}
