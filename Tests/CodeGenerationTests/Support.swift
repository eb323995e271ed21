import CPrelude
import CodeGeneration
import Glibc
import Testing
import Toolchain
import WasmModule
import WasmText

func assemble(_ text: String) throws -> [UInt8] {
    try WasmText.assemble(Array(text.utf8))
}

/// Decoded and validated.
func module(_ bytes: [UInt8]) throws -> Module {
    let module = try Module(decoding: bytes, features: .all)
    try module.validate(features: .all)
    return module
}

/// The C of a module.
func generate(
    _ bytes: [UInt8], prefix: String = "module", options: EmitterOptions = EmitterOptions()
) throws -> GeneratedCode {
    try generateCode(for: [NamedModule(module(bytes), prefix: prefix)], name: "artifact", options: options)
}

/// The compilers on this machine. Prints which of clang and gcc is missing.
let compilers: [Compiler] = ["clang", "gcc"].compactMap { name in
    do {
        return try Compiler.find(named: name)
    } catch {
        print("skipped for \(name): \(error)")
        return nil
    }
}

extension Compiler: CustomTestStringConvertible {
    public var testDescription: String { family.rawValue }
}

private func header(_ name: bulkhead_header_name) -> [UInt8] {
    let text = bulkhead_header(name)
    return Array(UnsafeBufferPointer(start: text.bytes, count: text.size))
}

/// What generated code includes.
let operatorHeaders = [
    SourceFile(name: "bulkhead_abi.h", bytes: header(BULKHEAD_HEADER_ABI)),
    SourceFile(name: "bulkhead_prelude.h", bytes: header(BULKHEAD_HEADER_PRELUDE)),
    SourceFile(name: "bulkhead_vector.h", bytes: header(BULKHEAD_HEADER_VECTOR)),
]

/// Compiles to an object that is thrown away.
/// - Returns: the warnings.
func compile(
    _ code: GeneratedCode, _ compiler: Compiler, defines: [CompilerOptions.Define] = [],
    optimization: CompilerOptions.Optimization = .standard, extraArguments: [String] = []
) throws -> String {
    let path = "/tmp/bulkhead-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).o"
    defer { unlink(path) }
    return try compiler.compile(
        sources: code.sources.map { SourceFile(name: $0.name, bytes: $0.content) },
        headers: code.headers.map { SourceFile(name: $0.name, bytes: $0.content) } + operatorHeaders,
        product: .object, to: path,
        options: CompilerOptions(optimization: optimization, defines: defines, extraArguments: extraArguments))
}

let flat = [CompilerOptions.Define("BULKHEAD_SEGMENT", "0")]
let segmentForFloats = flat + [CompilerOptions.Define("BULKHEAD_SEGMENT_FLOATS")]

/// The scripts of the specification's version 2.0 without the vector instructions; empty where they are not found.
let specificationScripts: [String] = {
    let directory: String
    if let named = getenv("BULKHEAD_SPEC") {
        directory = String(cString: named)
    } else {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        directory = "/\(package)/../shared/spec/2.0"
    }
    guard let stream = opendir(directory) else {
        print("skipped: no specification scripts in \(directory)")
        return []
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasSuffix(".wast"), !name.hasPrefix("simd_") { names.append("\(directory)/\(name)") }
    }
    return names.sorted()
}()

func contents(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return bytes }
        bytes += buffer.prefix(count)
    }
}
