import Bulkhead
import CBulkhead
import CPrelude

/// A place that the library's function pointers can lead to: of one C type for good, with one closure after another.
final class CallbackSlot {
    typealias Body = (SandboxCore, UnsafeMutablePointer<UInt64>) throws -> Void

    /// The slot goes with its core, which ends after all calls.
    unowned let core: SandboxCore
    /// Slots of equal keys can stand in for one another.
    let key: String
    fileprivate(set) var address: UInt64 = 0
    /// What stands in the sandbox's table while there is a closure.
    fileprivate var function: Function?
    fileprivate var body: Body?

    fileprivate init(core: SandboxCore, key: String) {
        self.core = core
        self.key = key
    }

    /// Calls the closure; what it throws waits in the store for whoever called the library.
    @inline(__always)
    func call(_ slots: UnsafeMutablePointer<UInt64>) -> bulkhead_trap_kind {
        do {
            guard let body else { throw Trap(.uninitializedElement) }
            try body(core, slots)
            return BULKHEAD_TRAP_NONE
        } catch {
            core.store.pendingError = error
            return BULKHEAD_TRAP_HOST
        }
    }
}

/// All places for callbacks of a sandbox. As many as were registered at one time, however many come and go.
struct CallbackTable {
    /// At a time.
    static let limit = 1 << 16

    private var slots: [CallbackSlot] = []
    /// Those without a closure, by key.
    private var free: [String: FreeList] = [:]

    /// A queue, so that a place rests as long as can be before an old pointer to it means something again.
    private struct FreeList {
        private var slots: [CallbackSlot] = []
        private var start = 0

        mutating func append(_ slot: CallbackSlot) { slots.append(slot) }

        mutating func removeFirst() -> CallbackSlot? {
            guard start < slots.count else { return nil }
            defer {
                start += 1
                if start >= 64, start * 2 >= slots.count {
                    slots.removeFirst(start)
                    start = 0
                }
            }
            return slots[start]
        }
    }

    var count: Int { slots.count }

    /// As trampolines know the slots.
    var owners: Set<UnsafeMutableRawPointer> { Set(slots.map { Unmanaged.passUnretained($0).toOpaque() }) }

    fileprivate mutating func takeFree(_ key: String) -> CallbackSlot? { free[key]?.removeFirst() }

    fileprivate mutating func append(_ slot: CallbackSlot) { slots.append(slot) }

    mutating func release(_ slot: CallbackSlot) {
        slot.body = nil
        slot.core.setTableEntry(of: slot, to: nil)
        free[slot.key, default: FreeList()].append(slot)
    }

    /// Lets go of all closures. The slots stay, for the library of a direct sandbox may still call them.
    func removeAllClosures() {
        for slot in slots { slot.body = nil }
    }
}

extension SandboxCore {
    func registerCallback(
        _ type: String, _ signature: String, _ body: @escaping CallbackSlot.Body
    ) throws -> CallbackSlot {
        if let death { throw SandboxError.dead(death) }
        // WebAssembly tells functions apart by signature alone; native code by their C types.
        let key = direct == nil ? signature : type
        let slot = try callbacks.takeFree(key) ?? makeSlot(key, signature)
        slot.body = body
        setTableEntry(of: slot, to: slot.function)
        return slot
    }

    private func makeSlot(_ key: String, _ signature: String) throws -> CallbackSlot {
        guard callbacks.count < CallbackTable.limit else {
            throw SandboxError.tooManyCallbacks(limit: CallbackTable.limit)
        }
        let slot = CallbackSlot(core: self, key: key)
        let closure = Unmanaged.passUnretained(slot).toOpaque()
        if let direct {
            slot.address = try direct.claimTrampoline(key, owner: closure)
        } else {
            let function = try Function(store: store, signature: signature, closure: closure) { closure, _, slots in
                guard let closure, let slots else { return BULKHEAD_TRAP_UNREACHABLE }
                return Unmanaged<CallbackSlot>.fromOpaque(closure).takeUnretainedValue().call(slots)
            }
            slot.function = function
            guard let table = functionTable else {
                throw SandboxError.interface(
                    "\(interface.name) exports no growable function table; link it with --export-table --growable-table"
                )
            }
            guard let place = try table.grow(by: 1, filling: .function(function)) else {
                throw SandboxError.tooManyCallbacks(limit: table.count)
            }
            slot.address = UInt64(place)
        }
        callbacks.append(slot)
        return slot
    }

    fileprivate func setTableEntry(of slot: CallbackSlot, to function: Function?) {
        // The place exists: tables never shrink.
        try? functionTable?.set(Int(slot.address), to: .function(function))
    }
}
