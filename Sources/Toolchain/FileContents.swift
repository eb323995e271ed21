import Glibc

extension FileSystem {
    /// All of a file, however long; its symbolic links are followed.
    package static func contents(of path: String) throws(ToolchainError) -> [UInt8] {
        let raw = open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { throw .fileSystem(operation: "open", path: path, code: errno) }
        return try FileDescriptor(owning: raw).read(upTo: .max, of: path)
    }

    /// Replaces the file in one step: there is all of it afterwards, or what was there before.
    package static func write(_ bytes: [UInt8], to path: String) throws(ToolchainError) {
        let partial = "\(path).\(uniqueSuffix()).tmp"
        do throws(ToolchainError) {
            try FileDescriptor.open(partial, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666).write(bytes, to: partial)
            guard rename(partial, path) == 0 else {
                throw .fileSystem(operation: "rename to", path: path, code: errno)
            }
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// Replaces the file if it has other contents: what depends on its age stays up to date.
    package static func update(_ bytes: [UInt8], to path: String) throws(ToolchainError) {
        if let current = try? contents(of: path), current == bytes { return }
        try write(bytes, to: path)
    }

    /// Makes a directory and those that lead to it, where they are missing.
    package static func makeDirectory(_ path: String) throws(ToolchainError) {
        if isDirectory(path) { return }
        let above = parent(of: path)
        if above != path, !isDirectory(above) { try makeDirectory(above) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw .fileSystem(operation: "mkdir", path: path, code: errno)
        }
    }

    /// What changes when somebody writes a file or puts another in its place: device, inode, size, time of the last change. `nil`
    /// when there is nothing there.
    package static func stamp(of path: String) -> String? {
        guard let status = status(path) else { return nil }
        let changed = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
        return "\(status.st_dev):\(status.st_ino):\(status.st_size):\(changed)"
    }

    package static func removeFile(_ path: String) {
        unlink(path)
    }
}

extension FileSystem {
    package static func isSymbolicLink(_ path: String) -> Bool {
        var status = Glibc.stat()
        return lstat(path, &status) == 0 && status.isSymbolicLink
    }

    /// The path from the root, without `.` and `..`; symbolic links stay.
    package static func absolute(_ path: String) -> String {
        var names: [Substring] = []
        let full = path.hasPrefix("/") ? path : "\(resolve(".") ?? "")/\(path)"
        for name in full.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return "/" + names.joined(separator: "/")
    }
}
