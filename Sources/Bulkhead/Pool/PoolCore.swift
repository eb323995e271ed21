import CBulkhead
import DequeModule
import Dispatch
import Glibc
import Synchronization

/// Where an instance can be.
struct Slot: Hashable {
    let slab: Int
    let number: Int
}

/// An instance in a slot. Whoever holds it alone may use it: a tenant, or the pool while it is warm.
final class Tenancy: @unchecked Sendable {
    let template: InstanceTemplate
    let limits: InstanceLimits
    let slot: Slot
    /// The only reference to it, unless the tenant kept something.
    fileprivate(set) var store: Store
    let pointer: OpaquePointer
    fileprivate(set) var leases = 1
    /// Of the instances that a pool kept warm, the how manyth this was when it last became one.
    fileprivate var idleNumber = 0

    init(template: InstanceTemplate, limits: InstanceLimits, slot: Slot, store: Store, pointer: OpaquePointer) {
        self.template = template
        self.limits = limits
        self.slot = slot
        self.store = store
        self.pointer = pointer
    }
}

/// What a pool and its leases share.
///
/// Every slot is in one place: with a tenant, warm, clean, closed, quarantined, or held by a store that the host kept. A permission is the right to a slot
/// that is warm, clean or closed. A slot gets to its place first, and then its permission is passed on; so whoever has a permission finds a slot. There is
/// one exception: a warm slot that can't be closed for another template takes a permission with it when it goes into quarantine, and whoever finds
/// nothing lets go of that one.
final class PoolCore: Sendable {
    enum Choice {
        case warm(Tenancy)
        case closed(Slot)
    }

    let slabs: [Slab]
    /// Of all slabs.
    private let slots: Int
    private let warmSlots: Int
    private let observer: (any InstancePoolObserver)?
    private let state: Lock<State>

    private struct State: Sendable {
        /// By colour, of all slabs.
        var closed: [[Slot]]
        var closedCount: Int
        /// Empty too, and still accessible: quicker to use again, unless an image is to be mapped.
        var clean: [Slot] = []
        /// By template; the one that was used last comes last.
        var warm: [ObjectIdentifier: Deque<Tenancy>] = [:]
        var warmCount = 0
        /// In the order in which they became warm, which is that of their numbers. Those that were leased since are still in it, until it gets long.
        var idle: Deque<Idle> = []
        var idleCount = 0
        var quarantined: [Slot] = []
        var retained = 0
        var permissions: Int
        var waiters: Deque<Waiter> = []
        var leases = 0
        var warmLeases = 0
        var refusals = 0
        var nextWaiter = 0
        /// Nobody will lease again: nothing is kept warm.
        var hasEnded = false
    }

    private struct Idle: Sendable {
        let template: ObjectIdentifier
        let number: Int
    }

    private struct Waiter: Sendable {
        let number: Int
        /// Called once: with true for a permission.
        let resume: @Sendable (Bool) -> Void
    }

    init(slabs: [Slab], warmSlots: Int, observer: (any InstancePoolObserver)?) {
        self.slabs = slabs
        self.warmSlots = max(0, warmSlots)
        self.observer = observer
        let stripes = slabs.map(\.layout.stripes).max() ?? 1
        var closed = [[Slot]](repeating: [], count: stripes)
        for (number, slab) in slabs.enumerated() {
            for slot in (0..<slab.layout.slots).reversed() {
                closed[slab.layout.stripe(of: slot)].append(Slot(slab: number, number: slot))
            }
        }
        slots = slabs.reduce(0) { $0 + $1.layout.slots }
        state = Lock(State(closed: closed, closedCount: slots, permissions: slots))
    }

    var statistics: InstancePoolStatistics {
        state.withLock { state in
            var result = InstancePoolStatistics()
            result.slots = slots
            result.warm = state.warmCount
            result.closed = state.closedCount + state.clean.count
            result.quarantined = state.quarantined.count
            result.retained = state.retained
            result.leased = slots - result.warm - result.closed - result.quarantined - result.retained
            result.waiting = state.waiters.count
            result.leases = state.leases
            result.warmLeases = state.warmLeases
            result.refusals = state.refusals
            return result
        }
    }

    /// When the pool goes. Warm slots hold the pool by what is done at their stores' end, so they have to end first; leases may outlive the pool.
    func end() {
        var warm: [ObjectIdentifier: Deque<Tenancy>] = [:]
        state.withLock { state in
            state.hasEnded = true
            state.warmCount = 0
            swap(&warm, &state.warm)
        }
        // Not before: a store's end takes the lock.
        withExtendedLifetime(warm) {}
    }

    // MARK: - Permissions

    /// Gives a permission to whoever is first in line, or keeps it for the next. Under the lock; the waiter is resumed outside.
    private static func returnPermission(_ state: inout State) -> Waiter? {
        guard !state.waiters.isEmpty else {
            state.permissions += 1
            return nil
        }
        return state.waiters.removeFirst()
    }

    private func takePermission() -> Bool {
        state.withLock { state in
            guard state.permissions > 0 else { return false }
            state.permissions -= 1
            return true
        }
    }

    /// Takes one, or waits in line. Returns the number of the place there, for `stopWaiting`; `nil` if there was nothing to wait for.
    private func takeOrWait(_ resume: @escaping @Sendable (Bool) -> Void) -> Int? {
        state.withLock { state in
            if state.permissions > 0 {
                state.permissions -= 1
                return nil
            }
            state.nextWaiter += 1
            state.waiters.append(Waiter(number: state.nextWaiter, resume: resume))
            return state.nextWaiter
        }
    }

    private func stopWaiting(_ number: Int) {
        let waiter: Waiter? = state.withLock { state in
            guard let position = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: position)
        }
        waiter?.resume(false)
    }

    private func refused() -> InstancePoolError {
        state.withLock { $0.refusals += 1 }
        observer?.poolDidRefuse()
        return .exhausted(slots: slots)
    }

    /// A slot for an instance of the template, waiting on this thread until there is one.
    func choose(_ template: InstanceTemplate, waitingUpTo limit: Duration) throws(InstancePoolError) -> Choice {
        if let choice = chooseAtOnce(template) { return choice }
        try waitForPermission(limit)
        return try choose(template)
    }

    /// As ``choose(_:waitingUpTo:)``, suspending the task.
    func choose(
        _ template: InstanceTemplate, suspendingUpTo limit: Duration, isolation: isolated (any Actor)? = #isolation
    ) async throws -> Choice {
        if let choice = chooseAtOnce(template) { return choice }
        try await suspendForPermission(limit)
        return try choose(template)
    }

    private func waitForPermission(_ limit: Duration) throws(InstancePoolError) {
        mendQuarantined()
        guard limit > .zero else {
            if takePermission() { return }
            throw refused()
        }
        let semaphore = DispatchSemaphore(value: 0)
        let answer = Box(Mutex(false))
        guard
            let number = takeOrWait({ granted in
                answer.value.withLock { $0 = granted }
                semaphore.signal()
            })
        else { return }
        if semaphore.wait(timeout: .now() + .nanoseconds(Int(clamping: limit.nanoseconds))) == .timedOut {
            stopWaiting(number)
            semaphore.wait()
        }
        guard answer.value.withLock({ $0 }) else { throw refused() }
    }

    private func suspendForPermission(_ limit: Duration, isolation: isolated (any Actor)? = #isolation) async throws {
        mendQuarantined()
        guard limit > .zero else {
            if takePermission() { return }
            throw refused()
        }
        try Task.checkCancellation()
        let place = Box(Mutex(Place.none))
        let timer = Box(Mutex<Task<Void, Never>?>(nil))
        defer { timer.value.withLock { $0?.cancel() } }
        let isGranted = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                guard let number = takeOrWait({ continuation.resume(returning: $0) }) else {
                    continuation.resume(returning: true)
                    return
                }
                let isCancelled = place.value.withLock { place in
                    defer { place = .waiting(number) }
                    return place == .cancelled
                }
                if isCancelled { stopWaiting(number) }
                timer.value.withLock { timer in
                    timer = Task {
                        if (try? await Task.sleep(for: limit)) != nil { self.stopWaiting(number) }
                    }
                }
            }
        } onCancel: {
            let found = place.value.withLock { place in
                defer { if place == .none { place = .cancelled } }
                return place
            }
            if case .waiting(let number) = found { stopWaiting(number) }
        }
        if isGranted { return }
        try Task.checkCancellation()
        throw refused()
    }

    /// Where a task that waits stands in line, as its cancellation finds it.
    private enum Place: Equatable {
        case none
        case cancelled
        case waiting(Int)
    }

    private final class Box<Value: ~Copyable & Sendable>: Sendable {
        let value: Value
        init(_ value: consuming Value) { self.value = value }
    }

    // MARK: - Slots

    /// A permission and what it is good for, in one step, where that takes neither waiting nor emptying a slot: as nearly always.
    private func chooseAtOnce(_ template: InstanceTemplate) -> Choice? {
        let choice: Choice? = state.withLock { state in
            guard state.permissions > 0, let choice = Self.pick(template, &state) else { return nil }
            state.permissions -= 1
            return choice
        }
        if let choice { tellObserver(choice) }
        return choice
    }

    /// Under the lock: a warm slot of the template, or else an empty one, of the colour that has most.
    private static func pick(_ template: InstanceTemplate, _ state: inout State) -> Choice? {
        if let tenancy = state.warm[ObjectIdentifier(template)]?.popLast() {
            state.warmCount -= 1
            state.leases += 1
            state.warmLeases += 1
            tenancy.leases += 1
            return .warm(tenancy)
        }
        if template.image == nil || state.closedCount == 0, let slot = state.clean.popLast() {
            state.leases += 1
            return .closed(slot)
        }
        guard state.closedCount > 0,
            let colour = state.closed.indices.max(by: { state.closed[$0].count < state.closed[$1].count }),
            let slot = state.closed[colour].popLast()
        else { return nil }
        state.closedCount -= 1
        state.leases += 1
        return .closed(slot)
    }

    /// With a permission: what can be picked, or the slot of another template, emptied.
    private func choose(_ template: InstanceTemplate) throws(InstancePoolError) -> Choice {
        while true {
            let (choice, evicted): (Choice?, Tenancy?) = state.withLock { state in
                if let choice = Self.pick(template, &state) { return (choice, nil) }
                return (nil, Self.removeOldest(&state))
            }
            if let choice {
                tellObserver(choice)
                return choice
            }
            // Its end closes the slot, or puts it in quarantine. The slot's permission is not this call's.
            guard let evicted else { throw refused() }
            let slot = evicted.slot
            evicted.store.whenFreed = { [self] in free(slot, withPermission: false) }
        }
    }

    /// Under the lock: keeps an instance for its template.
    private static func keep(_ tenancy: Tenancy, _ state: inout State) {
        let template = ObjectIdentifier(tenancy.template)
        state.idleCount += 1
        tenancy.idleNumber = state.idleCount
        state.warm[template, default: []].append(tenancy)
        state.warmCount += 1
        state.idle.append(Idle(template: template, number: state.idleCount))
        guard state.idle.count > 2 * state.warmCount + 64 else { return }
        state.warm = state.warm.filter { !$0.value.isEmpty }
        let numbers = Set(state.warm.values.joined().map(\.idleNumber))
        state.idle.removeAll { !numbers.contains($0.number) }
    }

    /// Under the lock: the warm instance that has been idle longest. Of those of its template it is the first.
    private static func removeOldest(_ state: inout State) -> Tenancy? {
        while let idle = state.idle.popFirst() {
            guard let tenancy = state.warm[idle.template]?.first, tenancy.idleNumber == idle.number else { continue }
            state.warm[idle.template]?.removeFirst()
            state.warmCount -= 1
            return tenancy
        }
        return nil
    }

    private func tellObserver(_ choice: Choice) {
        guard let observer else { return }
        if case .warm = choice { observer.poolDidLease(warm: true) } else { observer.poolDidLease(warm: false) }
    }

    /// Puts an instance into a closed slot. Where that fails, slot and permission go back.
    func settle(_ template: InstanceTemplate, in slot: Slot, limits: InstanceLimits, image: Image?) throws -> Tenancy {
        let store: Store
        do {
            store = try Store()
        } catch {
            free(slot, withPermission: true)
            throw error
        }
        store.whenFreed = { [self] in free(slot, withPermission: true) }
        // From here on it is the store's end that gives back whatever was taken.
        let instance = try template.module.instantiate(
            store: store, imports: template.makeImports(store), limits: limits, in: slabs[slot.slab], slot: slot.number,
            image: image)
        return Tenancy(template: template, limits: limits, slot: slot, store: store, pointer: instance.pointer)
    }

    /// A slot whose store is gone. As many stay accessible as could be kept warm.
    private func free(_ slot: Slot, withPermission: Bool) {
        let mayStayOpen = state.withLock { $0.warmCount + $0.clean.count < warmSlots && !$0.hasEnded }
        let isClean = mayStayOpen && slabs[slot.slab].clean(slot.number)
        let isClosed = isClean || slabs[slot.slab].close(slot.number)
        let colour = slabs[slot.slab].layout.stripe(of: slot.number)
        let waiter: Waiter? = state.withLock { state in
            guard isClosed else {
                state.quarantined.append(slot)
                return nil
            }
            if isClean {
                state.clean.append(slot)
            } else {
                state.closed[colour].append(slot)
                state.closedCount += 1
            }
            return withPermission ? Self.returnPermission(&state) : nil
        }
        waiter?.resume(true)
        if !isClosed { observer?.poolDidQuarantine() }
    }

    /// Tries again to close what could not be closed.
    private func mendQuarantined() {
        let slots = state.withLock { state in
            defer { state.quarantined = [] }
            return state.quarantined
        }
        for slot in slots { free(slot, withPermission: true) }
    }

    /// At a lease's end. A slot that isn't kept is closed when the last reference to its store goes, which is now, or when the host lets go of what
    /// it has kept.
    func giveBack(_ tenancy: Tenancy) {
        observer?.poolDidRelease()
        tenancy.store.pendingError = nil
        guard isKnownUniquelyReferenced(&tenancy.store) else {
            let slot = tenancy.slot
            state.withLock { $0.retained += 1 }
            tenancy.store.whenFreed = { [self] in
                state.withLock { $0.retained -= 1 }
                free(slot, withPermission: true)
            }
            return
        }
        var limits = tenancy.limits.raw
        guard tenancy.template.isReusable, bulkhead_instance_reset(tenancy.pointer, &limits) else { return }
        let waiter: Waiter? = state.withLock { state in
            guard state.warmCount < warmSlots, !state.hasEnded else { return nil }
            Self.keep(tenancy, &state)
            return Self.returnPermission(&state)
        }
        waiter?.resume(true)
    }
}

/// A value behind a lock for sections as short as these. `Mutex` hands itself on to the thread that waited longest, which then has to be
/// woken first; with eight threads on two processors that made a lease take forty times as long.
private final class Lock<Value: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
