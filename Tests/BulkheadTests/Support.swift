import Bulkhead
import Glibc
import Testing
import Toolchain
import WasmModule
import WasmText

/// A way of compiling that every test must pass with.
struct Configuration: Sendable, CustomTestStringConvertible {
    let compiler: String
    let segue: Segue

    var testDescription: String { "\(compiler), --segue=\(segue)" }

    /// Those for which there is a compiler. Prints what is missing.
    static let all: [Configuration] = [
        Configuration(compiler: "clang", segue: .all),
        Configuration(compiler: "clang", segue: .none),
        Configuration(compiler: "clang", segue: .floats),
        Configuration(compiler: "gcc", segue: .all),
    ].filter { configuration in
        do {
            _ = try Compiler.find(named: configuration.compiler)
            return true
        } catch {
            print("skipped for \(configuration.testDescription): \(error)")
            return false
        }
    }

    /// The first of them, for tests of what doesn't depend on how a module was compiled.
    static let one = Array(all.prefix(1))

    var engine: Engine { engine { _ in } }

    func engine(_ change: (inout EngineConfiguration) -> Void) -> Engine {
        var configuration = EngineConfiguration()
        configuration.compiler = compiler
        configuration.segue = segue
        configuration.cache = .directory(testCache)
        change(&configuration)
        return Engine(configuration: configuration)
    }

    func compile(_ text: String) throws -> Bulkhead.Module {
        try engine.compile(assemble(text))
    }

    func instantiate(_ text: String, store: Store, imports: Imports = Imports()) throws -> Instance {
        try compile(text).instantiate(store: store, imports: imports)
    }

    /// An instance in a store of its own.
    func instantiate(_ text: String) throws -> Instance {
        try instantiate(text, store: Store())
    }
}

func assemble(_ text: String) throws -> [UInt8] {
    try WasmText.assemble(Array(text.utf8))
}

/// Whether compiled modules are kept from one run to the next, and what is compiled may have been compiled before.
let usesKeptArtifacts = getenv("BULKHEAD_TEST_CACHE") != nil

/// Where compiled modules go: `BULKHEAD_TEST_CACHE`, so that a virtual machine without compilers can be given it, else a
/// directory that goes with the process.
let testCache: String = {
    if let named = getenv("BULKHEAD_TEST_CACHE") { return String(cString: named) }
    var template = Array("/tmp/bulkhead-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { preconditionFailure("no temporary directory") }
    let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    atexit { removeTestCache() }
    return path
}()

private func removeTestCache() {
    guard getenv("BULKHEAD_TEST_CACHE") == nil, let directory = opendir(testCache) else { return }
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        unlink("\(testCache)/\(name)")
    }
    closedir(directory)
    rmdir(testCache)
}

extension Instance {
    /// Calls an export, which must be there.
    @discardableResult
    func call(_ name: String, _ arguments: Value...) throws -> [Value] {
        try call(name, valuesOf: arguments)
    }

    func call(_ name: String, valuesOf arguments: [Value]) throws -> [Value] {
        let function = try #require(exports[function: name], "no function \(name)")
        return try function(arguments)
    }
}

/// The trap that `body` ends with; an issue where it doesn't.
func trap(
    _ kind: Trap.Kind? = nil, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> Trap? {
    do {
        try body()
        Issue.record("no trap", sourceLocation: sourceLocation)
    } catch let trap as Trap {
        if let kind { #expect(trap.kind == kind, sourceLocation: sourceLocation) }
        return trap
    } catch {
        Issue.record("not a trap but \(error)", sourceLocation: sourceLocation)
    }
    return nil
}
