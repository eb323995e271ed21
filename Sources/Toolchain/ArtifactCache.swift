import Glibc

/// Compiled artifacts, kept from one run to the next in a directory only the current user (or root) can write.
///
/// What lies in it is loaded and run, so ownership is what makes it safe: directory, parents and entries are checked
/// at every use and refused when another user could have changed them. On top, every entry ends in a checksum, and a
/// damaged one is made anew.
///
/// Any number of threads and processes may use one directory. An entry appears whole or not at all, and two that need
/// the same one at the same time make it once.
public struct ArtifactCache: Sendable, Hashable {
    /// 1 GiB.
    public static let defaultLimit: Int64 = 1 << 30

    /// Absolute, without symbolic links.
    public let directory: String
    /// In bytes. When the entries are larger together, those that were used longest ago go; see ``trim()``.
    public let limit: Int64

    /// The cache in `BULKHEAD_CACHE`, else `$XDG_CACHE_HOME/bulkhead`, else `~/.cache/bulkhead`, with the size limit
    /// `BULKHEAD_CACHE_LIMIT` (bytes, or with K, M or G after the number). Makes the directory if it isn't there.
    public init(environment: [String: String] = ProcessEnvironment.current()) throws(ToolchainError) {
        let limit: Int64
        if let text = environment["BULKHEAD_CACHE_LIMIT"], !text.isEmpty {
            guard let parsed = ByteCount.parse(text, as: Int64.self) else {
                throw .invalidArgument(
                    "BULKHEAD_CACHE_LIMIT is \"\(text)\"; use a number of bytes, or one like 500M or 2G")
            }
            limit = parsed
        } else {
            limit = Self.defaultLimit
        }
        try self.init(directory: Self.location(environment), limit: limit)
    }

    /// - Parameters:
    ///   - directory: an absolute path; made, with mode 0700, if it isn't there.
    ///   - limit: in bytes.
    public init(directory: String, limit: Int64 = ArtifactCache.defaultLimit) throws(ToolchainError) {
        self.limit = limit
        self.directory = try Self.open(directory).path
    }

    private static func open(_ directory: String) throws(ToolchainError) -> TrustedDirectory {
        do throws(ToolchainError) {
            return try TrustedDirectory.open(directory, use: ToolchainError.cacheUse)
        } catch {
            throw error.asCacheFailure
        }
    }

    static func location(_ environment: [String: String]) throws(ToolchainError) -> String {
        func absolute(_ name: String) -> String? {
            guard let value = environment[name], value.utf8.first == UInt8(ascii: "/") else { return nil }
            return value
        }
        if let named = environment["BULKHEAD_CACHE"], !named.isEmpty { return named }
        // The XDG specification has relative paths ignored.
        if let caches = absolute("XDG_CACHE_HOME") { return "\(caches)/bulkhead" }
        guard let home = absolute("HOME") else {
            throw .cacheUnavailable(reason: "HOME is not set, so there is no ~/.cache")
        }
        guard FileSystem.isDirectory(home) else {
            throw .cacheUnavailable(reason: "the home directory \(home) does not exist")
        }
        return "\(home)/.cache/bulkhead"
    }
}

// MARK: - Artifacts

extension ArtifactCache {
    /// The path of the artifact with this key, made by `build` if it isn't there or is damaged.
    ///
    /// `build` is given a path in the cache's directory to write to. It must not ask the same cache for the same key:
    /// it would wait for itself.
    public func artifact(for key: CacheKey, build: (_ destination: String) throws -> Void) throws -> String {
        let place = try Self.open(directory)
        let name = "\(key.hex).so"
        if try isWhole(name, key, in: place) { return "\(place.path)/\(name)" }
        try EntryLock.hold(key, in: place) {
            // Another process may have made it while this one waited.
            guard try !isWhole(name, key, in: place) else { return }
            let partial = "\(key.hex).\(FileSystem.uniqueSuffix()).tmp"
            defer { place.remove(partial) }
            try build("\(place.path)/\(partial)")
            try publish(partial, as: name, key, in: place)
        }
        trim(place, sparing: name)
        return "\(place.path)/\(name)"
    }

    /// The artifact with this key, if it is there and whole.
    public func existing(_ key: CacheKey) throws(ToolchainError) -> String? {
        let place = try Self.open(directory)
        let name = "\(key.hex).so"
        return try isWhole(name, key, in: place) ? "\(place.path)/\(name)" : nil
    }

    private func isWhole(_ name: String, _ key: CacheKey, in place: TrustedDirectory) throws(ToolchainError) -> Bool {
        do throws(ToolchainError) {
            return try Entry.find(name, key, in: place)
        } catch {
            throw error.asCacheFailure
        }
    }

    private func publish(
        _ partial: String, as name: String, _ key: CacheKey, in place: TrustedDirectory
    ) throws(ToolchainError) {
        do throws(ToolchainError) {
            try Entry.seal(partial, key, in: place)
            try place.rename(partial, to: name)
        } catch {
            throw error.asCacheFailure
        }
    }
}

// MARK: - Small records

extension ArtifactCache {
    private static let recordLimit = 4096

    /// Bytes that were stored under a key; `nil` if there are none or they can't be trusted.
    func record(for key: CacheKey) -> [UInt8]? {
        guard let place = try? Self.open(directory) else { return nil }
        return try? Entry.payload("\(key.hex).record", key, limit: Self.recordLimit, in: place)
    }

    /// Stores a few bytes if that is possible. Who asks for them must be able to do without.
    func store(_ bytes: [UInt8], for key: CacheKey) {
        guard bytes.count <= Self.recordLimit, let place = try? Self.open(directory) else { return }
        let partial = "\(key.hex).\(FileSystem.uniqueSuffix()).tmp"
        defer { place.remove(partial) }
        do {
            try place.create(partial).write(bytes, to: partial)
            try publish(partial, as: "\(key.hex).record", key, in: place)
        } catch {}
    }
}

// MARK: - Size

extension ArtifactCache {
    /// How long an entry is left alone after its last use, in seconds: its user may be about to load it.
    private static let grace: Int64 = 60
    /// Files that a killed process left are removed when they are older, in seconds.
    private static let abandoned: Int64 = 86400

    /// Removes the entries that were used longest ago until the rest fits the limit. Runs by itself whenever an
    /// artifact is made. Best effort: entries that were used within a minute stay.
    public func trim() {
        guard let place = try? Self.open(directory) else { return }
        trim(place, sparing: nil)
    }

    private func trim(_ place: TrustedDirectory, sparing spared: String?) {
        struct Candidate {
            let name: String
            let size: Int64
            let used: Int64
        }
        let now = Int64(time(nil))
        var entries: [Candidate] = []
        var total: Int64 = 0
        for name in FileSystem.entries(place.path) {
            guard let status = place.status(of: name), status.isRegularFile else { continue }
            let used = Int64(status.st_mtim.tv_sec)
            if name.hasSuffix(".tmp") {
                if now &- used > Self.abandoned { place.remove(name) }
            } else if name.hasSuffix(".so") || name.hasSuffix(".record") {
                total &+= Int64(status.st_size)
                entries.append(Candidate(name: name, size: Int64(status.st_size), used: used))
            }
        }
        entries.sort { $0.used < $1.used }
        for entry in entries {
            guard total > limit, now &- entry.used > Self.grace else { break }
            if entry.name == spared { continue }
            place.remove(entry.name)
            total &-= entry.size
        }
    }
}
