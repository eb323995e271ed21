import Toolchain

/// Makes bindings of C headers: Swift code over BulkheadSandbox, and the C code that goes with it.
///
///     headers ── Clang ──▶ SyntaxTree ── HeaderReader ──▶ Header ── Probes ──▶ layouts and values ──▶ Plan ──▶ writers
///
/// What a type is, how large it is and what a constant amounts to is clang's to say, for the sandbox and for the host; nothing of it
/// is computed here.
public enum Bindgen {
    /// - Throws: ``BindgenError``, or `ToolchainError` where clang is not there or a header has errors.
    public static func generate(_ request: BindingRequest) throws -> Bindings {
        guard Naming.isIdentifier(request.library) else { throw BindgenError.libraryName(request.library) }
        let clang = try Clang(request)
        var reader = HeaderReader(clang: clang, annotations: request.annotations)
        try reader.read()
        let probes = try Probes(reader, clang: clang)
        let plan = Plan(reader.header, probes: probes, request: request, hasLibC: clang.hasSysroot)
        var swift = SwiftWriter(plan)
        var shim = ShimWriter(plan: plan, includes: clang.includeNames)
        var directShim = DirectShimWriter(plan, includes: clang.includeNames)
        return Bindings(
            swift: swift.write(), shim: shim.write(), directShim: directShim.write(), exports: plan.exports,
            report: plan.report)
    }
}

/// What bindings are asked for.
public struct BindingRequest: Sendable {
    public enum Language: String, Sendable, CaseIterable {
        case c
        case cPlusPlus = "c++"
    }

    /// The library's name in Swift: of the type that its bindings are in.
    public var library: String
    /// Paths, or names to be found in `includeDirectories`.
    public var headers: [String]
    public var language = Language.c
    public var includeDirectories: [String] = []
    /// Their headers count as the system's: what they declare is bound only where the library's own headers use it.
    public var systemIncludeDirectories: [String] = []
    /// As `-D` takes them: `NAME` or `NAME=VALUE`.
    public var definitions: [String] = []
    /// More arguments for clang, for both machines.
    public var clangArguments: [String] = []
    /// Where clang runs, so that relative paths in its arguments mean something; `nil` for here.
    public var workingDirectory: String?
    /// A WASI sysroot; `nil` for the one that is found, or none at all if there is none.
    public var sysroot: String?
    /// A clang, by name or path.
    public var compiler: String?
    public var annotations = Annotations()
    /// Patterns with `*` and `?`. Where there are any, only functions, variables and constants whose names match one are bound.
    public var allow: [String] = []
    /// What matches one of these is not bound.
    public var deny: [String] = []

    public init(library: String, headers: [String]) {
        self.library = library
        self.headers = headers
    }
}

/// What came of it.
public struct Bindings: Sendable {
    /// The Swift file.
    public let swift: String
    /// C code to be compiled into the sandboxed library. Empty but for a comment where the library needs none.
    public let shim: String
    /// C code to be compiled into the native library for direct mode. It includes `bulkhead_direct.h`.
    public let directShim: String
    /// Names for the linker to export if they are defined: `-Wl,--export-if-defined=NAME`.
    public let exports: [String]
    public let report: BindingReport
}

/// Why there are no bindings.
public enum BindgenError: Error, Sendable, CustomStringConvertible {
    case libraryName(String)
    case noHeaders
    case headerNotFound(String, searched: [String])
    case notClang(String)
    /// clang refused the headers. `machine` is `wasm32` or `native`.
    case clang(machine: String, diagnostics: String)
    case syntaxTree(String)
    case annotations(String)

    public var description: String {
        switch self {
        case .libraryName(let name):
            "\"\(name)\" can't be the name of a Swift type; give --library a name like Expat"
        case .noHeaders: "there are no headers to bind"
        case .headerNotFound(let name, let searched):
            "there is no header \(name); looked at:\n" + searched.map { "  \($0)" }.joined(separator: "\n")
        case .notClang(let path):
            "\(path) is not clang; bindings need clang's syntax tree"
        case .clang(let machine, let diagnostics):
            "clang can't parse the headers for \(machine). Only those belong here that a user of the library includes, in an order in which "
                + "they can be included:\n\(diagnostics)"
        case .syntaxTree(let reason): "clang's syntax tree can't be read: \(reason)"
        case .annotations(let reason): reason
        }
    }
}
