import Foundation
import Synchronization

/// Threads for what takes long and never waits: as many as there are cores, so that tasks of the server's have their own.
final class Workers: Sendable {
    private let queue: OperationQueue

    init(count: Int) {
        queue = OperationQueue()
        queue.name = "thumbnails"
        queue.maxConcurrentOperationCount = max(1, count)
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: body()) }
        }
    }
}

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
