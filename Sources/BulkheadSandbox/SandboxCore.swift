import Bulkhead
import CBulkhead
import CPrelude

/// What a ``Sandbox`` is a handle of: the instance, and everything that belongs to it. A class, for callbacks and allocations share it;
/// used by one thread at a time.
@usableFromInline
final class SandboxCore {
    let store: Store
    /// `nil` in direct mode.
    let instance: Instance?
    let direct: DirectLibrary?
    /// Kept for as long as they can be called.
    private let directFunctions: [DirectFunction]
    let interface: SandboxInterface
    @usableFromInline let machine: Machine
    @usableFromInline let memory: UnsafeMutablePointer<bulkhead_memory>
    /// By number of the interface. Null wherever a call takes more than to be made: because the library has no such function, its time is
    /// limited, something is to be given back first, or the sandbox is dead. One test serves them all.
    @usableFromInline let functions: UnsafeMutablePointer<UnsafePointer<bulkhead_function>?>
    @usableFromInline let trap: UnsafeMutablePointer<bulkhead_trap>
    /// The library's functions, whatever else there is to do for a call.
    private let found: [UnsafePointer<bulkhead_function>?]
    /// Each call's, in nanoseconds.
    var timeLimit: UInt64? { didSet { updateFunctions() } }
    private(set) var death: String?
    let allocator: Allocator
    /// What function pointers are indices into; `nil` in direct mode, or where the library exports none.
    let functionTable: Table?
    var callbacks = CallbackTable()
    /// How many callbacks are running, one in the other.
    @exclusivity(unchecked) var callbackDepth = 0
    /// Closures that were let go of while callbacks were running.
    @exclusivity(unchecked) var finished: [CallbackBody] = []
    var handles = HandleTable()
    /// What must be given back before the library is called again.
    private var released: [Release] = []
    var scratch = Scratch()
    /// What holds the granted capabilities.
    private let grants: Grants?

    /// The library's own allocator.
    struct Allocator {
        let allocate: Function?
        let free: Function?
    }

    init<Library: SandboxLibrary>(
        _ image: SandboxImage<Library>, limits: SandboxLimits, capabilities: SandboxCapabilities
    ) throws {
        let store = try Store()
        self.store = store
        interface = Library.interface
        machine = image.machine
        trap = store.trap
        timeLimit = nil
        let places = image.places
        switch image.code {
        case .sandboxed(let module):
            let grants = try Grants(capabilities)
            let instance = try module.instantiate(
                store: store, imports: grants.imports(for: module, store: store), limits: limits.instance)
            guard let own = instance.memory else {
                throw SandboxError.interface("\(Library.interface.name) has no memory")
            }
            func function(_ place: Int?) -> Function? {
                guard let place, case .function(let function) = instance.export(at: place) else { return nil }
                return function
            }
            if let place = places.functionTable, case .table(let table) = instance.export(at: place) {
                functionTable = table
            } else {
                functionTable = nil
            }
            self.instance = instance
            self.grants = grants
            direct = nil
            directFunctions = []
            memory = own.pointer
            found = places.functions.map { function($0)?.pointer }
            allocator = Allocator(allocate: function(places.malloc), free: function(places.free))
        case .direct(let library):
            var own: [DirectFunction] = []
            func function(_ place: Int?) throws -> Function? {
                guard let place, let function = try library.function(place, store: store) else { return nil }
                own.append(function)
                return function.function
            }
            functionTable = nil
            instance = nil
            grants = nil
            direct = library
            memory = .allocate(capacity: 1)
            memory.initialize(to: bulkhead_memory())
            // All that a program can address.
            memory.pointee.size = 1 << 47
            found = try places.functions.map { try function($0)?.pointer }
            allocator = Allocator(allocate: try function(places.malloc), free: try function(places.free))
            directFunctions = own
        }
        functions = .allocate(capacity: found.count)
        functions.initialize(repeating: nil, count: found.count)
        if let place = places.initialize, case .function(let initialize) = instance?.export(at: place) {
            if let limit = limits.time {
                try Store.withTimeLimit(limit) { _ = try initialize() }
            } else {
                try initialize()
            }
        }
        timeLimit = limits.time?.nanoseconds
        // Observers of properties aren't called in initializers.
        updateFunctions()
    }

    deinit {
        functions.deallocate()
        direct?.releaseTrampolines(of: callbacks.owners)
        if direct != nil { memory.deallocate() }
    }

    // MARK: - Calls

    /// Calls a function of the interface with its arguments in `slots`, where its result comes back.
    @inlinable
    func call(_ number: Int, _ slots: UnsafeMutablePointer<UInt64>) throws {
        guard let function = functions[number] else { return try callSlowly(number, slots) }
        let kind = bulkhead_call(function, slots, trap)
        if kind != BULKHEAD_TRAP_NONE { throw ended(kind) }
    }

    @usableFromInline
    func callSlowly(_ number: Int, _ slots: UnsafeMutablePointer<UInt64>) throws {
        guard let function = found[number] else {
            throw SandboxError.missingFunction(interface.functions[number].name)
        }
        try call(function, slots)
    }

    /// Calls a function of the library's, within the limits.
    func call(_ function: UnsafePointer<bulkhead_function>, _ slots: UnsafeMutablePointer<UInt64>) throws {
        if !released.isEmpty { try giveBackReleased() }
        if let death { throw SandboxError.dead(death) }
        let kind =
            if let timeLimit {
                try Store.withRecurringTimeLimit(nanoseconds: timeLimit) { bulkhead_call(function, slots, trap) }
            } else {
                bulkhead_call(function, slots, trap)
            }
        if kind != BULKHEAD_TRAP_NONE { throw ended(kind) }
    }

    private func updateFunctions() {
        let isFast = death == nil && timeLimit == nil && released.isEmpty
        for position in found.indices { functions[position] = isFast ? found[position] : nil }
    }

    /// The error for a call that ended early, after which nothing is known of the library's state.
    @usableFromInline
    func ended(_ kind: bulkhead_trap_kind) -> any Error {
        let error = store.takeError(kind)
        kill(because: (error as? Trap)?.kind.description ?? "\(error)")
        return error
    }

    func kill(because reason: String) {
        guard death == nil else { return }
        death = reason
        updateFunctions()
        releaseAllClosures()
    }

    // MARK: - What owners let go of

    /// Something of the library's whose owner is gone.
    enum Release {
        case memory(SandboxRawPointer)
        /// By the number of the interface's function that frees it.
        case object(UInt64, freedBy: Int)
    }

    /// Freeing is the library's code. It doesn't run when an owner goes, which may be anywhere, while a view of the memory is
    /// alive for instance, but when the sandbox's owner calls something next.
    func release(_ thing: Release) {
        if death != nil { return }
        released.append(thing)
        if released.count == 1 { updateFunctions() }
    }

    private func giveBackReleased() throws {
        let things = released
        released = []
        updateFunctions()
        for thing in things {
            switch thing {
            case .memory(let pointer): try free(pointer)
            case .object(var slot, let number): try call(number, &slot)
            }
        }
    }

    // MARK: - Memory

    /// The host's address of `count` bytes at `pointer`, valid until the sandbox's end.
    @inlinable
    func resolve<Pointee>(
        _ pointer: SandboxPointer<Pointee>, count: UInt64
    ) throws -> UnsafeMutableRawPointer {
        let size = memory.pointee.size
        let address = pointer.address
        guard pointer.machine == machine else { throw SandboxError.foreignPointer }
        // Both in 64 bits: neither the sum nor the difference can wrap.
        guard address <= size, count <= size - address,
            let place = UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: memory.pointee.base) &+ UInt(address))
        else { throw SandboxError.outOfBounds(address: address, count: count, memory: size) }
        return place
    }

    /// `count` values of a type, as bytes.
    @inlinable
    func size<Stored: SandboxStorable>(of type: Stored.Type, count: Int) throws -> UInt64 {
        let (bytes, overflow) = UInt64(Stored.layout[machine].size).multipliedReportingOverflow(
            by: UInt64(bitPattern: Int64(count)))
        guard count >= 0, !overflow else { throw SandboxError.outOfMemory(bytes: .max) }
        return bytes
    }

    /// From the library's `malloc`.
    func allocate(bytes count: UInt64) throws -> SandboxRawPointer {
        guard let allocate = allocator.allocate else { throw SandboxError.missingFunction("malloc") }
        guard machine == .native || count <= UInt64(UInt32.max) else {
            throw SandboxError.outOfMemory(bytes: Int(clamping: count))
        }
        var slot = max(count, 1)
        try call(allocate.pointer, &slot)
        guard let pointer = SandboxRawPointer(slot: slot, machine) else {
            throw SandboxError.outOfMemory(bytes: Int(clamping: count))
        }
        _ = try resolve(pointer, count: count)
        return pointer
    }

    /// Memory from `malloc` with a copy of `bytes`.
    func allocate(copying bytes: RawSpan) throws -> SandboxRawPointer {
        let pointer = try allocate(bytes: UInt64(bytes.byteCount))
        try copy(bytes, to: pointer)
        return pointer
    }

    func copy<Pointee>(_ bytes: RawSpan, to pointer: SandboxPointer<Pointee>) throws {
        let place = try resolve(pointer, count: UInt64(bytes.byteCount))
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { place.copyMemory(from: base, byteCount: source.count) }
        }
    }

    /// The bytes of a C string, with the zero that ends it.
    static func cString(_ string: String) throws -> [UInt8] {
        guard !string.utf8.contains(0) else {
            throw SandboxError.verification("a string for the library has a zero byte in it")
        }
        return Array(string.utf8) + [0]
    }

    func free(_ pointer: SandboxRawPointer) throws {
        guard let free = allocator.free else { throw SandboxError.missingFunction("free") }
        var slot = pointer.slot
        try call(free.pointer, &slot)
    }
}
