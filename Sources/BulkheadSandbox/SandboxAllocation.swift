/// Memory from the library's allocator that goes back there after its owner let go of it: before the next call, so that no code of the
/// library runs unasked.
public struct SandboxAllocation<Pointee: SandboxStorable>: ~Copyable {
    let core: SandboxCore
    public let pointer: SandboxPointer<Pointee>
    /// Of `Pointee`s.
    public let count: Int

    private var isReleased = false

    init(core: SandboxCore, pointer: SandboxPointer<Pointee>, count: Int) {
        self.core = core
        self.pointer = pointer
        self.count = count
    }

    deinit {
        if !isReleased { core.release(.memory(pointer.cast())) }
    }

    /// Leaves the memory to the library, which frees it itself.
    public consuming func release() -> SandboxPointer<Pointee> {
        isReleased = true
        return pointer
    }
}

extension Sandbox {
    /// Memory for `count` values, from the library's `malloc`; its contents are undefined.
    public mutating func allocate<Pointee: SandboxStorable>(
        _ type: Pointee.Type = Pointee.self, count: Int = 1
    ) throws -> SandboxAllocation<Pointee> {
        let bytes = try core.size(of: type, count: count)
        return SandboxAllocation(core: core, pointer: try core.allocate(bytes: bytes).cast(), count: count)
    }

    /// A copy of `bytes` in the library's memory.
    public mutating func allocate(copying bytes: RawSpan) throws -> SandboxAllocation<UInt8> {
        SandboxAllocation(core: core, pointer: try core.allocate(copying: bytes).cast(), count: bytes.byteCount)
    }

    /// A copy of `bytes` in the library's memory.
    public mutating func allocate(copying bytes: [UInt8]) throws -> SandboxAllocation<UInt8> {
        try allocate(copying: bytes.span.bytes)
    }

    /// A copy of `values` in the library's memory.
    public mutating func allocate<Pointee: SandboxStorable>(
        _ type: Pointee.Type = Pointee.self, storing values: some Collection<Pointee.Value>
    ) throws -> SandboxAllocation<Pointee> {
        let allocation = try allocate(type, count: values.count)
        try store(values, to: allocation.pointer)
        return allocation
    }

    /// A copy of `string` in the library's memory, ended by a zero.
    /// - Throws: ``SandboxError/verification(_:)`` if the string has a zero in it, for the library would see another string.
    public mutating func allocate(cString string: String) throws -> SandboxAllocation<CChar> {
        let bytes = try SandboxCore.cString(string)
        return SandboxAllocation(
            core: core, pointer: try core.allocate(copying: bytes.span.bytes).cast(), count: bytes.count)
    }

    /// Gives memory back that the library allocated for its caller.
    public mutating func free<Pointee>(_ pointer: SandboxPointer<Pointee>?) throws {
        if let pointer { try core.free(pointer.cast()) }
    }
}
