import BulkheadSandbox

/// What a reader or a writer may use.
public struct OggOptions: Sendable, Hashable {
    /// Of memory and stack for a file, and of time for a call of the library.
    public var limits = SandboxLimits(memory: 64 << 20, stack: 256 << 10, time: .seconds(1))
    /// In one file.
    public var maximumStreams = 64

    public init() {}
}
