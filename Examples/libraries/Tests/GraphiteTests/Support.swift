import BulkheadSandbox
import Foundation
import Graphite

/// What fetch.sh puts beside the library.
enum TestData {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Graphite/sandbox/upstream/data").standardized

    static func font(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appending(path: "fonts/\(name).ttf")))
    }

    /// The lines of a text that have anything in them.
    static func lines(_ name: String) throws -> [String] {
        let text = try String(contentsOf: directory.appending(path: "texts/\(name).txt"), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }
}

/// A font with a table changed.
struct FontEditor {
    private var tables: [(tag: [UInt8], bytes: [UInt8])] = []

    init(_ font: [UInt8]) {
        func number(_ size: Int, _ place: Int) -> Int { font[place..<place + size].reduce(0) { $0 << 8 | Int($1) } }
        for entry in 0..<number(2, 4) {
            let place = 12 + 16 * entry
            let start = number(4, place + 8)
            tables.append((Array(font[place..<place + 4]), Array(font[start..<start + number(4, place + 12)])))
        }
    }

    subscript(tag: String) -> [UInt8] {
        get { tables.first { $0.tag == Array(tag.utf8) }?.bytes ?? [] }
        set { tables = tables.map { $0.tag == Array(tag.utf8) ? ($0.tag, newValue) : $0 } }
    }

    /// The file. Checksums, which nobody looks at, are left out.
    var bytes: [UInt8] {
        func number(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var file = number(0x0001_0000, 4) + number(tables.count, 2) + number(0, 6)
        var start = file.count + 16 * tables.count
        for table in tables {
            file += table.tag + number(0, 4) + number(start, 4) + number(table.bytes.count, 4)
            start += table.bytes.count
        }
        return tables.reduce(into: file) { $0 += $1.bytes }
    }
}
