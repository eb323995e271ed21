import Glibc

/// Why a compiler could not be found or used, or the cache could not be trusted; each says what to do about it.
public enum ToolchainError: Error, Sendable, Hashable {
    /// No compiler was named and none was found; what was tried, in order, and what became of it.
    case compilerNotFound(searched: [String])
    /// The compiler that was asked for is not there. `origin` is `--cc` or `BULKHEAD_CC`.
    case namedCompilerNotFound(name: String, origin: String, searched: [String])
    /// The program is there and is not clang or gcc, or does not run.
    case compilerUnusable(path: String, reason: String)
    /// The compiler or linker refused what it was given.
    case compilationFailed(CompilationFailure)
    /// The program ran until its deadline and was killed.
    case timeLimitExceeded(commandLine: String)
    /// There is no such program at this path.
    case programNotFound(path: String)
    /// The file exists and cannot be run: no permission, or not a program.
    case programNotExecutable(path: String)
    /// A system call that runs programs failed; `code` is its `errno`.
    case processFailed(program: String, operation: String, code: Int32)
    /// A value passed in cannot be used; the text says which and why.
    case invalidArgument(String)
    /// A system call on a file failed; `code` is its `errno`.
    case fileSystem(operation: String, path: String, code: Int32)
    /// There is no place for a cache, or it can't be written.
    case cacheUnavailable(reason: String)
    /// Someone else could have put code into this directory or file, or could replace it.
    case untrusted(path: String, problem: TrustProblem, use: String)
    /// `cpu: "native"` was asked for and `/proc/cpuinfo` does not say what the processor is.
    case processorUnidentified
    /// There is no clang with `wasm-ld` beside it; what was tried, in order, and what became of it.
    case webAssemblyCompilerNotFound(searched: [String])
    /// There is no C library for WebAssembly, or (`missing`) a part of it isn't there.
    case sysrootNotFound(missing: String, searched: [String])

    /// What makes a file or directory unfit to hold code that will be run.
    public enum TrustProblem: Sendable, Hashable {
        /// It belongs to this user id, which is neither the current user nor root.
        case foreignOwner(UInt32)
        /// Its permission bits let its group or everyone write.
        case writableByOthers(mode: UInt32)
        case symbolicLink
        case notDirectory
        case notRegularFile
    }
}

/// What a compiler said when it failed.
public struct CompilationFailure: Error, Sendable, Hashable {
    /// As one would type it into a shell.
    public let commandLine: String
    public let termination: Subprocess.Termination
    /// The first lines of what the compiler wrote to standard error.
    public let diagnostics: String
}

extension ToolchainError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .compilerNotFound(let searched):
            """
            no C compiler was found; looked for:
            \(Self.list(searched))
            Install the Swift toolchain (it contains clang) or run `apt-get install clang`, or name one with --cc PATH.
            """
        case .namedCompilerNotFound(let name, let origin, let searched):
            """
            there is no C compiler "\(name)" (named by \(origin)); looked for:
            \(Self.list(searched))
            Give \(origin) the name of a clang or gcc on PATH, or the path of one, or leave it out.
            """
        case .compilerUnusable(let path, let reason):
            "\(path) cannot be used as the C compiler: \(reason). Name clang or gcc with --cc PATH."
        case .compilationFailed(let failure):
            failure.description
        case .timeLimitExceeded(let commandLine):
            """
            the time limit for compiling is over; this was still running and was killed:
            \(commandLine)
            Allow more time, or optimize less (-O0).
            """
        case .programNotFound(let path):
            "there is no program at \(path)"
        case .programNotExecutable(let path):
            "\(path) is not a program that can be run; check its permissions (chmod +x) and what kind of file it is"
        case .processFailed(let program, let operation, let code):
            "could not run \(program): \(operation): \(Self.message(code))"
        case .invalidArgument(let reason):
            reason
        case .fileSystem(let operation, let path, let code):
            "\(operation) \(path): \(Self.message(code))"
        case .cacheUnavailable(let reason):
            "the artifact cache cannot be used: \(reason). \(Self.cacheAdvice)"
        case .untrusted(let path, let problem, let use):
            "\(path) is not safe to use as \(use): \(problem.description(of: path))"
                + (use == Self.cacheUse ? " \(Self.cacheAdvice)" : "")
        case .processorUnidentified:
            "cannot tell which processor this is from /proc/cpuinfo; name one instead of \"native\", or name none"
        case .webAssemblyCompilerNotFound(let searched):
            """
            no clang that compiles to WebAssembly was found; looked for:
            \(Self.list(searched))
            Put the Swift toolchain on PATH (it contains clang and wasm-ld), or run `apt-get install clang lld`, or name a clang \
            with wasm-ld beside it with --cc PATH.
            """
        case .sysrootNotFound(let missing, let searched):
            """
            \(missing) was not found; looked at:
            \(Self.list(searched))
            Run `apt-get install wasi-libc libclang-rt-*-dev-wasm32`, or unpack a wasi-sdk and set WASI_SDK_PATH to it.
            """
        }
    }

    static let cacheUse = "the artifact cache"

    /// A failed system call on the cache's own files is a cache that cannot be used, for which there is advice.
    var asCacheFailure: ToolchainError {
        switch self {
        case .fileSystem, .invalidArgument: .cacheUnavailable(reason: description)
        default: self
        }
    }

    private static let cacheAdvice =
        "Pass --no-cache, or set BULKHEAD_CACHE to a directory that only you can write."

    private static func list(_ lines: [String]) -> String {
        lines.map { "  \($0)" }.joined(separator: "\n")
    }

    private static func message(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}

extension ToolchainError.TrustProblem {
    func description(of path: String) -> String {
        let target = Shell.quote(path)
        return switch self {
        case .foreignOwner(let user): "it belongs to user \(user), not to you or root (chown it, or use another)."
        case .writableByOthers(let mode):
            "other users can write it (mode 0\(String(mode, radix: 8))); run chmod go-w \(target)."
        case .symbolicLink: "it is a symbolic link; remove it."
        case .notDirectory: "it is not a directory; remove or rename it."
        case .notRegularFile: "it is not an ordinary file; remove it."
        }
    }
}

extension CompilationFailure: CustomStringConvertible {
    public var description: String {
        "the C compiler \(termination.description):\n\(commandLine)\n\(diagnostics)"
    }
}

enum Shell {
    /// The word as a POSIX shell takes it literally.
    static func quote(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "+")...UInt8(ascii: "9"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "@"),
                UInt8(ascii: ":"), UInt8(ascii: "%"):
                true
            default: false
            }
        }
        guard !plain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
