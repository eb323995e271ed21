/// Pixels.
public struct JPEGImage: Hashable, Sendable {
    public enum Format: Hashable, Sendable {
        case grayscale
        /// Red, green, blue.
        case rgb

        public var bytesPerPixel: Int {
            switch self {
            case .grayscale: 1
            case .rgb: 3
            }
        }
    }

    public let width: Int
    public let height: Int
    public let format: Format
    /// Row by row from the top, without gaps.
    public let pixels: [UInt8]

    /// `nil` where there are not as many bytes as such an image has.
    public init?(width: Int, height: Int, format: Format, pixels: [UInt8]) {
        let (row, overflow) = width.multipliedReportingOverflow(by: format.bytesPerPixel)
        let (size, overflow2) = row.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, !overflow2, pixels.count == size else { return nil }
        self.width = width
        self.height = height
        self.format = format
        self.pixels = pixels
    }
}

extension JPEGImage: CustomStringConvertible {
    public var description: String { "\(width) x \(height) pixels, \(format)" }
}

/// What an image says of itself before it is decoded.
public struct JPEGHeader: Hashable, Sendable {
    /// In pixels.
    public var width: Int
    public var height: Int
    /// 1 for shades of gray, 3 for colours, 4 for colours of printers.
    public var components: Int
    public var isProgressive: Bool
}

/// An image as far as it could be decoded.
public struct JPEGResult: Hashable, Sendable {
    public var image: JPEGImage
    /// How often data was damaged or missing; the image has something made up there.
    public var warnings: Int
}

/// Why an image could not be decoded or encoded.
public enum JPEGError: Error, Hashable, Sendable {
    /// In the words of libjpeg.
    case invalid(String)
    /// More pixels than the codec is allowed to decode.
    case tooLarge(width: Int, height: Int)
    /// The library was stopped, for it went past a limit or did what it mustn't.
    case stopped(String)
}

extension JPEGError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalid(let reason): reason
        case .tooLarge(let width, let height): "\(width) x \(height) pixels are more than is allowed"
        case .stopped(let reason): "the library was stopped: \(reason)"
        }
    }
}
