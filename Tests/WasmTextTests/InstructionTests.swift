import Testing
import WasmModule

@testable import WasmText

@Suite struct InstructionTests {
    private static let context = """
        (type (func)) (type $t (func (param i32)))
        (func $f) (table $a 0 funcref) (table $b 0 externref) (memory 0) (global $g i32 (i32.const 0))
        (elem $e func) (elem $e1 func) (data $d "") (data $d1 "")
        """

    /// An instruction of each form, and what is to follow its opcode.
    private static func sample(_ opcode: Opcode) -> (text: String, immediates: [UInt8])? {
        switch opcode {
        case .else, .end: return nil
        case .block, .loop, .if: return ("\(opcode.mnemonic) (result i32) end", [0x7F, 0x0B])
        default: break
        }
        let (text, immediates): (String, [UInt8]) =
            switch opcode.form {
            case .none, .numeric: ("", [])
            case .block: ("", [])
            case .label: ("0", [0])
            case .branchTable: ("0 1 2", [2, 0, 1, 2])
            case .local: ("200", [0xC8, 0x01])
            case .global: ("$g", [0])
            case .function: ("$f", [0])
            case .table: ("$b", [1])
            case .memory: ("", [0])
            case .element: ("$e1", [1])
            case .data: ("$d1", [1])
            case .typeThenTable: ("$b (type $t)", [1, 1])
            case .elementThenTable: ("$b $e1", [1, 1])
            case .tableThenTable: ("$b $a", [1, 0])
            case .dataThenMemory: ("$d1", [1, 0])
            case .memoryThenMemory: ("", [0, 0])
            case .types: ("(result i64)", [1, 0x7E])
            case .referenceType: ("extern", [0x6F])
            case .memoryAccess(_, let bytes): ("offset=300", [UInt8(bytes.trailingZeroBitCount), 0xAC, 0x02])
            case .laneAccess(let bytes): ("offset=300 1", [UInt8(bytes.trailingZeroBitCount), 0xAC, 0x02, 1])
            case .lane: ("255", [0xFF])
            case .shuffle: ("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 0xFF", Array(0..<15) + [0xFF])
            case .constant(.v128):
                (
                    "i16x8 0 1 -1 65535 0x1_00 -32768 6 7",
                    [
                        0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0x80, 6, 0, 7, 0,
                    ]
                )
            case .constant(.i32): ("-1", [0x7F])
            case .constant(.i64):
                ("0x8000_0000_0000_0000", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F])
            case .constant(.f32): ("-1.5", [0x00, 0x00, 0xC0, 0xBF])
            case .constant(.f64): ("nan:0x1", [1, 0, 0, 0, 0, 0, 0xF0, 0x7F])
            case .constant: ("", [])
            }
        return ("\(opcode.mnemonic) \(text)", immediates)
    }

    @Test(arguments: Opcode.allCases)
    func everyOpcode(opcode: Opcode) throws {
        guard let (text, immediates) = Self.sample(opcode) else { return }
        var expected: [UInt8] =
            opcode.rawValue < 0x100
            ? [UInt8(opcode.rawValue)] : [UInt8(opcode.rawValue >> 16)] + leb128(opcode.rawValue & 0xFF)
        expected += immediates
        for form in [text, "nop \(text) nop"] {
            let module = try assemble("\(Self.context) (func \(form))")
            let code = try #require(sections(module)[.code])
            #expect(code.suffix(expected.count + (form == text ? 1 : 2)).starts(with: expected), "\(form)")
        }
    }

    private func leb128(_ code: UInt32) -> [UInt8] {
        code < 0x80 ? [UInt8(code)] : [UInt8(code & 0x7F) | 0x80, UInt8(code >> 7)]
    }

    /// One number behind an access to a lane is the lane's; before it can stand a memory's.
    @Test func lanesOfAccesses() throws {
        #expect(try instructions("(v128.load8_lane 3)") == [0xFD, 84, 0, 0, 3])
        #expect(try instructions("(v128.load8_lane 0 3)") == [0xFD, 84, 0, 0, 3])
        #expect(try instructions("(v128.store32_lane align=1 3 (nop))") == [0x01, 0xFD, 90, 0, 0, 3])
        #expect(try instructions("(v128.store32_lane 0 offset=9 align=2 1)") == [0xFD, 90, 1, 9, 1])
    }

    @Test(arguments: [
        ("v128.load8_lane 256", "malformed lane index"), ("v128.load8_lane", "unexpected token"),
        ("i8x16.extract_lane_s -1", "unexpected token"), ("i8x16.shuffle 0 1 2", "invalid lane length"),
        ("v128.const i32x4 0 0 0", "wrong number of lane literals"),
        (
            "v128.const i8x16 256 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
            "constant out of range"
        ),
        ("v128.const i32x4 0 0 0 1.5", "unexpected token"), ("v128.const i32 0 0 0 0", "unexpected token"),
        ("v128.const i9x9 0", "unknown operator"),
    ])
    func malformedVectors(text: String, message: String) {
        let error = refusal("(func (result v128) \(text))")
        #expect(error?.kind == .malformed, "\(text)")
        #expect(error?.message.hasPrefix(message) == true, "\(text): \(String(describing: error))")
    }

    @Test func foldedOperandsComeFirst() throws {
        #expect(try instructions("(drop (i32.add (i32.const 1) (i32.const 2)))") == [0x41, 1, 0x41, 2, 0x6A, 0x1A])
        #expect(try instructions("(nop) nop (drop (i32.const 3)) nop") == [0x01, 0x01, 0x41, 3, 0x1A, 0x01])
        #expect(try instructions("(select (result i32) (unreachable))") == [0x00, 0x1C, 1, 0x7F])
        #expect(try instructions("(br_table 0 1 (nop) (nop))") == [0x01, 0x01, 0x0E, 1, 0, 1])
    }

    @Test func foldedBlocks() throws {
        #expect(try instructions("(block nop (nop))") == [0x02, 0x40, 0x01, 0x01, 0x0B])
        #expect(try instructions("(loop (result i32) i32.const 1)") == [0x03, 0x7F, 0x41, 1, 0x0B])
        #expect(try instructions("(if (i32.const 1) (then nop))") == [0x41, 1, 0x04, 0x40, 0x01, 0x0B])
        #expect(
            try instructions("(if (result i32) (i32.const 1) (then i32.const 2) (else (i32.const 3)))")
                == [0x41, 1, 0x04, 0x7F, 0x41, 2, 0x05, 0x41, 3, 0x0B])
        #expect(try instructions("(if (then) (else))") == [0x04, 0x40, 0x05, 0x0B])
        #expect(try instructions("(if (nop) (nop) (then))") == [0x01, 0x01, 0x04, 0x40, 0x0B])
        // A label is in scope in the arms, but not in the condition.
        #expect(
            try instructions("(block $l (if $l (br_if $l (unreachable)) (then (br $l)) (else (br $l))))")
                == [0x02, 0x40, 0x00, 0x0D, 0, 0x04, 0x40, 0x0C, 0, 0x05, 0x0C, 0, 0x0B, 0x0B])
        #expect(
            try instructions("(if (if (i32.const 0) (then)) (then (if (i32.const 1) (then))))")
                == [0x41, 0, 0x04, 0x40, 0x0B, 0x04, 0x40, 0x41, 1, 0x04, 0x40, 0x0B, 0x0B])
    }

    @Test func labels() throws {
        #expect(
            try instructions("block $a loop $b br $a br $b br 2 block $a br $a end $a br $a end $b end $a")
                == [
                    0x02, 0x40, 0x03, 0x40, 0x0C, 1, 0x0C, 0, 0x0C, 2, 0x02, 0x40, 0x0C, 0, 0x0B, 0x0C, 1, 0x0B, 0x0B,
                ])
        #expect(try instructions("if $x else $x end $x") == [0x04, 0x40, 0x05, 0x0B])
        #expect(try instructions("block $\"a b\" br $\"a\\20b\" end $\"a b\"") == [0x02, 0x40, 0x0C, 0, 0x0B])
        #expect(refusal("(func (block $a) (br $a))")?.message == "unknown label $a")
        #expect(refusal("(func block $a end $b)")?.message == "mismatching label: expected $a, found $b")
        #expect(refusal("(func block end $b)")?.message == "mismatching label: expected none, found $b")
    }

    @Test func blockTypes() throws {
        let module = try assemble(
            """
            (type $e (func)) (type $one (func (result i32)))
            (func (block (type $e)) (block (type $one) unreachable) (block (type 1) (result i32) unreachable)
              (block (param i32) (result i32)) (block (result i32 i64) unreachable) (block (param i64)))
            """)
        #expect(sections(module)[.type]?.first == 5)
        #expect(
            try body(module) == [
                0x02, 0x00, 0x0B, 0x02, 0x01, 0x00, 0x0B, 0x02, 0x01, 0x00, 0x0B, 0x02, 0x02, 0x0B, 0x02, 0x03, 0x00,
                0x0B,
                0x02, 0x04, 0x0B,
            ])
    }

    @Test func manyTypes() throws {
        let types = String(repeating: "(type (func)) ", count: 100)
        // The index of a block type is a signed number, so 64 and up take two bytes.
        #expect(
            try body(assemble(types + "(func (block (type 63)) (block (type 64)))")) == [
                0x02, 0x3F, 0x0B, 0x02, 0xC0, 0x00, 0x0B,
            ])
    }

    @Test func memoryArguments() throws {
        func load(_ text: String) throws -> [UInt8] { try body(assemble("(memory $m 1) (func i32.load \(text))")) }
        #expect(try load("") == [0x28, 2, 0])
        #expect(try load("align=1") == [0x28, 0, 0])
        #expect(try load("offset=0xFFFF_FFFF align=8") == [0x28, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        #expect(try load("$m offset=1") == [0x28, 2, 1])
        for align in ["0", "3", "7", "4294967295"] {
            #expect(
                refusal("(func i32.load align=\(align))")?.message.hasPrefix("alignment must be a power of two") == true
            )
        }
        #expect(refusal("(func i32.load offset=4294967296)")?.message.hasPrefix("i32 constant out of range") == true)
        #expect(refusal("(func i32.load align=1 offset=1)")?.message.hasPrefix("unexpected token") == true)
        #expect(refusal("(func i32.load offset=-1)")?.message.hasPrefix("unknown operator offset=-1") == true)
        #expect(refusal("(func i32.load offset=)")?.message.hasPrefix("unknown operator offset=") == true)
        #expect(refusal("(memory 0) (memory 0) (func i32.load 1)")?.kind == .unsupported)
    }

    @Test func optionalIndices() throws {
        func code(_ text: String) throws -> [UInt8] {
            try body(
                assemble(
                    "(table $a 0 funcref) (table $b 0 funcref) (memory 0) (elem $e func) (data $d \"\") (func \(text))")
            )
        }
        #expect(try code("table.get table.set") == [0x25, 0, 0x26, 0])
        #expect(try code("table.init $e table.init 1 $e") == [0xFC, 12, 0, 0, 0xFC, 12, 0, 1])
        #expect(try code("(table.init $b $e (nop))") == [0x01, 0xFC, 12, 0, 1])
        #expect(try code("table.copy table.copy $a $b") == [0xFC, 14, 0, 0, 0xFC, 14, 0, 1])
        #expect(try code("memory.init $d memory.init 0 $d") == [0xFC, 8, 0, 0, 0xFC, 8, 0, 0])
        #expect(try code("memory.copy 0 0 memory.fill 0 memory.size 0") == [0xFC, 10, 0, 0, 0xFC, 11, 0, 0x3F, 0])
        #expect(
            try code("select nop select (result) nop select (result i32) (result i64)") == [
                0x1B, 0x01, 0x1C, 0, 0x01, 0x1C, 2, 0x7F, 0x7E,
            ])
        #expect(refusal("(memory 0) (func memory.copy 1 0)")?.kind == .unsupported)
    }

    @Test(arguments: [
        ("(func (else))", "unexpected token"), ("(func else)", "unexpected token"), ("(func end)", "unexpected token"),
        ("(func block else end)", "unexpected token"), ("(func if else else end)", "unexpected token"),
        ("(func block)", "unexpected token"), ("(func block", "unexpected token"),
        ("(func (block end))", "unexpected token"),
        ("(func (block block))", "unexpected token"), ("(func (nop nop))", "unexpected token"),
        ("(func (nop 1))", "unexpected token"), ("(func (if (i32.const 1)))", "unexpected token"),
        ("(func (if (then) (then)))", "unexpected token"), ("(func (if (then) nop))", "unexpected token"),
        ("(func (if (then) (else) (else)))", "unexpected token"), ("(func (if (else)))", "unexpected token"),
        ("(func (then))", "unexpected token"), ("(func ())", "unexpected token"), ("(func $f $g)", "unexpected token"),
        ("(func \"\")", "unexpected token"), ("(func i32.const)", "unexpected token"),
        ("(func i32.const 1.5)", "unexpected token"),
        ("(func i32.const $x)", "unexpected token"), ("(func f32.const nan:canonical)", "unexpected token"),
        ("(func i32.const 0x)", "unknown operator"), ("(func br)", "unexpected token"),
        ("(func br -1)", "unexpected token"),
        ("(func br 4294967296)", "i32 constant out of range"), ("(func call $f)", "unknown function $f"),
        ("(func local.get $x)", "unknown local $x"), ("(func global.get $x)", "unknown global $x"),
        ("(func table.get $x)", "unknown table $x"), ("(func elem.drop $x)", "unknown elem segment $x"),
        ("(func data.drop $x)", "unknown data segment $x"), ("(func (block (type $x)))", "unknown type $x"),
        ("(func (block (type 7) (param i32)))", "unknown type 7"), ("(func table.copy 0)", "unexpected token"),
        ("(func ref.null)", "unexpected token"), ("(func get_local 0)", "unknown operator get_local"),
        ("(func i32.wrap/i64)", "unknown operator i32.wrap/i64"), ("(func f32x4.convert_s/i32x4)", "unknown operator"),
        ("(func (result i32) (param i32))", "unexpected token"), ("(func (local i32) (param i32))", "unexpected token"),
        ("(func (param $x i32 i32))", "unexpected token"), ("(func (local $x))", "unexpected token"),
        ("(func (param $x i32) (local $x i32))", "duplicate local $x"), ("(func (param foo))", "unknown operator foo"),
    ])
    func malformed(text: String, message: String) {
        let error = refusal(text)
        #expect(error?.kind == .malformed, "\(text)")
        #expect(error?.message.hasPrefix(message) == true, "\(text): \(String(describing: error))")
    }

    @Test(arguments: [
        ("(func i8x16.relaxed_swizzle)", "relaxed SIMD"),
        ("(func return_call 0)", "tail calls"), ("(func call_ref 0)", "typed function references"),
        ("(func (param (ref null func)))", "typed function references"),
        ("(func ref.null 0)", "typed function references"),
        ("(func ref.null any)", "garbage collection"), ("(func struct.new 0)", "garbage collection"),
        ("(type (struct))", "garbage collection"), ("(rec)", "garbage collection"), ("(tag)", "exceptions"),
        ("(func throw 0)", "exceptions"), ("(func i32.atomic.load)", "threads"), ("(memory i64 1)", "64-bit memories"),
        ("(table i64 1 funcref)", "64-bit memories"),
        ("(table 1 funcref (ref.null func))", "typed function references"),
        ("(table (ref func) (elem))", "typed function references"), ("(import \"\" \"\" (tag))", "exceptions"),
    ])
    func unsupported(text: String, proposal: String) {
        let error = refusal(text)
        #expect(error?.kind == .unsupported, "\(text): \(String(describing: error))")
        #expect(error?.message.contains("needs \(proposal)") == true, "\(text): \(String(describing: error))")
    }
}
