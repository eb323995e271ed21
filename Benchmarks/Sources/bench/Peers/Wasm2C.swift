import Foundation
import Toolchain
import WasmModule

/// wasm2c, whose C the same clang compiles, with the flags that its documentation gives for speed.
struct Wasm2C: Peer {
    let name = "wasm2c"
    let tool: String
    let runtime: String
    let version: String

    static func find() throws -> Self? {
        let environment = ProcessEnvironment.current()
        guard let tool = environment["WASM2C"], let runtime = environment["WABT_WASM_RT"] else { return nil }
        let asked = try Subprocess(tool, ["--version"], environment: environment).run()
        let version = asked.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines)
        return Self(tool: tool, runtime: runtime, version: version)
    }

    func contenders(_ wasm: String, stem: String, _ build: Build) throws -> [Contender] {
        // Its vectors are those of the SIMDe library, which must be there.
        if !FileManager.default.fileExists(atPath: "/usr/include/simde/wasm/simd128.h"),
            try !Build.isValid(wasm, features: .all.subtracting(.simd))
        {
            return []
        }
        return try [true, false].map { segment in
            let name = segment ? "wasm2c segue" : "wasm2c"
            let library = try self.build(
                wasm, segment: segment, to: "\(stem)-wasm2c-\(segment ? "segue" : "flat").so", build)
            let start = try symbol("peer_init", in: library, as: (@convention(c) () -> Int32).self)
            let run = try symbol("peer_run", in: library, as: (@convention(c) (UInt32) -> UInt32).self)
            _ = start()
            return Contender(name, codeSize: try codeSize(of: library)) { run($0) }
        }
    }

    /// A shared library of what wasm2c makes of the module.
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
