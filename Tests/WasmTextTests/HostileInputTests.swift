import Foundation
import Testing

@testable import WasmText

@Suite struct HostileInputTests {
    private static let depth = 20_000

    /// Nesting that would overflow the stack of a recursive parser, above all on a test's thread.
    @Test(arguments: [
        ("(func ", "(block ", ")", ")"), ("(func ", "block ", "end ", ")"), ("(func ", "(drop ", ")", ")"),
        ("(func ", "(if (then ", "))", ")"), ("(func ", "(if (then) (else ", "))", ")"),
        ("(func ", "(if ", "(then))", ")"),
        ("(func ", "(loop $l (br $l) ", ")", ")"), ("(global i32 ", "(i32.eqz ", ")", ")"), ("", "(@a ", ")", ""),
        ("", "(; ", ";)", ""), ("(func ", "if ", "else end ", ")"), ("(elem (offset ", "(nop ", ")", "))"),
    ])
    func deepNesting(prefix: String, open: String, close: String, suffix: String) throws {
        let opened = String(repeating: open, count: Self.depth)
        let closed = String(repeating: close, count: Self.depth)
        #expect(throws: Never.self) { try assemble(prefix + opened + closed + suffix) }
        #expect(refusal(prefix + opened + String(repeating: close, count: Self.depth - 1) + suffix) != nil)
        #expect(refusal(prefix + opened) != nil)
        #expect(throws: TextError.self) { try Script(parsing: Array("(module \(prefix + opened)".utf8)) }
        let script = try Script(parsing: Array("(module \(prefix + opened + closed + suffix))".utf8))
        #expect(script.commands.count == 1)
    }

    @Test func aMillionParentheses() {
        #expect(refusal(String(repeating: "(", count: 1_000_000)) != nil)
        #expect(refusal("(func " + String(repeating: "(", count: 1_000_000)) != nil)
        #expect(refusal(String(repeating: ")", count: 1_000_000)) != nil)
    }

    @Test func longTokens() throws {
        let long = 200_000
        let digits = String(repeating: "9", count: long)
        #expect(refusal("(func i32.const \(digits))")?.message.count ?? .max < 200)
        #expect(refusal("(func br \(digits))")?.message.hasPrefix("i32 constant out of range") == true)
        #expect(refusal("(func f64.const \(digits))")?.message.hasPrefix("constant out of range") == true)
        #expect(refusal("(func f64.const 1e\(digits))")?.message.hasPrefix("constant out of range") == true)
        #expect(throws: Never.self) { try assemble("(func f64.const 1e-\(digits))") }
        #expect(throws: Never.self) { try assemble("(func f64.const 0x1p-\(digits))") }
        #expect(throws: Never.self) { try assemble("(func f64.const \(digits)e-\(long))") }
        #expect(refusal("(func nop\(digits))")?.message.hasPrefix("unknown operator nop999") == true)
        let name = String(repeating: "n", count: long)
        #expect(try assemble("(func $\(name) (call $\(name)))").count > long)
        #expect(try assemble("(data \"\(name)\")").count > long)
    }

    /// Work must not grow with the product of labels and branches, types and uses, names and definitions.
    @Test func manyOfEverything() throws {
        let count = 10_000
        let opened = (0..<count).map { "block $l\($0) " }.joined()
        let branches = String(repeating: "br $l0 ", count: count)
        let module = try assemble("(func \(opened) \(branches) \(String(repeating: "end ", count: count)))")
        #expect(module.count > 5 * count)
        let types = (0..<200).map { "(func (param\(String(repeating: " i32", count: $0))))" }.joined()
        #expect(throws: Never.self) { try assemble(String(repeating: types, count: 10)) }
        let functions = (0..<count).map { "(func $f\($0) (call $f\(count - 1 - $0)))" }.joined()
        #expect(throws: Never.self) { try assemble(functions) }
    }

    /// Texts with bytes changed, doubled and cut out end in a module or an error.
    @Test func mutations() throws {
        let seeds = [
            """
            (module $m (type $t (func (param $x i32) (result i32))) (import "a" "b" (func $i (type $t)))
              (table $tab 1 2 funcref) (memory (data "x\\u{41}\\00")) (global $g (mut f64) (f64.const 0x1.8p-3))
              (elem (i32.const 0) $i) (elem $e declare funcref (item ref.func $i)) (data $d (offset i32.const 0) "y")
              (func $f (export "f") (type $t) (param $x i32) (result i32) (local $y i64)
                (block $l (result i32) (br_table $l 0 (local.get $x) (i32.const 1)))
                if (result i32) i32.const 1 else (i32.load offset=4 align=2 (i32.const 8)) end
                (if (i32.eqz) (then (call_indirect $tab (type $t) (i32.const 1) (i32.const 0)) drop) (else (nop)))
                (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (select (result i32)) (f32.const nan:0x7) drop)
              (start $f) (@custom "x" (y)) (; c ;) ;; d
            )
            """,
            """
            (module binary "\\00asm") (register "m" $m) (assert_return (invoke $m "f" (i32.const 1)) (f32.const nan:canonical))
            (assert_malformed (module quote "(func)") "x") (assert_trap (module (func)) "y") (either) (get "g")
            """,
        ].map { Array($0.utf8) }
        var generator = SplitMix(state: 1)
        var accepted = 0
        for round in 0..<6_000 {
            var text = seeds[round % 2]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = text.indices.randomElement(using: &generator) ?? 0
                let end = min(text.count, index + Int.random(in: 1...12, using: &generator))
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: text[index] = Array("()\"$;@0x_.-\\ ".utf8).randomElement(using: &generator) ?? 0
                case 2: text.removeSubrange(index..<end)
                default:
                    text.insert(contentsOf: text[index..<end], at: text.indices.randomElement(using: &generator) ?? 0)
                }
                if text.isEmpty { text = [0x28] }
            }
            if (try? WasmText.assemble(text)) != nil { accepted += 1 }
            guard let script = try? Script(parsing: text) else { continue }
            for case .module(let source) in script.commands.map(\.kind) { _ = try? source.assemble() }
        }
        #expect(accepted > 20)
    }
}
