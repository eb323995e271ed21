import Foundation
import Synchronization

/// What became of uploads since the server started.
final class Statistics: Sendable {
    enum Outcome: Sendable {
        case made
        /// For what it is, or for what the library says is wrong with it.
        case refused
        /// With a sandbox that was stopped.
        case stopped
    }

    struct Counts: Sendable {
        var made = 0
        var refused = 0
        var stopped = 0
    }

    private let start = ContinuousClock.now
    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }
    var uptime: Duration { ContinuousClock.now - start }

    func count(_ outcome: Outcome) {
        state.withLock { counts in
            switch outcome {
            case .made: counts.made += 1
            case .refused: counts.refused += 1
            case .stopped: counts.stopped += 1
            }
        }
    }
}

/// What `/health` answers.
struct Health: Encodable {
    var status = "ok"
    let uptime: Int
    let working: Int
    let thumbnails: Int
    let refused: Int
    let stopped: Int

    init(_ counts: Statistics.Counts, uptime: Duration, working: Int) {
        self.uptime = Int(uptime.components.seconds)
        self.working = working
        thumbnails = counts.made
        refused = counts.refused
        stopped = counts.stopped
    }
}
