import Bulkhead

/// What a sandbox may use of the host.
public struct SandboxLimits: Sendable, Hashable {
    /// Bytes of linear memory: everything the library allocates, its static data and its own stack included. `nil` for as much as the
    /// library was built to use, at most 4 GiB.
    public var memory: Int?
    /// Bytes of machine stack for the library's code. `nil` for the thread's whole sandbox stack, 8 MiB by default.
    public var stack: Int?
    /// How long one call may take, callbacks included; each call then costs some tens of nanoseconds more. The runtime uses the signal
    /// SIGURG for it, and leaves it unblocked in threads that make such calls: they may be sent one when a limit would have ended.
    /// See also ``Sandbox/withTimeLimit(_:_:)``.
    public var time: Duration?

    public init(memory: Int? = nil, stack: Int? = nil, time: Duration? = nil) {
        self.memory = memory
        self.stack = stack
        self.time = time
    }

    var instance: InstanceLimits { InstanceLimits(memory: memory, stack: stack) }
}
