import Bulkhead
import CPrelude
import CodeGeneration
import Foundation
import Toolchain
import WasmModule

/// Turns sources into the things that are measured. Everything lands in one directory, where it can be disassembled.
struct Build {
    var options: Options
    let package: String
    let compiler: Compiler
    let peers: Peers
    /// For what is measured from C.
    var wasm2c: Wasm2C? { peers.found.lazy.compactMap { $0 as? Wasm2C }.first }

    init(_ options: Options, package: String) throws {
        self.options = options
        self.package = package
        compiler = try Compiler.find()
        peers = try Peers()
        try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
    }

    /// The processor's name and how many there are.
    static var machine: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let name = text.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? "?"
        return
            "\(name.trimmingCharacters(in: .whitespaces)), \(ProcessInfo.processInfo.activeProcessorCount) processors"
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

    static func isValid(_ wasm: String, features: Features) throws -> Bool {
        let bytes = try read(wasm)
        do {
            try WasmModule.Module(decoding: bytes, features: features).validate(features: features)
            return true
        } catch {
            return false
        }
    }

    /// By Bulkhead, as the engine does it.
    func bulkhead(_ wasm: String, _ segue: Segue, loops: CompilerOptions.Loops = .reduced, to name: String) throws
        -> String
    {
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
                defines: segue.defines + [.init("BULKHEAD_LIBRARY")],
                extraArguments: options.extraArguments,
                foldsAddresses: segue.resolved != .none && options.foldsAddresses,
                loops: loops),
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

/// A function of a shared library.
func symbol<T>(_ name: String, in library: String, as type: T.Type) throws -> T {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else { throw Failure(String(cString: dlerror())) }
    guard let address = dlsym(handle, name) else { throw Failure("\(library) has no \(name)") }
    return unsafeBitCast(address, to: type)
}

/// Bytes of the executable sections of an ELF file of 64 bits, little-endian.
func codeSize(of path: String) throws -> Int {
    let bytes = try Build.read(path)
    func number<Value: FixedWidthInteger>(at place: Int, as type: Value.Type) throws -> Int {
        guard place >= 0, place + MemoryLayout<Value>.size <= bytes.count else {
            throw Failure("\(path) is no ELF file")
        }
        return bytes.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: place, as: Value.self)) }
    }
    let table = try number(at: 40, as: Int64.self)
    let size = try number(at: 58, as: UInt16.self)
    var sum = 0
    for section in try 0..<number(at: 60, as: UInt16.self) {
        let header = table + section * size
        let isExecutable = try number(at: header + 8, as: Int64.self) & 4 != 0
        if isExecutable { sum += try number(at: header + 32, as: Int64.self) }
    }
    return sum
}
