/// What an Ogg file consists of, in the order in which it is read.
public enum OggEvent: Hashable, Sendable {
    case page(OggPage)
    /// Of the stream with that serial number.
    case packet(OggPacket, serial: Int32)
    /// Pages of that stream are missing here.
    case gap(serial: Int32)
    /// So many bytes are of no page.
    case skipped(Int)
}

public struct OggPage: Hashable, Sendable {
    /// Of the stream it is part of.
    public var serial: Int32
    public var number: Int32
    public var isFirst: Bool
    public var isLast: Bool
    /// Bytes, header included.
    public var size: Int
}

/// A piece of a stream, as a codec wants it.
public struct OggPacket: Hashable, Sendable {
    public var data: [UInt8]
    /// A time in the stream, in units of the codec; `nil` where the packet has none.
    public var granulePosition: Int64?
    public var isFirst: Bool
    public var isLast: Bool

    public init(_ data: [UInt8], granulePosition: Int64? = nil, isFirst: Bool = false, isLast: Bool = false) {
        self.data = data
        self.granulePosition = granulePosition
        self.isFirst = isFirst
        self.isLast = isLast
    }
}

/// Why reading or writing ended.
public enum OggError: Error, Hashable, Sendable {
    /// More streams at a time than the reader is ready for.
    case tooManyStreams(limit: Int)
    /// The library was stopped, for it went past a limit or did what it mustn't.
    case stopped(String)
}
