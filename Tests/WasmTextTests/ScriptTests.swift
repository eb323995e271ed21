import Testing
import WasmModule

@testable import WasmText

@Suite struct ScriptTests {
    private func script(_ text: String) throws -> Script { try Script(parsing: Array(text.utf8)) }

    private func kind(_ text: String) throws -> Script.Kind {
        let commands = try script(text).commands
        try #require(commands.count == 1)
        return commands[0].kind
    }

    @Test func modules() throws {
        let commands = try script(
            """
            (module $a (func $f))
            (module $b binary "\\00asm" "\\01\\00\\00\\00")
            (module quote "(func" " $f)")

            (module definition $d (memory 1))
            (module definition binary "x")
            (module instance $i $d) (module instance)
            """
        ).commands
        #expect(commands.map(\.line) == [1, 2, 3, 5, 6, 7, 7])
        guard case .module(let a) = commands[0].kind, case .module(let b) = commands[1].kind,
            case .module(let quoted) = commands[2].kind, case .moduleDefinition(let d) = commands[3].kind,
            case .moduleDefinition(let binary) = commands[4].kind,
            case .moduleInstance("i", "d") = commands[5].kind, case .moduleInstance(nil, nil) = commands[6].kind
        else {
            Issue.record("\(commands)")
            return
        }
        #expect(a.name == "a")
        #expect(a.form == .text)
        #expect(try a.assemble() == WasmText.assemble(Array("(module $a (func $f))".utf8)))
        #expect(b.name == "b")
        #expect(b.form == .binary)
        #expect(try b.assemble() == [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        #expect(quoted.name == nil)
        #expect(quoted.form == .quote)
        #expect(try quoted.assemble() == WasmText.assemble(Array("(func $f)".utf8)))
        #expect(d.name == "d")
        #expect(try d.assemble() == WasmText.assemble(Array("(module $d (memory 1))".utf8)))
        #expect(try binary.assemble() == [0x78])
    }

    @Test func fieldsAlone() throws {
        let text = "(func) (memory 0)"
        guard case .module(let source) = try kind(text) else {
            Issue.record("no module")
            return
        }
        #expect(try source.assemble() == WasmText.assemble(Array(text.utf8)))
    }

    /// A script is read though a module in it is not.
    @Test func modulesFailAlone() throws {
        let commands = try script(
            "(module (func return_call 0))\n(module\n  (funk))\n(module quote \"\\80\")(module (func 0x))"
        ).commands
        let errors = commands.map { command -> TextError? in
            guard case .module(let source) = command.kind else { return nil }
            do throws(TextError) {
                _ = try source.assemble()
                return nil
            } catch {
                return error
            }
        }
        #expect(errors.map { $0?.kind } == [.unsupported, .malformed, .malformed, .malformed])
        #expect(errors.map { $0?.line } == [1, 3, 1, 4])
    }

    @Test func actions() throws {
        guard
            case .action(.invoke(nil, "f", let arguments)) = try kind(
                """
                (invoke "f" (i32.const -1) (i64.const 0x8000000000000000) (f32.const -0) (f64.const nan:0x1) (ref.null func)
                  (ref.null extern) (ref.extern 7) (v128.const i32x4 0 (;);) 0 0 0) (ref.null any) (ref.func 0))
                """)
        else {
            Issue.record("no invocation")
            return
        }
        #expect(
            arguments == [
                .i32(0xFFFF_FFFF), .i64(1 << 63), .f32(1 << 31), .f64(0x7FF0_0000_0000_0001), .null(.funcref),
                .null(.externref), .externref(7), .v128(0), .unsupported("ref.null"),
                .unsupported("ref.func"),
            ])
        guard case .action(.get("m", "g\n")) = try kind("(get $m \"g\\n\")") else {
            Issue.record("no get")
            return
        }
        guard case .register("r", nil) = try kind("(register \"r\")"),
            case .register("r", "m") = try kind("(register \"r\" $m)")
        else {
            Issue.record("no register")
            return
        }
    }

    @Test func assertions() throws {
        guard
            case .assertReturn(.get(nil, "g"), let expected) = try kind(
                """
                (assert_return (get "g") (i32.const 1) (f32.const nan:canonical) (f64.const nan:arithmetic) (f32.const nan)
                  (ref.null) (ref.null func) (ref.func) (ref.func 0) (ref.extern) (ref.extern 3) (v128.const i64x2 1 -1) (ref.any)
                  (v128.const f32x4 nan:canonical 1 nan:arithmetic 0) (v128.const f64x2 0 1)
                  (either (i32.const 1) (f32.const nan:arithmetic)))
                """)
        else {
            Issue.record("no assertion")
            return
        }
        #expect(
            expected == [
                .value(.i32(1)), .canonicalNaN(.f32), .arithmeticNaN(.f64), .value(.f32(0x7FC0_0000)), .null,
                .value(.null(.funcref)), .reference(.funcref), .reference(.funcref), .reference(.externref),
                .value(.externref(3)), .value(.v128(UInt128(UInt64.max) << 64 | 1)), .value(.unsupported("ref.any")),
                .lanes([.canonicalNaN(.f32), .value(.f32(0x3F80_0000)), .arithmeticNaN(.f32), .value(.f32(0))]),
                .value(.v128(UInt128(0x3FF0_0000_0000_0000) << 64)),
                .either([.value(.i32(1)), .arithmeticNaN(.f32)]),
            ])
        let kinds = try script(
            """
            (assert_return (invoke "f")) (assert_trap (invoke "f") "t") (assert_trap (module $m) "u")
            (assert_exhaustion (invoke "f") "e") (assert_exception (invoke "f")) (assert_invalid (module) "i")
            (assert_malformed (module quote "") "m") (assert_unlinkable (module) "l") (thread $t (module (x)))
            """
        ).commands.map(\.kind)
        try #require(kinds.count == 9)
        guard case .assertReturn(.invoke(nil, "f", _), let none) = kinds[0], none.isEmpty,
            case .assertTrap(.invoke, "t") = kinds[1], case .assertTrapInstantiating(let source, "u") = kinds[2],
            source.name == "m", case .assertExhaustion(.invoke, "e") = kinds[3],
            case .assertException(.invoke) = kinds[4],
            case .assertInvalid(_, "i") = kinds[5], case .assertMalformed(_, "m") = kinds[6],
            case .assertUnlinkable(_, "l") = kinds[7], case .unsupported("thread") = kinds[8]
        else {
            Issue.record("\(kinds)")
            return
        }
    }

    @Test(arguments: [
        "(assert_return)", "(assert_return (module))", "(assert_trap (invoke \"f\"))", "(invoke f)", "(invoke \"f\" 1)",
        "(invoke \"f\" (i32.const))", "(invoke \"f\" (i32.const 1 2))", "(invoke \"f\" (i32.const 4294967296))",
        "(invoke \"f\" (f32.const nan:canonical))", "(get \"g\" (i32.const 1))", "(module", "(module $m binary 1)",
        "(module instance 1)", "(register m)", "()", "(1)", "module", "(module))", "(invoke \"\\80\")",
        "(assert_invalid \"\")",
        "(assert_return (invoke \"f\") (either (either)) ", "(unknown", "(invoke \"f\" (v128.const",
    ])
    func malformed(text: String) {
        let error = #expect(throws: TextError.self) { try script(text) }
        #expect(error?.kind == .malformed)
    }
}
