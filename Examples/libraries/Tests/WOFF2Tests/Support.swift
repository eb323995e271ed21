import Foundation

/// What fetch.sh puts beside the library.
enum TestData {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/WOFF2/sandbox/upstream/data").standardized

    static func contents(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appending(path: name)))
    }
}
