import Toolchain

/// What all steps of a build share.
struct BuildContext {
    let environment: [String: String]
    /// Compilers that run at a time.
    let jobs: Int
    /// Whether compilers are to colour what they say, for it is shown on a terminal.
    let colorsDiagnostics: Bool
    let report: (BuildEvent) -> Void
}

/// What a build tells of itself while it runs.
public enum BuildEvent: Sendable, Hashable {
    /// A command is about to run, or, of sources, will when its turn comes.
    case command(String)
    /// So many of the sources that need compiling are.
    case compiling(finished: Int, count: Int)
    /// A source was compiled.
    case compiled(String)
    case writingBindings
    /// Bindings were written; what was bound and what wasn't, a line an entry.
    case bindings(String)
    case linking
    /// WebAssembly is being compiled to native code.
    case compilingModule
    /// What compilers said without failing, as they printed it.
    case warnings(String)
}
