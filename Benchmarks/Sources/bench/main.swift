// Measures Bulkhead: kernels, calls, instantiation, compilation. See `Options.usage`.

import CBench
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

do {
    if arguments.first == CompilerBenchmark.childCommand {
        try CompilerBenchmark.child(Array(arguments.dropFirst()))
        exit(0)
    }
    if arguments.first == FunctionHostBenchmark.childCommand {
        try FunctionHostBenchmark.child(Array(arguments.dropFirst()))
        exit(0)
    }
    // A peer's process that ended is an error to be told, not the end of this one.
    signal(SIGPIPE, SIG_IGN)
    let options = try Options(arguments, package: package)
    let build = try Build(options, package: package)
    var results = Results(
        machine: Build.machine, compiler: String(build.compiler.version.split(separator: "\n").first ?? ""),
        rounds: options.rounds, peers: build.peers.found.map { "\($0.name) \($0.version)" },
        absent: build.peers.absent, records: [])
    print(results.machine, results.compiler, separator: "\n")
    for peer in results.peers { print("peer: \(peer)") }
    for peer in results.absent { print("peer: \(peer)") }
    if !bench_pin(Int32(options.processor)) { print("not pinned: there is no processor \(options.processor)") }
    for section in options.sections {
        switch section {
        case .kernels: results.records += try KernelBenchmark(build: build).run()
        case .programs: results.records += try ProgramBenchmark(build: build).run()
        case .calls: results.records += try CallBenchmark(build: build).run()
        case .instances: results.records += try InstanceBenchmark(build: build).run()
        case .pool: results.records += try PoolBenchmark(build: build).run()
        case .functions: results.records += try FunctionHostBenchmark(build: build).run()
        case .sandboxes: results.records += try SandboxBenchmark(build: build).run()
        case .compiler: results.records += try CompilerBenchmark(build: build).run()
        case .plot:
            if results.records.isEmpty {
                results = try JSONDecoder().decode(
                    Results.self, from: Data(contentsOf: URL(fileURLWithPath: options.json)))
            }
            try Plot(results).write(to: options.plot)
            print("\nplot: \(options.plot)")
        }
        fflush(nil)
    }
    if options.sections != [.plot] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(results).write(to: URL(fileURLWithPath: options.json))
        print("\nall numbers: \(options.json)")
    }
} catch {
    FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
    exit(1)
}
