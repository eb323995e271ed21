import WasmModule

/// The words of the text format.
enum Vocabulary {
    /// The instruction a keyword names. `select` stands for both of its forms.
    static func opcode(_ keyword: ArraySlice<UInt8>) -> Opcode? {
        opcodes[keyword]
    }

    private static let opcodes: [ArraySlice<UInt8>: Opcode] = {
        var opcodes: [ArraySlice<UInt8>: Opcode] = [:]
        for opcode in Opcode.allCases where opcodes[ArraySlice(opcode.mnemonic.utf8)] == nil {
            opcodes[ArraySlice(opcode.mnemonic.utf8)] = opcode
        }
        return opcodes
    }()

    static func valueType(_ keyword: ArraySlice<UInt8>) -> ValueType? {
        switch String(decoding: keyword.prefix(10), as: UTF8.self) {
        case "i32": .i32
        case "i64": .i64
        case "f32": .f32
        case "f64": .f64
        case "v128": .v128
        case "funcref": .funcref
        case "externref": .externref
        default: nil
        }
    }

    /// Whether the grammar has the keyword at all. One that it has is "unexpected" in the wrong place, any other is an
    /// "unknown operator" everywhere.
    static func isKeyword(_ keyword: ArraySlice<UInt8>) -> Bool {
        if structural.contains(keyword) || opcodes[keyword] != nil { return true }
        for prefix in ["offset=", "align="] where keyword.starts(with: prefix.utf8) {
            return NumberSyntax.kind(of: keyword.dropFirst(prefix.utf8.count)) == .natural
        }
        return false
    }

    private static let structural: Set<ArraySlice<UInt8>> = Set(
        """
        module type func param result local table memory global import export start elem data offset item declare mut then \
        i32 i64 f32 f64 v128 i8x16 i16x8 i32x4 i64x2 f32x4 f64x2 funcref externref extern nan:canonical nan:arithmetic definition instance binary quote \
        register invoke get either assert_return assert_trap assert_exhaustion assert_invalid assert_malformed \
        assert_unlinkable assert_exception script input output ref ref.extern ref.host \
        rec sub final struct array field tag catch catch_ref catch_all catch_all_ref null any anyref eq eqref i31 i31ref \
        structref arrayref none nullref nofunc nullfuncref noextern nullexternref exn exnref noexn nullexnref
        """.split(separator: " ").map { ArraySlice($0.utf8) })

    /// The proposal that gives a keyword its meaning, for those that are not implemented.
    static func proposal(_ keyword: ArraySlice<UInt8>) -> String? {
        let word = String(decoding: keyword.prefix(64), as: UTF8.self)
        guard word.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "." || $0 == "_" }) else { return nil }
        switch word {
        case "return_call", "return_call_indirect":
            return "tail calls"
        case "call_ref", "return_call_ref", "br_on_null", "br_on_non_null", "ref.as_non_null", "ref":
            return "typed function references"
        case "rec", "sub", "struct", "array", "ref.eq", "ref.test", "ref.cast", "ref.i31", "br_on_cast",
            "br_on_cast_fail", "any.convert_extern", "extern.convert_any", "any", "anyref", "eq", "eqref", "i31",
            "i31ref", "structref", "arrayref", "none", "nullref", "nofunc", "nullfuncref", "noextern", "nullexternref":
            return "garbage collection"
        case "tag", "throw", "throw_ref", "try_table", "try", "rethrow", "exn", "exnref", "noexn", "nullexnref":
            return "exceptions"
        default:
            break
        }
        switch word.prefix(while: { $0 != "." }) {
        case "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2":
            return word.contains("relaxed") ? "relaxed SIMD" : nil
        case "struct", "array", "i31": return "garbage collection"
        case _ where word.contains("atomic."): return "threads"
        default: return nil
        }
    }
}
