/// String literals and their escapes. Spec: 6.3.3.
enum StringLiteral {
    /// The offset after the closing quotation mark of the literal that opens at `start`.
    static func scan(_ text: [UInt8], from start: Int, end: Int) throws(TextError) -> Int {
        var index = start + 1
        while index < end {
            switch text[index] {
            case UInt8(ascii: "\""):
                return index + 1
            case UInt8(ascii: "\\"):
                guard let escape = escape(text[index..<end]) else {
                    throw TextError(.malformed, "illegal escape", at: index, in: text)
                }
                index += escape.length
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw TextError(.malformed, "unclosed string literal", at: start, in: text)
            case 0..<0x20, 0x7F:
                throw TextError(.malformed, "illegal control character in string literal", at: index, in: text)
            default:
                index += 1
            }
        }
        throw TextError(.malformed, "unclosed string literal", at: start, in: text)
    }

    /// The bytes that a scanned literal stands for, which need not be UTF-8. `range` includes the quotation marks.
    static func content(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var content: [UInt8] = []
        append(text, range, to: &content)
        return content
    }

    static func append(_ text: [UInt8], _ range: Range<Int>, to bytes: inout [UInt8]) {
        let inside = range.dropFirst().dropLast()
        bytes.reserveCapacity(bytes.count + inside.count)
        var index = inside.lowerBound
        while index < inside.upperBound {
            if text[index] == UInt8(ascii: "\\"), let escape = escape(text[index..<inside.upperBound]) {
                switch escape.meaning {
                case .byte(let byte): bytes.append(byte)
                case .character(let scalar): bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
                }
                index += escape.length
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
    }

    private struct Escape {
        enum Meaning {
            case byte(UInt8)
            case character(Unicode.Scalar)
        }

        let meaning: Meaning
        /// The backslash included.
        let length: Int
    }

    /// The escape that `text` starts with, backslash first.
    private static func escape(_ text: ArraySlice<UInt8>) -> Escape? {
        let rest = text.dropFirst()
        guard let first = rest.first else { return nil }
        switch first {
        case UInt8(ascii: "t"): return Escape(meaning: .byte(UInt8(ascii: "\t")), length: 2)
        case UInt8(ascii: "n"): return Escape(meaning: .byte(UInt8(ascii: "\n")), length: 2)
        case UInt8(ascii: "r"): return Escape(meaning: .byte(UInt8(ascii: "\r")), length: 2)
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): return Escape(meaning: .byte(first), length: 2)
        case UInt8(ascii: "u"): return unicodeEscape(text)
        default:
            guard let high = CharacterClass.digitValue(first),
                let low = rest.dropFirst().first.flatMap(CharacterClass.digitValue)
            else { return nil }
            return Escape(meaning: .byte(high << 4 | low), length: 3)
        }
    }

    /// `\u{...}` with a hexadecimal number of any length.
    private static func unicodeEscape(_ text: ArraySlice<UInt8>) -> Escape? {
        let digits = text.dropFirst(3).prefix { CharacterClass.digitValue($0) != nil || $0 == UInt8(ascii: "_") }
        guard text.dropFirst(2).first == UInt8(ascii: "{"),
            text[digits.endIndex...].first == UInt8(ascii: "}"),
            NumberSyntax.isDigits(digits, hexadecimal: true),
            let value = IntegerLiteral.magnitude(digits, hexadecimal: true), value <= 0x10FFFF,
            let scalar = Unicode.Scalar(UInt32(value))
        else { return nil }
        return Escape(meaning: .character(scalar), length: digits.count + 4)
    }
}
