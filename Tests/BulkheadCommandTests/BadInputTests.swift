import Glibc
import Testing

@testable import BulkheadCommand
@testable import Toolchain

/// What is wrong, and what to do: every way in which a run can fail before the program starts.
@Suite("Bad input", .needsCommand)
struct BadInputTests {
    let scratch = try! Scratch()
    let bulkhead = Command()

    private func functions() throws -> String { try scratch.write("functions.wat", Programs.functions) }

    // MARK: - The command line

    @Test(
        "mistakes in the command line end with 64 and say what was meant",
        arguments: [
            (["run"], "Missing expected argument '<file>'"),
            (["run", "--segue=i32.lode", "x.wasm"], "there is no access \"i32.lode\""),
            (["run", "--segue", "", "x.wasm"], "there is no access \"\""),
            (["run", "-O9", "x.wasm"], "the levels are 0, 1, 2, 3 and s"),
            (["run", "-Ofast", "x.wasm"], "the levels are 0, 1, 2, 3 and s"),
            (["run", "--cpu", "", "x.wasm"], "--cpu needs the name of a processor"),
            (["run", "--dri", ".", "x.wasm"], "Unknown option '--dri'. Did you mean '--dir'?"),
            (["run", "--dir", "/nonexistent", "x.wasm"], "/nonexistent: No such file or directory"),
            (["run", "--dir", "/dev/null::/x", "x.wasm"], "/dev/null is not a directory"),
            (["run", "--dir", "/tmp::", "x.wasm"], "it needs a directory"),
            (["run", "--env", "=x", "x.wasm"], "a variable needs a name"),
            (["run", "--unknown-imports=ignore", "x.wasm"], "'ignore' is invalid for '--unknown-imports"),
            (["compile", "x.wasm"], "Missing expected argument '--output <out>'"),
            (["compile", "x.wasm", "-o", "x.c", "--outputs=0"], "from 1 to 1000"),
            (["compile", "x.wasm", "-o", "x.c", "--guard=3G"], "--guard is at most"),
            (["compile", "x.wasm", "-o", "x.c", "--guard=much"], "it is a number of bytes"),
            (["compile", "x.wasm", "-o", "bulkhead.c"], "bulkhead is a name of the runtime's"),
            (["compile", "x.wasm", "-o", "out/"], "--output needs the name of a file"),
            (["nonsense"], "nonsense"),
        ])
    func commandLine(arguments: [String], message: String) throws {
        let outcome = try bulkhead.run(arguments)
        #expect(outcome.exitCode == 64)
        #expect(outcome.output == "")
        #expect(outcome.error.hasPrefix("error: "))
        #expect(outcome.error.contains(message), "\(outcome.error)")
    }

    // MARK: - Modules

    @Test("a file that isn't there or isn't a module", arguments: ["run", "validate", "inspect"])
    func files(subcommand: String) throws {
        let missing = try bulkhead(subcommand, "/nonexistent.wasm")
        #expect(missing.exitCode == 1)
        #expect(missing.error == "error: cannot read /nonexistent.wasm: No such file or directory\n")
        let directory = try bulkhead(subcommand, "/tmp")
        #expect(directory.exitCode == 1)
        #expect(directory.error == "error: /tmp is a directory, not a module\n")
        let endless = try bulkhead(subcommand, "/dev/zero")
        #expect(endless.exitCode == 1)
        #expect(endless.error == "error: /dev/zero is larger than 1 GiB\n")
    }

    @Test("text that isn't a module has a line and a column", arguments: ["run", "validate"])
    func text(subcommand: String) throws {
        let file = try scratch.write("bad.wat", "(module\n  (func (export \"f\")\n    (i32.frob)))\n")
        let outcome = try bulkhead(subcommand, file)
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.hasPrefix("error: \(file):3:6: malformed text: unknown operator"), "\(outcome.error)")
        let other = try scratch.write("notes.txt", "hello")
        #expect(try bulkhead(subcommand, other).error.hasPrefix("error: \(other):1:1: malformed text: "))
        let empty = try scratch.write("empty.wat", [])
        #expect(try bulkhead(subcommand, empty).exitCode == (subcommand == "validate" ? 0 : 1))
        let renamed = try scratch.write("renamed.wasm", " ;; text\n(module (func $start) (start $start))")
        #expect(try bulkhead(subcommand, renamed).exitCode == 0)
    }

    @Test(
        "malformed and invalid modules have an offset",
        arguments: [
            ([], "malformed module: unexpected end"),
            ([0, 0x61, 0x73], "malformed module: unexpected end"),
            (Array("<!DOCTYPE html>".utf8), "malformed module: magic header not detected"),
            ([0, 0x61, 0x73, 0x6D, 2, 0, 0, 0], "malformed module: unknown binary version"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "malformed module: "),
            // A function that returns an i32 and holds nothing.
            (
                [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7F, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0B],
                "invalid module: type mismatch"
            ),
        ] as [([UInt8], String)])
    func modules(bytes: [UInt8], message: String) throws {
        let file = try scratch.write("bad.wasm", bytes)
        for subcommand in ["run", "validate"] {
            let outcome = try bulkhead(subcommand, file)
            #expect(outcome.exitCode == 1)
            #expect(outcome.error.hasPrefix("error: \(file): \(message)"), "\(outcome.error)")
            #expect(outcome.error.contains("(at byte 0x"))
        }
    }

    // MARK: - Imports

    @Test("all missing imports are listed at once, with what to do")
    func missingImports() throws {
        let file = try scratch.write("unknown.wat", Programs.unknownImports)
        let outcome = try bulkhead("run", "--invoke", "call", file)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.error.hasPrefix(
                """
                error: the module imports what nothing provides:
                  "env" "one": func [i32] -> [i64]
                  "env" "two": func [] -> []
                  "env" "memory": memory 1 4
                  "env" "table": table 2 funcref
                  "env" "global": global f32
                --unknown-imports=trap
                """), "\(outcome.error)")
    }

    @Test("missing imports can be zeros")
    func defaultImports() throws {
        let file = try scratch.write("unknown.wat", Programs.unknownImports)
        let outcome = try bulkhead("run", "--unknown-imports=default", "--invoke", "call", file)
        #expect(outcome.output == "0\n0\n1\n", "\(outcome.error)")
        #expect(outcome.exitCode == 0)
    }

    @Test("missing functions can be traps that say which one it was")
    func trappingImports() throws {
        let file = try scratch.write(
            "trap.wat",
            """
            (module
              (import "env" "missing" (func $missing))
              (func $start (export "_start") (call $missing)) (func (export "other") (result i32) (i32.const 5)))
            """)
        let trapped = try bulkhead("run", "--unknown-imports=trap", file)
        #expect(trapped.exitCode == 134)
        #expect(
            trapped.error
                == "error: wasm trap: the program called \"env\" \"missing\", which it imports and nothing provides\n    0: start\n"
        )
        #expect(try bulkhead("run", "--unknown-imports=trap", "--invoke", "other", file).output == "5\n")
        // Traps can't stand for a memory.
        let unknown = try scratch.write("unknown.wat", Programs.unknownImports)
        let refused = try bulkhead("run", "--unknown-imports=trap", "--invoke", "call", unknown)
        #expect(refused.exitCode == 1)
        #expect(refused.error.contains("\"env\" \"memory\": memory 1 4") && !refused.error.contains("\"one\""))
    }

    @Test("an import of another type than what there is")
    func incompatibleImport() throws {
        let file = try scratch.write(
            "wrong.wat",
            """
            (module (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32))) (func (export "_start")))
            """)
        for policy in ["error", "trap", "default"] {
            let outcome = try bulkhead("run", "--unknown-imports=\(policy)", file)
            #expect(outcome.exitCode == 1)
            #expect(
                outcome.error.contains(
                    "imports \"wasi_snapshot_preview1\" \"fd_close\": func [i64] -> [i32], but that is a func [i32] -> [i32]"
                ), "\(outcome.error)")
        }
    }

    // MARK: - The compiler

    @Test("a compiler that isn't there")
    func missingCompiler() throws {
        let file = try functions()
        let named = try bulkhead("run", "--no-cache", "--cc", "/nonexistent/cc", "--invoke", "add", file, "1", "2")
        #expect(named.exitCode == 1)
        #expect(named.error.hasPrefix("error: there is no C compiler \"/nonexistent/cc\" (named by --cc)"))
        let none = try Command(["PATH": "/nonexistent"])("run", "--no-cache", "--invoke", "add", file, "1", "2")
        #expect(none.exitCode == 1)
        #expect(none.error.hasPrefix("error: no C compiler was found"))
        #expect(none.error.contains("Install the Swift toolchain"))
        let other = try bulkhead("run", "--no-cache", "--cc", "/bin/true", "--invoke", "add", file, "1", "2")
        #expect(other.exitCode == 1)
        #expect(other.error.contains("/bin/true cannot be used as the C compiler"))
    }

    @Test("what the compiler says is shown when it fails")
    func failingCompiler() throws {
        let outcome = try bulkhead("run", "--no-cache", "--cpu=nonsense", "--invoke", "add", functions(), "1", "2")
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.hasPrefix("error: the C compiler exited with status 1"))
        #expect(outcome.error.contains("nonsense"))
    }

    // MARK: - The cache

    @Test("a cache that can't be written")
    func unwritableCache() throws {
        let file = try functions()
        let bulkhead = Command(["BULKHEAD_CACHE": "/proc/bulkhead"])
        let outcome = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.hasPrefix("error: the artifact cache cannot be used: "))
        #expect(outcome.error.contains("Pass --no-cache"))
        #expect(try bulkhead("run", "--no-cache", "--invoke", "add", file, "1", "2").output == "3\n")
    }

    @Test("a cache that others can write is refused, and so is an entry")
    func foreignCache() throws {
        let file = try functions()
        let bulkhead = Command(["BULKHEAD_CACHE": scratch("cache")])
        #expect(try bulkhead("run", "--invoke", "add", file, "1", "2").output == "3\n")
        let entry = scratch("cache/\(try #require(scratch.names("cache").first { $0.hasSuffix(".so") }))")

        try #require(chmod(entry, 0o666) == 0)
        let writable = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(writable.exitCode == 1)
        #expect(writable.error.contains("\(entry) is not safe to use as the artifact cache: other users can write it"))
        try #require(chmod(entry, 0o600) == 0)

        try #require(chmod(scratch("cache"), 0o777) == 0)
        let shared = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(shared.exitCode == 1)
        #expect(shared.error.contains("is not safe to use as the artifact cache"))
        try #require(chmod(scratch("cache"), 0o700) == 0)

        guard chown(entry, 65534, 65534) == 0 else {
            print("skipped: only root can give an entry to another user")
            return
        }
        let foreign = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(foreign.exitCode == 1)
        #expect(foreign.error.contains("it belongs to user 65534"))
    }

    @Test("a damaged entry is made anew", arguments: [0, 1000, -1])
    func corruptCache(position: Int) throws {
        let file = try functions()
        let bulkhead = Command(["BULKHEAD_CACHE": scratch("cache")])
        #expect(try bulkhead("run", "--invoke", "add", file, "1", "2").output == "3\n")
        let name = try #require(scratch.names("cache").first { $0.hasSuffix(".so") })
        let whole = try contents(scratch("cache/\(name)"))
        var damaged = whole
        damaged[position < 0 ? damaged.count - 1 : position] ^= 0x40
        try scratch.write("cache/\(name)", damaged)
        try #require(chmod(scratch("cache/\(name)"), 0o600) == 0)
        #expect(try bulkhead("run", "--invoke", "add", file, "1", "2").output == "3\n")
        #expect(try contents(scratch("cache/\(name)")) == whole)
    }

    // MARK: - Artifacts

    /// A compiled artifact with some of its bytes replaced.
    private func artifact(_ name: String = "changed.so", change: (inout [UInt8]) throws -> Void) throws -> String {
        let file = try functions()
        let made = try bulkhead("compile", file, "-o", scratch("artifact.so"))
        #expect(made.exitCode == 0, "\(made.error)")
        var bytes = try contents(scratch("artifact.so"))
        try change(&bytes)
        return try scratch.write(name, bytes)
    }

    /// Where the artifact's descriptor lies: magic, version, mode, processor features, each of four bytes.
    private func descriptor(in bytes: [UInt8]) throws -> Int {
        let magic = Array("BKHD".utf8)
        return try #require(bytes.indices.first { bytes[$0...].starts(with: magic + [2, 0, 0, 0]) })
    }

    @Test("an artifact runs as the module does")
    func wholeArtifact() throws {
        let file = try artifact { _ in }
        #expect(try bulkhead("run", "--invoke", "add", file, "1", "2").output == "3\n")
        // Without a slash it is still the file in this directory.
        #expect(try bulkhead("run", "--invoke", "add", "changed.so", "1", "2", in: scratch.path).output == "3\n")
        // What can't be heeded any more isn't taken in silence.
        let late = try bulkhead(
            "run", "--strict", "-O0", "--segue=none", "--no-cache", "--invoke", "add", file, "1", "2")
        #expect(late.exitCode == 1)
        #expect(late.error == "error: \(file) is compiled already: give --segue, -O, --strict to `bulkhead compile`\n")
    }

    @Test("an artifact of another machine")
    func otherMachine() throws {
        let file = try artifact { $0[18] = 0xF3 }
        let outcome = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.contains("\(file) was compiled for another machine (ELF machine 243)"))
        #expect(outcome.error.contains("Compile the module again here."))
    }

    @Test("an artifact of another version")
    func otherVersion() throws {
        let file = try artifact { bytes in bytes[try descriptor(in: bytes) + 4] = 99 }
        let outcome = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.contains("\(file): the artifact is of ABI version 99"))
        #expect(outcome.error.contains("compile the module again"))
    }

    @Test("an artifact of another mode")
    func otherMode() throws {
        let file = try artifact { bytes in bytes[try descriptor(in: bytes) + 8] = 7 }
        let outcome = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.contains("the artifact is of unknown mode 7"))
    }

    @Test("an artifact for a processor that this one isn't")
    func otherProcessor() throws {
        // A feature that no processor has yet.
        let file = try artifact { bytes in bytes[try descriptor(in: bytes) + 15] |= 0x80 }
        let outcome = try bulkhead("run", "--invoke", "add", file, "1", "2")
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.contains("the artifact was compiled for a processor with 0x80000000"))
        #expect(outcome.error.contains("compile the module again"))
    }

    @Test("a library that is no artifact, and half of one that is")
    func noArtifact() throws {
        let source = try scratch.write("library.c", "int one(void) { return 1; }")
        let library = scratch("library.so")
        let compiler = try #require(compilers.first)
        let made = try Subprocess(
            compiler.path, ["-shared", "-fPIC", "-o", library, source], environment: bulkhead.environment
        ).run()
        try #require(made.termination == .exited(0), "\(made.standardError.text)")
        let outcome = try bulkhead("run", library)
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.contains("\(library) is a shared library but not a Bulkhead artifact"))

        let object = scratch("functions.o")
        #expect(try bulkhead("compile", functions(), "-o", object).exitCode == 0)
        let unlinked = try bulkhead("run", object)
        #expect(unlinked.exitCode == 1)
        #expect(unlinked.error.contains("\(object) is an object, to be linked"))

        let half = try artifact("half.so") { $0.removeLast($0.count / 2) }
        let truncated = try bulkhead("run", half)
        #expect(truncated.exitCode == 1)
        #expect(truncated.error == "error: \(half) ends early. Copy it again, or compile the module again.\n")
    }

    @Test("only modules can be validated, inspected and compiled", arguments: ["validate", "inspect", "compile"])
    func artifactAsModule(subcommand: String) throws {
        let file = try artifact { _ in }
        let outcome = try bulkhead.run([subcommand, file] + (subcommand == "compile" ? ["-o", scratch("x.so")] : []))
        #expect(outcome.exitCode == 1)
        #expect(outcome.error.contains("\(file) is compiled already"))
    }
}
