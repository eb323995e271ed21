import Synchronization

/// Tells a person at a terminal what takes so long: after two seconds of compiling, one line on standard error.
final class CompileNotice: Sendable {
    private static let patience = Duration.seconds(2)

    private let message: String
    private let waiting = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter name: of the module.
    init(name: String) {
        message = "compiling \(name.printable)…\n"
    }

    /// Compilation begins.
    func begin() {
        guard Output.errorIsTerminal else { return }
        let message = message
        let task = Task.detached {
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            Output.error(message)
        }
        waiting.withLock { $0 = task }
    }

    /// Compilation is over, if it ever began.
    func end() {
        waiting.withLock { task in
            task?.cancel()
            task = nil
        }
    }
}
