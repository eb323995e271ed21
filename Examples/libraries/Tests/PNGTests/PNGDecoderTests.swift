import BulkheadSandbox
import Foundation
import HostileInput
import PNGFiles
import Testing

@testable import PNG

/// Images that come with libpng's sources.
private enum Images {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/PNG/sandbox/upstream/images")

    /// Of all colour types, depths and kinds of transparency, interlaced and not.
    static let names = names(in: "")
    /// Made to crash decoders.
    static let crashers = names(in: "crashers/")

    private static func names(in folder: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: directory.appending(path: folder), includingPropertiesForKeys: nil)
        return (files ?? []).map(\.lastPathComponent).filter { $0.hasSuffix(".png") }.sorted().map { folder + $0 }
    }

    static func contents(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: directory.appending(path: name)))
    }
}

private func result(_ data: [UInt8], _ decoder: PNGDecoder) -> Result<PNGImage, PNGError> {
    do { return .success(try decoder.decode(data)) } catch { return .failure(error) }
}

@Suite struct PNGDecoderTests {
    private let sandboxed: PNGDecoder
    private let native: PNGDecoder

    init() throws {
        var options = PNGDecoder.Options()
        options.limits = SandboxLimits(memory: 32 << 20, stack: 256 << 10, time: .seconds(2))
        options.maximumPixels = 1_000_000
        sandboxed = try PNGDecoder(options)
        native = try PNGDecoder(options, image: LibPNG.directImage(), poolSize: 0)
    }

    @Test func samePixelsAsNative() throws {
        #expect(Images.names.count > 50)
        for name in Images.names {
            let data = try Images.contents(name)
            let image = try sandboxed.decode(data)
            #expect(try image == native.decode(data), "\(name)")
            #expect(image.pixels.count == image.width * image.height * 4)
            #expect(Set(image.pixels).count > 1, "\(name)")
        }
    }

    @Test func header() throws {
        #expect(
            try sandboxed.header(of: Images.contents("ibasn2c16.png"))
                == PNGHeader(width: 32, height: 32, bitDepth: 16, isInterlaced: true))
        #expect(
            try native.header(of: Images.contents("basn3p02.png"))
                == PNGHeader(width: 32, height: 32, bitDepth: 2, isInterlaced: false))
    }

    @Test func errorsAreTheLibrarysWords() throws {
        for decoder in [sandboxed, native] {
            #expect(throws: PNGError.invalid("Not a PNG file")) { try decoder.decode(Array("GIF89a, and more".utf8)) }
            #expect(throws: PNGError.invalid("the file ends early")) { try decoder.decode([]) }
        }
    }

    @Test func imagesThatAreTooLargeAreRefused() throws {
        let file = PNGFile([PNGFile.header(width: 60_000, height: 50_000, colorType: 2), .init("IDAT", [0])])
        #expect(throws: PNGError.tooLarge(width: 60_000, height: 50_000)) { try sandboxed.decode(file.bytes) }
    }

    // MARK: - Hostile input

    @Test func crashers() throws {
        #expect(Images.crashers.count > 10)
        for name in Images.crashers {
            let data = try Images.contents(name)
            // Where they fail it may be for other reasons: this machine has a gigabyte for a chunk that says it has one.
            #expect((try? sandboxed.decode(data)) == (try? native.decode(data)), "\(name)")
        }
    }

    @Test(arguments: ["basn3p04.png", "ibasn6a16.png", "ftbgn3p08.png"]) func truncatedAndMutated(name: String) throws {
        let data = try Images.contents(name)
        let good = try sandboxed.decode(data)
        var whole = 0
        var errors: [PNGError: Int] = [:]
        for (number, input) in HostileInput(from: data, truncations: 200, mutations: 700, seed: 5).enumerated() {
            // Half of them with right checksums, to get past the first check.
            let input = number % 2 == 0 ? input : PNGFile(input).bytes
            switch result(input, sandboxed) {
            case .success: whole += 1
            case .failure(let error): errors[error, default: 0] += 1
            }
            if number % 50 == 0 { #expect(try sandboxed.decode(data) == good) }
        }
        #expect(whole > 0)
        #expect(errors.count > 5)
    }
}
