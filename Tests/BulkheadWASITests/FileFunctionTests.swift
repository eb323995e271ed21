import BulkheadWASI
import Foundation
import Testing

struct FileFunctionTests {
    let directory: TemporaryDirectory
    let guest: Guest

    init() throws {
        directory = try TemporaryDirectory()
        guest = try Guest(directory)
    }

    // MARK: - Reading and writing

    @Test func whatIsWrittenCanBeRead() throws {
        let file = try guest.opened("file", .creat)
        #expect(try guest.write("Hello, ", to: file) == (.success, 7))
        #expect(try guest.write("world", to: file) == (.success, 5))
        #expect(try directory.content("file") == "Hello, world")
        #expect(try guest.read(file) == (.success, ""))
        #expect(try guest.call("fd_seek", file, 7, 0, 0) == .success)
        #expect(try guest.read(file) == (.success, "world"))
    }

    @Test func vectorsAreScatteredAndGathered() throws {
        let file = try guest.opened("file", .creat)
        let pieces = [(guest.put(Array("ab".utf8)), UInt32(2)), (0, 0), (guest.put(Array("cde".utf8)), 3)]
        #expect(try guest.call("fd_write", file, guest.vectors(pieces), 3, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 5)

        let buffer = guest.allocate(16)
        let parts = guest.vectors([(buffer, 1), (buffer + 8, 3), (buffer + 4, 4)])
        #expect(try guest.call("fd_pread", file, parts, 3, 0, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 5)
        #expect(guest.bytes(at: buffer, count: 12) == Array("a\0\0\0e\0\0\0bcd\0".utf8))
    }

    @Test func positionedAccessLeavesThePosition() throws {
        let file = try guest.opened("file", .creat)
        let data = guest.vectors([(guest.put(Array("xyz".utf8)), 3)])
        #expect(try guest.call("fd_pwrite", file, data, 1, 4, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 3)
        #expect(try guest.call("fd_tell", file, 8) == .success)
        #expect(guest.load(UInt64.self, at: 8) == 0)
        #expect(try directory.content("file") == "\0\0\0\0xyz")
        for name in ["fd_pread", "fd_pwrite"] {
            #expect(try guest.call(name, file, data, 1, UInt64.max, 0) == .inval)
            #expect(try guest.call(name, file, data, 1, UInt64(1) << 63, 0) == .inval)
        }
    }

    @Test func aBadVectorMovesNothing() throws {
        let file = try guest.opened("file", .creat)
        let data = guest.put(Array("data".utf8))
        for bad in [(UInt32(guest.size - 1), UInt32(2)), (.max, 1), (0, .max), (UInt32(guest.size) + 1, 0)] {
            let vectors = guest.vectors([(data, 4), bad])
            #expect(try guest.call("fd_write", file, vectors, 2, 0) == .fault)
            #expect(try guest.call("fd_pwrite", file, vectors, 2, 0, 0) == .fault)
        }
        // The place for the result counts, too.
        let vectors = guest.vectors([(data, 4)])
        #expect(try guest.call("fd_write", file, vectors, 1, guest.size - 3) == .fault)
        #expect(try directory.content("file") == "")
    }

    @Test func vectorsAreCounted() throws {
        let file = try guest.opened("file", .creat)
        let byte = guest.put([65])
        let vectors = guest.vectors(Array(repeating: (byte, 1), count: 1025))
        #expect(try guest.call("fd_write", file, vectors, 1024, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 1024)
        #expect(try guest.call("fd_write", file, vectors, 1025, 0) == .inval)
        #expect(try guest.call("fd_write", file, vectors, UInt32.max, 0) == .inval)
        #expect(try guest.call("fd_write", file, vectors, 0, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 0)
    }

    /// A thousand pieces of 16 MiB each are over 4 GiB together.
    @Test func totalsBeyond32BitsAreHandled() throws {
        var configuration = WASIConfiguration()
        configuration.preopens = [WASIPreopen(guestPath: "/", source: .path(directory.path))]
        let guest = try Guest(configuration, pages: 257)
        try directory.makeFile("small", "small")
        let file = try guest.opened("small")
        let pieces = guest.vectors(Array(repeating: (UInt32(65536), UInt32(1) << 24), count: 1024))
        #expect(try guest.call("fd_read", file, pieces, 1024, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 5)
        #expect(guest.text(at: 65536, count: 5) == "small")

        let null = try guest.call("fd_write", 1, pieces, 1024, 0)
        #expect(null == .success)
        #expect(guest.load(UInt32.self, at: 0) == 0x7FFF_F000)
    }

    @Test func seeking() throws {
        try directory.makeFile("file", "0123456789")
        let file = try guest.opened("file")
        func seek(_ offset: Int64, _ whence: UInt32) throws -> UInt64? {
            try guest.call("fd_seek", file, offset, whence, 0) == .success ? guest.load(UInt64.self, at: 0) : nil
        }
        #expect(try seek(4, 0) == 4)
        #expect(try seek(-1, 1) == 3)
        #expect(try seek(-2, 2) == 8)
        #expect(try seek(1000, 2) == 1010)
        #expect(try guest.call("fd_tell", file, 0) == .success)
        #expect(guest.load(UInt64.self, at: 0) == 1010)
        #expect(try guest.call("fd_seek", file, -1, 0, 0) == .inval)
        for whence: UInt32 in [3, 255, 256, .max] { #expect(try guest.call("fd_seek", file, 0, whence, 0) == .inval) }
        #expect(try guest.call("fd_seek", file, Int64.min, 1, 0) == .inval)
        #expect(try guest.call("fd_seek", 99, 0, 0, 0) == .badf)
        #expect(try guest.call("fd_seek", 3, 0, 1, 0) == .isdir)
        #expect(try guest.call("fd_tell", 3, 0) == .isdir)
    }

    @Test func appending() throws {
        try directory.makeFile("file", "start")
        let file = try guest.opened("file", [], .append)
        #expect(try guest.write("+1", to: file) == (.success, 2))
        #expect(try guest.call("fd_seek", file, 0, 0, 0) == .success)
        #expect(try guest.write("+2", to: file) == (.success, 2))
        #expect(try directory.content("file") == "start+1+2")
        #expect(try guest.call("fd_fdstat_set_flags", file, 0) == .success)
        #expect(try guest.call("fd_seek", file, 0, 0, 0) == .success)
        #expect(try guest.write("S", to: file) == (.success, 1))
        #expect(try directory.content("file") == "Start+1+2")
    }

    @Test func directoriesAreNotFiles() throws {
        let vectors = guest.vectors([(0, 1)])
        #expect(try guest.call("fd_read", 3, vectors, 1, 0) == .isdir)
        #expect(try guest.call("fd_write", 3, vectors, 1, 0) == .isdir)
        #expect(try guest.call("fd_pread", 3, vectors, 1, 0, 0) == .isdir)
        #expect(try guest.call("fd_pwrite", 3, vectors, 1, 0, 0) == .isdir)
        #expect(try guest.call("fd_allocate", 3, 0, 1) == .isdir)
        #expect(try guest.call("fd_filestat_set_size", 3, 0) == .isdir)
        #expect(try guest.call("fd_advise", 3, 0, 0, 0) == .isdir)
    }

    // MARK: - The file as a whole

    @Test func sizesAndAllocation() throws {
        let file = try guest.opened("file", .creat)
        func size() throws -> UInt64 {
            try #require(try guest.call("fd_filestat_get", file, 0) == .success)
            return guest.load(UInt64.self, at: 32)
        }
        #expect(try guest.call("fd_filestat_set_size", file, 100) == .success)
        #expect(try size() == 100)
        #expect(try guest.call("fd_allocate", file, 90, 20) == .success)
        #expect(try size() == 110)
        #expect(try guest.call("fd_allocate", file, 0, 10) == .success)
        #expect(try size() == 110)
        #expect(try guest.call("fd_allocate", file, 0, 0) == .inval)
        #expect(try guest.call("fd_allocate", file, UInt64.max, 1) == .inval)
        #expect(try guest.call("fd_allocate", file, 1, UInt64(Int64.max)) == .fbig)
        #expect(try guest.call("fd_filestat_set_size", file, UInt64.max) == .inval)
        #expect(try guest.call("fd_filestat_set_size", file, 5) == .success)
        #expect(try size() == 5)
    }

    @Test func advice() throws {
        let file = try guest.opened("file", .creat)
        for advice in 0...5 { #expect(try guest.call("fd_advise", file, 0, 100, advice) == .success) }
        for advice: UInt32 in [6, 256, .max] { #expect(try guest.call("fd_advise", file, 0, 100, advice) == .inval) }
        #expect(try guest.call("fd_advise", file, UInt64.max, 100, 0) == .inval)
        #expect(try guest.call("fd_advise", 99, 0, 0, 0) == .badf)
    }

    @Test func synchronizing() throws {
        let file = try guest.opened("file", .creat)
        for fd in [file, 3] {
            #expect(try guest.call("fd_sync", fd) == .success)
            #expect(try guest.call("fd_datasync", fd) == .success)
        }
        #expect(try guest.call("fd_sync", 99) == .badf)
        #expect(try guest.call("fd_datasync", 99) == .badf)
    }

    @Test func attributesAreLaidOutAsSpecified() throws {
        try directory.makeFile("file", "12345")
        try #require(link(directory["file"], directory["second"]) == 0)
        var host = stat()
        try #require(stat(directory["file"], &host) == 0)
        let file = try guest.opened("file")
        let record = guest.put([UInt8](repeating: 0xFF, count: 72))
        #expect(try guest.call("fd_filestat_get", file, record) == .success)
        #expect(guest.load(UInt64.self, at: record) == host.st_dev)
        #expect(guest.load(UInt64.self, at: record + 8) == host.st_ino)
        #expect(guest.load(UInt64.self, at: record + 16) == 4)
        #expect(guest.load(UInt64.self, at: record + 24) == 2)
        #expect(guest.load(UInt64.self, at: record + 32) == 5)
        let modified = UInt64(host.st_mtim.tv_sec) * 1_000_000_000 + UInt64(host.st_mtim.tv_nsec)
        #expect(guest.load(UInt64.self, at: record + 48) == modified)
        let changed = UInt64(host.st_ctim.tv_sec) * 1_000_000_000 + UInt64(host.st_ctim.tv_nsec)
        #expect(guest.load(UInt64.self, at: record + 56) == changed)
        #expect(guest.load(UInt64.self, at: record + 64) == .max)
    }

    @Test func timesAreSet() throws {
        let file = try guest.opened("file", .creat)
        func times() throws -> [UInt64] {
            try #require(try guest.call("fd_filestat_get", file, 0) == .success)
            return [guest.load(UInt64.self, at: 40), guest.load(UInt64.self, at: 48)]
        }
        #expect(try guest.call("fd_filestat_set_times", file, 1_000_000_001, 2_000_000_002, 0b0101) == .success)
        #expect(try times() == [1_000_000_001, 2_000_000_002])
        #expect(try guest.call("fd_filestat_set_times", file, 5, 6, 0b0100) == .success)
        #expect(try times() == [1_000_000_001, 6])
        #expect(try guest.call("fd_filestat_set_times", file, 5, 6, 0b1010) == .success)
        #expect(try times().allSatisfy { $0 > 1_600_000_000_000_000_000 })
        for both: UInt32 in [0b0011, 0b1100, 0b1111, 0b10000, 0x10001, .max] {
            #expect(try guest.call("fd_filestat_set_times", file, 5, 6, both) == .inval)
        }
        // Far away, but a time.
        _ = try guest.call("fd_filestat_set_times", file, UInt64.max, UInt64.max, 0b0101)
    }

    // MARK: - What the host would be ended for

    @Test func writingToAPipeThatNobodyReadsIsAnError() throws {
        var configuration = WASIConfiguration()
        configuration.standardOutput = .pipe
        let guest = try Guest(configuration)
        let end = try #require(guest.context.takePipe(1))
        #expect(guest.context.takePipe(1) == nil)
        #expect(try guest.write("heard", to: 1) == (.success, 5))
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(Glibc.read(end, &buffer, 16) == 5)
        close(end)
        #expect(try guest.write("unheard", to: 1).errno == .pipe)
        #expect(try guest.write("unheard", to: 1).errno == .pipe)
        // No signal is left behind.
        var pending = sigset_t()
        sigpending(&pending)
        #expect(sigismember(&pending, SIGPIPE) == 0)
    }

    @Test func writingBeyondTheHostsLimitIsAnError() async {
        await #expect(processExitsWith: .success) {
            // Swift Testing starts this process with signals blocked.
            var deadly = sigset_t()
            sigemptyset(&deadly)
            sigaddset(&deadly, SIGXFSZ)
            pthread_sigmask(SIG_UNBLOCK, &deadly, nil)
            signal(SIGXFSZ, SIG_DFL)
            let directory = try TemporaryDirectory()
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let guest = try Guest(directory)
            let file = try guest.opened("file", .creat)
            #expect(try guest.call("fd_filestat_set_size", file, 4097) == .fbig)
            #expect(try guest.call("fd_allocate", file, 4000, 1000) == .fbig)
            #expect(try guest.call("fd_filestat_set_size", file, 4096) == .success)
            let data = guest.vectors([(guest.put([1]), 1)])
            #expect(try guest.call("fd_pwrite", file, data, 1, 4096, 0) == .fbig)
            #expect(try guest.call("fd_seek", file, 0, 2, 0) == .success)
            #expect(try guest.write("x", to: file).errno == .fbig)
        }
    }

    @Test func aPipeFeedsStandardInput() throws {
        var configuration = WASIConfiguration()
        configuration.standardInput = .pipe
        let guest = try Guest(configuration)
        let end = try #require(guest.context.takePipe(0))
        #expect(Glibc.write(end, "line", 4) == 4)
        close(end)
        #expect(try guest.read(0) == (.success, "line"))
        #expect(try guest.read(0) == (.success, ""))
        #expect(try guest.call("fd_seek", 0, 0, 0, 0) == .spipe)
        #expect(try guest.call("fd_tell", 0, 0) == .spipe)
        #expect(try guest.call("fd_allocate", 0, 0, 1) == .spipe)
        #expect(try guest.write("x", to: 0).errno == .notcapable)
    }
}
