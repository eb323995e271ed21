import Pictures
import Testing

@Test func decodes() throws {
    let picture = try Picture(qoi: Files.ball(width: 20, height: 10))
    #expect(picture.width == 20 && picture.height == 10 && picture.pixels.count == 800)
    // The native library, which has nothing between it and this process, makes the same of it.
    #expect(try Picture(trustedQOI: Files.ball(width: 20, height: 10)) == picture)
}

@Test func refusesWhatIsNoPicture() {
    #expect(throws: Picture.Failure.notAPicture) { try Picture(qoi: Array("GIF89a and more bytes".utf8)) }
}

@Test func containsAHostileFile() throws {
    #expect(throws: (any Error).self) { try Picture(qoi: Files.hostile()) }
    #expect(try Picture(qoi: Files.ball(width: 4, height: 4)).width == 4)
}
