import Bulkhead
import BulkheadSandbox
import BulkheadWASI
import Foundation
import Glibc
import Synchronization
import Testing
import WasmText

@Suite struct SandboxTests {
    @Test func aTrapKillsTheSandboxAndNothingElse() throws {
        var sandbox = try Probe.sandbox()
        var other = try Probe.sandbox()
        do {
            try sandbox.crash(SandboxPointer(offset: 0xFFFF_0000), 1)
            Issue.record("no trap")
        } catch let trap as Trap {
            #expect(trap.kind == .memoryOutOfBounds)
            #expect(trap.memoryOffset == 0xFFFF_0000)
            #expect(trap.backtrace.first?.name == "crash")
        }
        do {
            _ = try sandbox.add(1, 1)
            Issue.record("alive")
        } catch SandboxError.dead(let reason) {
            #expect(reason == "out of bounds memory access")
        }
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(UInt8.self) }
        #expect(throws: SandboxError.self) { _ = try sandbox.callback(Probe.Transform.self) { _, _, _ in 0 } }
        #expect(try other.add(1, 1).verified { $0 } == 2)
        var next = try Probe.sandbox()
        #expect(try next.add(2, 2).verified { $0 } == 4)
    }

    @Test func deepRecursionIsATrap() throws {
        var sandbox = try Probe.sandbox()
        #expect(try sandbox.recurse(100).verified { $0 } == 100)
        #expect(throws: Trap.self) { try sandbox.recurse(.max) }
    }

    @Test func aMissingFunctionIsNamed() throws {
        var sandbox = try Probe.sandbox()
        do {
            _ = try sandbox.absent()
            Issue.record("called")
        } catch SandboxError.missingFunction("absent") {}
        #expect(sandbox.death == nil)
    }

    @Test func bindingsOfAnotherTypeAreRefused() throws {
        enum Wrong: SandboxLibrary {
            static let interface = SandboxInterface(name: "Wrong", functions: "add ii>I")
        }
        guard case .success = Probe.image else {
            _ = try Probe.image.get()
            return
        }
        do {
            _ = try SandboxImage<Wrong>(module: Probe.module.get())
            Issue.record("accepted")
        } catch SandboxError.interface(let message) {
            #expect(message.contains("add"))
            #expect(message.contains("ii>I"))
            #expect(message.contains("ii>i"))
        }
    }

    /// Freeing is code of the library's, which mustn't run while a view is alive.
    @Test func whatIsLetGoIsFreedBeforeTheNextCall() throws {
        var sandbox = try Probe.sandbox()
        #expect(try sandbox.freedCount().verified { $0 } == 0)
        do {
            let room = try sandbox.allocate(UInt8.self, count: 10)
            let more = try sandbox.allocate(copying: [1, 2, 3])
            let view = try sandbox.uncheckedBytes(at: more.pointer, count: 3)
            _ = consume room
            #expect(view.unsafeLoad(fromByteOffset: 2, as: UInt8.self) == 3)
        }
        #expect(try sandbox.freedCount().verified { $0 } == 2)
        #expect(try sandbox.add(1, 1).verified { $0 } == 2)
        let kept = try sandbox.allocate(UInt8.self)
        _ = kept.release()
        #expect(try sandbox.freedCount().verified { $0 } == 2)
    }

    /// They are called with one slot for arguments and results; a type of more would have the library read and write past it.
    @Test(
        arguments: [
            ("malloc", "(param i32 i32 i32 i32) (result i32) (i32.const 0)"),
            ("malloc", "(param i32) (result i32 i32 i32) (i32.const 0) (i32.const 0) (i32.const 0)"),
            ("malloc", "(param i32) (result i64) (i64.const 0)"), ("free", "(param i32 i32)"),
            ("_initialize", "(param i32)"),
        ])
    func whatEverySandboxCallsHasItsType(_ name: String, _ type: String) throws {
        enum Empty: SandboxLibrary {
            static let interface = SandboxInterface(name: "Empty", functions: "")
        }
        let text = "(module (memory (export \"memory\") 1) (func (export \"\(name)\") \(type)))"
        let module = try testEngine.compile(assemble(Array(text.utf8)))
        do {
            _ = try SandboxImage<Empty>(module: module)
            Issue.record("accepted")
        } catch SandboxError.interface(let message) {
            #expect(message.contains(name))
        }
    }

    @Test func killedByHand() throws {
        var sandbox = try Probe.sandbox()
        sandbox.kill(because: "its results make no sense")
        do {
            _ = try sandbox.add(1, 1)
            Issue.record("alive")
        } catch SandboxError.dead("its results make no sense") {}
    }
}

@Suite struct CapabilityTests {
    @Test func nothingIsGrantedByDefault() throws {
        var sandbox = try Probe.sandbox()
        #expect(try sandbox.variables().verified { $0 } == 0)
        let line = try sandbox.allocate(cString: "hello")
        do {
            try sandbox.logLine(line.pointer)
            Issue.record("granted")
        } catch SandboxError.notGranted(let name) {
            #expect(name == "wasi_snapshot_preview1.fd_write")
        }
        #expect(sandbox.death != nil)
    }

    @Test func outputIsCaught() throws {
        let caught = Mutex<[UInt8]>([])
        let capabilities = SandboxCapabilities(onOutput: { bytes in caught.withLock { $0 += bytes } })
        var sandbox = try Probe.sandbox(capabilities: capabilities)
        let line = try sandbox.allocate(cString: "hello")
        try sandbox.logLine(line.pointer)
        try sandbox.logLine(line.pointer)
        #expect(String(decoding: caught.withLock { $0 }, as: UTF8.self) == "hellohello")
        #expect(throws: SandboxError.self) { try sandbox.clock() }
    }

    @Test func outputIsCaughtBesideOtherFiles() throws {
        let caught = Mutex<[UInt8]>([])
        var configuration = WASIConfiguration()
        configuration.standardInput = .pipe
        let capabilities = SandboxCapabilities(
            onOutput: { bytes in caught.withLock { $0 += bytes } }, wasi: configuration)
        var sandbox = try Probe.sandbox(capabilities: capabilities)
        let line = try sandbox.allocate(cString: "hello")
        try sandbox.logLine(line.pointer)
        #expect(caught.withLock { $0 }.count == 5)
        // Standard input is WASI's: it can't be written to, and says so.
        #expect(try sandbox.writeTo(0, line.pointer).verified { $0 } != 0)
        #expect(try sandbox.writeTo(1, line.pointer).verified { $0 } == 0)
        #expect(caught.withLock { $0 }.count == 10)
    }

    @Test func singleFunctionsOfWASIAreGranted() throws {
        var configuration = WASIConfiguration()
        configuration.clocks.now = { _ in 1234 }
        let capabilities = SandboxCapabilities(wasi: configuration, wasiFunctions: ["clock_time_get"])
        var sandbox = try Probe.sandbox(capabilities: capabilities)
        #expect(try sandbox.clock().verified { $0 } == 1234)
        let line = try sandbox.allocate(cString: "hello")
        #expect(throws: SandboxError.self) { try sandbox.logLine(line.pointer) }
    }
}

@Suite struct PoolTests {
    @Test func sandboxesFromAPoolAreFresh() throws {
        let pool = try SandboxPool(try Probe.image.get(), size: 4)
        #expect(pool.readyCount == 4)
        let place = try #require(SandboxPointer<Int32>(offset: 64))
        for round in 0..<50 {
            var sandbox = try pool.take()
            #expect(try sandbox.load(place).verified { $0 } == 0)
            try sandbox.store(1, to: place)
            #expect(try sandbox.add(Int32(round), 1).verified { $0 } == Int32(round) + 1)
        }
    }

    @Test func manyThreadsTakeFromOnePool() async throws {
        let pool = try SandboxPool(try Probe.image.get(), size: 4)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var total = 0
                    for round in 0..<50 {
                        var sandbox = try pool.take()
                        total += Int(try sandbox.add(Int32(task), Int32(round)).verified { $0 })
                    }
                    return total
                }
            }
            var total = 0
            for try await part in group { total += part }
            #expect(total == 8 * 49 * 25 + 28 * 50)
        }
    }
}

@Suite struct LimitTests {
    @Test func memoryIsLimited() throws {
        var sandbox = try Probe.sandbox(limits: SandboxLimits(memory: 1 << 20))
        let pages = Int32(sandbox.memorySize >> 16)
        #expect(try sandbox.grow(16 - pages + 1).verified { $0 } == -1)
        #expect(try sandbox.grow(16 - pages).verified { $0 } == pages)
        #expect(sandbox.memorySize == 1 << 20)
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(UInt8.self, count: 1 << 20) }
        #expect(sandbox.death == nil)
        #expect(throws: BulkheadError.self) { _ = try Probe.sandbox(limits: SandboxLimits(memory: 65536)) }
    }

    @Test func timeIsLimited() throws {
        var sandbox = try Probe.sandbox(limits: SandboxLimits(time: .milliseconds(200)))
        #expect(try sandbox.add(1, 2).verified { $0 } == 3)
        do {
            try sandbox.spin()
            Issue.record("ended")
        } catch let trap as Trap {
            #expect(trap.kind == .interrupted)
        }
        #expect(sandbox.death == "interrupted")
        var next = try Probe.sandbox(limits: SandboxLimits(time: .seconds(20)))
        #expect(try next.add(1, 2).verified { $0 } == 3)
    }

    @Test func oneLimitForManyCalls() throws {
        var sandbox = try Probe.sandbox()
        let sum = try sandbox.withTimeLimit(.seconds(10)) { sandbox in
            try (0..<1000).reduce(0 as Int32) { try sandbox.add($0, Int32($1)).verified { $0 } }
        }
        #expect(sum == 499_500)
        #expect(throws: Trap.self) { try sandbox.withTimeLimit(.milliseconds(10)) { try $0.spin() } }
    }

    @Test func stackIsLimited() throws {
        var sandbox = try Probe.sandbox(limits: SandboxLimits(stack: 64 << 10))
        #expect(try sandbox.recurse(10).verified { $0 } == 10)
        do {
            _ = try sandbox.recurse(20_000)
            Issue.record("ended")
        } catch let trap as Trap {
            #expect(trap.kind == .callStackExhausted || trap.kind == .memoryOutOfBounds)
        }
        var large = try Probe.sandbox()
        #expect(try large.recurse(2000).verified { $0 } == 2000)
    }
}

/// Limits of single calls share one timer, which goes on running between them.
@Suite struct RecurringLimitTests {
    @Test func everyCallHasItsOwnTime() throws {
        // Together they take longer than the limit of one.
        var sandbox = try Probe.sandbox(limits: SandboxLimits(time: .milliseconds(300)))
        let clock = ContinuousClock()
        let start = clock.now
        var calls: Int32 = 0
        while clock.now - start < .milliseconds(700) {
            #expect(try sandbox.add(calls, 1).verified { $0 } == calls + 1)
            calls += 1
        }
        #expect(throws: Trap.self) { try sandbox.spin() }
    }

    @Test(arguments: 0..<20)
    func aCallThatNeverEndsIsStoppedWheneverItBegins(_ round: Int) throws {
        var sandbox = try Probe.sandbox(limits: SandboxLimits(time: .milliseconds(2 + round % 5)))
        let clock = ContinuousClock()
        let start = clock.now
        #expect(throws: Trap.self) {
            // At any distance from where the timer stands.
            while clock.now - start < .microseconds(500 * round) { _ = try sandbox.add(1, 1) }
            try sandbox.spin()
        }
    }

    @Test func shorterAndLongerLimitsOnOneThread() throws {
        var long = try Probe.sandbox(limits: SandboxLimits(time: .seconds(20)))
        #expect(try long.add(1, 1).verified { $0 } == 2)
        for _ in 0..<10 {
            var short = try Probe.sandbox(limits: SandboxLimits(time: .milliseconds(2)))
            #expect(throws: Trap.self) { try short.spin() }
            #expect(try long.add(1, 1).verified { $0 } == 2)
        }
        // A scope's limit within which calls have theirs.
        var inner = try Probe.sandbox(limits: SandboxLimits(time: .seconds(20)))
        #expect(throws: Trap.self) {
            try Store.withTimeLimit(.milliseconds(10)) {
                #expect(try inner.add(1, 1).verified { $0 } == 2)
                try inner.spin()
            }
        }
        #expect(try long.add(1, 1).verified { $0 } == 2)
    }
}

@Suite struct LinkedTests {
    /// As good as linked: the address of an artifact that stays.
    @Test(.disabled(if: KeptFiles.directory != nil, "needs a compiler"))
    func anArtifactOfTheProgramIsAnImage() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "linked-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try testEngine.compile(try Probe.wasm.get(), name: "probe", to: "\(directory)/probe.so", product: .library)
        let handle = try #require(dlopen("\(directory)/probe.so", RTLD_NOW | RTLD_LOCAL))
        let artifact = try #require(dlsym(handle, "bulkhead_library"))
        do {
            var sandbox = try Sandbox(SandboxImage<Probe>(linked: artifact))
            #expect(try sandbox.add(1, 2).verified { $0 } == 3)
            #expect(throws: Trap.self) { try sandbox.crash(SandboxPointer(offset: 0xFFFF_0000), 1) }
        }
        dlclose(handle)
    }
}
