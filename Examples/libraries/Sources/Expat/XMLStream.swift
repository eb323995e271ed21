import BulkheadSandbox

/// A document that is being read, as its bytes come.
public struct XMLStream: ~Copyable {
    private var sandbox: Sandbox<LibExpat>
    private let parser: SandboxOwned<LibExpat.XML_ParserStruct>
    private let handlers: EventHandlers
    private let source: EventSource
    /// What the document ended with.
    private var failure: (any Error)?

    /// Bytes that Expat gets at a time.
    private static let pieceSize = 1 << 16

    init(
        _ fresh: consuming Sandbox<LibExpat>, _ options: XMLReader.Options,
        _ onEvent: @escaping (XMLEvent) throws -> Void
    ) throws {
        var sandbox = fresh
        let parser = try sandbox.XML_ParserCreateNS(nil, CChar(bitPattern: EventSource.separator))
        let pointer = parser.pointer
        // Expat has no source of random numbers in the sandbox. Zero would mean that it has to find one.
        _ = try sandbox.XML_SetHashSalt(pointer, .random(in: 1 ... .max))
        _ = try sandbox.XML_SetBillionLaughsAttackProtectionMaximumAmplification(
            pointer, options.maximumAmplification ?? .greatestFiniteMagnitude)
        let source = EventSource(parser: pointer, options: options, onEvent: onEvent)
        let handlers = try EventHandlers(&sandbox, source)
        self.sandbox = sandbox
        self.parser = parser
        self.handlers = handlers
        self.source = source
        failure = nil
    }

    /// Reads more of the document.
    /// - Throws: ``XMLError``, or what the closure for events throws. The document is over then.
    public mutating func feed(_ bytes: RawSpan) throws {
        var start = 0
        while start < bytes.byteCount {
            let end = min(bytes.byteCount, start + Self.pieceSize)
            try parse(bytes.extracting(start..<end), isLast: false)
            start = end
        }
    }

    /// Reads more of the document.
    public mutating func feed(_ bytes: [UInt8]) throws { try feed(bytes.span.bytes) }

    /// Says that the document has no more bytes.
    /// - Throws: as ``feed(_:)-(RawSpan)``; for a document that isn't whole, too.
    public consuming func finish() throws {
        let nothing: [UInt8] = []
        try parse(nothing.span.bytes, isLast: true)
        try source.finish()
    }

    private mutating func parse(_ piece: RawSpan, isLast: Bool) throws {
        if let failure { throw failure }
        do {
            let status: LibExpat.XML_Status
            do {
                let buffer = try sandbox.XML_GetBuffer(parser.pointer, Int32(piece.byteCount))
                try sandbox.copy(piece, to: buffer)
                status = try sandbox.XML_ParseBuffer(parser.pointer, Int32(piece.byteCount), isLast ? 1 : 0)
                    .verified(oneOf: [.XML_STATUS_OK, .XML_STATUS_ERROR])
            } catch {
                throw source.failure ?? XMLError.stopped("\(error)")
            }
            if let failure = source.failure { throw failure }
            if status == .XML_STATUS_ERROR { throw malformation() }
        } catch {
            failure = error
            throw error
        }
    }

    /// Expat's word on what is wrong with the document.
    private mutating func malformation() -> XMLError {
        do {
            let code = try sandbox.XML_GetErrorCode(parser.pointer)
            // It is shown to people: nothing but printable ASCII.
            let reason = try sandbox.XML_ErrorString(code)?
                .verified("a message is not text", where: { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
            let line = try sandbox.XML_GetCurrentLineNumber(parser.pointer).verified(in: 1...)
            let column = try sandbox.XML_GetCurrentColumnNumber(parser.pointer).verified(in: 0...)
            return .malformed(reason ?? "unknown error", line: Int(line), column: Int(column))
        } catch {
            return .stopped("\(error)")
        }
    }
}
