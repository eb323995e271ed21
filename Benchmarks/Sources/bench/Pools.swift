import Bulkhead
import CBench
import Foundation
import Synchronization
import WasmText

/// What a pool's tenants pay: lease, one call of a small function, reset, release.
struct PoolBenchmark {
    let build: Build

    private static let text = """
        (module (memory 1) (global $g (mut i32) (i32.const 0)) (table 4 funcref)
          (data (i32.const 16) "\(String(repeating: "x", count: 200))")
          (func (export "work") (param i32) (result i32)
            (global.set $g (local.get 0)) (i32.store (i32.const 1024) (local.get 0))
            (i32.add (i32.load (i32.const 16)) (local.get 0))))
        """

    /// As the small one, with much data, a page of which is written.
    private static let large = text.replacingOccurrences(of: "(memory 1)", with: "(memory 32)")
        .replacingOccurrences(
            of: "(data (i32.const 16)",
            with: "(data (i32.const 65536) \"\(String(repeating: "y", count: 1 << 20))\") (data (i32.const 16)")

    private struct Loop {
        let name: String
        let template: InstanceTemplate
        let pool: InstancePool
    }

    /// Wasmtime doing the same with that module, if it is here.
    private func wasmtime(_ wasm: [UInt8]) throws -> OpaquePointer? {
        guard let peer = try Wasmtime.find() else { return nil }
        return try bench_wasmtime_open(peer.library(), wasm, UInt64(wasm.count), 64, 4 << 20)
    }

    func run() throws -> [Record] {
        let engine = Engine()
        let smallWasm = try assemble(Array(Self.text.utf8))
        let largeWasm = try assemble(Array(Self.large.utf8))
        let small = try engine.compile(smallWasm)
        let large = try engine.compile(largeWasm)
        // Its host function is made anew for each lease, and with it the instance.
        let withImport = Self.text.replacingOccurrences(
            of: "(module ", with: "(module (import \"host\" \"next\" (func (param i32) (result i32))) ")
        let importing = try InstanceTemplate(engine.compile(assemble(Array(withImport.utf8)))) { store in
            ["host": ["next": .function(try Function(store: store) { (value: UInt32) -> UInt32 in value &+ 1 })]]
        }
        func pool(warm: Int, images: Bool = true) throws -> InstancePool {
            var configuration = InstancePool.Configuration(slots: 64, maximumMemory: 4 << 20, warmSlots: warm)
            configuration.usesImages = images
            return try InstancePool(configuration)
        }
        let loops = [
            Loop(name: "warm slot, small module", template: try InstanceTemplate(small), pool: try pool(warm: 64)),
            Loop(name: "closed slot, small module", template: try InstanceTemplate(small), pool: try pool(warm: 0)),
            Loop(name: "clean slot, small module and an import", template: importing, pool: try pool(warm: 64)),
            Loop(name: "warm slot, 1 MiB of data", template: try InstanceTemplate(large), pool: try pool(warm: 64)),
            Loop(name: "closed slot, 1 MiB of data", template: try InstanceTemplate(large), pool: try pool(warm: 0)),
            Loop(
                name: "warm slot, 1 MiB of data copied", template: try InstanceTemplate(large),
                pool: try pool(warm: 64, images: false)),
        ]
        let count = 2000
        var contenders: [Contestant] = loops.map { loop in
            (
                loop.name,
                {
                    let start = bench_thread_time()
                    for _ in 0..<count { try Self.work(loop) }
                    return Double(bench_thread_time() - start)
                }
            )
        }
        for (name, wasm) in [("Wasmtime, small module", smallWasm), ("Wasmtime, 1 MiB of data", largeWasm)] {
            guard let peer = try wasmtime(wasm) else {
                print("\nWasmtime's pooling allocator is absent: WASMTIME_PYTHON names a Python that has its package")
                break
            }
            contenders.append((name, { bench_wasmtime_lease(peer, "work", UInt64(count)) }))
        }
        let samples = try measureInTurn(contenders, rounds: build.options.rounds, count: count)
        let colours = loops[0].pool.colours
        print(
            "\nLease, call, reset and release in a pool (\(colours == 1 ? "plain guards" : "\(colours) colours")): microseconds\n"
        )
        printTimes(contenders, samples, digits: 2)
        try throughput(loops[0])
        return zip(contenders, samples).map {
            Record(section: "pool", name: $0.name, configuration: "", unit: "us", $1)
        }
    }

    private static func work(_ loop: Loop) throws {
        try loop.pool.withInstance(of: loop.template, waitingUpTo: .seconds(60)) { instance in
            guard let function = instance.exports[function: "work"] else { throw Failure("no function \"work\"") }
            _ = try function.typed(as: ((UInt32) -> UInt32).self)(7)
        }
    }

    /// A million leases on many threads; afterwards every slot is there.
    private func throughput(_ loop: Loop) throws {
        print(
            "\nThe warm slot from many threads (this machine has \(ProcessInfo.processInfo.activeProcessorCount) processors)\n"
        )
        for threads in [1, 2, 4, 8] {
            let count = 1_000_000 / threads
            let problem = Mutex<String?>(nil)
            let start = Date()
            let workers = (0..<threads).map { _ in
                Thread {
                    // The benchmark's own thread stays on one processor, and these begin there.
                    bench_unpin()
                    do {
                        for _ in 0..<count { try Self.work(loop) }
                    } catch {
                        problem.withLock { $0 = "\(error)" }
                    }
                }
            }
            for worker in workers { worker.start() }
            while workers.contains(where: { !$0.isFinished }) { usleep(1000) }
            let seconds = -start.timeIntervalSinceNow
            if let problem = problem.withLock({ $0 }) { throw Failure(problem) }
            print("  \(threads) threads: \(Int(Double(count * threads) / seconds / 1000)) thousand leases a second")
        }
        let statistics = loop.pool.statistics
        guard statistics.leased == 0, statistics.warm + statistics.closed == statistics.slots else {
            throw Failure("slots are missing: \(statistics)")
        }
    }
}
