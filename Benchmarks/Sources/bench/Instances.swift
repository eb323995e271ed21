import Bulkhead
import CBench

/// What it takes to make an instance of a small module and free it again.
struct InstanceBenchmark {
    let build: Build

    func run() throws -> [Record] {
        let wasm = try SmallModule.write(build)
        let count: UInt64 = 500
        var contenders: [Contestant] = []
        for segment in [true, false] {
            let mode = segment ? "segment" : "flat"
            let artifact = try build.bulkhead(wasm, segment ? .all : .none, to: "small-bulkhead-\(mode).so")
            let module = try CModule(artifact)
            contenders.append(("C \(mode)", { bench_instantiate(module.pointer, count, true) }))
            contenders.append(("Swift \(mode)", try Self.loop(artifact, count)))
        }
        if let peer = build.wasm2c {
            for segment in [true, false] {
                let name = segment ? "segue" : "flat"
                let library = try peer.build(
                    wasm, segment: segment, calls: true, to: "small-wasm2c-\(name).so", build)
                _ = try symbol("peer_init", in: library, as: (@convention(c) () -> Int32).self)()
                let loop = try symbol("peer_instantiate", in: library, as: bench_loop.self)
                contenders.append(("wasm2c \(name)", { loop(count) }))
            }
        }
        // From C without an image, from Swift with one.
        let large = try build.bulkhead(SmallModule.writeWithData(build), .auto, to: "data-bulkhead.so")
        let largeModule = try CModule(large)
        contenders.append(("C, 1 MiB of data copied", { bench_instantiate(largeModule.pointer, count, true) }))
        contenders.append(("Swift, 1 MiB of data mapped", try Self.loop(large, count)))
        let samples = try measureInTurn(contenders, rounds: build.options.rounds, count: Int(count))
        print("\nAn instance of a small module (one page, a table, four functions), made and freed: microseconds\n")
        printTimes(contenders, samples, digits: 1)
        return zip(contenders, samples).map {
            Record(section: "instances", name: "small", configuration: $0.name, unit: "us", $1)
        }
    }

    /// So many instances, one after the other.
    private static func loop(_ artifact: String, _ count: UInt64) throws -> () throws -> Double {
        let module = try Engine().load(artifact: artifact)[0]
        return {
            let start = bench_thread_time()
            for _ in 0..<count { try instantiate(module) }
            return Double(bench_thread_time() - start)
        }
    }

    private static func instantiate(_ module: Module) throws {
        let store = try Store()
        let increment = try Function(store: store) { (value: UInt32) -> UInt32 in value &+ 1 }
        _ = try module.instantiate(store: store, imports: ["host": ["increment": .function(increment)]])
    }
}
