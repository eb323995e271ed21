/// A progressive JPEG image of very many scans. Each says in a few bytes that nothing changes, for all of a large image, and the decoder
/// walks through it.
enum SlowJPEG {
    static func bytes(scans: Int, side: Int = 4000) -> [UInt8] {
        let (high, low) = (UInt8(side >> 8), UInt8(side & 0xFF))
        var file: [UInt8] = [0xFF, 0xD8]
        file += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        // Progressive, 8 bits, one component.
        file += segment(0xC2, [8, high, low, high, low, 1, 1, 0x11, 0])
        // A Huffman table with a single code, 0: a run of 2^14 blocks and more, as 14 bits say, in which nothing follows.
        file += segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0xE0])
        let scan = scan(blocks: (side + 7) / 8 * ((side + 7) / 8))
        for _ in 0..<scans { file += scan }
        return file + [0xFF, 0xD9]
    }

    private static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
        let count = data.count + 2
        return [0xFF, marker, UInt8(count >> 8), UInt8(count & 0xFF)] + data
    }

    /// All coefficients but the first.
    private static func scan(blocks: Int) -> [UInt8] {
        var bits: [Bool] = []
        var remaining = blocks
        while remaining > 0 {
            let run = min(remaining, 0x7FFF)
            // A shorter one would need a code of its own; the end of the scan ends this one too.
            bits += [false] + (0..<14).reversed().map { max(0, run - 0x4000) >> $0 & 1 == 1 }
            remaining -= run
        }
        while bits.count % 8 != 0 { bits.append(true) }
        let bytes = stride(from: 0, to: bits.count, by: 8).flatMap { start -> [UInt8] in
            let byte = bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
            return byte == 0xFF ? [0xFF, 0] : [byte]
        }
        return segment(0xDA, [1, 1, 0, 1, 63, 0]) + bytes
    }
}
