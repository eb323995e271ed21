import CBulkhead

/// Why a module can't be loaded, linked or used as asked. Errors of the module itself are `ModuleError`, those of the C
/// compiler and the cache `ToolchainError`, and those of running code `Trap`.
public enum BulkheadError: Error, Hashable, Sendable {
    /// The system refused memory, address space, or to load a file.
    case system(String)
    /// The artifact was made by another version, for another mode or machine, or is no artifact.
    case artifact(String)
    /// The module imports something that it wasn't given.
    case unknownImport(String)
    /// The module was given something of another kind or type than it imports.
    case incompatibleImport(String)
    /// A limit of the runtime.
    case limit(String)
    /// A function was called with arguments of the wrong number or types, or asked for as a Swift type it doesn't have.
    case typeMismatch(expected: String, found: String)
    /// A host read or write of a memory, table or global that goes past its end.
    case outOfBounds(String)
    /// Something of one store was used with another.
    case foreignStore

    init(_ error: bulkhead_error) {
        let message = withUnsafeBytes(of: error.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self =
            switch error.kind {
            case BULKHEAD_ERROR_ARTIFACT: .artifact(message)
            case BULKHEAD_ERROR_UNKNOWN_IMPORT: .unknownImport(message)
            case BULKHEAD_ERROR_INCOMPATIBLE_IMPORT: .incompatibleImport(message)
            case BULKHEAD_ERROR_LIMIT: .limit(message)
            default: .system(message)
            }
    }
}

extension BulkheadError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let message), .artifact(let message), .unknownImport(let message),
            .incompatibleImport(let message), .limit(let message), .outOfBounds(let message):
            message
        case .typeMismatch(let expected, let found): "type mismatch: expected \(expected), found \(found)"
        case .foreignStore: "a value that belongs to one store was used with another"
        }
    }
}
