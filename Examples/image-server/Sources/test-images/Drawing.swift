import JPEG
import PNGFiles

/// An image of gradients with sharp edges.
struct Drawing {
    let width: Int
    let height: Int

    var jpegImage: JPEGImage? {
        JPEGImage(width: width, height: height, format: .rgb, pixels: pixels { color, _ in color })
    }

    /// With an alpha that falls from the left to the right, and compressed not at all.
    var png: [UInt8] {
        let bytes = pixels { color, x in color + [UInt8(255 - x * 255 / width)] }
        var rows: [UInt8] = []
        for y in 0..<height {
            // Each begins with how it is filtered.
            rows.append(0)
            rows += bytes[y * width * 4..<(y + 1) * width * 4]
        }
        return PNGFile([
            PNGFile.header(width: UInt32(width), height: UInt32(height), colorType: 6),
            .init("IDAT", stored(rows)),
            .init("IEND", []),
        ]).bytes
    }

    private func pixels(_ pixel: ([UInt8], _ x: Int) -> [UInt8]) -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (dx, dy) = (x - width / 2, y - height / 2)
                let isInside = dx * dx + dy * dy < width * height / 9
                pixels += pixel(
                    [UInt8(x * 255 / width), UInt8(y * 255 / height), isInside ? 220 : UInt8((x ^ y) & 0x3F)], x)
            }
        }
        return pixels
    }
}

/// Data in the format of zlib, as it is.
func stored(_ data: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
        let count = min(0xFFFF, data.count - start)
        let isLast = start + count == data.count
        let (low, high) = (UInt8(count & 0xFF), UInt8(count >> 8))
        result += [isLast ? 1 : 0, low, high, ~low, ~high] + data[start..<start + count]
        start += count
    } while start < data.count
    let (a, b) = data.reduce((UInt32(1), UInt32(0))) { sums, byte in
        let a = (sums.0 + UInt32(byte)) % 65521
        return (a, (sums.1 + a) % 65521)
    }
    return result + PNGFile.bytes(of: b << 16 | a)
}
