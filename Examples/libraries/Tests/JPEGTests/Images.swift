import Foundation
import JPEG

/// Images that tests decode.
enum Images {
    /// Those that come with libjpeg-turbo's sources: one decoded with each of its ways, one compressed with arithmetic coding, and
    /// one of 12 bits a sample, which this build can't decode.
    static let names = ["testorig.jpg", "testimgint.jpg", "testimgari.jpg", "testorig12.jpg"]

    static func contents(_ name: String) throws -> [UInt8] {
        let directory = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/JPEG/sandbox/upstream/testimages")
        return [UInt8](try Data(contentsOf: directory.appending(component: name)))
    }

    /// Gradients with sharp edges, of sizes that are no multiple of a block's.
    static func drawn(width: Int, height: Int, format: JPEGImage.Format) -> JPEGImage? {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * format.bytesPerPixel)
        for y in 0..<height {
            for x in 0..<width {
                let inside =
                    (x - width / 2) * (x - width / 2) + (y - height / 2) * (y - height / 2) < width * height / 9
                let colors = [x * 255 / width, y * 255 / height, inside ? 220 : (x ^ y) & 0x3F]
                pixels += colors.prefix(format.bytesPerPixel).map(UInt8.init(truncatingIfNeeded:))
            }
        }
        return JPEGImage(width: width, height: height, format: format, pixels: pixels)
    }

    /// The mean difference of two images' bytes.
    static func difference(_ a: JPEGImage, _ b: JPEGImage) -> Double {
        let sum = zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(max(1, a.pixels.count))
    }
}
