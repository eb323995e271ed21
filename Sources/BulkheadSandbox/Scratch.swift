/// Room in the library's memory for structures that are passed and returned by value: a stack of its own, so that a callback's calls
/// never use the room of the call that they are made in.
struct Scratch {
    static let capacity: UInt64 = 16 * 1024

    private var base: SandboxRawPointer?
    private var used: UInt64 = 0

    init() {}

    fileprivate var isUnmade: Bool { base == nil }

    fileprivate mutating func make(_ base: SandboxRawPointer) { self.base = base }

    fileprivate mutating func push(_ size: UInt64) -> SandboxRawPointer? {
        guard let base, size <= Self.capacity - used else { return nil }
        defer { used += size }
        return base.advanced(byBytes: Int64(used))
    }

    fileprivate mutating func pop(_ size: UInt64) { used -= size }
}

extension SandboxCore {
    /// Gives `body` room for `size` bytes, aligned as any C type wants it.
    @usableFromInline
    func withScratch<Result>(size: Int, _ body: (SandboxRawPointer) throws -> Result) throws -> Result {
        let rounded = (UInt64(size) + 15) & ~15
        // Not within an access to `scratch`: a hostile `malloc` can call a callback that comes here again.
        if scratch.isUnmade {
            let base = try allocate(bytes: Scratch.capacity)
            if scratch.isUnmade { scratch.make(base) }
        }
        if let pointer = scratch.push(rounded) {
            defer { scratch.pop(rounded) }
            return try body(pointer)
        }
        let pointer = try allocate(bytes: rounded)
        let result = try body(pointer)
        try free(pointer)
        return result
    }
}
