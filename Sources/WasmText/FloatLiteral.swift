/// The values of floating-point literals, as bit patterns so that NaN payloads survive. Spec: 6.3.2.
///
/// Finite numbers go through the standard library, which rounds decimal and hexadecimal literals of any length to nearest,
/// ties to even, in one step for each width (the tests hold it to that).
enum FloatLiteral {
    /// The bits of a number token, or `nil` where it rounds to infinity or where the NaN payload is zero or too wide.
    static func f32(_ word: ArraySlice<UInt8>) -> UInt32? {
        let special = special(word, fractionBits: Float.significandBitCount)
        switch special {
        case .none:
            guard let value = Float(plainDigits(word)), value.isFinite else { return nil }
            return value.bitPattern
        case .infinity: return Float.infinity.bitPattern | sign(word) << 31
        case .nan(let payload): return Float.infinity.bitPattern | UInt32(payload) | sign(word) << 31
        case .outOfRange: return nil
        }
    }

    static func f64(_ word: ArraySlice<UInt8>) -> UInt64? {
        switch special(word, fractionBits: Double.significandBitCount) {
        case .none:
            guard let value = Double(plainDigits(word)), value.isFinite else { return nil }
            return value.bitPattern
        case .infinity: return Double.infinity.bitPattern | sign(word) << 63
        case .nan(let payload): return Double.infinity.bitPattern | payload | sign(word) << 63
        case .outOfRange: return nil
        }
    }

    private enum Special {
        case none
        case infinity
        case nan(payload: UInt64)
        case outOfRange
    }

    private static func special(_ word: ArraySlice<UInt8>, fractionBits: Int) -> Special {
        var rest = word
        _ = NumberSyntax.dropSign(&rest)
        if rest.elementsEqual("inf".utf8) { return .infinity }
        if rest.elementsEqual("nan".utf8) { return .nan(payload: 1 << (fractionBits - 1)) }
        guard let digits = NumberSyntax.nanPayload(rest) else { return .none }
        guard let payload = IntegerLiteral.magnitude(digits, hexadecimal: true), payload > 0,
            payload < 1 << fractionBits
        else { return .outOfRange }
        return .nan(payload: payload)
    }

    private static func sign<Bits: FixedWidthInteger>(_ word: ArraySlice<UInt8>) -> Bits {
        word.first == UInt8(ascii: "-") ? 1 : 0
    }

    private static func plainDigits(_ word: ArraySlice<UInt8>) -> String {
        String(decoding: word.lazy.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }
}
