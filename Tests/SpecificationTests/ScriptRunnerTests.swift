import Bulkhead
import ScriptRunner
import Testing

/// What the scripts' verdicts are worth: an expectation that is wrong must fail.
@Suite struct ScriptRunnerTests {
    private static let module = """
        (module
          (import "spectest" "print_i32" (func (param i32)))
          (memory 1)
          (table 1 funcref)
          (global (export "global") i32 (i32.const 1))
          (func (export "one") (result i32) (i32.const 1))
          (func (export "nan") (param i32) (result f32) (f32.reinterpret_i32 (local.get 0)))
          (func (export "extern") (param externref) (result externref) (local.get 0))
          (func (export "null") (result funcref) (ref.null func))
          (func (export "unreachable") (unreachable))
          (func (export "load") (drop (i32.load (i32.const -1))))
          (func $recurse (export "recurse") (call $recurse)))

        """

    @Test(arguments: [
        #"(assert_return (invoke "one") (i32.const 1))"#,
        #"(assert_return (get "global") (i32.const 1))"#,
        #"(assert_return (invoke "nan" (i32.const 0xffc00000)) (f32.const nan:canonical))"#,
        #"(assert_return (invoke "nan" (i32.const 0x7fc00001)) (f32.const nan:arithmetic))"#,
        #"(assert_return (invoke "nan" (i32.const 0x7fa00000)) (f32.const nan:0x200000))"#,
        #"(assert_return (invoke "extern" (ref.extern 1)) (ref.extern 1))"#,
        #"(assert_return (invoke "extern" (ref.extern 1)) (ref.extern))"#,
        #"(assert_return (invoke "null") (ref.null func))"#,
        #"(assert_trap (invoke "unreachable") "unreachable")"#,
        #"(assert_trap (invoke "load") "out of bounds memory access")"#,
        #"(assert_exhaustion (invoke "recurse") "call stack exhausted")"#,
        #"(assert_invalid (module (func (drop))) "type mismatch")"#,
        #"(assert_malformed (module quote "(func") "unexpected token")"#,
        #"(assert_malformed (module binary "\00asm\02\00\00\00") "unknown binary version")"#,
        #"(assert_unlinkable (module (import "no" "thing" (func))) "unknown import")"#,
        #"(assert_trap (module (memory 0) (data (i32.const 0) "a")) "out of bounds memory access")"#,
        #"(invoke "one")"#,
        #"(register "name")"#,
    ])
    func holds(command: String) throws {
        let report = try run(command)
        #expect(report.passed == 2 && report.isComplete, "\(report.failures)")
    }

    @Test(arguments: [
        // Results.
        #"(assert_return (invoke "one") (i32.const 2))"#,
        #"(assert_return (invoke "one") (i64.const 1))"#,
        #"(assert_return (invoke "one"))"#,
        #"(assert_return (invoke "one") (i32.const 1) (i32.const 1))"#,
        #"(assert_return (get "global") (i32.const 2))"#,
        #"(assert_return (invoke "nan" (i32.const 0x7fc00001)) (f32.const nan:canonical))"#,
        #"(assert_return (invoke "nan" (i32.const 0x7fa00000)) (f32.const nan:arithmetic))"#,
        #"(assert_return (invoke "nan" (i32.const 0x7f800000)) (f32.const nan:arithmetic))"#,
        #"(assert_return (invoke "nan" (i32.const 0x7fa00001)) (f32.const nan:0x200000))"#,
        #"(assert_return (invoke "nan" (i32.const 0xffc00000)) (f32.const nan))"#,
        #"(assert_return (invoke "nan" (i32.const 0x80000000)) (f32.const 0))"#,
        #"(assert_return (invoke "extern" (ref.extern 1)) (ref.extern 2))"#,
        #"(assert_return (invoke "extern" (ref.extern 0)) (ref.null extern))"#,
        #"(assert_return (invoke "extern" (ref.null extern)) (ref.extern))"#,
        #"(assert_return (invoke "null") (ref.null extern))"#,
        #"(assert_return (invoke "null") (ref.func))"#,
        #"(assert_return (invoke "unreachable"))"#,
        // Traps.
        #"(assert_trap (invoke "one") "unreachable")"#,
        #"(assert_trap (invoke "load") "unreachable")"#,
        #"(assert_trap (invoke "load") "out of bounds table access")"#,
        #"(assert_trap (invoke "one" (i32.const 1)) "unreachable")"#,
        #"(assert_exhaustion (invoke "one") "call stack exhausted")"#,
        #"(assert_exhaustion (invoke "load") "call stack exhausted")"#,
        #"(assert_trap (module) "unreachable")"#,
        #"(assert_trap (module (memory 0) (data (i32.const 0) "a")) "unreachable")"#,
        #"(assert_trap (module (func (drop))) "type mismatch")"#,
        #"(assert_trap (module (import "no" "thing" (func))) "unknown import")"#,
        // Modules that are refused.
        #"(assert_invalid (module (func)) "type mismatch")"#,
        #"(assert_invalid (module (func (drop))) "unknown local")"#,
        #"(assert_invalid (module quote "(func") "unexpected token")"#,
        #"(assert_invalid (module binary "\00asm\02\00\00\00") "unknown binary version")"#,
        #"(assert_malformed (module quote "(func)") "unexpected token")"#,
        #"(assert_malformed (module quote "(func") "unknown operator")"#,
        #"(assert_malformed (module quote "(func (drop))") "type mismatch")"#,
        #"(assert_malformed (module binary "\00asm\01\00\00\00") "unknown binary version")"#,
        #"(assert_unlinkable (module) "unknown import")"#,
        #"(assert_unlinkable (module (import "no" "thing" (func))) "incompatible import type")"#,
        #"(assert_unlinkable (module (import "spectest" "print_i32" (func))) "unknown import")"#,
        #"(assert_unlinkable (module (memory 0) (data (i32.const 0) "a")) "out of bounds memory access")"#,
        // What isn't there, and modules that should have been fine.
        #"(assert_return (invoke "absent"))"#,
        #"(assert_return (get "absent") (i32.const 1))"#,
        #"(assert_return (invoke $absent "one") (i32.const 1))"#,
        #"(register "name" $absent)"#,
        #"(invoke "unreachable")"#,
        #"(module (func (drop)))"#,
        #"(module (import "no" "thing" (func)))"#,
        #"(module quote "(func")"#,
        #"(module (memory 0) (data (i32.const 0) "a"))"#,
    ])
    func fails(command: String) throws {
        let report = try run(command)
        #expect(report.passed == 1)
        #expect(report.failures.map(\.line) == [13])
        #expect(report.unsupported.isEmpty)
    }

    /// What was expected and what was found is said as scripts write it.
    @Test(arguments: [
        (#"(assert_return (invoke "one") (i32.const -2))"#, "expected (i32.const -2), found (i32.const 1)"),
        (
            #"(assert_return (invoke "nan" (i32.const 0xffa00000)) (f32.const nan:canonical))"#,
            "expected (f32.const nan:canonical), found (f32.const -nan:0x200000)"
        ),
        (
            #"(assert_return (invoke "nan" (i32.const 0)) (f32.const 0x1p-2))"#,
            "expected (f32.const 0.25), found (f32.const 0.0)"
        ),
        (
            #"(assert_return (invoke "extern" (ref.extern 7)) (ref.null extern))"#,
            "expected (ref.null extern), found (ref.extern 7)"
        ),
        (
            #"(assert_return (invoke "one") (v128.const i32x4 0 -1 2 0x10))"#,
            "expected (v128.const i32x4 0x0 0xffffffff 0x2 0x10), found (i32.const 1)"
        ),
        (
            #"(assert_return (invoke "one") (v128.const f64x2 nan:canonical 1.5))"#,
            "expected (v128.const f64x2 (f64.const nan:canonical) (f64.const 1.5)), found (i32.const 1)"
        ),
        (#"(assert_return (invoke "null") (ref.func))"#, "expected (ref.func), found (ref.null func)"),
    ])
    func failuresAreReadable(command: String, message: String) throws {
        #expect(try run(command).failures.map(\.message) == [message])
    }

    /// What isn't supported is neither passed nor failed.
    @Test(arguments: [
        #"(module (func (result i32) (i8x16.relaxed_swizzle)))"#,
        #"(assert_exception (invoke "unreachable"))"#,
        #"(assert_invalid (module (tag)) "type mismatch")"#,
        #"(no_such_command)"#,
    ])
    func isUnsupported(command: String) throws {
        let report = try run(command)
        #expect(report.passed == 1 && report.failures.isEmpty && !report.isComplete)
        #expect(report.unsupported.map(\.line) == [13])
    }

    /// After a module that could not be instantiated, the one before it isn't the current one any more.
    @Test func failuresOfModulesSpread() throws {
        let report = try run(
            """
            (module (func (drop)))
            (assert_return (invoke "one") (i32.const 1))
            """)
        #expect(report.passed == 1)
        #expect(report.failures.map(\.line) == [13, 14])
    }

    @Test func scriptsThatCannotBeReadThrow() {
        #expect(throws: (any Error).self) { try run("(module") }
        #expect(throws: (any Error).self) { try run("(assert_return 1)") }
    }

    private func run(_ command: String) throws -> ScriptReport {
        let configuration = try #require(Configuration.available.first)
        return try ScriptRunner(engine: configuration.engine(features: .all)).run(Array((Self.module + command).utf8))
    }
}
