/// A fast 64-bit checksum against accidents: truncation, bit rot, a full disk.
///
/// It offers **no security**: anyone can make two files with one checksum. What keeps an attacker out of the cache is
/// who owns it (``ArtifactCache``). Four independent lanes of 8 bytes, so that the multiplications overlap; every step
/// is a bijection of the lane for a given word and of the word for a given lane, so a change confined to one word
/// always shows.
struct Checksum: Sendable {
    private static let stripe = 32
    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    private var lanes = SIMD4<UInt64>(1, 2, 3, 4) &* Checksum.factor
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let missing = rest.prefix(Self.stripe - pending.count)
            pending.append(contentsOf: missing)
            rest = rest.dropFirst(missing.count)
            guard pending.count == Self.stripe else { return }
            let block = pending
            pending.removeAll(keepingCapacity: true)
            block.withUnsafeBytes { mix($0) }
        }
        let whole = rest.count / Self.stripe * Self.stripe
        mix(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
        pending.append(contentsOf: rest.dropFirst(whole))
    }

    /// The checksum of everything so far. The length takes part, so trailing zeros count.
    consuming func finalize() -> UInt64 {
        let total = length
        if !pending.isEmpty {
            let padding = [UInt8](repeating: 0, count: Self.stripe - pending.count)
            padding.withUnsafeBytes { update($0) }
        }
        var result = total
        for index in 0..<4 {
            result = Self.step(result, lanes[index])
        }
        return result ^ (result &>> 29)
    }

    private mutating func mix(_ stripes: UnsafeRawBufferPointer) {
        var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
        for start in stride(from: 0, to: stripes.count, by: Self.stripe) {
            func word(_ index: Int) -> UInt64 {
                UInt64(littleEndian: stripes.loadUnaligned(fromByteOffset: start &+ index &* 8, as: UInt64.self))
            }
            a = Self.step(a, word(0))
            b = Self.step(b, word(1))
            c = Self.step(c, word(2))
            d = Self.step(d, word(3))
        }
        lanes = SIMD4(a, b, c, d)
    }

    @inline(__always)
    private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (lane ^ word) &* factor
        return (mixed &<< 31) | (mixed &>> 33)
    }
}
