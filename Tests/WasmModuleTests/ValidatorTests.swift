import Testing
import WasmModule

@Suite struct ValidatorTests {
    // MARK: Function bodies

    struct Body: Sendable, CustomTestStringConvertible {
        let name: String
        let body: [UInt8]
        /// `nil` when the body is valid.
        let message: String?
        let type: [UInt8]
        let types: [[UInt8]]

        init(
            _ name: String, _ body: [UInt8], _ message: String? = nil, type: [UInt8] = WasmModuleTests.type([], []),
            types: [[UInt8]] = []
        ) {
            self.name = name
            self.body = body
            self.message = message
            self.type = type
            self.types = types
        }

        var testDescription: String { name }
    }

    @Test(arguments: [
        // Operands.
        Body("drop nothing", [0x1A], "type mismatch: drop expected a value, found nothing"),
        Body(
            "add f64 to i32", [0x41, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x6A],
            "type mismatch: i32.add expected i32, found f64"),
        Body("add one", [0x41, 0, 0x6A], "type mismatch: i32.add expected i32, found nothing"),
        Body("add", [0x41, 0, 0x41, 0, 0x6A, 0x1A]),
        Body("comparison gives i32", [0x42, 0, 0x42, 0, 0x51, 0x45, 0x1A]),
        Body("left over", [0x41, 0], "type mismatch: end expected [], found [i32]"),
        Body("result missing", [], "type mismatch: end expected [i32], found []", type: type([], [i32])),
        Body(
            "result of other type", [0x42, 0], "type mismatch: end expected [i32], found [i64]", type: type([], [i32])),
        Body("two results", [0x41, 0, 0x42, 0], type: type([], [i32, i64])),
        Body("two results in the wrong order", [0x42, 0, 0x41, 0], "type mismatch", type: type([], [i32, i64])),
        Body("select", [0x41, 0, 0x41, 0, 0x41, 0, 0x1B, 0x1A]),
        Body("select of two types", [0x41, 0, 0x42, 0, 0x41, 0, 0x1B, 0x1A], "type mismatch: select"),
        Body("select of references", [0xD0, funcref, 0xD0, funcref, 0x41, 0, 0x1B, 0x1A], "type mismatch: select"),
        Body("select with type", [0xD0, funcref, 0xD0, funcref, 0x41, 0, 0x1C, 1, funcref, 0x1A]),
        Body("select without types", [0x1C, 0], "invalid result arity"),
        Body("select with two types", [0x1C, 2, i32, i32], "invalid result arity"),
        // Blocks.
        Body("block", [0x02, 0x40, end]),
        Body("block with result", [0x02, i32, 0x41, 0, end, 0x1A]),
        Body("block without its result", [0x02, i32, end, 0x1A], "type mismatch: end expected [i32], found []"),
        Body("block may not reach below", [0x41, 0, 0x02, 0x40, 0x1A, end, 0x1A], "type mismatch: drop"),
        Body("block with parameter", [0x41, 0, 0x02, 1, 0x1A, end], types: [type([i32], [])]),
        Body("block parameter missing", [0x02, 1, 0x1A, end], "type mismatch: block", types: [type([i32], [])]),
        Body("block of unknown type", [0x02, 9, end], "unknown type 9"),
        Body("if", [0x41, 0, 0x04, 0x40, 0x05, end]),
        Body("if with result and no else", [0x41, 0, 0x04, i32, 0x41, 0, end, 0x1A], "type mismatch: if without else"),
        Body("if that hands on its parameter", [0x41, 0, 0x41, 0, 0x04, 1, end, 0x1A], types: [type([i32], [i32])]),
        Body("else starts over", [0x41, 0, 0x04, i32, 0x41, 0, 0x05, 0x42, 0, end, 0x1A], "type mismatch: end"),
        Body("then without result", [0x41, 0, 0x04, i32, 0x05, 0x41, 0, end, 0x1A], "type mismatch: else"),
        Body("two elses", [0x41, 0, 0x04, 0x40, 0x05, 0x05, end], "END opcode expected"),
        // Branches.
        Body("br to function", [0x0C, 0]),
        Body("br unknown", [0x0C, 1], "unknown label 1"),
        Body("br without operand", [0x02, i32, 0x0C, 0, end, 0x1A], "type mismatch: br expected [i32], found []"),
        Body("br takes the top", [0x02, i32, 0x42, 0, 0x41, 0, 0x0C, 0, end, 0x1A]),
        Body("loop label takes parameters", [0x03, i32, 0x0C, 0, end, 0x1A]),
        Body("br_if keeps operands", [0x02, i32, 0x41, 0, 0x41, 1, 0x0D, 0, end, 0x1A]),
        Body(
            "br_if without operand", [0x02, i32, 0x41, 1, 0x0D, 0, end, 0x1A],
            "type mismatch: br_if expected i32, found nothing"),
        Body("br_table", [0x02, 0x40, 0x02, 0x40, 0x41, 0, 0x0E, 2, 0, 1, 2, end, end]),
        Body(
            "br_table to labels of different arity", [0x02, i32, 0x41, 0, 0x41, 0, 0x0E, 1, 0, 1, end, 0x1A],
            "type mismatch: br_table expected labels of 1 values"),
        Body(
            "br_table to different types", [0x02, i64, 0x02, i32, 0x41, 0, 0x41, 0, 0x0E, 1, 0, 1, end, end, 0x1A],
            "type mismatch: br_table"),
        Body("br_table unknown label", [0x41, 0, 0x0E, 1, 0, 1], "unknown label 1"),
        Body("br_table unknown default", [0x41, 0, 0x0E, 1, 1, 0], "unknown label 1"),
        Body("return", [0x41, 0, 0x42, 0, 0x0F], type: type([], [i64])),
        Body("return without result", [0x0F], "type mismatch: return", type: type([], [i64])),
        Body("return from inside", [0x02, 0x40, 0x41, 0, 0x0F, end, 0x00], type: type([], [i32])),
        // Unreachable code.
        Body("anything after unreachable", [0x00, 0x6A, 0x1A, 0x1A, 0x1B, 0xD1, 0x1A]),
        Body("polymorphism ends with the block", [0x02, 0x40, 0x00, end, 0x1A], "type mismatch: drop"),
        Body("known types still count", [0x00, 0x42, 0, 0x6A, 0x1A], "type mismatch: i32.add expected i32, found i64"),
        Body("known results still count", [0x00, 0x42, 0], "type mismatch: end", type: type([], [i32])),
        Body("not too many results", [0x00, 0x41, 0, 0x41, 0], "type mismatch: end", type: type([], [i32])),
        Body(
            "select of unknown and known", [0x00, 0x41, 0, 0x41, 0, 0x1B, 0x42, 0, 0x7C, 0x1A],
            "type mismatch: i64.add expected i64, found i32"),
        Body("select of two unknown", [0x00, 0x1B, 0x42, 0, 0x7C, 0x1A]),
        Body("unknown is a reference", [0x00, 0xD1, 0x1A]),
        Body("nested block is reachable again", [0x00, 0x02, 0x40, 0x1A, end], "type mismatch: drop"),
        Body(
            "br_table meets bottom",
            [0x02, f64, 0x02, f32, 0x00, 0x41, 1, 0x0E, 2, 0, 1, 1, end, 0x1A, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, end, 0x1A]),
        Body(
            "br_table with a known operand",
            [0x02, f64, 0x02, f32, 0x00, 0x43, 0, 0, 0, 0, 0x41, 1, 0x0E, 1, 0, 1, end, 0x1A, 0x00, end, 0x1A],
            "type mismatch: br_table"),
        Body(
            "br_if makes types known", [0x02, i32, 0x00, 0x0D, 0, 0xA7, end, 0x1A],
            "type mismatch: i32.wrap_i64 expected i64, found i32"),
        Body("else after unreachable", [0x41, 0, 0x04, i32, 0x00, 0x05, 0x41, 0, end, 0x1A]),
        // Variables.
        Body("local.get unknown", [0x20, 1, 0x1A], "unknown local 1", type: type([i32], [])),
        Body("local.set", [0x41, 0, 0x21, 0], type: type([i32], [])),
        Body(
            "local.set of other type", [0x42, 0, 0x21, 0], "type mismatch: local.set expected i32, found i64",
            type: type([i32], [])),
        Body("local.tee", [0x41, 0, 0x22, 0, 0x1A], type: type([i32], [])),
        Body(
            "local.tee in unreachable code", [0x00, 0x22, 0, 0xA7, 0x1A], "type mismatch: i32.wrap_i64",
            type: type([i32], [])),
        Body("global.get", [0x23, 1, 0xA7, 0x1A]),
        Body("global.get unknown", [0x23, 2, 0x1A], "unknown global 2"),
        Body("global.set", [0x41, 0, 0x24, 0]),
        Body("global.set immutable", [0x42, 0, 0x24, 1], "global is immutable"),
        // Memory.
        Body("load", [0x41, 0, 0x28, 2, 0, 0x1A]),
        Body(
            "load overaligned", [0x41, 0, 0x28, 3, 0, 0x1A],
            "alignment must not be larger than natural: i32.load expected at most 2^2"),
        Body("load with absurd alignment", [0x41, 0, 0x28, 0x20, 0, 0x1A], "malformed memop flags"),
        Body("store", [0x41, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x39, 3, 0]),
        Body(
            "store of other type", [0x41, 0, 0x41, 0, 0x39, 3, 0], "type mismatch: f64.store expected f64, found i32"),
        Body("memory.size and grow", [0x3F, 0, 0x40, 0, 0x1A]),
        Body("memory.grow other memory", [0x3F, 1, 0x1A], "zero byte expected"),
        Body("memory.init", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 8, 0, 0]),
        Body("memory.init unknown", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 8, 1, 0], "unknown data segment 1"),
        Body("data.drop", [0xFC, 9, 0]),
        Body("data.drop unknown", [0xFC, 9, 1], "unknown data segment 1"),
        Body("memory.copy", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 10, 0, 0]),
        Body("memory.fill", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 11, 0]),
        Body("memory.fill of i64", [0x41, 0, 0x42, 0, 0x41, 0, 0xFC, 11, 0], "type mismatch: memory.fill"),
        // Tables and references.
        Body("table.get", [0x41, 0, 0x25, 1, 0x41, 0, 0x25, 1, 0x41, 0, 0x1C, 1, externref, 0x1A]),
        Body("table.set", [0x41, 0, 0xD0, externref, 0x26, 1]),
        Body("table.set of other type", [0x41, 0, 0xD0, funcref, 0x26, 1], "type mismatch: table.set"),
        Body("table.get unknown", [0x41, 0, 0x25, 2, 0x1A], "unknown table 2"),
        Body("table.size", [0xFC, 16, 1, 0x1A]),
        Body("table.grow", [0xD0, funcref, 0x41, 1, 0xFC, 15, 0, 0x1A]),
        Body("table.fill", [0x41, 0, 0xD0, funcref, 0x41, 1, 0xFC, 17, 0]),
        Body("table.init", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 12, 1, 1]),
        Body("table.init of other type", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 12, 1, 0], "type mismatch: table.init"),
        Body("table.init unknown", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 12, 4, 0], "unknown elem segment 4"),
        Body("elem.drop unknown", [0xFC, 13, 4], "unknown elem segment 4"),
        Body("table.copy", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 14, 0, 0]),
        Body("table.copy between types", [0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 14, 0, 1], "type mismatch: table.copy"),
        Body("ref.is_null", [0xD0, funcref, 0xD1, 0x1A]),
        Body(
            "ref.is_null of a number", [0x41, 0, 0xD1, 0x1A],
            "type mismatch: ref.is_null expected a reference, found i32"),
        Body("ref.func", [0xD2, 0, 0x1A]),
        Body("ref.func unknown", [0xD2, 9, 0x1A], "unknown function 9"),
        // Calls.
        Body("call", [0x10, 0]),
        Body("call unknown", [0x10, 1], "unknown function 1"),
        Body(
            "call without argument", [0x10, 0], "type mismatch: call expected i32, found nothing", type: type([i32], [])
        ),
        Body(
            "call without arguments", [0x10, 0], "type mismatch: call expected [i32 i64], found []",
            type: type([i32, i64], [])),
        Body("call_indirect", [0x41, 0, 0x41, 0, 0x11, 1, 0, 0x1A], types: [type([i32], [i64])]),
        Body("call_indirect of unknown type", [0x41, 0, 0x11, 1, 0], "unknown type 1"),
        Body("call_indirect through externref", [0x41, 0, 0x11, 0, 1], "type mismatch: call_indirect"),
        Body("call_indirect through unknown table", [0x41, 0, 0x11, 0, 2], "unknown table 2"),
        // The end.
        Body("code after the end", [end, 0x01], "section size mismatch"),
        Body("block not closed", [0x02, 0x40], "section size mismatch"),
    ])
    func functionBody(_ body: Body) {
        let bytes = TestModule.function(body.body, type: body.type, types: body.types).bytes
        let error = failure(bytes)
        switch (body.message, error) {
        case (nil, nil): break
        case (nil, let error?): Issue.record("\(error)")
        case (let message?, nil): Issue.record("accepted, expected '\(message)'")
        case (let message?, let error?):
            #expect(error.message.hasPrefix(message), "\(error)")
            #expect(error.kind == .invalid || error.kind == .malformed)
        }
    }

    @Test func errorsPointAtTheInstruction() throws {
        let bytes = TestModule.function([0x01, 0x01, 0x6A]).bytes
        let error = try #require(failure(bytes))
        #expect(bytes[error.offset] == 0x6A)
        #expect(error.function == "function[0]")
    }

    // MARK: Modules

    @Test func withoutMemoryOrTable() {
        for body in [[0x41, 0, 0x28, 2, 0, 0x1A], [0x3F, 0, 0x1A], [0x00, 0xFC, 11, 0]] as [[UInt8]] {
            var module = TestModule.function(body)
            module.memories = []
            expectRefused(module.bytes, .invalid, "unknown memory 0")
        }
        var module = TestModule.function([0x41, 0, 0x11, 0, 0])
        module.tables = []
        module.elements = []
        expectRefused(module.bytes, .invalid, "unknown table 0")
    }

    @Test func dataCountRequired() {
        for body in [[0xFC, 9, 0], [0x00, 0xFC, 8, 0, 0]] as [[UInt8]] {
            var module = TestModule.function(body)
            module.dataCount = nil
            expectRefused(module.bytes, .malformed, "data count section required")
        }
    }

    @Test func undeclaredReference() {
        var module = TestModule.function([0xD2, 0, 0x1A])
        module.elements = []
        expectRefused(module.bytes, .invalid, "undeclared function reference")
        module.start = 0
        expectRefused(module.bytes, .invalid, "undeclared function reference")
        module.exports = [name("f") + [0x00, 0x00]]
        expectAccepted(module.bytes)
        module.exports = []
        module.globals = [[funcref, 0x00, 0xD2, 0x00, end]]
        expectAccepted(module.bytes)
        module.globals = []
        module.elements = [[0x07, funcref, 0x01, 0xD2, 0x00, end]]
        expectAccepted(module.bytes)
    }

    @Test func types() {
        var module = TestModule()
        module.functions = [5]
        expectRefused(module.bytes, .invalid, "unknown type 5")
        module = TestModule()
        module.imports = [name("") + name("") + [0x00, 0x03]]
        expectRefused(module.bytes, .invalid, "unknown type 3")
    }

    @Test func limits() {
        var module = TestModule.empty
        module.memories = [[0x00, 0x81, 0x80, 0x04]]
        expectRefused(module.bytes, .invalid, "memory size must be at most 65536 pages (4GiB)")
        module.memories = [[0x01, 0x00, 0x81, 0x80, 0x04]]
        expectRefused(module.bytes, .invalid, "memory size must be at most 65536 pages (4GiB)")
        module.memories = [[0x01, 0x80, 0x80, 0x04, 0x80, 0x80, 0x04]]
        expectAccepted(module.bytes)
        module.memories = [[0x01, 0x02, 0x01]]
        expectRefused(module.bytes, .invalid, "size minimum must not be greater than maximum")
        module.memories = [[0x00, 0x00], [0x00, 0x00]]
        expectRefused(module.bytes, .invalid, "multiple memories")
        module.memories = []
        module.tables = [[funcref, 0x01, 0x02, 0x01]]
        expectRefused(module.bytes, .invalid, "size minimum must not be greater than maximum")
        module.tables = [[funcref, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]]
        expectAccepted(module.bytes)
    }

    @Test func start() {
        var module = TestModule()
        module.start = 1
        expectRefused(module.bytes, .invalid, "unknown function 1")
        module = TestModule.function([], type: type([i32], []))
        module.start = 0
        expectRefused(module.bytes, .invalid, "start function")
    }

    @Test func exports() {
        var module = TestModule()
        module.exports = [
            name("a") + [0x00, 0x00], name("b") + [0x01, 0x01], name("c") + [0x02, 0x00], name("d") + [0x03, 0x01],
        ]
        expectAccepted(module.bytes)
        module.exports.append(name("a") + [0x02, 0x00])
        expectRefused(module.bytes, .invalid, "duplicate export name")
        for (kind, index, what) in [(0, 1, "function"), (1, 2, "table"), (2, 1, "memory"), (3, 2, "global")] {
            module.exports = [name("x") + [UInt8(kind), UInt8(index)]]
            expectRefused(module.bytes, .invalid, "unknown \(what) \(index)")
        }
    }

    /// Swift takes these for equal; WebAssembly does not.
    @Test func exportNamesAreBytes() {
        var module = TestModule()
        module.exports = [
            name("\u{212B}") + [0x00, 0x00], name("\u{C5}") + [0x00, 0x00], name("A\u{30A}") + [0x00, 0x00],
        ]
        expectAccepted(module.bytes)
    }

    @Test func segments() {
        var module = TestModule()
        module.elements = [
            [0x00, 0x41, 0x00, end, 0x01, 0x00], [0x06, 0x01, 0x41, 0x00, end, externref, 0x01, 0xD0, externref, end],
        ]
        expectAccepted(module.bytes)
        module.elements = [[0x02, 0x01, 0x41, 0x00, end, 0x00, 0x01, 0x00]]
        expectRefused(module.bytes, .invalid, "type mismatch: element segment for table 1 expected externref")
        module.elements = [[0x00, 0x42, 0x00, end, 0x00]]
        expectRefused(module.bytes, .invalid, "type mismatch")
        module.elements = [[0x00, 0x41, 0x00, end, 0x01, 0x07]]
        expectRefused(module.bytes, .invalid, "unknown function 7")
        module.elements = [[0x05, funcref, 0x01, 0xD0, externref, end]]
        expectRefused(module.bytes, .invalid, "type mismatch")
        module = TestModule()
        module.data = [[0x00, 0x41, 0x00, 0x01, end, 0x00]]
        expectRefused(module.bytes, .invalid, "constant expression required")
        module.data = [[0x02, 0x01, 0x41, 0x00, end, 0x00]]
        expectRefused(module.bytes, .invalid, "unknown memory 1")
    }

    @Test func constantExpressions() {
        func module(_ initializer: [UInt8], type: UInt8 = i32) -> [UInt8] {
            var module = TestModule.empty
            module.imports = [
                name("") + name("a") + [0x03, i32, 0x00], name("") + name("b") + [0x03, i32, 0x01],
            ]
            module.globals = [[i32, 0x00, 0x41, 0x00, end], [type, 0x00] + initializer + [end]]
            return module.bytes
        }
        expectAccepted(module([0x23, 0x00]), features: .wasm2)
        expectRefused(module([0x23, 0x01]), .invalid, "constant expression required")
        expectRefused(module([0x23, 0x02]), .invalid, "unknown global 2", features: .wasm2)
        expectAccepted(module([0x23, 0x02]))
        expectRefused(module([0x23, 0x03]), .invalid, "unknown global 3")
        expectRefused(module([]), .invalid, "type mismatch")
        expectRefused(module([0x41, 0, 0x41, 0]), .invalid, "type mismatch")
        expectRefused(module([0x42, 0]), .invalid, "type mismatch")
        expectRefused(module([0x41, 0, 0x45]), .invalid, "constant expression required: i32.eqz")
        expectRefused(module([0x02, i32, 0x41, 0, end]), .invalid, "constant expression required: block")
        let sum: [UInt8] = [0x41, 1, 0x23, 0, 0x6A, 0x41, 2, 0x6C, 0x41, 3, 0x6B]
        expectAccepted(module(sum))
        expectRefused(module(sum), .invalid, "constant expression required: i32.add", features: .wasm2)
        expectRefused(
            module([0x42, 1, 0x41, 2, 0x7C], type: i64), .invalid, "type mismatch: i64.add expected i64, found i32")
        expectRefused(module([0x41, 2, 0x6A]), .invalid, "type mismatch: i32.add expected i32, found nothing")
        expectAccepted(module([0x42, 1, 0x42, 2, 0x7E], type: i64))
    }
}

@Suite struct FeatureTests {
    /// A module for each feature that needs nothing else beyond version 1.0.
    static let modules: [(Features, [UInt8])] = {
        var plain = TestModule()
        plain.tables = [[funcref, 0x00, 0x00]]
        plain.globals = []
        plain.elements = []
        plain.dataCount = nil
        plain.data = []
        func body(_ body: [UInt8]) -> [UInt8] {
            var module = plain
            module.code = [code(body)]
            return module.bytes
        }
        func module(_ change: (inout TestModule) -> Void) -> [UInt8] {
            var module = plain
            change(&module)
            return module.bytes
        }
        let mutable: [UInt8] = name("") + name("") + [0x03, i32, 0x01]
        return [
            ([], plain.bytes),
            (.mutableGlobals, module { $0.imports = [mutable] }),
            (
                .mutableGlobals,
                module {
                    $0.globals = [[i32, 0x01, 0x41, 0x00, end]]
                    $0.exports = [name("g") + [0x03, 0x00]]
                }
            ),
            (.signExtension, body([0x41, 0, 0xC0, 0x1A])),
            (.saturatingTruncation, body([0x43, 0, 0, 0, 0, 0xFC, 0, 0x1A])),
            (.multiValue, module { $0.types.append(type([], [i32, i32])) }),
            (.multiValue, body([0x02, 0x00, end])),
            (.bulkMemory, body([0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 11, 0])),
            (.bulkMemory, module { $0.dataCount = 0 }),
            (.bulkMemory, module { $0.data = [[0x01, 0x00]] }),
            (.bulkMemory, module { $0.elements = [[0x01, 0x00, 0x00]] }),
            (.referenceTypes, module { $0.tables.append([funcref, 0x00, 0x00]) }),
            (.referenceTypes, module { $0.types.append(type([externref], [])) }),
            (.referenceTypes, module { $0.code = [code([], locals: [[1, funcref]])] }),
            (.referenceTypes, body([0x02, funcref, 0x00, end, 0xD1, 0x1A])),
            (.referenceTypes, body([0x41, 0, 0x25, 0, 0x1A])),
            (.simd, module { $0.types.append(type([0x7B], [])) }),
            (.simd, module { $0.code = [code([], locals: [[1, 0x7B]])] }),
            (.simd, body([0x41, 0, 0xFD, 17, 0x1A])),
            (.simd, body([0x02, 0x7B, 0x00, end, 0x1A])),
            (.extendedConstants, module { $0.globals = [[i32, 0x00, 0x41, 0x00, 0x41, 0x00, 0x6A, end]] }),
            (
                .extendedConstants,
                module { $0.globals = [[i32, 0x00, 0x41, 0x00, end], [i32, 0x00, 0x23, 0x00, end]] }
            ),
        ]
    }()

    @Test func eachIsNeededAndEnough() throws {
        for (feature, bytes) in FeatureTests.modules {
            let module = try load(bytes)
            #expect(module.featuresUsed == feature, "\(feature)")
            expectAccepted(bytes, features: feature, "\(feature)")
            guard !feature.isEmpty else { continue }
            let error = try #require(failure(bytes, features: .all.subtracting(feature)), "\(feature)")
            if feature == .extendedConstants {
                // Without it these are not constant by the rules of 2.0.
                #expect(error.kind == .invalid)
            } else {
                #expect(error.kind == .unsupported, "\(error)")
                #expect(error.message.contains("\(feature)"), "\(error)")
                #expect(error.message.contains("-mno-"), "\(error)")
            }
        }
    }

    @Test func names() {
        #expect(Features.all.description.split(separator: ",").count == Features.named.count)
        #expect(Features([.bulkMemory, .signExtension]).description == "sign-extension, bulk-memory")
    }
}
