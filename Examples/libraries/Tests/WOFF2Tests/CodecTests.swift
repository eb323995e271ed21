import BulkheadSandbox
import Testing
import WOFF2

@Suite("WOFF2 in a sandbox and without one")
struct CodecTests {
    @Test("Fonts are decoded to the same bytes", arguments: ["Padauk-Regular.woff2", "GentiumPlus-Italic.woff2"])
    func decode(_ name: String) throws {
        let file = try TestData.contents(name)
        let font = try WOFF2Codec().decode(file)
        #expect(font.count > file.count)
        #expect(try font == WOFF2Codec(image: LibWOFF2.directImage()).decode(file))
    }

    @Test("Fonts are encoded to the same bytes", arguments: [(0, true), (5, true), (9, false), (11, true)])
    func encode(_ quality: Int, _ transforms: Bool) throws {
        let font = try TestData.contents("Padauk-Regular.ttf")
        let codec = try WOFF2Codec()
        let file = try codec.encode(font, quality: quality, transforms: transforms)
        #expect(file.count < font.count)
        let native = try WOFF2Codec(image: LibWOFF2.directImage())
        #expect(try file == native.encode(font, quality: quality, transforms: transforms))
        // What is decoded is the same font, in the form that the format gives it: encoded again it is the same file.
        let decoded = try codec.decode(file)
        #expect(try decoded == native.decode(file))
        #expect(try codec.encode(decoded, quality: quality, transforms: transforms) == file)
    }

    @Test("A font that is larger than it may be is refused")
    func limit() throws {
        let file = try TestData.contents("Padauk-Regular.woff2")
        var codec = try WOFF2Codec()
        let size = try codec.decode(file).count
        codec.maximumFontSize = size
        #expect(try codec.decode(file).count == size)
        codec.maximumFontSize = size - 1
        #expect(throws: WOFF2Error.notDecodable) { try codec.decode(file) }
    }
}
