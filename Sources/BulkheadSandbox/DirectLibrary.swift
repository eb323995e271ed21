import Bulkhead
import CBulkhead
import CPrelude
import Glibc
import Synchronization
import WasmModule

/// A library's native code with the table of functions that its direct-mode shim defines (`bulkhead_direct.h`).
final class DirectLibrary: Sendable {
    nonisolated(unsafe) private let library: UnsafePointer<bulkhead_direct_library>
    /// Guards the owners of trampolines.
    private let trampolines = Mutex(())

    /// The library stays loaded: its code may have left pointers to itself anywhere.
    init(path: String) throws {
        guard let handle = dlopen(path.utf8.contains(UInt8(ascii: "/")) ? path : "./\(path)", RTLD_NOW | RTLD_LOCAL)
        else {
            throw SandboxError.interface(
                "cannot load \(path): \(dlerror().map { String(cString: $0) } ?? "unknown error")")
        }
        guard let symbol = dlsym(handle, "bulkhead_direct") else {
            throw SandboxError.interface(
                "\(path) has no table for direct mode; make it with `bulkhead sandbox build --direct`")
        }
        library = UnsafePointer(symbol.assumingMemoryBound(to: bulkhead_direct_library.self))
        guard library.pointee.magic == BULKHEAD_DIRECT_MAGIC else {
            throw SandboxError.interface("\(path) was made for another version of direct mode; build it again")
        }
        library.pointee.handler.pointee = { owner, slots in
            guard let owner, let slots else { return }
            let slot = Unmanaged<CallbackSlot>.fromOpaque(owner).takeUnretainedValue()
            // There is no way past native frames: the library gets zero, and the call's end throws.
            if slot.call(slots) != BULKHEAD_TRAP_NONE { slots.pointee = 0 }
        }
    }

    var functionCount: Int { Int(library.pointee.function_count) }
    func name(_ position: Int) -> String { String(cString: library.pointee.functions[position].name) }
    func signature(_ position: Int) -> String { String(cString: library.pointee.functions[position].signature) }

    /// A function of the library's as the store's own calls know it.
    func function(_ position: Int, store: Store) throws -> DirectFunction? {
        guard let thunk = library.pointee.functions[position].thunk else { return nil }
        return try DirectFunction(thunk, signature: signature(position), store: store)
    }

    /// The address of a function of that C type that calls the handler with `owner`.
    func claimTrampoline(_ type: String, owner: UnsafeMutableRawPointer) throws -> UInt64 {
        try trampolines.withLock { _ in
            for position in 0..<Int(library.pointee.callback_type_count) {
                let entry = library.pointee.callback_types[position]
                guard String(cString: entry.name) == type else { continue }
                for place in 0..<Int(entry.count) where entry.owners[place] == nil {
                    entry.owners[place] = owner
                    return UInt64(UInt(bitPattern: unsafeBitCast(entry.trampolines[place], to: UnsafeRawPointer?.self)))
                }
                throw SandboxError.tooManyCallbacks(limit: Int(entry.count))
            }
            throw SandboxError.interface("the direct library has no callbacks of type \(type); build it again")
        }
    }

    /// The trampolines of a sandbox that ends can be claimed anew.
    func releaseTrampolines(of owners: Set<UnsafeMutableRawPointer>) {
        trampolines.withLock { _ in
            for position in 0..<Int(library.pointee.callback_type_count) {
                let entry = library.pointee.callback_types[position]
                for place in 0..<Int(entry.count) {
                    if let owner = entry.owners[place], owners.contains(owner) { entry.owners[place] = nil }
                }
            }
        }
    }
}

/// A native function under the sandbox's calling convention. Stays as long as the store that calls it.
final class DirectFunction {
    private let thunk: @convention(c) (UnsafeMutablePointer<UInt64>?) -> Void
    private let store: Unmanaged<Store>
    private(set) var function: Function?

    init(
        _ thunk: @escaping @convention(c) (UnsafeMutablePointer<UInt64>?) -> Void, signature: String, store: Store
    ) throws {
        self.thunk = thunk
        self.store = .passUnretained(store)
        let closure = Unmanaged.passUnretained(self).toOpaque()
        function = try Function(store: store, signature: signature, closure: closure) { closure, _, slots in
            guard let closure else { return BULKHEAD_TRAP_UNREACHABLE }
            return Unmanaged<DirectFunction>.fromOpaque(closure)._withUnsafeGuaranteedRef { $0.call(slots) }
        }
    }

    /// What a callback threw on the way could not pass the library's frames, and does now.
    @inline(__always)
    private func call(_ slots: UnsafeMutablePointer<UInt64>?) -> bulkhead_trap_kind {
        thunk(slots)
        return store._withUnsafeGuaranteedRef { $0.pendingError == nil } ? BULKHEAD_TRAP_NONE : BULKHEAD_TRAP_HOST
    }
}
