/// The four letters by which font formats name tables, scripts, languages and features.
public struct FontTag: Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// As Graphite wants them: up to four letters, then zeros.
    public init(stringLiteral text: StaticString) {
        var value: UInt32 = 0
        text.withUTF8Buffer { letters in
            for position in 0..<4 {
                value = value << 8 | (position < letters.count ? UInt32(letters[position]) : 0)
            }
        }
        rawValue = value
    }
}
