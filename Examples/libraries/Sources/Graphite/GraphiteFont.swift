import BulkheadSandbox

/// A font that shapes text with Graphite, which runs the font's own programs to do so. Both are in a sandbox: a font can make the text
/// look wrong, and do nothing else.
///
/// ```swift
/// let font = try GraphiteFont(Array(Data(contentsOf: url)))
/// let text = try font.shape("မြန်မာ")
/// ```
/// Each font has a sandbox to itself. One that died is replaced when the font is next used. Used by one thread at a time.
public final class GraphiteFont {
    /// A second for a text, and memory for the largest fonts.
    public static let defaultLimits = SandboxLimits(memory: 256 << 20, time: .seconds(1))

    private let file: FontFile
    private let image: SandboxImage<LibGraphite2>
    private let limits: SandboxLimits
    private var session: ShapingSession?

    /// - Parameters:
    ///   - bytes: of a TrueType or OpenType file with Graphite's tables.
    ///   - image: the library; for tests, which also have it without a sandbox.
    /// - Throws: `GraphiteError`, or what stopped the sandbox.
    public init(
        _ bytes: [UInt8], image: SandboxImage<LibGraphite2>? = nil, limits: SandboxLimits = defaultLimits
    ) throws {
        guard let file = FontFile(bytes) else { throw GraphiteError.notAFont }
        self.file = file
        self.image = try image ?? LibGraphite2.image()
        self.limits = limits
        session = try ShapingSession(file, image: self.image, limits: limits)
    }

    /// Glyphs for a text in one direction and one script.
    /// - Throws: `GraphiteError`, or what stopped the sandbox; the font can be used again then.
    public func shape(_ text: String, _ options: ShapingOptions = ShapingOptions()) throws -> ShapedText {
        if text.utf8.contains(0) { throw GraphiteError.nulInText }
        if text.isEmpty { return ShapedText() }
        let session = try session ?? ShapingSession(file, image: image, limits: limits)
        // Left out after an error: a library that gave nonsense is as good as dead.
        self.session = nil
        let shaped = try session.shape(text, options)
        self.session = session
        return shaped
    }
}
