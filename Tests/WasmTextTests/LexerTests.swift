import Testing

@testable import WasmText

@Suite struct LexerTests {
    private func kinds(_ text: String) throws -> [Token.Kind] {
        let bytes = Array(text.utf8)
        var lexer = Lexer(bytes, range: bytes.indices)
        var kinds: [Token.Kind] = []
        while true {
            let token = try lexer.next()
            if token.kind == .endOfText { return kinds }
            kinds.append(token.kind)
        }
    }

    @Test(arguments: [
        ("module", Token.Kind.keyword), ("i32.add", .keyword), ("offset=8", .keyword), ("nan:canonical", .keyword),
        ("$x", .identifier), ("$!#%&'*+-./:<=>?@\\^_`|~", .identifier), ("$\"a b\"", .identifier), ("$0", .identifier),
        ("0", .natural), ("1_000", .natural), ("0xAbC_d", .natural), ("00", .natural), ("+1", .integer),
        ("-0x0", .integer), ("1.", .float), ("1.5", .float), ("1e5", .float), ("1.e-5", .float), ("1E+5", .float),
        ("0x1p3", .float), ("0x.8", .reserved), ("0x1.8", .float), ("0x1.p-3", .float), ("0x1P3", .float),
        ("inf", .float),
        ("-inf", .float), ("nan", .float), ("+nan", .float), ("nan:0x1_0", .float), ("nan:0x", .keyword),
        ("nan:1", .keyword), ("-nan:canonical", .reserved), ("0x", .reserved), ("0xg", .reserved), ("0X1", .reserved),
        ("1__0", .reserved), ("1_", .reserved), ("_1", .reserved), ("1._5", .reserved), ("1.5_", .reserved),
        ("1e", .reserved), ("1e+", .reserved), ("1e_5", .reserved), ("1e5.", .reserved), ("0x1pA", .reserved),
        ("+-1", .reserved), ("+", .reserved), (".5", .reserved), ("1f", .reserved), ("0drop", .reserved),
        ("Module", .reserved), ("@x", .reserved), ("=", .reserved), ("\"a\"", .string), ("\"\"", .string),
        ("\"a\"\"b\"", .reserved), ("\"a\"x", .reserved), ("x\"a\"", .reserved), ("$x\"a\"", .reserved),
        ("$\"a\"\"b\"", .reserved), (",", .reserved), (";", .reserved), ("[", .reserved), ("}", .reserved),
    ])
    func oneToken(text: String, kind: Token.Kind) throws {
        #expect(try kinds(text) == [kind], "\(text)")
    }

    @Test func spaceAndComments() throws {
        #expect(try kinds("") == [])
        #expect(try kinds(" \t\r\n") == [])
        #expect(try kinds("a;;b\nc") == [.keyword, .keyword])
        #expect(try kinds("a;;b\rc") == [.keyword, .keyword])
        #expect(try kinds("a;;b") == [.keyword])
        #expect(try kinds("a(;b;)c") == [.keyword, .keyword])
        #expect(try kinds("(;(;;)(;(;;););)a") == [.keyword])
        #expect(try kinds("(; \" ;; ;)a") == [.keyword])
        #expect(try kinds("(;\u{0}\u{1}é;)") == [])
        #expect(try kinds(";;\u{0}é\u{7F}") == [])
        #expect(try kinds("(a)") == [.leftParenthesis, .keyword, .rightParenthesis])
        #expect(try kinds("a(b") == [.keyword, .leftParenthesis, .keyword])
        #expect(try kinds("; ;") == [.reserved, .reserved])
    }

    @Test func annotations() throws {
        #expect(try kinds("(@a)") == [])
        #expect(try kinds("a(@\"b c\" (x \")\" [,;] ) (;);) ;;)\n @ 0x$\"\" )b") == [.keyword, .keyword])
        #expect(try kinds("(@a (@) (@ b))c") == [.keyword])
        #expect(try kinds("( @a)") == [.leftParenthesis, .reserved, .rightParenthesis])
    }

    @Test(arguments: [
        ("(;", "unclosed comment"), ("(;(;;)", "unclosed comment"), ("\"abc", "unclosed string"),
        ("\"a\nb\"", "unclosed string"), ("\"\\\"", "unclosed string"), ("\"a\tb\"", "illegal control character"),
        ("\"\u{7F}\"", "illegal control character"), ("\"\\x\"", "illegal escape"), ("\"\\0\"", "illegal escape"),
        ("\"\\0g\"", "illegal escape"), ("\"\\u{}\"", "illegal escape"), ("\"\\u{110000}\"", "illegal escape"),
        ("\"\\u{d800}\"", "illegal escape"), ("\"\\u{dfff}\"", "illegal escape"), ("\"\\u{41\"", "illegal escape"),
        ("\"\\u41\"", "illegal escape"), ("\"\\u{4_}\"", "illegal escape"),
        ("\"\\u{ffffffffffffffffffff}\"", "illegal escape"),
        ("\"\\", "illegal escape"), ("\"\\u", "illegal escape"), ("\"\\u{", "illegal escape"),
        ("\"\\a", "illegal escape"),
        ("\u{1}", "illegal character"), ("é", "illegal character"), ("$", "empty identifier"),
        ("$\"\"", "empty identifier"), ("$ x", "empty identifier"), ("$\"a\n\"", "empty identifier"),
        ("$\"\\ff\"", "malformed UTF-8 encoding"), ("(@)", "empty annotation id"), ("(@ a)", "empty annotation id"),
        ("(@\"\")", "empty annotation id"), ("(@\"\n\")", "empty annotation id"),
        ("(@\"\\80\")", "malformed UTF-8 encoding"), ("(@a", "unclosed annotation"), ("(@a ()", "unclosed annotation"),
        ("(@a \")", "unclosed string"), ("(@a \u{1})", "illegal character"), ("(@a é)", "illegal character"),
    ])
    func refused(text: String, message: String) {
        let error = #expect(throws: TextError.self) { try kinds(text) }
        #expect(error?.message.hasPrefix(message) == true, "\(text): \(String(describing: error))")
    }

    @Test func stringContent() {
        func content(_ text: String) -> [UInt8] {
            StringLiteral.content(Array(text.utf8), 0..<text.utf8.count)
        }
        #expect(content("\"a\\t\\n\\r\\\"\\'\\\\b\"") == Array("a\t\n\r\"'\\b".utf8))
        #expect(content("\"\\00\\fF\\7f\"") == [0x00, 0xFF, 0x7F])
        #expect(
            content("\"\\u{0}\\u{7f}\\u{e9}\\u{20AC}\\u{10_FFFF}\\u{00000041}\"")
                == Array("\u{0}\u{7F}é€\u{10FFFF}A".utf8))
        #expect(content("\"é\"") == Array("é".utf8))
    }

    @Test func validityOfUTF8() {
        func firstError(_ bytes: UInt8...) -> Int? { UTF8Validity.firstError(in: bytes[...]) }
        for scalar in [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF].compactMap(
            Unicode.Scalar.init)
        {
            #expect(UTF8Validity.firstError(in: Array(String(Character(scalar)).utf8)[...]) == nil)
        }
        #expect(firstError(0x41, 0x80) == 1)
        #expect(firstError(0xC0, 0x80) == 0)
        #expect(firstError(0xC1, 0xBF) == 0)
        #expect(firstError(0xC2) == 0)
        #expect(firstError(0xC2, 0x41) == 0)
        #expect(firstError(0xE0, 0x9F, 0xBF) == 0)
        #expect(firstError(0xED, 0xA0, 0x80) == 0)
        #expect(firstError(0xE1, 0x80) == 0)
        #expect(firstError(0xE1, 0x80, 0xC0) == 0)
        #expect(firstError(0xF0, 0x8F, 0xBF, 0xBF) == 0)
        #expect(firstError(0xF4, 0x90, 0x80, 0x80) == 0)
        #expect(firstError(0xF5, 0x80, 0x80, 0x80) == 0)
        #expect(firstError(0xF1, 0x80, 0x80) == 0)
        #expect(firstError(0xFF) == 0)
    }

    @Test func placesOfErrors() {
        let error = refusal("(module\n  (func\n    é é nop))")
        #expect(error?.line == 3)
        #expect(error?.column == 5)
        let later = refusal("(module\r\n  (data \"é\") (funk))")
        #expect(later?.line == 2)
        #expect(later?.column == 15)
        #expect(later?.message == "unknown operator funk: expected a module field")
        #expect(
            later?.description == "malformed text: unknown operator funk: expected a module field (line 2, column 15)")
        let end = refusal("(module")
        #expect(end?.message == "unexpected token: expected ')', found the end of the text")
        #expect(end?.column == 8)
    }

    @Test func textThatIsNotUTF8() {
        let error = #expect(throws: TextError.self) { try WasmText.assemble(Array(";; a\n;; ".utf8) + [0xC3, 0x28]) }
        #expect(error?.message == "malformed UTF-8 encoding")
        #expect(error?.line == 2)
    }

    @Test func textThatIsTooLarge() {
        let error = #expect(throws: TextError.self) { try Assembler.check([0x20, 0x20, 0x20], maximumSize: 2) }
        #expect(error?.kind == .limit)
        #expect(throws: Never.self) { try Assembler.check([0x20, 0x20], maximumSize: 2) }
    }
}
