import BulkheadSandbox

/// Decodes PNG images of strangers with libpng and zlib, in a sandbox of its own for each image.
///
/// ```swift
/// let decoder = try PNGDecoder()
/// let image = try decoder.decode(upload)
/// ```
/// What the library says of an image's size is checked before any memory is set aside for it; which colours pixels have is for
/// the image to say.
public struct PNGDecoder: Sendable {
    public struct Options: Sendable, Hashable {
        /// Of memory and stack for an image, and of time for its header and for its pixels.
        public var limits = SandboxLimits(memory: 512 << 20, stack: 1 << 20, time: .seconds(10))
        /// Width times height.
        public var maximumPixels = 50_000_000

        public init() {}
    }

    private let pool: SandboxPool<LibPNG>
    private let options: Options
    /// Of libpng, in each direction.
    private static let maximumSide: UInt32 = 1_000_000

    /// - Parameters:
    ///   - image: the library, where it isn't the one in this package: in direct mode for comparisons.
    ///   - poolSize: how many sandboxes are kept ready.
    public init(
        _ options: Options = Options(), image: SandboxImage<LibPNG>? = nil, poolSize: Int = 2
    ) throws {
        self.options = options
        pool = try SandboxPool(image ?? LibPNG.image(), size: poolSize, limits: options.limits)
    }

    /// What the image says of itself.
    public func header(of data: [UInt8]) throws(PNGError) -> PNGHeader {
        try withImage(data) { _, _, header in header }
    }

    /// The image's pixels. An image that is damaged anywhere is an error.
    public func decode(_ data: [UInt8]) throws(PNGError) -> PNGImage {
        try withImage(data) { sandbox, image, header in
            guard header.width * header.height <= options.maximumPixels else {
                throw PNGError.tooLarge(width: header.width, height: header.height)
            }
            let stride = header.width * 4
            let room = try sandbox.allocate(UInt8.self, count: header.height * stride)
            // What the library leaves out of a damaged image is nobody else's.
            try sandbox.fill(room.pointer, count: room.count)
            _ = try sandbox.decoder_read(image, room.pointer, UInt32(stride))
                .verified("a row has another size than the image says") { $0 == 1 }
            // Any bytes are pixels.
            let pixels = try sandbox.copyBytes(at: room.pointer, count: room.count).verified { $0 }
            return PNGImage(width: header.width, height: header.height, pixels: pixels)
        }
    }

    /// Gives `body` an image that is open, in a sandbox that nobody has used.
    private func withImage<Result>(
        _ data: [UInt8],
        _ body: (inout Sandbox<LibPNG>, SandboxPointer<LibPNG.decoder>, PNGHeader) throws -> Result
    ) throws(PNGError) -> Result {
        do {
            var sandbox = try pool.take()
            let onError = try sandbox.callback(LibPNG.decoder_error.self) { sandbox, message in
                throw PNGError.invalid(try Self.text(message, in: sandbox))
            }
            let image = try sandbox.decoder_create(onError.pointer)
            let input = try sandbox.allocate(copying: data)
            guard let size = UInt32(exactly: data.count) else { throw SandboxError.outOfMemory(bytes: data.count) }
            let found = try sandbox.decoder_open(image.pointer, input.pointer, size)
            let header = PNGHeader(
                width: Int(try found.width.verified(in: 1...Self.maximumSide)),
                height: Int(try found.height.verified(in: 1...Self.maximumSide)),
                bitDepth: Int(try found.bit_depth.verified(oneOf: [1, 2, 4, 8, 16])),
                isInterlaced: found.is_interlaced.verified { $0 != 0 })
            let result = try body(&sandbox, image.pointer, header)
            // Until here the library may call it.
            withExtendedLifetime(onError.pointer) {}
            return result
        } catch let error as PNGError {
            throw error
        } catch {
            throw .stopped("\(error)")
        }
    }

    /// A message is shown to people: nothing but printable ASCII.
    private static func text(
        _ message: SandboxPointer<CChar>?, in sandbox: borrowing Sandbox<LibPNG>
    ) throws -> String {
        guard let message else { return "no reason given" }
        return try sandbox.string(at: message, maximum: 200)
            .verified("a message is not text", where: { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
    }
}
