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
    let options = try Options(arguments, package: package)
    let build = try Build(options, package: package)
    print("compiler: \(build.compiler.version.split(separator: "\n").first ?? "")")
    print("peer: \(build.peer.map { "wasm2c \($0.version)" } ?? "wasm2c is absent (WASM2C and WABT_WASM_RT name it)")")
    if !bench_pin(Int32(options.processor)) { print("not pinned: there is no processor \(options.processor)") }
    var records: [Record] = []
    for section in options.sections {
        switch section {
        case .kernels: records += try KernelBenchmark(build: build).run()
        case .calls: records += try CallBenchmark(build: build).run()
        case .instances: records += try InstanceBenchmark(build: build).run()
        case .sandboxes: records += try SandboxBenchmark(build: build).run()
        case .compiler: records += try CompilerBenchmark(build: build).run()
        }
        fflush(nil)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(records).write(to: URL(fileURLWithPath: options.json))
    print("\nall numbers: \(options.json)")
} catch {
    FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
    exit(1)
}
