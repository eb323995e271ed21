import Glibc
import Testing

@testable import Toolchain

@Suite struct CompilerTests {
    /// What every gcc says, whatever its packager called it.
    private let gccVersion = "xgcc. Free Software Foundation, Inc.; see the source for copying conditions"

    /// A shell script that answers to `--version` as a compiler does, and notes in `log` that it was asked.
    private func fake(_ scratch: Scratch, _ name: String, says line: String = "clang version 99.0") throws -> String {
        try scratch.write(
            name, "#!/bin/sh\necho asked >> \(scratch("log"))\necho '\(line)'\n", mode: 0o755)
    }

    @Test(arguments: compilers)
    func identifiesRealCompilers(compiler: Compiler) throws {
        #expect(compiler.version.contains(compiler.family == .clang ? "clang version" : "gcc"))
        #expect(!compiler.version.contains("\n"))
    }

    @Test func looksInOrder() throws {
        let scratch = try Scratch()
        let environment = ["PATH": "\(scratch("first")):relative:\(scratch("second"))"]
        func find() throws -> String { try Compiler.find(environment: environment).path }

        let cc = try fake(scratch, "first/cc", says: gccVersion)
        #expect(try find() == cc)
        let gcc = try fake(scratch, "second/gcc", says: gccVersion)
        #expect(try find() == gcc)
        // swift is a link into its toolchain, where clang is.
        let beside = try fake(scratch, "toolchain/bin/clang")
        try scratch.write("toolchain/bin/swift", "", mode: 0o755)
        try #require(symlink(scratch("toolchain/bin/swift"), scratch("first/swift")) == 0)
        #expect(try find() == beside)
        let clang = try fake(scratch, "second/clang")
        #expect(try find() == clang)
        let named = try fake(scratch, "second/clang-77")
        #expect(try Compiler.find(environment: environment.merging(["BULKHEAD_CC": "clang-77"]) { $1 }).path == named)
        #expect(
            try Compiler.find(named: gcc, environment: environment.merging(["BULKHEAD_CC": "clang"]) { $1 }).path == gcc
        )
    }

    @Test func compilersForWebAssemblyHaveTheLinkerBesideThem() throws {
        let scratch = try Scratch()
        let environment = ["PATH": scratch("bin")]
        func find(_ name: String? = nil, _ more: [String: String] = [:]) throws -> String {
            try Compiler.findForWebAssembly(named: name, environment: environment.merging(more) { $1 }).path
        }
        let gcc = try fake(scratch, "bin/gcc", says: gccVersion)
        let plain = try fake(scratch, "bin/clang")
        let nothing = try #require(toolchainError { _ = try find() })
        guard case .webAssemblyCompilerNotFound(let searched) = nothing else {
            Issue.record("\(nothing)")
            return
        }
        #expect(searched.contains("clang on PATH: found \(plain): there is no wasm-ld beside it"))

        let beside = try fake(scratch, "toolchain/bin/clang")
        try scratch.write("toolchain/bin/swift", "", mode: 0o755)
        try scratch.write("toolchain/bin/wasm-ld", "", mode: 0o755)
        try #require(symlink(scratch("toolchain/bin/swift"), scratch("bin/swift")) == 0)
        #expect(try find() == beside)
        // Named for native code, which they are good enough for.
        #expect(try find(gcc) == beside)
        #expect(try find(nil, ["BULKHEAD_CC": "clang"]) == beside)
        #expect(toolchainError { _ = try find("/no/such/clang") } != nil)
        let named = try fake(scratch, "other/clang-19")
        try scratch.write("other/wasm-ld", "", mode: 0o755)
        #expect(try find(named) == named)
        #expect(try find(nil, ["BULKHEAD_CC": named]) == named)
    }

    @Test func passesOverCompilersThatDoNotRun() throws {
        let scratch = try Scratch()
        try scratch.write("bin/clang", "#!/bin/sh\nexit 1\n", mode: 0o755)
        let gcc = try fake(scratch, "bin/gcc", says: gccVersion)
        #expect(try Compiler.find(environment: ["PATH": scratch("bin")]).path == gcc)
    }

    @Test func saysWhatWasLookedForAndWhatToDo() throws {
        let scratch = try Scratch()
        let nothing = try #require(toolchainError { _ = try Compiler.find(environment: ["PATH": scratch.path]) })
        guard case .compilerNotFound(let searched) = nothing else {
            Issue.record("\(nothing)")
            return
        }
        #expect(searched.count == 5)
        for part in ["clang on PATH", "beside swift", "gcc", scratch.path, "apt-get install clang", "--cc"] {
            #expect(nothing.description.contains(part), "\(part)")
        }

        let named = try #require(
            toolchainError { _ = try Compiler.find(environment: ["PATH": scratch.path, "BULKHEAD_CC": "tcc"]) })
        guard case .namedCompilerNotFound(name: "tcc", origin: "BULKHEAD_CC", searched: [scratch("tcc")]) = named else {
            Issue.record("\(named)")
            return
        }
        #expect(toolchainError { _ = try Compiler.find(named: "/no/such/cc") } != nil)

        let other = try fake(scratch, "tcc", says: "tcc version 0.9")
        let unusable = try #require(toolchainError { _ = try Compiler.find(named: other) })
        #expect(unusable.description.contains("neither clang nor gcc"))
    }

    @Test func takesRelativePaths() throws {
        guard let clang = compilers.first else { return }
        // From the current directory up to the root and down again.
        let up = String(repeating: "../", count: 40)
        let found = try Compiler.find(named: up + clang.path.dropFirst())
        #expect(found.path == clang.path)
    }

    @Test func asksForTheVersionOnce() throws {
        let scratch = try Scratch()
        let cache = try ArtifactCache(directory: scratch("cache"))
        let path = try fake(scratch, "bin/clang")
        let environment = ["PATH": scratch("bin")]
        func asked() -> Int { (try? contents(scratch("log")))?.count(where: { $0 == UInt8(ascii: "\n") }) ?? 0 }

        let first = try Compiler.find(environment: environment, cache: cache)
        let second = try Compiler.find(environment: environment, cache: cache)
        #expect(first == second)
        #expect(first == Compiler(path: path, family: .clang, version: "clang version 99.0", usesLLD: false))
        #expect(asked() == 1)

        _ = try fake(scratch, "bin/clang", says: "clang version 100.0 with more to say")
        #expect(try Compiler.find(environment: environment, cache: cache).version.contains("100.0"))
        #expect(asked() == 2)

        // A cache that is no longer there does not matter.
        _ = try Subprocess("/bin/rm", ["-rf", cache.directory]).run()
        try scratch.write("cache", "in the way")
        #expect(try Compiler.find(environment: environment, cache: cache).version.contains("100.0"))
    }

    @Test func cachedIdentificationIsFast() throws {
        guard !compilers.isEmpty else { return skip("no compiler") }
        let scratch = try Scratch()
        let cache = try ArtifactCache(directory: scratch("cache"))
        _ = try Compiler.find(cache: cache)
        let fastest = try (0..<20).map { _ in try ContinuousClock().measure { _ = try Compiler.find(cache: cache) } }
            .min()
        #expect(try #require(fastest) < .milliseconds(5))
    }

    @Test func processorIsNamedByModelAndFeatures() {
        let text = """
            processor\t: 0
            model name\t: A
            cpu MHz\t\t: 2596.120
            flags\t\t: fpu avx2

            processor\t: 1
            model name\t: B
            """
        #expect(Processor.identify(fromText: text) == "model name\t: A\nflags\t\t: fpu avx2")
        #expect(toolchainError { _ = try Processor.identify(from: "/no/such/file") } == .processorUnidentified)
        #expect(toolchainError { _ = try Processor.identify(from: "/dev/null") } == .processorUnidentified)
    }

    @Test func environmentIsThisProcesses() {
        #expect(ProcessEnvironment.current()["PATH"] == getenv("PATH").map { String(cString: $0) })
    }
}
