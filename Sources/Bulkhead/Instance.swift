import CBulkhead
import CPrelude
import WasmModule

/// An instance of a module: its functions, memory, tables and globals. Belongs to its store, which it keeps alive.
/// Spec: 4.2.5.
public struct Instance: Hashable {
    public let store: Store
    let pointer: OpaquePointer

    public static func == (a: Instance, b: Instance) -> Bool { a.pointer == b.pointer }
    public func hash(into hasher: inout Hasher) { hasher.combine(pointer) }

    public var exports: Exports { Exports(instance: self) }

    /// The export at a position in its module's ``Module/exports``.
    package func export(at position: Int) -> External? {
        External(bulkhead_instance_export(pointer, position), store: store)
    }

    /// Memory 0, exported or not.
    public var memory: Memory? {
        bulkhead_instance_memory(pointer).map { Memory(store: store, pointer: $0) }
    }

    /// Bytes of stack that a call from the host into this instance's functions may use; `nil` for all that the thread gives
    /// sandboxed code (8 MiB). Beyond it the call traps with `callStackExhausted`.
    ///
    /// At least 16 KiB. A call that another sandbox is waiting for has no more than that one left over, whatever its limit;
    /// direct calls from other instances go on with the stack of their caller.
    public var stackLimit: Int? {
        get { Int(limit: bulkhead_instance_stack_limit(pointer)) }
        nonmutating set { bulkhead_instance_set_stack_limit(pointer, UInt64(limit: newValue)) }
    }
}

/// An instance's exports, in the order of its module.
public struct Exports: Sequence {
    let instance: Instance

    public var count: Int { Int(bulkhead_instance_module(instance.pointer).pointee.export_count) }

    public subscript(name: String) -> External? {
        for position in 0..<count where hasName(position, name) { return external(position) }
        return nil
    }

    public subscript(function name: String) -> Function? {
        if case .function(let function) = self[name] { function } else { nil }
    }

    public subscript(memory name: String) -> Memory? {
        if case .memory(let memory) = self[name] { memory } else { nil }
    }

    public subscript(table name: String) -> Table? {
        if case .table(let table) = self[name] { table } else { nil }
    }

    public subscript(global name: String) -> Global? {
        if case .global(let global) = self[name] { global } else { nil }
    }

    public func makeIterator() -> AnyIterator<(name: String, value: External)> {
        var position = 0
        return AnyIterator {
            while position < count {
                defer { position += 1 }
                if let external = external(position) { return (name(position), external) }
            }
            return nil
        }
    }

    private func entry(_ position: Int) -> bulkhead_export {
        bulkhead_instance_module(instance.pointer).pointee.exports[position]
    }

    private func name(_ position: Int) -> String {
        String(bytes: entry(position).name, count: entry(position).name_length)
    }

    /// Byte by byte: `String` would take canonically equivalent names to be equal.
    private func hasName(_ position: Int, _ name: String) -> Bool {
        let entry = entry(position)
        return UnsafeRawBufferPointer(start: entry.name, count: Int(entry.name_length)).elementsEqual(name.utf8)
    }

    private func external(_ position: Int) -> External? { instance.export(at: position) }
}

extension String {
    init(bytes: UnsafePointer<CChar>, count: UInt64) {
        self.init(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }
}
