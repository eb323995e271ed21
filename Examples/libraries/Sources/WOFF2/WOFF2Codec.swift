import BulkheadSandbox

/// Turns WOFF2 files, as web pages bring them, into fonts and back.
///
/// Each file has a sandbox to itself, which ends with it: a hostile one can spoil its own font, and no other.
///
/// ```swift
/// let font = try WOFF2Codec().decode(file)
/// ```
public struct WOFF2Codec: Sendable {
    /// Bytes that a font may have when it is decoded. A file of a few bytes can ask for as much as there is.
    public var maximumFontSize = 30 << 20
    private let image: SandboxImage<LibWOFF2>
    private let limits: SandboxLimits

    /// - Parameters:
    ///   - image: the library; for tests, which also have it without a sandbox.
    ///   - limits: of each file. Brotli's best compression takes a second or more a megabyte.
    public init(
        image: SandboxImage<LibWOFF2>? = nil,
        limits: SandboxLimits = SandboxLimits(memory: 512 << 20, time: .seconds(30))
    ) throws {
        self.image = try image ?? LibWOFF2.image()
        self.limits = limits
    }

    /// The TrueType or OpenType font, or the collection of fonts, in a WOFF2 file.
    /// - Throws: `WOFF2Error`, or what stopped the sandbox.
    public func decode(_ file: [UInt8]) throws -> [UInt8] {
        let limit = UInt32(clamping: maximumFontSize)
        return try convert(maximum: limit, error: .notDecodable) { try $0.woff2_decode(file, limit, $1) }
            .verified { bytes in
                // Whoever uses the font begins with its directory.
                guard FontDirectory.isSound(bytes) else { throw WOFF2Error.malformedFont }
                return bytes
            }
    }

    /// A WOFF2 file of a font.
    /// - Parameters:
    ///   - quality: brotli's, from 0 for speed to 11 for size.
    ///   - transforms: whether outlines are rewritten so that they compress better.
    /// - Throws: `WOFF2Error`, or what stopped the sandbox.
    public func encode(_ font: [UInt8], quality: Int = 11, transforms: Bool = true) throws -> [UInt8] {
        precondition((0...11).contains(quality), "brotli's quality goes from 0 to 11")
        // Not much larger than the font, whatever happens.
        let limit = UInt32(clamping: 2 * font.count + 4096)
        return try convert(maximum: limit, error: .notEncodable) {
            try $0.woff2_encode(font, Int32(quality), transforms ? 1 : 0, $1)
        }.verified { bytes in
            // `wOF2`, the kind of font, and the file's length.
            guard bytes.starts(with: [0x77, 0x4F, 0x46, 0x32]), bytes.count >= 48,
                bytes[8..<12].reduce(0, { $0 << 8 | Int($1) }) == bytes.count
            else { throw WOFF2Error.malformedFile }
            return bytes
        }
    }

    /// Calls a function that gives memory, and stores how much.
    private func convert(
        maximum: UInt32, error: WOFF2Error,
        _ function: (inout Sandbox<LibWOFF2>, SandboxPointer<SandboxUnsignedLong>) throws -> SandboxPointer<UInt8>?
    ) throws -> Tainted<[UInt8]> {
        var sandbox = try Sandbox(image, limits: limits, capabilities: SandboxCapabilities(onOutput: { _ in }))
        let size = try sandbox.allocate(SandboxUnsignedLong.self)
        guard let result = try function(&sandbox, size.pointer) else { throw error }
        let count = try sandbox.load(size.pointer).verified(in: 0...maximum)
        let bytes = try sandbox.copyBytes(at: result, count: Int(count))
        // The sandbox goes with its memory; without one, this is the program's.
        try sandbox.free(result)
        return bytes
    }
}

public enum WOFF2Error: Error, Sendable {
    /// Not WOFF2, damaged, or larger than it may be when decoded.
    case notDecodable
    /// Not a font, or a damaged one.
    case notEncodable
    /// What the library made is no font.
    case malformedFont
    /// What the library made is no WOFF2 file.
    case malformedFile
}
