import Synchronization

/// How many are let in at a time.
final class Admission: Sendable {
    private let limit: Int
    private let inside = Mutex(0)

    init(limit: Int) { self.limit = limit }

    var count: Int { inside.withLock { $0 } }

    /// Whether there was room. Whoever has entered leaves.
    func enter() -> Bool {
        inside.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { inside.withLock { $0 -= 1 } }
}
