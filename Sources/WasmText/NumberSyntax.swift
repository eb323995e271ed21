/// The shapes of number literals. Spec: 6.3.1 (integers), 6.3.2 (floating point).
enum NumberSyntax {
    /// Which kind of number a word is, or `nil` where it is none.
    static func kind(of word: ArraySlice<UInt8>) -> Token.Kind? {
        var rest = word
        let isSigned = dropSign(&rest)
        guard let first = rest.first else { return nil }
        switch first {
        case UInt8(ascii: "i"):
            return rest.elementsEqual("inf".utf8) ? .float : nil
        case UInt8(ascii: "n"):
            return rest.elementsEqual("nan".utf8) || nanPayload(rest) != nil ? .float : nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            break
        default:
            return nil
        }
        let hexadecimal = dropHexadecimalPrefix(&rest)
        guard dropDigits(&rest, hexadecimal: hexadecimal) else { return nil }
        if rest.isEmpty { return isSigned ? .integer : .natural }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            _ = dropDigits(&rest, hexadecimal: hexadecimal)
        }
        let exponent = hexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")
        if let letter = rest.first, letter | 0x20 == exponent {
            rest.removeFirst()
            _ = dropSign(&rest)
            guard dropDigits(&rest, hexadecimal: false) else { return nil }
        }
        return rest.isEmpty ? .float : nil
    }

    /// The digits of `nan:0x...`.
    static func nanPayload(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard word.starts(with: "nan:0x".utf8) else { return nil }
        let digits = word.dropFirst(6)
        return isDigits(digits, hexadecimal: true) ? digits : nil
    }

    /// Digits with single underscores between them.
    static func isDigits(_ word: ArraySlice<UInt8>, hexadecimal: Bool) -> Bool {
        var rest = word
        return dropDigits(&rest, hexadecimal: hexadecimal) && rest.isEmpty
    }

    static func dropSign(_ word: inout ArraySlice<UInt8>) -> Bool {
        guard word.first == UInt8(ascii: "+") || word.first == UInt8(ascii: "-") else { return false }
        word.removeFirst()
        return true
    }

    static func dropHexadecimalPrefix(_ word: inout ArraySlice<UInt8>) -> Bool {
        guard word.starts(with: "0x".utf8) else { return false }
        word = word.dropFirst(2)
        return true
    }

    private static func dropDigits(_ word: inout ArraySlice<UInt8>, hexadecimal: Bool) -> Bool {
        func isDigit(_ index: Int) -> Bool {
            guard index < word.endIndex, let value = CharacterClass.digitValue(word[index]) else { return false }
            return hexadecimal || value < 10
        }
        guard isDigit(word.startIndex) else { return false }
        var index = word.startIndex + 1
        while true {
            if isDigit(index) {
                index += 1
            } else if index < word.endIndex, word[index] == UInt8(ascii: "_"), isDigit(index + 1) {
                index += 2
            } else {
                break
            }
        }
        word = word[index...]
        return true
    }
}
