import Foundation
import Toolchain

/// Wasmtime, by way of its Python package: a program that stays up compiles the module once and times calls of it.
struct Wasmtime: Peer {
    let name = "Wasmtime"
    let python: String
    let version: String

    static func find() throws -> Self? {
        let environment = ProcessEnvironment.current()
        guard let python = locate(environment["WASMTIME_PYTHON"] ?? "python3") else { return nil }
        let asked = try Subprocess(
            python, ["-c", "import wasmtime, importlib.metadata as m; print(m.version('wasmtime'))"],
            environment: environment
        ).run()
        guard asked.termination == .exited(0) else { return nil }
        return Self(
            python: python, version: asked.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The shared library that the package brings.
    func library() throws -> String {
        let script =
            "import glob, os, wasmtime; print(glob.glob(os.path.dirname(wasmtime.__file__) + '/*/_libwasmtime.so')[0])"
        let asked = try Subprocess(python, ["-c", script], environment: ProcessEnvironment.current()).run()
        return asked.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func contenders(_ wasm: String, stem: String, _ build: Build) throws -> [Contender] {
        let process = try KernelProcess(python, ["\(build.package)/Peers/wasmtime_kernel.py", wasm])
        return [Contender("wasmtime") { try process.run($0) }]
    }
}
