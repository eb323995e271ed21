/// Files to try it with.
public enum Files {
    /// A ball in the light.
    public static func ball(width: Int = 48, height: Int = 24) -> [UInt8] {
        var file = header(UInt32(width), UInt32(height))
        for y in 0..<height {
            for x in 0..<width {
                let dx = Double(2 * x - width) / Double(width)
                let dy = Double(2 * y - height) / Double(height)
                let inside = dx * dx + dy * dy < 0.8
                let light = max(0, 1 - ((dx + 0.3) * (dx + 0.3) + (dy + 0.3) * (dy + 0.3)))
                let value = inside ? UInt8(30 + 225 * light) : 0
                file += [0xFE, value, value, value]
            }
        }
        return file + ending
    }

    /// A size that wraps round in 32 bits, and more pixels than that leaves room for.
    public static func hostile() -> [UInt8] {
        header(32769, 32768) + [UInt8](repeating: 0xFD, count: 2_000_000) + ending
    }

    private static func header(_ width: UInt32, _ height: UInt32) -> [UInt8] {
        func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        return Array("qoif".utf8) + bytes(width) + bytes(height) + [4, 0]
    }

    private static let ending: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
}
