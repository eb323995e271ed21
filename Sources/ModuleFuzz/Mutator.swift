/// Damages modules a little, so that most of what is left still means something.
struct Mutator {
    var random: Random
    private let corpus: [[UInt8]]

    /// Numbers at the edges of their encodings, and bytes with a meaning of their own.
    private static let interesting: [[UInt8]] = [
        [0x00], [0x01], [0x7F], [0x80], [0xFF], [0x0B], [0x05], [0x40], [0x41], [0x70], [0x6F], [0xFC], [0xD2],
        [0x80, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0x80, 0x80, 0x80, 0x00],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x10], [0xED, 0xA0, 0x80],
    ]

    init(random: Random, corpus: [[UInt8]]) {
        self.random = random
        self.corpus = corpus
    }

    mutating func next() -> [UInt8] {
        var bytes = corpus[random.below(corpus.count)]
        for _ in 0...random.below(4) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard bytes.count > 8 else { return }
        // The header stays: what follows a bad one is never read.
        let index = 8 + random.below(bytes.count - 8)
        let length = min(1 + random.below(8), bytes.count - index)
        switch random.below(9) {
        case 0: bytes[index] = random.byte()
        case 1: bytes[index] ^= 1 << UInt8(random.below(8))
        case 2: bytes[index] &+= random.below(2) == 0 ? 1 : 255
        case 3: overwrite(&bytes, index, Mutator.interesting[random.below(Mutator.interesting.count)])
        case 4: bytes.insert(contentsOf: Mutator.interesting[random.below(Mutator.interesting.count)], at: index)
        case 5: bytes.removeSubrange(index..<index + length)
        case 6: bytes.insert(contentsOf: bytes[index..<index + length], at: index)
        case 7:
            let other = corpus[random.below(corpus.count)]
            let start = random.below(other.count)
            overwrite(&bytes, index, Array(other[start..<min(start + length, other.count)]))
        default: bytes.removeSubrange((bytes.count - random.below(bytes.count - 8))...)
        }
    }

    private func overwrite(_ bytes: inout [UInt8], _ index: Int, _ new: [UInt8]) {
        for (offset, byte) in new.enumerated() where index + offset < bytes.count { bytes[index + offset] = byte }
    }
}
