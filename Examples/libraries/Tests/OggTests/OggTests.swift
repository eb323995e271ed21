import BulkheadSandbox
import HostileInput
import Testing

@testable import Ogg

/// Files that the tests make: packets of all lengths, those at the edges of segments and pages among them.
private enum Files {
    static func packets(seed: UInt64) -> [OggPacket] {
        var random = SplitMix(state: seed)
        let lengths = [30, 0, 1, 254, 255, 256, 509, 510, 511, 4095, 65_024, 65_025, 65_026, 200_000]
        let more = (0..<150).map { _ in Int.random(in: 0...3000, using: &random) }
        let all = lengths + more
        return all.enumerated().map { number, length in
            OggPacket(
                (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) },
                granulePosition: Int64(number) * 960, isFirst: number == 0, isLast: number == all.count - 1)
        }
    }

    static func file(_ packets: [OggPacket], serial: Int32, image: SandboxImage<LibOgg>) throws -> [UInt8] {
        var writer = try OggWriter(serial: serial, image: image)
        var bytes: [UInt8] = []
        for (number, packet) in packets.enumerated() {
            bytes += try writer.write(packet, flushes: number % 4 == 0)
        }
        return bytes
    }

    /// Two streams, a page of one after a page of the other.
    static func interleaved(_ a: [UInt8], _ b: [UInt8]) throws -> [UInt8] {
        var (a, b) = (try pages(a)[...], try pages(b)[...])
        var bytes: [UInt8] = []
        while let page = a.popFirst() {
            bytes += page
            if let page = b.popFirst() { bytes += page }
        }
        return bytes + b.flatMap { $0 }
    }

    private static func pages(_ file: [UInt8]) throws -> [[UInt8]] {
        var reader = try OggReader()
        var start = 0
        return try reader.read(file).compactMap { event in
            guard case .page(let page) = event else { return nil }
            defer { start += page.size }
            return Array(file[start..<start + page.size])
        }
    }
}

/// What a reader makes of a file.
private func read(
    _ file: [UInt8], _ image: SandboxImage<LibOgg>, _ options: OggOptions = OggOptions()
) throws -> [OggEvent] {
    var reader = try OggReader(options, image: image)
    return try reader.read(file)
}

extension [OggEvent] {
    fileprivate func packets(of serial: Int32) -> [OggPacket] {
        compactMap { if case .packet(let packet, serial) = $0 { packet } else { nil } }
    }

    fileprivate var pages: [OggPage] { compactMap { if case .page(let page) = $0 { page } else { nil } } }
}

@Suite struct OggTests {
    private let sandboxed: SandboxImage<LibOgg>
    private let native: SandboxImage<LibOgg>

    init() throws {
        sandboxed = try LibOgg.image()
        native = try LibOgg.directImage()
    }

    @Test func writtenAndRead() throws {
        let packets = Files.packets(seed: 1)
        let file = try Files.file(packets, serial: 77, image: sandboxed)
        #expect(try file == Files.file(packets, serial: 77, image: native))
        let events = try read(file, sandboxed)
        #expect(try events == read(file, native))

        let found = events.packets(of: 77)
        #expect(found.map(\.data) == packets.map(\.data))
        #expect(found.first?.isFirst == true)
        #expect(found.last?.isLast == true)
        #expect(found.last?.granulePosition == packets.last?.granulePosition)
        #expect(events.pages.count > 15)
        #expect(events.pages.map(\.number) == Array(0..<Int32(events.pages.count)))
        #expect(events.pages.reduce(0) { $0 + $1.size } == file.count)
        #expect(events.pages.filter(\.isFirst).count == 1)
        #expect(events.pages.filter(\.isLast).count == 1)
    }

    @Test func twoStreams() throws {
        let (first, second) = (Files.packets(seed: 2), Files.packets(seed: 3))
        let file = try Files.interleaved(
            Files.file(first, serial: 1, image: sandboxed), Files.file(second, serial: -5, image: sandboxed))
        let events = try read(file, sandboxed)
        #expect(try events == read(file, native))
        #expect(events.packets(of: 1).map(\.data) == first.map(\.data))
        #expect(events.packets(of: -5).map(\.data) == second.map(\.data))
    }

    /// The pieces that a file comes in make no difference.
    @Test(arguments: [1, 27, 4096]) func pieces(of size: Int) throws {
        let file = try Files.file(Array(Files.packets(seed: 4).prefix(12)), serial: 9, image: sandboxed)
        var reader = try OggReader()
        var events: [OggEvent] = []
        for start in stride(from: 0, to: file.count, by: size) {
            events += try reader.read(Array(file[start..<min(start + size, file.count)]))
        }
        #expect(try events == read(file, sandboxed))
    }

    @Test func damageIsAGap() throws {
        let packets = Files.packets(seed: 5)
        var file = try Files.file(packets, serial: 3, image: sandboxed)
        file[file.count / 2] ^= 1
        let events = try read(file, sandboxed)
        #expect(try events == read(file, native))
        #expect(events.contains(.gap(serial: 3)))
        #expect(events.contains { if case .skipped = $0 { true } else { false } })
        let found = events.packets(of: 3)
        #expect(found.count < packets.count)
        #expect(Set(found.map(\.data)).isSubset(of: Set(packets.map(\.data))))
    }

    @Test func streamsAreLimited() throws {
        var options = OggOptions()
        options.maximumStreams = 3
        let packet = [OggPacket([1, 2, 3], isLast: true)]
        let files = try (0..<4).map { try Files.file(packet, serial: $0, image: sandboxed) }
        #expect(try read(files[..<3].flatMap { $0 }, sandboxed, options).count == 6)
        #expect(throws: OggError.tooManyStreams(limit: 3)) { try read(files.flatMap { $0 }, sandboxed, options) }
    }

    // MARK: - Hostile input

    @Test func truncatedAndMutated() throws {
        var options = OggOptions()
        options.limits = SandboxLimits(memory: 4 << 20, stack: 128 << 10, time: .seconds(1))
        let file = try Files.file(Array(Files.packets(seed: 6).prefix(10)), serial: 12, image: sandboxed)
        let good = try read(file, sandboxed)
        var gaps = 0
        for (number, input) in HostileInput(from: file, truncations: 300, mutations: 700, seed: 3).enumerated() {
            let events = try? read(input, sandboxed, options)
            if let events, events.contains(.gap(serial: 12)) { gaps += 1 }
            // The checksum keeps out nearly all: what passes it is as it was, for both.
            #expect(events == (try? read(input, native, options)), "input \(number)")
            if number % 50 == 0 { #expect(try read(file, sandboxed, options) == good) }
        }
        #expect(gaps > 10)
    }

    /// Mutations whose checksums are right, so that they get past the first check.
    @Test func mutatedWithRightChecksums() throws {
        let file = try Files.file(Array(Files.packets(seed: 8).prefix(9)), serial: 12, image: sandboxed)
        let good = try read(file, sandboxed)
        for (number, input) in HostileInput(from: file, truncations: 0, mutations: 700, seed: 4).enumerated() {
            let input = Checksums.corrected(input)
            let events = try? read(input, sandboxed)
            #expect(events == (try? read(input, native)), "input \(number)")
            if number % 50 == 0 { #expect(try read(file, sandboxed) == good) }
        }
    }
}

/// The checksums of pages.
private enum Checksums {
    /// The file with the right one in each place that looks like a page.
    static func corrected(_ file: [UInt8]) -> [UInt8] {
        var file = file
        var start = 0
        while start + 27 <= file.count {
            guard file[start..<start + 4].elementsEqual("OggS".utf8) else {
                start += 1
                continue
            }
            let segments = Int(file[start + 26])
            guard start + 27 + segments <= file.count else { break }
            let size = 27 + segments + file[start + 27..<start + 27 + segments].reduce(0) { $0 + Int($1) }
            guard start + size <= file.count else { break }
            file.replaceSubrange(start + 22..<start + 26, with: [0, 0, 0, 0])
            let sum = checksum(file[start..<start + size])
            for byte in 0..<4 { file[start + 22 + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * byte)) }
            start += size
        }
        return file
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { sum, _ in sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { sum, byte in sum << 8 ^ table[Int(sum >> 24) ^ Int(byte)] }
    }
}
