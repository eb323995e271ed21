import Foundation
import HostileInput
import Hunspell

/// What fetch.sh puts beside the library.
enum TestData {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Hunspell/sandbox/upstream/data").standardized

    static func contents(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appending(path: name)))
    }

    /// The words of a list, one a line, in the encoding that the dictionary of the same name has.
    static func words(_ name: String) throws -> [String] {
        let data = try Data(contentsOf: directory.appending(path: name))
        guard let text = String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1) else {
            return []
        }
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Hunspell's own tests: a dictionary, and words that it has and hasn't.
    static let dictionaries: [String] = {
        let files =
            (try? FileManager.default.contentsOfDirectory(atPath: directory.appending(path: "tests").path)) ?? []
        return files.filter { $0.hasSuffix(".aff") }.map { "tests/\($0.dropLast(4))" }.sorted()
    }()
}

/// Misspells words, as people do.
struct Misspelling {
    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func callAsFunction(_ word: String) -> String {
        var letters = Array(word)
        guard letters.count > 2 else { return word }
        let place = Int.random(in: 1..<letters.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: letters.remove(at: place)
        case 1: letters.insert(letters[place], at: place)
        case 2: letters.swapAt(place - 1, place)
        default: letters[place] = "aeinorst".randomElement(using: &random) ?? "e"
        }
        return String(letters)
    }
}
