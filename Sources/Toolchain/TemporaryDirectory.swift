import Glibc

/// A directory of this process's own (mode 0700), removed with everything in it when the value ends.
package struct TemporaryDirectory: ~Copyable {
    package let path: String

    /// Made in `$TMPDIR`, else `/tmp`.
    package init(environment: [String: String] = ProcessEnvironment.current()) throws(ToolchainError) {
        var parent = environment["TMPDIR"] ?? ""
        if parent.utf8.first != UInt8(ascii: "/") { parent = "/tmp" }
        guard let status = FileSystem.status(parent), status.isDirectory else {
            throw .fileSystem(operation: "make a temporary directory in", path: parent, code: ENOENT)
        }
        let shared = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        guard !shared || status.st_mode & S_ISVTX != 0 else {
            // Another user could swap our directory for theirs between two steps.
            throw .untrusted(
                path: parent, problem: .writableByOthers(mode: status.st_mode & 0o7777),
                use: "the directory for temporary files (TMPDIR)")
        }
        var template = Array("\(parent)/bulkhead-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .fileSystem(operation: "make a temporary directory in", path: parent, code: errno)
        }
        path = template.withUnsafeBufferPointer { buffer in
            String(decoding: UnsafeRawBufferPointer(buffer).dropLast(), as: UTF8.self)
        }
    }

    deinit {
        Self.remove(path, depth: 8)
    }

    private static func remove(_ path: String, depth: Int) {
        for name in FileSystem.entries(path) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0, errno == EISDIR, depth > 0 {
                remove(entry, depth: depth - 1)
            }
        }
        rmdir(path)
    }
}
