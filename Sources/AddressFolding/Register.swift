/// A general-purpose register, by the number that instructions are encoded with.
struct Register: Hashable {
    let number: UInt8

    static let rax = Register(number: 0)
    static let rcx = Register(number: 1)
    static let rdx = Register(number: 2)
    static let rsp = Register(number: 4)

    /// The name of the lower 32 bits, without `%`.
    var name32: StaticString { Self.names32[Int(number & 15)] }

    private static let names32: [StaticString] = [
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
        "r15d",
    ]

    /// A register with how many of its bits a name stands for.
    struct Part {
        let register: Register
        let bits: Int
        /// ah, ch, dh, bh, which no instruction can name together with r8 to r15.
        var isHigh = false
    }

    /// By name, without `%`; those of other kinds of registers aren't there.
    static let parts: [RegisterName: Part] = {
        let legacy = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"]
        var parts: [RegisterName: Part] = [:]
        func add(_ name: String, _ number: Int, _ bits: Int, isHigh: Bool = false) {
            parts[RegisterName(name.utf8)] = Part(
                register: Register(number: UInt8(number)), bits: bits, isHigh: isHigh)
        }
        for (number, name) in legacy.enumerated() {
            add("r" + name, number, 64)
            add("e" + name, number, 32)
            add(name, number, 16)
            add(number < 4 ? "\(name.prefix(1))l" : name + "l", number, 8)
            if number < 4 { add("\(name.prefix(1))h", number, 8, isHigh: true) }
        }
        for number in 8..<16 {
            add("r\(number)", number, 64)
            add("r\(number)d", number, 32)
            add("r\(number)w", number, 16)
            add("r\(number)b", number, 8)
        }
        return parts
    }()
}

/// A register's name, packed for looking it up.
struct RegisterName: Hashable {
    private var bytes: UInt64 = 0

    init(_ name: some Collection<UInt8>) {
        // No register's name is longer.
        if name.count > 8 { return }
        for byte in name { bytes = bytes << 8 | UInt64(byte) }
    }
}

/// A set of general-purpose registers.
struct RegisterSet: OptionSet, Hashable {
    let rawValue: UInt16

    init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    init(_ register: Register) {
        rawValue = 1 << UInt16(register.number)
    }

    init(_ registers: Register?...) {
        self = registers.reduce(into: []) { set, register in
            if let register { set.formUnion(RegisterSet(register)) }
        }
    }

    static let all = RegisterSet(rawValue: .max)
    /// r8 to r15, which take a REX prefix to name.
    static let extended = RegisterSet(rawValue: 0xFF00)
    /// rax, rcx, rdx, rsi, rdi, r8 to r11: what a call may change. System V ABI, 3.2.1.
    static let callerSaved = RegisterSet(rawValue: 0b0000_1111_1100_0111)
    /// What a function may leave its results in (rax, rdx), and what it must leave as it was.
    static let liveAtReturn = RegisterSet(rawValue: 0b1111_0000_0011_1101)
    /// rdi, rsi, rdx, rcx, r8, r9; rax, which counts vector registers; r10, a nested function's context; rsp.
    static let arguments = RegisterSet(rawValue: 0b0000_0111_1101_0111)

    func contains(_ register: Register) -> Bool { !isDisjoint(with: RegisterSet(register)) }
}
