/// A C library for WebAssembly with WASI, and what clang needs beside it.
public struct WASISysroot: Sendable, Hashable {
    /// What `--sysroot=` takes.
    public let path: String
    /// What `--target=` takes: `wasm32-wasip1` or, in older ones, `wasm32-wasi`.
    public let target: String
    /// `libclang_rt.builtins-wasm32.a`: the arithmetic that WebAssembly has no instructions for. Clang looks for it in
    /// its own directory only, so it is passed by path.
    public let builtins: String
    /// Whether there is a C++ library too.
    public let hasCPlusPlus: Bool

    /// For clang, when it compiles.
    public var compileArguments: [String] {
        ["--target=\(target)", "--sysroot=\(path)"]
    }

    /// For clang, when it compiles C++, beside ``compileArguments``. Clang looks for the C++ library's headers where Debian doesn't have
    /// them.
    public var cPlusPlusArguments: [String] {
        let headers = "\(path)/include/\(target)/c++/v1"
        return FileSystem.isDirectory(headers) ? ["-nostdinc++", "-isystem", headers] : []
    }

    /// For clang, when it links, after the objects.
    public var linkArguments: [String] {
        compileArguments + ["-nodefaultlibs"] + (hasCPlusPlus ? ["-lc++", "-lc++abi"] : []) + ["-lc", builtins]
    }

    /// Newest first.
    private static let targets = ["wasm32-wasip1", "wasm32-wasi"]

    /// Finds a sysroot: the named one; else the one `WASI_SYSROOT` or `WASI_SDK_PATH` names; else what is there of
    /// Debian's packages, a wasi-sdk in /opt and a Swift SDK for WebAssembly.
    /// - Parameters:
    ///   - name: the directory of a sysroot or of a wasi-sdk.
    ///   - compiler: a clang whose own directory may have the builtins.
    public static func find(
        named name: String? = nil, environment: [String: String] = ProcessEnvironment.current(),
        compiler: Compiler? = nil
    ) throws(ToolchainError) -> WASISysroot {
        try find(named: name, environment: environment, compiler: compiler, systemRoot: "")
    }

    /// - Parameter systemRoot: where the installed ones are looked for; a prefix, empty but in tests.
    static func find(
        named name: String?, environment: [String: String], compiler: Compiler?, systemRoot: String
    ) throws(ToolchainError) -> WASISysroot {
        let named = [name, environment["WASI_SYSROOT"], environment["WASI_SDK_PATH"]].compactMap { $0 }
            .first { !$0.isEmpty }
        let places =
            named.map { ["\($0)/share/wasi-sysroot", $0] }
            ?? ["\(systemRoot)/usr", "\(systemRoot)/opt/wasi-sdk/share/wasi-sysroot"] + swiftSDKs(environment)

        var searched: [String] = []
        var missing = "a C library for WebAssembly (wasi-libc)"
        for place in places {
            for target in targets {
                let library = "\(place)/lib/\(target)"
                guard FileSystem.isRegularFile("\(library)/libc.a") else {
                    searched.append("\(library)/libc.a")
                    continue
                }
                let directories = builtinsDirectories(sysroot: place, system: systemRoot, compiler: compiler)
                guard let builtins = findBuiltins(in: directories) else {
                    missing =
                        "libclang_rt.builtins-wasm32.a, which goes with \(library)/libc.a,"
                    searched += directories
                    continue
                }
                return WASISysroot(
                    path: place, target: target, builtins: builtins,
                    hasCPlusPlus: FileSystem.isRegularFile("\(library)/libc++.a"))
            }
        }
        throw .sysrootNotFound(missing: missing, searched: Array(searched.prefix(40)))
    }

    /// What `swift sdk install` unpacked: `NAME.artifactbundle/NAME/TRIPLE/WASI.sdk`.
    private static func swiftSDKs(_ environment: [String: String]) -> [String] {
        guard let home = environment["HOME"], !home.isEmpty else { return [] }
        return subdirectories(of: "\(home)/.swiftpm/swift-sdks", ending: ".artifactbundle")
            .flatMap { subdirectories(of: $0) }
            .flatMap { subdirectories(of: $0, beginning: "wasm32") }
            .map { "\($0)/WASI.sdk" }
            .filter(FileSystem.isDirectory)
    }

    /// Directories that may have the builtins, the sysroot's own first.
    private static func builtinsDirectories(sysroot: String, system: String, compiler: Compiler?) -> [String] {
        // A clang's resource directories, by version: lib/clang/21/lib/wasi.
        func resources(_ root: String) -> [String] {
            subdirectories(of: "\(root)/lib/clang").map { "\($0)/lib" }
        }
        var libraries = ["\(sysroot)/lib"]
        // A wasi-sdk is the directory two up from its sysroot; a Swift SDK has them beside WASI.sdk.
        libraries += resources("\(sysroot)/../..")
        libraries.append("\(sysroot)/../swift.xctoolchain/usr/lib/swift_static/clang/lib")
        if let compiler, compiler.family == .clang, let resolved = FileSystem.resolve(compiler.path) {
            libraries += resources("\(FileSystem.parent(of: resolved))/..")
        }
        libraries += subdirectories(of: "\(system)/usr/lib", beginning: "llvm").flatMap(resources)
        libraries += resources("\(system)/usr")
        libraries += resources("\(system)/opt/wasi-sdk")
        return libraries.filter(FileSystem.isDirectory)
    }

    private static func findBuiltins(in directories: [String]) -> String? {
        let systems = ["wasip1", "wasi"]
        let names =
            systems.map { "\($0)/libclang_rt.builtins-wasm32.a" }
            + systems.flatMap { ["wasm32-\($0)", "wasm32-unknown-\($0)"] }.map { "\($0)/libclang_rt.builtins.a" }
        for directory in directories {
            if let name = names.first(where: { FileSystem.isRegularFile("\(directory)/\($0)") }) {
                return FileSystem.resolve("\(directory)/\(name)") ?? "\(directory)/\(name)"
            }
        }
        return nil
    }

    /// Paths, the highest version number first: llvm-19 before llvm-9.
    private static func subdirectories(of path: String, ending: String = "", beginning: String = "") -> [String] {
        FileSystem.entries(path, limit: 10_000)
            .filter { $0.hasSuffix(ending) && $0.hasPrefix(beginning) }
            .sorted { numbers(in: $1).lexicographicallyPrecedes(numbers(in: $0)) }
            .map { "\(path)/\($0)" }
            .filter(FileSystem.isDirectory)
    }

    /// The numbers in a name, by which versions are ordered.
    private static func numbers(in name: String) -> [UInt64] {
        name.split { !("0"..."9").contains($0) }.compactMap { UInt64($0) }
    }
}
