import Glibc
import Testing

@testable import BulkheadCommand
@testable import Toolchain

@Suite("bulkhead sandbox build", .needsCommand)
struct SandboxCommandTests {
    let scratch = try! Scratch()
    let bulkhead = Command()

    /// A library that needs no C library.
    private func write(_ manifest: String, _ source: String = "int twice(int x) { return 2 * x; }\n") throws {
        try scratch.write("sandbox.json", manifest)
        try scratch.write("two.c", source)
        try scratch.write("two.h", "int twice(int x);\n")
    }

    private static let manifest =
        #"{"library": "Two", "libc": false, "headers": ["two.h"], "sources": ["two.c"], "exports": ["twice"]}"#

    @Test("makes a library that runs, and its bindings; the second time nothing")
    func library() throws {
        try write(Self.manifest)
        let first = try bulkhead("sandbox", "build", "-v", in: scratch.path)
        #expect(first.exitCode == 0 && first.output == "", "\(first.error)")
        #expect(first.error.contains("/clang --target=wasm32 "))
        #expect(first.error.contains("bound: 1 function\n"), "\(first.error)")
        #expect(scratch.names() == ["Two.build", "Two.so", "Two.swift", "sandbox.json", "two.c", "two.h"])
        let ran = try bulkhead("run", "--invoke", "twice", scratch("Two.so"), "21")
        #expect(ran.output == "42\n", "\(ran.error)")
        let second = try bulkhead("sandbox", "build", "-v", in: scratch.path)
        #expect(second.error == "0 compiled, 1 sources\nmade ./Two.so\nmade ./Two.swift\n", "\(second.error)")
        let quiet = try bulkhead("sandbox", "build", scratch.path, "-o", scratch.path)
        #expect(quiet.exitCode == 0 && quiet.error == "", "\(quiet.error)")
    }

    @Test("what the compiler prints is shown as it is")
    func compilerError() throws {
        try write(Self.manifest, "int twice(int x) { return y; }\n")
        let outcome = try bulkhead("sandbox", "build", scratch.path, "-o", scratch.path)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.error == """
                \(scratch.path)/two.c:1:27: error: use of undeclared identifier 'y'
                    1 | int twice(int x) { return y; }
                      |                           ^
                1 error generated.
                error: a source could not be compiled

                """, "\(outcome.error)")
        try write(Self.manifest, "#warning careful\nint twice(int x) { return 2 * x; }\n")
        let warned = try bulkhead("sandbox", "build", scratch.path, "-o", scratch.path)
        #expect(warned.exitCode == 0 && warned.error.contains("two.c:1:2: warning: careful"), "\(warned.error)")
    }

    @Test("mistakes in the manifest and in headers")
    func manifest() throws {
        try write(#"{"library": "Two", "source": ["two.c"]}"#)
        let key = try bulkhead("sandbox", "build", scratch.path)
        #expect(key.exitCode == 1)
        #expect(
            key.error == "error: \(scratch.path)/sandbox.json: there is no key \"source\"; did you mean \"sources\"?\n")

        try write(Self.manifest)
        try scratch.write("two.h", "int twice(strange x);\n")
        let header = try bulkhead("sandbox", "build", scratch.path, "-o", scratch.path)
        #expect(header.exitCode == 1 && header.error.contains("unknown type name 'strange'"), "\(header.error)")

        let missing = try bulkhead("sandbox", "build", scratch("nowhere"))
        #expect(missing.exitCode == 1 && missing.error.contains("there is no manifest at \(scratch("nowhere"))"))
    }

    @Test(
        "mistakes in the command line",
        arguments: [
            (["--emit", "exe"], "library, object, assembly, c, wasm"), (["--jobs", "0"], "above 0"),
            (["--bundle", "--emit", "object"], "--bundle goes with a library"), (["-o", ""], "name of a directory"),
            (["--segue=some"], "there is no access"),
        ])
    func usage(arguments: [String], message: String) throws {
        let outcome = try bulkhead.run(["sandbox", "build"] + arguments, in: scratch.path)
        #expect(outcome.exitCode == 64 && outcome.error.contains(message), "\(outcome.error)")
    }

    @Test("init writes a manifest that builds, and overwrites none")
    func initialize() throws {
        try write("")
        Glibc.unlink(scratch("sandbox.json"))
        let wrote = try bulkhead("sandbox", "init", "--library", "Two", in: scratch.path)
        #expect(wrote.exitCode == 0 && wrote.output == "wrote ./sandbox.json\n", "\(wrote.error)")
        #expect(try scratch.text("sandbox.json").contains(#""headers": ["two.h"]"#))
        let again = try bulkhead("sandbox", "init", in: scratch.path)
        #expect(again.exitCode == 1 && again.error == "error: ./sandbox.json is there already\n")
    }

    @Test("the example for make is built and runs", arguments: compilers)
    func makeExample(_ compiler: Compiler) throws {
        let make = Subprocess(
            "/usr/bin/make",
            ["run", "CC=\(compiler.path)", "BULKHEAD=\(try #require(Command.path))", "BUILD=\(scratch.path)"],
            environment: bulkhead.environment, workingDirectory: "\(packageDirectory)/Examples/sandbox-cmake")
        guard FileSystem.isExecutable(make.program) else {
            print("skipped: there is no \(make.program)")
            return
        }
        let outcome = try make.run()
        #expect(outcome.termination == .exited(0), "\(outcome.standardError.text)")
        #expect(outcome.standardError.text == "")
        #expect(
            outcome.standardOutput.text.hasSuffix(
                """
                8 words, the longest is "bulkheads"
                a length that is a lie: out of bounds memory access

                """), "\(outcome.standardOutput.text)")
    }

    @Test("the example for CMake is built and runs")
    func cmakeExample() throws {
        guard let cmake = ["/usr/bin/cmake", "/usr/local/bin/cmake"].first(where: FileSystem.isExecutable) else {
            print("skipped: there is no cmake")
            return
        }
        let outcome = try bulkhead.shell(
            """
            \(cmake) -B \(scratch.path) -DBULKHEAD="$0" Examples/sandbox-cmake >/dev/null &&
                \(cmake) --build \(scratch.path) >/dev/null && \(scratch.path)/words "one or three"
            """)
        #expect(outcome.output.hasPrefix("3 words, the longest is \"three\"\n"), "\(outcome.error)")
    }
}
