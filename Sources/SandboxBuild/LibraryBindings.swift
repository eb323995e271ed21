import Bindgen
import Toolchain

/// What bindings of a library consist of: the one place where the build meets the generator of bindings.
struct LibraryBindings {
    /// The library's Swift API.
    let swift: String
    /// C that is compiled into the sandbox with the library.
    let shim: Source
    /// C that is compiled with the library for direct mode.
    let directShim: Source
    /// Directories in which the shims find the headers, beside the library's own.
    let includeDirectories: [String]
    /// Functions that the bindings call.
    let exports: [String]
    /// What was bound and what wasn't, for people.
    let report: String
}

/// Makes bindings, or finds those that were made before from the same headers.
struct BindingsBuild {
    let manifest: SandboxManifest
    /// Absolute.
    let headers: [String]
    /// Functions that the headers declare and the sources don't define.
    let undefined: [String]
    let annotations: String?
    let flags: CompilationFlags
    let sysroot: String?
    let compiler: Compiler
    /// Where the parts are kept.
    let directory: String
    let workingDirectory: String
    let context: BuildContext

    func make(_ hashes: InputHashes) throws -> LibraryBindings {
        try FileSystem.makeDirectory(directory)
        let key = BuildRecord.key(
            [compiler.path, compiler.version, sysroot ?? "", annotations ?? "", tool, "\(request)"] + headers)
        if let record = BuildRecord(path: recordPath), record.isCurrent(key: key, hashes: hashes),
            let bindings = try? kept()
        {
            return bindings
        }
        context.report(.writingBindings)
        FileSystem.removeFile(recordPath)
        try generate()
        try BuildRecord(key: key, inputs: try includedFiles() + (annotations.map { [$0] } ?? []), hashes: hashes)
            .write(to: recordPath)
        let bindings = try kept()
        context.report(.bindings(bindings.report))
        return bindings
    }

    /// Another version of the generator is another program.
    private var tool: String { FileSystem.stamp(of: "/proc/self/exe") ?? "" }

    // MARK: - Parts

    private var recordPath: String { "\(directory)/record" }
    private var swiftPath: String { "\(directory)/\(manifest.library).swift" }
    private var shimPath: String { "\(directory)/\(manifest.library)-shim.\(isCPlusPlus ? "cpp" : "c")" }
    private var directShimPath: String { "\(directory)/\(manifest.library)-direct.\(isCPlusPlus ? "cpp" : "c")" }
    private var exportsPath: String { "\(directory)/exports" }
    private var reportPath: String { "\(directory)/report" }

    /// Headers that only C++ has make it the language of all.
    private var isCPlusPlus: Bool {
        headers.contains { header in [".hpp", ".hh", ".hxx", ".h++"].contains { header.hasSuffix($0) } }
    }

    private func kept() throws -> LibraryBindings {
        func text(_ path: String) throws -> String {
            String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
        }
        var directories: [String] = []
        for header in headers.map(FileSystem.parent) where !directories.contains(header) { directories.append(header) }
        return LibraryBindings(
            swift: try text(swiftPath), shim: try Source(path: shimPath, origin: .shim),
            directShim: try Source(path: directShimPath, origin: .shim), includeDirectories: directories,
            exports: try text(exportsPath).split(separator: "\n").map(String.init), report: try text(reportPath))
    }

    // MARK: - Making them

    private var request: BindingRequest {
        var request = BindingRequest(library: manifest.library, headers: headers)
        request.language = isCPlusPlus ? .cPlusPlus : .c
        request.includeDirectories = flags.includeDirectories
        if case .freestanding(let directory) = flags.machine { request.systemIncludeDirectories = [directory] }
        request.definitions = manifest.defines
        request.clangArguments = languageArguments
        request.workingDirectory = workingDirectory
        request.sysroot = sysroot
        request.compiler = compiler.path
        request.allow = manifest.allow
        request.deny = manifest.deny + undefined
        return request
    }

    private var languageArguments: [String] {
        let standard = isCPlusPlus ? manifest.cxxLanguageStandard : manifest.cLanguageStandard
        return (standard.map { ["-std=\($0)"] } ?? []) + (isCPlusPlus ? manifest.cxxFlags : manifest.cFlags)
    }

    private func generate() throws {
        var request = request
        if let annotations {
            request.annotations = try Annotations(json: FileSystem.contents(of: annotations), name: annotations)
        }
        let bindings: Bindings
        do {
            bindings = try Bindgen.generate(request)
        } catch let error as BindgenError {
            throw SandboxBuildError.bindings(error.description)
        }
        try FileSystem.update(Array(bindings.swift.utf8), to: swiftPath)
        try FileSystem.update(Array(bindings.shim.utf8), to: shimPath)
        try FileSystem.update(Array(bindings.directShim.utf8), to: directShimPath)
        try FileSystem.update(Array(bindings.exports.map { "\($0)\n" }.joined().utf8), to: exportsPath)
        try FileSystem.update(Array(bindings.report.text.utf8), to: reportPath)
    }

    /// Every file that the headers consist of.
    private func includedFiles() throws -> [String] {
        let command = Subprocess(
            compiler.path,
            flags.headerArguments(isCPlusPlus: isCPlusPlus) + languageArguments
                + ["-w", "-M", "-x", isCPlusPlus ? "c++" : "c"] + headers,
            environment: Compiler.childEnvironment(context.environment), workingDirectory: workingDirectory)
        let outcome = try command.run()
        // One rule for each header.
        let rules = outcome.standardOutput.text.replacing("\\\n", with: " ").split(separator: "\n")
        return headers + rules.flatMap { DependencyFile.files(in: String($0), relativeTo: workingDirectory) }
    }
}
