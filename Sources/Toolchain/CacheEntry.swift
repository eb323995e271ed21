import Glibc

/// The files of the cache: what was stored (an ELF file may be followed by anything), then a trailer that says
/// whether all of it is still there.
enum Entry {
    /// 64 bytes, little-endian: magic, format version (4 bytes) and 4 zero bytes, payload size, payload checksum, key.
    private struct Trailer: Equatable {
        static let size = 64
        private static let magic = Array("BULKHEAD".utf8)

        let payloadSize: UInt64
        let checksum: UInt64
        let key: CacheKey

        var bytes: [UInt8] {
            func littleEndian(_ value: UInt64) -> [UInt8] {
                (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
            }
            return Self.magic + littleEndian(UInt64(CacheKey.formatVersion)) + littleEndian(payloadSize)
                + littleEndian(checksum) + key.digest.bytes
        }
    }

    /// Whether there is a whole entry under this name. Marks it as used.
    static func find(_ name: String, _ key: CacheKey, in place: TrustedDirectory) throws(ToolchainError) -> Bool {
        guard let file = try place.openFile(name, use: ToolchainError.cacheUse) else { return false }
        let status = try file.status(of: name)
        guard try isWhole(file, size: Int64(status.st_size), key, name: name) else { return false }
        // An entry that root put there can't be marked, and need not be.
        futimens(file.raw, nil)
        return true
    }

    /// What is stored under this name, if it is whole and not larger than `limit` bytes.
    static func payload(
        _ name: String, _ key: CacheKey, limit: Int, in place: TrustedDirectory
    ) throws(ToolchainError) -> [UInt8]? {
        guard let file = try place.openFile(name, use: ToolchainError.cacheUse) else { return nil }
        let bytes = try file.read(upTo: limit + Trailer.size, of: name)
        guard bytes.count >= Trailer.size else { return nil }
        let payload = Array(bytes.dropLast(Trailer.size))
        var checksum = Checksum()
        payload.withUnsafeBytes { checksum.update($0) }
        let trailer = Trailer(payloadSize: UInt64(payload.count), checksum: checksum.finalize(), key: key)
        guard Array(bytes.suffix(Trailer.size)) == trailer.bytes else { return nil }
        futimens(file.raw, nil)
        return payload
    }

    /// Makes a file that was just written an entry: takes all permissions from other users and adds the trailer.
    static func seal(_ name: String, _ key: CacheKey, in place: TrustedDirectory) throws(ToolchainError) {
        let path = "\(place.path)/\(name)"
        let file: FileDescriptor = try place.open(name, O_RDWR)
        let status = try file.status(of: path)
        guard status.isRegularFile, status.st_uid == geteuid() else {
            throw .untrusted(path: path, problem: .notRegularFile, use: ToolchainError.cacheUse)
        }
        guard fchmod(file.raw, 0o600) == 0 else { throw .fileSystem(operation: "fchmod", path: path, code: errno) }
        let (size, checksum) = try Self.checksum(of: file, limit: .max, name: path)
        let trailer = Trailer(payloadSize: size, checksum: checksum, key: key)
        guard lseek(file.raw, 0, SEEK_END) >= 0 else {
            throw .fileSystem(operation: "lseek", path: path, code: errno)
        }
        try file.write(trailer.bytes, to: path)
    }

    private static func isWhole(
        _ file: borrowing FileDescriptor, size: Int64, _ key: CacheKey, name: String
    ) throws(ToolchainError) -> Bool {
        guard size >= Int64(Trailer.size) else { return false }
        let payloadSize = UInt64(size) - UInt64(Trailer.size)
        let (found, checksum) = try checksum(of: file, limit: payloadSize, name: name)
        guard found == payloadSize else { return false }
        let trailer = Trailer(payloadSize: payloadSize, checksum: checksum, key: key)
        return try file.read(upTo: Trailer.size + 1, of: name) == trailer.bytes
    }

    /// Of the next `limit` bytes of the file, or all that there are; with how many that was.
    private static func checksum(
        of file: borrowing FileDescriptor, limit: UInt64, name: String
    ) throws(ToolchainError) -> (size: UInt64, checksum: UInt64) {
        var checksum = Checksum()
        var size: UInt64 = 0
        var buffer = [UInt8](unsafeUninitializedCapacity: 1 << 18) { $1 = $0.count }
        while size < limit {
            let room = Int(min(UInt64(buffer.count), limit - size))
            let result = buffer.withUnsafeMutableBytes { bytes in
                Result { () throws(ToolchainError) in
                    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<room]), of: name)
                    checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                    return count
                }
            }
            let count = try result.get()
            if count == 0 { break }
            size += UInt64(count)
        }
        return (size, checksum.finalize())
    }
}
