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
        if isWASI, let onOutput = capabilities.onOutput, let body = OutputFunction(rawValue: entry.name) {
            let files = context.flatMap { context in granted.map { (context, $0) } }
            return try Function(store: store, type: type) { caller, slots in
                if let (context, granted) = files, slots[0] != 1, slots[0] != 2 {
                    try granted.call(context, caller, slots)
                } else {
                    slots[0] = UInt64(body.call(caller.instance?.memory, slots, onOutput))
                }
            }
        }
        if let context, let granted { return try Function(wasi: granted, context: context, store: store) }
        if isWASI, let body = EmptyEnvironment(rawValue: entry.name) {
            return try Function(store: store, type: type) { caller, slots in
                slots[0] = UInt64(body.call(caller.instance?.memory, slots))
            }
        }
        let name = "\(entry.module).\(entry.name)"
        return try Function(store: store, type: type) { _, _ in throw SandboxError.notGranted(name) }
    }
}

/// What C's streams need of WASI to write to standard output and standard error, and nothing else.
enum OutputFunction: String {
    case write = "fd_write"
    case status = "fd_fdstat_get"
    case seek = "fd_seek"
    case close = "fd_close"

    private static let success: UInt32 = 0
    private static let badDescriptor: UInt32 = 8
    private static let fault: UInt32 = 21
    private static let invalid: UInt32 = 28
    private static let notSeekable: UInt32 = 70
    /// More than a library has to say at a time.
    private static let limit = 1 << 20

    /// Returns WASI's error number.
    func call(_ memory: Memory?, _ slots: UnsafeMutablePointer<UInt64>, _ onOutput: ([UInt8]) -> Void) -> UInt32 {
        guard let memory, slots[0] == 1 || slots[0] == 2 else { return Self.badDescriptor }
        switch self {
        case .write: return write(memory, slots, onOutput)
        // Not a terminal: C's streams go by an error as well as by an answer.
        case .status: return Self.badDescriptor
        case .seek: return Self.notSeekable
        case .close: return Self.success
        }
    }

    private func write(_ memory: Memory, _ slots: UnsafeMutablePointer<UInt64>, _ onOutput: ([UInt8]) -> Void) -> UInt32
    {
        var bytes: [UInt8] = []
        do throws(BulkheadError) {
            let count = Int(UInt32(truncatingIfNeeded: slots[2]))
            guard count <= 1024 else { return Self.invalid }
            for position in 0..<count {
                let vector = Int(UInt32(truncatingIfNeeded: slots[1])) + 8 * position
                let start = try memory.load(UInt32.self, at: vector)
                let length = try memory.load(UInt32.self, at: vector + 4)
                guard Int(length) <= Self.limit - bytes.count else { return Self.invalid }
                bytes += try memory.read(at: Int(start), count: Int(length))
            }
            try memory.store(UInt32(bytes.count), at: Int(UInt32(truncatingIfNeeded: slots[3])))
        } catch {
            return Self.fault
        }
        onOutput(bytes)
        return Self.success
    }
}

/// Libraries look for variables that switch their debugging on. That there are none tells them nothing.
enum EmptyEnvironment: String {
    case sizes = "environ_sizes_get"
    case variables = "environ_get"

    private static let success: UInt32 = 0
    private static let fault: UInt32 = 21

    /// Returns WASI's error number.
    func call(_ memory: Memory?, _ slots: UnsafeMutablePointer<UInt64>) -> UInt32 {
        if self == .variables { return Self.success }
        let places = (slots[0], slots[1])
        do throws(BulkheadError) {
            try memory?.store(0 as UInt32, at: Int(UInt32(truncatingIfNeeded: places.0)))
            try memory?.store(0 as UInt32, at: Int(UInt32(truncatingIfNeeded: places.1)))
            return Self.success
        } catch {
            return Self.fault
        }
    }
}
