import Bulkhead
import Toolchain

/// Builds a library for the sandbox: C and C++ sources to a WebAssembly module, that to native code, and its headers to Swift.
///
/// Every step is repeated only where something that goes into it has changed.
public struct SandboxBuild {
    public let manifest: SandboxManifest
    public let options: SandboxBuildOptions
    /// Absolute; of the manifest. Paths in it are relative to this, and commands run here.
    private let directory: String
    private let context: BuildContext
    private let counter: Counter

    private final class Counter {
        var compiled = 0
    }

    /// - Parameters:
    ///   - path: of a manifest, or of the directory with one.
    ///   - report: told what happens, on the calling thread.
    public init(
        path: String, options: SandboxBuildOptions, report: @escaping (BuildEvent) -> Void = { _ in }
    ) throws {
        let path = FileSystem.isDirectory(path) ? "\(path)/\(SandboxManifest.fileName)" : path
        guard FileSystem.isRegularFile(path) else { throw SandboxBuildError.manifestNotFound(path: path) }
        manifest = try SandboxManifest(json: FileSystem.contents(of: path), path: path)
        directory = FileSystem.parent(of: FileSystem.absolute(path))
        self.options = options
        let counter = Counter()
        self.counter = counter
        context = BuildContext(
            environment: options.environment, jobs: options.jobs, colorsDiagnostics: options.colorsDiagnostics
        ) { event in
            if case .compiled = event { counter.compiled += 1 }
            report(event)
        }
    }

    public func run() throws -> SandboxBuildReport {
        if options.loadsFromBundle, manifest.headers.isEmpty {
            throw SandboxBuildError.manifest(
                path: "\(directory)/\(SandboxManifest.fileName)",
                problem: "\"headers\" is missing; a Swift target calls the library through the bindings of its headers")
        }
        let files = FileSelection(directory: directory)
        let headers = try files.files(matching: manifest.headers, key: "headers")
        let own = try sources(files)
        let work = "\(FileSystem.absolute(options.directory))/\(manifest.library).build"
        try FileSystem.makeDirectory(work)
        // A debug and a release build of one package may get here at the same time.
        let lock = try FileLock(path: "\(work)/lock")
        defer { withExtendedLifetime(lock) {} }
        let hashes = InputHashes()

        let compiler = try Compiler.findForWebAssembly(
            named: options.engine.compiler, environment: options.environment, cache: try? ArtifactCache())
        let freestanding = manifest.libc ? nil : try FreestandingFiles(directory: "\(work)/freestanding")
        let flags = CompilationFlags(
            machine: try machine(freestanding, compiler, sources: own), manifest: manifest,
            includeDirectories: manifest.includeDirectories.map(files.absolute))
        let step = ModuleBuild(
            manifest: manifest, headers: headers, sources: own + (freestanding?.sources ?? []), flags: flags,
            sysroot: options.sysroot, compiler: compiler, directory: work, workingDirectory: directory,
            context: context)
        let (module, bindings) = try step.make(hashes)

        var report = SandboxBuildReport(sources: own.count)
        let product = NativeProduct(
            module: module, name: manifest.library, product: options.product,
            path: options.productPath ?? output(options.product.ending),
            recordPath: "\(work)/\(options.product.rawValue).record", context: context)
        report.products += try product.make(options.engine, hashes: hashes)

        // The same sources without a wall.
        let direct = options.directPath ?? (manifest.direct ? output("direct.so") : nil)
        if let direct {
            let library = DirectLibraryBuild(
                manifest: manifest, flags: flags, directory: "\(work)/direct", workingDirectory: directory,
                context: context)
            try library.make(own, bindings, compilerName: options.engine.compiler, to: direct, hashes)
            report.products.append(direct)
        }

        if let bindings, let path = options.swiftPath ?? (options.product == .library ? output("swift") : nil) {
            try FileSystem.makeDirectory(FileSystem.parent(of: path))
            try FileSystem.update(Array(swift(bindings, product.path, direct).utf8), to: path)
            report.products.append(path)
        }
        report.compiled = counter.compiled
        return report
    }

    // MARK: - Steps

    private func sources(_ files: FileSelection) throws -> [Source] {
        let paths =
            try files.files(matching: manifest.sources, key: "sources")
            + files.files(matching: manifest.wrappers, key: "wrappers")
        guard !paths.isEmpty else {
            throw SandboxBuildError.manifest(
                path: "\(directory)/\(SandboxManifest.fileName)", problem: "\"sources\" excludes all that it names")
        }
        var seen: Set<String> = []
        return try paths.filter { seen.insert($0).inserted }.map { try Source(path: $0) }
    }

    private func machine(
        _ freestanding: FreestandingFiles?, _ compiler: Compiler, sources: [Source]
    ) throws -> CompilationFlags.Machine {
        if let freestanding { return .freestanding(includeDirectory: freestanding.includeDirectory) }
        let sysroot = try WASISysroot.find(
            named: options.sysroot, environment: options.environment, compiler: compiler)
        if sources.contains(where: { $0.language == .cPlusPlus }), !sysroot.hasCPlusPlus {
            throw SandboxBuildError.missingCPlusPlusLibrary(sysroot: sysroot.path)
        }
        return .wasi(sysroot)
    }

    private func output(_ ending: String) -> String {
        let directory = options.directory
        return "\(directory.hasSuffix("/") ? String(directory.dropLast()) : directory)/\(manifest.library).\(ending)"
    }

    private func swift(_ bindings: LibraryBindings, _ library: String, _ direct: String?) -> String {
        guard options.loadsFromBundle else { return bindings.swift }
        let accessor = BundleAccessor(
            manifest: manifest, library: FileSystem.name(of: library), direct: direct.map(FileSystem.name))
        return bindings.swift + accessor.swift
    }
}
