import Glibc
import Testing

@testable import Toolchain

@Suite struct ArtifactCacheTests {
    private let scratch: Scratch
    private let cache: ArtifactCache
    private let key = CacheKey(parts: ["test"])
    private var path: String { "\(cache.directory)/\(key.hex).so" }

    init() throws {
        scratch = try Scratch()
        cache = try ArtifactCache(directory: scratch("cache"))
    }

    private func write(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode).write(bytes, to: path)
    }

    /// Asks for the artifact; returns whether it had to be built.
    private func wasBuilt(_ key: CacheKey? = nil, _ payload: [UInt8] = Array("payload".utf8)) throws -> Bool {
        var built = false
        let path = try cache.artifact(for: key ?? self.key) { destination in
            built = true
            try write(destination, payload, mode: 0o777)
        }
        #expect(try Array(contents(path).dropLast(64)) == payload)
        return built
    }

    private func refusal(_ body: () throws -> Void) -> ToolchainError.TrustProblem? {
        guard case .untrusted(_, let problem, _)? = toolchainError(body) else { return nil }
        return problem
    }

    @Test func buildsOnceThenFinds() throws {
        #expect(try cache.existing(key) == nil)
        #expect(try wasBuilt())
        #expect(try !wasBuilt())
        #expect(try cache.existing(key) == path)
        #expect(try wasBuilt(CacheKey(parts: ["other"])))
        #expect(modeOf(cache.directory) == 0o700)
        #expect(modeOf(path) == 0o600)
        #expect(scratch.names("cache").allSatisfy { $0.hasSuffix(".so") }, "no lock or partial file stays")
    }

    @Test func anyDamageIsNoticedAndMended() throws {
        let payload = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try wasBuilt(nil, payload))
        let good = try contents(path)
        var damaged: [[UInt8]] = [
            [], Array(good.prefix(64)), Array(good.dropLast()), good + [0], Array(good.dropFirst()),
        ]
        for position in stride(from: 0, to: good.count, by: 7) {
            var bytes = good
            bytes[position] ^= 0x10
            damaged.append(bytes)
        }
        damaged.append([UInt8](repeating: 0, count: good.count))
        for bytes in damaged {
            try write(path, bytes)
            #expect(try cache.existing(key) == nil)
            #expect(try wasBuilt(nil, payload))
            #expect(try contents(path) == good)
        }
    }

    @Test func anEntryUnderAnotherKeysNameIsNotUsed() throws {
        let other = CacheKey(parts: ["other"])
        #expect(try wasBuilt())
        try #require(rename(path, "\(cache.directory)/\(other.hex).so") == 0)
        #expect(try cache.existing(other) == nil)
    }

    @Test func aFailedBuildLeavesNothing() throws {
        struct Failure: Error, Equatable {}
        #expect(throws: Failure()) {
            try cache.artifact(for: key) { destination in
                try write(destination, [1])
                throw Failure()
            }
        }
        // An error of the builder's own reaches the caller as it is.
        #expect(throws: ToolchainError.invalidArgument("x")) {
            try cache.artifact(for: key) { _ in throw ToolchainError.invalidArgument("x") }
        }
        #expect(scratch.names("cache").isEmpty)
        #expect(throws: ToolchainError.self, "nothing was written") { try cache.artifact(for: key) { _ in } }
        #expect(scratch.names("cache").isEmpty)
        #expect(try wasBuilt())
    }

    // MARK: Trust

    @Test func refusesEntriesThatOthersCouldHaveWritten() throws {
        #expect(try wasBuilt())
        try #require(chmod(path, 0o620) == 0)
        #expect(refusal { _ = try wasBuilt() } == .writableByOthers(mode: 0o620))
        try #require(chmod(path, 0o602) == 0)
        #expect(refusal { _ = try cache.existing(key) } == .writableByOthers(mode: 0o602))
        try #require(chmod(path, 0o644) == 0)
        #expect(try !wasBuilt())

        guard isRoot else { return skip("not root: cannot give a file to another user") }
        try #require(chown(path, 1, 1) == 0)
        #expect(refusal { _ = try wasBuilt() } == .foreignOwner(1))
    }

    @Test func refusesEntriesThatAreNotFiles() throws {
        #expect(try wasBuilt())
        let elsewhere = scratch("elsewhere")
        try #require(rename(path, elsewhere) == 0)
        try #require(symlink(elsewhere, path) == 0)
        #expect(refusal { _ = try wasBuilt() } == .symbolicLink)
        unlink(path)
        try #require(mkdir(path, 0o700) == 0)
        #expect(refusal { _ = try wasBuilt() } == .notRegularFile)
        rmdir(path)
        try #require(mkfifo(path, 0o600) == 0)
        #expect(refusal { _ = try wasBuilt() } == .notRegularFile)
    }

    @Test func refusesDirectoriesThatOthersCanWrite() throws {
        for mode: mode_t in [0o770, 0o702, 0o777, 0o1777] {
            try #require(chmod(cache.directory, mode) == 0)
            let error = toolchainError { _ = try wasBuilt() }
            #expect(refusal { _ = try wasBuilt() } == .writableByOthers(mode: UInt32(mode)))
            #expect(error?.description.contains("chmod go-w \(cache.directory)") == true)
            #expect(error?.description.contains("--no-cache") == true)
            #expect(toolchainError { _ = try ArtifactCache(directory: cache.directory) } == error)
        }
        try #require(chmod(cache.directory, 0o755) == 0)
        #expect(try wasBuilt())

        guard isRoot else { return skip("not root: cannot give a directory to another user") }
        try #require(chown(cache.directory, 1, 1) == 0)
        #expect(refusal { _ = try wasBuilt() } == .foreignOwner(1))
    }

    @Test func refusesParentsThatOthersCanWrite() throws {
        let deep = try scratch.makeDirectory("open/inner/cache")
        func open() throws { _ = try ArtifactCache(directory: deep) }
        try open()
        try #require(chmod(scratch("open"), 0o777) == 0)
        #expect(refusal(open) == .writableByOthers(mode: 0o777))
        // As /tmp is: only owners can replace what is in it.
        try #require(chmod(scratch("open"), 0o1777) == 0)
        try open()

        guard isRoot else { return skip("not root: cannot give a directory to another user") }
        try #require(chown(scratch("open/inner"), 1, 1) == 0)
        #expect(refusal(open) == .foreignOwner(1))
    }

    @Test func followsLinksOnlyThroughTrustedPlaces() throws {
        try scratch.makeDirectory("real")
        try scratch.makeDirectory("open")
        try #require(symlink("../real/./../real", scratch("open/link")) == 0)
        try #require(symlink(scratch("open/link"), scratch("outer")) == 0)
        func open() throws -> String { try ArtifactCache(directory: scratch("outer/cache")).directory }
        #expect(try open() == scratch("real/cache"))

        // Each place on the way counts, not only where it ends.
        try #require(chmod(scratch("open"), 0o777) == 0)
        #expect(refusal { _ = try open() } == .writableByOthers(mode: 0o777))
        try #require(chmod(scratch("open"), 0o1777) == 0)
        #expect(try open() == scratch("real/cache"))
        if isRoot {
            // In a sticky directory, another user's link.
            try #require(lchown(scratch("open/link"), 1, 1) == 0)
            #expect(refusal { _ = try open() } == .foreignOwner(1))
        } else {
            skip("not root: cannot give a link to another user")
        }

        try #require(symlink("loop", scratch("loop")) == 0)
        guard case .cacheUnavailable? = toolchainError({ _ = try ArtifactCache(directory: scratch("loop/x")) }) else {
            Issue.record("a loop of links was not refused")
            return
        }
        try scratch.write("file")
        #expect(refusal { _ = try ArtifactCache(directory: scratch("file/x")) } == .notDirectory)
        #expect(toolchainError { _ = try ArtifactCache(directory: "relative") } != nil)
        #expect(
            toolchainError { _ = try ArtifactCache(directory: scratch.path + String(repeating: "/x", count: 600)) }
                != nil)
    }

    // MARK: Sharing

    @Test func oneOfManyThreadsBuilds() async throws {
        let log = scratch("log")
        let cache = cache
        let key = key
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try cache.artifact(for: key) { destination in
                        let line = try FileDescriptor.open(log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
                        try line.write([10], to: log)
                        usleep(50000)
                        try FileDescriptor.open(destination, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
                            .write([1, 2, 3], to: destination)
                    }
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(paths == [path])
        #expect(try contents(log) == [10])
        #expect(scratch.names("cache") == ["\(key.hex).so"])
    }

    @Test func waitsForAnotherProcess() async throws {
        guard FileSystem.isExecutable("/usr/bin/flock") else { return skip("no flock command") }
        let lock = "\(cache.directory)/\(key.hex).lock"
        let (held, over) = (scratch("held"), scratch("over"))
        async let other = Task.detached {
            try Subprocess(
                "/usr/bin/flock", [lock, "/bin/sh", "-c", "touch \(held); sleep 0.5; touch \(over)"],
                environment: ["PATH": "/usr/bin:/bin"]
            ).run().termination
        }.value
        while FileSystem.status(held) == nil { try await Task.sleep(for: .milliseconds(5)) }
        _ = try cache.artifact(for: key) { destination in
            #expect(FileSystem.status(over) != nil, "built while another process held the lock")
            try write(destination, [1])
        }
        #expect(try await other == .exited(0))
    }

    // MARK: Size

    @Test func removesWhatWasUsedLongestAgo() throws {
        let small = try ArtifactCache(directory: scratch("small"), limit: 2500)
        let large = try ArtifactCache(directory: scratch("small"))
        func add(_ name: String, age: Int) throws -> String {
            let path = try large.artifact(for: CacheKey(parts: [name])) {
                try write($0, [UInt8](repeating: 1, count: 936))
            }
            let when = timespec(tv_sec: time(nil) - age, tv_nsec: 0)
            try #require(utimensat(AT_FDCWD, path, [when, when], 0) == 0)
            return path
        }
        let used = try add("used", age: 4000)
        let old = try add("old", age: 3000)
        let newer = try add("newer", age: 2000)
        // A use counts as new.
        #expect(try small.existing(CacheKey(parts: ["used"])) == used)
        let newest = try add("newest", age: 0)
        large.trim()
        #expect(scratch.names("small").count == 4)
        small.trim()
        let left = Set(scratch.names("small").map { scratch("small/\($0)") })
        #expect(left == [used, newest])
        #expect(!left.contains(old) && !left.contains(newer))

        let fresh = try add("fresh", age: 30)
        small.trim()
        #expect(scratch.names("small").count == 3)
        #expect(try small.existing(CacheKey(parts: ["fresh"])) == fresh, "used less than a minute ago")
    }

    @Test func removesWhatAKilledProcessLeft() throws {
        let stale = scratch("cache/stale.tmp")
        let recent = scratch("cache/recent.tmp")
        let foreign = scratch("cache/README")
        for path in [stale, recent, foreign] { try write(path, [1]) }
        let when = timespec(tv_sec: time(nil) - 100_000, tv_nsec: 0)
        for path in [stale, foreign] { try #require(utimensat(AT_FDCWD, path, [when, when], 0) == 0) }
        cache.trim()
        #expect(scratch.names("cache") == ["README", "recent.tmp"])
    }

    // MARK: Where it is

    @Test func findsItsPlace() throws {
        let home = scratch.path
        #expect(try ArtifactCache.location(["BULKHEAD_CACHE": "/b", "XDG_CACHE_HOME": "/x", "HOME": home]) == "/b")
        #expect(try ArtifactCache.location(["XDG_CACHE_HOME": "/x", "HOME": home]) == "/x/bulkhead")
        #expect(try ArtifactCache.location(["XDG_CACHE_HOME": "relative", "HOME": home]) == "\(home)/.cache/bulkhead")
        #expect(try ArtifactCache(environment: ["HOME": home]).directory == "\(home)/.cache/bulkhead")
        #expect(modeOf("\(home)/.cache") == 0o700)

        for environment in [
            [:], ["HOME": ""], ["HOME": "/no/such/home"], ["BULKHEAD_CACHE": "relative"],
            ["BULKHEAD_CACHE": "/proc/no/such"],
        ] {
            let error = toolchainError { _ = try ArtifactCache(environment: environment) }
            guard case .cacheUnavailable? = error else {
                Issue.record("\(environment): \(error.debugDescription)")
                continue
            }
            #expect(error?.description.contains("--no-cache") == true)
            #expect(error?.description.contains("BULKHEAD_CACHE") == true)
        }
    }

    @Test func readsItsLimit() throws {
        #expect(ByteCount.parse("0", as: Int64.self) == 0)
        #expect(ByteCount.parse("123", as: Int64.self) == 123)
        #expect(ByteCount.parse("2k", as: Int64.self) == 2048)
        #expect(ByteCount.parse("500M", as: Int64.self) == 500 << 20)
        #expect(ByteCount.parse("3G", as: Int64.self) == 3 << 30)
        for text in ["", "M", "-1", "1T", "1.5G", "9223372036854775807K", "99999999999999999999"] {
            #expect(ByteCount.parse(text, as: Int64.self) == nil, "\(text)")
        }
        let place = scratch("limited")
        #expect(try ArtifactCache(environment: ["BULKHEAD_CACHE": place]).limit == 1 << 30)
        #expect(
            try ArtifactCache(environment: ["BULKHEAD_CACHE": place, "BULKHEAD_CACHE_LIMIT": "1M"]).limit == 1 << 20)
        let error = toolchainError {
            _ = try ArtifactCache(environment: ["BULKHEAD_CACHE": place, "BULKHEAD_CACHE_LIMIT": "lots"])
        }
        #expect(error?.description.contains("lots") == true)
    }

    // MARK: Keys

    @Test func everythingThatMattersIsInTheKey() throws {
        let clang = Compiler(path: "/a/clang", family: .clang, version: "clang version 1", usesLLD: true)
        let options = CompilerOptions()
        func key(
            _ generator: String = "g", _ content: [UInt8] = [1], _ compiler: Compiler? = nil,
            _ options: CompilerOptions? = nil
        ) throws -> CacheKey {
            try CacheKey(
                generator: generator, content: content, compiler: compiler ?? clang,
                options: options ?? CompilerOptions())
        }
        var keys = try [
            key(), key("h"), key("g", [2]), key("g", []),
            key("g", [1], Compiler(path: "/b/clang", family: .clang, version: "clang version 1", usesLLD: true)),
            key("g", [1], Compiler(path: "/a/clang", family: .clang, version: "clang version 2", usesLLD: true)),
            key("g", [1], Compiler(path: "/a/clang", family: .clang, version: "clang version 1", usesLLD: false)),
            key("g", [1], Compiler(path: "/a/clang", family: .gcc, version: "clang version 1", usesLLD: false)),
            key("g", [1], nil, CompilerOptions(optimization: .full)),
            key("g", [1], nil, CompilerOptions(cpu: "x86-64-v3")),
            key("g", [1], nil, CompilerOptions(cpu: "native")),
            key("g", [1], nil, CompilerOptions(defines: [.init("A", "1"), .init("B", "1")])),
            key("g", [1], nil, CompilerOptions(defines: [.init("B", "1"), .init("A", "1")])),
            key("g", [1], nil, CompilerOptions(extraArguments: ["-a", "-b"])),
            key("g", [1], nil, CompilerOptions(extraArguments: ["-a-b"])),
            key("g", [1], nil, CompilerOptions(debugInfo: true)),
            key("g", [1], nil, CompilerOptions(loops: .plain)),
        ]
        #if arch(x86_64)
            keys.append(try key("g", [1], nil, CompilerOptions(foldsAddresses: true)))
        #endif
        #expect(Set(keys).count == keys.count)
        keys = try [key(), key("g", [1], clang, options)]
        #expect(Set(keys).count == 1)
        #expect(CacheKey(parts: ["ab", "c"]) != CacheKey(parts: ["a", "bc"]))
        #expect(CacheKey(parts: ["a", "b"]) != CacheKey(parts: ["a"], content: [98]))
    }
}
