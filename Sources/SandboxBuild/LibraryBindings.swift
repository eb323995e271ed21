import Toolchain

/// What bindings of a library consist of: the one place where the build meets the generator of bindings.
struct LibraryBindings {
    /// The library's Swift API.
    let swift: String
    /// C that is compiled into the sandbox with the library; `nil` where the bindings need none.
    let sandboxShim: String?
    /// C that is compiled with the library for direct mode.
    let directShim: String?
    /// Functions that the bindings call.
    let exports: [String]

    init(
        manifest: SandboxManifest, headers: [String], flags: CompilationFlags, compiler: Compiler,
        workingDirectory: String, context: BuildContext
    ) throws {
        swift = """
            import BulkheadSandbox

            public enum \(manifest.library): SandboxLibrary {
                public static let interface = SandboxInterface(name: "\(manifest.library)", functions: "")
            }

            """
        sandboxShim = nil
        directShim = nil
        exports = []
    }
}
