import BulkheadSandbox
import HostileInput
import Testing

@testable import Expat

/// Documents made to break the parser. Whatever becomes of the sandbox, the host goes on, and the next document is read.
@Suite struct HostileInputTests {
    private static var options: XMLReader.Options {
        var options = XMLReader.Options()
        options.limits = SandboxLimits(memory: 8 << 20, stack: 256 << 10, time: .seconds(1))
        return options
    }

    private static let small = Array("<a b='c'>d</a>".utf8)
    private static let smallEvents: [XMLEvent] = [
        .startElement(
            XMLName(local: "a"), attributes: [XMLAttribute(name: XMLName(local: "b"), value: "c")]),
        .text("d"), .endElement(XMLName(local: "a")),
    ]

    @Test func truncatedAndMutated() throws {
        let document = Array(Documents.everything.utf8)
        let readers = try Readers(Self.options)
        var ends: [Outcome.End: Int] = [:]
        let inputs = HostileInput(from: document, truncations: document.count, mutations: 2000, seed: 1)
        for (number, input) in inputs.enumerated() {
            let outcome = outcome(input, readers.sandboxed)
            ends[outcome.end, default: 0] += 1
            // The library has no bug that these would find, so the native one says the same.
            #expect(outcome == ExpatTests.outcome(input, readers.native), "input \(number)")
            if number % 50 == 0 { #expect(try readers.sandboxed.events(of: Self.small) == Self.smallEvents) }
        }
        // They got past the first byte, in more than one way.
        #expect(ends.count > 10)
        #expect(ends[.whole, default: 0] > 20)
        #expect(ends.keys.allSatisfy { if case .other = $0 { false } else { true } })
    }

    // MARK: - Entity bombs

    @Test func expatsOwnProtection() throws {
        var options = Self.options
        options.limits = SandboxLimits(memory: 64 << 20, time: .seconds(20))
        let bomb = Documents.bomb(levels: 9) { "<a b='\($0)'/>" }
        let end = try outcomeWithoutEvents(bomb, XMLReader(options))
        guard case .failed(.malformed(let reason, _, _)) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.hasPrefix("limit on input amplification factor"))
    }

    /// Ten thousand million characters of text, with nothing but a time limit against them.
    @Test func timeStopsABombOfText() throws {
        var options = Self.options
        options.maximumAmplification = nil
        let reader = try XMLReader(options)
        let clock = ContinuousClock()
        let start = clock.now
        let end = outcomeWithoutEvents(Documents.bomb(levels: 9) { "<a>\($0)</a>" }, reader)
        guard case .failed(.stopped(let reason)) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.contains("interrupted"))
        #expect(clock.now - start < .seconds(10))
        #expect(try reader.events(of: Self.small) == Self.smallEvents)
    }

    /// As much in an attribute's value, which has to be whole before there is an event: the memory limit ends it.
    @Test func memoryStopsABombOfAnAttribute() throws {
        var options = Self.options
        options.maximumAmplification = nil
        options.limits.time = .seconds(20)
        let reader = try XMLReader(options)
        let end = outcomeWithoutEvents(Documents.bomb(levels: 8) { "<a b='\($0)'/>" }, reader)
        guard case .failed(.malformed("out of memory", _, _)) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(try reader.events(of: Self.small) == Self.smallEvents)
    }

    /// What the bombs are made of is read where it is little.
    @Test func aSmallBombIsRead() throws {
        let readers = try Readers(Self.options)
        for reader in [readers.sandboxed, readers.native] {
            let events = try reader.events(of: Documents.bomb(levels: 3) { "<a>\($0)</a>" })
            #expect(events.contains(.text(String(repeating: "laughter, ", count: 1000))))
        }
    }

    /// Recursion of the library's own: groups in a content model, a hundred thousand in each other.
    @Test func stackHolds() throws {
        let depth = 100_000
        let text =
            "<!DOCTYPE a [<!ELEMENT a " + String(repeating: "(", count: depth) + "b"
            + String(repeating: ")", count: depth)
            + ">]><a/>"
        let reader = try XMLReader(Self.options)
        _ = outcomeWithoutEvents(Array(text.utf8), reader)
        #expect(try reader.events(of: Self.small) == Self.smallEvents)
    }

    private func outcomeWithoutEvents(_ document: [UInt8], _ reader: XMLReader) -> Outcome.End {
        do {
            try reader.read(document) { _ in }
            return .whole
        } catch let error as XMLError {
            return .failed(error)
        } catch {
            return .other("\(error)")
        }
    }
}
