import Toolchain

/// Why a library could not be built; each says what to do about it. What the tools of the toolchain are missing is a `ToolchainError`.
public enum SandboxBuildError: Error, Sendable, Hashable {
    /// There is no manifest at this path.
    case manifestNotFound(path: String)
    case manifest(path: String, problem: String)
    /// A glob that no file matches; `key` is the manifest's.
    case noMatch(glob: String, key: String, directory: String)
    case tooManyFiles(directory: String, limit: Int)
    /// A source in a language that isn't compiled, by its path.
    case unknownLanguage(path: String)
    /// The compiler refused sources; `diagnostics` is what it printed.
    case compilation(failed: Int, diagnostics: String)
    /// Functions and variables that are used and defined nowhere.
    case undefinedSymbols([UndefinedSymbol], libc: Bool)
    /// `exports` names functions that no source defines.
    case undefinedExports([String])
    /// The linker refused for another reason; `diagnostics` is what it printed.
    case link(diagnostics: String)
    case missingCPlusPlusLibrary(sysroot: String)
    /// No bindings can be written.
    case bindings(String)

    public struct UndefinedSymbol: Sendable, Hashable {
        public let name: String
        /// Sources that use it, in the manifest's directory.
        public let users: [String]
    }
}

extension SandboxBuildError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .manifestNotFound(let path):
            "there is no manifest at \(path); a library's directory has a file \(SandboxManifest.fileName) that names its sources"
        case .manifest(let path, let problem): "\(path): \(problem)"
        case .noMatch(let glob, let key, let directory):
            "\"\(key)\" has \"\(glob)\", which matches no file below \(directory)"
        case .tooManyFiles(let directory, let limit):
            "there are more than \(limit) files below \(directory); write globs that begin with a smaller directory"
        case .unknownLanguage(let path):
            "\(path) is neither C (.c) nor C++ (.cc, .cpp, .cxx); take it out of \"sources\" with \"!…\""
        case .compilation(let failed, _):
            "\(failed == 1 ? "a source" : "\(failed) sources") could not be compiled"
        case .undefinedSymbols(let symbols, let libc):
            """
            \(symbols.count == 1 ? "a symbol is" : "\(symbols.count) symbols are") used and defined nowhere:
            \(Self.list(symbols.prefix(30).map { "\($0.name) (\(Self.users($0.users)))" }, more: symbols.count - 30))
            Add the sources that define \(symbols.count == 1 ? "it" : "them") to "sources", or the library to "linkFlags"\
            \(libc ? "." : "; or set \"libc\" to true if a C library is what is missing.")\
            \(symbols.contains { $0.users.contains { $0.hasSuffix("-shim.c") } }
                ? "\nWhat a shim uses has bindings, and needs none if it is named in \"deny\"." : "")
            """
        case .undefinedExports(let names):
            """
            "exports" names what no source defines:
            \(Self.list(names, more: 0))
            """
        case .link(let diagnostics): "the library could not be linked:\n\(diagnostics)"
        case .missingCPlusPlusLibrary(let sysroot):
            """
            the library has C++ sources, and \(sysroot) has no C++ library.
            Run `apt-get install libc++-19-dev-wasm32 libc++abi-19-dev-wasm32`, or unpack a wasi-sdk and set WASI_SDK_PATH to it.
            """
        case .bindings(let problem): problem
        }
    }

    /// What the compiler printed, to be shown as it is before the description.
    public var diagnostics: String? {
        if case .compilation(_, let diagnostics) = self { diagnostics } else { nil }
    }

    private static func list(_ lines: [String], more: Int) -> String {
        (lines + (more > 0 ? ["and \(more) more"] : [])).map { "  \($0)" }.joined(separator: "\n")
    }

    private static func users(_ users: [String]) -> String {
        if users.isEmpty { return "used by the link itself" }
        let shown = users.prefix(3).joined(separator: ", ")
        return "used by \(shown)\(users.count > 3 ? " and \(users.count - 3) more" : "")"
    }
}
