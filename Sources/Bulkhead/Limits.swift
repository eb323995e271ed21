import CBulkhead

/// What one instance may use. `nil` is no limit of the embedder's; the module's own types, and the runtime, bound it still.
public struct InstanceLimits: Hashable, Sendable {
    /// Bytes of the memory that the module defines; see `Memory.limit`. One that it imports has a limit of its own.
    public var memory: Int?
    /// Elements of each table that the module defines; see `Table.limit`.
    public var tableElements: Int?
    /// Bytes of stack; see `Instance.stackLimit`.
    public var stack: Int?

    public init(memory: Int? = nil, tableElements: Int? = nil, stack: Int? = nil) {
        self.memory = memory
        self.tableElements = tableElements
        self.stack = stack
    }

    var raw: bulkhead_limits {
        bulkhead_limits(
            memory: UInt64(limit: memory), table: UInt64(limit: tableElements), stack: UInt64(limit: stack))
    }
}

extension UInt64 {
    /// For the runtime in C, where no limit is the greatest number. Less than nothing is nothing.
    init(limit: Int?) {
        self = limit.map { UInt64(Swift.max(0, $0)) } ?? .max
    }
}

extension Int {
    /// `nil` where there is no limit.
    init?(limit: UInt64) {
        guard limit != .max else { return nil }
        self = Int(limit)
    }
}

// MARK: - Time

extension Store {
    /// Runs `body`, and stops sandboxed code that runs in it when `limit` has passed.
    ///
    /// The limit is the thread's, and holds for the instances of all stores: once it has passed, sandboxed code that `body` has
    /// called traps with `Trap.Kind.interrupted` wherever it stands, an endless loop too, and calls into sandboxed code are
    /// refused with the same trap. Everything goes on being usable, also on this thread, after `body` has ended; what
    /// the interrupted code left in its memory is as after any other trap.
    ///
    /// `body` itself and the host functions that sandboxed code calls are never stopped; whoever called a host function is when it
    /// returns. Past the limit, a host function's waits with a timeout of their own (`poll`, `nanosleep`) fail with `EINTR`.
    ///
    /// Limits nest: one within another only shortens, and the outer one is back when the inner one has ended. A limit of
    /// zero refuses every call. What counts is the time that passes, not the time of the processor.
    ///
    /// The runtime uses the signal `SIGURG` for it, and passes on those that are not its own. Don't replace its handler.
    ///
    /// - Throws: what `body` throws; `BulkheadError.system` if the system has no timer to give.
    public static func withTimeLimit<Result>(_ limit: Duration, _ body: () throws -> Result) throws -> Result {
        var deadline = bulkhead_deadline()
        var error = bulkhead_error()
        guard bulkhead_deadline_begin(&deadline, limit.nanoseconds, &error) else { throw BulkheadError(error) }
        defer { bulkhead_deadline_end(&deadline) }
        return try body()
    }

    /// As ``withTimeLimit(_:_:)``, for limits that follow one another by the thousand: nothing but the clock is asked as long as they
    /// are of one length. The thread may be sent one signal more after the last has ended.
    @inline(__always)
    package static func withRecurringTimeLimit<Result>(
        nanoseconds: UInt64, _ body: () throws -> Result
    ) throws -> Result {
        var deadline = bulkhead_deadline()
        var error = bulkhead_error()
        guard bulkhead_deadline_begin(&deadline, nanoseconds, &error) else { throw BulkheadError(error) }
        defer { bulkhead_deadline_leave(&deadline) }
        return try body()
    }
}

extension Duration {
    /// Rounded up, so that only no time at all is none.
    package var nanoseconds: UInt64 {
        // More than any machine will run; `components` overflows further on.
        guard self < .seconds(1 << 33) else { return .max }
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        return UInt64(seconds) * 1_000_000_000 + UInt64((attoseconds + 999_999_999) / 1_000_000_000)
    }
}
