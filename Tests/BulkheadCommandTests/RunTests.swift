import Testing
import Toolchain

@testable import BulkheadCommand

@Suite("bulkhead run", .needsCommand)
struct RunTests {
    let scratch = try! Scratch()
    let bulkhead = Command()

    // MARK: - WASI programs

    @Test(
        "arguments after the file go to the program as they are",
        arguments: [
            (["a", "b c", ""], ["a", "b c", ""]),
            (["--dir", "x", "-O9", "--help"], ["--dir", "x", "-O9", "--help"]),
            (["--", "--version"], ["--version"]),
            (["--", "--", "x"], ["--", "x"]),
            (["a", "--", "b"], ["a", "--", "b"]),
            (["-h"], ["-h"]),
            (["--unknown=1"], ["--unknown=1"]),
            ([], []),
        ])
    func programArguments(given: [String], received: [String]) throws {
        let file = try scratch.write("program.wat", Programs.arguments)
        let outcome = try bulkhead.run(["run", file] + given)
        #expect(outcome.output == (["program.wat"] + received).map { "\($0)\0" }.joined())
        #expect(outcome.error == "")
        #expect(outcome.exitCode == 42)
    }

    @Test("a -- may stand before the file")
    func terminator() throws {
        try scratch.write("-odd.wat", Programs.arguments)
        let outcome = try bulkhead("run", "-O1", "--", "-odd.wat", "-x", in: scratch.path)
        #expect(outcome.output == "-odd.wat\0-x\0")
        #expect(outcome.exitCode == 42)
    }

    @Test("the program sees the variables it is given, and no others")
    func environment() throws {
        let file = try scratch.write("environment.wat", Programs.environment)
        let bulkhead = Command(["SECRET": "s", "SHARED": "yes"])
        let outcome = try bulkhead(
            "run", "--env", "B=2=3", "--env=A=", "--env", "SHARED", "--env", "ABSENT", "--env", "B=4", file)
        #expect(outcome.output == "A=\0B=4\0SHARED=yes\0")
        #expect(outcome.exitCode == 0)
    }

    @Test("a granted directory has the name it is given, or its own")
    func directory() throws {
        let program = "\(packageDirectory)/Examples/fractal/fractal.wat"
        let named = try bulkhead("run", "--dir", "Examples/fractal::/scenes", program, "fern", "8", "ascii")
        #expect(named.output.hasPrefix("Scenes in /scenes: dragon, elephants, fern, seahorse\n"), "\(named.error)")
        let plain = try bulkhead("run", "--dir=Examples/fractal", program, "fern", "8", "ascii")
        #expect(plain.output.hasPrefix("Scenes in Examples/fractal: "), "\(plain.error)")
    }

    @Test("a reactor is initialized before the function that is named is called")
    func reactor() throws {
        let file = try scratch.write(
            "reactor.wat",
            """
            (module
              (global $state (mut i32) (i32.const 0))
              (func (export "_initialize") (global.set $state (i32.const 7)))
              (func (export "state") (result i32) (global.get $state)))
            """)
        #expect(try bulkhead("run", "--invoke", "state", file).output == "7\n")
        #expect(try bulkhead("run", file).exitCode == 0)
    }

    @Test("a module of which all is done by its start function runs")
    func startFunction() throws {
        let file = try scratch.write("start.wat", "(module (func $main (unreachable)) (start $main))")
        let outcome = try bulkhead("run", file)
        #expect(outcome.exitCode == 134)
        #expect(outcome.error.contains("wasm trap: unreachable"))
    }

    // MARK: - Functions

    @Test(
        "a named function gets typed arguments and its results are printed",
        arguments: [
            (["add", "2", "-5"], "-3\n"),
            (["add", "0x7fffffff", "1"], "-2147483648\n"),
            (["add", "4294967295", "2"], "1\n"),
            (["swap", "1.5", "-2e-7", "0x8000000000000000"], "-9223372036854775808\n-0.0000002\n1.5\n"),
            (["swap", "inf", "nan", "18446744073709551615"], "-1\nNaN\ninf\n"),
            (["references", "null", "null"], "<null funcref>\n<null externref>\n"),
            (["divide", "-9", "2"], "-2\n"),
            (["not", "0xF000000000000000000000000000000e"], "0x0ffffffffffffffffffffffffffffff1\n"),
            (["not", "-1"], "0x00000000000000000000000000000000\n"),
            (["nothing"], ""),
        ])
    func invoke(call: [String], printed: String) throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead.run(["run", "--invoke", call[0], file] + call.dropFirst())
        #expect(outcome.output == printed)
        #expect(outcome.error == "")
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "arguments that don't fit are a mistake in the command line",
        arguments: [
            (["add", "1"], "it takes 2 arguments, and was given 1"),
            (["add", "1", "2", "3"], "was given 3"),
            (["add", "1", "4294967296"], "is not an i32"),
            (["add", "1", "-2147483649"], "is not an i32"),
            (["add", "1", "x\u{1B}[2J"], "\"x\\u{1b}[2J\", is not an i32"),
            (["swap", "1", "2,5", "3"], "is not an f64"),
            (["not", "0x100000000000000000000000000000000"], "is not a v128: a number of 128 bits"),
        ])
    func wrongArguments(call: [String], message: String) throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead.run(["run", "--invoke", call[0], file] + call.dropFirst())
        #expect(outcome.exitCode == 64)
        #expect(outcome.error.contains(message))
        #expect(outcome.error.hasPrefix("error: "))
    }

    @Test("a module without a function to start says what there is to call")
    func nothingToStart() throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let list = "add, swap, divide, forever, references, not, nothing"
        let started = try bulkhead("run", file)
        #expect(started.exitCode == 1)
        #expect(started.error.hasPrefix("error: ") && started.error.contains("--invoke: \(list)"))
        let named = try bulkhead("run", "--invoke", "ad", file)
        #expect(named.exitCode == 1)
        #expect(named.error.contains("no function \"ad\"; it has: \(list)"))
    }

    // MARK: - Traps

    @Test("a trap ends with 134 and names the functions on the stack", arguments: ["all", "none"])
    func trap(segue: String) throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        // Without optimization nothing is merged.
        let outcome = try bulkhead("run", "-O0", "--segue=\(segue)", "--invoke", "divide", file, "1", "0")
        #expect(outcome.exitCode == 134)
        #expect(outcome.output == "")
        #expect(outcome.error == "error: wasm trap: integer divide by zero\n    0: inner\n    1: outer\n")
    }

    @Test("endless recursion ends, and its trace is short")
    func exhaustion() throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead("run", "-O0", "--invoke", "forever", file)
        #expect(outcome.exitCode == 134)
        #expect(
            outcome.error
                == "error: wasm trap: call stack exhausted\n    0: forever (64 times)\n    ... (the innermost 64 are kept)\n"
        )
    }

    @Test("an access past the end of memory says where")
    func outOfBounds() throws {
        let file = try scratch.write(
            "load.wat", "(module (memory 1) (func (export \"load\") (param i32) (result i32) (i32.load (local.get 0))))"
        )
        let outcome = try bulkhead("run", "--invoke", "load", file, "0x20000")
        #expect(outcome.exitCode == 134)
        #expect(outcome.error.hasPrefix("error: wasm trap: out of bounds memory access at offset 0x20000\n"))
    }

    // MARK: - Compiling

    @Test(
        "options are spelt as clang's are",
        arguments: [
            ["-O2"], ["-O", "2"], ["-O0"], ["-Os"], ["-O=3"], ["--cpu", "x86-64-v2"], ["--strict"], ["--plain-loops"],
            ["--cpu=native", "-O3"],
            ["--segue", "none"], ["--segue=all"], ["--segue=floats"], ["--segue=i32.load,v128.store"],
        ])
    func options(_ options: [String]) throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead.run(["run"] + options + ["--invoke", "add", file, "1", "2"])
        #expect(outcome.output == "3\n", "\(outcome.error)")
    }

    @Test("every compiler will do", arguments: compilers)
    func compiler(_ compiler: Compiler) throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead("run", "--cc", compiler.path, "--invoke", "add", file, "1", "2")
        #expect(outcome.output == "3\n", "\(outcome.error)")
    }

    @Test("the second start compiles nothing, and --no-cache leaves nothing")
    func cache() throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let bulkhead = Command(["BULKHEAD_CACHE": scratch("cache")])
        #expect(try bulkhead("run", "--no-cache", "--invoke", "add", file, "1", "2").output == "3\n")
        #expect(scratch.names("cache") == [])
        #expect(try bulkhead("run", "--invoke", "add", file, "1", "2").output == "3\n")
        let made = scratch.names("cache")
        #expect(made.count { $0.hasSuffix(".so") } == 1)
        #expect(try bulkhead("run", "--invoke", "add", file, "3", "2").output == "5\n")
        #expect(scratch.names("cache") == made)
        #expect(try bulkhead("run", "-O0", "--invoke", "add", file, "3", "2").output == "5\n")
        #expect(scratch.names("cache").count { $0.hasSuffix(".so") } == 2)
    }
}
