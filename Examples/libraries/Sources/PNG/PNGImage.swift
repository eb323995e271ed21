/// Pixels.
public struct PNGImage: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// Red, green, blue and alpha of each, row by row from the top.
    public let pixels: [UInt8]
}

extension PNGImage: CustomStringConvertible {
    public var description: String { "\(width) x \(height) pixels" }
}

/// What an image says of itself before it is decoded.
public struct PNGHeader: Hashable, Sendable {
    /// In pixels.
    public var width: Int
    public var height: Int
    /// Of a sample: 1, 2, 4, 8 or 16.
    public var bitDepth: Int
    public var isInterlaced: Bool
}

/// Why an image could not be decoded.
public enum PNGError: Error, Hashable, Sendable {
    /// In the words of libpng.
    case invalid(String)
    /// More pixels than the decoder is allowed to decode.
    case tooLarge(width: Int, height: Int)
    /// The library was stopped, for it went past a limit or did what it mustn't.
    case stopped(String)
}

extension PNGError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalid(let reason): reason
        case .tooLarge(let width, let height): "\(width) x \(height) pixels are more than is allowed"
        case .stopped(let reason): "the library was stopped: \(reason)"
        }
    }
}
