import Testing
import WasmModule

@Suite struct DecoderTests {
    @Test func emptyModule() throws {
        let module = try load(header)
        #expect(module.sections.isEmpty)
        #expect(module.featuresUsed == [])
    }

    @Test(
        arguments: [
            ([], "unexpected end"),
            ([0x00, 0x61, 0x73], "unexpected end"),
            ([0x00, 0x61, 0x73, 0x6E, 0x01, 0x00, 0x00, 0x00], "magic header not detected"),
            (Array("(module)".utf8), "magic header not detected"),
            ([0x00, 0x61, 0x73, 0x6D, 0x02, 0x00, 0x00, 0x00], "unknown binary version"),
        ] as [([UInt8], String)])
    func headers(bytes: [UInt8], message: String) {
        expectRefused(bytes, .malformed, message)
    }

    @Test func component() {
        expectRefused([0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00], .unsupported, "components")
    }

    @Test func everySection() throws {
        var source = TestModule()
        source.types = [type([i32, i64], [f32]), type([], [])]
        source.imports = [
            name("env") + name("f") + [0x00, 0x01],
            name("env") + name("g") + [0x03, f64, 0x00],
        ]
        source.functions = [1]
        source.exports = [name("run") + [0x00, 0x01], name("memory") + [0x02, 0x00]]
        source.start = 1
        source.code = [code([0x01], locals: [[0x02, i32], [0x00, f64]])]
        source.data.append([0x00, 0x41, 0x05, end, 0x01, 0xFF])
        source.dataCount = 2
        let custom = section(.custom, name("mine") + [1, 2, 3])
        let module = try load(source.bytes + custom)

        #expect(module.types[0] == FunctionType(parameters: [.i32, .i64], results: [.f32]))
        #expect(module.imports.map(\.name) == ["f", "g"])
        guard case .global(let global) = module.imports[1].type else {
            Issue.record("expected a global")
            return
        }
        #expect(global == GlobalType(value: .f64, mutability: .constant))
        #expect(module.functions == [1])
        #expect(module.functionIndexSpace == [1, 1])
        #expect(module.tables[1] == TableType(element: .externref, limits: Limits(minimum: 0, maximum: 5)))
        #expect(module.memories == [MemoryType(limits: Limits(minimum: 1, maximum: 2))])
        #expect(module.globals.map(\.type.mutability) == [.variable, .constant])
        #expect(module.exports.map(\.name) == ["run", "memory"])
        #expect(module.start == 1)
        #expect(module.elements.map(\.type) == [.funcref, .externref])
        #expect(module.dataCount == 2)
        #expect(module.code[0].locals.map(\.count) == [2, 0])
        #expect(Array(module.bytes[module.code[0].body]) == [0x01, end])
        #expect(Array(module.bytes[module.data[0].content]) == Array("abc".utf8))
        guard case .active(0, let offset) = module.data[1].mode else {
            Issue.record("expected an active segment")
            return
        }
        #expect(Array(module.bytes[offset.range]) == [0x41, 0x05, end])
        #expect(module.customSections.map(\.name) == ["mine"])
        #expect(Array(module.bytes[module.customSections[0].content]) == [1, 2, 3])
        #expect(module.sections.count == 13)
    }

    @Test func customSectionsAnywhere() throws {
        let custom = section(.custom, name("x"))
        let module = try load(
            header + custom + section(.type, [0]) + custom + custom + section(.data, [0]) + custom)
        #expect(module.customSections.count == 4)
    }

    @Test(
        arguments: [
            // Sections.
            ([0x0E, 0x01, 0x00], "malformed section id"),
            (section(.type, [0]) + section(.type, [0]), "unexpected content after last section"),
            (section(.code, [0]) + section(.dataCount, [0]), "unexpected content after last section"),
            ([0x01], "unexpected end"),
            ([0x01, 0x05, 0x00], "length out of bounds"),
            (section(.type, [0x00, 0x00]), "section size mismatch"),
            (section(.type, [0x02] + type([], [])) + section(.import, [0]), "malformed function type"),
            // Integers.
            ([0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "integer representation too long"),
            ([0x01, 0x80, 0x80, 0x80, 0x80, 0x10], "integer too large"),
            // Types.
            (section(.type, [0x01, 0x61, 0x00, 0x00]), "malformed function type"),
            (section(.type, [0x01, 0x60, 0x01, 0x42, 0x00]), "malformed value type"),
            (section(.table, [0x01, i32, 0x00, 0x00]), "malformed reference type"),
            (section(.table, [0x01, funcref, 0x02, 0x00]), "integer too large"),
            (section(.memory, [0x01, 0x81, 0x00, 0x00]), "integer representation too long"),
            (section(.global, [0x01, i32, 0x02, 0x41, 0x00, end]), "malformed mutability"),
            // Imports, exports.
            (section(.import, [0x01, 0x00, 0x00, 0x04, 0x00]), "malformed import kind"),
            (section(.export, [0x01, 0x00, 0x07, 0x00]), "malformed export kind"),
            (section(.import, [0x01, 0x01, 0xFF, 0x00, 0x00, 0x00]), "malformed UTF-8 encoding"),
            (section(.export, [0x01, 0x02, 0xC0, 0x80, 0x00, 0x00]), "malformed UTF-8 encoding"),
            (section(.custom, [0x03, 0xED, 0xA0, 0x80]), "malformed UTF-8 encoding"),
            (section(.custom, []), "unexpected end"),
            (section(.custom, [0x02, 0x61]) + [0x62], "unexpected end"),
            // Segments.
            (section(.element, [0x01, 0x08]), "malformed elements segment kind"),
            (section(.element, [0x01, 0x01, 0x01, 0x00]), "malformed element kind"),
            (section(.data, [0x01, 0x03, 0x00]), "malformed data segment kind"),
            (section(.global, [0x01, i32, 0x00, 0x41, 0x00, 0x05, end]), "END opcode expected"),
            (section(.global, [0x01, i32, 0x00, 0xFF, end]), "illegal opcode"),
            (section(.global, [0x01, i32, 0x00, 0x41, 0x00]), "unexpected end"),
            // Counts.
            (section(.function, [0x01, 0x00]), "function and code section have inconsistent lengths"),
            (section(.dataCount, [0x01]), "data count and data section have inconsistent lengths"),
            (
                section(.dataCount, [0x00]) + section(.data, [0x01, 0x01, 0x00]),
                "data count and data section have inconsistent lengths"
            ),
        ] as [([UInt8], String)])
    func malformed(content: [UInt8], message: String) {
        expectRefused(header + content, .malformed, message)
    }

    @Test(
        arguments: [
            (section(.type, [0x01, 0x5F, 0x00]), "typed references"),
            (section(.table, [0x01, 0x63, 0x00, 0x00, 0x00]), "typed references"),
            (section(.memory, [0x01, 0x03, 0x00, 0x01]), "shared memory"),
            (section(.memory, [0x01, 0x04, 0x00]), "64-bit memories"),
            (section(.table, [0x01, funcref, 0x05, 0x00, 0x01]), "64-bit memories"),
            ([0x0D, 0x00], "proposal exception-handling"),
            (section(.global, [0x01, i32, 0x00, 0xFD, 0x80, 0x02]), "proposal relaxed-simd"),
        ] as [([UInt8], String)])
    func unsupported(content: [UInt8], message: String) {
        expectRefused(header + content, .unsupported, message)
    }

    @Test(
        arguments: [
            (
                code([], locals: [[0xFF, 0xFF, 0xFF, 0xFF, 0x0F, i32], [0x01, i64]]), ModuleError.Kind.malformed,
                "too many locals"
            ),
            (code([], locals: [[0xFF, 0xFF, 0xFF, 0xFF, 0x0F, i32]]), .limit, "expected at most 50000 locals"),
            (code([], locals: [[0xD1, 0x86, 0x03, i32]]), .limit, "expected at most 50000 locals"),
            (code([], locals: [[0x01, 0x40]]), .malformed, "malformed value type"),
            ([0x02, 0x01, 0x01, i32, end], .malformed, "section size mismatch"),
            ([0x7F, 0x00, end], .malformed, "length out of bounds"),
            ([0x02, 0x00, 0x01], .malformed, "unexpected end"),
            ([0x04, 0x00, end, 0x01, end], .malformed, "section size mismatch"),
            ([0x01, 0x00], .malformed, "unexpected end"),
            (code([0xFF]), .malformed, "illegal opcode"),
            (code([0xFC, 0x12]), .malformed, "illegal opcode"),
            (code([0xFC, 0x13]), .unsupported, "proposal wide-arithmetic"),
            (code([0xFD, 0x0C]), .malformed, "unexpected end"),
            (code([0xFD, 0x0D, 0x00]), .malformed, "unexpected end"),
            (
                code([0xFD, 0x15, 0x10]), .invalid,
                "invalid lane index: i8x16.extract_lane_s expected a number below 16"
            ),
            (code([0xFD, 0x9A, 0x01]), .malformed, "illegal opcode 0xFD 154"),
            (code([0xFD, 0x80, 0x02]), .unsupported, "proposal relaxed-simd"),
            (code([0xFD, 0xB0, 0x02]), .malformed, "illegal opcode 0xFD 304"),
            (code([0xFE, 0x00]), .unsupported, "shared memory and atomics"),
            (code([0x12, 0x00]), .unsupported, "proposal tail-call"),
            (code([0x06, 0x40]), .unsupported, "proposal exception-handling"),
            (code([0x05]), .malformed, "END opcode expected"),
            (code([0x02, 0x41]), .malformed, "malformed value type"),
            (code([0x02, 0xC0, 0x7F]), .malformed, "malformed block type"),
            (code([0x0E, 0x7F, 0x00]), .invalid, "type mismatch"),
            (code([0x00, 0x0E, 0x7F, 0x00]), .malformed, "length out of bounds"),
        ] as [([UInt8], ModuleError.Kind, String)])
    func functionBodies(entry: [UInt8], kind: ModuleError.Kind, message: String) {
        var module = TestModule.empty
        module.types = [type([], [])]
        module.functions = [0]
        module.code = [entry]
        expectRefused(module.bytes, kind, message)
    }

    @Test func fiftyThousandLocals() {
        // The last is found, and it has the type of its run.
        let locals: [[UInt8]] = [leb(49_990) + [i32], leb(9) + [i64], leb(1) + [f32]]
        let good: [UInt8] = [0x20] + leb(49_999) + [0x21] + leb(49_999)
        expectAccepted(TestModule.function(good, locals: locals).bytes)
        let far: [UInt8] = [0x20] + leb(49_989) + [0x21] + leb(3)
        expectAccepted(TestModule.function(far, locals: locals).bytes)
        let wrong: [UInt8] = [0x20] + leb(49_999) + [0x21] + leb(49_998)
        expectRefused(TestModule.function(wrong, locals: locals).bytes, .invalid, "type mismatch")
        let unknown: [UInt8] = [0x20] + leb(50_000) + [0x1A]
        expectRefused(TestModule.function(unknown, locals: locals).bytes, .invalid, "unknown local 50000")
    }

    @Test func tooManyParameters() {
        let wide = [UInt8](repeating: i32, count: 1000)
        expectAccepted(header + section(.type, vector([type(wide, wide)])))
        expectRefused(
            header + section(.type, vector([type(wide + [i32], [])])), .limit, "expected at most 1000 parameters")
        expectRefused(
            header + section(.type, vector([type([], wide + [i32])])), .limit, "expected at most 1000 results")
    }
}

@Suite struct NameSectionTests {
    private func module(_ content: [UInt8]) throws -> Module {
        try load(TestModule.function([]).bytes + section(.custom, name("name") + content))
    }

    private func subsection(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + leb(content.count) + content }

    @Test func wellFormed() throws {
        let module = try module(
            subsection(0, name("mod")) + subsection(1, vector([[0x00] + name("main")]))
                + subsection(2, vector([[0x00] + vector([[0x03] + name("x")])])) + subsection(9, [1, 2, 3]))
        #expect(module.names.module == "mod")
        #expect(module.names.functions == [0: "main"])
        #expect(module.names.locals == [0: [3: "x"]])
        #expect(module.functionName(0) == "main")
    }

    @Test func errorsNameTheFunction() throws {
        let bytes =
            TestModule.function([0x6A]).bytes
            + section(.custom, name("name") + subsection(1, vector([[0x00] + name("sum")])))
        #expect(failure(bytes)?.function == "sum")
        #expect(failure(bytes)?.description.contains("in function sum") == true)
    }

    /// None of these is an error, and none leaves half of the names behind.
    @Test(
        arguments: [
            [0x01], [0x01, 0x05], [0x00, 0x02, 0x01, 0xFF], [0x00, 0x01, 0x05], [0x01, 0x03, 0xFF, 0xFF, 0x03],
            [0x01, 0x04, 0x02, 0x00, 0x01, 0x61],
            [0x00, 0x02, 0x01, 0x61] + [0x01, 0x02, 0x01, 0x00],
        ] as [[UInt8]])
    func malformed(content: [UInt8]) throws {
        let module = try module(content)
        #expect(module.names.module == nil)
        #expect(module.names.functions.isEmpty)
        #expect(module.customSections.count == 1)
    }

    @Test func absurdIndicesAreDropped() throws {
        let absurd: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F] + name("ghost")
        let module = try module(subsection(1, vector([[0x00] + name("main"), absurd])))
        #expect(module.names.functions == [0: "main"])
    }
}
