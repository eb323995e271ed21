/// What must be known of an instruction by its name: how it uses its operands, and whether the flags matter.
struct Mnemonic {
    enum Kind {
        /// The last operand is written and not read; the others are read.
        case moves
        /// The last operand is read and written; the others are read.
        case modifies
        /// All operands are taken to be read, and none to be written whole.
        case reads
        /// `imul`: one, two or three operands.
        case multiplies
        /// With one operand, by way of rdx:rax.
        case divides
        /// Extends the sign of eax within rax, or into rdx.
        case extendsAccumulator(intoData: Bool)
        case pushes
        case pops
        case calls
        case jumps
        case branches
        /// Control doesn't go on.
        case ends
        case nothing
        /// Anything else: it may use every register, and control may go anywhere.
        case unknown
    }

    /// What it computes, where that can be an address.
    enum Computation {
        case copy, address, sum, difference, increment, decrement, shift
    }

    let kind: Kind
    let computation: Computation?
    /// Whether it gives all arithmetic flags a new value.
    var setsFlags = false
    var readsFlags = false
    /// Whether one of the computations has flags beside its result.
    var setsAnyFlag: Bool {
        switch computation {
        case .copy, .address, nil: false
        case .sum, .difference, .increment, .decrement, .shift: true
        }
    }

    init(_ name: String) {
        computation = Self.computations[name]
        switch name {
        case "jmp", "jmpq": kind = .jumps
        case "ret", "retq", "ud2": kind = .ends
        case "call", "callq":
            kind = .calls
            setsFlags = true
        case "pushq": kind = .pushes
        case "popq": kind = .pops
        case "cltq", "cwtl": kind = .extendsAccumulator(intoData: false)
        case "cltd", "cqto": kind = .extendsAccumulator(intoData: true)
        case "imull", "imulq": kind = .multiplies
        case "mull", "mulq", "divl", "divq", "idivl", "idivq": kind = .divides
        case "vzeroupper", "endbr64": kind = .nothing
        case _ where name.hasPrefix("nop"): kind = .nothing
        // These look at rcx.
        case "jrcxz", "jecxz":
            kind = .unknown
            readsFlags = true
        case _ where name.hasPrefix("j"):
            kind = .branches
            readsFlags = true
        case _ where name.hasPrefix("set"):
            kind = .moves
            readsFlags = true
        case _ where Self.moves.contains(name): kind = .moves
        case _ where name.hasPrefix("cmov"):
            kind = .modifies
            readsFlags = true
        case _ where Self.isArithmetic(name, Self.modifying):
            kind = .modifies
            setsFlags = Self.isArithmetic(name, Self.settingFlags)
            readsFlags = name.hasPrefix("adc") || name.hasPrefix("sbb")
        case _ where Self.isArithmetic(name, Self.comparing):
            kind = .reads
            setsFlags = !name.hasPrefix("bt")
        case _ where Self.isVector(name):
            kind = .reads
            setsFlags = name.contains("comis") || name.hasSuffix("ptest")
        default:
            kind = .unknown
            readsFlags = true
        }
    }

    /// Those of 32 bits.
    private static let computations: [String: Computation] = [
        "movl": .copy, "leal": .address, "addl": .sum, "subl": .difference, "incl": .increment, "decl": .decrement,
        "shll": .shift,
    ]

    private static let moves: Set<String> = Set(
        """
        movl movq movb movw movabsq movzbl movzbw movzbq movzwl movzwq movsbl movsbw movsbq movswl movswq movslq leal leaq \
        movd vmovd vmovq movmskps movmskpd vmovmskps vmovmskpd pmovmskb vpmovmskb pextrb pextrw pextrd pextrq vpextrb \
        vpextrw vpextrd vpextrq cvttss2si cvttsd2si cvttss2siq cvttsd2siq vcvttss2si vcvttsd2si vcvttss2siq vcvttsd2siq \
        popcntl popcntq lzcntl lzcntq tzcntl tzcntq andnl andnq bextrl bextrq rorxl rorxq shlxl shlxq shrxl shrxq sarxl \
        sarxq blsrl blsrq blsil blsiq blsmskl blsmskq
        """.split(separator: " ").map(String.init))
    private static let modifying = [
        "add", "sub", "and", "or", "xor", "shl", "shr", "sar", "rol", "ror", "neg", "not", "inc", "dec", "adc", "sbb",
        "bsf", "bsr", "bts", "btr", "btc", "bswap", "shld", "shrd",
    ]
    /// Those that leave none of the flags as it was, whatever their operands are.
    private static let settingFlags = ["add", "sub", "and", "or", "xor", "neg", "adc", "sbb"]
    private static let comparing = ["cmp", "test", "bt"]

    /// One of the stems with a suffix for the size.
    private static func isArithmetic(_ name: String, _ stems: [String]) -> Bool {
        guard let size = name.last, "bwlq".contains(size) else { return false }
        return stems.contains(String(name.dropLast()))
    }

    /// Instructions of SSE and AVX, all of whose operands are written out.
    private static func isVector(_ name: String) -> Bool {
        if name.hasPrefix("push") || name.hasPrefix("pop") || name.hasPrefix("pause") { return false }
        // Compares strings, and has its result in rcx; stores where rdi points.
        if name.contains("pcmpestr") || name.contains("pcmpistr") || name.contains("maskmov") { return false }
        if name.hasPrefix("v") || name.hasPrefix("p") { return true }
        return vectorSuffixes.contains { name.hasSuffix($0) }
    }

    private static let vectorSuffixes = ["ss", "sd", "ps", "pd", "dq", "dqa", "dqu", "ssl", "ssq", "sdl", "sdq"]
}
