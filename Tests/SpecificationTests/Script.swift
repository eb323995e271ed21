import Foundation
import ScriptRunner
import Testing
import WasmModule

/// A test script, by its file.
struct ScriptFile: CustomTestStringConvertible {
    let url: URL

    var name: String { url.lastPathComponent }
    var testDescription: String { name }

    func bytes() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url))
    }

    /// The scripts in a directory, by name; none where there is no such directory.
    static func all(in directory: URL) -> [ScriptFile] {
        let files = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "wast" }.map { ScriptFile(url: $0) }
            .sorted { $0.name < $1.name }
    }

    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The project's own.
    static let own = all(in: package.appending(path: "Tests/Scripts"))

    /// Where the specification's suite is looked for: in the directory `BULKHEAD_SPEC` names, else beside the package.
    static let suiteDirectory: URL = {
        let named = ProcessInfo.processInfo.environment["BULKHEAD_SPEC"].map { URL(filePath: $0) }
        let suite = named ?? package.deletingLastPathComponent().appending(path: "shared/spec")
        return suite.appending(path: "2.0")
    }()

    /// The suite of version 2.0.
    static let suite = all(in: suiteDirectory)
}

/// Every command of the script passes, and there are some.
func expectPasses(_ script: ScriptFile, _ configuration: Configuration, features: Features) throws {
    let report = try ScriptRunner(engine: configuration.engine(features: features)).run(script.bytes())
    #expect(report.passed > 0, "\(script.name)")
    for entry in report.failures { Issue.record("\(script.name):\(entry.line): \(entry.message)") }
    for entry in report.unsupported { Issue.record("\(script.name):\(entry.line): unsupported: \(entry.message)") }
    #expect(report.isComplete)
}
