import Glibc

/// A lock on one entry of the cache, between threads and processes alike: who needs the entry while another makes it
/// waits instead of doing the same work. It ends with the process that holds it.
struct EntryLock: ~Copyable {
    private let file: FileDescriptor

    /// Waits for the lock, then calls `body` while holding it.
    static func hold<R>(_ key: CacheKey, in place: TrustedDirectory, _ body: () throws -> R) throws -> R {
        let name = "\(key.hex).lock"
        let lock = try EntryLock(name, in: place)
        // Removed while it is held, or it would be removed from under the next holder.
        defer { withExtendedLifetime(lock) { place.remove(name) } }
        return try body()
    }

    private init(_ name: String, in place: TrustedDirectory) throws(ToolchainError) {
        while true {
            let file = try Self.open(name, in: place)
            var outcome: Int32
            repeat { outcome = flock(file.raw, LOCK_EX) } while outcome != 0 && errno == EINTR
            // Where a file system has no locks, the work may be done twice: the entry is put in place in one step all
            // the same.
            if outcome != 0 {
                self.file = file
                return
            }
            // Who held the lock before has removed the file, and a lock on it excludes nobody any more.
            let held = try file.status(of: name)
            if let current = place.status(of: name), current.st_ino == held.st_ino {
                self.file = file
                return
            }
        }
    }

    private static func open(_ name: String, in place: TrustedDirectory) throws(ToolchainError) -> FileDescriptor {
        do throws(ToolchainError) {
            return try place.open(name, O_RDWR | O_CREAT, mode: 0o600)
        } catch {
            throw error.asCacheFailure
        }
    }
}
