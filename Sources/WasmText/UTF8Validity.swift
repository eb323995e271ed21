/// Whether bytes are UTF-8, by the table of well-formed sequences that the specification's grammar of names spells out:
/// no overlong forms, no surrogates, nothing past U+10FFFF. Spec: 5.2.4.
enum UTF8Validity {
    /// The offset of the first byte that starts no well-formed sequence, or `nil` where all is well.
    static func firstError(in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let length = sequenceLength(bytes[index...].prefix(4))
            if length == 0 { return index }
            index += length
        }
        return nil
    }

    /// The length of the sequence of two to four bytes that `bytes` starts with, or 0.
    private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first, let second = bytes.dropFirst().first else { return 0 }
        let length: Int
        let secondRange: ClosedRange<UInt8>
        switch first {
        case 0xC2...0xDF: (length, secondRange) = (2, 0x80...0xBF)
        case 0xE0: (length, secondRange) = (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (length, secondRange) = (3, 0x80...0xBF)
        case 0xED: (length, secondRange) = (3, 0x80...0x9F)
        case 0xF0: (length, secondRange) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, secondRange) = (4, 0x80...0xBF)
        case 0xF4: (length, secondRange) = (4, 0x80...0x8F)
        default: return 0
        }
        guard bytes.count >= length, secondRange.contains(second),
            bytes.dropFirst(2).prefix(length - 2).allSatisfy({ 0x80...0xBF ~= $0 })
        else { return 0 }
        return length
    }
}
