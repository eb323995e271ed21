import Glibc

/// An open file, closed when the value ends.
struct FileDescriptor: ~Copyable {
    let raw: Int32

    init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }

    /// `flags` gets `O_CLOEXEC` and `O_NOFOLLOW`: what is opened is the file that was named, or nothing.
    static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0, in directory: Int32 = AT_FDCWD
    ) throws(ToolchainError) -> FileDescriptor {
        while true {
            let raw = openat(directory, path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
            if raw >= 0 { return FileDescriptor(owning: raw) }
            let code = errno
            if code != EINTR { throw .fileSystem(operation: "open", path: path, code: code) }
        }
    }

    borrowing func status(of path: String) throws(ToolchainError) -> stat {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw .fileSystem(operation: "fstat", path: path, code: errno) }
        return status
    }

    /// Reads up to the buffer's size; 0 at the end of the file.
    borrowing func read(into buffer: UnsafeMutableRawBufferPointer, of path: String) throws(ToolchainError) -> Int {
        while true {
            let count = Glibc.read(raw, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            let code = errno
            if code != EINTR { throw .fileSystem(operation: "read", path: path, code: code) }
        }
    }

    /// Reads to the end of the file or `limit` bytes, whichever comes first.
    borrowing func read(upTo limit: Int, of path: String) throws(ToolchainError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let start = bytes.count
            let room = min(65536, limit - start)
            bytes += [UInt8](repeating: 0, count: room)
            let result = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(ToolchainError) in
                    try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]), of: path)
                }
            }
            let count = try result.get()
            bytes.removeLast(room - count)
            if count == 0 { break }
        }
        return bytes
    }

    borrowing func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(ToolchainError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(raw, piece.baseAddress, piece.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else {
                let code = errno
                if code != EINTR { throw .fileSystem(operation: "write", path: path, code: code) }
            }
        }
    }

    borrowing func write(_ bytes: [UInt8], to path: String) throws(ToolchainError) {
        // withUnsafeBytes does not carry a typed error through on every compiler; a Result does.
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(ToolchainError) in try write(buffer, to: path) }
        }
        try result.get()
    }
}

extension stat {
    var kind: mode_t { st_mode & S_IFMT }
    var isDirectory: Bool { kind == S_IFDIR }
    var isRegularFile: Bool { kind == S_IFREG }
    var isSymbolicLink: Bool { kind == S_IFLNK }
    /// In nanoseconds since 1970.
    var modificationTime: Int64 { Int64(st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(st_mtim.tv_nsec) }
}

package enum FileSystem {
    /// Follows symbolic links; `nil` when there is nothing there.
    static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    package static func isDirectory(_ path: String) -> Bool {
        status(path)?.isDirectory ?? false
    }

    package static func isRegularFile(_ path: String) -> Bool {
        status(path)?.isRegularFile ?? false
    }

    /// Whether the path names a file that this user may run.
    static func isExecutable(_ path: String) -> Bool {
        isRegularFile(path) && access(path, X_OK) == 0
    }

    /// The path without symbolic links, `.` and `..`; `nil` when there is nothing there.
    package static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Everything before the last `/`.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What comes after the last `/` that something comes after; the path itself where there is no such thing.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The names in a directory, without `.` and `..`, in no order; empty when it can't be read. At most `limit` of
    /// them.
    package static func entries(_ path: String, limit: Int = 100_000) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The first `limit` bytes of a file, or all of it if it is shorter; `nil` when it cannot be read.
    static func beginning(of path: String, limit: Int) -> [UInt8]? {
        guard let file = try? FileDescriptor.open(path, O_RDONLY) else { return nil }
        return try? file.read(upTo: limit, of: path)
    }

    /// A name nobody else uses, for a file that is to be renamed to its final one.
    static func uniqueSuffix() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
