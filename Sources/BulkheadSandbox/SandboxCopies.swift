/// Copies of the host's values in the library's memory, for the length of a call. For generated bindings.
public struct SandboxCopies: ~Copyable {
    private let core: SandboxCore
    private var pointers: [SandboxRawPointer] = []

    init(core: SandboxCore) { self.core = core }

    deinit { for pointer in pointers { core.release(.memory(pointer)) } }

    /// Frees the copies now.
    public mutating func free() {
        for pointer in pointers { try? core.free(pointer) }
        pointers = []
    }

    public mutating func add(_ bytes: RawSpan) throws -> SandboxRawPointer {
        let pointer = try core.allocate(copying: bytes)
        pointers.append(pointer)
        return pointer
    }

    public mutating func add<Stored: SandboxStorable>(
        _ values: [Stored.Value], as type: Stored.Type
    ) throws -> SandboxPointer<Stored> {
        let size = try core.size(of: type, count: values.count)
        let pointer = try core.allocate(bytes: size)
        pointers.append(pointer)
        Stored.store(values, try core.resolve(pointer, count: size), count: values.count, core.machine)
        return pointer.cast()
    }

    /// - Throws: ``SandboxError/verification(_:)`` if the string has a zero in it, for the library would see another string.
    public mutating func add(_ string: String) throws -> SandboxPointer<CChar> {
        let bytes = try SandboxCore.cString(string)
        return try add(bytes.span.bytes).cast()
    }

    public mutating func add(_ string: String?) throws -> SandboxPointer<CChar>? {
        if let string { try add(string) as SandboxPointer<CChar> } else { nil }
    }
}

extension Sandbox {
    public mutating func makeCopies() -> SandboxCopies { SandboxCopies(core: core) }
}
