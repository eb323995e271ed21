import CBulkhead
import CPrelude
import CodeGeneration
import WasmModule

/// A function, of an instance or of the host. Valid as long as its store, which it keeps alive.
public struct Function: Hashable {
    public typealias Raw = bulkhead_function

    public let store: Store
    package let pointer: UnsafePointer<Raw>

    init(store: Store, pointer: UnsafePointer<Raw>) {
        self.store = store
        self.pointer = pointer
    }

    public static func == (a: Function, b: Function) -> Bool { a.pointer == b.pointer }
    public func hash(into hasher: inout Hasher) { hasher.combine(pointer) }

    public var type: FunctionType { Signature.parse(bulkhead_function_signature(pointer)) }

    /// Calls the function with arguments of any types.
    ///
    /// - Throws: `Trap`; whatever a host function on the way threw; or `BulkheadError.typeMismatch` where the arguments
    ///   don't fit the function's type.
    @discardableResult
    public func callAsFunction(_ arguments: [Value] = []) throws -> [Value] {
        let type = type
        guard arguments.map(\.type) == type.parameters else {
            throw BulkheadError.typeMismatch(
                expected: "arguments \(type.parameters)", found: "\(arguments.map(\.type))")
        }
        for case .ref(.function(let function?)) in arguments where function.store !== store {
            throw BulkheadError.foreignStore
        }
        let count = max(type.parameters.count, type.results.count, 1)
        return try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { slots in
            slots.initialize(repeating: 0)
            for (position, argument) in arguments.enumerated() { slots[position] = argument.slot }
            if let base = slots.baseAddress { try call(base) }
            return type.results.enumerated().map { Value(slot: slots[$0.offset], type: $0.element, store: store) }
        }
    }

    /// Calls the function with its arguments in `slots`, where the results come back; there is room for both.
    @usableFromInline
    func call(_ slots: UnsafeMutablePointer<UInt64>) throws {
        let kind = bulkhead_call(pointer, slots, store.trap)
        if kind != BULKHEAD_TRAP_NONE { throw store.takeError(kind) }
    }
}

// MARK: - Host functions

/// Who called a host function.
public struct Caller {
    public let store: Store
    /// `nil` where the host called its own function.
    public let instance: Instance?

    /// The functions of sandboxed code that led to this call, innermost first; at most 64. For use during the call: an error
    /// that a host function throws comes out unchanged, so one that is to say where it came from takes this along. Walks the
    /// stack, which takes microseconds.
    public func backtrace() -> [Trap.Frame] {
        var walk = bulkhead_trap()
        bulkhead_backtrace(&walk)
        return Trap.frames(of: walk)
    }
}

/// A host function's closure, owned by the C store.
private final class HostFunction {
    /// The C store that owns this object belongs to that store.
    unowned let store: Store
    let body: (Caller, UnsafeMutablePointer<UInt64>) throws -> Void

    init(store: Store, body: @escaping (Caller, UnsafeMutablePointer<UInt64>) throws -> Void) {
        self.store = store
        self.body = body
    }

    func call(_ caller: OpaquePointer?, _ slots: UnsafeMutablePointer<UInt64>) -> bulkhead_trap_kind {
        do {
            try body(Caller(store: store, instance: caller.map { Instance(store: store, pointer: $0) }), slots)
            return BULKHEAD_TRAP_NONE
        } catch {
            store.pendingError = error
            return BULKHEAD_TRAP_HOST
        }
    }
}

extension Function {
    /// A host function in C's own terms, over a closure that outlives the store.
    package init(
        store: Store, signature: String, closure: UnsafeMutableRawPointer, callback: bulkhead_host_callback
    ) throws {
        var error = bulkhead_error()
        guard let pointer = bulkhead_host_function(store.pointer, signature, callback, closure, nil, &error) else {
            throw BulkheadError(error)
        }
        self.init(store: store, pointer: pointer)
    }

    /// A host function over slots: `body` finds the arguments there, an `i32` zero-extended, and leaves the results. What it
    /// throws comes unchanged out of the call that led to it.
    public init(
        store: Store, type: FunctionType,
        slots body: @escaping (Caller, UnsafeMutablePointer<UInt64>) throws -> Void
    ) throws {
        let closure = Unmanaged.passRetained(HostFunction(store: store, body: body))
        var error = bulkhead_error()
        let pointer = bulkhead_host_function(
            store.pointer, type.signature,
            { closure, caller, slots in
                guard let closure, let slots else { return BULKHEAD_TRAP_UNREACHABLE }
                return Unmanaged<HostFunction>.fromOpaque(closure).takeUnretainedValue().call(caller, slots)
            }, closure.toOpaque(),
            { closure in
                if let closure { Unmanaged<HostFunction>.fromOpaque(closure).release() }
            }, &error)
        guard let pointer else {
            closure.release()
            throw BulkheadError(error)
        }
        self.init(store: store, pointer: pointer)
    }

    /// A host function over values of any types.
    ///
    /// - Parameter body: must return values of the types in `results`; others end the call with
    ///   `BulkheadError.typeMismatch`.
    public init(
        store: Store, parameters: [ValueType] = [], results: [ValueType] = [],
        body: @escaping (Caller, [Value]) throws -> [Value]
    ) throws {
        let type = FunctionType(parameters: parameters, results: results)
        try self.init(store: store, type: type) { caller, slots in
            let arguments = parameters.enumerated().map {
                Value(slot: slots[$0.offset], type: $0.element, store: caller.store)
            }
            let values = try body(caller, arguments)
            guard values.map(\.type) == results else {
                throw BulkheadError.typeMismatch(
                    expected: "results \(results) of a host function", found: "\(values.map(\.type))")
            }
            for (position, value) in values.enumerated() { slots[position] = value.slot }
        }
    }

    /// A host function over Swift types.
    ///
    /// ```swift
    /// let log2 = try Function(store: store) { (x: Double) in Glibc.log2(x) }
    /// ```
    public init<each Parameter: WasmValue, each Result: WasmValue>(
        store: Store, _ body: @escaping (repeat each Parameter) throws -> (repeat each Result)
    ) throws {
        var type = FunctionType(parameters: [], results: [])
        repeat type.parameters.append((each Parameter).valueType)
        repeat type.results.append((each Result).valueType)
        try self.init(store: store, type: type) { _, slots in
            var position = -1
            func next() -> UInt64 {
                position += 1
                return slots[position]
            }
            let results = try body(repeat (each Parameter)(wasmBits: next()))
            position = 0
            for slot in repeat (each results).wasmBits {
                slots[position] = slot
                position += 1
            }
        }
    }
}
