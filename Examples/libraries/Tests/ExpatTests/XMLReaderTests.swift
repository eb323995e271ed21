import BulkheadSandbox
import Testing

@testable import Expat

/// The same wrapper over the sandboxed library and over the native one.
struct Readers {
    let sandboxed: XMLReader
    let native: XMLReader

    init(_ options: XMLReader.Options = XMLReader.Options()) throws {
        sandboxed = try XMLReader(options)
        native = try XMLReader(options, image: LibExpat.directImage(), poolSize: 0)
    }
}

@Suite struct XMLReaderTests {
    @Test func eventsOfEverything() throws {
        let events = try XMLReader().events(of: Array(Documents.everything.utf8))
        #expect(events.first == .declaration(version: "1.0", encoding: "UTF-8", isStandalone: true))
        #expect(
            events.contains(
                .documentType(name: "catalog", systemID: "catalog.dtd", publicID: "-//Nobody//DTD Catalog//EN")))
        let book = XMLName(namespace: "urn:catalog", local: "book")
        #expect(
            events.contains(
                .startElement(
                    book,
                    attributes: [
                        XMLAttribute(name: XMLName(local: "id"), value: "b1"),
                        XMLAttribute(name: XMLName(local: "title"), value: "A <title> \u{1F600} with\na line"),
                        XMLAttribute(name: XMLName(local: "kind"), value: "novel"),
                    ])))
        #expect(events.contains(.text("K. Čapek & others, K. Čapek & others")))
        #expect(events.contains(.text("\n    <not> & markup ]]>")))
        #expect(events.contains(.text("R.U.R. 日本語 \u{1F680}")))
        #expect(events.contains(.processingInstruction(target: "render", data: "fast=\"yes\"")))
        #expect(events.contains(.comment(" before the root ")))
        #expect(events.last == .processingInstruction(target: "done", data: ""))
    }

    @Test func sameEventsAsNative() throws {
        let readers = try Readers()
        for document in [Array(Documents.everything.utf8), Documents.large] {
            let events = try readers.sandboxed.events(of: document)
            #expect(events.count > 20)
            #expect(try events == readers.native.events(of: document))
        }
    }

    @Test(arguments: Documents.installed) func sameEventsAsNative(ofFile path: String) throws {
        let document = try Documents.contents(path)
        let readers = try Readers()
        #expect(outcome(document, readers.sandboxed) == outcome(document, readers.native))
    }

    /// The pieces that a document comes in make no difference.
    @Test(arguments: [1, 2, 7, 1000]) func pieces(of size: Int) throws {
        let document = Array(Documents.everything.utf8)
        let reader = try XMLReader()
        var events: [XMLEvent] = []
        var stream = try reader.open { events.append($0) }
        for start in stride(from: 0, to: document.count, by: size) {
            try stream.feed(Array(document[start..<min(start + size, document.count)]))
        }
        try stream.finish()
        #expect(try events == reader.events(of: document))
    }

    @Test(arguments: [
        ("", "no element found"), ("<a>", "no element found"), ("<a></b>", "mismatched tag"),
        ("<a b='1' b='2'/>", "duplicate attribute"), ("<a>&nothing;</a>", "undefined entity"),
        ("<a/><b/>", "junk after document element"), ("<a>\u{1}</a>", "not well-formed (invalid token)"),
        ("<x:a/>", "unbound prefix"),
    ])
    func malformed(document: String, reason: String) throws {
        let readers = try Readers()
        for reader in [readers.sandboxed, readers.native] {
            guard case .failed(.malformed(reason, line: 1, column: _)) = outcome(Array(document.utf8), reader).end
            else {
                Issue.record("\(document): \(outcome(Array(document.utf8), reader))")
                continue
            }
        }
    }

    @Test func errorHasItsPlace() throws {
        let document = Array("<a>\n  <b>\n  </c>\n</a>".utf8)
        #expect(throws: XMLError.malformed("mismatched tag", line: 3, column: 4)) {
            try XMLReader().events(of: document)
        }
    }

    @Test func encodings() throws {
        let readers = try Readers()
        let latin1 = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf".utf8) + [0xE9] + Array("</a>".utf8)
        let utf16 = "\u{FEFF}<a>日本</a>".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        for reader in [readers.sandboxed, readers.native] {
            #expect(try reader.events(of: latin1).contains(.text("café")))
            #expect(try reader.events(of: utf16).contains(.text("日本")))
        }
    }

    // MARK: - The host's part

    @Test func whatTheClosureThrowsComesOut() throws {
        struct Enough: Error {}
        let readers = try Readers()
        for reader in [readers.sandboxed, readers.native] {
            var count = 0
            #expect(throws: Enough.self) {
                try reader.read(Documents.large) { _ in
                    count += 1
                    if count == 5 { throw Enough() }
                }
            }
            #expect(count == 5)
            #expect(try reader.events(of: Array("<a/>".utf8)).count == 2)
        }
    }

    @Test func depthIsLimited() throws {
        var options = XMLReader.Options()
        options.maximumDepth = 100
        let reader = try XMLReader(options)
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)).utf8)
        }
        #expect(try reader.events(of: nested(100)).count == 200)
        guard case .failed(.stopped) = outcome(nested(101), reader).end else {
            Issue.record("101 elements in each other")
            return
        }
    }

    @Test func aDocumentThatFailedStaysSo() throws {
        var stream = try XMLReader().open { _ in }
        #expect(throws: XMLError.self) { try stream.feed(Array("<a></b>".utf8)) }
        #expect(throws: XMLError.malformed("mismatched tag", line: 1, column: 5)) {
            try stream.feed(Array("</a>".utf8))
        }
    }
}

/// What came of reading a document.
struct Outcome: Hashable {
    enum End: Hashable {
        case whole
        case failed(XMLError)
        case other(String)
    }

    var events: [XMLEvent] = []
    var end = End.whole
}

func outcome(_ document: [UInt8], _ reader: XMLReader) -> Outcome {
    var outcome = Outcome()
    do {
        try reader.read(document) { outcome.events.append($0) }
    } catch let error as XMLError {
        outcome.end = .failed(error)
    } catch {
        outcome.end = .other("\(error)")
    }
    return outcome
}
