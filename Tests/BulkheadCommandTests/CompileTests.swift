import Testing
import WasmText

@testable import Bulkhead
@testable import BulkheadCommand
@testable import CodeGeneration
@testable import Toolchain
@testable import WasmModule

@Suite("bulkhead compile", .needsCommand)
struct CompileTests {
    let scratch = try! Scratch()
    let bulkhead = Command()

    /// Compiles files with no more than the warnings that a careful program has, and no output but those.
    private func compile(_ compiler: Compiler, _ arguments: [String]) throws -> Subprocess.Outcome {
        try Subprocess(
            compiler.path,
            ["-Wall", "-Wextra", "-Werror", "-I\(packageDirectory)/Sources/CBulkhead/include"] + arguments,
            environment: Command().environment, workingDirectory: scratch.path
        ).run()
    }

    @Test("the C example is compiled by its one line and runs", arguments: compilers)
    func example(_ compiler: Compiler) throws {
        let directory = "\(packageDirectory)/Examples/c"
        let make = Subprocess(
            "/usr/bin/make",
            ["run", "CC=\(compiler.path)", "BULKHEAD=\(try #require(Command.path))", "BUILD=\(scratch.path)"],
            environment: bulkhead.environment, workingDirectory: directory)
        guard FileSystem.isExecutable(make.program) else {
            print("skipped: there is no \(make.program)")
            return
        }
        let outcome = try make.run()
        #expect(outcome.termination == .exited(0), "\(outcome.standardError.text)")
        #expect(outcome.standardError.text == "")
        // The wall rests on these.
        #expect(outcome.standardOutput.text.contains(compiler.family.requiredArguments.joined(separator: " ")))
        #expect(
            outcome.standardOutput.text.hasSuffix(
                """
                hello from the sandbox
                NOT SO LOUD (9 letters changed)
                mean 2, quotient -3, remainder -1
                divide: integer divide by zero
                shout: out of bounds memory access at offset 65536
                hello from the sandbox

                """), "\(outcome.standardOutput.text)")
    }

    @Test("C goes to files beside OUT, functions to as many as are asked for", arguments: compilers)
    func outputs(_ compiler: Compiler) throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead(
            "compile", file, "-o", scratch("my-lib.c"), "--outputs=3", "--segue=none", "--strict")
        #expect(outcome.exitCode == 0, "\(outcome.error)")
        #expect(
            scratch.names() == [
                "bulkhead_abi.h", "bulkhead_prelude.h", "bulkhead_vector.h", "functions.wat", "my-lib.c", "my-lib.h",
                "my_lib-private.h", "my_lib_1.c", "my_lib_2.c", "my_lib_3.c",
            ])
        for name in ["my-lib.c", "my_lib_1.c", "my_lib_2.c", "my_lib_3.c"] {
            let text = try scratch.text(name)
            #expect(text.contains("#define BULKHEAD_SEGMENT 0\n") && text.contains("#define BULKHEAD_STRICT 1\n"))
            let made = try compile(compiler, compiler.family.requiredArguments + ["-O1", "-c", name])
            #expect(made.termination == .exited(0), "\(made.standardError.text)")
            // How to compile it is said at the top.
            #expect(text.contains("\(compiler.family) \(compiler.family.requiredArguments.joined(separator: " "))\n"))
        }
    }

    @Test("an object defines the module by name, with its header beside")
    func object() throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead("compile", file, "-o", scratch("math.o"))
        #expect(outcome.exitCode == 0, "\(outcome.error)")
        #expect(scratch.names() == ["functions.wat", "math.h", "math.o"])
        let bytes = try contents(scratch("math.o"))
        // ELF, relocatable.
        #expect(bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) && bytes[16] == 1)
        #expect(bytes.firstRange(of: Array("math_artifact\0".utf8)) != nil)
    }

    @Test("a library has the guard that was asked for, and runs")
    func library() throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        let outcome = try bulkhead("compile", file, "--guard=64K", "--emit=library", "-o", scratch("small"))
        #expect(outcome.exitCode == 0, "\(outcome.error)")
        let ran = try bulkhead("run", "--invoke", "add", scratch("small"), "20", "22")
        #expect(ran.output == "42\n", "\(ran.error)")
        let module = try #require(try Engine().load(artifact: scratch("small")).first)
        #expect(module.artifact.pointer.pointee.guard == 65536)
    }

    @Test("a place that can't be written")
    func unwritable() throws {
        let file = try scratch.write("functions.wat", Programs.functions)
        for name in ["x.c", "x.o", "x.so"] {
            let outcome = try bulkhead("compile", file, "-o", scratch("nowhere/\(name)"))
            #expect(outcome.exitCode == 1)
            #expect(outcome.error.contains("nowhere/x"), "\(outcome.error)")
            #expect(outcome.error.contains("No such file or directory"), "\(outcome.error)")
        }
    }
}

@Suite("The typed header")
struct HeaderTests {
    let scratch = try! Scratch()

    @Test(
        "names that are no identifiers, keywords, or already taken",
        arguments: [
            ("lib", "lib"), ("my-lib", "my_lib"), ("int", "int_"), ("class", "class_"), ("linux", "linux_"),
            ("main", "main_"),
            ("7zip", "m7zip"), ("_x", "m_x"), ("größe", "gr__e"), ("", "m"),
        ])
    func identifiers(name: String, identifier: String) {
        // Each byte that C doesn't allow gives way to one character.
        #expect(publicIdentifier(name) == (name == "größe" ? "gr____e" : identifier))
    }

    /// Names that collide once they are identifiers, that are keywords or macros, that would end a comment or a string.
    private static let awkward = """
        (module $int
          (import "env" "errno" (func (param f32 f64 externref funcref) (result i64)))
          (import "env" "errno" (func))
          (import "e\\22\\0a*/" "\\5c" (global (mut i64)))
          (import "" "" (table 0 funcref))
          (memory (export "instance") 1)
          (table (export "table") 1 externref)
          (global (export "global") (mut f64) (f64.const 0))
          (func $f (param i32 i64 f32 f64 funcref externref) (result externref funcref f64 f32 i64 i32)
            (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
          (func (export "vector") (param i32 v128 i32) (result v128 i32)
            (v128.not (local.get 1)) (i32.add (local.get 0) (local.get 2)))
          (export "a.b" (func $f)) (export "a-b" (func $f)) (export "a_b_2" (func $f)) (export "a_b" (func $f))
          (export "instantiate" (func $f)) (export "module" (func $f)) (export "artifact" (func $f))
          (export "switch" (func $f)) (export "memory" (func $f)) (export "self" (func $f)) (export "trap" (func $f))
          (export "errno" (func $f)) (export "" (func $f)) (export "??/" (func $f)) (export "*/\\0a#error" (func $f))
          (export "delete" (func $f)) (export "量" (func $f)) (export "f0_errno" (func $f)))
        """

    @Test("compiles as C and as C++ whatever the names are", arguments: compilers)
    func awkwardNames(_ compiler: Compiler) throws {
        let bytes = try assemble(Array(Self.awkward.utf8))
        let code = try Engine().generateSources(bytes, name: "int", outputs: 2)
        for file in code.sources + code.headers { try scratch.write(file.name, file.content) }
        let program = """
            #include <errno.h>
            #include "int.h"
            int use(bulkhead_store *store, const bulkhead_external *imports, int_ *self, bulkhead_trap *trap, bulkhead_error *error) {
                uint32_t i; uint64_t l; float f; double d; const bulkhead_function *function; void *handle;
                bulkhead_v128 v = {{0}};
                (void)INT__IMPORT_ENV_ERRNO; (void)INT__IMPORT_ENV_ERRNO_2; (void)INT__SIGNATURE_ENV_ERRNO_2;
                if (!int__instantiate(store, imports, self, trap, error)) return 0;
                (void)self->table_table; (void)self->global_global; (void)self->memory;
                return int__a_b(self, 1, 2, 3, 4, 0, 0, &handle, &function, &d, &f, &l, &i, trap)
                    + int__a_b_2(self, 1, 2, 3, 4, 0, 0, &handle, &function, &d, &f, &l, &i, trap)
                    + int__instantiate_2(self, 1, 2, 3, 4, 0, 0, &handle, &function, &d, &f, &l, &i, trap)
                    + int__vector(self, 1, v, 2, &v, &i, trap)
                    + int__switch(self, 1, 2, 3, 4, 0, 0, &handle, &function, &d, &f, &l, &i, trap);
            }
            """
        try scratch.write("use.c", program)
        try scratch.write("use.cpp", program)
        for arguments in [
            ["-std=c11", "use.c"], ["-std=c17", "-pedantic", "use.c"], ["-x", "c++", "-std=c++17", "use.cpp"],
        ] {
            let outcome = try compile(compiler, arguments)
            if outcome.standardError.text.contains("cc1plus") {
                print("skipped for \(compiler.path): it has no C++")
                continue
            }
            #expect(outcome.termination == .exited(0), "\(arguments): \(outcome.standardError.text)")
        }
        for file in code.sources {
            let outcome = try compile(compiler, compiler.family.requiredArguments + [file.name])
            #expect(outcome.termination == .exited(0), "\(outcome.standardError.text)")
        }
    }

    private func compile(_ compiler: Compiler, _ arguments: [String]) throws -> Subprocess.Outcome {
        let includes = ["CBulkhead", "CPrelude"].map { "-I\(packageDirectory)/Sources/\($0)/include" }
        return try Subprocess(
            compiler.path, ["-Wall", "-Wextra", "-Werror", "-c", "-o", "out.o"] + includes + arguments,
            environment: Command().environment, workingDirectory: scratch.path
        ).run()
    }

    @Test("says what the module says")
    func documentation() throws {
        let bytes = try assemble(
            Array("(module (func (export \"f\") (param $width f32) (param i64) (result i32) (i32.const 1)))".utf8))
        let header = try Engine().generateHeader(bytes, name: "lib")
        #expect(header.name == "lib.h")
        let text = String(decoding: header.content, as: UTF8.self)
        #expect(
            text.contains(
                """
                /// "f": [f32 i64] -> [i32]
                /// p0 is "width"
                static inline bulkhead_trap_kind lib_f(const lib *self, float p0, uint64_t p1, uint32_t *result, bulkhead_trap *trap) {
                """), "\(text)")
    }
}
