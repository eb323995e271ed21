import CBulkhead

/// Owns instances and everything they refer to: functions, memories, tables and globals live as long as their store.
///
/// A store and what belongs to it are used by one thread at a time (they are not `Sendable`); different stores are
/// independent, and a `Module` can be instantiated in many.
public final class Store {
    let pointer: OpaquePointer
    /// Where calls report traps. Read before anything else can be called.
    package let trap: UnsafeMutablePointer<bulkhead_trap>
    /// What a host function threw, on its way through the sandbox.
    @exclusivity(unchecked) package var pendingError: (any Error)?
    /// Code that instances run must stay mapped, and images must be known until they are unmapped.
    private var retained: [ObjectIdentifier: any AnyObject & Sendable] = [:]

    /// Called when everything the store owned is gone: the slot of a pool that its instance lay in is free.
    var whenFreed: (@Sendable () -> Void)?

    /// - Throws: `BulkheadError.system` if the fault handlers can't be installed or memory is short.
    public init() throws {
        var error = bulkhead_error()
        guard let pointer = bulkhead_store_new(&error) else { throw BulkheadError(error) }
        self.pointer = pointer
        trap = .allocate(capacity: 1)
    }

    deinit {
        bulkhead_store_free(pointer)
        trap.deallocate()
        whenFreed?()
    }

    /// Keeps what instances use, a module's artifact or its image, until they are freed.
    func retain(_ used: some AnyObject & Sendable) {
        retained[ObjectIdentifier(used)] = used
    }

    /// The Swift error for a call that ended with this kind, which isn't `BULKHEAD_TRAP_NONE`.
    package func takeError(_ kind: bulkhead_trap_kind) -> any Error {
        // Taken in any case: the call may have been interrupted while the error was on its way.
        let error = pendingError
        pendingError = nil
        if kind == BULKHEAD_TRAP_HOST, let error { return error }
        return Trap(trap)
    }
}
