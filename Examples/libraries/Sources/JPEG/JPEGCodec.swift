import BulkheadSandbox

/// Decodes JPEG images of strangers, and encodes images, with libjpeg-turbo in a sandbox of its own for each image.
///
/// ```swift
/// let codec = try JPEGCodec()
/// let image = try codec.decode(upload).image
/// ```
/// What the library says of an image is checked: the size before any memory is set aside for it, and how many rows there are of
/// how many bytes. What colours pixels have is for the image to say.
public struct JPEGCodec: Sendable {
    public struct Options: Sendable, Hashable {
        /// Of memory and stack for an image, and of time for its header and for 256 KiB of its pixels.
        public var limits = SandboxLimits(memory: 512 << 20, stack: 1 << 20, time: .seconds(5))
        /// Width times height.
        public var maximumPixels = 50_000_000

        public init() {}
    }

    /// How much smaller than it is an image is decoded, which costs less.
    public enum Reduction: UInt32, Sendable {
        case none = 1
        case half = 2
        case quarter = 4
        case eighth = 8
    }

    private let pool: SandboxPool<LibJPEG>
    private let options: Options
    /// Of the format, in each direction.
    private static let maximumSide: UInt32 = 65_500
    /// Bytes of pixels that are decoded by one call.
    private static let stripSize = 1 << 18

    /// - Parameters:
    ///   - image: the library, where it isn't the one in this package: in direct mode for comparisons.
    ///   - poolSize: how many sandboxes are kept ready.
    public init(
        _ options: Options = Options(), image: SandboxImage<LibJPEG>? = nil, poolSize: Int = 2
    ) throws {
        self.options = options
        pool = try SandboxPool(image ?? LibJPEG.image(), size: poolSize, limits: options.limits)
    }

    /// What the image says of itself.
    public func header(of data: [UInt8]) throws(JPEGError) -> JPEGHeader {
        try withErrors { sandbox, onError in
            let decoder = try sandbox.codec_decoder_create(onError)
            let input = try sandbox.allocate(copying: data)
            return try open(decoder.pointer, input, &sandbox)
        }
    }

    /// The image's pixels. A damaged image is decoded as well as can be, and has warnings.
    public func decode(
        _ data: [UInt8], as format: JPEGImage.Format = .rgb, reducedTo reduction: Reduction = .none
    ) throws(JPEGError) -> JPEGResult {
        try withErrors { sandbox, onError in
            let decoder = try sandbox.codec_decoder_create(onError)
            let input = try sandbox.allocate(copying: data)
            let header = try open(decoder.pointer, input, &sandbox)
            guard header.width * header.height <= options.maximumPixels else {
                throw JPEGError.tooLarge(width: header.width, height: header.height)
            }
            try sandbox.codec_decoder_start(decoder.pointer, format.colorSpace, reduction.rawValue)
            let image = try pixels(decoder.pointer, header, format, reduction, &sandbox)
            let warnings = try sandbox.codec_decoder_warnings(decoder.pointer).verified(in: 0...)
            return JPEGResult(image: image, warnings: Int(warnings))
        }
    }

    private func open(
        _ decoder: SandboxPointer<LibJPEG.codec_decoder>, _ input: borrowing SandboxAllocation<UInt8>,
        _ sandbox: inout Sandbox<LibJPEG>
    ) throws -> JPEGHeader {
        guard let size = UInt32(exactly: input.count) else { throw SandboxError.outOfMemory(bytes: input.count) }
        try sandbox.codec_decoder_open(decoder, input.pointer, size)
        let state = try sandbox.codec_decoder_state(decoder)
        return JPEGHeader(
            width: Int(try sandbox.load(state.image_width).verified(in: 1...Self.maximumSide)),
            height: Int(try sandbox.load(state.image_height).verified(in: 1...Self.maximumSide)),
            components: Int(try sandbox.load(state.num_components).verified(in: 1...10)),
            isProgressive: try sandbox.load(state.progressive_mode).verified(in: 0...1) == 1)
    }

    private func pixels(
        _ decoder: SandboxPointer<LibJPEG.codec_decoder>, _ header: JPEGHeader, _ format: JPEGImage.Format,
        _ reduction: Reduction, _ sandbox: inout Sandbox<LibJPEG>
    ) throws -> JPEGImage {
        // What libjpeg must arrive at: it rounds up.
        let divisor = Int(reduction.rawValue)
        let width = (header.width + divisor - 1) / divisor
        let height = (header.height + divisor - 1) / divisor
        let state = try sandbox.codec_decoder_state(decoder)
        _ = try sandbox.load(state.output_width).verified("the width is wrong") { Int($0) == width }
        _ = try sandbox.load(state.output_height).verified("the height is wrong") { Int($0) == height }
        _ = try sandbox.load(state.output_components).verified("the format is wrong") { $0 == format.bytesPerPixel }

        let stride = width * format.bytesPerPixel
        let rows = min(height, max(1, Self.stripSize / stride))
        let strip = try sandbox.allocate(UInt8.self, count: rows * stride)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(height * stride)
        var remaining = height
        while remaining > 0 {
            let wanted = min(rows, remaining)
            let count = try sandbox.codec_decoder_read(decoder, strip.pointer, UInt32(stride), UInt32(wanted))
                .verified("the library gave more rows or fewer than asked for") { Int($0) == wanted }
            // Any bytes are pixels.
            let bytes = try sandbox.uncheckedBytes(at: strip.pointer, count: Int(count) * stride)
            bytes.withUnsafeBytes { pixels.append(contentsOf: $0) }
            remaining -= wanted
        }
        guard let image = JPEGImage(width: width, height: height, format: format, pixels: pixels) else {
            throw SandboxError.verification("the image has another size than its pixels")
        }
        return image
    }

    /// The image as a JPEG file.
    /// - Parameter quality: from 1 to 100, where 100 is best.
    public func encode(
        _ image: JPEGImage, quality: Int = 85, isProgressive: Bool = false
    ) throws(JPEGError) -> [UInt8] {
        try withErrors { sandbox, onError in
            guard image.width <= Self.maximumSide, image.height <= Self.maximumSide else {
                throw JPEGError.tooLarge(width: image.width, height: image.height)
            }
            let pixels = try sandbox.allocate(copying: image.pixels)
            let size = try sandbox.allocate(SandboxUnsignedLong.self)
            try sandbox.store(0, to: size.pointer)
            let result = try sandbox.codec_encode(
                onError, pixels.pointer, UInt32(image.width), UInt32(image.height),
                Int32(image.format.bytesPerPixel), Int32(min(100, max(1, quality))), isProgressive ? 1 : 0,
                size.pointer)
            let count = try sandbox.load(size.pointer).verified(in: 1...UInt32(Int32.max))
            // A file for whoever asked for it, who decodes it with as much care as any other.
            let data = try sandbox.copyBytes(at: result, count: Int(count)).verified { $0 }
            try sandbox.free(result)
            return data
        }
    }

    // MARK: - Errors

    /// Gives `body` a sandbox that nobody has used, and the function by which its library reports an error.
    private func withErrors<Result>(
        _ body: (inout Sandbox<LibJPEG>, SandboxFunctionPointer<LibJPEG.codec_error>) throws -> Result
    ) throws(JPEGError) -> Result {
        do {
            var sandbox = try pool.take()
            let onError = try sandbox.callback(LibJPEG.codec_error.self) { sandbox, message in
                throw JPEGError.invalid(try Self.text(message, in: sandbox))
            }
            let result = try body(&sandbox, onError.pointer)
            // Until here the library may call it.
            withExtendedLifetime(onError.pointer) {}
            return result
        } catch let error as JPEGError {
            throw error
        } catch {
            throw .stopped("\(error)")
        }
    }

    /// A message is shown to people: nothing but printable ASCII.
    private static func text(
        _ message: SandboxPointer<CChar>?, in sandbox: borrowing Sandbox<LibJPEG>
    ) throws -> String {
        guard let message else { return "no reason given" }
        return try sandbox.string(at: message, maximum: 200)
            .verified("a message is not text", where: { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
    }
}

extension JPEGImage.Format {
    fileprivate var colorSpace: LibJPEG.J_COLOR_SPACE {
        switch self {
        case .grayscale: .JCS_GRAYSCALE
        case .rgb: .JCS_RGB
        }
    }
}
