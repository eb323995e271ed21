/// A small copy of an image.
public struct Thumbnail: Sendable {
    /// What the original was.
    public let kind: ImageKind
    /// Of the original, in pixels.
    public let originalWidth: Int
    public let originalHeight: Int
    public let width: Int
    public let height: Int
    /// A JPEG file.
    public let jpeg: [UInt8]
}

/// Why there is no thumbnail.
public enum ThumbnailError: Error, Hashable, Sendable {
    /// Neither JPEG nor PNG.
    case unknownFormat
    /// More pixels than are allowed.
    case tooLarge(width: Int, height: Int)
    /// What the library finds wrong with the image.
    case damaged(String)
    /// The library went past a limit or did what it mustn't, and its sandbox was stopped. The reason has a line for each function that
    /// was running, after the first line.
    case stopped(String)
}
