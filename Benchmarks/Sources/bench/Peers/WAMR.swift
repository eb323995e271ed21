import Foundation
import Toolchain
import WasmModule

/// WebAssembly Micro Runtime with code that wamrc compiled, plain and with its own use of the segment register.
struct WAMR: Peer {
    let name = "WAMR"
    let compiler: String
    let library: String
    let include: String
    let version: String

    static func find() throws -> Self? {
        let environment = ProcessEnvironment.current()
        guard let compiler = environment["WAMRC"], let library = environment["IWASM_DIR"],
            let include = environment["WAMR_INCLUDE"]
        else { return nil }
        let asked = try Subprocess(compiler, ["--version"], environment: environment).run()
        let version = asked.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines)
        return Self(compiler: compiler, library: library, include: include, version: version)
    }

    func contenders(_ wasm: String, stem: String, _ build: Build) throws -> [Contender] {
        // Its vectors need SSE 4.1.
        if build.options.cpu == nil, try !Build.isValid(wasm, features: .all.subtracting(.simd)) { return [] }
        let runner = build.path("wamr-runner")
        if !FileManager.default.isExecutableFile(atPath: runner) {
            try Build.run(
                build.compiler.path,
                ["-O2", "-I", include, "\(build.package)/Peers/wamr.c", "-L", library, "-liwasm", "-lm", "-o", runner])
        }
        var environment = ProcessEnvironment.current()
        environment["LD_LIBRARY_PATH"] = library
        return try [("wamr", []), ("wamr segue", ["--enable-segue"])].map { name, options in
            let output = build.path("\(stem)-\(name.replacing(" ", with: "-")).aot")
            // It compiles for the processor at hand unless it is told another.
            let cpu =
                ["--target=x86_64", "--cpu=\(build.options.cpu ?? "x86-64")"]
                + (build.options.cpu == nil ? ["--disable-simd"] : [])
            try Build.run(compiler, ["--opt-level=3"] + options + cpu + ["-o", output, wasm])
            let process = try KernelProcess(runner, [output], environment: environment)
            return Contender(name) { try process.run($0) }
        }
    }
}
