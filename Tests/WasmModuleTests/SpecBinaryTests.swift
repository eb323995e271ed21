import Foundation
import Testing
import WasmModule

/// The specification's own test scripts, as far as they hold modules in the binary format.
@Suite struct SpecBinaryTests {
    /// `BULKHEAD_SPEC`, or `shared/spec/2.0` beside the package.
    static let directory: URL? = {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appendingPathComponent("shared/spec/2.0")
        let named = ProcessInfo.processInfo.environment["BULKHEAD_SPEC"].map { URL(fileURLWithPath: $0) }
        return [named, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    @Test func binaryModules() throws {
        guard let directory = SpecBinaryTests.directory else {
            print("skipped: no specification test suite at BULKHEAD_SPEC or ../shared/spec/2.0")
            return
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".wast") }.sorted()
        var count = 0
        for file in files {
            let script = try Data(contentsOf: directory.appendingPathComponent(file))
            for test in BinaryModuleTest.all(in: [UInt8](script)) {
                count += 1
                test.run(file)
            }
        }
        // So that an extractor that finds nothing does not pass.
        #expect(count >= 780)
    }
}

/// `(module binary ...)`, alone or in an assertion with its message.
private struct BinaryModuleTest {
    var bytes: [UInt8]
    var kind: ModuleError.Kind?
    var message = ""
    var line: Int

    func run(_ file: String) {
        let error = failure(bytes, features: .wasm2)
        switch (kind, error) {
        case (nil, nil): break
        case (nil, let error?): Issue.record("\(file):\(line): \(error)")
        case (_?, nil): Issue.record("\(file):\(line): accepted, expected '\(message)'")
        case (let kind?, let error?):
            #expect(error.kind == kind, "\(file):\(line): \(error), expected '\(message)'")
            #expect(error.message.hasPrefix(message), "\(file):\(line): \(error), expected '\(message)'")
        }
    }

    static func all(in script: [UInt8]) -> [BinaryModuleTest] {
        var tests: [BinaryModuleTest] = []
        var tokens = Tokens(script)
        var assertion: String?
        // What the last parenthesis that is open began with decides what strings are for.
        var current: BinaryModuleTest?
        var depth = 0
        while let token = tokens.next() {
            switch token {
            case .open:
                depth += 1
            case .close:
                depth -= 1
                if var test = current, depth == (assertion == nil ? 0 : 1) {
                    if assertion == nil {
                        tests.append(test)
                    } else if case .string(let message)? = tokens.next() {
                        test.kind = assertion == "assert_malformed" ? .malformed : .invalid
                        test.message = String(decoding: message, as: UTF8.self)
                        tests.append(test)
                    }
                    current = nil
                }
                if depth == 0 { assertion = nil }
            case .word("assert_malformed"), .word("assert_invalid"):
                if case .word(let word) = token { assertion = word }
            case .word("binary") where depth <= 2:
                current = BinaryModuleTest(bytes: [], line: tokens.line)
            case .string(let bytes):
                current?.bytes += bytes
            case .word:
                break
            }
        }
        return tests
    }
}

/// Enough of the text format's tokens. Spec: 6.2, 6.3.
private struct Tokens {
    enum Token: Equatable {
        case open, close
        case word(String)
        case string([UInt8])
    }

    private let text: [UInt8]
    private var position = 0
    private(set) var line = 1

    init(_ text: [UInt8]) {
        self.text = text
    }

    private mutating func take() -> UInt8? {
        guard position < text.count else { return nil }
        defer { position += 1 }
        if text[position] == UInt8(ascii: "\n") { line += 1 }
        return text[position]
    }

    private func isNext(_ characters: String) -> Bool {
        text[position...].starts(with: characters.utf8)
    }

    mutating func next() -> Token? {
        while position < text.count {
            if isNext(";;") {
                while let byte = take(), byte != UInt8(ascii: "\n") {}
            } else if isNext("(;") {
                skipBlockComment()
            } else if isNext("(") {
                _ = take()
                return .open
            } else if isNext(")") {
                _ = take()
                return .close
            } else if isNext("\"") {
                return string()
            } else if text[position] <= UInt8(ascii: " ") {
                _ = take()
            } else {
                let start = position
                while position < text.count, text[position] > UInt8(ascii: " "), !isNext("("), !isNext(")"),
                    !isNext("\""), !isNext(";")
                {
                    _ = take()
                }
                if position == start { _ = take() }
                return .word(String(decoding: text[start..<position], as: UTF8.self))
            }
        }
        return nil
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if isNext("(;") { depth += 1 } else if isNext(";)") { depth -= 1 }
            if isNext("(;") || isNext(";)") { _ = take() }
        } while take() != nil && depth > 0
    }

    private mutating func string() -> Token {
        _ = take()
        var bytes: [UInt8] = []
        while let byte = take(), byte != UInt8(ascii: "\"") {
            guard byte == UInt8(ascii: "\\"), let escaped = take() else {
                bytes.append(byte)
                continue
            }
            switch escaped {
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "u"): while let byte = take(), byte != UInt8(ascii: "}") {}
            default:
                let digits = [escaped, take() ?? 0]
                if let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
                    bytes.append(value)
                } else {
                    bytes.append(escaped)
                    position -= 1
                }
            }
        }
        return .string(bytes)
    }
}
