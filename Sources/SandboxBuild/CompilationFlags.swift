import Toolchain

/// How sources are compiled for one machine: for the sandbox, or for the host in direct mode.
struct CompilationFlags: Sendable, Hashable {
    enum Machine: Sendable, Hashable {
        /// WebAssembly with a C library.
        case wasi(WASISysroot)
        /// WebAssembly and nothing else; the directory has the headers of what the package provides.
        case freestanding(includeDirectory: String)
        case native
    }

    let machine: Machine
    let manifest: SandboxManifest
    /// Absolute.
    let includeDirectories: [String]
    /// For the bindings' shims.
    var shimIncludeDirectories: [String] = []

    /// For headers by themselves.
    func headerArguments(isCPlusPlus: Bool) -> [String] {
        var arguments = machineArguments + includeDirectories.map { "-I\($0)" } + manifest.defines.map { "-D\($0)" }
        if isCPlusPlus, case .wasi(let sysroot) = machine { arguments += sysroot.cPlusPlusArguments }
        return arguments
    }

    func arguments(for source: Source) -> [String] {
        var arguments = machineArguments
        switch source.origin {
        case .library, .shim:
            arguments += ["-O\(manifest.optimization)"] + tuning
            arguments += includeDirectories.map { "-I\($0)" } + manifest.defines.map { "-D\($0)" }
            switch source.language {
            case .c:
                if let standard = manifest.cLanguageStandard { arguments.append("-std=\(standard)") }
                arguments += manifest.cFlags
            case .cPlusPlus:
                // WebAssembly has had exceptions for a short time only, and a library without them can't throw past the wall.
                arguments += ["-fno-exceptions", "-fno-rtti"]
                if case .wasi(let sysroot) = machine { arguments += sysroot.cPlusPlusArguments }
                if let standard = manifest.cxxLanguageStandard { arguments.append("-std=\(standard)") }
                arguments += manifest.cxxFlags
            }
        case .freestanding:
            // Without recognition of loops, which would turn memcpy into a call of itself.
            arguments += ["-O2", "-std=c11", "-fno-builtin", "-mbulk-memory"] + tuning
        }
        if source.origin == .shim {
            arguments += shimIncludeDirectories.map { "-I\($0)" } + ["-w"]
        }
        return arguments
    }

    private var machineArguments: [String] {
        switch machine {
        case .wasi(let sysroot): sysroot.compileArguments
        case .freestanding(let directory):
            ["--target=wasm32", "-ffreestanding", "-nostdlibinc", "-fno-threadsafe-statics", "-isystem", directory]
        // Warnings were given when the same source was compiled for the sandbox.
        case .native: ["-fPIC", "-w"]
        }
    }

    /// What makes WebAssembly that the native compiler then makes the most of: it unrolls and reduces strength itself, and does
    /// it better where nobody has done it before. Only loops that are unrolled whole are better unrolled here: what they index becomes
    /// variables. Vectors are better made here, where it is known of pointers that they don't wrap; but only
    /// from loops: packing neighbouring scalars makes SHA-256 take twice its time.
    private var tuning: [String] {
        switch machine {
        case .wasi, .freestanding:
            (manifest.simd ? ["-msimd128", "-fno-slp-vectorize"] : []) + [
                "-mllvm", "-unroll-runtime=false", "-mllvm", "-unroll-allow-partial=false", "-mllvm", "-disable-lsr",
            ]
        case .native: []
        }
    }
}
