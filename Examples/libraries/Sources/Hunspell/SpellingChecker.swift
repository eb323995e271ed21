import BulkheadSandbox
import Foundation

/// Checks spelling and finds suggestions with Hunspell. The library and its dictionary are in a sandbox that has no files, no clock and
/// nothing else of the system's: a dictionary can give wrong answers, and do nothing else.
///
/// ```swift
/// let checker = try SpellingChecker(path: "/usr/share/hunspell/en_US")
/// try checker.suggestions(for: "helo")
/// ```
/// A sandbox that died is replaced when the checker is next used. Used by one thread at a time.
public final class SpellingChecker {
    /// Two seconds for a word, and memory for the largest dictionaries.
    public static let defaultLimits = SandboxLimits(memory: 512 << 20, time: .seconds(2))

    private let affixes: [UInt8]
    private let words: [UInt8]
    private let image: SandboxImage<LibHunspell>
    private let limits: SandboxLimits
    private var session: SpellingSession?

    /// - Parameters:
    ///   - affixes: the contents of the dictionary's `.aff` file.
    ///   - words: the contents of its `.dic` file.
    ///   - image: the library; for tests, which also have it without a sandbox.
    /// - Throws: `SpellingError`, or what stopped the sandbox.
    public init(
        affixes: [UInt8], words: [UInt8], image: SandboxImage<LibHunspell>? = nil,
        limits: SandboxLimits = defaultLimits
    ) throws {
        self.affixes = affixes
        self.words = words
        self.image = try image ?? LibHunspell.image()
        self.limits = limits
        session = try makeSession()
    }

    /// - Parameter path: of the dictionary's files without their endings: `/usr/share/hunspell/en_US`.
    public convenience init(
        path: String, image: SandboxImage<LibHunspell>? = nil, limits: SandboxLimits = defaultLimits
    ) throws {
        func contents(_ ending: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path + ending))) }
        try self.init(affixes: contents(".aff"), words: contents(".dic"), image: image, limits: limits)
    }

    public func isCorrect(_ word: String) throws -> Bool {
        try withSession { try $0.isCorrect(word) }
    }

    /// What may have been meant, the likeliest first.
    public func suggestions(for word: String) throws -> [String] {
        try withSession { try $0.suggestions(for: word) }
    }

    /// The forms of a word that the dictionary has it under.
    public func stems(of word: String) throws -> [String] {
        try withSession { try $0.stems(of: word) }
    }

    private func makeSession() throws -> SpellingSession {
        try SpellingSession(affixes: affixes, words: words, image: image, limits: limits)
    }

    private func withSession<Result>(_ body: (SpellingSession) throws -> Result) throws -> Result {
        let session = try session ?? makeSession()
        // Left out after an error: a library that gave nonsense is as good as dead.
        self.session = nil
        let result = try body(session)
        self.session = session
        return result
    }
}

public enum SpellingError: Error, Sendable {
    /// The library has no memory for the dictionary.
    case unusableDictionary
    /// The dictionary's words are in an encoding that isn't known here.
    case unknownEncoding(String)
}
