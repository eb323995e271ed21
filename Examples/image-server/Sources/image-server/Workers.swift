import Foundation
import Synchronization

/// Threads for what takes long and never waits. They are threads of their own: tasks and queues share as many as there are cores, and
/// nobody would be answered while each of those decodes an image.
final class Workers: Sendable {
    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let available = DispatchSemaphore(value: 0)

    /// They run for as long as the process does.
    init(count: Int) {
        for number in 1...max(1, count) {
            let thread = Thread { self.work() }
            thread.name = "worker \(number)"
            thread.start()
        }
    }

    /// What `body` returns, when a thread has got to it. First come, first served.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(returning: body()) } }
            available.signal()
        }
    }

    private func work() {
        while true {
            available.wait()
            let job = jobs.withLock { $0.removeFirst() }
            job()
        }
    }
}
