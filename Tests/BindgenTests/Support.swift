import Bindgen
import Foundation
import Testing
import Toolchain

/// A directory with headers of a test's own.
struct HeaderDirectory: ~Copyable {
    private let directory: TemporaryDirectory

    var path: String { directory.path }

    init(_ files: [String: String]) throws {
        let directory = try TemporaryDirectory()
        for (name, text) in files {
            let url = URL(fileURLWithPath: "\(directory.path)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        self.directory = directory
    }

    func request(_ header: String = "lib.h", library: String = "Lib") -> BindingRequest {
        var request = BindingRequest(library: library, headers: [header])
        request.includeDirectories = [path]
        return request
    }
}

/// The bindings of a header with this text.
func bindings(
    _ text: String, _ change: (inout BindingRequest) throws -> Void = { _ in }
) throws -> Bindings {
    let directory = try HeaderDirectory(["lib.h": text])
    var request = directory.request()
    try change(&request)
    return try Bindgen.generate(request)
}

extension Bindings {
    /// Whether there is a line like this, indented in any way.
    func has(_ line: String) -> Bool {
        swift.split(separator: "\n").contains { $0.trimmingCharacters(in: .whitespaces) == line }
    }

    func reason(for name: String) -> String? {
        report.unbound.first { $0.name == name }?.reason
    }
}

let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
