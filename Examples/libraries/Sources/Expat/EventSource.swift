import BulkheadSandbox

/// Where what Expat reports becomes events: checked, and in an order that makes sense.
final class EventSource {
    /// Between a namespace and a name, as Expat hands them over. No character of a document that is well-formed.
    static let separator: UInt8 = 0x0C
    /// Bytes of text that are put together before they are delivered.
    private static let textLimit = 1 << 16

    let parser: LibExpat.XML_Parser
    let options: XMLReader.Options
    private let onEvent: (XMLEvent) throws -> Void
    private var openElements: [XMLName] = []
    private var text = ""
    /// What ended the document from within a callback.
    private(set) var failure: (any Error)?

    init(parser: LibExpat.XML_Parser, options: XMLReader.Options, onEvent: @escaping (XMLEvent) throws -> Void) {
        self.parser = parser
        self.options = options
        self.onEvent = onEvent
    }

    /// Delivers the event that `read` makes of what Expat reported, or asks Expat to stop. Expat may report a little more after
    /// that; nobody hears of it.
    func report(
        _ sandbox: inout Sandbox<LibExpat>, _ read: (inout Sandbox<LibExpat>) throws -> XMLEvent
    ) {
        guard failure == nil else { return }
        do {
            let event: XMLEvent
            do {
                event = try read(&sandbox)
                try check(event)
            } catch {
                throw XMLError.stopped("\(error)")
            }
            try deliver(event)
        } catch {
            failure = error
            // Where this fails, too, the sandbox is dead, and the call that led here ends with that.
            _ = try? sandbox.XML_StopParser(parser, LibExpat.XML_FALSE)
        }
    }

    /// The document's end.
    func finish() throws {
        try deliverText()
        guard openElements.isEmpty else { throw XMLError.stopped("the document ended inside of an element") }
    }

    // MARK: - Order

    private func check(_ event: XMLEvent) throws {
        switch event {
        case .startElement(let name, _):
            guard openElements.count < options.maximumDepth else {
                throw SandboxError.verification("more than \(options.maximumDepth) elements in each other")
            }
            openElements.append(name)
        case .endElement(let name):
            guard openElements.popLast() == name else {
                throw SandboxError.verification("an element ended that is not the one that was started last")
            }
        default: break
        }
    }

    private func deliver(_ event: XMLEvent) throws {
        if case .text(let piece) = event {
            text += piece
            if text.utf8.count >= Self.textLimit { try deliverText() }
        } else {
            try deliverText()
            try onEvent(event)
        }
    }

    private func deliverText() throws {
        guard !text.isEmpty else { return }
        let whole = text
        text = ""
        try onEvent(.text(whole))
    }

    // MARK: - Strings

    /// A string of the document's. Any text is good: what it means is for whoever reads the document to judge.
    func string(
        _ sandbox: inout Sandbox<LibExpat>, _ pointer: SandboxPointer<CChar>?
    ) throws -> String? {
        guard let pointer else { return nil }
        return try sandbox.string(at: pointer, maximum: options.maximumLength).verified { $0 }
    }

    func required(
        _ sandbox: inout Sandbox<LibExpat>, _ pointer: SandboxPointer<CChar>?
    ) throws -> String {
        guard let string = try string(&sandbox, pointer) else { throw SandboxError.nullPointer }
        return string
    }

    func name(_ sandbox: inout Sandbox<LibExpat>, _ pointer: SandboxPointer<CChar>?) throws -> XMLName {
        let parts = try required(&sandbox, pointer)
            .split(separator: Character(UnicodeScalar(Self.separator)), omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return XMLName(local: String(parts[0]))
        case 2: return XMLName(namespace: String(parts[0]), local: String(parts[1]))
        default: throw SandboxError.verification("a name of \(parts.count) parts")
        }
    }

    /// Names and values in turn, up to a null pointer.
    func attributes(
        _ sandbox: inout Sandbox<LibExpat>, _ list: SandboxPointer<SandboxPointer<CChar>>?
    ) throws -> [XMLAttribute] {
        guard var place = list else { throw SandboxError.nullPointer }
        var attributes: [XMLAttribute] = []
        while let name = try sandbox.load(place) {
            guard attributes.count < options.maximumLength else {
                throw SandboxError.verification("too many attributes")
            }
            let value = try sandbox.load(place + 1)
            attributes.append(
                XMLAttribute(name: try self.name(&sandbox, name), value: try required(&sandbox, value)))
            place = place + 2
        }
        return attributes
    }

    func text(
        _ sandbox: inout Sandbox<LibExpat>, _ start: SandboxPointer<CChar>?, _ count: Tainted<Int32>
    ) throws -> String {
        guard let start else { throw SandboxError.nullPointer }
        let count = Int(try count.verified(in: 0...))
        return try sandbox.copyBytes(at: start, count: count).verified { bytes in
            guard let text = String(validating: bytes, as: UTF8.self) else { throw SandboxError.invalidUTF8 }
            return text
        }
    }
}
