import BulkheadSandbox
import Graphite
import Testing

/// A font, and a text in its script.
struct Sample: Sendable, CustomTestStringConvertible {
    let font: String
    let text: String
    var isRightToLeft = false

    var testDescription: String { "\(font), \(text)" }

    static let all = [
        Sample(font: "Padauk-Regular", text: "my_HeadwordSyllables"),
        Sample(font: "AwamiNastaliq-Regular", text: "awami_tests", isRightToLeft: true),
        Sample(font: "Awami_compressed_test", text: "awami_tests", isRightToLeft: true),
        Sample(font: "Scheherazadegr", text: "udhr_arb", isRightToLeft: true),
        Sample(font: "Annapurnarc2", text: "udhr_nep"),
        Sample(font: "charis_r_gr", text: "udhr_yor"),
    ]
}

@Suite("Shaping in a sandbox and without one")
struct ShapingTests {
    @Test("Glyphs and positions are the same", arguments: Sample.all)
    func sameGlyphs(_ sample: Sample) throws {
        let bytes = try TestData.font(sample.font)
        let sandboxed = try GraphiteFont(bytes)
        let native = try GraphiteFont(bytes, image: LibGraphite2.directImage())
        var options = ShapingOptions()
        options.isRightToLeft = sample.isRightToLeft
        var glyphs = 0
        var changes = 0
        for (number, line) in try TestData.lines(sample.text).enumerated() {
            // In turn: the design's units, and two sizes.
            options.pixelsPerEm = [nil, 12, 31.25][number % 3]
            let shaped = try sandboxed.shape(line, options)
            #expect(try shaped == native.shape(line, options))
            glyphs += shaped.glyphs.count
            if shaped.glyphs.map(\.scalars) != line.unicodeScalars.indices.enumerated().map({ $0.offset...$0.offset }) {
                changes += 1
            }
        }
        // The font's rules did something: there are not just as many glyphs as scalars, one after the other.
        #expect(glyphs > 500)
        #expect(changes > 20)
    }

    @Test("Features and languages change the glyphs, and change them equally")
    func features() throws {
        let bytes = try TestData.font("charis_r_gr")
        let sandboxed = try GraphiteFont(bytes)
        let native = try GraphiteFont(bytes, image: LibGraphite2.directImage())
        var vietnamese = ShapingOptions()
        vietnamese.language = "vi"
        var smallCapitals = ShapingOptions()
        smallCapitals.features = ["smcp": 1, "none": 7]
        let word = "Ti\u{1EC3}u a\u{0301}"
        for options in [vietnamese, smallCapitals] {
            #expect(try sandboxed.shape(word, options) == native.shape(word, options))
        }
        #expect(try sandboxed.shape(word, vietnamese) != sandboxed.shape(word))
    }

    @Test("Medials go where Burmese wants them")
    func burmese() throws {
        let font = try GraphiteFont(TestData.font("Padauk-Regular"))
        // KA and the vowel E, which is written first.
        let shaped = try font.shape("\u{1000}\u{1031}")
        #expect(shaped.glyphs.map(\.scalars.lowerBound) == [1, 0])
        #expect(shaped.glyphs.allSatisfy { $0.id < 1000 })
        #expect(shaped.advanceX > 0)
    }

    @Test("Texts that are not shaped")
    func edges() throws {
        let font = try GraphiteFont(TestData.font("Padauk-Regular"))
        #expect(try font.shape("").glyphs.isEmpty)
        #expect(throws: GraphiteError.nulInText) { try font.shape("a\0b") }
        // One that a pointer's width or a byte can't count.
        #expect(try font.shape(String(repeating: "\u{1000}", count: 70_000)).glyphs.count == 70_000)
    }
}
