import Bindgen
import Bulkhead
import BulkheadSandbox
import CPrelude
import Foundation
import Testing
import Toolchain

/// The toy library in both forms, built once.
struct ToyLibrary: ~Copyable {
    enum Mode: String, CaseIterable, CustomTestStringConvertible {
        case sandbox
        case direct

        var testDescription: String { rawValue }
    }

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("BindgenTests/Fixtures").path

    static func request() throws -> BindingRequest {
        var request = BindingRequest(library: "Toy", headers: ["\(fixtures)/toy.h"])
        let path = "\(fixtures)/toy.json"
        request.annotations = try Annotations(
            json: Array(Data(contentsOf: URL(fileURLWithPath: path))), name: "toy.json")
        return request
    }

    private static let built = Result { try ToyLibrary() }

    /// A sandbox of its own. Native code and its variables are loaded anew for each.
    static func makeSandbox(_ mode: Mode, limits: SandboxLimits = SandboxLimits()) throws -> Sandbox<Toy> {
        switch built {
        case .failure(let error): throw error
        case .success(let library): return try Sandbox<Toy>(library.image(mode), limits: limits)
        }
    }

    private let directory: TemporaryDirectory
    private let module: Bulkhead.Module

    private func image(_ mode: Mode) throws -> SandboxImage<Toy> {
        switch mode {
        case .sandbox: return try SandboxImage(module: module)
        case .direct:
            let copy = "\(directory.path)/toy-\(UUID().uuidString).so"
            try FileManager.default.copyItem(atPath: "\(directory.path)/toy.so", toPath: copy)
            return try SandboxImage(direct: copy)
        }
    }

    private init() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        try KeptFiles.provide(["toy.wasm", "toy.so"], in: path) { try Self.build(in: path) }
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: "\(path)/toy.wasm")))
        module = try testEngine.compile(bytes, name: "toy")
        self.directory = directory
    }

    private static func build(in path: String) throws {
        let bindings = try Bindgen.generate(request())
        try Data(bindings.shim.utf8).write(to: URL(fileURLWithPath: "\(path)/shim.c"))
        try Data(bindings.directShim.utf8).write(to: URL(fileURLWithPath: "\(path)/direct.c"))
        let header = bulkhead_header(BULKHEAD_HEADER_DIRECT)
        try Data(bytes: header.bytes, count: header.size).write(to: URL(fileURLWithPath: "\(path)/bulkhead_direct.h"))

        let common = ["-O1", "-Wall", "-Wextra", "-Werror", "-Wno-nullability-completeness", "-I\(Self.fixtures)"]
        let exports = (bindings.exports + ["malloc"]).map { "-Wl,--export-if-defined=\($0)" }
        try compile(
            [
                "--target=wasm32", "-nostdlib", "-fno-builtin", "-Wl,--no-entry", "-Wl,--export-table",
                "-Wl,--growable-table",
            ] + exports
                + common + ["\(Self.fixtures)/toy.c", "\(path)/shim.c", "-o", "\(path)/toy.wasm"])
        try compile(
            ["-shared", "-fPIC", "-I\(path)"] + common
                + ["\(Self.fixtures)/toy.c", "\(path)/direct.c", "-o", "\(path)/toy.so"])
    }

    private static func compile(_ arguments: [String]) throws {
        let clang = try Compiler.find(named: "clang")
        let outcome = try Subprocess(clang.path, arguments, environment: ProcessEnvironment.current()).run()
        try #require(outcome.termination == .exited(0), "\(outcome.standardError.text)")
    }
}
