import BulkheadSandbox
import Graphite
import HostileInput
import Testing

@Suite("Fonts that want to do harm")
struct HostileFontTests {
    private static let text = "\u{1019}\u{103C}\u{1014}\u{103A}\u{1019}\u{102C}\u{1000}\u{1031}"
    private static let limits = SandboxLimits(memory: 64 << 20, stack: 1 << 20, time: .milliseconds(500))

    /// How the fonts of a test ended.
    private struct Outcomes {
        var shaped = 0
        var refused = 0
        var stopped = 0

        mutating func `try`(_ font: [UInt8], _ options: ShapingOptions = ShapingOptions()) {
            do {
                let font = try GraphiteFont(font, limits: limits)
                _ = try font.shape(text, options)
                shaped += 1
            } catch is GraphiteError {
                refused += 1
            } catch {
                stopped += 1
            }
        }
    }

    @Test("A font cut short is refused or shaped, and nothing else happens")
    func truncated() throws {
        let font = try TestData.font("Padauk-Regular")
        var outcomes = Outcomes()
        for hostile in HostileInput(from: font, truncations: 150, mutations: 0, seed: 1) { outcomes.try(hostile) }
        #expect(outcomes.refused > 100)
        try expectAnotherWorks()
    }

    @Test(
        "A font with a damaged table leaves the host unharmed",
        arguments: ["Silf", "Glat", "Gloc", "Feat", "Sill", "cmap", "head", "maxp", "hmtx", "loca", "glyf"])
    func damaged(_ table: String) throws {
        var font = FontEditor(try TestData.font("Padauk-Regular"))
        let good = font[table]
        // The rules' beginning has what all the rest hangs on.
        let isLarge = good.count > 4096
        var outcomes = Outcomes()
        for hostile in HostileInput(from: good, truncations: 10, mutations: 60, seed: 2) {
            font[table] = hostile
            outcomes.try(font.bytes)
        }
        for hostile in HostileInput(from: Array(good.prefix(1024)), truncations: 0, mutations: 60, seed: 3)
        where isLarge {
            font[table] = hostile + good.dropFirst(1024)
            outcomes.try(font.bytes)
        }
        #expect(outcomes.shaped + outcomes.refused + outcomes.stopped == (isLarge ? 130 : 70))
        try expectAnotherWorks()
    }

    @Test("A text that takes too long kills its sandbox, and the font goes on in another")
    func tooLong() throws {
        var limits = Self.limits
        limits.memory = 1 << 30
        limits.time = .milliseconds(100)
        let font = try GraphiteFont(TestData.font("AwamiNastaliq-Regular"), limits: limits)
        let before = try font.shape("\u{0628}\u{0628}")
        #expect(throws: (any Error).self) { try font.shape(String(repeating: "\u{0628}\u{0679}", count: 300_000)) }
        #expect(try font.shape("\u{0628}\u{0628}") == before)
    }

    @Test("A font that has no room is an error, and the host goes on")
    func noRoom() throws {
        let font = try TestData.font("Padauk-Regular")
        #expect(throws: (any Error).self) { try GraphiteFont(font, limits: SandboxLimits(memory: 512 << 10)) }
        try expectAnotherWorks()
    }

    private func expectAnotherWorks() throws {
        let font = try GraphiteFont(TestData.font("Padauk-Regular"), limits: Self.limits)
        let native = try GraphiteFont(TestData.font("Padauk-Regular"), image: LibGraphite2.directImage())
        #expect(try font.shape(Self.text) == native.shape(Self.text))
    }
}
