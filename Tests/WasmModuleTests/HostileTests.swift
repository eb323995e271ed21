import Testing
import WasmModule

/// Modules made to hurt: each must be refused, or accepted, in bounded time and memory.
@Suite struct HostileTests {
    private let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]

    @Test func countsOfFourBillion() {
        for id in Module.SectionID.allCases where ![.custom, .start, .dataCount].contains(id) {
            expectRefused(header + section(id, most), .malformed, "length out of bounds")
            // One entry's bytes are there, and then no more.
            expectRefused(
                header + section(id, most + [UInt8](repeating: 0, count: 64)), .malformed, "length out of bounds")
        }
        expectRefused(header + section(.dataCount, most), .malformed, "data count and data section")
        expectRefused(header + section(.start, most), .invalid, "unknown function 4294967295")
    }

    @Test func namesOfFourGigabytes() {
        expectRefused(header + section(.import, [1] + most + [0x61]), .malformed, "length out of bounds")
        expectRefused(header + section(.export, [1] + most + [0x61]), .malformed, "length out of bounds")
        expectRefused(header + section(.custom, most + [0x61]), .malformed, "length out of bounds")
        expectRefused(header + section(.type, [1, 0x60] + most), .malformed, "length out of bounds")
        expectRefused(header + section(.data, [1, 1] + most), .malformed, "length out of bounds")
        expectRefused(header + section(.element, [1, 1, 0] + most), .malformed, "length out of bounds")
    }

    @Test func indicesOfFourBillion() {
        for opcode in Opcode.allCases {
            let prefix: [UInt8] =
                opcode.rawValue < 256 ? [UInt8(opcode.rawValue)] : [0xFC, UInt8(opcode.rawValue & 0xFF)]
            for immediates in [most + most, most, most + [0x00], [0x02] + most] {
                // Nothing to expect but an answer.
                _ = failure(TestModule.function([0x00] + prefix + immediates).bytes)
            }
        }
    }

    @Test func millionNestedBlocks() {
        let depth = 1_000_000
        for opcode in [0x02, 0x03] as [UInt8] {
            let body = repeated(depth) { _ in [opcode, 0x40] } + [UInt8](repeating: end, count: depth)
            bounded { expectAccepted(TestModule.function(body).bytes) }
        }
        let open = repeated(depth) { _ in [0x02, 0x40] }
        bounded { expectRefused(TestModule.function(open).bytes, .malformed, "section size mismatch") }
        // With a branch out of all of them in each.
        let branches = repeated(300_000) { depth in [0x02, 0x40, 0x41, 0x00, 0x0D] + leb(depth) }
        let ends = [UInt8](repeating: end, count: 300_000)
        bounded { expectAccepted(TestModule.function(branches + ends).bytes) }
    }

    @Test func nestedBlocksInConstant() {
        let depth = 500_000
        var module = TestModule.empty
        let blocks = repeated(depth) { _ in [0x02, 0x40] } + [UInt8](repeating: end, count: depth)
        module.globals = [[i32, 0x00] + blocks + [0x41, 0x00, end]]
        bounded { expectRefused(module.bytes, .invalid, "constant expression required") }
    }

    /// Labels of a thousand results, asked for by every byte.
    @Test func branchTablesOfWideLabels() {
        let wide = (0..<200).map { index in
            type([], [UInt8](repeating: i32, count: 999) + [index % 2 == 0 ? i32 : i64])
        }
        var body = repeated(200) { [0x02] + signed(Int64($0 + 1)) }
        let labels = leb(10_000) + repeated(10_001) { leb($0 % 200) }
        for _ in 0..<20 { body += [0x00, 0x0E] + labels }
        body += repeated(200) { _ in [0x00, end] } + [0x00]
        bounded { expectAccepted(TestModule.function(body, types: wide).bytes) }
    }

    @Test func wideCalls() {
        let wide = [UInt8](repeating: f64, count: 1000)
        var module = TestModule.function([])
        module.types = [type([], []), type(wide, wide), type([], wide)]
        module.functions = [0, 1, 2]
        let calls = repeated(20_000) { _ in [0x10, 0x01] }
        module.code = [code([0x10, 0x02] + calls + [0x00]), code([0x00]), code([0x00])]
        bounded { expectAccepted(module.bytes) }
        // Two bytes push a thousand values; no one may take a gigabyte that way.
        let pushes = repeated(100_000) { _ in [0x10, 0x02] }
        module.code[0] = code(pushes)
        bounded { expectRefused(module.bytes, .limit, "expected at most 1000000 operands") }
    }

    @Test func manyFunctionsWithManyLocals() {
        var module = TestModule()
        module.functions = [Int](repeating: 0, count: 10_000)
        module.code = [[UInt8]](repeating: code([], locals: [leb(49_999) + [i64]]), count: 10_000)
        bounded { expectAccepted(module.bytes) }
    }

    @Test func bodyTooLong() {
        let body = [UInt8](repeating: 0x01, count: ImplementationLimit.bodySize)
        expectRefused(TestModule.function(body).bytes, .limit, "expected at most 7654321 bytes in a function")
    }

    // MARK: Damage

    /// A valid module with something of everything.
    private var good: [UInt8] {
        var module = TestModule()
        module.types = [type([i32, i64], [f32]), type([], []), type([i32], [i32, i32])]
        module.imports = [name("env") + name("f") + [0x00, 0x01], name("env") + name("g") + [0x03, f64, 0x00]]
        module.functions = [1, 0]
        module.exports = [name("run") + [0x00, 0x01], name("memory") + [0x02, 0x00]]
        module.start = 1
        module.code = [
            code([0x02, 0x40, 0x03, 0x40, 0x41, 0x00, 0x0E, 0x02, 0x00, 0x01, 0x01, end, end], locals: [[2, i32]]),
            code([0x20, 0x01, 0x20, 0x00, 0x28, 0x02, 0xFF, 0xFF, 0x03, 0x1A, 0xB9, 0xB6]),
        ]
        module.data.append([0x00, 0x41, 0x05, end, 0x01, 0xFF])
        module.dataCount = 2
        let names: [UInt8] = [0x01] + [0x07, 0x01, 0x01, 0x04] + Array("main".utf8)
        return module.bytes + section(.custom, name("name") + names)
    }

    @Test func truncated() {
        expectAccepted(good)
        let good = good
        var accepted: [Int] = []
        bounded {
            for length in 0..<good.count where failure(Array(good[..<length])) == nil { accepted.append(length) }
        }
        // Only where the custom section at the end begins, or before anything refers to something.
        let module = good.count - section(.custom, name("name") + [UInt8](repeating: 0, count: 9)).count
        #expect(accepted.contains(header.count))
        #expect(accepted.filter { $0 > 60 } == [module])
    }

    @Test func flipped() {
        let good = good
        var accepted = 0
        bounded(.seconds(60)) {
            for index in good.indices {
                for value in [good[index] ^ 0xFF, good[index] ^ 0x80, good[index] ^ 0x01, 0x00, 0xFF, 0x7F] {
                    var bytes = good
                    bytes[index] = value
                    if failure(bytes) == nil { accepted += 1 }
                }
            }
        }
        #expect(accepted > 0)
    }
}
