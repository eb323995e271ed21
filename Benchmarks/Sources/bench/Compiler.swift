import CBench
import CodeGeneration
import Foundation
import Toolchain
import WasmModule

/// Decoding, validating and emitting C: megabytes of WebAssembly a second, and memory. Each round is a process of its own, so that
/// the peak is that of one module.
struct CompilerBenchmark {
    let build: Build

    static let childCommand = "--measure-compiler"

    private struct Result: Codable {
        var decode: Double
        var validate: Double
        var emit: Double
        var sourceBytes: Int
        /// Bytes of resident memory at the peak beyond what the process had before.
        var peak: Int
    }

    func run() throws -> [Record] {
        let environment = ProcessEnvironment.current()
        let given = environment["WASM_FILE"]
        let file = try given ?? synthesize()
        let size = try Build.read(file).count
        let program = "/proc/self/exe"
        guard let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: program) else {
            throw Failure("\(program) can't be read")
        }
        var columns: [(name: String, samples: Samples)] = [
            ("decode", Samples()), ("validate", Samples()), ("emit", Samples()), ("all", Samples()),
        ]
        var peaks = Samples()
        var sourceBytes = 0
        for _ in 0..<build.options.rounds {
            let outcome = try Subprocess(executable, [Self.childCommand, file], environment: environment).run()
            guard case .exited(0) = outcome.termination else { throw Failure(outcome.standardError.text) }
            let result = try JSONDecoder().decode(Result.self, from: Data(outcome.standardOutput.bytes))
            for (position, seconds) in [
                result.decode, result.validate, result.emit, result.decode + result.validate + result.emit,
            ].enumerated() {
                columns[position].samples.values.append(Double(size) / 1e6 / seconds)
            }
            peaks.values.append(Double(result.peak) / Double(size))
            sourceBytes = result.sourceBytes
        }
        print(
            "\nCompilation to C of \(given == nil ? "a synthetic module" : file) of \((Double(size) / 1e6).formatted(1)) MB: MB of WebAssembly a second\n"
        )
        var table = Table(rows: [["", "median", "best"]])
        for (name, sample) in columns {
            table.rows.append(
                [
                    name, "\(sample.median.formatted(1)) ±\(sample.spread.formatted(1))",
                    (sample.values.max() ?? .nan).formatted(1),
                ])
        }
        table.print()
        print(
            "peak memory \(peaks.median.formatted(1)) times the module; the C is \((Double(sourceBytes) / Double(size)).formatted(1)) times its size"
        )
        return columns.map {
            Record(section: "compiler", name: "large", configuration: $0.name, unit: "MB/s", $0.samples)
        } + [Record(section: "compiler", name: "large", configuration: "peak memory", unit: "modules", peaks)]
    }

    static func child(_ arguments: [String]) throws {
        guard let file = arguments.first else { throw Failure("no file") }
        let before = residentBytes("VmRSS:")
        let bytes = try Build.read(file)
        let start = bench_thread_time()
        let module = try WasmModule.Module(decoding: bytes)
        let decoded = bench_thread_time()
        try module.validate()
        let validated = bench_thread_time()
        let code = try generateCode(for: [NamedModule(module, prefix: "module")], name: "artifact")
        let emitted = bench_thread_time()
        let result = Result(
            decode: Double(decoded - start) / 1e9, validate: Double(validated - decoded) / 1e9,
            emit: Double(emitted - validated) / 1e9,
            sourceBytes: code.sources.reduce(0) { $0 + $1.content.count },
            peak: residentBytes("VmHWM:") - before)
        FileHandle.standardOutput.write(try JSONEncoder().encode(result))
    }

    private static func residentBytes(_ key: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
        return (line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first).flatMap { Int($0) }.map {
            $0 * 1024
        } ?? 0
    }

    private func synthesize() throws -> String {
        let path = build.path("synthetic.wasm")
        try Build.write(SyntheticModule.make(bytes: 8_000_000), to: path)
        return path
    }
}
