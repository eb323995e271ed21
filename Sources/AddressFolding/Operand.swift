/// A memory operand's parts: `disp(base,index,scale)`.
struct Address: Hashable {
    /// Modulo 2^32.
    var displacement: UInt32 = 0
    var base: Register?
    var index: Register?
    var scale: UInt32 = 1

    var registers: RegisterSet { RegisterSet(base, index) }

    /// This address where a register's value is put in its place, both computed in 32 bits; `nil` if the result has no encoding.
    func substituting(_ register: Register, by value: Address) -> Address? {
        var result = self
        if base == register, index != register {
            result.displacement &+= value.displacement
            if value.index == nil {
                result.base = value.base
            } else if index == nil {
                (result.base, result.index, result.scale) = (value.base, value.index, value.scale)
            } else if value.base == nil, value.scale == 1 {
                result.base = value.index
            } else {
                return nil
            }
            return result
        }
        guard index == register, base != register else { return nil }
        result.displacement &+= value.displacement &* scale
        if value.index == nil {
            result.index = value.base
        } else if value.base == nil, value.scale * scale <= 8 {
            (result.index, result.scale) = (value.index, value.scale * scale)
        } else {
            return nil
        }
        return result
    }
}

/// An operand as the assembler writes it, AT&T's way.
enum Operand {
    case register(Register.Part)
    case immediate(Int64)
    /// A memory operand in the GS segment whose registers and displacement are plain. `is32Bit` with the address-size prefix, as the
    /// registers' names say.
    case segment(Address, is32Bit: Bool)
    /// Likewise without a segment; what `lea` takes.
    case plain(Address)
    /// Anything else, with the general-purpose registers that occur in it.
    case other(RegisterSet)

    var registers: RegisterSet {
        switch self {
        case .register(let part): RegisterSet(part.register)
        case .immediate: []
        case .segment(let address, _), .plain(let address): address.registers
        case .other(let registers): registers
        }
    }

    init(_ text: ArraySlice<UInt8>) {
        let text = text.trimmed
        switch text.first {
        case UInt8(ascii: "%") where !text.contains(UInt8(ascii: ":")) && !text.contains(UInt8(ascii: "(")):
            self = Register.parts[RegisterName(text.dropFirst())].map { .register($0) } ?? .other([])
        case UInt8(ascii: "$"):
            self = Self.integer(text.dropFirst()).map { .immediate($0) } ?? .other([])
        default:
            self = Self.memory(text) ?? .other(Self.registers(in: text))
        }
    }

    /// `%gs:8(%rax,%rcx,4)`; `nil` where anything else occurs in it.
    private static func memory(_ text: ArraySlice<UInt8>) -> Operand? {
        let inSegment = text.starts(with: "%gs:".utf8)
        let rest = inSegment ? text.dropFirst(4) : text
        guard rest.last == UInt8(ascii: ")"), let open = rest.firstIndex(of: UInt8(ascii: "(")) else { return nil }
        var address = Address()
        if open > rest.startIndex {
            guard let displacement = integer(rest[..<open]), let displacement = Int32(exactly: displacement) else {
                return nil
            }
            address.displacement = UInt32(bitPattern: displacement)
        }
        var bits: Set<Int> = []
        let parts = rest[(open + 1)...].dropLast().split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count <= 3 else { return nil }
        for (place, part) in parts.enumerated() {
            let part = part.trimmed
            if part.isEmpty { continue }
            if place == 2 {
                guard let scale = integer(part), [1, 2, 4, 8].contains(scale) else { return nil }
                address.scale = UInt32(scale)
                continue
            }
            guard part.first == UInt8(ascii: "%"), let found = Register.parts[RegisterName(part.dropFirst())] else {
                return nil
            }
            bits.insert(found.bits)
            if place == 0 { address.base = found.register } else { address.index = found.register }
        }
        guard bits == [32] || bits == [64] else { return nil }
        return inSegment ? .segment(address, is32Bit: bits == [32]) : .plain(address)
    }

    private static func registers(in text: ArraySlice<UInt8>) -> RegisterSet {
        var registers: RegisterSet = []
        var rest = text
        while let sign = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[(sign + 1)...]
            let name = rest.prefix { $0.isLetterOrDigit }
            if let part = Register.parts[RegisterName(name)] { registers.insert(RegisterSet(part.register)) }
            rest = rest[name.endIndex...]
        }
        return registers
    }

    private static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
        guard text.count < 24 else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }
}

extension Address {
    /// As an operand in the GS segment with the address-size prefix.
    var segmentOperand: String {
        var text = "%gs:"
        let signed = Int32(bitPattern: displacement)
        if signed != 0 || base == nil && index == nil { text += "\(signed)" }
        text += "("
        if let base { text += "%\(base.name32)" }
        if let index { text += ",%\(index.name32)" + (scale == 1 ? "" : ",\(scale)") }
        return text + ")"
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks around it.
    var trimmed: ArraySlice<UInt8> {
        guard let start = firstIndex(where: { !$0.isBlank }), let end = lastIndex(where: { !$0.isBlank }) else {
            return prefix(0)
        }
        return self[start...end]
    }
}

extension UInt8 {
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
    var isLetterOrDigit: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
