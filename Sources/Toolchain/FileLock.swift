import Glibc

/// A lock that one process at a time has, by way of a file. It ends with the value, or with the process.
package struct FileLock: ~Copyable {
    private let file: FileDescriptor

    /// Waits for the lock.
    package init(path: String) throws(ToolchainError) {
        file = try .open(path, O_RDWR | O_CREAT, mode: 0o666)
        var outcome: Int32
        repeat { outcome = flock(file.raw, LOCK_EX) } while outcome != 0 && errno == EINTR
        // Where a file system has no locks, those who share a directory must take care themselves.
    }
}
