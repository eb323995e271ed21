import Bulkhead
import Testing
import Toolchain

@testable import SandboxBuild

/// A library's directory for one test, removed when the test is over.
final class Project {
    private let directory: TemporaryDirectory
    var path: String { directory.path }

    init(_ files: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        for (name, text) in files { try write(name, text) }
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ name: String, _ text: String) throws {
        try FileSystem.makeDirectory(FileSystem.parent(of: self(name)))
        try FileSystem.write(Array(text.utf8), to: self(name))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try FileSystem.contents(of: self(name)), as: UTF8.self)
    }

    var out: String { self("out") }

    /// What a build did.
    struct Outcome {
        var report = SandboxBuildReport()
        /// The last part of each source that was compiled, in order of their names.
        var compiled: [String] = []
        var events: [BuildEvent] = []

        var linked: Bool { events.contains(.linking) }
        var compiledModule: Bool { events.contains(.compilingModule) }
    }

    @discardableResult
    func build(_ change: (inout SandboxBuildOptions) -> Void = { _ in }) throws -> Outcome {
        try FileSystem.makeDirectory(out)
        var options = SandboxBuildOptions(directory: out)
        change(&options)
        var outcome = Outcome()
        outcome.report = try SandboxBuild(path: path, options: options) { outcome.events.append($0) }.run()
        outcome.compiled = outcome.events.compactMap { event in
            guard case .compiled(let path) = event else { return nil }
            return path.split(separator: "/").last.map(String.init)
        }.sorted()
        return outcome
    }

    /// The error that a build ends in.
    func failure() -> SandboxBuildError? {
        do {
            try build()
            return nil
        } catch {
            return error as? SandboxBuildError
        }
    }

    /// An instance of what was built. What the C library would ask of the system, it is refused.
    func instantiate(_ name: String, store: Store) throws -> Instance {
        let module = try #require(try Engine().load(artifact: "\(out)/\(name).so").first)
        var imports = Imports()
        for entry in module.imports {
            guard case .function(let type) = entry.type else { continue }
            let refusal = try Function(store: store, type: type) { _, _ in throw CancellationError() }
            imports.define(.function(refusal), module: entry.module, name: entry.name)
        }
        let instance = try module.instantiate(store: store, imports: imports)
        try instance.exports[function: "_initialize"]?()
        return instance
    }
}

/// The C library for WebAssembly, which not every machine has.
let sysroot: WASISysroot? = {
    do {
        return try WASISysroot.find(compiler: Compiler.findForWebAssembly())
    } catch {
        print("skipped: tests of libraries with a C library: \(error)")
        return nil
    }
}()

extension Trait where Self == ConditionTrait {
    static var needsSysroot: Self { .enabled(if: sysroot != nil, "there is no C library for WebAssembly") }
    static var needsCPlusPlus: Self {
        .enabled(if: sysroot?.hasCPlusPlus == true, "there is no C++ library for WebAssembly")
    }
}
