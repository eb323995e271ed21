/// The values of integer literals. Spec: 6.3.1.
enum IntegerLiteral {
    /// An integer without a sign, or `nil` where it does not fit `bits` bits.
    static func unsigned(_ word: ArraySlice<UInt8>, bits: Int) -> UInt64? {
        var digits = word
        let hexadecimal = NumberSyntax.dropHexadecimalPrefix(&digits)
        guard let value = magnitude(digits, hexadecimal: hexadecimal), value <= UInt64.max >> (64 - bits) else {
            return nil
        }
        return value
    }

    /// The two's complement of an integer that may have a sign, from -2^(bits-1) to 2^bits-1, in the low `bits` bits;
    /// `nil` outside that range.
    static func wrapped(_ word: ArraySlice<UInt8>, bits: Int) -> UInt64? {
        var rest = word
        let isNegative = word.first == UInt8(ascii: "-")
        _ = NumberSyntax.dropSign(&rest)
        let mask = UInt64.max >> (64 - bits)
        guard let value = unsigned(rest, bits: bits) else { return nil }
        guard isNegative else { return value }
        return value <= 1 << (bits - 1) ? (0 &- value) & mask : nil
    }

    /// The value of digits and underscores, or `nil` from 2^64 on.
    static func magnitude(_ digits: ArraySlice<UInt8>, hexadecimal: Bool) -> UInt64? {
        let base: UInt64 = hexadecimal ? 16 : 10
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = CharacterClass.digitValue(byte) else { continue }
            let (product, overflow) = value.multipliedReportingOverflow(by: base)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}
