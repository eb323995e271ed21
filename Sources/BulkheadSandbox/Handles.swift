/// What stands for an object of the host in a sandbox: a number that fits where C has a `void *`. The sandbox can hand it back, in any
/// order and as often as it likes, and can do nothing else with it.
public struct SandboxHandle<Object>: Hashable, Sendable {
    let number: UInt32

    /// For a parameter of type `void *`. Not an address: the library mustn't read from it.
    public func pointer(_ machine: Machine) -> SandboxRawPointer? { SandboxRawPointer(slot: UInt64(number), machine) }
}

/// Objects by number. A number says the place in its low 20 bits, and how often the place was used before in those above, so that one
/// that was released is recognized.
struct HandleTable {
    private struct Entry {
        var object: Any?
        var generation: UInt32 = 1
    }

    static let limit = 1 << 20
    private static let generations: UInt32 = 1 << 12

    private var entries: [Entry] = []
    private var free = RestQueue<Int>()

    init() {}

    mutating func insert(_ object: Any) throws -> UInt32 {
        let place: Int
        if let rested = free.removeFirst() {
            place = rested
        } else if entries.count < Self.limit {
            place = entries.count
            entries.append(Entry())
        } else {
            throw SandboxError.tooManyHandles(limit: Self.limit)
        }
        entries[place].object = object
        return entries[place].generation << 20 | UInt32(place)
    }

    func object(_ number: UInt32) -> Any? {
        let place = Int(number & 0xFFFFF)
        guard place < entries.count, entries[place].generation == number >> 20 else { return nil }
        return entries[place].object
    }

    mutating func remove(_ number: UInt32) {
        guard object(number) != nil else { return }
        let place = Int(number & 0xFFFFF)
        entries[place].object = nil
        entries[place].generation = max(1, (entries[place].generation + 1) % Self.generations)
        free.append(place)
    }
}

extension Sandbox {
    /// Gives an object of the host's a number by which callbacks can find it again. The sandbox keeps the object alive until the handle is
    /// released.
    public mutating func makeHandle<Object>(for object: Object) throws -> SandboxHandle<Object> {
        SandboxHandle(number: try core.handles.insert(object))
    }

    /// The object that the library handed back.
    /// - Throws: ``SandboxError/invalidHandle`` for a number that stands for none, or for one of another type.
    public func object<Object, Pointee>(
        for pointer: SandboxPointer<Pointee>?, as type: Object.Type = Object.self
    ) throws -> Object {
        guard let pointer, let number = UInt32(exactly: pointer.address),
            let object = core.handles.object(number) as? Object
        else { throw SandboxError.invalidHandle }
        return object
    }

    public mutating func release<Object>(_ handle: SandboxHandle<Object>) {
        core.handles.remove(handle.number)
    }
}
