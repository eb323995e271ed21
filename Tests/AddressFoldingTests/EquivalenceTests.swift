import Testing

/// Folded functions do what they did before: the same accesses in the same order, the same calls, the same results.
struct EquivalenceTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func randomFunctionsDoTheSame(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var foldedAway = 0
        for _ in 0..<400 {
            let before = RandomFunction(&random).lines
            let after = folded(before)
            foldedAway += before.count - after.count
            #expect(
                try Machine.run(after) == Machine.run(before),
                "\(before.joined(separator: "\n"))\n\nbecame\n\n\(after.joined(separator: "\n"))")
        }
        // Otherwise this test says nothing.
        #expect(foldedAway > 200)
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// Blocks of instructions, rich in computations of addresses and in what must keep them from being folded.
private struct RandomFunction {
    private(set) var lines: [String] = []
    private static let numbers = [0, 1, 2, 3, 6, 7, 8, 12]
    private static let names64 = ["rax", "rcx", "rdx", "rbx", "", "", "rsi", "rdi", "r8", "", "", "", "r12"]
    private static let names32 = ["eax", "ecx", "edx", "ebx", "", "", "esi", "edi", "r8d", "", "", "", "r12d"]
    private static let names8 = ["al", "cl", "dl", "bl", "", "", "sil", "dil", "r8b", "", "", "", "r12b"]

    init(_ random: inout SplitMix) {
        let blocks = Int.random(in: 1...4, using: &random)
        for block in 0..<blocks {
            lines.append(".L\(block):")
            for _ in 0..<Int.random(in: 1...9, using: &random) { add(&random) }
            let target = Int.random(in: 0..<blocks, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: lines.append("je .L\(target)")
            case 1:
                lines.append("cmpl $\(Int.random(in: -9...9, using: &random)), %eax")
                lines.append("jb .L\(target)")
            case 2: lines.append("jmp .L\(target)")
            default: break
            }
        }
        lines.append("retq")
    }

    private mutating func add(_ random: inout SplitMix) {
        func register(_ names: [String]) -> String {
            "%" + names[Self.numbers[Int.random(in: 0..<Self.numbers.count, using: &random)]]
        }
        let (a, b, c) = (register(Self.names32), register(Self.names64), register(Self.names64))
        let number = [1, 4, -8, 2_147_483_647, -2_147_483_648][Int.random(in: 0..<5, using: &random)]
        let scale = 1 << Int.random(in: 0..<4, using: &random)
        let line =
            switch Int.random(in: 0..<30, using: &random) {
            case 0...2: "leal \(number)(\(b),\(c),\(scale)), \(a)"
            case 3: "leal \(number)(,\(c),\(scale)), \(a)"
            case 4: "movl \(register(Self.names32)), \(a)"
            case 5: "addl \(register(Self.names32)), \(a)"
            case 6: "addl $\(number), \(a)"
            case 7: "subl $\(number), \(a)"
            case 8: "incl \(a)"
            case 9: "decl \(a)"
            case 10: "shll $\(Int.random(in: 1...4, using: &random)), \(a)"
            case 11...16: "movl %gs:(\(b)), \(a)"
            case 17, 18: "movl \(a), %gs:(\(b))"
            case 19: "movl %gs:8(\(b)), \(a)"
            case 20: "movl %gs:(\(b),\(c),\(scale)), \(a)"
            case 21: "addl %gs:(\(b)), \(a)"
            case 22: "movb \(register(Self.names8)), \(register(Self.names8))"
            case 23: "setb \(register(Self.names8))"
            case 24: "leaq \(number)(\(b),\(c),\(scale)), \(register(Self.names64))"
            case 25: "callq g"
            case 26: "xorl \(a), \(a)"
            case 27: "cmpl $5, %gs:(\(b))"
            case 28: "imull \(register(Self.names32)), \(a)"
            default: "cltq"
            }
        lines.append(line)
        // An address is mostly needed at once, and then no more.
        guard line.hasPrefix("leal") || line.hasPrefix("addl"), let target = line.split(separator: "%").last,
            let place = Self.names32.firstIndex(of: String(target)), Bool.random(using: &random)
        else { return }
        lines.append("movl %gs:(%\(Self.names64[place])), \(register(Self.names32))")
        if Bool.random(using: &random) { lines.append("xorl %\(target), %\(target)") }
    }
}
