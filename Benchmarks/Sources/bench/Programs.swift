import Foundation
import Toolchain

/// Real programs, as `Examples/programs/build.sh` fetches and builds them: whole runs on the same input, by the processor time of the
/// process. Compilation is not part of it: Bulkhead's artifact is in its cache, Wasmtime's is compiled before the clock starts.
struct ProgramBenchmark {
    let build: Build

    private struct Workload {
        var program: String
        var name: String
        /// A file `input` lies in the working directory.
        var arguments: [String]
    }

    private static let workloads = [
        Workload(
            program: "sqlite", name: "sqlite",
            arguments: [
                ":memory:",
                """
                create table t(a integer primary key, b integer, c text);
                with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
                insert into t select i, (i * 7919) % 10007, printf('row %d of %d', i, i * 31 % 97) from n;
                create index u on t(b, c);
                select sum(b), max(c), count(distinct c) from t where b between 100 and 9000;
                select c, count(*) from t group by b % 13 order by 2, 1 limit 5;
                select count(*) from t x join t y on x.b = y.b and x.a < y.a;
                """,
            ]),
        Workload(program: "zstd", name: "zstd -9", arguments: ["-q", "-9", "-c", "input"]),
        Workload(program: "brotli", name: "brotli -q 8", arguments: ["-q", "8", "-c", "input"]),
        Workload(program: "bzip2", name: "bzip2", arguments: ["-c", "input"]),
        Workload(
            program: "lua", name: "lua",
            arguments: [
                "-e",
                """
                local t, s = {}, 0
                for i = 1, 400000 do t[i] = (i * 7919) % 100003 end
                table.sort(t)
                for w in string.gmatch(string.rep('the quick brown fox ', 20000), '%a+') do s = s + #w end
                for i = 1, #t do s = s + t[i] * (i % 3) end
                print(s)
                """,
            ]),
    ]

    private struct Engine {
        var name: String
        var command: (_ program: String, _ arguments: [String]) -> Subprocess
    }

    func run() throws -> [Record] {
        let root = "\(build.package)/.."
        let bulkhead = "\(root)/.build/release/bulkhead"
        guard FileManager.default.isExecutableFile(atPath: bulkhead) else {
            print("\nprograms: skipped; there is no optimized bulkhead (swift build -c release --product bulkhead)")
            return []
        }
        let directory = build.path("programs")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Self.text.write(toFile: "\(directory)/input", atomically: true, encoding: .utf8)
        let environment = ProcessEnvironment.current()
        func run(_ program: String, _ arguments: [String]) -> Subprocess {
            Subprocess(program, arguments, environment: environment, workingDirectory: directory)
        }
        var engines = [
            Engine(name: "native") { run("\(root)/.build-programs/\($0)/native", $1) }
        ]
        for (name, options) in [("bulkhead", []), ("bulkhead flat", ["--segue=none"])] {
            engines.append(
                Engine(name: name) {
                    let wasm = "\(root)/.build-programs/\($0)/\($0).wasm"
                    return run(bulkhead, ["run", "-O", "3"] + options + ["--dir", ".::/", wasm] + $1)
                })
        }

        print("\nPrograms: processor time of a whole run by that of the native program (lower is better)")
        print("median of \(build.options.rounds) interleaved rounds ± half the distance between quartiles\n")
        var table = Table()
        table.rows.append(["", "native ms"] + engines.dropFirst().map(\.name))
        var records: [Record] = []
        var ratios = engines.map { _ in [Double]() }
        for workload in Self.workloads {
            guard FileManager.default.fileExists(atPath: "\(root)/.build-programs/\(workload.program)/native") else {
                print("\(workload.name): skipped; Examples/programs/build.sh \(workload.program) builds it")
                continue
            }
            let samples = try measure(workload, engines)
            var row = [workload.name, (samples[0].median / 1e6).formatted(0)]
            for (place, sample) in samples.enumerated() {
                let ratio = sample.ratios(to: samples[0])
                ratios[place].append(ratio.median)
                if place > 0 { row.append("\(ratio.median.formatted(2)) ±\(ratio.spread.formatted(2))") }
                records.append(
                    Record(
                        section: "programs", name: workload.name, configuration: engines[place].name, unit: "ns", sample
                    ))
            }
            table.rows.append(row)
        }
        table.rows.append(["geometric mean", ""] + ratios.dropFirst().map { geometricMean($0).formatted(2) })
        table.print()
        return records
    }

    private func measure(_ workload: Workload, _ engines: [Engine]) throws -> [Samples] {
        var samples = engines.map { _ in Samples() }
        var expected: [UInt8]?
        for round in -1..<build.options.rounds {
            for (place, engine) in engines.enumerated() {
                let command = engine.command(workload.program, workload.arguments)
                let start = childrenTime()
                let outcome = try command.run()
                let time = childrenTime() - start
                guard outcome.termination == .exited(0) else {
                    throw Failure("\(command.commandLine)\n\(outcome.standardError.text)")
                }
                if round >= 0 { samples[place].values.append(time) }
                // What it wrote, or the first MiB of it.
                guard expected == nil || expected == outcome.standardOutput.bytes else {
                    throw Failure("\(workload.name): \(engine.name) writes something else than the native program")
                }
                expected = outcome.standardOutput.bytes
            }
        }
        return samples
    }

    /// Three megabytes that can be compressed, the same every time.
    private static let text: String = {
        let words = [
            "bulkhead", "ship", "breach", "hull", "divides", "water", "the", "of", "and", "a", "one", "process",
            "memory",
            "survives", "because", "segment", "register",
        ]
        var state: UInt32 = 1
        var text = ""
        while text.utf8.count < 3_000_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            text += words[Int(state >> 16) % words.count]
            text += state >> 28 == 0 ? " \(state >> 8 & 0xFFFF)\n" : " "
        }
        return text
    }()
}

/// Of programs that have ended, in nanoseconds.
func childrenTime() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    func nanoseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1e9 + Double(time.tv_usec) * 1e3 }
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime)
}
