/// The directory of tables that a font file begins with.
enum FontDirectory {
    /// Whether every table lies in the file. For a collection, those of each font.
    static func isSound(_ bytes: [UInt8]) -> Bool {
        guard number(4, in: bytes, at: 0) == collection else { return isSound(bytes, at: 0) }
        guard let count = number(4, in: bytes, at: 8), count <= bytes.count / 4 else { return false }
        return (0..<count).allSatisfy { font in
            number(4, in: bytes, at: 12 + 4 * font).map { isSound(bytes, at: $0) } ?? false
        }
    }

    private static let collection = 0x7474_6366

    private static func isSound(_ bytes: [UInt8], at start: Int) -> Bool {
        guard number(4, in: bytes, at: start) != nil, let count = number(2, in: bytes, at: start + 4) else {
            return false
        }
        return (0..<count).allSatisfy { table in
            let entry = start + 12 + 16 * table
            guard let offset = number(4, in: bytes, at: entry + 8), let length = number(4, in: bytes, at: entry + 12)
            else { return false }
            return offset <= bytes.count && length <= bytes.count - offset
        }
    }

    private static func number(_ size: Int, in bytes: [UInt8], at place: Int) -> Int? {
        guard place >= 0, place <= bytes.count - size else { return nil }
        return bytes[place..<place + size].reduce(0) { $0 << 8 | Int($1) }
    }
}
