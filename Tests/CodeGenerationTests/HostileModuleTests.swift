import RandomModules
import Testing
import Toolchain
import WasmModule

@testable import CodeGeneration

/// Modules made to break out of the generated C, or to make too much of it.
@Suite(.serialized) struct HostileModuleTests {
    private static let names = [
        "", "\"", "\\", "*/", "/*", "//", "??/", "??/\n", "\n", "\r\n", "a\\\nb", "\"; int evil; \"", "%s%n%d", "'",
        "\u{0}", "a\u{0}b",
        "\u{202E}reversed", "\u{2028}", "日本語", "🧨", "int", "return", "main", "__attribute__", "#define x",
        "\t\u{7F}\u{1}",
        String(repeating: "x", count: 100_000), String(repeating: "\\", count: 300), "\\x41", "0", "?", "e\u{301}",
    ]

    private static func module(named name: String, code: Int = 3) -> [UInt8] {
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        module.section(.type, count: 1) { $0.append([0x60, 0, 0]) }
        module.section(.import, count: 1) { section in
            section.name(name)
            section.name(name)
            section.append([0, 0])
        }
        module.section(.function, count: 2) { $0.append([0, 0]) }
        module.section(.export, count: 1) { section in
            section.name(name)
            section.append([0, 1])
        }
        module.section(.code, count: 2) { $0.append([4, 0, 0x10, 0, 0x0B, 2, 0, 0x0B]) }
        module.section(.custom, count: nil) { section in
            section.name("name")
            for (id, content) in [(UInt8(0), [name]), (1, [name, name])] {
                var inner = ModuleWriter()
                if id == 1 { inner.unsigned(content.count) }
                for (index, name) in content.enumerated() {
                    if id == 1 { inner.unsigned(index + 1) }
                    inner.name(name)
                }
                section.byte(id)
                section.unsigned(inner.bytes.count)
                section.append(inner)
            }
        }
        return module.bytes
    }

    @Test(arguments: compilers)
    func namesStayInTheirPlace(compiler: Compiler) throws {
        // As one artifact each a compiler starts per name; together they also must not meet one another.
        var modules: [NamedModule] = []
        for name in Self.names {
            modules.append(
                NamedModule(try CodeGenerationTests.module(Self.module(named: name)), prefix: "m\(modules.count)"))
        }
        let code = try generateCode(for: modules, name: "artifact")
        #expect(try compile(code, compiler, optimization: .none) == "")
        for file in code.sources {
            #expect(file.content.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }, "\(file.name) is not ASCII")
        }
    }

    @Test(arguments: compilers)
    func prefixesBecomeIdentifiers(compiler: Compiler) throws {
        let prefixes = [
            "", "1", "bulkhead", "bulkhead_", "i32", "table", "memory", "code", "struct", "_", "__start", "a-b", "é",
            "main",
            String(repeating: "p", count: 200),
        ]
        let bytes = try assemble(
            """
            (import "a" "b" (func (result i32 i32)))
            (memory 1) (table 2 funcref) (global (mut i32) (i32.const 0)) (data "x") (elem (i32.const 0) 0)
            (func (export "f") (result i32 i32) (global.set 0 (i32.const 1))
              (call_indirect (result i32 i32) (i32.const 0)))
            """)
        for prefix in prefixes {
            #expect(try compile(generate(bytes, prefix: prefix), compiler, optimization: .none) == "", "\(prefix)")
        }
    }

    // MARK: - Size

    /// One function of type `[] -> []`.
    private static func module(body: ModuleWriter, types: [FunctionType] = []) -> [UInt8] {
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        module.section(.type, count: types.count + 1) { section in
            section.append([0x60, 0, 0])
            for type in types {
                section.byte(0x60)
                section.types(type.parameters)
                section.types(type.results)
            }
        }
        module.section(.function, count: 1) { $0.append([0]) }
        module.section(.memory, count: 1) { $0.append([0, 1]) }
        module.section(.code, count: 1) { section in
            section.unsigned(body.bytes.count + 2)
            section.byte(0)
            section.append(body)
            section.byte(0x0B)
        }
        return module.bytes
    }

    private static func isTooLarge(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let module = try CodeGenerationTests.module(bytes)
        var options = EmitterOptions()
        options.sizeAllowance = 1 << 22
        do {
            _ = try generateCode(for: [NamedModule(module, prefix: "m")], name: "artifact", options: options)
            Issue.record("accepted", sourceLocation: sourceLocation)
        } catch {
            #expect(error.kind == .limit, sourceLocation: sourceLocation)
        }
    }

    /// The work would take days if any part of it were quadratic.
    @Test(.timeLimit(.minutes(2)))
    func deepBlocks() throws {
        for kind in [Opcode.block, .loop, .if] {
            var body = ModuleWriter()
            for _ in 0..<100_000 {
                if kind == .if { body.constant(.i32, 1) }
                body.opcode(kind)
                body.byte(0x40)
            }
            for _ in 0..<100_000 { body.opcode(.end) }
            _ = try generate(Self.module(body: body))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func deepOperandStacks() throws {
        for value in [Opcode.i32Const, .localGet, .memorySize] {
            var body = ModuleWriter()
            body.constant(.i32, 5)
            for _ in 0..<100_000 {
                switch value {
                case .i32Const: body.constant(.i32, 7)
                case .memorySize:
                    body.opcode(.memorySize)
                    body.byte(0)
                default:
                    // A variable: the result of an instruction with an effect.
                    body.constant(.i32, 0)
                    body.opcode(.memoryGrow)
                    body.byte(0)
                }
            }
            for _ in 0..<100_000 {
                body.constant(.i32, 0)
                body.constant(.i32, 0)
                body.opcode(.i32Store)
                body.append([0, 0])
            }
            for _ in 0..<100_000 { body.opcode(.drop) }
            body.opcode(.drop)
            _ = try generate(Self.module(body: body))
        }
    }

    /// Each branch, of two bytes, moves a thousand values.
    @Test(.timeLimit(.minutes(2)), arguments: [Opcode.brIf, .brTable])
    func branchesThatMoveManyValues(opcode: Opcode) throws {
        let wide = FunctionType(parameters: [], results: Array(repeating: .i32, count: 1000))
        var body = ModuleWriter()
        for _ in 0..<2 {
            body.opcode(.block)
            body.byte(1)
        }
        // One more below them, so that they are not where they should be.
        for _ in 0...1000 { body.constant(.i32, 1) }
        if opcode == .brIf {
            for _ in 0..<2000 {
                body.constant(.i32, 1)
                body.opcode(.brIf)
                body.byte(0)
            }
            body.opcode(.br)
        } else {
            body.constant(.i32, 1)
            body.opcode(.brTable)
            body.unsigned(10_000)
            for place in 0..<10_000 { body.byte(UInt8(place % 2)) }
        }
        body.byte(0)
        for _ in 0..<2 { body.opcode(.end) }
        for _ in 0..<1000 { body.opcode(.drop) }
        try Self.isTooLarge(Self.module(body: body, types: [wide]))
    }

    @Test(.timeLimit(.minutes(2)))
    func manyWideFunctions() throws {
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        module.section(.type, count: 1) { section in
            section.byte(0x60)
            section.types(Array(repeating: .i32, count: 1000))
            section.types([])
        }
        let count = 1000
        module.section(.function, count: count) { section in
            for _ in 0..<count { section.byte(0) }
        }
        module.section(.code, count: count) { section in
            for _ in 0..<count { section.append([2, 0, 0x0B]) }
        }
        try Self.isTooLarge(module.bytes)
    }

    /// Constant tables may not take room that has nothing to do with the module's size.
    @Test(.timeLimit(.minutes(2)))
    func manyLargeTables() throws {
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        module.section(.table, count: 10_000) { section in
            for _ in 0..<10_000 {
                section.append([0x70, 0])
                section.unsigned(1 << 20)
            }
        }
        let code = try generate(module.bytes)
        #expect(code.sources[0].content.count < 50_000_000)
    }

    /// A table's elements, one segment each.
    @Test(.timeLimit(.minutes(2)))
    func manySegmentsOfOneTable() throws {
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        module.section(.type, count: 1) { $0.append([0x60, 0, 0]) }
        module.section(.function, count: 1) { $0.append([0]) }
        module.section(.table, count: 1) { section in
            section.append([0x70, 0])
            section.unsigned(100_000)
        }
        module.section(.element, count: 100_000) { section in
            for place in 0..<100_000 {
                section.byte(0)
                section.constant(.i32, UInt64(place))
                section.append([0x0B, 1, 0])
            }
        }
        module.section(.code, count: 1) { $0.append([2, 0, 0x0B]) }
        _ = try generate(module.bytes)
    }

    @Test(.timeLimit(.minutes(10)), arguments: compilers)
    func manyFunctionsAndElements(compiler: Compiler) throws {
        let (count, elements) = (20_000, 100_000)
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        module.section(.type, count: 1) { $0.append([0x60, 1, 0x7F, 1, 0x7F]) }
        module.section(.function, count: count) { section in
            for _ in 0..<count { section.byte(0) }
        }
        module.section(.table, count: 1) { section in
            section.append([0x70, 0])
            section.unsigned(elements)
        }
        module.section(.export, count: 1) { section in
            section.name("f")
            section.append([0, 0])
        }
        module.section(.element, count: 1) { section in
            section.byte(0)
            section.constant(.i32, 0)
            section.byte(0x0B)
            section.unsigned(elements)
            for element in 0..<elements { section.unsigned(element % count) }
        }
        module.section(.code, count: count) { section in
            for function in 0..<count {
                var body = ModuleWriter()
                body.byte(0)
                body.opcode(.localGet)
                body.byte(0)
                body.constant(.i32, UInt64(function))
                body.opcode(.i32Add)
                if function == 0 {
                    body.opcode(.localGet)
                    body.byte(0)
                    body.opcode(.callIndirect)
                    body.append([0, 0])
                }
                body.opcode(.end)
                section.unsigned(body.bytes.count)
                section.append(body)
            }
        }
        #expect(try compile(generate(module.bytes), compiler, optimization: .none) == "")
        let parts = try generate(module.bytes, options: EmitterOptions(outputs: 4))
        #expect(parts.sources.count == 5)
    }
}
