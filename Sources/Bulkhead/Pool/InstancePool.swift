import CBulkhead

/// Slots for thousands of instances in one process, leased to one tenant after the other.
///
/// ```swift
/// let pool = try InstancePool(InstancePool.Configuration(slots: 1000, maximumMemory: 4 << 20))
/// let hash = try InstanceTemplate(engine.compile(bytes))
/// let result = try await pool.withInstance(of: hash) { try $0.call("hash", .i32(7)) }
/// ```
///
/// A tenant finds an instance in which nobody has run yet, or one that was reset since: memory, globals and tables as the module begins,
/// and its start function has just been run. Where the processor has memory protection keys, neighbouring slots are of different colours and
/// are each other's guards; elsewhere each has the addresses of its guard to itself. The API is the same.
///
/// Templates can differ from lease to lease. A slot that was used for a template is preferred for the same one.
public final class InstancePool: Sendable {
    public struct Configuration: Sendable, Hashable {
        /// Instances at once, in use or kept ready.
        public var slots: Int
        /// Bytes that each memory may grow to; whole pages of 64 KiB.
        public var maximumMemory: Int
        /// Bytes for an instance's globals, imports and segments, beside its memory.
        public var maximumContext = 64 << 10
        /// Elements that each table may grow to.
        public var tableElements = 100_000
        /// Idle slots that keep an instance, so that the next lease of its template takes no more than a reset, or at least their pages, cleared.
        public var warmSlots: Int
        /// Whether large initial data is mapped from an image, page by page as it is written to, instead of copied. Takes two mappings more for each slot.
        public var usesImages = true
        /// Memory protection keys to use, at most; fewer where there are fewer. 0 for plain guards.
        public var keys = 15

        public init(slots: Int, maximumMemory: Int, warmSlots: Int? = nil) {
            self.slots = slots
            self.maximumMemory = maximumMemory
            self.warmSlots = warmSlots ?? slots
        }
    }

    public let configuration: Configuration
    let core: PoolCore

    /// Reserves the addresses; memory is taken as slots are used.
    ///
    /// - Throws: `SlabLayout.Unsatisfiable` where that many slots can't be laid out; `BulkheadError.limit`, with the `sysctl` to set, where
    ///   the kernel allows too few mappings; `BulkheadError.system` where it refuses the addresses.
    public init(_ configuration: Configuration, observer: (any InstancePoolObserver)? = nil) throws {
        self.configuration = configuration
        let slots = configuration.slots
        guard slots >= 1, slots <= 1 << 24 else {
            throw SlabLayout.Unsatisfiable(
                description: "there are \(configuration.slots) slots; a pool has 1 to \(1 << 24)")
        }
        guard configuration.maximumMemory >= 0, configuration.maximumContext >= 0 else {
            throw SlabLayout.Unsatisfiable(description: "sizes are less than nothing")
        }
        try MappingBudget.check(slots: slots, usesImages: configuration.usesImages)
        let keys = min(max(0, configuration.keys), Int(bulkhead_keys_available()))
        core = PoolCore(
            slabs: try Slab.reserve(
                SlabLayout.Request(
                    slots: slots, maximumMemory: UInt64(configuration.maximumMemory),
                    front: UInt64(configuration.maximumContext), keys: keys)),
            warmSlots: configuration.warmSlots, observer: observer)
    }

    deinit { core.end() }

    /// Colours of the slots; 1 where they have plain guards.
    public var colours: Int { core.slabs.first?.layout.stripes ?? 1 }

    /// Bytes of addresses from one slot to the next.
    public var stride: Int { Int(core.slabs.first?.layout.stride ?? 0) }

    public var statistics: InstancePoolStatistics { core.statistics }

    // MARK: - Leases

    /// Takes a slot and puts an instance into it. Blocks the thread while there is none.
    ///
    /// - Parameter limit: how long to wait for a slot; at once by default.
    /// - Throws: `InstancePoolError.exhausted` where no slot becomes free in time; what instantiation throws.
    public func lease(_ template: InstanceTemplate, waitingUpTo limit: Duration = .zero) throws -> sending InstanceLease
    {
        let choice = try core.choose(template, waitingUpTo: limit)
        return InstanceLease(core: core, tenancy: try tenancy(template, choice))
    }

    /// As ``lease(_:waitingUpTo:)``, suspending the task instead of the thread. A task that is cancelled stops waiting.
    public func lease(
        _ template: InstanceTemplate, waitingUpTo limit: Duration = .seconds(30)
    ) async throws -> sending InstanceLease {
        let choice = try await core.choose(template, suspendingUpTo: limit)
        return InstanceLease(core: core, tenancy: try tenancy(template, choice))
    }

    /// Runs `body` with an instance that is its own, and resets the instance afterwards, whatever became of it.
    public func withInstance<Result>(
        of template: InstanceTemplate, waitingUpTo limit: Duration = .zero, _ body: (Instance) throws -> Result
    ) throws -> Result {
        let lease: InstanceLease = try lease(template, waitingUpTo: limit)
        return try body(lease.instance)
    }

    /// As ``withInstance(of:waitingUpTo:_:)``, suspending the task instead of the thread while it waits.
    public func withInstance<Result>(
        of template: InstanceTemplate, waitingUpTo limit: Duration = .seconds(30),
        isolation: isolated (any Actor)? = #isolation, _ body: (Instance) throws -> Result
    ) async throws -> Result {
        let choice = try await core.choose(template, suspendingUpTo: limit)
        let lease = InstanceLease(core: core, tenancy: try tenancy(template, choice))
        return try body(lease.instance)
    }

    /// An instance whose start function has run.
    private func tenancy(_ template: InstanceTemplate, _ choice: PoolCore.Choice) throws -> Tenancy {
        let tenancy: Tenancy
        switch choice {
        case .warm(let found): tenancy = found
        case .closed(let slot):
            var limits = template.limits
            limits.tableElements = min(limits.tableElements ?? .max, configuration.tableElements)
            tenancy = try core.settle(
                template, in: slot, limits: limits, image: configuration.usesImages ? template.image : nil)
        }
        let kind = bulkhead_instance_start(tenancy.pointer, tenancy.store.trap)
        guard kind == BULKHEAD_TRAP_NONE else {
            let error = tenancy.store.takeError(kind)
            core.giveBack(tenancy)
            throw error
        }
        return tenancy
    }
}

/// An instance in a slot, for its owner alone. The slot goes back to the pool at the lease's end, and the instance is reset.
///
/// Nothing of the instance's may be kept longer: functions, memories and the store itself. What is kept all the same stays valid, and the slot
/// stays with it, lost to the pool (``InstancePoolStatistics/retained``) until it is let go.
public struct InstanceLease: ~Copyable {
    private let core: PoolCore
    private let tenancy: Tenancy

    init(core: PoolCore, tenancy: Tenancy) {
        self.core = core
        self.tenancy = tenancy
    }

    public var instance: Instance { Instance(store: tenancy.store, pointer: tenancy.pointer) }

    /// Whether the slot was kept for this template since an earlier lease.
    public var isWarm: Bool { tenancy.leases > 1 }

    deinit { core.giveBack(tenancy) }
}

public enum InstancePoolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// All slots are leased, and none became free in the time there was.
    case exhausted(slots: Int)

    public var description: String {
        switch self {
        case .exhausted(let slots):
            "all \(slots) slots of the pool are in use; wait longer, lease for less time, or make a pool with more slots"
        }
    }
}

public struct InstancePoolStatistics: Sendable, Hashable {
    public var slots = 0
    /// Leased now.
    public var leased = 0
    /// Idle, with an instance that was reset.
    public var warm = 0
    /// Idle and empty.
    public var closed = 0
    /// Given back while something of the instance's was still kept by the host.
    public var retained = 0
    /// Out of use, since the system refused to clear them; tried again when slots run short.
    public var quarantined = 0
    /// Waiting for a slot.
    public var waiting = 0

    /// Since the pool was made: leases, and those among them that found a warm slot.
    public var leases = 0
    public var warmLeases = 0
    /// Since the pool was made: those who wanted a slot and got none.
    public var refusals = 0
}

/// Is told what happens in a pool, on the thread where it happens; must be quick. `BulkheadMetrics` has one for swift-metrics.
public protocol InstancePoolObserver: Sendable {
    func poolDidLease(warm: Bool)
    func poolDidRelease()
    func poolDidRefuse()
    func poolDidQuarantine()
}
