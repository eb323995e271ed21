import AddressFolding
import Testing

/// What is folded and, more of it, what isn't.
struct FoldingTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var text: String
        /// `nil` if all stays as it is.
        var result: String?

        var testDescription: String { name }

        init(_ name: String, _ text: String, _ result: String? = nil) {
            (self.name, self.text, self.result) = (name, text, result)
        }
    }

    static let computations = [
        Case("copy", "movl %edi, %eax\nmovl %gs:(%rax), %eax\nretq", "movl %gs:(%edi), %eax\nretq"),
        Case(
            "address of three parts", "leal -8(%rdi,%rsi,4), %eax\nmovzbl %gs:(%rax), %eax\nretq",
            "movzbl %gs:-8(%edi,%esi,4), %eax\nretq"),
        Case(
            "sum of registers", "addl %esi, %edi\nmovl %gs:(%rdi), %eax\nxorl %edi, %edi\nretq",
            "movl %gs:(%edi,%esi), %eax\nxorl %edi, %edi\nretq"),
        Case("sum with a number", "addl $12, %edi\nmovl %gs:(%rdi), %eax\nretq", "movl %gs:12(%edi), %eax\nretq"),
        Case("difference", "subl $12, %edi\nmovl %gs:(%rdi), %eax\nretq", "movl %gs:-12(%edi), %eax\nretq"),
        Case("increment", "incl %edi\nmovl %gs:(%rdi), %eax\nretq", "movl %gs:1(%edi), %eax\nretq"),
        Case("decrement", "decl %edi\nmovl %gs:(%rdi), %eax\nretq", "movl %gs:-1(%edi), %eax\nretq"),
        Case("shift", "shll $3, %edi\nmovl %gs:(%rdi), %eax\nretq", "movl %gs:(,%edi,8), %eax\nretq"),
        Case(
            "one after another", "movl %edi, %eax\naddl $4, %eax\nmovl %gs:(%rax), %eax\nretq",
            "movl %gs:4(%edi), %eax\nretq"),
        Case(
            "a scaled one, and then a sum", "shll $2, %esi\naddl %esi, %edi\nmovl %gs:(%rdi), %eax\nretq",
            "movl %gs:(%edi,%esi,4), %eax\nretq"),
        Case(
            "two of three registers", "leal (%rdi,%rsi), %ecx\naddl %edx, %ecx\nmovl %gs:(%rcx), %eax\nretq",
            "leal (%rdi,%rsi), %ecx\nmovl %gs:(%ecx,%edx), %eax\nretq"),
        Case(
            "for several accesses", "leal 4(%rdi), %r8d\nmovl %gs:(%r8), %eax\nmovl %eax, %gs:(%r8)\nretq",
            "movl %gs:4(%edi), %eax\nmovl %eax, %gs:4(%edi)\nretq"),
        Case(
            "the greatest number", "addl $2147483647, %edi\nincl %edi\nmovl %gs:(%rdi), %eax\nretq",
            "movl %gs:-2147483648(%edi), %eax\nretq"),
        Case(
            "vector accesses", "leal (%rdi,%rsi), %r8d\nmovups %gs:(%r8), %xmm0\nmovups %xmm0, %gs:(%r8)\nretq",
            "movups %gs:(%edi,%esi), %xmm0\nmovups %xmm0, %gs:(%edi,%esi)\nretq"),
        Case("beside ah", "leal 4(%rdi), %ecx\nmovb %ah, %gs:(%rcx)\nretq", "movb %ah, %gs:4(%edi)\nretq"),
        Case(
            "flags that are made anew",
            "addl $4, %edi\nmovl %gs:(%rdi), %eax\ntestl %eax, %eax\nje .L1\nretq\n.L1:\nretq",
            "movl %gs:4(%edi), %eax\ntestl %eax, %eax\nje .L1\nretq\n.L1:\nretq"),
        Case(
            "within a loop",
            ".L1:\nleal (%rdi,%rcx,4), %edx\naddl %gs:(%rdx), %eax\naddl $1, %ecx\ncmpl %ecx, %esi\njne .L1\nxorl %edx, %edx\nretq",
            ".L1:\naddl %gs:(%edi,%ecx,4), %eax\naddl $1, %ecx\ncmpl %ecx, %esi\njne .L1\nxorl %edx, %edx\nretq"),
    ]

    static let refusals = [
        Case("a displacement, which doesn't wrap", "leal 4(%rdi), %eax\nmovl %gs:8(%rax), %eax\nretq"),
        Case("an index beside it", "leal 4(%rdi), %ecx\nmovl %gs:(%rcx,%rsi), %eax\nretq"),
        Case("an access outside the segment", "leal 4(%rdi), %ecx\nmovl (%rcx), %eax\nretq"),
        Case("the segment of threads", "leal 4(%rdi), %ecx\nmovl %fs:(%rcx), %eax\nretq"),
        Case("a sum of 64 bits", "leaq 4(%rdi), %rcx\nmovl %gs:(%rcx), %eax\nretq"),
        Case("returned", "leal 4(%rdi), %eax\nmovl %gs:(%rax), %ecx\nretq"),
        Case("kept for the caller", "leal 4(%rdi), %ebx\nmovl %gs:(%rbx), %eax\nretq"),
        Case("read as a number", "leal 4(%rdi), %ecx\nmovl %gs:(%rcx), %eax\naddl %ecx, %eax\nretq"),
        Case("stored", "leal 4(%rdi), %ecx\nmovl %ecx, %gs:(%rcx)\nretq"),
        Case("passed on", "leal 4(%rsi), %edi\nmovl %gs:(%rdi), %eax\ncallq g\nretq"),
        Case("called", "leal 4(%rsi), %eax\ncallq *%gs:(%rax)\nretq"),
        Case("divided by itself", "movl %esi, %eax\ndivl %gs:(%rax)\nretq"),
        Case("multiplied with itself", "leal 4(%rsi), %edx\nmull %gs:(%rdx)\nretq"),
        Case("a part of it is read", "leal 4(%rdi), %ecx\nmovb %cl, %gs:(%rcx)\nretq"),
        Case("a part of it is replaced", "leal 4(%rdi), %ecx\nmovb %gs:(%rcx), %cl\nmovl %ecx, %eax\nretq"),
        Case(
            "needed after a branch",
            "leal 4(%rdi), %ecx\ncmpl $0, %gs:(%rcx)\nje .L1\nretq\n.L1:\nmovl %ecx, %eax\nretq"),
        Case("needed by a function's end elsewhere", "leal 4(%rdi), %ecx\ncmpl $0, %gs:(%rcx)\njne g\nretq"),
        Case(
            "needed in the next round",
            ".L1:\nmovl %ecx, %eax\nleal 4(%rdi), %ecx\ncmpl $0, %gs:(%rcx)\nje .L1\nretq"),
        Case("flags that are read", "addl $4, %edi\nmovl %gs:(%rdi), %eax\njb .L1\nretq\n.L1:\nretq"),
        Case("flags that are added", "addl $4, %edi\nmovl %gs:(%rdi), %eax\nadcl $0, %eax\nretq"),
        Case("flags beyond a branch", "addl $4, %edi\nmovl %gs:(%rdi), %eax\njmp .L1\n.L1:\nsetb %al\nretq"),
        Case(
            "a source that changes", "leal 4(%rdi), %ecx\nincl %edi\nmovl %gs:(%rcx), %eax\nretq"),
        Case(
            "a source that is partly changed", "leal 4(%rdi), %ecx\nmovb %al, %dil\nmovl %gs:(%rcx), %eax\nretq"),
        Case(
            "a source that a call changes", "leal 4(%rdi), %ebx\ncallq g\nmovl %gs:(%rbx), %eax\nxorl %ebx, %ebx\nretq"),
        Case("the stack's address", "leal 4(%rsp), %ecx\nmovl %gs:(%rcx), %eax\nretq"),
        Case("a register that can't be named beside ah", "leal 4(%r8), %ecx\nmovb %ah, %gs:(%rcx)\nretq"),
        Case("a scale of 16", "shll $4, %edi\nmovl %gs:(%rdi), %eax\nretq"),
        Case("an instruction that isn't known", "leal 4(%rdi), %ecx\nmovl %gs:(%rcx), %eax\nfrobnicate\nretq"),
        Case(
            "a source that changes between two accesses",
            "leal 4(%rdi), %ecx\nmovl %gs:(%rcx), %eax\nincl %edi\nmovl %gs:(%rcx), %eax\nretq"),
        Case("a second instruction in a line", "addl $4, %edi\nmovl %gs:(%rdi), %eax\nnop; setb %al\nretq"),
        Case("two instructions in a line", "leal 4(%rdi), %ecx\nnop; movl %gs:(%rcx), %eax\nretq"),
        Case("a jump through a register", "leal 4(%rdi), %ecx\nmovl %gs:(%rcx), %eax\njmpq *%rax"),
        Case("a jump by rcx", "leal 4(%rdi), %ecx\nmovl %gs:(%rcx), %eax\njrcxz .L1\n.L1:\nretq"),
        Case("nothing that uses it", "leal 4(%rdi), %ecx\nxorl %eax, %eax\nretq"),
        Case("into another block", "leal 4(%rdi), %ecx\n.L1:\nmovl %gs:(%rcx), %eax\nretq"),
    ]

    @Test(arguments: computations)
    func isFolded(_ example: Case) throws {
        #expect(folded(lines(example.text)) == lines(try #require(example.result)))
    }

    @Test(arguments: refusals)
    func stays(_ example: Case) {
        #expect(folded(lines(example.text)) == lines(example.result ?? example.text))
    }

    @Test func whatIsOutsideFunctionsStays() {
        let text =
            "\t.text\nf:\n\tleal 4(%rdi), %ecx\n\tmovl %gs:(%rcx), %eax\n\tretq\n\t.section x\n\t.ascii \"#;\\n\""
        #expect(foldAddresses(in: Array(text.utf8)) == Array(text.utf8))
        #expect(foldAddresses(in: []) == [])
    }

    @Test func linesThatAreNoInstructionsStay() {
        let text = "\t.loc 1 2 3 is_stmt 0 # a.c:2:3\n.Lx: # =>This Loop\n\n# %bb.0:\n\t#APP\n\t#NO_APP\n"
        let whole = "f:\n\t.cfi_startproc\n\(text)\t.cfi_endproc\n.Lend:\n"
        #expect(String(decoding: foldAddresses(in: Array(whole.utf8)), as: UTF8.self) == whole)
    }

    @Test func anyBytesAreTaken() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "\t.cfi_startproc\n", "\t.cfi_endproc\n", "movl", "leal", " ", "\t", "%gs:", "(", ")", ",", "%eax", "%rcx",
            "$",
            "-", "4294967296", "99999999999999999999", ":", "\n", "\0", "#", ";", "*", "\u{FF}", "jne", ".L1", "addl",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<60, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let result = String(decoding: foldAddresses(in: Array(text.utf8)), as: UTF8.self)
            #expect(result.directives == text.directives, "\(text)")
        }
    }
}

extension String {
    /// The lines that hold a directive and nothing else.
    fileprivate var directives: [Substring] { split(separator: "\n").filter { $0.hasPrefix("\t.cfi") } }
}
