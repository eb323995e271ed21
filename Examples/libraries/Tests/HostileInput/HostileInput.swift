/// Inputs that somebody made to break a parser: a good one cut short and changed, the same ones in every run.
public struct HostileInput: Sequence, Sendable {
    private let original: [UInt8]
    private let truncations: Int
    private let mutations: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - original: an input that the library takes.
    ///   - truncations: how many of its beginnings are tried, of lengths from 0 on in equal steps; each length there is where
    ///     there are fewer.
    ///   - mutations: how many changed copies follow.
    public init(from original: [UInt8], truncations: Int, mutations: Int, seed: UInt64) {
        self.original = original
        self.truncations = Swift.min(truncations, original.count)
        self.mutations = mutations
        self.seed = seed
    }

    public func makeIterator() -> AnyIterator<[UInt8]> {
        var number = 0
        var random = SplitMix(state: seed)
        return AnyIterator {
            defer { number += 1 }
            if number < truncations { return Array(original.prefix(number * original.count / truncations)) }
            return number < truncations + mutations ? mutated(&random) : nil
        }
    }

    /// A copy with one to eight changes, each of a kind that has broken parsers before.
    private func mutated(_ random: inout SplitMix) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            let rest = Int.random(in: 1...Swift.max(1, Swift.min(64, bytes.count - place)), using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            case 3: bytes.removeSubrange(place..<place + rest)
            case 4: bytes.insert(contentsOf: bytes[place..<place + rest], at: place)
            case 5:
                // A length or an offset that is far too large.
                for index in place..<Swift.min(place + 4, bytes.count) { bytes[index] = 0xFF }
            default:
                let other = Int.random(in: bytes.indices, using: &random)
                bytes.swapAt(place, other)
            }
        }
        return bytes
    }
}

/// Steele's, Lea's and Flood's generator: a good sequence from any seed.
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(state: UInt64) { self.state = state }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
