import Testing
import WasmModule

@testable import WasmText

@Suite struct ModuleTests {
    private func section(_ id: Module.SectionID, _ text: String) throws -> [UInt8]? {
        try sections(assemble(text))[id]
    }

    @Test func emptyModules() throws {
        let empty: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
        for text in ["", "(module)", " ;; nothing\n", "(module) ;; nothing", "(@a)"] {
            #expect(try assemble(text) == empty)
        }
        #expect(try assemble("(module (func))") == assemble("(func)"))
        for text in ["(module) (module)", "(module))", ")", "(module", "module", "(func) nop", "\"\"", "($x)", "(1)"] {
            #expect(refusal(text)?.message.hasPrefix("unexpected token") == true, "\(text)")
        }
        #expect(refusal("(modul)")?.message.hasPrefix("unknown operator modul") == true)
    }

    // MARK: - Types

    @Test func implicitTypesFollowExplicitOnes() throws {
        let text = """
            (func $f (result f64) (f64.const 0))
            (func $g (param i32))
            (func $h (result f64) (f64.const 1))
            (type $t (func (param i32)))
            (func (param f32) (block (param i64 i64)) (call_indirect (result i64 i64)))
            (func (param i32 i32)) (table 0 funcref)
            """
        #expect(
            try section(.type, text) == [
                6, 0x60, 1, 0x7F, 0, 0x60, 0, 1, 0x7C, 0x60, 1, 0x7D, 0, 0x60, 2, 0x7E, 0x7E, 0, 0x60, 0, 2, 0x7E, 0x7E,
                0x60, 2, 0x7F, 0x7F, 0,
            ])
        #expect(try section(.function, text) == [5, 1, 0, 1, 2, 5])
    }

    @Test func equalTypesStayApart() throws {
        let text = "(type (func)) (type $b (func)) (func (type $b)) (func) (func (type 1) (param) (result))"
        #expect(try section(.type, text) == [2, 0x60, 0, 0, 0x60, 0, 0])
        #expect(try section(.function, text) == [3, 1, 0, 1])
    }

    @Test func valueTypes() throws {
        #expect(
            try section(
                .type, "(type (func (param $x i32) (param i64 f32) (param) (result f64) (result funcref externref)))")
                == [1, 0x60, 3, 0x7F, 0x7E, 0x7D, 3, 0x7C, 0x70, 0x6F])
    }

    @Test func inlineTypesMustAgree() {
        for text in [
            "(type $t (func)) (func (type $t) (param i32))",
            "(type $t (func (param i32))) (func (type $t) (result i32))",
            "(type $t (func (param i32))) (import \"\" \"\" (func (type $t) (param i64)))",
        ] {
            #expect(refusal(text)?.message.hasPrefix("inline function type") == true)
        }
        #expect(refusal("(func (type 0) (param i32))")?.message == "unknown type 0")
        #expect(refusal("(func (type 0) (local $x i32))")?.message == "unknown type 0")
        #expect(refusal("(type $t (func)) (type $t (func))")?.message == "duplicate type $t")
    }

    // MARK: - Functions

    @Test func locals() throws {
        let text = "(func (param i32 $x_is_no_name i32))"
        #expect(refusal(text)?.message.hasPrefix("unexpected token") == true)
        let code = try section(
            .code,
            "(func (param $a i32) (param i64) (local $b i32) (local i32 f32) (local) (local $c f32) (local.get $c))")
        #expect(code == [1, 8, 2, 2, 0x7F, 2, 0x7D, 0x20, 5, 0x0B])
        #expect(
            try section(.code, "(type $t (func (param i32 i32))) (func (type $t) (local $x i32) local.set $x)")
                == [1, 6, 1, 1, 0x7F, 0x21, 2, 0x0B])
    }

    @Test func forwardReferences() throws {
        #expect(
            try section(.code, "(func (call $g)) (func $g (call 0))") == [2, 4, 0, 0x10, 1, 0x0B, 4, 0, 0x10, 0, 0x0B])
    }

    // MARK: - Imports and exports

    @Test func imports() throws {
        let explicit = try assemble(
            """
            (import "m" "f" (func $f (param $x i32))) (import "m" "t" (table $t 1 2 funcref))
            (import "m" "m" (memory $m 3)) (import "é" "" (global $g (mut i64)))
            """)
        #expect(
            sections(explicit)[.import] == [
                4, 1, 0x6D, 1, 0x66, 0, 0, 1, 0x6D, 1, 0x74, 1, 0x70, 1, 1, 2, 1, 0x6D, 1, 0x6D, 2, 0, 3, 2, 0xC3, 0xA9,
                0, 3,
                0x7E, 1,
            ])
        let inline = try assemble(
            """
            (func $f (import "m" "f") (param $x i32)) (table $t (import "m" "t") 1 2 funcref)
            (memory $m (import "m" "m") 3) (global $g (import "é" "") (mut i64))
            """)
        #expect(inline == explicit)
    }

    @Test func exports() throws {
        let explicit = try assemble(
            """
            (func) (func $f) (table $t 0 funcref) (memory $m 0) (global $g i32 (i32.const 0))
            (export "a" (func $f)) (export "" (func 1)) (export "t" (table $t)) (export "m" (memory 0)) (export "g" (global $g))
            """)
        #expect(
            sections(explicit)[.export]
                == [5, 1, 0x61, 0, 1, 0, 0, 1, 1, 0x74, 1, 0, 1, 0x6D, 2, 0, 1, 0x67, 3, 0])
        let inline = try assemble(
            """
            (func) (func $f (export "a") (export "")) (table $t (export "t") 0 funcref) (memory $m (export "m") 0)
            (global $g (export "g") i32 (i32.const 0))
            """)
        #expect(inline == explicit)
        #expect(
            try section(.export, "(func (export \"e\") (import \"\" \"\")) (table (export \"t\") funcref (elem))")
                == [2, 1, 0x65, 0, 0, 1, 0x74, 1, 0])
    }

    @Test func importsComeFirst() {
        #expect(refusal("(func) (import \"\" \"\" (func))")?.message == "import after function")
        #expect(refusal("(table 0 funcref) (func (import \"\" \"\"))")?.message == "import after table")
        #expect(refusal("(memory 0) (import \"\" \"\" (global i32))")?.message == "import after memory")
        #expect(refusal("(global i32 (i32.const 0)) (memory (import \"\" \"\") 1)")?.message == "import after global")
    }

    @Test func namesAreUTF8() {
        for text in [
            "(import \"\\80\" \"\" (func))", "(import \"\" \"\\80\" (func))", "(func (export \"\\ed\\a0\\80\"))",
            "(func) (export \"\\c0\\80\" (func 0))", "(func (import \"\\ff\" \"\"))",
        ] {
            #expect(refusal(text)?.message == "malformed UTF-8 encoding", "\(text)")
        }
    }

    // MARK: - Tables, memories, globals

    @Test func tablesMemoriesAndGlobals() throws {
        #expect(
            try section(.table, "(table 1 externref) (table 0 0xffff_ffff funcref)") == [
                2, 0x6F, 0, 1, 0x70, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F,
            ])
        #expect(try section(.memory, "(memory 1) (memory i32 2 3)") == [2, 0, 1, 1, 2, 3])
        #expect(
            try section(
                .global,
                "(global i32 i32.const 1) (global (mut f32) (f32.const 0)) (global $g i64 (i64.add (i64.const 1) (i64.const 2)))"
            )
                == [3, 0x7F, 0, 0x41, 1, 0x0B, 0x7D, 1, 0x43, 0, 0, 0, 0, 0x0B, 0x7E, 0, 0x42, 1, 0x42, 2, 0x7C, 0x0B])
        #expect(refusal("(memory 4294967296)")?.message.hasPrefix("i32 constant out of range") == true)
        #expect(refusal("(memory -1)")?.message.hasPrefix("unexpected token") == true)
        #expect(refusal("(table 1)")?.message.hasPrefix("unexpected token") == true)
        #expect(refusal("(table 1 i32)")?.message.hasPrefix("unexpected token") == true)
    }

    @Test func inlineSegments() throws {
        let table = try assemble("(func $f) (table $t funcref (elem $f 0)) (table externref (elem (ref.null extern)))")
        #expect(sections(table)[.table] == [2, 0x70, 1, 2, 2, 0x6F, 1, 1, 1])
        #expect(
            sections(table)[.element]
                == [2, 0, 0x41, 0, 0x0B, 2, 0, 0, 6, 1, 0x41, 0, 0x0B, 0x6F, 1, 0xD0, 0x6F, 0x0B])
        let memory = try assemble("(memory (data \"a\" \"b\")) (data $d \"c\") (func (data.drop $d))")
        #expect(sections(memory)[.memory] == [1, 1, 1, 1])
        #expect(sections(memory)[.data] == [2, 0, 0x41, 0, 0x0B, 2, 0x61, 0x62, 1, 1, 0x63])
        #expect(sections(memory)[.code]?.suffix(2) == [1, 0x0B])
        #expect(try section(.memory, "(memory (data))") == [1, 1, 0, 0])
        let page = String(repeating: "a", count: 65536)
        #expect(try section(.memory, "(memory (data \"\(page)\"))") == [1, 1, 1, 1])
        #expect(try section(.memory, "(memory (data \"\(page)b\"))") == [1, 1, 2, 2])
    }

    // MARK: - Segments

    @Test(
        arguments: [
            ("(elem (i32.const 7) $f 0)", [0, 0x41, 7, 0x0B, 2, 0, 0]),
            ("(elem $e (offset i32.const 7) func $f)", [0, 0x41, 7, 0x0B, 1, 0]),
            ("(elem (offset (i32.const 7)))", [0, 0x41, 7, 0x0B, 0]),
            ("(elem func $f)", [1, 0, 1, 0]),
            ("(elem (table $b) (i32.const 7) func $f)", [2, 1, 0x41, 7, 0x0B, 0, 1, 0]),
            ("(elem (table 0) (i32.const 7) func $f)", [0, 0x41, 7, 0x0B, 1, 0]),
            ("(elem declare func $f)", [3, 0, 1, 0]),
            (
                "(elem (i32.const 7) funcref (ref.func $f) (item ref.null func))",
                [4, 0x41, 7, 0x0B, 2, 0xD2, 0, 0x0B, 0xD0, 0x70, 0x0B]
            ),
            ("(elem externref (item (ref.null extern)))", [5, 0x6F, 1, 0xD0, 0x6F, 0x0B]),
            ("(elem (i32.const 7) externref)", [6, 0, 0x41, 7, 0x0B, 0x6F, 0]),
            ("(elem (table $b) (i32.const 7) funcref)", [6, 1, 0x41, 7, 0x0B, 0x70, 0]),
            ("(elem declare funcref (ref.func 0))", [7, 0x70, 1, 0xD2, 0, 0x0B]),
        ] as [(String, [UInt8])])
    func elementSegments(text: String, expected: [UInt8]) throws {
        let found = try section(.element, "(func $f) (table $a 0 funcref) (table $b 0 funcref) \(text)")
        #expect(found == [1] + expected)
    }

    @Test(
        arguments: [
            ("(data \"a\" \"\\00\")", [1, 2, 0x61, 0]), ("(data $d)", [1, 0]),
            ("(data (i32.const 7) \"a\")", [0, 0x41, 7, 0x0B, 1, 0x61]),
            ("(data (memory 0) (offset i32.const 7) \"a\")", [0, 0x41, 7, 0x0B, 1, 0x61]),
            ("(data (memory $n) (offset (i32.const 7)))", [2, 1, 0x41, 7, 0x0B, 0]),
        ] as [(String, [UInt8])])
    func dataSegments(text: String, expected: [UInt8]) throws {
        let module = try assemble("(memory $m 0) (memory $n 0) \(text)")
        #expect(sections(module)[.data] == [1] + expected)
        #expect(sections(module)[.dataCount] == nil)
    }

    @Test func dataCount() throws {
        #expect(try section(.dataCount, "(memory 0) (data \"\") (data \"\") (func (memory.init 0))") == [2])
        #expect(try section(.dataCount, "(func (data.drop 0))") == [0])
    }

    @Test func start() throws {
        #expect(try section(.start, "(func) (func $f) (start $f)") == [1])
        #expect(refusal("(func) (start 0) (start 0)")?.message == "multiple start sections")
        #expect(refusal("(start $f)")?.message == "unknown function $f")
    }

    @Test func orderOfSections() throws {
        let module = try assemble(
            """
            (data "") (elem func) (start 0) (export "f" (func 0)) (global i32 (i32.const 0)) (memory 0) (table 0 funcref)
            (func (data.drop 0)) (type (func))
            """)
        var ids: [UInt8] = []
        var rest = module.dropFirst(8)
        while let id = rest.popFirst() {
            ids.append(id)
            let size = unsigned(&rest)
            rest = rest.dropFirst(size)
        }
        #expect(ids == [1, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11])
    }

    // MARK: - Names

    @Test func nameSection() throws {
        let text =
            "(module $m (func $f (param $x i32) (local i32) (local $y i32)) (func) (func $\"g\\20h\" (local $z i32)))"
        let name = try #require(try section(.custom, text))
        #expect(
            name == [4] + Array("name".utf8) + [0, 2, 1] + Array("m".utf8)
                + [1, 9, 2, 0, 1] + Array("f".utf8) + [2, 3] + Array("g h".utf8)
                + [2, 14, 2, 0, 2, 0, 1] + Array("x".utf8) + [2, 1] + Array("y".utf8) + [2, 1, 0, 1] + Array("z".utf8))
        #expect(try section(.custom, "(func (param i32))") == nil)
    }

    /// Canonically equivalent names are different names.
    @Test func identifiersAreBytes() throws {
        #expect(throws: Never.self) { try assemble("(func $\"\\u{e9}\") (func $\"e\\u{301}\")") }
        #expect(refusal("(func $\"\\u{e9}\") (func $\"\\c3\\a9\")")?.message == "duplicate func $é")
        #expect(throws: Never.self) { try assemble("(func $a (call $\"a\"))") }
    }

    @Test func duplicates() {
        for (field, noun) in [
            ("(func $x)", "func"), ("(table $x 0 funcref)", "table"), ("(memory $x 0)", "memory"),
            ("(global $x i32 (i32.const 0))", "global"), ("(elem $x func)", "elem"), ("(data $x)", "data"),
        ] {
            #expect(refusal(field + field)?.message == "duplicate \(noun) $x")
        }
    }
}
