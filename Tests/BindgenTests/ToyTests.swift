import Bindgen
import Foundation
import Testing

/// The toy library's bindings that are checked in, where tests use them.
@Suite struct ToyTests {
    private static let checkedIn = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("BulkheadSandboxTests/Toy/Toy.swift")

    private func request() throws -> BindingRequest {
        var request = BindingRequest(library: "Toy", headers: ["\(fixtures)/toy.h"])
        request.annotations = try Annotations(
            json: Array(Data(contentsOf: URL(fileURLWithPath: "\(fixtures)/toy.json"))), name: "toy.json")
        return request
    }

    /// `BULKHEAD_UPDATE_BINDINGS=1 swift test --filter BindgenTests.ToyTests` writes them anew.
    @Test func checkedInBindingsAreCurrent() throws {
        let bindings = try Bindgen.generate(request())
        if ProcessInfo.processInfo.environment["BULKHEAD_UPDATE_BINDINGS"] != nil {
            try Data(bindings.swift.utf8).write(to: Self.checkedIn)
        }
        let current = try String(decoding: Data(contentsOf: Self.checkedIn), as: UTF8.self)
        let isCurrent = bindings.swift == current
        #expect(isCurrent, "set BULKHEAD_UPDATE_BINDINGS=1 to write \(Self.checkedIn.path) anew")
    }

    @Test func sameFromRunToRun() throws {
        let first = try Bindgen.generate(request())
        let second = try Bindgen.generate(request())
        #expect(first.swift == second.swift)
        #expect(first.shim == second.shim)
        #expect(first.directShim == second.directShim)
        #expect(first.exports == second.exports)
        #expect(first.report.text == second.report.text)
    }

    @Test func namesNoPlaceOfThisMachine() throws {
        let bindings = try Bindgen.generate(request())
        for text in [bindings.swift, bindings.shim, bindings.directShim, bindings.report.text] {
            #expect(!text.contains(fixtures))
            #expect(!text.contains("/tmp"))
            #expect(!text.contains("bulkhead-bindings"))
        }
    }

    /// Every declaration of the header is bound, or its name is in the list of those that aren't.
    @Test func nothingIsDropped() throws {
        let bindings = try Bindgen.generate(request())
        let text = try String(contentsOfFile: "\(fixtures)/toy.h", encoding: .utf8)
        let names = Set(
            text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
                .filter { $0.hasPrefix("toy_") || $0.hasPrefix("TOY_") && $0 != "TOY_H" })
        #expect(names.count > 100)
        // Another header, and what the annotations rename.
        for name in names.subtracting(["toy_types", "TOY_LETTER", "toy_node"]).sorted() {
            #expect(bindings.swift.contains(name), "\(name)")
        }
    }
}
