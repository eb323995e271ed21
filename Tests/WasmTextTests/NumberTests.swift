import Testing

@testable import WasmText

@Suite struct NumberTests {
    private func wrapped(_ text: String, _ bits: Int) -> UInt64? {
        IntegerLiteral.wrapped(Array(text.utf8)[...], bits: bits)
    }

    private func f32(_ text: String) -> UInt32? { FloatLiteral.f32(Array(text.utf8)[...]) }
    private func f64(_ text: String) -> UInt64? { FloatLiteral.f64(Array(text.utf8)[...]) }

    @Test func integers() {
        #expect(wrapped("0", 32) == 0)
        #expect(wrapped("-0", 32) == 0)
        #expect(wrapped("+7", 32) == 7)
        #expect(wrapped("4294967295", 32) == 0xFFFF_FFFF)
        #expect(wrapped("4294967296", 32) == nil)
        #expect(wrapped("-2147483648", 32) == 0x8000_0000)
        #expect(wrapped("-2147483649", 32) == nil)
        #expect(wrapped("-1", 32) == 0xFFFF_FFFF)
        #expect(wrapped("0xffff_FFFF", 32) == 0xFFFF_FFFF)
        #expect(wrapped("0x1_0000_0000", 32) == nil)
        #expect(wrapped("-0x8000_0000", 32) == 0x8000_0000)
        #expect(wrapped("-0x8000_0001", 32) == nil)
        #expect(wrapped("1_0_0", 32) == 100)
        #expect(wrapped("18446744073709551615", 64) == .max)
        #expect(wrapped("18446744073709551616", 64) == nil)
        #expect(wrapped("184467440737095516150", 64) == nil)
        #expect(wrapped("-9223372036854775808", 64) == 1 << 63)
        #expect(wrapped("-9223372036854775809", 64) == nil)
        #expect(wrapped("-1", 64) == .max)
        #expect(wrapped("0x0000000000000000000000000000000000000001", 64) == 1)
        #expect(IntegerLiteral.unsigned(Array("4294967295".utf8)[...], bits: 32) == 0xFFFF_FFFF)
        #expect(IntegerLiteral.unsigned(Array("4294967296".utf8)[...], bits: 32) == nil)
    }

    @Test func specialFloats() {
        #expect(f32("inf") == 0x7F80_0000)
        #expect(f32("-inf") == 0xFF80_0000)
        #expect(f32("nan") == 0x7FC0_0000)
        #expect(f32("-nan") == 0xFFC0_0000)
        #expect(f32("nan:0x1") == 0x7F80_0001)
        #expect(f32("-nan:0x7f_ffff") == 0xFFFF_FFFF)
        #expect(f32("nan:0x0") == nil)
        #expect(f32("nan:0x80_0000") == nil)
        #expect(f64("+inf") == 0x7FF0_0000_0000_0000)
        #expect(f64("nan") == 0x7FF8_0000_0000_0000)
        #expect(f64("-nan:0xf_ffff_ffff_ffff") == .max)
        #expect(f64("nan:0x10_0000_0000_0000") == nil)
        #expect(f64("nan:0x1_0000_0000_0000_0000_0001") == nil)
        #expect(f64("nan:0x0000000000000000000000000000000000000000001") == 0x7FF0_0000_0000_0001)
    }

    @Test func plainFloats() {
        for (text, value) in [
            ("0", 0.0), ("1", 1), ("1.", 1), ("1.5", 1.5), ("1_0.2_5", 10.25), ("1e2", 100), ("1.E-2", 0.01),
            ("0x10", 16),
            ("0x1.8", 1.5), ("0xA.p-1", 5), ("0x1p1_0", 1024), ("0x1P+3", 8),
            ("0x.8p1".replacing("0x.", with: "0x0."), 1),
            ("000000000000000000000000000001.000000000000000000000000000000", 1), ("0e99999999999999999999", 0),
            ("0x0p99999999999999999999", 0), ("1e-99999999999999999999", 0), ("0x1p-99999999999999999999", 0),
        ] {
            #expect(f64(text) == value.bitPattern, "\(text)")
            #expect(f64("-" + text) == (-value).bitPattern, "\(text)")
            #expect(f32(text) == Float(value).bitPattern, "\(text)")
            #expect(f32("+" + text) == Float(value).bitPattern, "\(text)")
        }
    }

    @Test func rangeOfFloats() {
        #expect(f32("0x1.fffffep127") == 0x7F7F_FFFF)
        #expect(f32("0x1.fffffe_ffffffffffffffffffffp127") == 0x7F7F_FFFF)
        #expect(f32("0x1.ffffffp127") == nil)
        #expect(f32("340282356779733661637539395458142568447.9999") == 0x7F7F_FFFF)
        #expect(f32("340282356779733661637539395458142568448") == nil)
        #expect(f32("0x1p-149") == 1)
        #expect(f32("0x1p-150") == 0)
        #expect(f32("0x1.00000000000000000000001p-150") == 1)
        #expect(f32("0x3p-150") == 2)
        #expect(f32("-1e-400") == 0x8000_0000)
        #expect(f64("0x1.fffffffffffffp1023") == 0x7FEF_FFFF_FFFF_FFFF)
        #expect(f64("0x1.fffffffffffff8p1023") == nil)
        #expect(f64("0x1.fffffffffffff7ffffffffp1023") == 0x7FEF_FFFF_FFFF_FFFF)
        #expect(f64("1.7976931348623157e308") == 0x7FEF_FFFF_FFFF_FFFF)
        #expect(f64("1.7976931348623158e308") == 0x7FEF_FFFF_FFFF_FFFF)
        #expect(f64("1.7976931348623159e308") == nil)
        #expect(f64("1e99999999999999999999") == nil)
        #expect(f64("4.9406564584124654e-324") == 1)
        #expect(f64("2.4703282292062327208e-324") == 0)
        #expect(f64("2.4703282292062328e-324") == 1)
        #expect(f64("2.2250738585072011e-308") == 0x000F_FFFF_FFFF_FFFF)
        #expect(f64("2.2250738585072014e-308") == 0x0010_0000_0000_0000)
    }

    /// Rounding in two steps, to double and then to single, would go wrong on these.
    @Test func singleRounding() {
        #expect(f32("0x1.00000100000000000001p0") == 0x3F80_0001)
        #expect(f32("0x1.000001p0") == 0x3F80_0000)
        #expect(f32("0x1.000003p0") == 0x3F80_0002)
        #expect(f32("1.00000005960464477539062499999999999999999999") == 0x3F80_0000)
        #expect(f32("1.00000005960464477539062500000000000000000000") == 0x3F80_0000)
        #expect(f32("1.00000005960464477539062500000000000000000001") == 0x3F80_0001)
    }

    /// Literals half way between two neighbours, and a hair to either side, written from the bits with integer arithmetic.
    @Test func tiesGoToEven() {
        var generator = SplitMix(state: 42)
        for round in 0..<4000 {
            // 24 bits with an exponent of the f32, or 53 bits with one of the f64.
            let isSingle = round % 2 == 0
            let bits = isSingle ? 24 : 53
            let range = isSingle ? -149...103 : -1074...970
            let isSubnormal = round % 5 == 0
            let exponent = isSubnormal ? range.lowerBound : Int.random(in: range, using: &generator)
            let top: UInt64 = 1 << (bits - 1)
            let significand = UInt64.random(in: isSubnormal ? 0..<top : top..<top * 2 - 1, using: &generator)
            // A normal number's significand carries 1 into the exponent field.
            let field = isSubnormal ? 0 : UInt64(exponent - range.lowerBound)
            let below = field << (bits - 1) + significand
            let half = String(significand * 2 + 1, radix: 16)
            let almost = String(significand * 2, radix: 16) + "." + String(repeating: "f", count: round % 40 + 1)
            let power = "p\(exponent - 1)"
            let even = below + (below & 1)
            func check(_ literal: String, _ expected: UInt64) {
                let found = isSingle ? f32(literal).map(UInt64.init) : f64(literal)
                #expect(found == expected, "\(literal)")
            }
            check("0x\(half)\(power)", even)
            check("0x\(half).\(String(repeating: "0", count: round % 40))1\(power)", below + 1)
            check("0x\(almost)\(power)", below)
            check("0x\(String(significand, radix: 16))p\(exponent)", below)
        }
    }

    @Test func longLiterals() {
        let zeros = String(repeating: "0", count: 200_000)
        #expect(f64("1" + zeros + "e-200000") == (1.0).bitPattern)
        #expect(f64("0." + zeros + "1e200001") == (1.0).bitPattern)
        #expect(f64("0x0." + zeros + "1p800004") == (1.0).bitPattern)
        #expect(f64("0x1" + zeros + "p-800000") == (1.0).bitPattern)
        // Far past the digits that a double can tell apart, one more still breaks the tie.
        #expect(f64("9007199254740993." + zeros) == 9_007_199_254_740_992.0.bitPattern)
        #expect(f64("9007199254740993." + zeros + "1") == 9_007_199_254_740_994.0.bitPattern)
    }
}

/// A small generator that gives the same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
