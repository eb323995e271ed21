import Glibc

/// What runs of the compiled code and its compilation have to do with each other, as users of clang know it from `-fprofile-generate` and
/// `-fprofile-use`.
public enum Profile: Sendable, Hashable {
    /// The code counts how often each part of it runs, and adds the counts to a file in this directory when the library is unloaded or the
    /// process ends. The code is slower, and its counters are the host's memory.
    case generate(directory: String)
    /// The compiler makes fast what was run often. A file that runs wrote, a directory of them, or what `llvm-profdata merge` made of them.
    case use(path: String)
}

extension Compiler {
    /// Beside clang, because the files' format changes from version to version.
    private var profileTool: String {
        FileSystem.parent(of: FileSystem.resolve(path) ?? path) + "/llvm-profdata"
    }

    /// Arguments for each compilation.
    /// - Parameter directory: for what is made of a profile.
    func profileArguments(
        _ profile: Profile?, directory: String, environment: [String: String], deadline: ContinuousClock.Instant?
    ) throws(ToolchainError) -> [String] {
        guard let profile else { return [] }
        guard family == .clang else {
            throw .invalidArgument("profiles are clang's, and \(path) is \(family.rawValue)")
        }
        // Profiles of values would have the code call functions of the profile's own.
        let common = ["-mllvm", "-disable-vp=1"]
        switch profile {
        case .generate(let directory):
            return common + ["-fprofile-generate=\(FileSystem.absolute(directory))"]
        case .use(let path):
            let merged = "\(directory)/merged.profdata"
            var command = Subprocess(
                profileTool, ["merge", "-o", merged, FileSystem.absolute(path)], environment: environment)
            command.deadline = deadline
            let outcome = try command.run()
            guard outcome.termination == .exited(0) else {
                throw .invalidArgument(
                    "\(path) is no profile that \(profileTool) can read: \(outcome.standardError.text)")
            }
            // What a profile says nothing about, because it wasn't run or has changed since, is compiled as ever.
            return common + ["-fprofile-use=\(merged)", "-Wno-backend-plugin", "-Wno-profile-instr-out-of-date"]
        }
    }

    /// What a profile adds to a fingerprint.
    func fingerprint(_ profile: Profile?) throws(ToolchainError) -> [String] {
        switch profile {
        case nil: return []
        case .generate(let directory): return ["--profile-generate", FileSystem.absolute(directory)]
        case .use(let path):
            let files =
                FileSystem.isDirectory(path) ? FileSystem.entries(path).sorted().map { "\(path)/\($0)" } : [path]
            var parts = ["--profile-use"]
            for file in files { parts.append(CacheKey(parts: [], content: try FileSystem.contents(of: file)).hex) }
            return parts
        }
    }

    /// Compiled into every library that counts. Without a C library's start files nobody would call what the profile's runtime registers
    /// with `atexit`, which is a function of those files as well.
    static let profileSource = SourceFile(
        name: "bulkhead_profile.c",
        bytes: Array(
            """
            int __llvm_profile_write_file(void);
            __attribute__((visibility("hidden"))) int atexit(void (*function)(void));
            int atexit(void (*function)(void)) { (void)function; return 0; }
            __attribute__((destructor)) static void write_profile(void) { __llvm_profile_write_file(); }

            """.utf8))
}
