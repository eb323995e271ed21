import BulkheadSandbox
import JPEG
import PNG
import PlantedPNG

/// Makes thumbnails of images that strangers send.
///
/// All C runs in sandboxes, and each is used once: one for an image's header, one for its pixels, and one to encode the thumbnail.
public struct Thumbnailer: Sendable {
    public struct Options: Sendable {
        /// Of memory and stack for each sandbox, and of time for each call into it; an image takes a few.
        public var limits = SandboxLimits(memory: 128 << 20, stack: 256 << 10, time: .seconds(2))
        /// Width times height of an original.
        public var maximumPixels = 25_000_000
        /// How many sandboxes of each library are kept ready.
        public var poolSize = 4
        /// The longer side of a thumbnail.
        public var side = 256
        public var png = PNGLibrary.intact

        public init() {}
    }

    /// Which libpng decodes.
    public enum PNGLibrary: Sendable {
        case intact
        /// One with a hole that was there until 2004.
        case planted
        /// The same without a sandbox, to see the difference.
        case plantedUnprotected
    }

    private let options: Options
    private let jpeg: JPEGCodec
    private let png: PNGDecoder

    public init(_ options: Options = Options()) throws {
        self.options = options
        var jpegOptions = JPEGCodec.Options()
        jpegOptions.limits = options.limits
        jpegOptions.maximumPixels = options.maximumPixels
        jpeg = try JPEGCodec(jpegOptions, poolSize: options.poolSize)

        var pngOptions = PNGDecoder.Options()
        pngOptions.limits = options.limits
        pngOptions.maximumPixels = options.maximumPixels
        png =
            switch options.png {
            case .intact: try PNGDecoder(pngOptions, poolSize: options.poolSize)
            case .planted:
                try PNGDecoder(
                    pngOptions, image: PlantedPNG.image(for: LibPNG.self, isDirect: false), poolSize: options.poolSize)
            case .plantedUnprotected:
                try PNGDecoder(pngOptions, image: PlantedPNG.image(for: LibPNG.self, isDirect: true), poolSize: 0)
            }
    }

    public func thumbnail(of data: [UInt8]) throws(ThumbnailError) -> Thumbnail {
        guard let kind = ImageKind(of: data) else { throw .unknownFormat }
        do {
            switch kind {
            case .jpeg:
                let header = try jpeg.header(of: data)
                let image = try jpeg.decode(data, reducedTo: reduction(of: header)).image
                let pixels = Pixels(
                    width: image.width, height: image.height, bytesPerPixel: image.format.bytesPerPixel,
                    bytes: image.pixels)
                return try thumbnail(of: pixels, kind, originalWidth: header.width, originalHeight: header.height)
            case .png:
                let image = try png.decode(data)
                let pixels = Pixels(width: image.width, height: image.height, bytesPerPixel: 4, bytes: image.pixels)
                return try thumbnail(of: pixels, kind, originalWidth: image.width, originalHeight: image.height)
            }
        } catch let error as JPEGError {
            throw ThumbnailError(error)
        } catch let error as PNGError {
            throw ThumbnailError(error)
        } catch {
            throw .stopped("\(error)")
        }
    }

    /// The smallest size that libjpeg decodes an image to which is no smaller than the thumbnail.
    private func reduction(of header: JPEGHeader) -> JPEGCodec.Reduction {
        let longer = max(header.width, header.height)
        let choices: [JPEGCodec.Reduction] = [.eighth, .quarter, .half]
        return choices.first { longer / Int($0.rawValue) >= options.side } ?? .none
    }

    private func thumbnail(
        of pixels: Pixels, _ kind: ImageKind, originalWidth: Int, originalHeight: Int
    ) throws -> Thumbnail {
        let (width, height) = pixels.size(fitting: options.side)
        let scaled = pixels.scaled(toWidth: width, height: height)
        guard let image = JPEGImage(width: width, height: height, format: .rgb, pixels: scaled) else {
            throw ThumbnailError.damaged("the image has another size than its pixels")
        }
        return Thumbnail(
            kind: kind, originalWidth: originalWidth, originalHeight: originalHeight, width: width, height: height,
            jpeg: try jpeg.encode(image))
    }
}

extension ThumbnailError {
    fileprivate init(_ error: JPEGError) {
        self =
            switch error {
            case .invalid(let reason): .damaged(reason)
            case .tooLarge(let width, let height): .tooLarge(width: width, height: height)
            case .stopped(let reason): .stopped(reason)
            }
    }

    fileprivate init(_ error: PNGError) {
        self =
            switch error {
            case .invalid(let reason): .damaged(reason)
            case .tooLarge(let width, let height): .tooLarge(width: width, height: height)
            case .stopped(let reason): .stopped(reason)
            }
    }
}
