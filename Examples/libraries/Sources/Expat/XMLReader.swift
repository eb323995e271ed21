import BulkheadSandbox

/// Reads XML documents of strangers with Expat, each in a sandbox of its own.
///
/// ```swift
/// let reader = try XMLReader()
/// try reader.read(bytes) { event in
///     if case .startElement(let name, _) = event { print(name) }
/// }
/// ```
/// Whatever a document does to Expat stays in its sandbox, which is gone when the document is. The host checks what comes out: that
/// text is UTF-8 of a length it is ready for, and that elements end in the order in which they were started.
///
/// External entities are not read.
public struct XMLReader: Sendable {
    public struct Options: Sendable, Hashable {
        /// Of memory and stack for one document, and of time for 64 KiB of it.
        public var limits = SandboxLimits(memory: 64 << 20, stack: 1 << 20, time: .seconds(2))
        /// How deep elements may nest.
        public var maximumDepth = 4096
        /// Bytes of a name, an attribute's value, a comment or the data of a processing instruction; and how many attributes an
        /// element may have.
        public var maximumLength = 1 << 20
        /// Expat's own protection against entity bombs: how many bytes, for each byte of the document, may come of it. `nil`
        /// leaves them to the limits.
        public var maximumAmplification: Float? = 100

        public init() {}
    }

    private let pool: SandboxPool<LibExpat>
    private let options: Options

    /// - Parameters:
    ///   - image: Expat, where it isn't the one in this package: in direct mode for comparisons.
    ///   - poolSize: how many sandboxes are kept ready.
    public init(
        _ options: Options = Options(), image: SandboxImage<LibExpat>? = nil, poolSize: Int = 2
    ) throws {
        self.options = options
        pool = try SandboxPool(image ?? LibExpat.image(), size: poolSize, limits: options.limits)
    }

    /// Begins a document that comes in pieces.
    /// - Parameter onEvent: gets what the document consists of. What it throws ends the document and comes out of
    ///   the call that it happened in.
    public func open(onEvent: @escaping (XMLEvent) throws -> Void) throws -> XMLStream {
        try XMLStream(pool.take(), options, onEvent)
    }

    /// Reads a whole document.
    /// - Throws: ``XMLError``, or what `onEvent` throws.
    public func read(_ document: [UInt8], onEvent: (XMLEvent) throws -> Void) throws {
        try withoutActuallyEscaping(onEvent) { onEvent in
            var stream = try open(onEvent: onEvent)
            try stream.feed(document)
            try stream.finish()
        }
    }

    /// All events of a document.
    public func events(of document: [UInt8]) throws -> [XMLEvent] {
        var events: [XMLEvent] = []
        try read(document) { events.append($0) }
        return events
    }
}
