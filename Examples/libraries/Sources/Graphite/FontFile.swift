/// A TrueType or OpenType font file, of which no more is read than where its tables are.
struct FontFile: Sendable {
    let bytes: [UInt8]
    private let tables: [FontTag: Range<Int>]
    /// Glyphs have numbers below this.
    let glyphCount: Int

    /// `nil` where there's no directory of tables, or no `maxp` with the number of glyphs. A table that goes past the file's end
    /// counts as not there.
    init?(_ bytes: [UInt8]) {
        func number(_ size: Int, at place: Int) -> Int? {
            guard place >= 0, place <= bytes.count - size else { return nil }
            return bytes[place..<place + size].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let version = number(4, at: 0), [0x0001_0000, 0x4F54_544F, 0x7472_7565].contains(version),
            let count = number(2, at: 4)
        else { return nil }
        var tables: [FontTag: Range<Int>] = [:]
        for entry in 0..<count {
            let place = 12 + 16 * entry
            guard let tag = number(4, at: place), let start = number(4, at: place + 8),
                let length = number(4, at: place + 12)
            else { return nil }
            if start <= bytes.count, length <= bytes.count - start {
                tables[FontTag(rawValue: UInt32(tag))] = start..<start + length
            }
        }
        guard let maximums = tables["maxp"], maximums.count >= 6,
            let glyphCount = number(2, at: maximums.lowerBound + 4)
        else { return nil }
        self.bytes = bytes
        self.tables = tables
        self.glyphCount = glyphCount
    }

    /// Where a table is in `bytes`.
    subscript(tag: FontTag) -> Range<Int>? { tables[tag] }
}
