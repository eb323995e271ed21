import SandboxBuild
import Synchronization

/// Tells a person at a terminal how far a build is: one line that is written over, after the first two seconds.
final class BuildProgress: Sendable {
    private static let patience = Duration.seconds(2)

    private struct State {
        /// What is being done.
        var step: String?
        var isPatient = true
        var isShown = false
    }

    private let isVerbose: Bool
    private let state = Mutex(State())
    private let waiting = Mutex<Task<Void, Never>?>(nil)

    init(isVerbose: Bool) {
        self.isVerbose = isVerbose
        guard !isVerbose, Output.errorIsTerminal else { return }
        // A step may take longer than all that came before.
        let task = Task.detached { [weak self] in
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            self?.losePatience()
        }
        waiting.withLock { $0 = task }
    }

    func show(_ event: BuildEvent) {
        switch event {
        case .command(let line): if isVerbose { Output.error("\(line)\n") }
        case .warnings(let text):
            clear()
            Output.error(text)
        // What isn't bound is also said at the end of the Swift file.
        case .bindings(let text): if isVerbose { Output.error(text) }
        case .compiled: break
        case .compiling(let finished, let count): begin("compiling \(finished)/\(count)")
        case .writingBindings: begin("writing bindings")
        case .linking: begin("linking")
        case .compilingModule: begin("compiling to native code")
        }
    }

    /// Takes the line away and writes no other.
    func end() {
        waiting.withLock { $0?.cancel() }
        state.withLock { $0.step = nil }
        clear()
    }

    private func clear() {
        state.withLock { state in
            if state.isShown { Output.error("\r\u{1B}[K") }
            state.isShown = false
        }
    }

    private func begin(_ step: String) {
        state.withLock { state in
            state.step = step
            if !state.isPatient { Self.write(&state) }
        }
    }

    private func losePatience() {
        state.withLock { state in
            state.isPatient = false
            Self.write(&state)
        }
    }

    private static func write(_ state: inout State) {
        guard let step = state.step else { return }
        Output.error("\r\u{1B}[K\(step)…")
        state.isShown = true
    }
}
