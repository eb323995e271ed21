import Bulkhead
import CBench
import Foundation

/// Every kernel, built in every way, by every engine: one table for each processor and each way to build WebAssembly.
struct KernelBenchmark {
    let build: Build

    private struct Result {
        var kernel: Kernel
        var contenders: [Contender]
        var samples: [Samples]

        /// Round by round.
        func ratios(_ name: String, to other: String) -> Samples? {
            guard let one = contenders.firstIndex(where: { $0.name == name }),
                let two = contenders.firstIndex(where: { $0.name == other })
            else { return nil }
            return samples[one].ratios(to: samples[two])
        }
    }

    func run() throws -> [Record] {
        var records: [Record] = []
        let kernels = Kernel.all.filter { kernel in
            build.options.filters.isEmpty || build.options.filters.contains { kernel.name.contains($0) }
        }
        let wasmBuilds = WasmBuild.all.filter {
            build.options.wasmBuilds.isEmpty || build.options.wasmBuilds.contains($0.name)
        }
        for cpu in build.options.cpus {
            var build = build
            build.options.cpu = cpu
            for (number, wasm) in wasmBuilds.enumerated() {
                let section = "kernels, \(cpu ?? "baseline"), wasm \(wasm.name)"
                print("\n\(section): time by native clang -O3 for the same processor (lower is better)")
                print("bulkhead is --segue=auto, which is \(Segue.auto.resolved) here")
                print("median of \(build.options.rounds) interleaved rounds ± half the distance between quartiles\n")
                var results: [Result] = []
                for kernel in kernels {
                    results.append(try measure(kernel, wasm, "\(kernel.name)-\(cpu ?? "baseline")-\(number)", build))
                }
                report(results)
                records += results.flatMap { result in
                    zip(result.contenders, result.samples).map { contender, samples in
                        Record(
                            section: section, group: result.kernel.group.rawValue, name: result.kernel.name,
                            configuration: contender.name, unit: "ns", samples, codeSize: contender.codeSize)
                    }
                }
            }
        }
        return records
    }

    /// Columns of Bulkhead's: what is chosen by itself, and what could be chosen instead.
    private static let ways: [(name: String, segue: Segue)] =
        [("bulkhead", .auto), ("bulkhead all", .all), ("bulkhead flat", .none)].filter { name, segue in
            segue == .auto || segue != Segue.auto.resolved
        }

    private func contenders(_ kernel: Kernel, _ wasmBuild: WasmBuild, _ stem: String, _ build: Build) throws
        -> [Contender]
    {
        let file = "\(build.package)/Kernels/\(kernel.name).c"
        let library = try build.native(file, to: "\(stem)-native.so")
        let native = try symbol("run", in: library, as: (@convention(c) (UInt32) -> UInt32).self)
        let wasm = try build.wasm(file, wasmBuild.arguments, to: "\(stem).wasm")
        var contenders = [Contender("native", codeSize: try codeSize(of: library)) { native($0) }]
        for (name, segue) in Self.ways {
            let artifact = try build.bulkhead(
                wasm, segue, loops: wasmBuild.loops, to: "\(stem)-\(name.replacing(" ", with: "-")).so")
            let modules = try Engine().load(artifact: artifact)
            let instance = try modules[0].instantiate(store: Store())
            guard let function = instance.exports[function: "run"] else { throw Failure("\(artifact) exports no run") }
            let run = try function.typed(as: ((UInt32) -> UInt32).self)
            contenders.append(Contender(name, codeSize: try codeSize(of: artifact)) { try run($0) })
        }
        for peer in build.peers.found {
            contenders += try peer.contenders(wasm, stem: stem, build).filter { contender in
                do {
                    _ = try contender.run(1)
                    return true
                } catch {
                    print("\(kernel.name): left out: \(contender.name): \(error)")
                    return false
                }
            }
        }
        return contenders
    }

    private func measure(_ kernel: Kernel, _ wasm: WasmBuild, _ stem: String, _ build: Build) throws -> Result {
        let contenders = try contenders(kernel, wasm, stem, build)
        var samples = contenders.map { _ in Samples() }
        // An interpreter gets a fiftieth of the work, and its time is multiplied.
        let small = max(1, kernel.count / 50)
        let scale = Double(kernel.count) / Double(small)
        var expected: [UInt32: UInt32] = [:]
        for round in -1..<build.options.rounds {
            for (position, contender) in contenders.enumerated() {
                if contender.isInterpreter, round > 2 { continue }
                let count = contender.isInterpreter ? small : kernel.count
                let (sum, time) = try contender.run(count)
                // The first round warms caches up, and compares results.
                if round >= 0 {
                    samples[position].values.append(contender.isInterpreter ? time * scale : time)
                } else if position == 0 {
                    expected = [kernel.count: sum, small: try contender.run(small).sum]
                }
                guard sum == expected[count] else {
                    throw Failure("\(kernel.name): \(contender.name) returns \(sum), native \(expected[count] ?? 0)")
                }
            }
        }
        return Result(kernel: kernel, contenders: contenders, samples: samples)
    }

    // MARK: - Reporting

    private func report(_ results: [Result]) {
        var columns: [String] = []
        for name in results.flatMap(\.contenders).map(\.name) where name != "native" && !columns.contains(name) {
            columns.append(name)
        }
        var pairs = columns.map { ($0, "native") }
        if columns.contains("wasm2c segue") { pairs.append(("bulkhead", "wasm2c segue")) }
        if columns.contains("wamr segue") { pairs.append(("bulkhead", "wamr segue")) }
        if columns.contains("wasmtime") { pairs.append(("bulkhead", "wasmtime")) }

        var table = Table()
        table.rows.append(
            ["", "native ms"] + pairs.map { $0.1 == "native" ? $0.0 : "\($0.0) by \($0.1)" } + ["code by native"])
        func mean(_ name: String, _ group: [Result]) {
            if group.isEmpty { return }
            let means = pairs.map { pair in
                geometricMean(group.compactMap { $0.ratios(pair.0, to: pair.1)?.median }).formatted(2)
            }
            let sizes = geometricMean(group.compactMap(codeRatio))
            table.rows.append([name, ""] + means + [sizes.formatted(2)])
        }
        for group in Kernel.Group.allCases {
            let members = results.filter { $0.kernel.group == group }
            for result in members {
                let cells = pairs.map { pair in
                    result.ratios(pair.0, to: pair.1).map { "\($0.median.formatted(2)) ±\($0.spread.formatted(2))" }
                        ?? "-"
                }
                table.rows.append(
                    [result.kernel.name, (result.samples[0].median / 1e6).formatted(2)] + cells
                        + [codeRatio(result)?.formatted(2) ?? "-"])
            }
            mean("  \(group.rawValue)", members)
        }
        mean("geometric mean", results)
        mean("  without numeric loops", results.filter { $0.kernel.group != .numeric })
        table.print()
    }

    private func codeRatio(_ result: Result) -> Double? {
        guard let native = result.contenders[0].codeSize, let ours = result.contenders[1].codeSize else { return nil }
        return Double(ours) / Double(native)
    }
}
