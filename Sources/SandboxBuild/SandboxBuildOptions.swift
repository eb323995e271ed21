import Bulkhead
import Toolchain

/// What varies from one build of a library to another, and isn't of the library.
public struct SandboxBuildOptions: Sendable {
    /// What WebAssembly is made into.
    public enum Product: String, Sendable, Hashable, CaseIterable {
        /// A shared library, which a program loads: `NAME.so`.
        case library
        /// An object, to be linked into a program: `NAME.o`.
        case object
        /// What the compiler writes of it as text, for build systems that take nothing else: `NAME.s`.
        case assembly
        /// C source: `NAME.c`.
        case c
        /// No native code: `NAME.wasm`.
        case wasm

        var ending: String {
            switch self {
            case .library: "so"
            case .object: "o"
            case .assembly: "s"
            case .c: "c"
            case .wasm: "wasm"
            }
        }
    }

    public var product = Product.library
    /// Where products go that have no path of their own. What the next build can use again is kept in `NAME.build` in it.
    public var directory: String
    /// Of the product; `nil` for one in the directory.
    public var productPath: String?
    /// Of the Swift bindings, which are written where this is set or the product is a library.
    public var swiftPath: String?
    /// Of the library for direct mode, which is made where this is set or the manifest asks for it.
    public var directPath: String?
    /// Whether the bindings also find the library's code among the resources of the SwiftPM target they are part of.
    public var loadsFromBundle = false
    /// A C library for WebAssembly; see `WASISysroot.find`.
    public var sysroot: String?
    /// How WebAssembly is compiled to native code; its compiler also compiles sources, if it is a clang.
    public var engine = EngineConfiguration()
    /// Compilers that run at a time.
    public var jobs = Compiler.processorCount
    /// Whether compilers are to colour what they say.
    public var colorsDiagnostics = false
    public var environment = ProcessEnvironment.current()

    public init(directory: String) {
        self.directory = directory
    }
}

/// What a build has made.
public struct SandboxBuildReport: Sendable, Hashable {
    /// Paths of the products, the module's first.
    public internal(set) var products: [String] = []
    /// How many sources were compiled, for the sandbox and for direct mode; the others were up to date.
    public internal(set) var compiled = 0
    /// How many sources there are.
    public internal(set) var sources = 0
}
