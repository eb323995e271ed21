import CWASI
import Glibc

extension WASIContext {
    /// Cookies are the positions that the host's file system gives, which stay good while others make and remove
    /// entries.
    func fdReaddir(
        _ memory: GuestMemory, fd: UInt32, buffer: UInt32, count: UInt32, cookie: UInt64, result: UInt32
    ) throws(Errno) {
        let directory = try table.directory(fd, .fdReaddir).host
        let cell = try memory.cell(at: result, as: UInt32.self)
        let buffer = try memory.buffer(at: buffer, count: UInt64(count))
        guard let position = off_t(exactly: cookie) else { throw .inval }
        _ = try directory.call { lseek($0, position, SEEK_SET) }

        // The host's entries are about as long as the guest's: as much is read as the guest takes, so that reading a
        // directory in small steps does not read it over and over.
        var entries = HostDirectoryEntries(directory, bufferSize: buffer.count)
        var used = 0
        while used < buffer.count, let entry = try entries.next() {
            for bytes in [entry.head.bytes, entry.name] {
                let piece = bytes.prefix(buffer.count - used)
                UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyBytes(from: piece)
                used += piece.count
            }
        }
        cell.store(UInt32(used))
    }
}

/// The entries of a directory from its descriptor's position on.
private struct HostDirectoryEntries {
    /// Room for at least one entry, whose name has 255 bytes at most, and for not too many.
    private static let bufferSizes = 512...32768

    private let directory: HostDescriptor
    private var buffer: [UInt8]
    private var unread = 0..<0

    init(_ directory: HostDescriptor, bufferSize: Int) {
        self.directory = directory
        buffer = [UInt8](
            repeating: 0, count: min(max(bufferSize, Self.bufferSizes.lowerBound), Self.bufferSizes.upperBound))
    }

    mutating func next() throws(Errno) -> (head: DirectoryEntry, name: [UInt8])? {
        if unread.isEmpty {
            let count = try directory.call { number in
                buffer.withUnsafeMutableBytes { cwasi_getdents64(number, $0.baseAddress, $0.count) }
            }
            guard count > 0 else { return nil }
            unread = 0..<count
        }
        let (inode, position, length, type) = buffer.withUnsafeBytes { buffer in
            let start = unread.lowerBound
            return (
                buffer.loadUnaligned(fromByteOffset: start + cwasi_dirent64_ino, as: UInt64.self),
                buffer.loadUnaligned(fromByteOffset: start + cwasi_dirent64_off, as: Int64.self),
                buffer.loadUnaligned(fromByteOffset: start + cwasi_dirent64_reclen, as: UInt16.self),
                buffer[start + cwasi_dirent64_type]
            )
        }
        let end = unread.lowerBound + Int(length)
        let name = buffer[unread.lowerBound + cwasi_dirent64_name..<end].prefix { $0 != 0 }
        unread = end..<unread.upperBound
        // What the parent of a directory is may lie outside, and is nobody's business.
        let isParent = name.elementsEqual("..".utf8)
        let head = DirectoryEntry(
            next: UInt64(bitPattern: position), inode: isParent ? 0 : inode, nameLength: UInt32(name.count),
            type: isParent ? .directory : fileType(type, of: name))
        return (head, Array(name))
    }

    /// Not every file system says in the entry what kind of file it is for.
    private func fileType(_ type: UInt8, of name: ArraySlice<UInt8>) -> FileType {
        switch Int(type) {
        case Int(DT_REG): return .regularFile
        case Int(DT_DIR): return .directory
        case Int(DT_LNK): return .symbolicLink
        case Int(DT_BLK): return .blockDevice
        case Int(DT_CHR): return .characterDevice
        case Int(DT_SOCK): return .socketStream
        case Int(DT_UNKNOWN):
            var status = stat()
            let entry = Location(directory: directory, name: Array(name))
            guard (try? entry.call { fstatat($0, $1, &status, AT_SYMLINK_NOFOLLOW) }) != nil else { return .unknown }
            return FileType(mode: status.st_mode)
        default: return .unknown
        }
    }
}
