import Glibc

/// A C compiler on this machine.
public struct Compiler: Sendable, Hashable {
    public enum Family: String, Sendable, Hashable {
        case clang
        case gcc
    }

    /// The path it is run by, symbolic links and all: what some compilers are depends on the name they are called by.
    public let path: String
    public let family: Family
    /// The first line of what `--version` prints. Part of every cache key.
    public let version: String
    /// Whether `ld.lld` sits beside it, so that no other linker need be installed.
    public let usesLLD: Bool

    /// Finds a compiler: the named one; else the one `BULKHEAD_CC` names; else the first of clang on PATH, clang
    /// beside `swift` on PATH, gcc and cc on PATH that runs.
    ///
    /// Relative components of PATH are passed over: what lies in the current directory is not to be run by accident.
    /// - Parameters:
    ///   - name: a name to look for on PATH, or a path if it contains a `/`.
    ///   - cache: remembers what a compiler answered to `--version`, which takes longer to ask than everything else
    ///     a cached start does.
    public static func find(
        named name: String? = nil, environment: [String: String] = ProcessEnvironment.current(),
        cache: ArtifactCache? = nil
    ) throws(ToolchainError) -> Compiler {
        if let name {
            return try find(named: name, origin: "--cc", environment: environment, cache: cache)
        }
        if let name = environment["BULKHEAD_CC"], !name.isEmpty {
            return try find(named: name, origin: "BULKHEAD_CC", environment: environment, cache: cache)
        }

        let directories = searchPath(environment)
        var searched: [String] = []
        for candidate in Candidate.inOrder {
            let paths = candidate.paths(in: directories)
            var failure = "not found"
            for path in paths {
                do throws(ToolchainError) {
                    return try identify(path, environment: environment, cache: cache)
                } catch {
                    failure = "found \(path): \(error)"
                }
            }
            searched.append("\(candidate.description): \(failure)")
        }
        searched.append("PATH is \(environment["PATH"] ?? "not set")")
        throw .compilerNotFound(searched: searched)
    }

    private static func find(
        named name: String, origin: String, environment: [String: String], cache: ArtifactCache?
    ) throws(ToolchainError) -> Compiler {
        if name.utf8.contains(UInt8(ascii: "/")) {
            guard FileSystem.isRegularFile(name) else {
                throw .namedCompilerNotFound(name: name, origin: origin, searched: [name])
            }
            guard FileSystem.isExecutable(name) else { throw .programNotExecutable(path: name) }
            // Compilations run in a directory of their own, where a relative path would mean another file.
            guard let directory = FileSystem.resolve(FileSystem.parent(of: name)) else {
                throw .namedCompilerNotFound(name: name, origin: origin, searched: [name])
            }
            let last = FileSystem.name(of: name)
            let path = directory == "/" ? "/\(last)" : "\(directory)/\(last)"
            return try identify(path, environment: environment, cache: cache)
        }
        let directories = searchPath(environment)
        guard let path = executable(name, in: directories) else {
            throw .namedCompilerNotFound(
                name: name, origin: origin, searched: directories.map { "\($0)/\(name)" })
        }
        return try identify(path, environment: environment, cache: cache)
    }

    /// A place where compilers are found.
    enum Candidate: CustomStringConvertible {
        case onPath(String)
        case besideSwift(String)

        static let inOrder: [Candidate] = [
            .onPath("clang"), .besideSwift("clang"), .onPath("gcc"), .onPath("cc"),
        ]

        func paths(in directories: [String]) -> [String] {
            switch self {
            case .onPath(let name):
                return executable(name, in: directories).map { [$0] } ?? []
            case .besideSwift(let name):
                guard let swift = executable("swift", in: directories) else { return [] }
                let places = [swift, FileSystem.resolve(swift) ?? swift]
                return places.map { "\(FileSystem.parent(of: $0))/\(name)" }.filter(FileSystem.isExecutable)
            }
        }

        var description: String {
            switch self {
            case .onPath(let name): "\(name) on PATH"
            case .besideSwift(let name): "\(name) beside swift"
            }
        }
    }

    static func searchPath(_ environment: [String: String]) -> [String] {
        (environment["PATH"] ?? "").split(separator: ":").filter { $0.first == "/" }.map(String.init)
    }

    static func executable(_ name: String, in directories: [String]) -> String? {
        directories.lazy.map { "\($0)/\(name)" }.first(where: FileSystem.isExecutable)
    }
}

// MARK: - What a compiler is

extension Compiler {
    static func identify(
        _ path: String, environment: [String: String], cache: ArtifactCache?
    ) throws(ToolchainError) -> Compiler {
        guard let resolved = FileSystem.resolve(path), let status = FileSystem.status(resolved) else {
            throw .programNotFound(path: path)
        }
        let usesLLD = FileSystem.isExecutable("\(FileSystem.parent(of: resolved))/ld.lld")
        let key = CacheKey(parts: [
            "compiler", path, resolved, "\(status.st_dev)", "\(status.st_ino)", "\(status.st_size)",
            "\(status.modificationTime)",
        ])
        if let record = cache?.record(for: key), let known = Identification(record: record) {
            return Compiler(
                path: path, family: known.family, version: known.version, usesLLD: known.family == .clang && usesLLD)
        }
        let found = try ask(path, environment: environment)
        cache?.store(found.record, for: key)
        return Compiler(
            path: path, family: found.family, version: found.version, usesLLD: found.family == .clang && usesLLD)
    }

    /// What there is to know about a compiler, and how it is written down.
    private struct Identification {
        let family: Family
        let version: String

        init(family: Family, version: String) {
            self.family = family
            self.version = version
        }

        var record: [UInt8] { Array("\(family.rawValue)\n\(version)".utf8) }

        init?(record: [UInt8]) {
            let lines = String(decoding: record, as: UTF8.self).split(separator: "\n")
            guard lines.count == 2, let family = Family(rawValue: String(lines[0])) else { return nil }
            self.init(family: family, version: String(lines[1]))
        }
    }

    private static func ask(_ path: String, environment: [String: String]) throws(ToolchainError) -> Identification {
        var program = Subprocess(path, ["--version"], environment: childEnvironment(environment))
        program.outputLimit = 16384
        let outcome: Subprocess.Outcome
        do throws(ToolchainError) {
            outcome = try program.run()
        } catch {
            throw .compilerUnusable(path: path, reason: error.description)
        }
        guard outcome.termination == .exited(0) else {
            throw .compilerUnusable(path: path, reason: "`--version` \(outcome.termination.description)")
        }
        let text = outcome.standardOutput.text
        guard let line = text.split(whereSeparator: \.isNewline).first, line.utf8.count <= 1000 else {
            throw .compilerUnusable(path: path, reason: "`--version` printed no line that names a version")
        }
        // gcc's first line is a name that its packager chose; its two lines of copyright are always there, of which other
        // GNU programs have the first.
        let isGCC = ["Free Software Foundation", "see the source for copying conditions"].allSatisfy(text.contains)
        let family: Family? = line.contains("clang version") ? .clang : isGCC ? .gcc : nil
        guard let family else {
            throw .compilerUnusable(path: path, reason: "it is neither clang nor gcc but \"\(line.prefix(200))\"")
        }
        return Identification(family: family, version: String(line))
    }

    /// What a compiler gets of this process's variables: what it needs to run, and nothing (CPATH, LIBRARY_PATH,
    /// COMPILER_PATH ...) that changes what it makes, because that is not in the cache key.
    package static func childEnvironment(_ environment: [String: String]) -> [String: String] {
        var child = environment.filter { ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key) }
        child["LC_ALL"] = "C"
        return child
    }
}
