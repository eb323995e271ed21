import BulkheadSandbox
import HostileInput
import Hunspell
import Testing

@Suite("Dictionaries that want to do harm")
struct HostileDictionaryTests {
    private static let limits = SandboxLimits(memory: 64 << 20, stack: 1 << 20, time: .milliseconds(500))

    /// Dictionaries with much of what the format has.
    private static let names = [
        "tests/base", "tests/compoundrule4", "tests/checkcompoundpattern4", "tests/rep", "tests/phone", "tests/map",
        "tests/germancompounding", "tests/flagutf8", "tests/alias3", "tests/complexprefixes2", "tests/iconv",
    ]

    /// Checks a few words and looks for suggestions; returns whether nothing stopped it.
    private func isUsable(_ affixes: [UInt8], _ words: [UInt8]) -> Bool {
        do {
            let checker = try SpellingChecker(affixes: affixes, words: words, limits: Self.limits)
            for word in ["created", "drinkable", "Computerarbeit", "fo\u{F3}bar", "vinteún"] {
                if try !checker.isCorrect(word) { _ = try checker.suggestions(for: word) }
                _ = try checker.stems(of: word)
            }
            return true
        } catch {
            return false
        }
    }

    @Test("Damaged rules and damaged words leave the host unharmed", arguments: names)
    func damaged(_ name: String) throws {
        let affixes = try TestData.contents("\(name).aff")
        let words = try TestData.contents("\(name).dic")
        #expect(isUsable(affixes, words))
        var tried = 0
        for hostile in HostileInput(from: affixes, truncations: 40, mutations: 60, seed: 4) {
            _ = isUsable(hostile, words)
            tried += 1
        }
        for hostile in HostileInput(from: words, truncations: 20, mutations: 40, seed: 5) {
            _ = isUsable(affixes, hostile)
            tried += 1
        }
        #expect(tried >= 100)
        try expectAnotherWorks()
    }

    @Test("Dictionaries that say they have far too many words")
    func tooManyWords() throws {
        let affixes = try TestData.contents("tests/base.aff")
        for count in ["400000000", "2147483647", "4294967296", "-1"] {
            _ = isUsable(affixes, Array("\(count)\nword\n".utf8))
        }
        try expectAnotherWorks()
    }

    @Test("A word that takes too long kills its sandbox, and the checker goes on in another")
    func tooLong() throws {
        // With each letter as likely for each other one.
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let affixes = "SET UTF-8\nTRY \(letters)\nMAP 1\nMAP \(letters)\n"
        let checker = try SpellingChecker(
            affixes: Array(affixes.utf8), words: Array("2\nhello\nworld\n".utf8), limits: Self.limits)
        #expect(throws: (any Error).self) { try checker.suggestions(for: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") }
        #expect(try checker.isCorrect("hello"))
        #expect(try !checker.isCorrect("helo"))
    }

    private func expectAnotherWorks() throws {
        let path = TestData.directory.appending(path: "tests/base").path
        let checker = try SpellingChecker(path: path, limits: Self.limits)
        #expect(try checker.isCorrect("created"))
        #expect(try !checker.isCorrect("loooked"))
    }
}
