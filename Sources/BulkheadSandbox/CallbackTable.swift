import Bulkhead
import CBulkhead
import CPrelude

/// What a callback does, whatever its type: an object, for calling a closure that a variable holds would count a reference, which
/// takes longer than all the rest of a callback.
@usableFromInline
final class CallbackBody {
    @usableFromInline let call: (SandboxCore, UnsafeMutablePointer<UInt64>) throws -> Void

    @inlinable
    init(_ call: @escaping (SandboxCore, UnsafeMutablePointer<UInt64>) throws -> Void) { self.call = call }
}

/// A place that the library's function pointers can lead to: of one C type for good, with one closure after another.
@usableFromInline
final class CallbackSlot {
    /// Whose slot this is, and who keeps it; a call of the library holds on to it besides. References are not counted here: each
    /// count takes as long as a quarter of a callback.
    private let core: Unmanaged<SandboxCore>
    /// Slots of equal keys can stand in for one another.
    let key: String
    @usableFromInline fileprivate(set) var address: UInt64 = 0
    /// What stands in the sandbox's table while there is a closure.
    fileprivate var function: Function?
    /// Read by every call, and by nothing that could run at the same time. Owned.
    @exclusivity(unchecked) private var body: Unmanaged<CallbackBody>?

    fileprivate init(core: SandboxCore, key: String) {
        self.core = .passUnretained(core)
        self.key = key
    }

    deinit { clear() }

    fileprivate func fill(_ body: CallbackBody) {
        clear()
        self.body = .passRetained(body)
    }

    /// Lets go of the closure. It may be running: then it goes when the last call of a callback ends.
    fileprivate func clear() {
        guard let body else { return }
        self.body = nil
        core._withUnsafeGuaranteedRef { core in
            if core.callbackDepth > 0 { core.finished.append(body.takeUnretainedValue()) }
        }
        body.release()
    }

    /// Calls the closure; what it throws waits in the store for whoever called the library.
    @inline(__always)
    func call(_ slots: UnsafeMutablePointer<UInt64>) -> bulkhead_trap_kind {
        core._withUnsafeGuaranteedRef { core in
            core.callbackDepth &+= 1
            defer {
                core.callbackDepth &-= 1
                if core.callbackDepth == 0, !core.finished.isEmpty { core.releaseFinished() }
            }
            do {
                guard let body else { throw Trap(.uninitializedElement) }
                try body._withUnsafeGuaranteedRef { try $0.call(core, slots) }
                return BULKHEAD_TRAP_NONE
            } catch {
                core.store.pendingError = error
                return BULKHEAD_TRAP_HOST
            }
        }
    }
}

/// All places for callbacks of a sandbox. As many as were registered at one time, however many come and go.
struct CallbackTable {
    /// At a time.
    static let limit = 1 << 16

    fileprivate var slots: [CallbackSlot] = []
    /// Those without a closure, by key.
    private var free: [String: RestQueue<CallbackSlot>] = [:]

    var count: Int { slots.count }

    /// As trampolines know the slots.
    var owners: Set<UnsafeMutableRawPointer> { Set(slots.map { Unmanaged.passUnretained($0).toOpaque() }) }

    fileprivate mutating func takeFree(_ key: String) -> CallbackSlot? { free[key]?.removeFirst() }

    fileprivate mutating func append(_ slot: CallbackSlot) { slots.append(slot) }

    fileprivate mutating func appendFree(_ slot: CallbackSlot) { free[slot.key, default: RestQueue()].append(slot) }
}

extension SandboxCore {
    @usableFromInline
    func registerCallback(
        _ type: String, _ signature: String, _ body: CallbackBody
    ) throws -> CallbackSlot {
        if let death { throw SandboxError.dead(death) }
        // WebAssembly tells functions apart by signature alone; native code by their C types.
        let key = direct == nil ? signature : type
        let slot = try callbacks.takeFree(key) ?? makeSlot(key, signature)
        slot.fill(body)
        setTableEntry(of: slot, to: slot.function)
        return slot
    }

    // What a closure holds on to may be a callback itself, or its owner: closures go while nothing here is being accessed.

    func releaseCallback(_ slot: CallbackSlot) {
        setTableEntry(of: slot, to: nil)
        slot.clear()
        callbacks.appendFree(slot)
    }

    /// Lets go of all closures. The slots stay, for the library of a direct sandbox may still call them.
    func releaseAllClosures() {
        let slots = callbacks.slots
        for slot in slots { slot.clear() }
    }

    fileprivate func releaseFinished() {
        let finished = finished
        self.finished = []
        withExtendedLifetime(finished) {}
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
                return Unmanaged<CallbackSlot>.fromOpaque(closure)._withUnsafeGuaranteedRef { $0.call(slots) }
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

    private func setTableEntry(of slot: CallbackSlot, to function: Function?) {
        // The place exists: tables never shrink.
        try? functionTable?.set(Int(slot.address), to: .function(function))
    }
}
