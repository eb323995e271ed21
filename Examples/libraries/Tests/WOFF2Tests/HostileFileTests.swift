import BulkheadSandbox
import HostileInput
import Testing
import WOFF2

@Suite("WOFF2 files that want to do harm")
struct HostileFileTests {
    private static let limits = SandboxLimits(memory: 64 << 20, stack: 1 << 20, time: .seconds(2))

    /// How files ended.
    private struct Outcomes {
        var converted = 0
        var refused = 0
        var stopped = 0

        mutating func count(_ conversion: () throws -> [UInt8]) {
            do {
                _ = try conversion()
                converted += 1
            } catch is WOFF2Error {
                refused += 1
            } catch {
                stopped += 1
            }
        }
    }

    @Test("Files cut short are refused")
    func truncated() throws {
        let file = try TestData.contents("Padauk-Regular.woff2")
        let codec = try WOFF2Codec(limits: Self.limits)
        var outcomes = Outcomes()
        for hostile in HostileInput(from: file, truncations: 200, mutations: 0, seed: 1) {
            outcomes.count { try codec.decode(hostile) }
        }
        #expect(outcomes.converted == 0)
        try expectAnotherWorks()
    }

    @Test("Damaged files leave the host unharmed", arguments: [64, 1024, 1 << 20])
    func damaged(_ part: Int) throws {
        let file = try TestData.contents("Padauk-Regular.woff2")
        let codec = try WOFF2Codec(limits: Self.limits)
        var outcomes = Outcomes()
        // Changes in the header and the directory, at the beginning of the compressed data, and everywhere.
        for hostile in HostileInput(from: Array(file.prefix(part)), truncations: 0, mutations: 250, seed: UInt64(part))
        {
            outcomes.count { try codec.decode(hostile + file.dropFirst(part)) }
        }
        #expect(outcomes.refused > 50)
        #expect(outcomes.converted + outcomes.refused + outcomes.stopped == 250)
        try expectAnotherWorks()
    }

    @Test("Damaged fonts leave the host unharmed")
    func damagedFonts() throws {
        let font = try TestData.contents("Padauk-Regular.ttf")
        let codec = try WOFF2Codec(limits: Self.limits)
        var outcomes = Outcomes()
        for hostile in HostileInput(from: Array(font.prefix(1024)), truncations: 0, mutations: 200, seed: 6) {
            outcomes.count { try codec.encode(hostile + font.dropFirst(1024), quality: 1) }
        }
        for hostile in HostileInput(from: font, truncations: 50, mutations: 50, seed: 7) {
            outcomes.count { try codec.encode(hostile, quality: 1) }
        }
        #expect(outcomes.refused > 50)
        try expectAnotherWorks()
    }

    private func expectAnotherWorks() throws {
        let file = try TestData.contents("Padauk-Regular.woff2")
        let codec = try WOFF2Codec(limits: Self.limits)
        #expect(try codec.decode(file) == WOFF2Codec(image: LibWOFF2.directImage()).decode(file))
    }
}
