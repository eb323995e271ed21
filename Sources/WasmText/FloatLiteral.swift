/// The values of floating-point literals, as bit patterns so that NaN payloads survive. Spec: 6.3.2.
///
/// A literal of any length is rounded once, to the nearest value of the type it is for, ties to even. This is done here in
/// integer arithmetic: the standard library (6.3) rounds some hexadecimal literals of subnormal numbers wrongly.
enum FloatLiteral {
    /// The bits of a number token, or `nil` where it rounds to infinity or where the NaN payload is zero or too wide.
    static func f32(_ word: ArraySlice<UInt8>) -> UInt32? {
        bits(word, .f32).map { UInt32(truncatingIfNeeded: $0) }
    }

    static func f64(_ word: ArraySlice<UInt8>) -> UInt64? {
        bits(word, .f64)
    }

    private static func bits(_ word: ArraySlice<UInt8>, _ format: FloatFormat) -> UInt64? {
        var rest = word
        let sign: UInt64 = word.first == UInt8(ascii: "-") ? format.infinity + format.hiddenBit : 0
        _ = NumberSyntax.dropSign(&rest)
        guard let magnitude = magnitude(rest, format) else { return nil }
        return sign | magnitude
    }

    private static func magnitude(_ word: ArraySlice<UInt8>, _ format: FloatFormat) -> UInt64? {
        if word.elementsEqual("inf".utf8) { return format.infinity }
        if word.elementsEqual("nan".utf8) { return format.infinity | format.hiddenBit >> 1 }
        if let digits = NumberSyntax.nanPayload(word) {
            guard let payload = IntegerLiteral.magnitude(digits, hexadecimal: true), payload > 0,
                payload < format.hiddenBit
            else { return nil }
            return format.infinity | payload
        }
        var digits = word
        let hexadecimal = NumberSyntax.dropHexadecimalPrefix(&digits)
        return (hexadecimal ? BinaryFraction(hexadecimal: digits) : BinaryFraction(decimal: digits)).rounded(to: format)
    }
}

/// What rounding has to know of a type of IEEE 754.
struct FloatFormat: Sendable {
    /// The leading one included, which is not stored.
    let significandBits: Int
    /// Of the last bit of a subnormal number.
    let minimumExponent: Int
    let exponentBits: Int

    static let f32 = FloatFormat(significandBits: 24, minimumExponent: -149, exponentBits: 8)
    static let f64 = FloatFormat(significandBits: 53, minimumExponent: -1074, exponentBits: 11)

    /// The lowest bit of the exponent field.
    var hiddenBit: UInt64 { 1 << (significandBits - 1) }

    /// All ones in the exponent field.
    var infinity: UInt64 { (1 << exponentBits - 1) << (significandBits - 1) }
}

/// `significand × 2^exponent`, perhaps and a little more than that.
struct BinaryFraction: Sendable {
    private(set) var significand: UInt64 = 0
    private(set) var exponent = 0
    /// Whether something smaller than the lowest bit was cut off. The significand has 60 bits at least then.
    private(set) var isInexact = false

    /// The bits of the nearest number, or `nil` where that is infinity.
    func rounded(to format: FloatFormat) -> UInt64? {
        guard significand != 0 else { return 0 }
        let width = UInt64.bitWidth - significand.leadingZeroBitCount
        // What the last bit that is kept is worth.
        let lowest = max(exponent + width - format.significandBits, format.minimumExponent)
        let steps = lowest - format.minimumExponent
        guard steps <= 1 << format.exponentBits else { return nil }

        // The "smart" shift goes left for a negative count, and shifts everything out for a large one.
        let dropped = lowest - exponent
        var kept = significand >> dropped
        if dropped > 0, dropped <= UInt64.bitWidth {
            let half: UInt64 = 1 << (dropped - 1)
            let rest = significand & (half | (half - 1))
            if rest > half || (rest == half && (isInexact || kept & 1 == 1)) { kept += 1 }
        }
        // The leading one counts as one step of the exponent, and so does a carry out of the significand.
        let bits = UInt64(steps) << (format.significandBits - 1) + kept
        return bits < format.infinity ? bits : nil
    }
}

// MARK: - Reading

extension BinaryFraction {
    /// Keeps every sum of exponents far from overflow, and is out of every literal's reach all the same.
    private static let exponentLimit = 1 << 50

    /// `digits.digits`, then perhaps `p` and a decimal exponent of two.
    init(hexadecimal word: ArraySlice<UInt8>) {
        let (digits, power) = BinaryFraction.split(word, at: UInt8(ascii: "p"))
        exponent = power
        var isFraction = false
        for byte in digits {
            if byte == UInt8(ascii: ".") { isFraction = true }
            guard let digit = CharacterClass.digitValue(byte) else { continue }
            if significand < 1 << 60 {
                significand = significand << 4 | UInt64(digit)
                if isFraction { exponent -= 4 }
            } else {
                isInexact = isInexact || digit != 0
                if !isFraction { exponent += 4 }
            }
        }
    }

    /// `digits.digits`, then perhaps `e` and a decimal exponent of ten.
    init(decimal word: ArraySlice<UInt8>) {
        let (digits, power) = BinaryFraction.split(word, at: UInt8(ascii: "e"))
        var number = BigNatural()
        var count = 0
        var exponentOfTen = power
        var isFraction = false
        for byte in digits {
            if byte == UInt8(ascii: ".") { isFraction = true }
            guard let digit = CharacterClass.digitValue(byte) else { continue }
            // No number half way between two of f64 has more than 768 digits, so further ones only say "a little more".
            if count < 800 {
                number.multiply(by: 10, adding: UInt64(digit))
                if !number.isZero { count += 1 }
                if isFraction { exponentOfTen -= 1 }
            } else {
                isInexact = isInexact || digit != 0
                if !isFraction { exponentOfTen += 1 }
            }
        }
        // The number lies from 10^(count + exponentOfTen - 1) up to ten times that. Beyond these bounds it is infinite or zero
        // in any format.
        guard !number.isZero, count + exponentOfTen > -400 else { return }
        guard count + exponentOfTen < 400 else {
            significand = 1
            exponent = BinaryFraction.exponentLimit
            return
        }
        // 10^e = 5^e × 2^e.
        exponent = exponentOfTen
        if exponentOfTen >= 0 {
            number.multiplyByPowerOfFive(exponentOfTen)
        } else {
            // Room for 64 bits of quotient: 5^n has less than 3n bits.
            let limbs = 3 * -exponentOfTen / UInt64.bitWidth + 2
            number.shiftLeft(limbs: limbs)
            exponent -= limbs * UInt64.bitWidth
            if number.divideByPowerOfFive(-exponentOfTen) { isInexact = true }
        }
        let top = number.top64
        significand = top.bits
        exponent += top.exponent
        isInexact = isInexact || top.isInexact
    }

    private static func split(
        _ word: ArraySlice<UInt8>, at letter: UInt8
    ) -> (digits: ArraySlice<UInt8>, power: Int) {
        guard let index = word.firstIndex(where: { $0 | 0x20 == letter }) else { return (word, 0) }
        var digits = word[(index + 1)...]
        let isNegative = digits.first == UInt8(ascii: "-")
        var power = 0
        _ = NumberSyntax.dropSign(&digits)
        for byte in digits {
            guard let digit = CharacterClass.digitValue(byte) else { continue }
            power = min(power * 10 + Int(digit), exponentLimit)
        }
        return (word[..<index], isNegative ? -power : power)
    }
}

/// A natural number of any size.
struct BigNatural: Sendable {
    /// The least significant one first, the last one not zero.
    private var limbs: [UInt64] = []

    var isZero: Bool { limbs.isEmpty }

    mutating func multiply(by factor: UInt64, adding addend: UInt64 = 0) {
        var carry = addend
        for index in limbs.indices {
            var (high, low) = limbs[index].multipliedFullWidth(by: factor)
            let overflow: Bool
            (low, overflow) = low.addingReportingOverflow(carry)
            if overflow { high += 1 }
            limbs[index] = low
            carry = high
        }
        if carry > 0 { limbs.append(carry) }
    }

    mutating func multiplyByPowerOfFive(_ power: Int) {
        BigNatural.forEachPowerOfFive(power) { multiply(by: $0) }
    }

    mutating func shiftLeft(limbs count: Int) {
        limbs.insert(contentsOf: repeatElement(0, count: count), at: 0)
    }

    /// Answers whether there was a remainder.
    mutating func divideByPowerOfFive(_ power: Int) -> Bool {
        var hasRemainder = false
        BigNatural.forEachPowerOfFive(power) { if divide(by: $0) > 0 { hasRemainder = true } }
        return hasRemainder
    }

    private mutating func divide(by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        for index in limbs.indices.reversed() {
            (limbs[index], remainder) = divisor.dividingFullWidth((remainder, limbs[index]))
        }
        while limbs.last == 0 { limbs.removeLast() }
        return remainder
    }

    /// Powers of five that fit a limb, whose product is `5^power`.
    private static func forEachPowerOfFive(_ power: Int, _ body: (UInt64) -> Void) {
        var rest = power
        while rest > 0 {
            let step = min(rest, 27)
            body((0..<step).reduce(1) { product, _ in product * 5 })
            rest -= step
        }
    }

    /// The 64 most significant bits (fewer of a small number), what the lowest of them is worth as a power of two, and
    /// whether anything below them is not zero.
    var top64: (bits: UInt64, exponent: Int, isInexact: Bool) {
        guard let last = limbs.last else { return (0, 0, false) }
        guard limbs.count > 1 else { return (last, 0, false) }
        let shift = last.leadingZeroBitCount
        let next = limbs[limbs.count - 2]
        // A shift by all 64 bits gives zero.
        let bits = last << shift | next >> (UInt64.bitWidth - shift)
        let isInexact = next << shift != 0 || limbs.dropLast(2).contains { $0 != 0 }
        return (bits, (limbs.count - 1) * UInt64.bitWidth - shift, isInexact)
    }
}
