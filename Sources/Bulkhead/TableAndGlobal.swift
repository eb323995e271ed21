import CBulkhead
import CPrelude
import WasmModule

/// A table of references. Spec: 4.2.7.
public struct Table: Hashable {
    public let store: Store
    let pointer: UnsafeMutablePointer<bulkhead_table>

    /// For a look at it; see `Memory.header`.
    private var header: UnsafeMutablePointer<bulkhead_table> {
        bulkhead_open_memories()
        return pointer
    }

    init(store: Store, pointer: UnsafeMutablePointer<bulkhead_table>) {
        self.store = store
        self.pointer = pointer
    }

    public static func == (a: Table, b: Table) -> Bool { a.pointer == b.pointer }
    public func hash(into hasher: inout Hasher) { hasher.combine(pointer) }

    /// A table of the host's, to be imported, filled with `value` or null.
    public init(store: Store, type: TableType, filling value: Reference? = nil) throws {
        guard let minimum = UInt32(exactly: type.limits.minimum) else {
            throw BulkheadError.limit("a table has at most 2^32 - 1 elements, not \(type.limits.minimum)")
        }
        var error = bulkhead_error()
        guard
            let pointer = bulkhead_table_new(
                store.pointer, type.element.rawValue, minimum, UInt32(clamping: type.limits.maximum ?? 0),
                type.limits.maximum != nil,
                UnsafeMutableRawPointer(bitPattern: UInt(try Self.slot(value, type.element, store))), &error)
        else { throw BulkheadError(error) }
        self.init(store: store, pointer: pointer)
    }

    private static func slot(_ value: Reference?, _ type: ReferenceType, _ store: Store) throws(BulkheadError) -> UInt64
    {
        guard let value else { return 0 }
        guard Value.ref(value).type == type.valueType else {
            throw .typeMismatch(expected: "\(type)", found: "\(Value.ref(value).type)")
        }
        if case .function(let function?) = value, function.store !== store { throw .foreignStore }
        return value.slot
    }

    public var elementType: ReferenceType { ReferenceType(rawValue: header.pointee.element) ?? .funcref }
    public var count: Int { Int(header.pointee.size) }
    public var type: TableType {
        TableType(
            element: elementType,
            limits: Limits(
                minimum: UInt64(count),
                maximum: header.pointee.has_maximum != 0 ? UInt64(header.pointee.maximum) : nil))
    }

    /// In elements: growth beyond it fails, for the host and in the sandbox, although the type allows it. `nil` for none. A
    /// table that is larger already keeps its size. No part of the type.
    public var limit: Int? {
        get { Int(limit: bulkhead_table_limit(pointer)) }
        nonmutating set { bulkhead_table_set_limit(pointer, UInt64(limit: newValue)) }
    }

    private func check(_ index: Int) throws(BulkheadError) {
        guard index >= 0, index < count else { throw .outOfBounds("element \(index) of a table of \(count)") }
    }

    /// - Throws: `BulkheadError.outOfBounds`.
    public func get(_ index: Int) throws(BulkheadError) -> Reference {
        try check(index)
        let slot = UInt64(UInt(bitPattern: header.pointee.elements[index]))
        return Reference(slot: slot, type: elementType, store: store)
    }

    /// - Throws: `BulkheadError.outOfBounds`, or `.typeMismatch` for a reference of the other type.
    public func set(_ index: Int, to value: Reference) throws(BulkheadError) {
        try check(index)
        let slot = try Self.slot(value, elementType, store)
        header.pointee.elements[index] = UnsafeMutableRawPointer(bitPattern: UInt(slot))
    }

    /// - Returns: the old number of elements, or `nil` where the maximum, the limit or the system forbids it.
    @discardableResult
    public func grow(by count: Int, filling value: Reference? = nil) throws(BulkheadError) -> Int? {
        guard let delta = UInt32(exactly: count) else { return nil }
        let slot = try Self.slot(value, elementType, store)
        let old = bulkhead_table_grow(pointer, UnsafeMutableRawPointer(bitPattern: UInt(slot)), delta)
        return old == .max ? nil : Int(old)
    }
}

/// A global variable. Spec: 4.2.9.
public struct Global: Hashable {
    public let store: Store
    let pointer: OpaquePointer

    init(store: Store, pointer: OpaquePointer) {
        self.store = store
        self.pointer = pointer
    }

    public static func == (a: Global, b: Global) -> Bool { a.pointer == b.pointer }
    public func hash(into hasher: inout Hasher) { hasher.combine(pointer) }

    /// A global of the host's, to be imported.
    public init(store: Store, mutability: GlobalType.Mutability = .constant, value: Value) throws {
        if case .ref(.function(let function?)) = value, function.store !== store { throw BulkheadError.foreignStore }
        var error = bulkhead_error()
        guard
            let pointer = bulkhead_global_new(
                store.pointer, value.type.rawValue, mutability == .variable, value.slots, &error)
        else { throw BulkheadError(error) }
        self.init(store: store, pointer: pointer)
    }

    public var type: GlobalType {
        GlobalType(
            value: ValueType(rawValue: bulkhead_global_type(pointer)) ?? .i32,
            mutability: bulkhead_global_is_mutable(pointer) ? .variable : .constant)
    }

    public var value: Value {
        Value(slots: bulkhead_global_get(pointer), type: type.value, store: store)
    }

    /// - Throws: `BulkheadError.typeMismatch` if the global is constant or of another type.
    public func set(_ value: Value) throws(BulkheadError) {
        guard type == GlobalType(value: value.type, mutability: .variable) else {
            throw .typeMismatch(expected: "a value for a global of type \(type)", found: "\(value.type)")
        }
        if case .ref(.function(let function?)) = value, function.store !== store { throw .foreignStore }
        bulkhead_global_set(pointer, value.slots)
    }
}
