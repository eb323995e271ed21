import BulkheadSandbox

/// A picture in memory, and the only thing that the rest of the program sees of the C library.
public struct Picture: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// Red, green, blue, alpha; row by row.
    public let pixels: [UInt8]

    /// Larger pictures are refused, whatever the file says.
    public static let sizes: ClosedRange<UInt32> = 1...4096

    public enum Failure: Error, Equatable {
        case notAPicture
    }

    /// Decodes a file from anywhere, in a sandbox of its own.
    public init(qoi file: [UInt8]) throws {
        try self.init(qoi: file, with: QOI.image())
    }

    /// In direct mode there is no wall: for comparing with files that one trusts.
    public init(trustedQOI file: [UInt8]) throws {
        try self.init(qoi: file, with: QOI.directImage())
    }

    private init(qoi file: [UInt8], with image: SandboxImage<QOI>) throws {
        var sandbox = try Sandbox<QOI>(image)
        let picture = try sandbox.allocate(QOI.qoi_picture.self)
        let result = try sandbox.qoi_decode(file, picture.pointer)
        guard result.verified({ $0 == .QOI_OK }) else { throw Failure.notAPicture }

        // What the library says is as good as what the file says: it is checked before it is used.
        let (width, height, pixels) = try sandbox.load(picture.pointer).verified { found in
            guard Self.sizes.contains(found.width), Self.sizes.contains(found.height), let pixels = found.pixels else {
                throw Failure.notAPicture
            }
            return (Int(found.width), Int(found.height), pixels)
        }
        self.width = width
        self.height = height
        self.pixels = try sandbox.copyBytes(at: pixels, count: width * height * 4)
            .unsafeUnchecked(because: "any bytes are colours")
        try sandbox.qoi_free(picture.pointer)
    }

    /// The picture in letters, a line a row, darker where it is brighter.
    public func drawing() throws -> String {
        var sandbox = try Sandbox<QOI>(QOI.image())
        let letters = Array(" .:-=+*#%@")
        var text = ""
        for y in 0..<height {
            for x in 0..<width {
                let at = (y * width + x) * 4
                let brightness = try sandbox.qoi_brightness(pixels[at], pixels[at + 1], pixels[at + 2])
                    .unsafeUnchecked(because: "every byte has a letter below")
                text.append(letters[Int(brightness) * letters.count / 256])
            }
            text.append("\n")
        }
        return text
    }
}
