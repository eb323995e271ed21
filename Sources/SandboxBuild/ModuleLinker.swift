import Toolchain

/// Links objects to a WebAssembly module.
struct ModuleLinker {
    let compiler: Compiler
    let flags: CompilationFlags
    let workingDirectory: String
    let context: BuildContext

    /// - Parameters:
    ///   - exports: functions to export where they are defined.
    ///   - required: functions to export that must be defined.
    /// - Returns: whether anything had to be done.
    @discardableResult
    func link(
        _ objects: [ObjectBuilder.Object], exports: [String], required: [String], to destination: String,
        hashes: InputHashes
    ) throws -> Bool {
        let step = LinkStep(
            compiler: compiler,
            arguments: arguments(exports: exports, required: required, objects: objects.map(\.path)),
            objects: objects, destination: destination, recordPath: "\(destination).record",
            workingDirectory: workingDirectory, context: context)
        let printed = try step.run(hashes) { text in
            LinkerDiagnostics(text).error(objects: objects, directory: workingDirectory, libc: flags.manifest.libc)
        }
        guard let printed else { return false }
        if !printed.isEmpty { context.report(.warnings(printed)) }
        return true
    }

    private func arguments(exports: [String], required: [String], objects: [String]) -> [String] {
        let manifest = flags.manifest
        var options = [
            // Callbacks are put into the table of functions, and it grows with them.
            "--export-table", "--growable-table", "--gc-sections", "--strip-debug", "--error-limit=0",
            // The C stack first, so that running past its end is an access below address 0, which traps, and not one to data.
            "--stack-first",
        ]
        options += ["malloc", "free"].map { "--export-if-defined=\($0)" }
        options += exports.map { "--export-if-defined=\($0)" } + required.map { "--export=\($0)" }
        if let maximum = manifest.maximumMemory { options.append("--max-memory=\(maximum)") }
        let stack = ["-Wl,-z,stack-size=\(manifest.stackSize)"]
        switch flags.machine {
        case .wasi(let sysroot):
            // A reactor: `_initialize` runs constructors, and there is no main.
            return ["-mexec-model=reactor"] + options.map { "-Wl,\($0)" } + stack + objects + manifest.linkFlags
                + sysroot.linkArguments
        case .freestanding:
            return ["--target=wasm32", "-nostdlib"] + (options + ["--no-entry"]).map { "-Wl,\($0)" } + stack + objects
                + manifest.linkFlags
        case .native:
            return objects
        }
    }
}
