import Testing

@testable import Toolchain

@Suite struct SHA256Tests {
    /// FIPS 180-4 examples, and one across the padding's edge.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func vector(text: String, hex: String) {
        #expect(SHA256.hash(Array(text.utf8)).hex == hex)
    }

    @Test func millionLetters() {
        var hash = SHA256()
        let thousand = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
        for _ in 0..<1000 { hash.update(thousand) }
        #expect(hash.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func piecesOfAnySizeGiveTheSameHash() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for length in [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 300] {
            let whole = SHA256.hash(Array(bytes.prefix(length)))
            for size in [1, 3, 63, 64, 65] {
                var hash = SHA256()
                for start in stride(from: 0, to: length, by: size) {
                    hash.update(Array(bytes[start..<min(start + size, length)]))
                }
                #expect(hash.finalize() == whole, "\(length) bytes in pieces of \(size)")
            }
        }
    }
}

@Suite struct ChecksumTests {
    private func checksum(_ bytes: [UInt8], pieces: Int = 1 << 20) -> UInt64 {
        var checksum = Checksum()
        bytes.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: buffer.count, by: pieces) {
                checksum.update(UnsafeRawBufferPointer(rebasing: buffer[start..<min(start + pieces, buffer.count)]))
            }
        }
        return checksum.finalize()
    }

    @Test func everyFlippedBitShows() {
        var bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let good = checksum(bytes)
        for position in bytes.indices {
            for bit in 0..<8 {
                bytes[position] ^= 1 << bit
                #expect(checksum(bytes) != good)
                bytes[position] ^= 1 << bit
            }
        }
        #expect(checksum(bytes) == good)
    }

    @Test func lengthCounts() {
        #expect(Set((0..<100).map { checksum([UInt8](repeating: 0, count: $0)) }).count == 100)
    }

    @Test func piecesMakeNoDifference() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        for size in [1, 7, 31, 32, 33, 999] {
            #expect(checksum(bytes, pieces: size) == checksum(bytes))
        }
    }
}
