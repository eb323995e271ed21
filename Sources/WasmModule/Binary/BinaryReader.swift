/// A cursor over a module's bytes. Nothing it reads can take it past `end`, and no count it accepts is larger than
/// the bytes that are left. Spec: 5.2.
public struct BinaryReader: Sendable {
    public let bytes: [UInt8]
    /// In `bytes`, of the next byte.
    public internal(set) var position: Int
    /// In `bytes`, one past the last byte that may be read.
    public let end: Int

    /// A reader of the part of `range` that lies in `bytes`.
    public init(bytes: [UInt8], range: Range<Int>) {
        let range = range.clamped(to: bytes.indices)
        self.bytes = bytes
        self.position = range.lowerBound
        self.end = range.upperBound
    }

    var isAtEnd: Bool { position >= end }
    var remaining: Int { max(0, end &- position) }

    @inline(__always)
    mutating func byte() throws(ModuleError) -> UInt8 {
        guard position < end else { throw unexpectedEnd() }
        let byte = bytes[position]
        position &+= 1
        return byte
    }

    /// The next byte, left where it is; `nil` at the end.
    var peek: UInt8? { position < end ? bytes[position] : nil }

    mutating func skip(_ count: Int) throws(ModuleError) {
        guard count >= 0, count <= remaining else { throw unexpectedEnd() }
        position &+= count
    }

    // MARK: Integers. Spec: 5.2.2

    @inline(__always)
    mutating func u32() throws(ModuleError) -> UInt32 {
        guard position < end else { throw unexpectedEnd() }
        let first = bytes[position]
        guard first >= 0x80 else {
            position &+= 1
            return UInt32(first)
        }
        return UInt32(truncatingIfNeeded: try unsigned(bits: 32))
    }

    @inline(__always)
    mutating func s32() throws(ModuleError) -> Int32 {
        guard position < end, bytes[position] < 0x80 else { return Int32(truncatingIfNeeded: try signed(bits: 32)) }
        position &+= 1
        return Int32(Int8(bitPattern: bytes[position &- 1] << 1) >> 1)
    }

    @inline(__always)
    mutating func s64() throws(ModuleError) -> Int64 {
        guard position < end, bytes[position] < 0x80 else { return try signed(bits: 64) }
        position &+= 1
        return Int64(Int8(bitPattern: bytes[position &- 1] << 1) >> 1)
    }

    public mutating func readU32() throws(ModuleError) -> UInt32 { try u32() }
    public mutating func readU64() throws(ModuleError) -> UInt64 { try unsigned(bits: 64) }
    public mutating func readS32() throws(ModuleError) -> Int32 { try s32() }
    public mutating func readS33() throws(ModuleError) -> Int64 { try signed(bits: 33) }
    public mutating func readS64() throws(ModuleError) -> Int64 { try s64() }

    /// An unsigned LEB128 integer of at most `bits` (1 to 64) bits.
    @inline(never)
    mutating func unsigned(bits: Int) throws(ModuleError) -> UInt64 {
        var result: UInt64 = 0
        var shift = 0
        while true {
            let left = bits &- shift
            guard left > 0 else { throw tooLong(bits: bits) }
            let byte = try byte()
            let payload = UInt64(byte & 0x7F)
            guard left >= 7 || payload >> UInt64(left) == 0 else { throw tooLarge(bits: bits) }
            result |= payload << UInt64(shift)
            guard byte >= 0x80 else { return result }
            shift &+= 7
        }
    }

    /// A signed LEB128 integer of at most `bits` (7 to 64) bits.
    @inline(never)
    mutating func signed(bits: Int) throws(ModuleError) -> Int64 {
        var result: Int64 = 0
        var shift = 0
        while true {
            let left = bits &- shift
            guard left > 0 else { throw tooLong(bits: bits) }
            let byte = try byte()
            if left < 7 {
                // The bits beyond the integer must all repeat its sign.
                let unused = (UInt8(0x7F) << UInt8(left - 1)) & 0x7F
                guard byte & unused == 0 || byte & unused == unused else { throw tooLarge(bits: bits) }
            }
            result |= Int64(byte & 0x7F) << Int64(shift)
            shift &+= 7
            guard byte < 0x80 else { continue }
            if shift < 64, byte & 0x40 != 0 { result |= -1 << Int64(shift) }
            return result
        }
    }

    /// `count` (1 to 8) bytes, little-endian.
    mutating func littleEndian(_ count: Int) throws(ModuleError) -> UInt64 {
        guard count <= remaining else { throw unexpectedEnd() }
        var result: UInt64 = 0
        for index in 0..<count {
            result |= UInt64(bytes[position &+ index]) << UInt64(8 &* index)
        }
        position &+= count
        return result
    }

    // MARK: Vectors and names. Spec: 5.1.3, 5.2.4

    /// A length that announces at least as many bytes: never more than were left before it was read.
    mutating func length() throws(ModuleError) -> Int {
        let start = position
        let left = remaining
        let length = Int(try u32())
        guard length <= left else {
            throw malformed("length out of bounds: expected at most \(left), found \(length)", at: start)
        }
        return length
    }

    /// The bytes of a vector of bytes.
    mutating func byteVector() throws(ModuleError) -> Range<Int> {
        let length = try length()
        let start = position
        try skip(length)
        return start..<position
    }

    public mutating func readName() throws(ModuleError) -> String {
        let start = position
        let range = try byteVector()
        guard let name = String(validating: bytes[range], as: UTF8.self) else {
            throw malformed("malformed UTF-8 encoding: expected a name of \(range.count) bytes", at: start)
        }
        return name
    }

    // MARK: Errors

    func malformed(_ message: String, at offset: Int) -> ModuleError {
        ModuleError(.malformed, message, offset: offset)
    }

    @inline(never)
    func unexpectedEnd() -> ModuleError {
        malformed("unexpected end of section or function", at: end)
    }

    @inline(never)
    private func tooLong(bits: Int) -> ModuleError {
        malformed(
            "integer representation too long: expected at most \((bits + 6) / 7) bytes for an integer of \(bits) bits",
            at: position)
    }

    @inline(never)
    private func tooLarge(bits: Int) -> ModuleError {
        malformed("integer too large: expected one of \(bits) bits", at: position - 1)
    }
}
