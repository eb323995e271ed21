import BulkheadSandbox
import Testing

@testable import JPEG

/// The same wrapper over the sandboxed library and over the native one.
struct Codecs {
    let sandboxed: JPEGCodec
    let native: JPEGCodec

    init(_ options: JPEGCodec.Options = JPEGCodec.Options()) throws {
        sandboxed = try JPEGCodec(options)
        native = try JPEGCodec(options, image: LibJPEG.directImage(), poolSize: 0)
    }
}

func outcome(_ body: () throws(JPEGError) -> JPEGResult) -> Result<JPEGResult, JPEGError> {
    do { return .success(try body()) } catch { return .failure(error) }
}

@Suite struct JPEGCodecTests {
    @Test(arguments: Images.names, [JPEGImage.Format.rgb, .grayscale])
    func samePixelsAsNative(name: String, format: JPEGImage.Format) throws {
        let data = try Images.contents(name)
        let codecs = try Codecs()
        for reduction in [JPEGCodec.Reduction.none, .half, .eighth] {
            let result = outcome { () throws(JPEGError) in
                try codecs.sandboxed.decode(data, as: format, reducedTo: reduction)
            }
            let native = outcome { () throws(JPEGError) in
                try codecs.native.decode(data, as: format, reducedTo: reduction)
            }
            #expect(result == native)
            guard case .success(let result) = result else { continue }
            #expect(result.warnings == 0)
            #expect(Set(result.image.pixels).count > 50)
        }
    }

    @Test func header() throws {
        let codecs = try Codecs()
        for codec in [codecs.sandboxed, codecs.native] {
            #expect(
                try codec.header(of: Images.contents("testorig.jpg"))
                    == JPEGHeader(width: 227, height: 149, components: 3, isProgressive: false))
        }
    }

    @Test(arguments: [(1, 1), (8, 8), (227, 149), (1021, 767)]) func encoded(width: Int, height: Int) throws {
        let codecs = try Codecs()
        for format in [JPEGImage.Format.rgb, .grayscale] {
            let image = try #require(Images.drawn(width: width, height: height, format: format))
            for isProgressive in [false, true] {
                let data = try codecs.sandboxed.encode(image, quality: 95, isProgressive: isProgressive)
                #expect(try data == codecs.native.encode(image, quality: 95, isProgressive: isProgressive))
                #expect(try codecs.sandboxed.header(of: data).isProgressive == isProgressive)
                let decoded = try codecs.sandboxed.decode(data, as: format)
                #expect(try decoded == codecs.native.decode(data, as: format))
                // Much in eight by eight pixels, of which four share a colour.
                #expect(Images.difference(decoded.image, image) < 20)
            }
        }
    }

    // MARK: - Errors

    @Test func errorsAreTheLibrarysWords() throws {
        let codecs = try Codecs()
        for codec in [codecs.sandboxed, codecs.native] {
            #expect(throws: JPEGError.invalid("Not a JPEG file: starts with 0x47 0x49")) {
                try codec.decode(Array("GIF89a".utf8))
            }
            #expect(throws: JPEGError.invalid("Empty input file")) { try codec.decode([]) }
            #expect(throws: JPEGError.invalid("Unsupported JPEG data precision 12")) {
                try codec.decode(Images.contents("testorig12.jpg"))
            }
            // The next image has a sandbox of its own.
            #expect(try codec.decode(Images.contents("testorig.jpg")).image.width == 227)
        }
    }

    @Test func damageIsCounted() throws {
        let codecs = try Codecs()
        let data = try Images.contents("testorig.jpg")
        let half = Array(data.prefix(data.count / 2))
        let result = try codecs.sandboxed.decode(half)
        #expect(result.warnings > 0)
        #expect(try result == codecs.native.decode(half))
    }

    @Test func imagesThatAreTooLargeAreRefused() throws {
        var data = try Images.contents("testorig.jpg")
        // The frame header has the height and the width, each in two bytes.
        let frame = try #require(data.indices.dropLast().first { data[$0] == 0xFF && data[$0 + 1] == 0xC0 })
        data.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
        let codec = try JPEGCodec()
        #expect(throws: JPEGError.tooLarge(width: 65500, height: 65500)) { try codec.decode(data) }
    }

    @Test func memoryIsLimited() throws {
        var options = JPEGCodec.Options()
        options.limits.memory = 2 << 20
        let codec = try JPEGCodec(options)
        let image = try #require(Images.drawn(width: 1200, height: 800, format: .rgb))
        // All of a progressive image is in memory before the first row is.
        let data = try JPEGCodec().encode(image, isProgressive: true)
        let error = #expect(throws: JPEGError.self) { try codec.decode(data) }
        #expect(error?.description.hasPrefix("Insufficient memory") == true)
        #expect(try codec.decode(Images.contents("testorig.jpg")).image.width == 227)
    }
}
