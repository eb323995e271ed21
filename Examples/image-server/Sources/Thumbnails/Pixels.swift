/// A decoded image: as many bytes as its size says, whatever colours they are.
struct Pixels {
    let width: Int
    let height: Int
    /// 3 for red, green and blue, 4 where alpha follows.
    let bytesPerPixel: Int
    /// Row by row from the top, without gaps.
    let bytes: [UInt8]

    /// The size with its longer side no longer than `side`.
    func size(fitting side: Int) -> (width: Int, height: Int) {
        let longer = max(width, height)
        guard longer > side else { return (width, height) }
        return (max(1, (width * side + longer / 2) / longer), max(1, (height * side + longer / 2) / longer))
    }

    /// Red, green and blue of a smaller copy, on white: each pixel is the mean of those that it stands for.
    func scaled(toWidth newWidth: Int, height newHeight: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * 3)
        for y in 0..<newHeight {
            let rows = Self.range(y, of: newHeight, in: height)
            for x in 0..<newWidth {
                let mean = mean(columns: Self.range(x, of: newWidth, in: width), rows: rows)
                result.append(mean.red)
                result.append(mean.green)
                result.append(mean.blue)
            }
        }
        return result
    }

    /// What part `number` of `parts` has of `0..<length`: at least one.
    private static func range(_ number: Int, of parts: Int, in length: Int) -> Range<Int> {
        let start = number * length / parts
        return start..<max(start + 1, (number + 1) * length / parts)
    }

    private func mean(columns: Range<Int>, rows: Range<Int>) -> (red: UInt8, green: UInt8, blue: UInt8) {
        var red = 0
        var green = 0
        var blue = 0
        var alpha = 0
        for y in rows {
            var place = (y * width + columns.lowerBound) * bytesPerPixel
            for _ in columns {
                // A colour counts for as much as is seen of it.
                let opacity = bytesPerPixel == 4 ? Int(bytes[place + 3]) : 255
                red += Int(bytes[place]) * opacity
                green += Int(bytes[place + 1]) * opacity
                blue += Int(bytes[place + 2]) * opacity
                alpha += opacity
                place += bytesPerPixel
            }
        }
        let full = columns.count * rows.count * 255
        let white = 255 * (full - alpha)
        func channel(_ sum: Int) -> UInt8 { UInt8((sum + white + full / 2) / full) }
        return (channel(red), channel(green), channel(blue))
    }
}
