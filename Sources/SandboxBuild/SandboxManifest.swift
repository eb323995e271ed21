/// What `sandbox.json` says about a library: which sources it consists of and how they are compiled.
///
/// Paths are relative to the manifest's directory. docs/SandboxManifest.md describes every key for those who write one.
public struct SandboxManifest: Sendable, Hashable {
    /// The library's name in Swift, and of the files that are made.
    public var library: String
    /// Globs of the headers whose functions get bindings.
    public var headers: [String] = []
    /// Globs of the C and C++ sources. One that begins with `!` takes files out again.
    public var sources: [String] = []
    /// C sources beside the library's own: functions that call it in ways that bindings can't.
    public var wrappers: [String] = []
    public var includeDirectories: [String] = []
    /// `NAME` or `NAME=VALUE`.
    public var defines: [String] = []
    /// Passed to every compilation of C.
    public var cFlags: [String] = []
    /// Passed to every compilation of C++.
    public var cxxFlags: [String] = []
    /// Passed to the linker's driver: `-lm`, `-Wl,--wrap=f`.
    public var linkFlags: [String] = []
    /// As `-std=` takes them: `c11`, `c++17`.
    public var cLanguageStandard: String?
    public var cxxLanguageStandard: String?
    /// Whether there is a C library in the sandbox. Without one nothing but a compiler is needed, and the library has `malloc`
    /// and its kind, `memcpy`, `memmove`, `memset`, `memcmp` and `strlen`.
    public var libc = true
    /// Functions that are exported beside those that have bindings.
    public var exports: [String] = []
    /// Bytes of the stack that C has inside the sandbox's memory, for what has an address.
    public var stackSize: UInt64 = SandboxManifest.defaultStackSize
    /// Bytes that the sandbox's memory can grow to; `nil` for 4 GiB.
    public var maximumMemory: UInt64?
    /// Of the WebAssembly code: `0`, `1`, `2`, `3`, `s` or `z`.
    public var optimization = "2"
    /// Whether the WebAssembly code may have vectors of 128 bits.
    public var simd = true
    /// Globs of function names that get bindings; empty for all.
    public var allow: [String] = []
    /// Globs of function names that get none.
    public var deny: [String] = []
    /// A file that says more about the library's functions than its headers do.
    public var annotations: String?
    /// Whether a library for direct mode is made, too.
    public var direct = false

    public static let defaultStackSize: UInt64 = 1 << 20

    public init(library: String) {
        self.library = library
    }
}
