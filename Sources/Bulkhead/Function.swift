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
        return try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: max(type.slotCount, 1)) { slots in
            slots.initialize(repeating: 0)
            guard let base = slots.baseAddress else { return [] }
            arguments.put(into: base)
            try call(base)
            return [Value](slots: base, types: type.results, store: store)
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
///
/// References are not counted in calls, for each count takes as long as the call itself: the closure is called where it lies, in a constant of an
/// object that the C store keeps alive.
private final class HostFunction {
    /// The C store that owns this object belongs to that store.
    let store: Unmanaged<Store>
    let body: Function.HostBody

    init(store: Store, body: @escaping Function.HostBody) {
        self.store = .passUnretained(store)
        self.body = body
    }

    @inline(__always)
    func call(_ caller: OpaquePointer?, _ slots: UnsafeMutablePointer<UInt64>) -> bulkhead_trap_kind {
        do {
            try body(caller, slots)
            return BULKHEAD_TRAP_NONE
        } catch {
            store.takeUnretainedValue().pendingError = error
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

    /// A host function over slots: `body` finds the arguments there, an `i32` zero-extended and a
    /// `v128` in two of them, the lower half first, and leaves the results. What it
    /// throws comes unchanged out of the call that led to it.
    public init(
        store: Store, type: FunctionType,
        slots body: @escaping (Caller, UnsafeMutablePointer<UInt64>) throws -> Void
    ) throws {
        let unretained = Unmanaged.passUnretained(store)
        try self.init(store: store, of: type) { caller, slots in
            let store = unretained.takeUnretainedValue()
            try body(Caller(store: store, instance: caller.map { Instance(store: store, pointer: $0) }), slots)
        }
    }

    /// Of the instance that called, if any, and of the slots.
    @usableFromInline
    typealias HostBody = (OpaquePointer?, UnsafeMutablePointer<UInt64>) throws -> Void

    @usableFromInline
    init(store: Store, of type: FunctionType, _ body: @escaping HostBody) throws {
        let closure = Unmanaged.passRetained(HostFunction(store: store, body: body))
        var error = bulkhead_error()
        let pointer = bulkhead_host_function(
            store.pointer, type.signature,
            { closure, caller, slots in
                guard let closure, let slots else { return BULKHEAD_TRAP_UNREACHABLE }
                return Unmanaged<HostFunction>.fromOpaque(closure)._withUnsafeGuaranteedRef {
                    $0.call(caller, slots)
                }
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
    /// - Parameter body: must return values of the types in `results`, and functions of this store; others end the call with
    ///   `BulkheadError.typeMismatch` or `.foreignStore`.
    public init(
        store: Store, parameters: [ValueType] = [], results: [ValueType] = [],
        body: @escaping (Caller, [Value]) throws -> [Value]
    ) throws {
        let type = FunctionType(parameters: parameters, results: results)
        try self.init(store: store, type: type) { caller, slots in
            let values = try body(caller, [Value](slots: slots, types: parameters, store: caller.store))
            guard values.map(\.type) == results else {
                throw BulkheadError.typeMismatch(
                    expected: "results \(results) of a host function", found: "\(values.map(\.type))")
            }
            for case .ref(.function(let function?)) in values where function.store !== caller.store {
                throw BulkheadError.foreignStore
            }
            values.put(into: slots)
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
        try self.init(store: store, of: type) { _, slots in
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

// MARK: - Short signatures

// As for calls (TypedFunction.swift): packs are gone through at run time, which takes longer than the call.
extension Function {
    @inlinable
    public init<R: WasmValue>(store: Store, _ body: @escaping () throws -> R) throws {
        try self.init(store: store, of: FunctionType(parameters: [], results: [R.valueType])) { _, slots in
            slots[0] = try body().wasmBits
        }
    }

    @inlinable
    public init(store: Store, _ body: @escaping () throws -> Void) throws {
        try self.init(store: store, of: FunctionType(parameters: [], results: [])) { _, _ in try body() }
    }

    @inlinable
    public init<A: WasmValue, R: WasmValue>(store: Store, _ body: @escaping (A) throws -> R) throws {
        try self.init(store: store, of: FunctionType(parameters: [A.valueType], results: [R.valueType])) { _, slots in
            slots[0] = try body(A(wasmBits: slots[0])).wasmBits
        }
    }

    @inlinable
    public init<A: WasmValue>(store: Store, _ body: @escaping (A) throws -> Void) throws {
        try self.init(store: store, of: FunctionType(parameters: [A.valueType], results: [])) { _, slots in
            try body(A(wasmBits: slots[0]))
        }
    }

    @inlinable
    public init<A: WasmValue, B: WasmValue, R: WasmValue>(store: Store, _ body: @escaping (A, B) throws -> R) throws {
        let type = FunctionType(parameters: [A.valueType, B.valueType], results: [R.valueType])
        try self.init(store: store, of: type) { _, slots in
            slots[0] = try body(A(wasmBits: slots[0]), B(wasmBits: slots[1])).wasmBits
        }
    }

    @inlinable
    public init<A: WasmValue, B: WasmValue>(store: Store, _ body: @escaping (A, B) throws -> Void) throws {
        let type = FunctionType(parameters: [A.valueType, B.valueType], results: [])
        try self.init(store: store, of: type) { _, slots in
            try body(A(wasmBits: slots[0]), B(wasmBits: slots[1]))
        }
    }
}
