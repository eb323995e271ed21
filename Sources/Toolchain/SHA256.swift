/// The SHA-256 hash function, fed piece by piece. FIPS 180-4.
///
/// Names cache entries: two different inputs never share a name, even when one of them is chosen by an attacker.
public struct SHA256: Sendable {
    /// The 32 bytes of a finished hash.
    public struct Digest: Sendable, Hashable, CustomStringConvertible {
        public let bytes: [UInt8]

        /// 64 lower-case hexadecimal digits.
        public var hex: String {
            var digits: [UInt8] = []
            digits.reserveCapacity(64)
            for byte in bytes {
                for nibble in [byte >> 4, byte & 15] {
                    digits.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
                }
            }
            return String(decoding: digits, as: UTF8.self)
        }

        public var description: String { hex }
    }

    private static let blockSize = 64

    private var state: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// The bytes after the last whole block; always fewer than a block.
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    public init() {}

    public static func hash(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let missing = rest.prefix(Self.blockSize - pending.count)
            pending.append(contentsOf: missing)
            rest = rest.dropFirst(missing.count)
            guard pending.count == Self.blockSize else { return }
            let block = pending
            pending.removeAll(keepingCapacity: true)
            block.withUnsafeBytes { compress($0) }
        }
        let whole = rest.count / Self.blockSize * Self.blockSize
        compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
        pending.append(contentsOf: rest.dropFirst(whole))
    }

    public consuming func finalize() -> Digest {
        let bits = length &* 8
        var padding: [UInt8] = [0x80]
        let used = (pending.count + 1 + 8) % Self.blockSize
        padding.append(contentsOf: repeatElement(0, count: used == 0 ? 0 : Self.blockSize - used))
        for shift in stride(from: 56, through: 0, by: -8) {
            padding.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        update(padding)

        var bytes: [UInt8] = []
        for index in 0..<8 {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: state[index] >> UInt32(shift)))
            }
        }
        return Digest(bytes: bytes)
    }

    /// Takes in a whole number of blocks. FIPS 180-4, 6.2.2.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        Self.roundConstants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                for start in stride(from: 0, to: blocks.count, by: Self.blockSize) {
                    for index in 0..<16 {
                        let word = blocks.loadUnaligned(fromByteOffset: start &+ index &* 4, as: UInt32.self)
                        schedule[index] = UInt32(bigEndian: word)
                    }
                    for index in 16..<64 {
                        let near = schedule[index &- 2]
                        let far = schedule[index &- 15]
                        let mixedNear = rotate(near, 17) ^ rotate(near, 19) ^ (near &>> 10)
                        let mixedFar = rotate(far, 7) ^ rotate(far, 18) ^ (far &>> 3)
                        schedule[index] = mixedNear &+ schedule[index &- 7] &+ mixedFar &+ schedule[index &- 16]
                    }

                    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
                    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
                    // Eight rounds at a time: instead of moving every variable on, the next round names them one on.
                    for index in stride(from: 0, to: 64, by: 8) {
                        func input(_ offset: Int) -> UInt32 {
                            constants[index &+ offset] &+ schedule[index &+ offset]
                        }
                        round(a, b, c, &d, e, f, g, &h, input(0))
                        round(h, a, b, &c, d, e, f, &g, input(1))
                        round(g, h, a, &b, c, d, e, &f, input(2))
                        round(f, g, h, &a, b, c, d, &e, input(3))
                        round(e, f, g, &h, a, b, c, &d, input(4))
                        round(d, e, f, &g, h, a, b, &c, input(5))
                        round(c, d, e, &f, g, h, a, &b, input(6))
                        round(b, c, d, &e, f, g, h, &a, input(7))
                    }
                    state = state &+ SIMD8(a, b, c, d, e, f, g, h)
                }
            }
        }
    }

    @inline(__always)
    private func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ input: UInt32
    ) {
        let choice = g ^ (e & (f ^ g))
        let majority = (a & b) | (c & (a | b))
        h = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ input
        d = d &+ h
        h = h &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
    }

    @inline(__always)
    private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        (word &>> count) | (word &<< (32 &- count))
    }

    /// FIPS 180-4, 4.2.2.
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
