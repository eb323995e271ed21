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

    /// Where among a module's exports, or in the table of a direct library, lies what each sandbox needs; `nil` where there is none. Looked up
    /// and checked once, for sandboxes are made by the thousand.
    struct Places: Sendable {
        /// In the order of the interface.
        let functions: [Int?]
        let malloc: Int?
        let free: Int?
        /// What runs the library's constructors.
        let initialize: Int?
        /// What function pointers are indices into.
        let functionTable: Int?

        /// - Parameter place: of a function by its name, and its type.
        init(functionTable: Int? = nil, _ place: (String) throws -> (position: Int, signature: String)?) throws {
            func find(_ name: String, _ signature: String) throws -> Int? {
                guard let found = try place(name) else { return nil }
                guard found.signature == signature else {
                    throw SandboxError.interface(
                        """
                        the bindings of \(Library.interface.name) expect \(name) to have the type \(signature), and the \
                        library's has \(found.signature); make both from the same sources
                        """)
                }
                return found.position
            }
            functions = try Library.interface.functions.map { try find($0.name, $0.signature) }
            // Called with room for what these take and return, and no more.
            malloc = try find("malloc", "i>i")
            free = try find("free", "i>")
            initialize = try find("_initialize", ">")
            self.functionTable = functionTable
        }
    }

    let code: Code
    let places: Places

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
        let table = exports["__indirect_function_table"].flatMap { $0.kind == .table ? $0.position : nil }
        places = try Places(functionTable: table) { name in
            guard let export = exports[name] else { return nil }
            guard case .function(let type) = export.kind else {
                throw SandboxError.interface("\(Library.interface.name)'s \(name) is no function")
            }
            return (export.position, type.signature)
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
        places = try Places { functions[$0] }
    }

    public var machine: Machine {
        switch code {
        case .sandboxed: .wasm32
        case .direct: .native
        }
    }
}
