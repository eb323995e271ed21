/// A large valid module whose code has the mix of instructions that compilers of C emit: locals, memory, arithmetic, branches, calls.
struct SyntheticModule {
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var code: [UInt8] = []
    private let functionCount: Int

    private static let i32Locals: UInt8 = 8  // With the two parameters.

    static func make(bytes: Int) -> [UInt8] {
        // A function comes to about 600 bytes.
        let count = max(1, bytes / 600)
        var bodies: [UInt8] = []
        var generator = SyntheticModule(functionCount: count)
        for _ in 0..<count { bodies += generator.function() }

        var module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
        module += section(1, [1, 0x60, 2, 0x7F, 0x7F, 1, 0x7F])
        module += section(3, leb(count) + [UInt8](repeating: 0, count: count))
        module += section(5, [1, 0, 16])
        module += section(6, [1, 0x7F, 1, 0x41, 0, 0x0B])
        module += section(7, [1, 3] + Array("run".utf8) + [0, 0])
        module += section(10, leb(count) + bodies)
        return module
    }

    private init(functionCount: Int) { self.functionCount = functionCount }

    private static func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + leb(content.count) + content }

    private static func leb(_ value: Int) -> [UInt8] {
        var value = value
        var bytes: [UInt8] = []
        repeat {
            let low = UInt8(value & 0x7F)
            value >>= 7
            bytes.append(value == 0 ? low : low | 0x80)
        } while value != 0
        return bytes
    }

    private mutating func next(_ bound: UInt64) -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return (random >> 16) % bound
    }

    private mutating func function() -> [UInt8] {
        code = [2, Self.i32Locals - 2, 0x7F, 2, 0x7C]
        for _ in 0..<(8 + next(16)) { statement(depth: 0) }
        value(depth: 2)
        code.append(0x0B)
        return Self.leb(code.count) + code
    }

    private mutating func local() -> UInt8 { UInt8(next(UInt64(Self.i32Locals))) }

    private mutating func statement(depth: Int) {
        switch next(depth < 3 ? 12 : 8) {
        case 0...3:
            value(depth: 0)
            code += [0x21, local()]
        case 4, 5:
            value(depth: 1)
            value(depth: 0)
            code += [0x36, 2] + Self.leb(Int(next(256)) * 4)
        case 6:
            real(depth: 0)
            code += [0x21, Self.i32Locals + UInt8(next(2))]
        case 7:
            value(depth: 1)
            value(depth: 1)
            code += [0x10] + Self.leb(Int(next(UInt64(functionCount)))) + [0x21, local()]
        case 8, 9:
            value(depth: 1)
            code += [0x04, 0x40]
            for _ in 0..<(1 + next(3)) { statement(depth: depth + 1) }
            if next(2) == 0 {
                code.append(0x05)
                statement(depth: depth + 1)
            }
            code.append(0x0B)
        case 10:
            code += [0x02, 0x40]
            statement(depth: depth + 1)
            value(depth: 1)
            code += [0x0D, 0]
            statement(depth: depth + 1)
            code.append(0x0B)
        default:
            code += [0x03, 0x40]
            for _ in 0..<(1 + next(3)) { statement(depth: depth + 1) }
            value(depth: 1)
            code += [0x0D, 0, 0x0B]
        }
    }

    private mutating func value(depth: Int) {
        switch next(depth < 4 ? 10 : 4) {
        case 0, 1, 2: code += [0x20, local()]
        case 3: code += [0x41] + Self.leb(Int(next(60)))
        case 4, 5:
            value(depth: depth + 1)
            code += [0x28, 2] + Self.leb(Int(next(256)) * 4)
        case 6:
            value(depth: depth + 1)
            value(depth: depth + 1)
            // eq … ge_u
            code.append(0x46 + UInt8(next(10)))
        default:
            value(depth: depth + 1)
            value(depth: depth + 1)
            // add, sub, mul, and, or, xor, shl, shr_s, shr_u
            code.append([0x6A, 0x6B, 0x6C, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76][Int(next(9))])
        }
    }

    private mutating func real(depth: Int) {
        switch next(depth < 3 ? 4 : 1) {
        case 0: code += [0x20, Self.i32Locals + UInt8(next(2))]
        case 1:
            value(depth: 2)
            code += [0x2B, 3] + Self.leb(Int(next(256)) * 8)
        default:
            real(depth: depth + 1)
            real(depth: depth + 1)
            code.append(0xA0 + UInt8(next(4)))
        }
    }
}
