import AddressFolding
import Testing

/// Which loops begin at a line of the instruction cache, by the lines around them.
struct AlignmentTests {
    /// `align`, a directive, stands where the compiler would have put it.
    private func alignments(_ text: String) -> [String] {
        folded(lines(text.replacing("align", with: ".p2align 4"))).filter { $0.hasPrefix(".p2align") }
    }

    private static let step = "addl $1, %ecx\ncmpl %ecx, %esi\n"

    @Test func aShortLoop() {
        #expect(alignments("align\n.L1:\n\(Self.step)jne .L1\nretq") == [".p2align 6"])
    }

    @Test func aLoopOfTwoBlocks() {
        #expect(alignments("align\n.L1:\n\(Self.step)je .L2\naddl $3, %eax\njmp .L1\n.L2:\nretq") == [".p2align 6"])
    }

    @Test func onlyTheInnerOfTwo() {
        let inner = "align\n.L2:\n\(Self.step)jne .L2\n"
        let outer = "align\n.L1:\nxorl %ecx, %ecx\n\(inner)decl %edx\njne .L1\nretq"
        #expect(alignments(outer) == [".p2align 4", ".p2align 6"])
    }

    @Test func notOneWithACall() {
        #expect(alignments("align\n.L1:\ncallq g\ndecl %ebx\njne .L1\nretq") == [".p2align 4"])
    }

    @Test func notALongOne() {
        let work = String(repeating: "addl %edx, %eax\n", count: 60)
        #expect(alignments("align\n.L1:\n\(work)\(Self.step)jne .L1\nretq") == [".p2align 4"])
    }

    @Test func nothingThatIsNoLoop() {
        #expect(alignments("testl %edi, %edi\njne .L1\nretq\nalign\n.L1:\nmovl %edi, %eax\nretq") == [".p2align 4"])
    }
}
