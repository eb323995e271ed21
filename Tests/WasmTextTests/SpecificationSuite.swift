import Foundation
import Testing

@testable import WasmText

/// The specification's test scripts, where they are beside the package or where `BULKHEAD_SPEC` says.
enum SpecificationSuite {
    static func scripts(_ version: String) -> [URL] {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let directories = [
            ProcessInfo.processInfo.environment["BULKHEAD_SPEC"].map { URL(filePath: $0).appending(path: version) },
            package.deletingLastPathComponent().appending(path: "shared/spec/\(version)"),
        ]
        for directory in directories.compactMap(\.self) {
            let files = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            let scripts = (files ?? []).filter { $0.pathExtension == "wast" }
            if !scripts.isEmpty { return scripts.sorted { $0.path < $1.path } }
        }
        print("skipped: no test scripts of version \(version) at \(directories.compactMap { $0?.path })")
        return []
    }

    static func bytes(_ script: URL) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: script))
    }
}
