/// A PNG file as a list of chunks, whatever is in them, with the checksums that go with it.
public struct PNGFile: Sendable {
    public struct Chunk: Sendable {
        /// Four letters.
        public var type: [UInt8]
        public var data: [UInt8]

        public init(_ type: String, _ data: [UInt8]) {
            self.type = Array(type.utf8)
            self.data = data
        }
    }

    public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    public var chunks: [Chunk]

    public init(_ chunks: [Chunk]) { self.chunks = chunks }

    /// The chunks of a file, as far as they are whole.
    public init(_ file: [UInt8]) {
        chunks = []
        var start = Self.signature.count
        while start + 12 <= file.count {
            let count = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard count <= file.count - start - 12 else { return }
            var chunk = Chunk("", Array(file[start + 8..<start + 8 + count]))
            chunk.type = Array(file[start + 4..<start + 8])
            chunks.append(chunk)
            start += 12 + count
        }
    }

    public var bytes: [UInt8] {
        chunks.reduce(into: Self.signature) { file, chunk in
            file += Self.bytes(of: UInt32(chunk.data.count)) + chunk.type + chunk.data
            file += Self.bytes(of: Self.checksum(chunk.type + chunk.data))
        }
    }

    /// The header chunk.
    public static func header(width: UInt32, height: UInt32, bitDepth: UInt8 = 8, colorType: UInt8) -> Chunk {
        Chunk("IHDR", bytes(of: width) + bytes(of: height) + [bitDepth, colorType, 0, 0, 0])
    }

    public static func bytes(of number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 != 0 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
    }
}
