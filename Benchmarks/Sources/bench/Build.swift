import CPrelude
import CodeGeneration
import Foundation
import Toolchain
import WasmModule

/// Turns sources into the things that are measured. Everything lands in one directory, where it can be disassembled.
struct Build {
    let options: Options
    let package: String
    let compiler: Compiler
    let peer: Wasm2C?

    init(_ options: Options, package: String) throws {
        self.options = options
        self.package = package
        compiler = try Compiler.find()
        peer = try Wasm2C.find()
        try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { "\(options.directory)/\(name)" }

    static func run(_ program: String, _ arguments: [String]) throws {
        let command = Subprocess(program, arguments, environment: ProcessEnvironment.current())
        let outcome = try command.run()
        guard case .exited(0) = outcome.termination else {
            throw Failure("\(command.commandLine)\n\(outcome.standardError.text)")
        }
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure("\(path) can't be read") }
        return [UInt8](data)
    }

    var cpuArguments: [String] { options.cpu.map { ["-march=\($0)"] } ?? [] }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// Fused multiplication and addition, which clang does when it folds constants, would give other results here than there.
    static let common = ["-fno-math-errno", "-ffp-contract=off", "-nostdlib"]

    /// The same C for the machine itself: what a sandbox is compared with.
    func native(_ source: String, to name: String) throws -> String {
        let output = path(name)
        try Self.run(
            compiler.path,
            ["-O3", "-fPIC", "-shared", "-fvisibility=hidden"] + cpuArguments + Self.common + [source, "-o", output])
        return output
    }

    func wasm(_ source: String, _ arguments: [String], to name: String) throws -> String {
        let output = path(name)
        try Self.run(
            compiler.path,
            ["--target=wasm32", "-Wl,--no-entry", "-Wl,--export=run"] + Self.common + arguments + [
                source, "-o", output,
            ])
        return output
    }

    /// By Bulkhead, as the engine does it.
    func bulkhead(_ wasm: String, segment: Bool, to name: String) throws -> String {
        let output = path(name)
        let module = try WasmModule.Module(decoding: Self.read(wasm))
        try module.validate()
        let code = try generateCode(for: [NamedModule(module, prefix: "kernel")], name: "artifact")
        guard let optimization = CompilerOptions.Optimization(rawValue: "O\(options.level)") else {
            throw Failure("there is no level -O\(options.level)")
        }
        try compiler.compile(
            sources: code.sources.map { SourceFile(name: $0.name, bytes: $0.content) },
            headers: code.headers.map { SourceFile(name: $0.name, bytes: $0.content) } + Self.runtimeHeaders,
            product: .sharedLibrary, to: output,
            options: CompilerOptions(
                optimization: optimization, cpu: options.cpu,
                defines: [.init("BULKHEAD_SEGMENT", segment ? "1" : "0"), .init("BULKHEAD_LIBRARY")],
                extraArguments: options.extraArguments, foldsAddresses: segment),
            keepSources: "\(output).sources")
        return output
    }

    private static var runtimeHeaders: [SourceFile] {
        [
            SourceFile(name: "bulkhead_abi.h", bytes: text(BULKHEAD_HEADER_ABI)),
            SourceFile(name: "bulkhead_prelude.h", bytes: text(BULKHEAD_HEADER_PRELUDE)),
            SourceFile(name: "bulkhead_vector.h", bytes: text(BULKHEAD_HEADER_VECTOR)),
        ]
    }

    private static func text(_ name: bulkhead_header_name) -> [UInt8] {
        let header = bulkhead_header(name)
        return Array(UnsafeBufferPointer(start: header.bytes, count: header.size))
    }
}

/// The peer, where the environment names one.
struct Wasm2C {
    let tool: String
    let runtime: String
    let version: String

    static func find() throws -> Wasm2C? {
        let environment = ProcessEnvironment.current()
        guard let tool = environment["WASM2C"], let runtime = environment["WABT_WASM_RT"] else { return nil }
        let asked = try Subprocess(tool, ["--version"], environment: environment).run()
        let version = asked.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines)
        return Wasm2C(tool: tool, runtime: runtime, version: version)
    }

    /// A shared library of what wasm2c makes of the module, with the flags its documentation gives for speed.
    func build(_ wasm: String, segment: Bool, calls: Bool = false, to name: String, _ build: Build) throws -> String {
        let output = build.path(name)
        let source = "\(output).c"
        try Build.run(tool, ["-n", "kernel", wasm, "-o", source])
        var arguments = [
            "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno", "-w", "-I",
            runtime,
        ]
        arguments.append("-DMODULE_HEADER=\"\(output).h\"")
        if segment {
            arguments += ["-mfsgsbase", "-DWASM_RT_ALLOW_SEGUE=1", "-DWASM_RT_SEGUE_FREE_SEGMENT=1"]
        }
        arguments += build.cpuArguments
        if calls { arguments.append("-DPEER_CALLS") }
        arguments += ["\(build.package)/Peers/wasm2c.c", source]
        arguments += ["wasm-rt-impl.c", "wasm-rt-mem-impl.c", "wasm-rt-exceptions-impl.c"].map { "\(runtime)/\($0)" }
        try Build.run(build.compiler.path, arguments + ["-lm", "-lpthread", "-o", output])
        return output
    }
}

/// A function of a shared library.
func symbol<T>(_ name: String, in library: String, as type: T.Type) throws -> T {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else { throw Failure(String(cString: dlerror())) }
    guard let address = dlsym(handle, name) else { throw Failure("\(library) has no \(name)") }
    return unsafeBitCast(address, to: type)
}
