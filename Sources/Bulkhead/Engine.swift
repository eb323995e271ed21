import CBulkhead
import CPrelude
import CodeGeneration
import Glibc
import Toolchain
import WasmModule

/// How modules are compiled.
public struct EngineConfiguration: Sendable {
    /// Which memory accesses go through the GS segment.
    public var segue: Segue = .auto
    /// The C compiler, a name or path; by default the first of clang and gcc that is found.
    public var compiler: String?
    public var optimization: CompilerOptions.Optimization = .standard
    /// What `-march=` takes: the processor to compile for. `nil` runs everywhere.
    public var cpu: String?
    /// What was done to a module's loops when WebAssembly was made of them; a wrong answer costs speed, and nothing else.
    public var loops: CompilerOptions.Loops = .reduced
    /// Every access traps exactly where the specification says, at the price of speed; by default a load whose value turns
    /// out not to be needed may not trap.
    public var isStrict = false
    /// Counts of earlier runs for the compiler, or the making of them; clang only. Counting takes a library: `compile(_:name:)` and products of
    /// that kind.
    public var profile: Profile?
    public var cache: CachePolicy = .standard
    public var features: Features = .all
    /// Bytes beyond the 4 GiB of a memory that are left to fault by themselves.
    public var guardSize = EmitterOptions.defaultGuardSize
    /// How long the C compiler may work on a module; `nil` for as long as it wants. For modules of strangers: the decoder bounds
    /// a module's size, but not what a compiler makes of it.
    public var compilationTimeLimit: Duration?
    /// Called when compilation of a module begins that is not in the cache.
    public var onCompile: (@Sendable () -> Void)?
    /// Called, when such a module is compiled, with what its user should know: a sentence about each function that is too large to be
    /// optimized.
    public var onNote: (@Sendable (String) -> Void)?

    public enum CachePolicy: Sendable, Hashable {
        /// In `BULKHEAD_CACHE`, else `XDG_CACHE_HOME/bulkhead`, else `~/.cache/bulkhead`.
        case standard
        case directory(String)
        case none
    }

    public init() {}
}

/// The choice of accesses that use the segment register.
public enum Segue: Sendable, Hashable {
    /// What is faster on this machine: ``none`` where each entry of a sandbox would be a system call, since programs can't write the
    /// segment register themselves; ``floats`` where the segment's base takes a load two cycles more, as on Intel's processors; else
    /// ``all``.
    case auto
    case all
    /// As with ``none`` a pointer is passed; but the accesses of functions that compute with floating-point numbers use the segment. Other functions
    /// mostly wait for what they load, to know the next address or the next branch.
    case floats
    /// A pointer to memory is passed instead: the flat configuration, which every system can run.
    case none
    /// The context and these accesses are in the segment, the others go through a pointer.
    case only(Set<Access>)

    /// The kinds of access, as `--segue` names them.
    public enum Access: String, Sendable, Hashable, CaseIterable {
        case i32Load = "i32.load"
        case i64Load = "i64.load"
        case f32Load = "f32.load"
        case f64Load = "f64.load"
        case v128Load = "v128.load"
        case i32Store = "i32.store"
        case i64Store = "i64.store"
        case f32Store = "f32.store"
        case f64Store = "f64.store"
        case v128Store = "v128.store"
    }

    /// What ``auto`` stands for on this machine; the others stand for themselves.
    public var resolved: Segue {
        guard self == .auto else { return self }
        guard bulkhead_has_segments() && bulkhead_has_fsgsbase() else { return .none }
        return bulkhead_has_slow_segments() ? .floats : .all
    }

    /// What generated code is compiled with.
    public var defines: [CompilerOptions.Define] {
        switch resolved {
        case .all, .auto: [.init("BULKHEAD_SEGMENT")]
        case .floats: [.init("BULKHEAD_SEGMENT", "0"), .init("BULKHEAD_SEGMENT_FLOATS")]
        case .none: [.init("BULKHEAD_SEGMENT", "0")]
        case .only(let accesses):
            [.init("BULKHEAD_SEGMENT")]
                + Access.allCases.filter { !accesses.contains($0) }.map {
                    .init("BULKHEAD_FLAT_" + $0.rawValue.uppercased().replacing(".", with: "_"))
                }
        }
    }
}

/// Compiles modules: decodes, validates, writes C, has it compiled, and loads the result. Compiled modules are cached by content,
/// compiler and options.
public struct Engine: Sendable {
    /// Part of every cache key, as are the runtime's headers: changes with anything that changes the generated code.
    static let generatorVersion = "15"

    public let configuration: EngineConfiguration

    public init(configuration: EngineConfiguration = EngineConfiguration()) {
        self.configuration = configuration
    }

    /// Compiles a module in the binary format, or takes it from the cache.
    ///
    /// - Throws: `ModuleError` for a malformed or invalid module; `ToolchainError` where there is no compiler, it fails, or the
    ///   cache can't be used; `BulkheadError` where the result can't be loaded.
    public func compile(_ bytes: [UInt8], name: String = "module") throws -> Module {
        let artifact = try artifact(content: [bytes], name: "module", prefix: name) { () throws(ModuleError) in
            [NamedModule(try decode(bytes), prefix: name)]
        }
        guard let module = artifact.modules.first else {
            throw BulkheadError.artifact("the compiled artifact holds no module")
        }
        return module
    }

    /// Compiles several modules to one artifact, which is quicker than one by one. They are as separate as ever.
    public func compile(all modules: [[UInt8]]) throws -> [Module] {
        if modules.isEmpty { return [] }
        let artifact = try artifact(content: modules, name: "modules", prefix: "m") { () throws(ModuleError) in
            var named: [NamedModule] = []
            for bytes in modules { named.append(NamedModule(try decode(bytes), prefix: "m\(named.count)")) }
            return named
        }
        return artifact.modules
    }

    /// Loads an artifact that was compiled before. Its code is trusted as the program's own is.
    public func load(artifact path: String) throws -> [Module] {
        // Without a slash, the loader would search its own directories.
        try Artifact(path: path.utf8.contains(UInt8(ascii: "/")) ? path : "./\(path)").modules
    }

    /// The modules of an artifact that is linked into the program, as an object or assembly of `bulkhead compile` or
    /// `bulkhead sandbox build`.
    /// - Parameter artifact: the address of its `NAME_artifact`, which a header of C declares.
    public func load(linked artifact: UnsafeRawPointer) throws -> [Module] {
        try Artifact(linked: artifact.assumingMemoryBound(to: bulkhead_artifact.self)).modules
    }

    func decode(_ bytes: [UInt8]) throws(ModuleError) -> WasmModule.Module {
        let module = try WasmModule.Module(decoding: bytes, features: configuration.features)
        try module.validate(features: configuration.features)
        return module
    }

    private func artifact(
        content: [[UInt8]], name: String, prefix: String, modules: () throws(ModuleError) -> [NamedModule]
    ) throws -> Artifact {
        let cache = try openCache()
        let compiler = try Compiler.find(named: configuration.compiler, cache: cache)
        let options = compilerOptions(compiler)
        func build(_ destination: String) throws {
            let modules = try modules()
            configuration.onCompile?()
            try compile(modules, name: name, product: .sharedLibrary, to: destination, compiler, options)
        }
        guard let cache else {
            let directory = try TemporaryDirectory()
            let path = "\(directory.path)/\(name).so"
            try build(path)
            return try Artifact(path: path, keeping: directory)
        }
        // The sizes say where one module ends and the next begins.
        let generator = """
            \(Self.generatorVersion) \(configuration.guardSize) \(configuration.features.rawValue) \
            \(name) \(content.map(\.count)) \(prefix)
            """
        var everything = Self.runtimeHeaders.flatMap(\.bytes)
        // One by one: a joined sequence is appended byte by byte.
        for bytes in content { everything += bytes }
        let key = try CacheKey(generator: generator, content: everything, compiler: compiler, options: options)
        return try Artifact(path: cache.artifact(for: key, build: build))
    }
}

// MARK: - Driving the compiler

extension Engine {
    func openCache() throws(ToolchainError) -> ArtifactCache? {
        switch configuration.cache {
        case .standard: try ArtifactCache()
        case .directory(let path): try ArtifactCache(directory: path)
        case .none: nil
        }
    }

    func compilerOptions(_ compiler: Compiler) -> CompilerOptions {
        var defines = configuration.segue.defines
        if configuration.isStrict { defines.append(.init("BULKHEAD_STRICT")) }
        return CompilerOptions(
            optimization: configuration.optimization, cpu: configuration.cpu, defines: defines,
            foldsAddresses: configuration.segue.resolved != .none && configuration.optimization != .none,
            loops: configuration.loops, profile: configuration.profile)
    }

    func emitterOptions(outputs: Int) -> EmitterOptions {
        EmitterOptions(guardSize: configuration.guardSize, outputs: outputs, features: configuration.features)
    }

    /// How many files to compile a module of so many bytes in: one for each processor, if that is worth another process of the compiler; more for
    /// large modules, so that no processor waits long for the last one. Each file more is a border that no inlining crosses.
    private static func worthwhileOutputs(_ size: Int) -> Int {
        let processors = Compiler.processorCount
        return min(4 * processors, max(min(processors, size / 100_000 + 1), size / 400_000))
    }

    /// - Parameter outputs: C files per module; by default as many as are worth it.
    func compile(
        _ modules: [NamedModule], name: String, product: Compiler.Product, outputs: Int? = nil, to destination: String,
        _ compiler: Compiler, _ options: CompilerOptions
    ) throws {
        let size = modules.map(\.module.bytes.count).max() ?? 0
        let code = try generateCode(
            for: modules, name: name, options: emitterOptions(outputs: outputs ?? Self.worthwhileOutputs(size)))
        if let onNote = configuration.onNote, options.optimization != .none { code.notes.forEach(onNote) }
        var options = options
        if product == .sharedLibrary { options.defines.append(.init("BULKHEAD_LIBRARY")) }
        try compiler.compile(
            sources: code.sources.map { SourceFile(name: $0.name, bytes: $0.content) },
            headers: code.headers.map { SourceFile(name: $0.name, bytes: $0.content) } + Self.runtimeHeaders,
            product: product, to: destination, options: options, timeLimit: configuration.compilationTimeLimit)
    }

    /// What generated code includes.
    static var runtimeHeaders: [SourceFile] {
        [
            SourceFile(name: "bulkhead_abi.h", bytes: header(BULKHEAD_HEADER_ABI)),
            SourceFile(name: "bulkhead_prelude.h", bytes: header(BULKHEAD_HEADER_PRELUDE)),
            SourceFile(name: "bulkhead_vector.h", bytes: header(BULKHEAD_HEADER_VECTOR)),
        ]
    }

    /// The text of a header that comes with the runtime.
    package static func header(_ name: bulkhead_header_name) -> [UInt8] {
        let header = bulkhead_header(name)
        return Array(UnsafeBufferPointer(start: header.bytes, count: header.size))
    }
}
