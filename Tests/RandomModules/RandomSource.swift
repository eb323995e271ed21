/// SplitMix64: the same numbers for the same seed on every machine.
package struct RandomSource {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// From 0 up to, but not including, `bound`.
    package mutating func below(_ bound: Int) -> Int { Int(bits() >> 1) % max(1, bound) }
    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Bits of a number of which edge cases are likely.
    package mutating func interesting32() -> UInt32 {
        switch below(4) {
        case 0: UInt32(below(9))
        case 1:
            pick([.max, .max - 1, 0x8000_0000, 0x7FFF_FFFF, 0x8000_0001, 0xFF, 0x80, 0x7F, 0xFFFF, 0x8000, 31, 32, 33])
        case 2: UInt32(1) << UInt32(below(32))
        default: UInt32(truncatingIfNeeded: bits())
        }
    }

    package mutating func interesting64() -> UInt64 {
        switch below(4) {
        case 0: UInt64(interesting32())
        case 1: UInt64(bitPattern: Int64(Int32(bitPattern: interesting32())))
        case 2: pick(Self.integers)
        default: bits()
        }
    }

    private static let integers: [UInt64] = [
        .max, 0x8000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x1_0000_0000, 0xFFFF_FFFF, 0x8000_0000_0000_0001, 63, 64,
        65,
    ]

    private static let floats: [Double] = [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 1e10, -1e10, 2_147_483_647, 2_147_483_648, -2_147_483_648,
        -2_147_483_649, 4_294_967_295, 4_294_967_296, 9.223372036854775e18, 9.223372036854775807e18, -9.3e18,
        1.8446744073709552e19, 1e-40, 0x1p-1060, 3.5e38, 1e308, .infinity, -.infinity, .nan, 0.1,
    ]

    package mutating func interestingFloat() -> UInt32 {
        chance(85) ? Float(pick(Self.floats)).bitPattern : UInt32(truncatingIfNeeded: bits())
    }

    package mutating func interestingDouble() -> UInt64 { chance(85) ? pick(Self.floats).bitPattern : bits() }
}
