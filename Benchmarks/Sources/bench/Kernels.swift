import Bulkhead
import CBench
import Foundation

struct Kernel {
    var name: String
    /// Rounds of work, some 10 to 20 ms in all.
    var count: UInt32
    /// Loops over doubles that a compiler can vectorize: twice as fast as the peer's is the aim there.
    var vectorizes = false

    static let all = [
        Kernel(name: "matmul", count: 8, vectorizes: true),
        Kernel(name: "gemm", count: 8, vectorizes: true),
        Kernel(name: "jacobi1d", count: 12000, vectorizes: true),
        Kernel(name: "jacobi2d", count: 1000, vectorizes: true),
        Kernel(name: "heat3d", count: 250, vectorizes: true),
        Kernel(name: "axpy", count: 25000, vectorizes: true),
        Kernel(name: "complex", count: 10000),
        Kernel(name: "grayscale", count: 800),
        Kernel(name: "trisolv", count: 300),
        Kernel(name: "spmv", count: 600),
        Kernel(name: "fft", count: 200),
        Kernel(name: "nbody", count: 100_000),
        Kernel(name: "mandelbrot", count: 1000),
        Kernel(name: "sieve", count: 40),
        Kernel(name: "quicksort", count: 10),
        Kernel(name: "crc32", count: 80),
        Kernel(name: "base64", count: 500),
        Kernel(name: "sha256", count: 700),
        Kernel(name: "hashtable", count: 40),
        Kernel(name: "levenshtein", count: 40),
        Kernel(name: "list", count: 600),
        Kernel(name: "trees", count: 70),
        Kernel(name: "fibonacci", count: 300),
        Kernel(name: "interpreter", count: 300),
    ]
}

/// How the kernels are built to WebAssembly.
private struct Source {
    var name: String
    var arguments: [String]

    static let all = [
        Source(name: "-O2 -fno-unroll-loops, no SIMD", arguments: ["-O2", "-fno-unroll-loops"]),
        Source(name: "-O3, no SIMD", arguments: ["-O3"]),
    ]
}

private struct Contender {
    var name: String
    var run: (UInt32) throws -> UInt32
}

struct KernelBenchmark {
    let build: Build

    func run() throws -> [Record] {
        var records: [Record] = []
        let kernels = Kernel.all.filter { kernel in
            build.options.filters.isEmpty || build.options.filters.contains { kernel.name.contains($0) }
        }
        for (level, source) in Source.all.enumerated() {
            print("\nKernels built to WebAssembly with \(source.name): time by native clang -O3 (lower is better)")
            print("median of \(build.options.rounds) interleaved rounds ± half the distance between quartiles\n")
            var results: [(kernel: Kernel, samples: [Samples])] = []
            var names: [String] = []
            for kernel in kernels {
                let contenders = try prepare(kernel, source, level)
                names = contenders.map(\.name)
                results.append((kernel, try measure(kernel, contenders)))
            }
            report(results, names)
            for (kernel, samples) in results {
                for (name, sample) in zip(names, samples) {
                    records.append(
                        Record(
                            section: "kernels \(source.name)", name: kernel.name, configuration: name, unit: "ns",
                            sample))
                }
            }
        }
        return records
    }

    private func prepare(_ kernel: Kernel, _ source: Source, _ level: Int) throws -> [Contender] {
        let file = "\(build.package)/Kernels/\(kernel.name).c"
        let stem = "\(kernel.name)-\(level)"
        let native = try symbol(
            "run", in: build.native(file, to: "\(kernel.name)-native.so"), as: (@convention(c) (UInt32) -> UInt32).self)
        let wasm = try build.wasm(file, source.arguments, to: "\(stem).wasm")
        var contenders = [Contender(name: "native") { native($0) }]
        for segment in [true, false] {
            let name = segment ? "segment" : "flat"
            let artifact = try build.bulkhead(wasm, segment: segment, to: "\(stem)-bulkhead-\(name).so")
            contenders.append(Contender(name: "bulkhead \(name)", run: try sandboxed(artifact)))
        }
        if let peer = build.peer {
            for segment in [true, false] {
                let name = segment ? "segue" : "flat"
                let library = try peer.build(wasm, segment: segment, to: "\(stem)-wasm2c-\(name).so", build)
                let start = try symbol("peer_init", in: library, as: (@convention(c) () -> Int32).self)
                let run = try symbol("peer_run", in: library, as: (@convention(c) (UInt32) -> UInt32).self)
                _ = start()
                contenders.append(Contender(name: "wasm2c \(name)") { run($0) })
            }
        }
        return contenders
    }

    private func sandboxed(_ artifact: String) throws -> (UInt32) throws -> UInt32 {
        let modules = try Engine().load(artifact: artifact)
        let instance = try modules[0].instantiate(store: Store())
        guard let function = instance.exports[function: "run"] else { throw Failure("\(artifact) exports no run") }
        return try function.typed(as: ((UInt32) -> UInt32).self)
    }

    private func measure(_ kernel: Kernel, _ contenders: [Contender]) throws -> [Samples] {
        var samples = contenders.map { _ in Samples() }
        var expected: UInt32?
        for round in -1..<build.options.rounds {
            for (position, contender) in contenders.enumerated() {
                let start = bench_thread_time()
                let sum = try contender.run(kernel.count)
                let time = bench_thread_time() - start
                // The first round warms caches up, and compares results.
                if round >= 0 { samples[position].values.append(Double(time)) }
                if let expected, expected != sum {
                    throw Failure("\(kernel.name): \(contender.name) returns \(sum), native \(expected)")
                }
                expected = sum
            }
        }
        return samples
    }

    // MARK: - Reporting

    private func report(_ results: [(kernel: Kernel, samples: [Samples])], _ names: [String]) {
        var table = Table()
        let peerColumn = names.firstIndex(of: "wasm2c segue")
        table.rows.append(
            ["", "native ms"] + names.dropFirst() + (peerColumn == nil ? [] : ["segment by wasm2c segue"]))
        for (kernel, samples) in results {
            var row = [kernel.name + (kernel.vectorizes ? " *" : ""), (samples[0].median / 1e6).formatted(2)]
            for sample in samples.dropFirst() { row.append(cell(sample.ratios(to: samples[0]))) }
            if let peerColumn { row.append(cell(samples[1].ratios(to: samples[peerColumn]))) }
            table.rows.append(row)
        }
        for (name, group) in [
            ("geometric mean", results), ("  of those marked *", results.filter(\.kernel.vectorizes)),
            ("  of the others", results.filter { !$0.kernel.vectorizes }),
        ] where !group.isEmpty {
            var row = [name, ""]
            for column in names.indices.dropFirst() {
                row.append(
                    geometricMean(group.map { $0.samples[column].ratios(to: $0.samples[0]).median }).formatted(2)
                        + "      ")
            }
            if let peerColumn {
                row.append(
                    geometricMean(group.map { $0.samples[1].ratios(to: $0.samples[peerColumn]).median }).formatted(2)
                        + "      ")
            }
            table.rows.append(row)
        }
        table.print()
        print("* loops over doubles that vectorize")
    }

    private func cell(_ ratios: Samples) -> String { "\(ratios.median.formatted(2)) ±\(ratios.spread.formatted(2))" }
}
