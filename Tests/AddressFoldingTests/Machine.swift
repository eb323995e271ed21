/// Runs the few instructions that `RandomFunction` is made of, from their text.
///
/// Memory is imaginary: a load gives a number that depends on its address and on how often memory was used, and every access is written down.
struct Machine {
    enum Event: Equatable {
        case load(UInt64)
        case store(UInt64, UInt32)
        case call([UInt64])
        case returns([UInt64])
        /// Stopped after many jumps.
        case stops
    }

    private var registers = (0..<16).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    private var isZero = false
    private var isCarry = false
    private(set) var events: [Event] = []

    private static let names64 = [
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    ]
    private static let names32 = [
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
        "r15d",
    ]
    private static let names8 = [
        "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b",
        "r15b",
    ]

    /// - Parameter lines: a function's, as `folded(_:)` returns them.
    static func run(_ lines: [String]) throws -> [Event] {
        var machine = Machine()
        var labels: [String: Int] = [:]
        for (place, line) in lines.enumerated() where line.hasSuffix(":") { labels[String(line.dropLast())] = place }
        var place = 0
        var jumps = 0
        while place < lines.count {
            let line = lines[place]
            place += 1
            if line.hasSuffix(":") { continue }
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch words[0] {
            case "retq":
                machine.events.append(.returns([0, 2, 3, 5, 12, 13, 14, 15].map { machine.registers[$0] }))
                return machine.events
            case "jmp", "je", "jb":
                jumps += 1
                if jumps > 40 {
                    machine.events.append(.stops)
                    return machine.events
                }
                let isTaken = words[0] == "jmp" || (words[0] == "je" ? machine.isZero : machine.isCarry)
                if isTaken { place = try Self.unwrap(labels[words[1]], line) }
            default: try machine.execute(words[0], words.count > 1 ? Self.operands(words[1]) : [], line)
            }
        }
        return machine.events
    }

    private struct Unknown: Error { var line: String }

    private static func unwrap<T>(_ value: T?, _ line: String) throws -> T {
        guard let value else { throw Unknown(line: line) }
        return value
    }

    private static func operands(_ text: String) -> [String] {
        var result = [""]
        var depth = 0
        for character in text where character != " " {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 { result.append("") } else { result[result.count - 1].append(character) }
        }
        return result
    }

    private mutating func execute(_ name: String, _ operands: [String], _ line: String) throws {
        switch (name, operands.count) {
        case ("callq", 1):
            events.append(.call([0, 1, 2, 6, 7, 8, 9, 10].map { registers[$0] }))
            for number in [0, 1, 2, 6, 7, 8, 9, 10, 11] { registers[number] = noise(UInt64(number)) }
        case ("cltq", 0): registers[0] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: registers[0])))
        case ("movl", 2): try write(operands[1], read(operands[0], line), line)
        case ("movb", 2):
            let number = try Self.unwrap(Self.names8.firstIndex(of: String(operands[1].dropFirst())), line)
            let from = try Self.unwrap(Self.names8.firstIndex(of: String(operands[0].dropFirst())), line)
            registers[number] = registers[number] & ~0xFF | registers[from] & 0xFF
        case ("leal", 2): try write(operands[1], UInt32(truncatingIfNeeded: address(operands[0], line)), line)
        case ("leaq", 2):
            let number = try Self.unwrap(Self.names64.firstIndex(of: String(operands[1].dropFirst())), line)
            registers[number] = try address(operands[0], line)
        case ("incl", 1), ("decl", 1):
            let value = try read(operands[0], line)
            let result = name == "incl" ? value &+ 1 : value &- 1
            isZero = result == 0
            try write(operands[0], result, line)
        case ("shll", 2):
            let count = try read(operands[0], line)
            let value = try read(operands[1], line)
            isCarry = value >> (32 - count) & 1 == 1
            isZero = value << count == 0
            try write(operands[1], value << count, line)
        case ("addl", 2), ("subl", 2), ("xorl", 2), ("cmpl", 2), ("imull", 2):
            let (right, left) = (try read(operands[0], line), try read(operands[1], line))
            let (result, overflow) =
                switch name {
                case "addl": left.addingReportingOverflow(right)
                case "xorl": (left ^ right, false)
                case "imull": (left &* right, false)
                default: left.subtractingReportingOverflow(right)
                }
            (isZero, isCarry) = (result == 0, overflow)
            if name != "cmpl" { try write(operands[1], result, line) }
        case ("setb", 1):
            let number = try Self.unwrap(Self.names8.firstIndex(of: String(operands[0].dropFirst())), line)
            registers[number] = registers[number] & ~0xFF | (isCarry ? 1 : 0)
        default: throw Unknown(line: line)
        }
    }

    private func noise(_ seed: UInt64) -> UInt64 {
        var value = seed &+ UInt64(events.count) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 31) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 29
    }

    private mutating func read(_ operand: String, _ line: String) throws -> UInt32 {
        if operand.hasPrefix("$") {
            return UInt32(truncatingIfNeeded: try Self.unwrap(Int64(operand.dropFirst()), line))
        }
        if operand.hasPrefix("%gs:") {
            let place = try address(String(operand.dropFirst(4)), line)
            events.append(.load(place))
            return UInt32(truncatingIfNeeded: noise(place))
        }
        let number = try Self.unwrap(Self.names32.firstIndex(of: String(operand.dropFirst())), line)
        return UInt32(truncatingIfNeeded: registers[number])
    }

    private mutating func write(_ operand: String, _ value: UInt32, _ line: String) throws {
        if operand.hasPrefix("%gs:") {
            let place = try address(String(operand.dropFirst(4)), line)
            return events.append(.store(place, value))
        }
        let number = try Self.unwrap(Self.names32.firstIndex(of: String(operand.dropFirst())), line)
        registers[number] = UInt64(value)
    }

    /// In 32 bits where the registers have 32.
    private func address(_ text: String, _ line: String) throws -> UInt64 {
        let open = try Self.unwrap(text.firstIndex(of: "("), line)
        let displacement = open == text.startIndex ? 0 : try Self.unwrap(Int64(text[..<open]), line)
        var sum = UInt64(bitPattern: displacement)
        var is32Bit = false
        let parts = text[open...].dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
        let scale = parts.count > 2 ? try Self.unwrap(UInt64(parts[2]), line) : 1
        for (position, part) in parts.prefix(2).enumerated() where !part.isEmpty {
            let name = String(part.dropFirst())
            if Self.names32.contains(name) { is32Bit = true }
            let number = try Self.unwrap(
                Self.names32.firstIndex(of: name) ?? Self.names64.firstIndex(of: name), line)
            sum &+= registers[number] &* (position == 0 ? 1 : scale)
        }
        return is32Bit ? UInt64(UInt32(truncatingIfNeeded: sum)) : sum
    }
}
