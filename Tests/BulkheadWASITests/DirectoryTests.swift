import BulkheadWASI
import Foundation
import Testing

struct DirectoryTests {
    struct Entry: Equatable {
        var next: UInt64
        var inode: UInt64
        var type: UInt8
        var name: String
    }

    let directory: TemporaryDirectory
    let guest: Guest

    init() throws {
        directory = try TemporaryDirectory()
        guest = try Guest(directory)
    }

    /// Whole entries that one call gives, and how many bytes it says it used.
    private func read(_ count: Int, from cookie: UInt64 = 0, fd: UInt32 = 3) throws -> (entries: [Entry], used: Int) {
        guest.reset()
        let buffer = guest.put([UInt8](repeating: 0xEE, count: count + 1))
        let result = guest.allocate(4)
        try #require(try guest.call("fd_readdir", fd, buffer, count, cookie, result) == .success)
        let used = Int(guest.load(UInt32.self, at: result))
        try #require(used <= count)
        #expect(guest.bytes(at: buffer + UInt32(used), count: count + 1 - used).allSatisfy { $0 == 0xEE })
        var entries: [Entry] = []
        var position = 0
        while position + 24 <= used {
            let record = buffer + UInt32(position)
            let length = Int(guest.load(UInt32.self, at: record + 16))
            guard position + 24 + length <= used else { break }
            entries.append(
                Entry(
                    next: guest.load(UInt64.self, at: record), inode: guest.load(UInt64.self, at: record + 8),
                    type: guest.load(UInt8.self, at: record + 20), name: guest.text(at: record + 24, count: length)))
            position += 24 + length
        }
        return (entries, used)
    }

    /// As a C library reads: on from the last whole entry, until the buffer is not full.
    private func readAll(_ count: Int) throws -> [Entry] {
        var all: [Entry] = []
        while true {
            let (entries, used) = try read(count, from: all.last?.next ?? 0)
            all += entries
            if used < count { return all }
            try #require(!entries.isEmpty)
        }
    }

    @Test func anEmptyDirectoryHasItselfAndItsParent() throws {
        let (entries, used) = try read(1000)
        #expect(used == 24 + 1 + 24 + 2)
        #expect(entries.map(\.name).sorted() == [".", ".."])
        #expect(entries.allSatisfy { $0.type == 3 })
        var host = stat()
        try #require(stat(directory.path, &host) == 0)
        #expect(entries.first { $0.name == "." }?.inode == UInt64(host.st_ino))
        // What lies outside is not told.
        #expect(entries.first { $0.name == ".." }?.inode == 0)
    }

    @Test func kindsOfFiles() throws {
        try directory.makeFile("file")
        try directory.makeDirectory("sub")
        try directory.makeLink("link", to: "file")
        try #require(mkfifo(directory["pipe"], 0o666) == 0)
        let types = Dictionary(uniqueKeysWithValues: try readAll(4096).map { ($0.name, $0.type) })
        #expect(types == [".": 3, "..": 3, "file": 4, "sub": 3, "link": 7, "pipe": 0])
    }

    @Test(arguments: [24, 25, 60, 256, 279, 4096, 40000])
    func everyEntryIsReadOnceWhateverTheBuffer(size: Int) throws {
        // Names of all lengths; none that a buffer so small never holds.
        let names = (1...200).map { String(repeating: "x", count: min($0, max(1, size - 24 - 4))) + "\($0)" }
        let fitting = names.filter { $0.utf8.count <= min(size - 24, 255) }
        for name in fitting { try directory.makeFile(name) }
        guard size >= 26 else {
            // Too small for `..`: an entry cut off tells how large the buffer is to be.
            let (_, used) = try read(size)
            #expect(used == size)
            return
        }
        #expect(try readAll(size).map(\.name).sorted() == ([".", ".."] + fitting).sorted())
    }

    @Test func theLastEntryIsCutOff() throws {
        let whole = try read(1000).entries
        let (entries, used) = try read(26 + 10)
        #expect(entries == Array(whole.prefix(1)))
        #expect(used == 36)
        #expect(try read(0).used == 0)
        #expect(try read(3).used == 3)
    }

    @Test func cookiesStayGoodWhileEntriesComeAndGo() throws {
        for number in 0..<100 { try directory.makeFile("file\(number)") }
        let before = try readAll(4096)
        let middle = before[50]
        let rest = before[51...].map(\.name)
        for entry in before[..<50] where entry.name.hasPrefix("file") {
            try #require(unlink(directory[entry.name]) == 0)
        }
        // Other calls in between, here from the start again, make no difference.
        _ = try read(100)
        #expect(try read(60000, from: middle.next).entries.map(\.name) == rest)
        #expect(try read(60000, from: try #require(before.last).next).used == 0)
    }

    @Test func descriptorsHaveTheirOwnPositions() throws {
        for number in 0..<10 { try directory.makeFile("file\(number)") }
        let second = try guest.opened(".", rights: .directory)
        let all = try readAll(4096)
        #expect(try read(4096, from: all[5].next).entries == Array(all[6...]))
        #expect(try read(4096, fd: second).entries == all)
    }

    @Test func badCookies() throws {
        #expect(try guest.call("fd_readdir", 3, 0, 1000, UInt64.max, 0) == .inval)
        #expect(try guest.call("fd_readdir", 3, 0, 1000, UInt64(1) << 63, 0) == .inval)
        for cookie: UInt64 in [1, 12345, UInt64(Int64.max), 0x1234_5678_9ABC_DEF0] {
            let errno = try guest.call("fd_readdir", 3, 0, 1000, cookie, 2000)
            #expect(errno == .success || errno == .inval)
        }
    }

    @Test func onlyDirectoriesAreRead() throws {
        let file = try guest.opened("file", .creat)
        #expect(try guest.call("fd_readdir", file, 0, 1000, 0, 2000) == .notdir)
        #expect(try guest.call("fd_readdir", 0, 0, 1000, 0, 2000) == .notdir)
        #expect(try guest.call("fd_readdir", 99, 0, 1000, 0, 2000) == .badf)
        #expect(try guest.call("fd_readdir", 3, guest.size - 10, 11, 0, 0) == .fault)
        #expect(try guest.call("fd_readdir", 3, 0, 10, 0, guest.size - 3) == .fault)
    }
}
