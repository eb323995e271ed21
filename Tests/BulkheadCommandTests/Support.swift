import Glibc
import Testing

@testable import BulkheadCommand
@testable import Toolchain

/// A directory for one test, removed when the test is over.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/bulkhead-command-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        _ = try? Subprocess("/bin/rm", ["-rf", path]).run()
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try OutputFile.write(bytes, to: self(name))
        return self(name)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try contents(self(name)), as: UTF8.self)
    }

    func names(_ name: String = ".") -> [String] { FileSystem.entries(self(name)).sorted() }
}

func contents(_ path: String) throws -> [UInt8] {
    try #require(FileSystem.beginning(of: path, limit: 1 << 24), "\(path) can't be read")
}

/// The package's own directory.
let packageDirectory = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

/// clang and gcc, as far as they are here.
let compilers: [Compiler] = ["clang", "gcc"].compactMap { name in
    do {
        return try Compiler.find(named: name)
    } catch {
        print("skipped for \(name): \(error)")
        return nil
    }
}

// MARK: - The command itself

/// The built command, run as a process of its own: exit codes are what it is for.
struct Command {
    /// What it wrote, and how it ended.
    struct Outcome {
        let exitCode: Int32
        let output: String
        let error: String
        let outputBytes: [UInt8]
    }

    static let path: String? = {
        // The test bundle lies beside the package's products.
        guard let bundle = FileSystem.resolve("/proc/self/exe") else { return nil }
        let path = "\(FileSystem.parent(of: bundle))/bulkhead"
        if FileSystem.isExecutable(path) { return path }
        print("skipped: there is no command at \(path); `swift build` makes it")
        return nil
    }()

    static var isBuilt: Bool { path != nil }

    /// Shared by all tests but those about the cache, so that a module that several use is compiled once. Left for the next run.
    private static let cache: String? = {
        let path = "/tmp/bulkhead-command-test-cache-\(getuid())"
        mkdir(path, 0o700)
        return path
    }()

    var environment: [String: String]

    /// - Parameter variables: beside PATH and HOME; the cache is the tests' own where none is named.
    init(_ variables: [String: String] = [:]) {
        let inherited = ProcessEnvironment.current().filter { ["PATH", "HOME", "LD_LIBRARY_PATH"].contains($0.key) }
        environment = inherited.merging(["BULKHEAD_CACHE": Self.cache ?? ""]) { $1 }.merging(variables) { $1 }
    }

    func callAsFunction(_ arguments: String..., in directory: String? = nil) throws -> Outcome {
        try run(arguments, in: directory)
    }

    func run(_ arguments: [String], in directory: String? = nil) throws -> Outcome {
        let path = try #require(Self.path)
        return try Self.finish(
            Subprocess(path, arguments, environment: environment, workingDirectory: directory ?? packageDirectory))
    }

    /// A shell's command line, in which `$0` is the command.
    func shell(_ line: String) throws -> Outcome {
        let path = try #require(Self.path)
        return try Self.finish(
            Subprocess("/bin/sh", ["-c", line, path], environment: environment, workingDirectory: packageDirectory))
    }

    private static func finish(_ process: Subprocess) throws -> Outcome {
        var process = process
        process.outputLimit = 1 << 24
        let outcome = try process.run()
        let exitCode: Int32 =
            switch outcome.termination {
            case .exited(let code): code
            case .signalled(let signal): -signal
            }
        return Outcome(
            exitCode: exitCode, output: outcome.standardOutput.text, error: outcome.standardError.text,
            outputBytes: outcome.standardOutput.bytes)
    }
}

extension Trait where Self == ConditionTrait {
    /// Tests that run the command need it built.
    static var needsCommand: Self { .enabled(if: Command.isBuilt, "the command isn't built") }
}
