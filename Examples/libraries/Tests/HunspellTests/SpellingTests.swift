import BulkheadSandbox
import Hunspell
import Testing

// One at a time: without sandboxes, Hunspell has tables that all of its checkers share, and no lock.
@Suite("Spelling in a sandbox and without one", .serialized)
struct SpellingTests {
    private let path = TestData.directory.appending(path: "en_US").path

    @Test("English words")
    func english() throws {
        let checker = try SpellingChecker(path: path)
        #expect(try checker.isCorrect("hello"))
        #expect(try !checker.isCorrect("helo"))
        #expect(try checker.suggestions(for: "helo").contains("hello"))
        #expect(try checker.suggestions(for: "recieve").first == "receive")
        #expect(try checker.stems(of: "walking").contains("walk"))
        #expect(try !checker.isCorrect("na\u{0}ive"))
        #expect(try checker.isCorrect("don\u{2019}t"))
        #expect(try !checker.isCorrect(String(repeating: "long", count: 10_000)))
    }

    @Test("Checks, suggestions and stems are the same")
    func same() throws {
        let sandboxed = try SpellingChecker(path: path)
        let native = try SpellingChecker(path: path, image: LibHunspell.directImage())
        var misspell = Misspelling(seed: 7)
        let words = try TestData.words("en_US.dic").dropFirst().map { String($0.prefix { $0 != "/" }) }
        var wrong = 0
        var suggested = 0
        for (number, word) in words.enumerated() where number % 25 == 0 {
            let misspelt = misspell(word)
            #expect(try sandboxed.isCorrect(word) == native.isCorrect(word))
            let isCorrect = try sandboxed.isCorrect(misspelt)
            #expect(try isCorrect == native.isCorrect(misspelt))
            guard !isCorrect else { continue }
            wrong += 1
            guard wrong % 15 == 0 else { continue }
            let suggestions = try sandboxed.suggestions(for: misspelt)
            #expect(try suggestions == native.suggestions(for: misspelt))
            #expect(try sandboxed.stems(of: word) == native.stems(of: word))
            if suggestions.contains(word) { suggested += 1 }
        }
        #expect(wrong > 1000)
        #expect(suggested > 25)
    }

    @Test("The library's own tests", arguments: TestData.dictionaries)
    func own(_ name: String) throws {
        let affixes = try TestData.contents("\(name).aff")
        let words = try TestData.contents("\(name).dic")
        let sandboxed: SpellingChecker
        do {
            sandboxed = try SpellingChecker(affixes: affixes, words: words)
        } catch SpellingError.unknownEncoding {
            return
        }
        let native = try SpellingChecker(affixes: affixes, words: words, image: LibHunspell.directImage())
        // One has words of so many parts that more than checking them takes many seconds.
        let isSlow = name == "tests/timelimit"
        for word in (try? TestData.words("\(name).good")) ?? [] {
            #expect(try sandboxed.isCorrect(word) == native.isCorrect(word))
            if !isSlow { #expect(try sandboxed.stems(of: word) == native.stems(of: word)) }
        }
        for word in (try? TestData.words("\(name).wrong")) ?? [] {
            #expect(try sandboxed.isCorrect(word) == native.isCorrect(word))
            if !isSlow { #expect(try sandboxed.suggestions(for: word) == native.suggestions(for: word)) }
        }
    }

    @Test("Suggestions that would take seconds end with the sandbox, and the checker goes on")
    func slow() throws {
        let path = TestData.directory.appending(path: "tests/timelimit").path
        let checker = try SpellingChecker(path: path, limits: SandboxLimits(time: .milliseconds(500)))
        #expect(throws: (any Error).self) { try checker.suggestions(for: "1000000000000000000000x") }
        #expect(try checker.isCorrect("1000000000000000000000"))
    }
}
