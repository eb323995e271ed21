/// C source under construction. Bytes rather than `String`, in a buffer of its own rather than an array: a module of megabytes
/// is written in pieces of a few bytes, and with an array most of the time goes into checks and calls for each.
struct CText: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 1024
        start = .allocate(capacity: capacity)
    }

    deinit { start.deallocate() }

    /// A copy of what was written.
    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    mutating func removeAll() {
        count = 0
    }

    /// Moves everything to the end of `output`.
    mutating func flush(to output: inout [UInt8]) {
        output.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
        // A large one was for a module's data, and isn't needed again.
        if capacity > 1 << 20 { self = CText() } else { count = 0 }
    }

    /// Puts what stands from `source` to the end in the place of what stands from `position` on.
    mutating func moveTail(from source: Int, to position: Int) {
        let length = count - source
        (start + position).update(from: start + source, count: length)
        count = position + length
    }

    func hasPrefix(_ text: StaticString, at position: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        return count - position >= length
            && UnsafeBufferPointer(start: start + position, count: length).elementsEqual(
                UnsafeBufferPointer(start: text.utf8Start, count: length))
    }

    // MARK: - Bytes

    @inline(__always)
    private mutating func reserve(_ size: Int) {
        if size > capacity &- count { grow(by: size) }
    }

    @inline(never)
    private mutating func grow(by size: Int) {
        let larger = max(2 * capacity, count + size)
        let next = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        next.update(from: start, count: count)
        start.deallocate()
        start = next
        capacity = larger
    }

    @inline(__always)
    private mutating func append(_ source: UnsafePointer<UInt8>, _ size: Int) {
        reserve(size)
        (start + count).update(from: source, count: size)
        count &+= size
    }

    @inline(__always)
    mutating func write(byte: UInt8) {
        reserve(1)
        start[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func write(_ text: StaticString) {
        append(text.utf8Start, text.utf8CodeUnitCount)
    }

    mutating func write(text: String) {
        var text = text
        text.withUTF8 { buffer in
            if let source = buffer.baseAddress { append(source, buffer.count) }
        }
    }

    /// Appends a part of another text.
    mutating func write(_ range: Range<Int>, of text: borrowing CText) {
        append(text.start + range.lowerBound, range.count)
    }

    /// Appends a copy of a part of this text.
    mutating func write(again range: Range<Int>) {
        reserve(range.count)
        append(start + range.lowerBound, range.count)
    }

    /// Four spaces for each level, up to twelve levels.
    mutating func writeIndentation(_ levels: Int) {
        let spaces: StaticString = "                                                "
        append(spaces.utf8Start, min(4 * levels, spaces.utf8CodeUnitCount))
    }

    // MARK: - Numbers and literals

    mutating func write(_ number: UInt64) {
        var length = 1
        var rest = number / 10
        while rest > 0 {
            length += 1
            rest /= 10
        }
        reserve(length)
        count &+= length
        rest = number
        for place in 1...length {
            start[count &- place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    mutating func write(_ number: Int) {
        write(UInt64(number.magnitude))
    }

    mutating func write(_ number: UInt32) {
        write(UInt64(number))
    }

    /// The name of a local, a variable or a label: a letter and a number.
    mutating func write(_ letter: UInt8, _ number: Int) {
        // Half of all that is written are names, and most are of two bytes.
        guard number < 10 else {
            write(byte: letter)
            return write(number)
        }
        reserve(2)
        start[count] = letter
        start[count &+ 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number)
        count &+= 2
    }

    mutating func writeHexadecimal(_ number: UInt64) {
        if number >= 16 { writeHexadecimal(number / 16) }
        let digit = UInt8(truncatingIfNeeded: number % 16)
        write(byte: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit)
    }

    /// A string literal of arbitrary bytes, broken into lines.
    mutating func writeLiteral(_ content: some Sequence<UInt8>) {
        write(byte: UInt8(ascii: "\""))
        var lineStart = count
        // An octal escape of less than three digits goes on with any digit that follows.
        var isOpenEscape = false
        for byte in content {
            if count - lineStart >= 100 {
                write("\"\n    \"")
                lineStart = count
                isOpenEscape = false
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                write(byte: UInt8(ascii: "\\"))
                write(byte: byte)
                isOpenEscape = false
            case UInt8(ascii: "0")...UInt8(ascii: "7") where isOpenEscape: writeEscape(byte)
            case 0x20..<0x7F where byte != UInt8(ascii: "?"):
                write(byte: byte)
                isOpenEscape = false
            default:
                writeEscape(byte)
                isOpenEscape = byte < 0o100
            }
        }
        write(byte: UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        write(byte: UInt8(ascii: "\\"))
        if byte >= 0o100 { write(byte: UInt8(ascii: "0") + byte >> 6) }
        if byte >= 0o10 { write(byte: UInt8(ascii: "0") + (byte >> 3) & 7) }
        write(byte: UInt8(ascii: "0") + byte & 7)
    }

    /// A floating-point constant of exactly these bits. Literals can't spell NaN payloads, nor infinity.
    mutating func writeFloat32(bits: UInt32) {
        let exponent = Int((bits >> 23) & 0xFF)
        let fraction = UInt64(bits & 0x7F_FFFF)
        if exponent == 0xFF {
            write("f32_reinterpret_i32(0x")
            writeHexadecimal(UInt64(bits))
            write("u)")
        } else {
            writeFloat(
                negative: bits >> 31 != 0, normal: exponent != 0, fraction: fraction << 1, digits: 6,
                exponent: exponent == 0 ? -126 : exponent - 127, suffix: "f")
        }
    }

    /// As `writeFloat32`, for 64 bits.
    mutating func writeFloat64(bits: UInt64) {
        let exponent = Int((bits >> 52) & 0x7FF)
        let fraction = bits & 0xF_FFFF_FFFF_FFFF
        if exponent == 0x7FF {
            write("f64_reinterpret_i64(0x")
            writeHexadecimal(bits)
            write("ull)")
        } else {
            writeFloat(
                negative: bits >> 63 != 0, normal: exponent != 0, fraction: fraction, digits: 13,
                exponent: exponent == 0 ? -1022 : exponent - 1023, suffix: "")
        }
    }

    /// Hexadecimal, and so exact; in parentheses, so that a minus sign never meets another.
    private mutating func writeFloat(
        negative: Bool, normal: Bool, fraction: UInt64, digits: Int, exponent: Int, suffix: StaticString
    ) {
        write(negative ? "(-0x" : "(0x")
        write(normal ? "1." : "0.")
        var rest = fraction
        for place in stride(from: digits - 1, through: 0, by: -1) where rest != 0 || place == digits - 1 {
            writeHexadecimal(rest >> (UInt64(place) * 4))
            rest &= (1 << (UInt64(place) * 4)) - 1
        }
        write(exponent < 0 && (normal || fraction != 0) ? "p-" : "p")
        write(normal || fraction != 0 ? exponent : 0)
        write(suffix)
        write(")")
    }
}
