import Glibc
import Testing

@testable import Toolchain

/// A directory for one test, removed when the test is over.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/bulkhead-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        _ = try? Subprocess("/bin/rm", ["-rf", path]).run()
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, making its directory.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8] = [], mode: mode_t = 0o644) throws -> String {
        let path = self(name)
        try makeDirectory(FileSystem.parent(of: name))
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        try file.write(bytes, to: path)
        try #require(chmod(path, mode) == 0)
        return path
    }

    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
        try write(name, Array(text.utf8), mode: mode)
    }

    @discardableResult
    func makeDirectory(_ name: String) throws -> String {
        var made = path
        for component in name.split(separator: "/") where component != "." {
            made += "/\(component)"
            mkdir(made, 0o755)
        }
        try #require(FileSystem.isDirectory(made))
        return made
    }

    func names(_ name: String = ".") -> [String] { FileSystem.entries(self(name)).sorted() }
}

func contents(_ path: String) throws -> [UInt8] {
    try #require(FileSystem.beginning(of: path, limit: 1 << 24))
}

func modeOf(_ path: String) -> mode_t { (FileSystem.status(path)?.st_mode ?? 0) & 0o7777 }

/// The compilers on this machine. Prints which of clang and gcc is missing: tests do without it.
let compilers: [Compiler] = ["clang", "gcc"].compactMap { name in
    do {
        return try Compiler.find(named: name)
    } catch {
        print("skipped for \(name): \(error)")
        return nil
    }
}

extension Compiler: CustomTestStringConvertible {
    public var testDescription: String { path }
}

/// The error of the expected type that `body` throws.
func toolchainError(_ body: () throws -> Void) -> ToolchainError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ToolchainError
    }
}

let isRoot = geteuid() == 0

func skip(_ reason: String) {
    print("skipped: \(reason)")
}
