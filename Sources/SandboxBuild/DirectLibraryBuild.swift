import Bulkhead
import CPrelude
import Toolchain

/// A library's sources compiled for the host, with a shim by which the bindings call them as they call the sandboxed library.
struct DirectLibraryBuild {
    let manifest: SandboxManifest
    /// Of the sandboxed library.
    let flags: CompilationFlags
    /// For objects.
    let directory: String
    let workingDirectory: String
    let context: BuildContext

    func make(
        _ sources: [Source], _ bindings: LibraryBindings?, compilerName: String?, to destination: String,
        _ hashes: InputHashes
    ) throws {
        let compiler = try Compiler.find(
            named: compilerName, environment: context.environment, cache: try? ArtifactCache())
        try FileSystem.makeDirectory(directory)
        try FileSystem.update(Engine.header(BULKHEAD_HEADER_DIRECT), to: "\(directory)/bulkhead_direct.h")
        let sources = sources + (bindings.map { [$0.directShim] } ?? [])
        let native = CompilationFlags(
            machine: .native, manifest: manifest, includeDirectories: flags.includeDirectories,
            shimIncludeDirectories: (bindings?.includeDirectories ?? []) + [directory])
        let objects = try ObjectBuilder(
            compiler: compiler, directory: "\(directory)/objects", workingDirectory: workingDirectory, hashes: hashes,
            context: context
        ).build(sources, native)
        try link(objects, compiler, to: FileSystem.absolute(destination), hashes)
    }

    private func link(
        _ objects: [ObjectBuilder.Object], _ compiler: Compiler, to destination: String, _ hashes: InputHashes
    ) throws {
        let isCPlusPlus = objects.contains { $0.source.language == .cPlusPlus }
        // `-Wl,-Bsymbolic`: the library's functions call each other, not some of the same name in the program.
        let arguments =
            ["-shared", "-Wl,-Bsymbolic"] + (compiler.usesLLD ? ["-fuse-ld=lld"] : []) + objects.map(\.path)
            + nativeLinkFlags + (isCPlusPlus ? ["-lstdc++"] : []) + ["-lm"]
        let step = LinkStep(
            compiler: compiler, arguments: arguments, objects: objects, destination: destination,
            recordPath: "\(directory)/library.record", workingDirectory: workingDirectory, context: context)
        _ = try step.run(hashes) { .link(diagnostics: $0) }
    }

    /// Libraries that only a WASI sysroot has stand in for what the host's C library does itself.
    private var nativeLinkFlags: [String] { manifest.linkFlags.filter { !$0.hasPrefix("-lwasi-") } }
}
