/// What became of a script's commands.
public struct ScriptReport: Sendable {
    /// A command that didn't do what it should, or couldn't be tried.
    public struct Entry: Sendable {
        public let line: Int
        public let message: String
    }

    public internal(set) var passed = 0
    public internal(set) var failures: [Entry] = []
    /// Commands that need something this version doesn't have, with what that is.
    public internal(set) var unsupported: [Entry] = []

    public init() {}

    /// Of a script that could not be run at all.
    public init(failure message: String) {
        failures = [Entry(line: 1, message: message)]
    }

    public var isComplete: Bool { failures.isEmpty && unsupported.isEmpty }
}
