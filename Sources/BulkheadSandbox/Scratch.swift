/// Room in the library's memory for structures that are passed and returned by value: a stack of its own, so that a callback's calls
/// never use the room of the call that they are made in.
struct Scratch {
    static let capacity: UInt64 = 16 * 1024

    private var base: SandboxRawPointer?
    private var used: UInt64 = 0

    init() {}

    fileprivate mutating func push(_ size: UInt64, _ core: SandboxCore) throws -> SandboxRawPointer? {
        guard size <= Self.capacity - used else { return nil }
        let start: SandboxRawPointer
        if let base {
            start = base
        } else {
            start = try core.allocate(bytes: Self.capacity)
            base = start
        }
        defer { used += size }
        return start.advanced(byBytes: Int64(used))
    }

    fileprivate mutating func pop(_ size: UInt64) { used -= size }
}

extension SandboxCore {
    /// Gives `body` room for `size` bytes, aligned as any C type wants it.
    @usableFromInline
    func withScratch<Result>(size: Int, _ body: (SandboxRawPointer) throws -> Result) throws -> Result {
        let rounded = (UInt64(size) + 15) & ~15
        if let pointer = try scratch.push(rounded, self) {
            defer { scratch.pop(rounded) }
            return try body(pointer)
        }
        let pointer = try allocate(bytes: rounded)
        let result = try body(pointer)
        try free(pointer)
        return result
    }
}
