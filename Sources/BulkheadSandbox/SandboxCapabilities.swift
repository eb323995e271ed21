import Bulkhead
import BulkheadWASI
import WasmModule

/// What a library may do beyond computing in its own memory. It has nothing that isn't granted here: a call of the system that it
/// was not granted is an error that names the call. It finds no environment variables.
public struct SandboxCapabilities: Sendable {
    public static let none = SandboxCapabilities()

    /// Takes what the library writes to its standard output and standard error, as it comes. Called on the library's thread; for
    /// diagnostics, and as tainted as everything that comes out.
    public var onOutput: (@Sendable ([UInt8]) -> Void)?
    /// WASI preview 1 over this configuration: only what it names can be reached.
    public var wasi: WASIConfiguration?
    /// The functions of WASI that are granted, where not all: `["clock_time_get", "random_get"]`.
    public var wasiFunctions: Set<String>?

    public init(
        onOutput: (@Sendable ([UInt8]) -> Void)? = nil, wasi: WASIConfiguration? = nil,
        wasiFunctions: Set<String>? = nil
    ) {
        self.onOutput = onOutput
        self.wasi = wasi
        self.wasiFunctions = wasiFunctions
    }
}

/// The imports that capabilities amount to.
struct Grants {
    let capabilities: SandboxCapabilities
    private let context: WASIContext?

    init(_ capabilities: SandboxCapabilities) throws {
        self.capabilities = capabilities
        context = try capabilities.wasi.map { try WASIContext($0) }
    }

    func imports(for module: Bulkhead.Module, store: Store) throws -> Imports {
        var imports = Imports()
        for entry in module.imports {
            guard case .function(let type) = entry.type else {
                throw SandboxError.interface(
                    "the library imports \(entry.module).\(entry.name), a \(entry.type); only functions can be")
            }
            imports.define(.function(try function(entry, type, store)), module: entry.module, name: entry.name)
        }
        return imports
    }

    private func function(_ entry: Bulkhead.Module.Import, _ type: FunctionType, _ store: Store) throws -> Function {
        // Under a WASI function's name there may be one of another type, which is nobody's.
        let function = WASIFunction.all.first { $0.name == entry.name && $0.type == type }
        let isWASI = entry.module == WASIFunction.module && function != nil
        let granted = isWASI && capabilities.wasiFunctions?.contains(entry.name) ?? true ? function : nil
        if isWASI, let output = OutputFunction(entry.name, capabilities.onOutput) {
            let files = context.flatMap { context in granted.map { (context, $0) } }
            return try Function(store: store, type: type) { caller, slots in
                if let (context, granted) = files, slots[0] != 1, slots[0] != 2 {
                    try granted.call(context, caller, slots)
                } else {
                    slots[0] = UInt64(output.error(caller, slots).rawValue)
                }
            }
        }
        if let context, let granted { return try Function(wasi: granted, context: context, store: store) }
        if isWASI, let environment = EmptyEnvironment(rawValue: entry.name) {
            return try Function(store: store, type: type) { caller, slots in
                slots[0] = UInt64(environment.error(caller, slots).rawValue)
            }
        }
        let name = "\(entry.module).\(entry.name)"
        return try Function(store: store, type: type) { _, _ in throw SandboxError.notGranted(name) }
    }
}

/// What the library is given in place of WASI's own.
private protocol WASISubstitute {
    func call(_ memory: GuestMemory, _ slots: UnsafeMutablePointer<UInt64>) throws(Errno)
}

/// What C's streams need to write to standard output and standard error, and nothing else.
private struct OutputFunction: WASISubstitute {
    private enum Name: String {
        case write = "fd_write"
        case status = "fd_fdstat_get"
        case seek = "fd_seek"
        case close = "fd_close"
    }

    private let name: Name
    private let onOutput: @Sendable ([UInt8]) -> Void
    /// More than a library has to say at a time, in bytes.
    private static let limit = 1 << 20

    init?(_ name: String, _ onOutput: (@Sendable ([UInt8]) -> Void)?) {
        guard let name = Name(rawValue: name), let onOutput else { return nil }
        self.name = name
        self.onOutput = onOutput
    }

    func call(_ memory: GuestMemory, _ slots: UnsafeMutablePointer<UInt64>) throws(Errno) {
        guard slots[0] == 1 || slots[0] == 2 else { throw .badf }
        switch name {
        case .write:
            let result = try memory.cell(at: UInt32(truncatingIfNeeded: slots[3]), as: UInt32.self)
            let vectors = try IOVectors(
                memory, at: UInt32(truncatingIfNeeded: slots[1]), count: UInt32(truncatingIfNeeded: slots[2])
            ).vectors
            let count = vectors.reduce(0) { $0 + $1.iov_len }
            guard count <= Self.limit else { throw .inval }
            let bytes = vectors.flatMap { UnsafeRawBufferPointer(start: $0.iov_base, count: $0.iov_len) }
            result.store(UInt32(count))
            onOutput(bytes)
        // Not a terminal: C's streams go by an error as well as by an answer.
        case .status: throw .badf
        case .seek: throw .spipe
        case .close: break
        }
    }
}

/// Libraries look for variables that switch their debugging on. That there are none tells them nothing.
private enum EmptyEnvironment: String, WASISubstitute {
    case sizes = "environ_sizes_get"
    case variables = "environ_get"

    func call(_ memory: GuestMemory, _ slots: UnsafeMutablePointer<UInt64>) throws(Errno) {
        switch self {
        case .sizes:
            let places = try (
                memory.cell(at: UInt32(truncatingIfNeeded: slots[0]), as: UInt32.self),
                memory.cell(at: UInt32(truncatingIfNeeded: slots[1]), as: UInt32.self)
            )
            places.0.store(0)
            places.1.store(0)
        case .variables: break
        }
    }
}

extension WASISubstitute {
    /// Its number is what a WASI function returns.
    func error(_ caller: Caller, _ slots: UnsafeMutablePointer<UInt64>) -> Errno {
        do throws(Errno) {
            try call(GuestMemory(of: caller, slots), slots)
            return .success
        } catch {
            return error
        }
    }
}
