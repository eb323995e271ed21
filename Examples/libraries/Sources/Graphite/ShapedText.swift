/// What a font makes of a text: glyphs, and where they go. In pixels, or in units of the font's design where no size was given.
public struct ShapedText: Hashable, Sendable {
    public struct Glyph: Hashable, Sendable {
        /// Below the number of the font's glyphs.
        public var id: Int
        /// From the start of the text.
        public var x: Float
        public var y: Float
        /// How far the next glyph is, by itself.
        public var advance: Float
        /// The Unicode scalars of the text that it stands for, by number.
        public var scalars: ClosedRange<Int>
        /// The glyph, by its place among ``ShapedText/glyphs``, that this one is attached to: an accent's letter.
        public var base: Int?
        /// Whether a cursor may stand before it.
        public var allowsInsertionBefore: Bool
    }

    public var glyphs: [Glyph] = []
    /// Width.
    public var advanceX: Float = 0
    public var advanceY: Float = 0
}

/// How a text is to be shaped.
public struct ShapingOptions: Hashable, Sendable {
    /// `nil` for positions in units of the font's design.
    public var pixelsPerEm: Float?
    public var isRightToLeft = false
    public var script: FontTag?
    /// As in `"vi"`.
    public var language: FontTag?
    /// Values of the font's features. Those that it doesn't have are passed over.
    public var features: [FontTag: UInt16] = [:]

    public init() {}
}

public enum GraphiteError: Error, Sendable {
    /// The file is no TrueType or OpenType font.
    case notAFont
    /// Graphite refuses the font: it has no rules of Graphite's, or they are damaged.
    case unsupportedFont
    /// There is a NUL in the text, where Graphite takes it to end.
    case nulInText
}
