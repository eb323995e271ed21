import Bulkhead
import Glibc
import Testing
import WasmModule

/// Sandboxed code is stopped wherever it stands, and nothing else is. Serialized, because some of these are about time; the
/// bounds on it are generous.
@Suite(.serialized) struct TimeLimitTests {
    private static let text = """
        (import "host" "f" (func $host (param i32) (result i32)))
        (memory (export "memory") 1024 1024)
        (table $table (export "table") 2 funcref)
        (elem (table $table) (i32.const 0) func $leaf $odd)
        (type $unary (func (param i32) (result i32)))
        (global $count (mut i32) (i32.const 0))
        (func $spin (export "spin") (loop $again (br $again)))
        (func (export "count") (loop $again
          (global.set $count (i32.add (global.get $count) (i32.const 1))) (br $again)))
        (func (export "fill") (loop $again
          (memory.fill (i32.const 0) (i32.const 7) (i32.const 0x4000000)) (br $again)))
        (func (export "copy") (loop $again
          (memory.copy (i32.const 0) (i32.const 5) (i32.const 0x3fffff0))
          (memory.copy (i32.const 5) (i32.const 0) (i32.const 0x3fffff0)) (br $again)))
        (func (export "host") (result i32) (loop $again (br_if $again (call $host (i32.const 1)))) (i32.const 0))
        (func (export "hostOnce") (result i32) (call $host (i32.const 2)))
        (func (export "grow") (loop $again (drop (memory.grow (i32.const 0))) (br $again)))
        (func (export "tableGrow") (loop $again (drop (table.grow $table (ref.null func) (i32.const 0))) (br $again)))
        (func $leaf (type $unary) (i32.add (local.get 0) (i32.const 1)))
        (func $odd (type $unary) (i32.xor (local.get 0) (i32.const 1)))
        (func (export "indirect") (param i32) (loop $again
          (local.set 0 (call_indirect $table (type $unary) (local.get 0) (i32.and (local.get 0) (i32.const 1))))
          (br $again)))
        (func $tree (type $unary)
          (if (result i32) (local.get 0)
            (then (i32.add (call $tree (i32.sub (local.get 0) (i32.const 1)))
                           (call $tree (i32.sub (local.get 0) (i32.const 1)))))
            (else (call_indirect $table (type $unary) (i32.const 4) (i32.const 0)))))
        (func (export "recurse") (loop $again (drop (call $tree (i32.const 20))) (br $again)))
        (func (export "sum") (param $n i32) (result i32) (local $sum i32)
          (loop $again
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get $n)))
            (i32.store (i32.const 16) (local.get $sum))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (i32.load (i32.const 16)))
        """

    private static func sum(_ count: UInt32) -> UInt32 {
        (1...count).reversed().reduce(0) { $0 &* 31 &+ $1 }
    }

    private static func instance(
        _ configuration: Configuration, host: @escaping (UInt32) throws -> UInt32 = { $0 }
    ) throws -> Instance {
        let store = try Store()
        let function = try Function(store: store, host)
        return try configuration.instantiate(text, store: store, imports: ["host": ["f": .function(function)]])
    }

    private static func limited(_ limit: Duration, _ body: () throws -> Void) throws {
        try Store.withTimeLimit(limit, body)
    }

    /// The interruption that `body` ends with after `limit`.
    @discardableResult
    private static func interruption(
        _ limit: Duration, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) -> Trap? {
        var limit = limit
        while true {
            let start = ContinuousClock.now
            let found = trap(.interrupted, sourceLocation: sourceLocation) { try Store.withTimeLimit(limit, body) }
            let elapsed = ContinuousClock.now - start
            #expect(elapsed >= limit, sourceLocation: sourceLocation)
            #expect(elapsed < limit + .seconds(10), sourceLocation: sourceLocation)
            // On a busy machine, time is sometimes up before the call begins.
            if found?.backtrace.isEmpty == false || limit > .seconds(1) { return found }
            limit *= 2
        }
    }

    // MARK: - What is stopped

    @Test(arguments: Configuration.all)
    func everyKindOfLoop(configuration: Configuration) throws {
        let instance = try Self.instance(configuration)
        for name in ["spin", "count", "fill", "copy", "host", "grow", "tableGrow", "recurse"] {
            let found = Self.interruption(.milliseconds(20)) { try instance.call(name) }
            #expect(found?.backtrace.isEmpty == false, "\(name)")
            #expect(found?.memoryOffset == nil)
            #expect(try instance.call("sum", .i32(1000)) == [.i32(Self.sum(1000))], "after \(name)")
        }
        let found = Self.interruption(.milliseconds(20)) { try instance.call("indirect", .i32(3)) }
        #expect(found?.backtrace.last?.name == "indirect")
        #expect(Self.interruption(.milliseconds(5)) { try instance.call("spin") }?.backtrace.first?.name == "spin")
        #expect(found?.description.hasPrefix("wasm trap: interrupted\n    0: ") == true)
    }

    @Test(arguments: Configuration.all)
    func unoptimizedAndStrict(configuration: Configuration) throws {
        for strict in [false, true] {
            let engine = configuration.engine {
                $0.optimization = .none
                $0.isStrict = strict
            }
            let store = try Store()
            let host = try Function(store: store) { (a: UInt32) in a }
            let instance = try engine.compile(assemble(Self.text)).instantiate(
                store: store, imports: ["host": ["f": .function(host)]])
            for name in ["count", "fill", "host", "recurse"] {
                Self.interruption(.milliseconds(5)) { try instance.call(name) }
            }
        }
    }

    /// The stack of every interruption can be walked, at whatever instruction of a prologue or a probe of the stack it came.
    @Test(arguments: Configuration.all)
    func backtracesFromAnyInstruction(configuration: Configuration) throws {
        let engines = [configuration.engine, configuration.engine { $0.optimization = .none }]
        let locals = String(repeating: "i64 ", count: 3000)
        let text = """
            (func $large (param i32) (result i64) (local \(locals))
              (local.set 2999 (i64.extend_i32_u (local.get 0)))
              (if (i32.eqz (local.get 0)) (then (return (local.get 2998))))
              (i64.add (call $small (i32.sub (local.get 0) (i32.const 1))) (local.get 2999)))
            (func $small (param i32) (result i64)
              (if (i32.eqz (local.get 0)) (then (return (i64.const 1))))
              (i64.add (call $large (i32.sub (local.get 0) (i32.const 1))) (i64.const 1)))
            (func $run (export "run") (loop $again (drop (call $small (i32.const 30))) (br $again)))
            """
        for engine in engines {
            let instance = try engine.compile(assemble(text)).instantiate(store: Store())
            let run = try #require(instance.exports[function: "run"])
            for round in 0..<300 {
                let found = Self.interruption(.microseconds(50 + round)) { try run() }
                let names = found?.backtrace.map(\.name) ?? []
                #expect(names.last == "run", "\(names)")
                #expect(names.allSatisfy { ["run", "small", "large"].contains($0) }, "\(names)")
            }
        }
    }

    @Test(arguments: Configuration.all)
    func startFunctions(configuration: Configuration) throws {
        let store = try Store()
        Self.interruption(.milliseconds(5)) {
            _ = try configuration.instantiate("(func $s (loop $l (br $l))) (start $s)", store: store)
        }
    }

    /// Loops that leave the instance, and come back into this one or the other.
    @Test(arguments: Configuration.all)
    func callsBetweenInstances(configuration: Configuration) throws {
        let store = try Store()
        let peer = try configuration.instantiate(
            "(memory 1) (func (export \"f\") (param i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (local.get 0))",
            store: store)
        let function = try #require(peer.exports[function: "f"])
        let instance = try configuration.instantiate(
            Self.text, store: store, imports: ["host": ["f": .function(function)]])
        for _ in 0..<5 { Self.interruption(.milliseconds(5)) { try instance.call("host") } }
        #expect(try instance.call("hostOnce") == [.i32(2)])
    }

    // MARK: - What is not

    /// Each call of the host is finished, though the limit passes during almost every one.
    @Test(arguments: Configuration.all)
    func hostFunctionsAreFinished(configuration: Configuration) throws {
        var begun = 0
        var finished = 0
        let instance = try Self.instance(configuration) { value in
            begun += 1
            let end = ContinuousClock.now + .milliseconds(3)
            while ContinuousClock.now < end {}
            finished += 1
            return value
        }
        for limit in 1...10 {
            let found = Self.interruption(.milliseconds(limit)) { try instance.call("host") }
            #expect(found?.backtrace.map(\.name) == ["host"])
        }
        #expect(begun >= 10)
        #expect(begun == finished)
    }

    /// A host function can't go on by catching the interruption of what it called; its caller is stopped too.
    @Test(arguments: Configuration.all)
    func nestedActivations(configuration: Configuration) throws {
        let inner = try Self.instance(configuration)
        var caught = 0
        let outer = try Self.instance(configuration) { value in
            do {
                try inner.call("spin")
            } catch let trap as Trap where trap.kind == .interrupted {
                caught += 1
                // Time is up for others too.
                _ = BulkheadTests.trap(.interrupted) { try inner.call("sum", .i32(1)) }
            }
            return value
        }
        for round in 1...5 {
            Self.interruption(.milliseconds(5)) { try outer.call("hostOnce") }
            #expect(caught == round)
        }
        #expect(try inner.call("sum", .i32(5)) == [.i32(Self.sum(5))])
    }

    /// What a host function throws past the limit comes out, not the interruption.
    @Test(arguments: Configuration.one)
    func errorsOfTheHost(configuration: Configuration) throws {
        struct Failure: Error {}
        let instance = try Self.instance(configuration) { _ in
            usleep(150_000)
            throw Failure()
        }
        #expect(throws: Failure.self) { try Self.limited(.milliseconds(100)) { try instance.call("hostOnce") } }
    }

    // MARK: - Limits of every length

    @Test(arguments: Configuration.one)
    func noTimeAndAllTheTime(configuration: Configuration) throws {
        let instance = try Self.instance(configuration)
        for limit in [Duration.zero, .seconds(-1), .nanoseconds(-1)] {
            let found = trap(.interrupted) { try Self.limited(limit) { try instance.call("sum", .i32(1)) } }
            #expect(found?.backtrace == [])
        }
        #expect(try Store.withTimeLimit(.zero) { 5 } == 5)
        for limit in [
            Duration.seconds(3600), .seconds(10_000_000_000), .seconds(Int64.max),
            Duration(secondsComponent: .max, attosecondsComponent: .max),
        ] {
            #expect(try Store.withTimeLimit(limit) { try instance.call("sum", .i32(1000)) } == [.i32(Self.sum(1000))])
        }
        #expect(try instance.call("sum", .i32(1)) == [.i32(Self.sum(1))])
    }

    /// The limit passes while no sandbox runs.
    @Test(arguments: Configuration.one)
    func entriesAreRefusedWhenTimeIsUp(configuration: Configuration) throws {
        let instance = try Self.instance(configuration)
        let host = try Function(store: instance.store) { () -> UInt32 in 9 }
        try Store.withTimeLimit(.milliseconds(1)) { () throws in
            usleep(5000)
            for _ in 0..<3 { _ = trap(.interrupted) { try instance.call("sum", .i32(1)) } }
            #expect(try host() == [.i32(9)])
            // An inner limit can't give it time.
            _ = trap(.interrupted) { try Self.limited(.seconds(100)) { try instance.call("sum", .i32(1)) } }
        }
        #expect(try instance.call("sum", .i32(1)) == [.i32(Self.sum(1))])
    }

    @Test(arguments: Configuration.one)
    func nestedLimits(configuration: Configuration) throws {
        let instance = try Self.instance(configuration)
        let start = ContinuousClock.now
        // The inner one is shorter: the outer one goes on after it.
        _ = trap(.interrupted) {
            try Self.limited(.seconds(1)) {
                for _ in 0..<3 {
                    Self.interruption(.milliseconds(5)) { try instance.call("spin") }
                    #expect(try instance.call("sum", .i32(1000)) == [.i32(Self.sum(1000))])
                }
                #expect(ContinuousClock.now - start < .seconds(10))
                try instance.call("spin")
            }
        }
        #expect(ContinuousClock.now - start >= .seconds(1))
        // The inner one is longer.
        Self.interruption(.milliseconds(5)) {
            try Self.limited(.seconds(100)) { try instance.call("spin") }
        }
        // A limit that passes inside another, and ends, while a sandbox waits for the host.
        var rounds = 0
        let waiting = try Self.instance(configuration) { value throws in
            rounds += 1
            Self.interruption(.milliseconds(2)) { try instance.call("spin") }
            #expect(try instance.call("sum", .i32(10)) == [.i32(Self.sum(10))])
            return rounds < 10 ? value : 0
        }
        #expect(try Store.withTimeLimit(.seconds(100)) { try waiting.call("host") } == [.i32(0)])
        #expect(rounds == 10)
        // Both pass together.
        let both = try Self.instance(configuration) { value in
            _ = trap(.interrupted) { try Self.limited(.milliseconds(1)) { try instance.call("spin") } }
            usleep(10_000)
            return value
        }
        Self.interruption(.milliseconds(5)) { try both.call("hostOnce") }
    }

    // MARK: - Races

    /// Calls that take about as long as they may: each returns what it must or is stopped, and the next is right.
    @Test(arguments: Configuration.all)
    func callsThatRaceTheTimer(configuration: Configuration) throws {
        let instance = try Self.instance(configuration)
        let sum = try #require(instance.exports[function: "sum"]).typed(as: ((UInt32) -> UInt32).self)
        let counts: [UInt32] = [1, 100, 10_000, 50_000]
        let expected = counts.map(Self.sum)
        var interrupted = 0
        for round in 0..<2000 {
            let place = round % counts.count
            do {
                let found = try Store.withTimeLimit(.microseconds(round % 97)) { try sum(counts[place]) }
                #expect(found == expected[place])
            } catch let trap as Trap where trap.kind == .interrupted {
                interrupted += 1
            }
            if round % 10 == 0 { #expect(try sum(100) == expected[1]) }
        }
        #expect(interrupted > 0 && interrupted < 2000)
    }

    /// Bulk operations on a table are stopped before or after an element, never within: every reference can be called.
    @Test(arguments: Configuration.all)
    func referencesAreWhole(configuration: Configuration) throws {
        let text = """
            (type $f (func (result i32)))
            (table $t 20001 funcref)
            (elem declare func $a $b)
            ;; For when time is up before the first table.fill begins.
            (elem (table $t) (i32.const 20000) func $a)
            (elem $passive func \(Array(repeating: "$a $b", count: 1000).joined(separator: " ")))
            (func $a (type $f) (i32.const 1))
            (func $b (type $f) (i32.const 2))
            (func (export "run") (loop $again
              (table.fill $t (i32.const 0) (ref.func $a) (i32.const 10001))
              (table.fill $t (i32.const 10001) (ref.func $b) (i32.const 10000))
              (table.init $t $passive (i32.const 500) (i32.const 0) (i32.const 2000))
              (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 20000))
              (table.copy $t $t (i32.const 1) (i32.const 0) (i32.const 20000))
              (table.fill $t (i32.const 3) (ref.null func) (i32.const 15000))
              (br $again)))
            (func (export "check") (result i32) (local $i i32) (local $sum i32)
              (loop $again
                (if (i32.eqz (ref.is_null (table.get $t (local.get $i))))
                  (then (local.set $sum (i32.add (local.get $sum)
                    (i32.div_u (i32.const 10) (call_indirect $t (type $f) (local.get $i)))))))
                (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20001))))
              (i32.gt_u (local.get $sum) (i32.const 0)))
            """
        let instance = try configuration.instantiate(text)
        for round in 0..<300 {
            Self.interruption(.microseconds(200 + 7 * round)) { try instance.call("run") }
            #expect(try instance.call("check") == [.i32(1)], "round \(round)")
        }
    }

    /// A table is as large as 80 MB, and bulk operations on it are no place to hide from the timer.
    @Test(arguments: Configuration.all)
    func largeTables(configuration: Configuration) throws {
        let text = """
            (table $t 4000000 externref)
            (func (export "forwards") (loop $l
              (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 3999999)) (br $l)))
            (func (export "backwards") (loop $l
              (table.copy $t $t (i32.const 1) (i32.const 0) (i32.const 3999999)) (br $l)))
            (func (export "null") (loop $l
              (table.fill $t (i32.const 0) (ref.null extern) (i32.const 4000000)) (br $l)))
            """
        let instance = try configuration.instantiate(text)
        for name in ["forwards", "backwards", "null"] {
            Self.interruption(.milliseconds(20)) { try instance.call(name) }
        }
    }

    @Test func fourThreadsAtOnce() throws {
        let modules = try Configuration.all.map { try $0.compile(Self.text) }
        try onThreads(4, stackSize: 512 * 1024) { thread in
            let store = try Store()
            let host = try Function(store: store) { (a: UInt32) in a }
            for round in 0..<10 {
                let instance = try modules[(thread + round) % modules.count].instantiate(
                    store: store, imports: ["host": ["f": .function(host)]])
                for name in ["spin", "fill", "host", "recurse"] {
                    Self.interruption(.milliseconds(1 + thread)) { try instance.call(name) }
                    #expect(try instance.call("sum", .i32(100)) == [.i32(Self.sum(100))])
                }
            }
        }
    }

    /// Another thread's limit is none of this one's.
    @Test(arguments: Configuration.one)
    func limitsAreOfOneThread(configuration: Configuration) throws {
        let instance = try Self.instance(configuration)
        try Store.withTimeLimit(.milliseconds(1)) {
            usleep(3000)
            try onThread(stackSize: 1 << 20) { () throws in
                #expect(try instance.call("sum", .i32(1_000_000)) == [.i32(Self.sum(1_000_000))])
            }
        }
    }

    // MARK: - The thread's own

    @Test(arguments: Configuration.one)
    func blockedSignals(configuration: Configuration) throws {
        let module = try configuration.compile("(func (export \"spin\") (loop $again (br $again)))")
        try onThread(stackSize: 1 << 20) {
            var all = sigset_t()
            var mask = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, nil)
            let instance = try module.instantiate(store: Store())
            Self.interruption(.milliseconds(2)) { try instance.call("spin") }
            pthread_sigmask(SIG_SETMASK, nil, &mask)
            #expect(sigismember(&mask, SIGURG) == 1)
        }
    }

    /// A thread takes its timer with it, and a signal that isn't the timer's changes nothing.
    @Test(arguments: Configuration.one)
    func timersGoWithTheirThreads(configuration: Configuration) throws {
        func timers() -> Int? {
            guard let file = fopen("/proc/self/timers", "r") else { return nil }
            defer { fclose(file) }
            var lines = 0
            while true {
                let character = fgetc(file)
                if character == EOF { return lines }
                if character == 10 { lines += 1 }
            }
        }
        let module = try configuration.compile("(func (export \"f\") (result i32) (i32.const 3))")
        let before = timers()
        for _ in 0..<20 {
            try onThreads(4, stackSize: 1 << 20) { _ in
                let instance = try module.instantiate(store: Store())
                #expect(try Store.withTimeLimit(.seconds(100)) { try instance.call("f") } == [.i32(3)])
                try Store.withTimeLimit(.seconds(100)) { () throws in
                    raise(SIGURG)
                    #expect(try instance.call("f") == [.i32(3)])
                }
            }
        }
        guard let before, let after = timers() else { return print("skipped: there is no /proc/self/timers") }
        // 80 threads, and four or five lines for each timer; other tests make some meanwhile.
        #expect(after < before + 150, "\(before) lines became \(after)")
    }
}
