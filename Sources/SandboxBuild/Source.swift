import Toolchain

/// A file to compile.
struct Source: Sendable, Hashable {
    enum Language: Sendable, Hashable {
        case c
        case cPlusPlus
    }

    /// Whose flags it is compiled with.
    enum Origin: Sendable, Hashable {
        case library
        /// Of the bindings: calls the library.
        case shim
        /// Of the package: allocator and memory functions of a library without libc.
        case freestanding
    }

    /// Absolute.
    let path: String
    let language: Language
    let origin: Origin

    init(path: String, origin: Origin = .library) throws(SandboxBuildError) {
        let name = FileSystem.name(of: path)
        switch name.lastIndex(of: ".").map({ name[$0...] }) {
        case ".c": language = .c
        case ".cc", ".cpp", ".cxx", ".c++", ".C": language = .cPlusPlus
        default: throw .unknownLanguage(path: path)
        }
        self.path = path
        self.origin = origin
    }
}
