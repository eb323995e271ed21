/// C source under construction. Bytes rather than `String`: a module of megabytes is written one short piece at a time.
struct CText {
    var bytes: [UInt8] = []

    mutating func write(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Four spaces for each level, up to twelve levels.
    mutating func writeIndentation(_ levels: Int) {
        let spaces: StaticString = "                                                "
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: spaces.utf8Start, count: min(4 * levels, spaces.utf8CodeUnitCount)))
    }

    mutating func write(text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(_ text: CText) {
        bytes.append(contentsOf: text.bytes)
    }

    mutating func write(_ number: UInt64) {
        if number >= 10 { write(number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Appends a copy of bytes that are here already.
    mutating func repeatBytes(_ range: Range<Int>) {
        let end = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: range.count))
        bytes.withUnsafeMutableBytes { buffer in
            UnsafeMutableRawBufferPointer(rebasing: buffer[end...]).copyBytes(
                from: UnsafeRawBufferPointer(buffer)[range])
        }
    }

    mutating func write(_ number: Int) {
        write(UInt64(number.magnitude))
    }

    mutating func write(_ number: UInt32) {
        write(UInt64(number))
    }

    mutating func writeHexadecimal(_ number: UInt64) {
        if number >= 16 { writeHexadecimal(number / 16) }
        let digit = UInt8(truncatingIfNeeded: number % 16)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit)
    }

    /// A string literal of arbitrary bytes, broken into lines. Octal escapes end after three digits whatever follows.
    mutating func writeLiteral(_ content: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var column = 0
        for byte in content {
            if column >= 100 {
                write("\"\n    \"")
                column = 0
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
                column += 2
            case 0x20..<0x7F where byte != UInt8(ascii: "?"):
                bytes.append(byte)
                column += 1
            default:
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(ascii: "0") + byte >> 6)
                bytes.append(UInt8(ascii: "0") + (byte >> 3) & 7)
                bytes.append(UInt8(ascii: "0") + byte & 7)
                column += 4
            }
        }
        bytes.append(UInt8(ascii: "\""))
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
