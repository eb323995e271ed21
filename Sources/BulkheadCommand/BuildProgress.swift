import SandboxBuild

/// Tells a person at a terminal how far a build is: one line that is written over, after the first two seconds.
final class BuildProgress {
    private static let patience = Duration.seconds(2)

    private let isVerbose: Bool
    private let start = ContinuousClock.now
    private var isShown = false

    init(isVerbose: Bool) {
        self.isVerbose = isVerbose
    }

    func show(_ event: BuildEvent) {
        switch event {
        case .command(let line): if isVerbose { Output.error("\(line)\n") }
        case .warnings(let text):
            end()
            Output.error(text)
        // What isn't bound is also said at the end of the Swift file.
        case .bindings(let text): if isVerbose { Output.error(text) }
        case .compiled: break
        case .compiling(let finished, let count): step("compiling \(finished)/\(count)")
        case .writingBindings: step("writing bindings")
        case .linking: step("linking")
        case .compilingModule: step("compiling to native code")
        }
    }

    /// Takes the line away.
    func end() {
        if isShown { Output.error("\r\u{1B}[K") }
        isShown = false
    }

    private func step(_ text: String) {
        guard !isVerbose, Output.errorIsTerminal, ContinuousClock.now - start >= Self.patience else { return }
        Output.error("\r\u{1B}[K\(text)…")
        isShown = true
    }
}
