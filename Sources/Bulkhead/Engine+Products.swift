import CodeGeneration
import Toolchain
import WasmModule

/// What a compilation leaves in a file, for programs that bring the runtime themselves.
public enum CompiledProduct: Sendable, Hashable {
    /// A relocatable object that defines `NAME_artifact` and `NAME_module`, to be linked into a program with the runtime.
    case object
    /// A shared library, which `Engine.load(artifact:)` and `bulkhead run` take.
    case library
    /// The object as the compiler's assembly text, for build systems that take no objects.
    case assembly

    fileprivate var compilerProduct: Compiler.Product {
        switch self {
        case .object: .object
        case .library: .sharedLibrary
        case .assembly: .assembly
        }
    }
}

extension Engine {
    /// A module as C source: files to be compiled, each by itself, and the headers they include.
    ///
    /// `NAME.c` comes first; each begins with how to compile it and this engine's choice of segment and strictness. `NAME.h` gives a C or C++ program typed
    /// prototypes.
    /// - Parameters:
    ///   - bytes: in the binary format.
    ///   - name: of the files. What its names in C begin with is `publicIdentifier(name)`.
    ///   - outputs: C files with functions, at least 1.
    /// - Throws: `ModuleError` for a malformed or invalid module.
    public func generateSources(_ bytes: [UInt8], name: String, outputs: Int = 1) throws(ModuleError) -> GeneratedCode {
        let module = try decode(bytes)
        let prefix = publicIdentifier(name)
        var code = try generateCode(
            for: [NamedModule(module, prefix: prefix)], name: prefix, options: emitterOptions(outputs: outputs))
        let preamble = sourcePreamble
        code.sources = code.sources.enumerated().map { position, file in
            // Other files are named by the identifier already.
            GeneratedCode.File(name: position == 0 ? "\(name).c" : file.name, content: preamble + file.content)
        }
        code.headers.append(typedHeader(for: module, name: name, prefix: prefix))
        code.headers += Self.runtimeHeaders.map { GeneratedCode.File(name: $0.name, content: $0.bytes) }
        return code
    }

    /// The typed header of a module by itself, which goes with its object.
    public func generateHeader(_ bytes: [UInt8], name: String) throws(ModuleError) -> GeneratedCode.File {
        typedHeader(for: try decode(bytes), name: name, prefix: publicIdentifier(name))
    }

    /// Compiles a module to a file.
    ///
    /// - Parameters:
    ///   - bytes: in the binary format.
    ///   - name: what its names in C begin with; see ``generateSources(_:name:outputs:)``.
    ///   - path: replaced in one step.
    ///   - outputs: C files to compile at a time; `nil` for as many as are worth it.
    /// - Throws: `ModuleError` for a malformed or invalid module; `ToolchainError` where there is no compiler or it fails.
    public func compile(
        _ bytes: [UInt8], name: String, to path: String, product: CompiledProduct, outputs: Int? = nil
    ) throws {
        // The cache remembers compilers, too; without one they are asked again.
        let compiler = try Compiler.find(named: configuration.compiler, cache: try? openCache())
        let prefix = publicIdentifier(name)
        let module = NamedModule(try decode(bytes), prefix: prefix)
        configuration.onCompile?()
        try compile(
            [module], name: prefix, product: product.compilerProduct, outputs: product == .assembly ? 1 : outputs,
            to: path, compiler, compilerOptions(compiler))
    }

    /// A text that changes with everything that decides what ``compile(_:name:to:product:outputs:)`` makes of a module: the compiler, this
    /// engine's configuration, this version.
    public func fingerprint() throws(ToolchainError) -> String {
        let compiler = try Compiler.find(named: configuration.compiler, cache: try? openCache())
        return try CacheKey(
            generator: "\(Self.generatorVersion) \(configuration.guardSize) \(configuration.features.rawValue)",
            content: Self.runtimeHeaders.flatMap(\.bytes), compiler: compiler, options: compilerOptions(compiler)
        ).hex
    }

    /// For source that is compiled by hand: how, and this engine's configuration.
    private var sourcePreamble: [UInt8] {
        var text = "// Compile with (its safety and its exactness rest on it)\n"
        for family in [Compiler.Family.clang, .gcc] {
            text += "//   \(family.rawValue) \(family.requiredArguments.joined(separator: " "))\n"
        }
        text += "// and -O2, or another level.\n\n"
        var defines = configuration.segue.resolved == .all ? [] : configuration.segue.defines
        if configuration.isStrict { defines.append(.init("BULKHEAD_STRICT")) }
        for define in defines { text += "#ifndef \(define.name)\n#define \(define.name) \(define.value)\n#endif\n" }
        return Array(text.utf8)
    }
}
