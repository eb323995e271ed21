import Toolchain
import WasmModule

/// From sources and headers to a WebAssembly module and its bindings.
///
/// Headers often declare more than the sources at hand define: functions that were configured away, or whose sources were left out. What has
/// bindings is therefore decided after linking, when it is known what there is; and remembered, so that the next build need not find out again.
struct ModuleBuild {
    let manifest: SandboxManifest
    let headers: [String]
    let sources: [Source]
    let flags: CompilationFlags
    let sysroot: String?
    let compiler: Compiler
    /// Where everything is kept.
    let directory: String
    let workingDirectory: String
    let context: BuildContext

    /// - Returns: the path of the module, and the bindings where there are headers.
    func make(_ hashes: InputHashes) throws -> (module: String, bindings: LibraryBindings?) {
        let module = "\(directory)/\(manifest.library).wasm"
        if headers.isEmpty {
            try link(nil, undefined: [], to: module, hashes)
            return (module, nil)
        }
        var undefined = remembered
        // The second time round is the last, unless leaving functions out makes others undefined.
        for _ in 0..<4 {
            let bindings = try bindings(undefined, hashes)
            let isNew = try link(bindings, undefined: undefined, to: module, hashes)
            guard isNew || !FileSystem.isRegularFile(memory) else { return (module, bindings) }
            let missing = try missing(from: module, of: bindings.exports + undefined)
            try FileSystem.update(Array(missing.map { "\($0)\n" }.joined().utf8), to: memory)
            if missing == undefined { return (module, bindings) }
            undefined = missing
        }
        return (module, try bindings(undefined, hashes))
    }

    private var memory: String { "\(directory)/undefined" }

    private var remembered: [String] {
        guard let bytes = try? FileSystem.contents(of: memory) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func missing(from module: String, of names: [String]) throws -> [String] {
        let exports = Set(try Module(decoding: FileSystem.contents(of: module)).exports.map(\.name))
        return Set(names).subtracting(exports).sorted()
    }

    private func bindings(_ undefined: [String], _ hashes: InputHashes) throws -> LibraryBindings {
        let annotations = manifest.annotations.map(FileSelection(directory: workingDirectory).absolute)
        if let annotations, !FileSystem.isRegularFile(annotations) {
            throw SandboxBuildError.noMatch(
                glob: manifest.annotations ?? annotations, key: "annotations", directory: workingDirectory)
        }
        return try BindingsBuild(
            manifest: manifest, headers: headers, undefined: undefined, annotations: annotations, flags: flags,
            sysroot: sysroot, compiler: compiler, directory: "\(directory)/bindings",
            workingDirectory: workingDirectory, context: context
        ).make(hashes)
    }

    /// - Returns: whether the module is new.
    @discardableResult
    private func link(
        _ bindings: LibraryBindings?, undefined: [String], to module: String, _ hashes: InputHashes
    ) throws -> Bool {
        var flags = flags
        flags.shimIncludeDirectories = bindings?.includeDirectories ?? []
        let objects = try ObjectBuilder(
            compiler: compiler, directory: "\(directory)/objects", workingDirectory: workingDirectory,
            hashes: hashes, context: context
        ).build(sources + (bindings.map { [$0.shim] } ?? []), flags)
        return try ModuleLinker(compiler: compiler, flags: flags, workingDirectory: workingDirectory, context: context)
            .link(
                objects, exports: (bindings?.exports ?? []) + undefined, required: manifest.exports, to: module,
                hashes: hashes)
    }
}
