import CodeGeneration
import Toolchain
import WasmModule

/// What a compilation leaves in a file, for programs that bring the runtime themselves.
public enum CompiledProduct: Sendable, Hashable {
    /// A relocatable object that defines `NAME_artifact` and `NAME_module`, to be linked into a program with the runtime.
    case object
    /// A shared library, which `Engine.load(artifact:)` and `bulkhead run` take.
    case library
}

extension Engine {
    /// A module as C source: files to be compiled, each by itself, and the headers they include.
    ///
    /// `NAME.c` comes first and begins with this engine's choice of segment and strictness; `NAME.h` gives a C or C++ program typed
    /// prototypes.
    /// - Parameters:
    ///   - bytes: in the binary format.
    ///   - name: of the files and, where that isn't a C identifier of the program's to use, much like what its names in C
    ///     begin with.
    ///   - outputs: C files with functions, at least 1.
    /// - Throws: `ModuleError` for a malformed or invalid module.
    public func generateSources(_ bytes: [UInt8], name: String, outputs: Int = 1) throws(ModuleError) -> GeneratedCode {
        let module = try decode(bytes)
        let prefix = publicIdentifier(name)
        var code = try generateCode(
            for: [NamedModule(module, prefix: prefix)], name: prefix, options: emitterOptions(outputs: outputs))
        let defines = sourceDefines
        code.sources = code.sources.enumerated().map { position, file in
            // Other files are named by the identifier already.
            GeneratedCode.File(name: position == 0 ? "\(name).c" : file.name, content: defines + file.content)
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
            [module], name: prefix, product: product == .object ? .object : .sharedLibrary, outputs: outputs, to: path,
            compiler, compilerOptions(compiler))
    }

    /// The configuration, for source that is compiled by hand.
    private var sourceDefines: [UInt8] {
        var defines = configuration.segue == .all ? [] : configuration.segue.defines
        if configuration.isStrict { defines.append(.init("BULKHEAD_STRICT")) }
        let text = defines.map { "#ifndef \($0.name)\n#define \($0.name) \($0.value)\n#endif\n" }.joined()
        return Array(text.utf8)
    }
}
