import Bulkhead
import Dispatch
import Foundation
import Synchronization
import SystemCallFaults
import Testing
import WasmModule

/// Slots go from tenant to tenant, with nothing in them, and none is lost.
struct InstancePoolTests {
    /// A tenant that remembers all it can, and can tell whether it is the first.
    private static func tenant(_ configuration: Configuration, imports: String = "", data: Int = 16) throws
        -> Bulkhead.Module
    {
        let bytes = String(repeating: "\\2a", count: data)
        return try configuration.compile(
            """
            (module \(imports)
              (memory (export "memory") 2 20) (global $g (export "g") (mut i32) (i32.const 5))
              (table (export "table") 2 10 funcref) (elem (i32.const 0) $stop)
              (data (i32.const 100) "\(bytes)")
              (global $started (mut i32) (i32.const 0))
              (func $start (global.set $started (i32.add (global.get $started) (i32.const 1))))
              (start $start)
              (func (export "started") (result i32) (global.get $started))
              (func (export "spoil")
                (global.set $g (i32.const 6)) (global.set $started (i32.const 50))
                (table.set (i32.const 0) (ref.null func)) (drop (table.grow (ref.null func) (i32.const 3)))
                (drop (memory.grow (i32.const 3)))
                (memory.fill (i32.const 0) (i32.const 0xAA) (i32.mul (memory.size) (i32.const 65536))))
              (func (export "sum") (result i32)
                (local $at i32) (local $sum i32)
                (loop $next
                  (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
                  (local.set $at (i32.add (local.get $at) (i32.const 1)))
                  (br_if $next (i32.lt_u (local.get $at) (i32.mul (memory.size) (i32.const 65536)))))
                (i32.add (local.get $sum) (i32.mul (global.get $g) (i32.add (table.size) (ref.is_null (table.get (i32.const 0)))))))
              (func $stop (export "stop") unreachable)
              (func (export "far") (i32.store (i32.const -8) (i32.const 1)))
              (func (export "spin") (loop $again (br $again)))
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
            """)
    }

    private static func pool(_ slots: Int, warm: Int? = nil) throws -> InstancePool {
        try InstancePool(.init(slots: slots, maximumMemory: 20 * MemoryType.pageSize, warmSlots: warm))
    }

    /// How long whoever must get a slot waits for it. Tests that block their threads have the few threads that tasks run on: a task may hold its slot
    /// for as long as they take.
    private static let patience = Duration.seconds(3600)

    /// What `sum` is in an instance where nobody has been.
    private static func fresh(data: Int) -> [Value] { [.i32(UInt32(data * 0x2A + 5 * 2))] }

    private struct Failure: Error {}

    @Test(arguments: Configuration.all, [16, 100_000])
    func theNextTenantFindsNothing(configuration: Configuration, data: Int) throws {
        let template = try InstanceTemplate(Self.tenant(configuration, data: data))
        for warm in [0, 2] {
            let pool = try Self.pool(2, warm: warm)
            for round in 0..<12 {
                _ = try? pool.withInstance(of: template) { instance in
                    #expect(try instance.call("sum") == Self.fresh(data: data))
                    #expect(try instance.call("started") == [.i32(1)])
                    try instance.call("spoil")
                    switch round % 4 {
                    case 0: break
                    case 1: _ = trap(.unreachable) { try instance.call("stop") }
                    case 2: _ = trap(.memoryOutOfBounds) { try instance.call("far") }
                    default: throw Failure()
                    }
                }
            }
            let statistics = pool.statistics
            #expect(statistics.leases == 12 && statistics.leased == 0 && statistics.retained == 0)
            #expect(statistics.warmLeases == (warm > 0 ? 11 : 0))
        }
    }

    @Test func limitsEndTenantsToo() throws {
        guard let configuration = Configuration.one.first else { return }
        let template = try InstanceTemplate(Self.tenant(configuration))
        let pool = try Self.pool(1)
        for _ in 0..<5 {
            _ = trap(.interrupted) {
                try pool.withInstance(of: template) { instance in
                    try instance.call("spoil")
                    _ = try Store.withTimeLimit(.milliseconds(2)) { try instance.call("spin") }
                }
            }
            #expect(try pool.withInstance(of: template) { try $0.call("sum") } == Self.fresh(data: 16))
        }
    }

    @Test(arguments: [InstanceTemplate.ImportLifetime.lease, .slot])
    func imports(_ lifetime: InstanceTemplate.ImportLifetime) throws {
        guard let configuration = Configuration.one.first else { return }
        let module = try configuration.compile(
            #"(module (import "host" "next" (func $next (result i32))) (func (export "next") (result i32) (call $next)))"#
        )
        let template = try InstanceTemplate(module, importLifetime: lifetime) { store in
            let count = Mutex(UInt32(0))
            let next = try Function(store: store) { () -> UInt32 in
                count.withLock {
                    $0 += 1
                    return $0
                }
            }
            return ["host": ["next": .function(next)]]
        }
        let pool = try Self.pool(1)
        let numbers = try (0..<3).map { _ in try pool.withInstance(of: template) { try $0.call("next") } }
        #expect(
            numbers == (lifetime == .slot ? [[.i32(1)], [.i32(2)], [.i32(3)]] : [[.i32(1)], [.i32(1)], [.i32(1)]]))
    }

    @Test func whatDoesNotFitIsRefusedAndNoSlotLost() throws {
        guard let configuration = Configuration.one.first else { return }
        let pool = try Self.pool(2)
        let large = try InstanceTemplate(configuration.compile("(module (memory 21))"))
        let importing = try InstanceTemplate(configuration.compile(#"(module (import "a" "m" (memory 1)))"#)) { store in
            ["a": ["m": .memory(try Memory(store: store, type: MemoryType(limits: Limits(minimum: 1))))]]
        }
        let missing = try InstanceTemplate(configuration.compile(#"(module (import "a" "f" (func)))"#))
        let trapping = try InstanceTemplate(
            configuration.compile("(module (memory 1) (func $f unreachable) (start $f))"))
        for template in [large, importing, missing] {
            #expect(throws: BulkheadError.self) { try pool.withInstance(of: template) { _ in } }
        }
        _ = trap(.unreachable) { try pool.withInstance(of: trapping) { _ in } }
        #expect(pool.statistics.closed + pool.statistics.warm == 2)
        #expect(throws: BulkheadError.self) { try InstancePool(.init(slots: 1 << 22, maximumMemory: 1 << 16)) }
        #expect(throws: SlabLayout.Unsatisfiable.self) { try InstancePool(.init(slots: 0, maximumMemory: 1 << 16)) }
        #expect(throws: SlabLayout.Unsatisfiable.self) { try InstancePool(.init(slots: 1, maximumMemory: 5000)) }
    }

    @Test func growthEndsWithTheSlot() throws {
        guard let configuration = Configuration.one.first else { return }
        let pool = try Self.pool(1)
        let module = try configuration.compile(
            #"(module (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#)
        for _ in 0..<3 {
            try pool.withInstance(of: InstanceTemplate(module)) { instance in
                let answers = try [20, 19].map { try instance.call("grow", .i32($0)) }
                #expect(answers == [[.i32(.max)], [.i32(1)]])
                #expect(instance.memory?.pageCount == 20)
            }
        }
    }

    @Test func whatIsKeptKeepsItsSlot() throws {
        guard let configuration = Configuration.one.first else { return }
        let template = try InstanceTemplate(Self.tenant(configuration))
        let pool = try Self.pool(1)
        var kept: Instance? = try pool.withInstance(of: template) { $0 }
        #expect(pool.statistics.retained == 1)
        #expect(throws: InstancePoolError.exhausted(slots: 1)) { try pool.withInstance(of: template) { _ in } }
        #expect(try kept?.call("add", .i32(1), .i32(2)) == [.i32(3)])
        kept = nil
        #expect(pool.statistics.retained == 0)
        #expect(try pool.withInstance(of: template) { try $0.call("sum") } == Self.fresh(data: 16))
    }

    @Test func aSlotGoesToAnotherTemplateWhenItMust() throws {
        guard let configuration = Configuration.one.first else { return }
        let templates = try (0..<3).map { _ in try InstanceTemplate(Self.tenant(configuration)) }
        let pool = try Self.pool(2)
        for round in 0..<9 {
            let lease: InstanceLease = try pool.lease(templates[round % 3])
            let isWarm = lease.isWarm
            #expect(!isWarm)
        }
        let again: InstanceLease = try pool.lease(templates[2])
        let isWarm = again.isWarm
        #expect(isWarm)
        #expect(pool.statistics.leased == 1)
    }

    /// Against a list: warm instances go in the order in which they became idle, whatever was leased in between.
    @Test func theOneIdleLongestGoesFirst() throws {
        guard let configuration = Configuration.one.first else { return }
        let module = try Self.tenant(configuration)
        let templates = try (0..<12).map { _ in try InstanceTemplate(module) }
        let pool = try Self.pool(8)
        var idle: [Int] = []
        var random = SystemRandomNumberGenerator()
        for step in 0..<2000 {
            // Mostly a few, so that most of what was noted about the order is out of date.
            let wanted = Int.random(in: 0..<(step % 50 == 0 ? 12 : 5), using: &random)
            let isExpectedWarm = idle.contains(wanted)
            do {
                let lease: InstanceLease = try pool.lease(templates[wanted])
                let isWarm = lease.isWarm
                #expect(isWarm == isExpectedWarm, "step \(step), \(idle)")
            }
            if isExpectedWarm { idle.removeAll { $0 == wanted } }
            idle.append(wanted)
            if idle.count > 8 { idle.removeFirst() }
        }
        #expect(pool.statistics.warm == 8)
        #expect(pool.statistics.leased == 0)
    }

    /// Of the process, in bytes.
    private static func addresses() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[0]
        return (Int(pages) ?? 0) * 4096
    }

    @Test func aPoolThatGoesGivesItsAddressesBack() throws {
        guard let configuration = Configuration.one.first else { return }
        let template = try InstanceTemplate(Self.tenant(configuration))
        // Far more than all that other tests have meanwhile.
        let many = try InstancePool(.init(slots: 15_000, maximumMemory: 400 << 20))
        let size = many.stride * 15_000
        let before = try Self.addresses()
        #expect(before > size)
        var pool: InstancePool? = many
        _ = try pool?.withInstance(of: template) { try $0.call("spoil") }
        #expect(pool?.statistics.warm == 1)
        pool = nil
        _ = consume many
        #expect(try Self.addresses() < before - size / 2)
    }

    // MARK: - Waiting

    @Test func threadsWait() throws {
        guard let configuration = Configuration.one.first else { return }
        let template = try InstanceTemplate(Self.tenant(configuration))
        let pool = try Self.pool(2)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<50 {
                do {
                    _ = try pool.withInstance(of: template, waitingUpTo: Self.patience) { try $0.call("spoil") }
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(pool.statistics.leases == 400 && pool.statistics.waiting == 0 && pool.statistics.leased == 0)
        let lease: InstanceLease = try pool.lease(template)
        let other: InstanceLease = try pool.lease(template)
        #expect(throws: InstancePoolError.self) {
            try pool.withInstance(of: template, waitingUpTo: .milliseconds(5)) { _ in }
        }
        #expect(pool.statistics.refusals == 1)
        _ = (lease.isWarm, other.isWarm)
    }

    @Test func tasksWaitAndAreCancelled() async throws {
        guard let configuration = Configuration.one.first else { return }
        let template = try InstanceTemplate(Self.tenant(configuration))
        let pool = try Self.pool(1)
        let total = try await withThrowingTaskGroup(of: UInt32.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await pool.withInstance(of: template, waitingUpTo: Self.patience) { instance in
                        guard case .i32(let sum)? = try instance.call("add", .i32(1), .i32(0)).first else { return 0 }
                        return sum
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 100)
        let lease = try await pool.lease(template)
        let waiting = Task { try await pool.withInstance(of: template, waitingUpTo: Self.patience) { _ in } }
        while pool.statistics.waiting == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        await #expect(throws: InstancePoolError.self) {
            try await pool.withInstance(of: template, waitingUpTo: .milliseconds(5)) { _ in }
        }
        let isWarm = lease.isWarm
        #expect(pool.statistics.waiting == 0 && isWarm)
    }

    // MARK: - Trouble

    /// Leases from many threads that end in every way; then all slots are there, and none leaks what was in it. `POOL_LEASES` in the environment is
    /// their number.
    @Test func manyLeases() throws {
        guard let configuration = Configuration.one.first else { return }
        let templates = try [0, 70_000].map { try InstanceTemplate(Self.tenant(configuration, data: $0)) }
        let pool = try Self.pool(6, warm: 4)
        let count =
            ProcessInfo.processInfo.environment["POOL_LEASES"].flatMap { Int($0) } ?? (usesKeptArtifacts ? 500 : 25_000)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            var random = SystemRandomNumberGenerator()
            for _ in 0..<count / 8 {
                let kind = Int.random(in: 0..<100, using: &random)
                do {
                    try pool.withInstance(of: templates[kind % 2], waitingUpTo: kind < 50 ? .zero : Self.patience) {
                        instance in
                        #expect(try instance.call("started") == [.i32(1)])
                        switch kind {
                        case 0: try instance.call("spoil")
                        case 1...4: try instance.call("stop")
                        case 5...8: try instance.call("far")
                        case 9: throw Failure()
                        default: #expect(try instance.call("add", .i32(1), .i32(1)) == [.i32(2)])
                        }
                    }
                } catch is Trap, is Failure, is InstancePoolError {
                } catch {
                    Issue.record(error)
                }
            }
        }
        let statistics = pool.statistics
        #expect(statistics.leased == 0 && statistics.retained == 0 && statistics.quarantined == 0)
        #expect(statistics.warm + statistics.closed == 6 && statistics.waiting == 0)
        for _ in 0..<12 {
            #expect(try pool.withInstance(of: templates[0]) { try $0.call("sum") } == [.i32(10)])
        }
    }

    /// The same with tasks, of which many are cancelled while they wait, work or are about to.
    @Test func manyTasks() async throws {
        guard let configuration = Configuration.one.first else { return }
        let template = try InstanceTemplate(Self.tenant(configuration))
        // One slot, so that there is something to wait for.
        let pool = try Self.pool(1)
        let outcomes = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for number in 0..<(usesKeptArtifacts ? 50 : 1000) {
                group.addTask {
                    let task = Task {
                        for _ in 0..<20 {
                            let lease = try await pool.lease(template, waitingUpTo: Self.patience)
                            let started = try lease.instance.call("started")
                            #expect(started == [.i32(1)])
                            // Others come and wait.
                            await Task.yield()
                            try lease.instance.call("spoil")
                            if Int.random(in: 0..<50) == 0 { try lease.instance.call("stop") }
                        }
                    }
                    if number % 3 != 0 {
                        for _ in 0..<Int.random(in: 0..<20) { await Task.yield() }
                        task.cancel()
                    }
                    switch await task.result {
                    case .success: return false
                    case .failure(let error):
                        #expect(error is CancellationError || error is Trap, "\(error)")
                        return error is CancellationError
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(true), "none was cancelled in time")
        let statistics = pool.statistics
        #expect(statistics.leased == 0 && statistics.retained == 0 && statistics.quarantined == 0)
        #expect(statistics.warm + statistics.closed == 1 && statistics.waiting == 0)
    }

    /// Each system call fails in turn: whoever asked is told, and no slot is lost.
    @Test(arguments: [16, 100_000])
    func refusedByTheSystem(data: Int) throws {
        guard let configuration = Configuration.one.first else { return }
        let templates = try (0..<2).map { _ in try InstanceTemplate(Self.tenant(configuration, data: data)) }
        for warm in [0, 2] {
            var number = 0
            var wasHit = true
            while wasHit, number < 60 {
                number += 1
                let pool = try Self.pool(2, warm: warm)
                fail_system_call(Int32(number))
                for round in 0..<5 {
                    _ = try? pool.withInstance(of: templates[round / 3]) { instance in
                        #expect(try instance.call("sum") == Self.fresh(data: data))
                        try instance.call("spoil")
                    }
                }
                wasHit = failing_system_call() == 0
                fail_system_call(0)
                #expect(pool.statistics.leased == 0)
                // Both at once.
                let first: InstanceLease = try pool.lease(templates[1])
                let second: InstanceLease = try pool.lease(templates[0])
                let sums = try (first.instance.call("sum"), second.instance.call("sum"))
                #expect(sums.0 == Self.fresh(data: data) && sums.1 == sums.0)
                #expect(pool.statistics.quarantined == 0)
            }
            #expect(number > 5 && !wasHit)
        }
    }
}
