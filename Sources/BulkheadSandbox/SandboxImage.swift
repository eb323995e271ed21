import Bulkhead
import CodeGeneration
import WasmModule

/// A library's code, loaded once and ready to be put into any number of sandboxes.
///
/// Checked against the bindings when it is loaded: a function of another type than they expect is an error at once.
public struct SandboxImage<Library: SandboxLibrary>: Sendable {
    enum Code: Sendable {
        case sandboxed(Bulkhead.Module)
        case direct(DirectLibrary)
    }

    let code: Code
    /// For each function of the interface its place among the module's exports, or in the table of the direct library; `nil` where there is none.
    let positions: [Int?]

    /// From a compiled artifact, as `bulkhead sandbox build` or `bulkhead compile` leave it. Its code is trusted as
    /// the program's own is; what it was compiled from is not.
    public init(artifact path: String) throws {
        guard let module = try Engine().load(artifact: path).first else {
            throw SandboxError.interface("\(path) holds no module")
        }
        try self.init(module: module)
    }

    /// From an artifact that is linked into the program: `bulkhead sandbox build --emit assembly` (or `object`) makes one, and `NAME.h` declares
    /// `NAME_artifact`, whose address this takes.
    public init(linked artifact: UnsafeRawPointer) throws {
        guard let module = try Engine().load(linked: artifact).first else {
            throw SandboxError.interface("the linked artifact holds no module")
        }
        try self.init(module: module)
    }

    /// From a module that an `Engine` compiled.
    public init(module: Bulkhead.Module) throws {
        code = .sandboxed(module)
        var exports: [String: (position: Int, kind: Bulkhead.Module.Export.Kind)] = [:]
        for (position, export) in module.exports.enumerated() { exports[export.name] = (position, export.kind) }
        positions = try Library.interface.functions.map { function in
            guard let export = exports[function.name] else { return nil }
            guard case .function(let type) = export.kind else {
                throw SandboxError.interface("\(Library.interface.name)'s \(function.name) is no function")
            }
            try Self.require(function, type.signature)
            return export.position
        }
    }

    /// **Direct mode**: the library's native code, for porting a program call by call and for comparing results. There is no wall
    /// of any kind: a fault in the library is a fault of the program.
    /// - Parameter path: a shared library made by `bulkhead sandbox build --direct`.
    public init(direct path: String) throws {
        let library = try DirectLibrary(path: path)
        code = .direct(library)
        var functions: [String: (position: Int, signature: String)] = [:]
        for position in 0..<library.functionCount {
            functions[library.name(position)] = (position, library.signature(position))
        }
        positions = try Library.interface.functions.map { function in
            guard let found = functions[function.name] else { return nil }
            try Self.require(function, found.signature)
            return found.position
        }
    }

    private static func require(_ function: SandboxInterface.Function, _ found: String) throws {
        guard function.signature == found else {
            throw SandboxError.interface(
                """
                the bindings of \(Library.interface.name) expect \(function.name) to have the type \(function.signature), and the \
                library's has \(found); make both from the same sources
                """)
        }
    }

    public var machine: Machine {
        switch code {
        case .sandboxed: .wasm32
        case .direct: .native
        }
    }
}
