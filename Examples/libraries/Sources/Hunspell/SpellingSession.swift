import BulkheadSandbox
import Foundation

/// A sandbox with a dictionary in it.
final class SpellingSession {
    private typealias List = SandboxPointer<SandboxPointer<CChar>>

    private var sandbox: Sandbox<LibHunspell>
    private let dictionary: SandboxOwned<LibHunspell.Hunhandle>
    private let encoding: String.Encoding

    /// Hunspell has at most 15 suggestions, and words of 100 characters; its lists of stems can be longer.
    private static let maximumCount: Int32 = 1000
    private static let maximumLength = 4096

    init(affixes: [UInt8], words: [UInt8], image: SandboxImage<LibHunspell>, limits: SandboxLimits) throws {
        // What it says about mistakes in a dictionary is of no use to those who check words.
        var sandbox = try Sandbox(image, limits: limits, capabilities: SandboxCapabilities(onOutput: { _ in }))
        guard let dictionary = try sandbox.hunspell_create_from_memory(affixes, words) else {
            throw SpellingError.unusableDictionary
        }
        let name = try sandbox.Hunspell_get_dic_encoding(dictionary.pointer)
        encoding =
            try name?.verified { name in
                guard let encoding = DictionaryEncoding.named(name) else { throw SpellingError.unknownEncoding(name) }
                return encoding
            } ?? .utf8
        self.sandbox = sandbox
        self.dictionary = dictionary
    }

    func isCorrect(_ word: String) throws -> Bool {
        guard let encoded = word.cString(in: encoding) else { return false }
        let copy = try sandbox.allocate(copying: encoded)
        return try sandbox.Hunspell_spell(dictionary.pointer, copy.pointer.cast()).verified { $0 != 0 }
    }

    func suggestions(for word: String) throws -> [String] {
        try list(word) { try $0.Hunspell_suggest($1, $2, $3) }
    }

    func stems(of word: String) throws -> [String] {
        try list(word) { try $0.Hunspell_stem($1, $2, $3) }
    }

    /// What a function makes of a word that gives an array of strings.
    private func list(
        _ word: String,
        _ function: (
            inout Sandbox<LibHunspell>, SandboxPointer<LibHunspell.Hunhandle>, SandboxPointer<List>,
            SandboxPointer<CChar>
        ) throws -> Tainted<Int32>
    ) throws -> [String] {
        guard let encoded = word.cString(in: encoding) else { return [] }
        let copy = try sandbox.allocate(copying: encoded)
        let place = try sandbox.allocate(List.self)
        try sandbox.store(nil, to: place.pointer)
        let count = try function(&sandbox, dictionary.pointer, place.pointer, copy.pointer.cast())
            .verified(in: 0...Self.maximumCount)
        guard let list = try sandbox.load(place.pointer) else { return [] }
        let strings = try (0..<Int(count)).map { try string(at: list + $0) }
        try sandbox.Hunspell_free_list(dictionary.pointer, place.pointer, count)
        return strings
    }

    private func string(at place: List) throws -> String {
        guard let start = try sandbox.load(place) else { throw SandboxError.nullPointer }
        return try sandbox.stringBytes(at: start, maximum: Self.maximumLength).verified { bytes in
            guard let string = String(bytes: bytes, encoding: encoding) else { throw SandboxError.invalidUTF8 }
            return string
        }
    }
}
