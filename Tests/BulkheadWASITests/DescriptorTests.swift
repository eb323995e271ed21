import BulkheadWASI
import Foundation
import Testing

struct DescriptorTests {
    let directory: TemporaryDirectory
    let guest: Guest

    init() throws {
        directory = try TemporaryDirectory()
        guest = try Guest(directory)
    }

    // MARK: - Numbers

    @Test func closedDescriptorsAreBad() throws {
        let file = try guest.opened("file", .creat)
        #expect(file == 4)
        #expect(try guest.call("fd_close", file) == .success)
        #expect(try guest.call("fd_close", file) == .badf)
        #expect(try guest.write("x", to: file).errno == .badf)
        for fd: UInt32 in [5, 1000, 0x7FFF_FFFF, 0x8000_0000, .max] {
            #expect(try guest.call("fd_close", fd) == .badf)
            #expect(try guest.call("fd_fdstat_get", fd, 0) == .badf)
            #expect(try guest.call("fd_renumber", fd, 3) == .badf)
            #expect(try guest.call("fd_renumber", 3, fd) == .badf)
        }
        #expect(try directory.hostDescriptors().count == 1)
    }

    @Test func theLowestFreeNumberIsTaken() throws {
        let numbers = try (0..<3).map { try guest.opened("file\($0)", .creat) }
        #expect(numbers == [4, 5, 6])
        #expect(try guest.call("fd_close", 5) == .success)
        #expect(try guest.call("fd_close", 0) == .success)
        #expect(try guest.opened("file0") == 0)
        #expect(try guest.opened("file0") == 5)
        #expect(try guest.opened("file0") == 7)
    }

    @Test func renumberingMoves() throws {
        try directory.makeFile("one", "one")
        try directory.makeFile("two", "two")
        let one = try guest.opened("one")
        let two = try guest.opened("two")
        #expect(try guest.call("fd_renumber", one, two) == .success)
        #expect(try guest.call("fd_close", one) == .badf)
        #expect(try guest.read(two) == (.success, "one"))
        #expect(try guest.call("fd_renumber", two, two) == .success)
        #expect(try guest.call("fd_renumber", two, one) == .badf)
        #expect(try directory.hostDescriptors().count == 2)
        // Over a preopened directory, which then is none any more.
        #expect(try guest.call("fd_renumber", two, 3) == .success)
        #expect(try guest.call("fd_prestat_get", 3, 0) == .badf)
    }

    @Test func descriptorsAreLimited() throws {
        var configuration = WASIConfiguration()
        configuration.maximumDescriptors = 6
        configuration.preopens = [WASIPreopen(guestPath: "/", source: .path(directory.path))]
        let guest = try Guest(configuration)
        #expect(try guest.open("a", .creat).errno == .success)
        #expect(try guest.open("b", .creat).errno == .success)
        #expect(try guest.open("c", .creat).errno == .mfile)
        #expect(!directory.exists("c"))
        #expect(try guest.call("fd_close", 4) == .success)
        #expect(try guest.open("c", .creat).fd == 4)

        configuration.maximumDescriptors = 3
        #expect(throws: WASISetupError.self) { try WASIContext(configuration) }
    }

    @Test func nothingIsLeftOpen() throws {
        var guest: Guest? = try Guest(directory)
        for name in ["a", "b", "c"] { _ = try guest?.opened(name, .creat) }
        #expect(try directory.hostDescriptors().count == 5)
        for descriptor in try directory.hostDescriptors() {
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
        guest = nil
        #expect(try directory.hostDescriptors().count == 1)
    }

    // MARK: - Attributes

    @Test func attributesAreLaidOutAsSpecified() throws {
        let file = try guest.opened("file", .creat, rights: [.fdRead, .fdWrite], [.append, .sync])
        let record = guest.put([UInt8](repeating: 0xFF, count: 32))
        #expect(try guest.call("fd_fdstat_get", file, record) == .success)
        #expect(guest.bytes(at: record, count: 8) == [4, 0, 0b10001, 0, 0, 0, 0, 0])
        #expect(guest.load(UInt64.self, at: record + 8) == 0b100_0010)
        #expect(guest.load(UInt64.self, at: record + 16) == 0)
        #expect(guest.load(UInt64.self, at: record + 24) == .max)

        #expect(try guest.call("fd_fdstat_get", 3, record) == .success)
        #expect(guest.bytes(at: record, count: 4) == [3, 0, 0, 0])
        #expect(guest.load(UInt64.self, at: record + 8) == WASIRights.directory.rawValue)
        #expect(guest.load(UInt64.self, at: record + 16) == WASIRights.inDirectory.rawValue)
    }

    @Test func flagsAreSet() throws {
        let file = try guest.opened("file", .creat)
        #expect(try guest.call("fd_fdstat_set_flags", file, FDFlags([.append, .nonblock]).rawValue) == .success)
        #expect(try guest.call("fd_fdstat_get", file, 0) == .success)
        #expect(guest.load(UInt16.self, at: 2) == 0b101)
        // Not to be changed in Linux.
        #expect(try guest.call("fd_fdstat_set_flags", file, FDFlags.sync.rawValue) == .notsup)
        for unknown: UInt32 in [0x20, 0x8000, 0x10001, .max] {
            #expect(try guest.call("fd_fdstat_set_flags", file, unknown) == .inval)
        }
        #expect(try guest.call("fd_fdstat_get", file, 0) == .success)
        #expect(guest.load(UInt16.self, at: 2) == 0b101)
    }

    /// The host goes on writing to the terminal or pipe that it shares with the guest.
    @Test func flagsOfSharedDescriptorsStayTheHosts() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var configuration = WASIConfiguration()
        configuration.standardInput = .descriptor(ends[0])
        configuration.standardOutput = .descriptor(ends[1])
        let guest = try Guest(configuration)
        let nonblock = FDFlags.nonblock.rawValue
        #expect(try guest.call("fd_fdstat_set_flags", 0, nonblock) == .success)
        #expect(try guest.call("fd_fdstat_set_flags", 1, nonblock) == .success)
        #expect(try guest.call("fd_fdstat_set_flags", 1, FDFlags.append.rawValue) == .notsup)
        for end in ends { #expect(fcntl(end, F_GETFL) & O_NONBLOCK == 0) }

        #expect(try guest.read(0).errno == .again)
        #expect(try guest.write("x", to: 1) == (.success, 1))
        #expect(try guest.read(0) == (.success, "x"))
        // Until the pipe is full; without waiting, or this test would never end.
        let vectors = guest.vectors([(8192, 50000)])
        var written = 0
        var result = Errno.success
        while result == .success {
            result = try guest.call("fd_write", 1, vectors, 1, 0)
            if result == .success { written += Int(guest.load(UInt32.self, at: 0)) }
        }
        #expect(result == .again)
        #expect(written == 65536)
    }

    // MARK: - Rights

    @Test func rightsCanOnlyShrink() throws {
        let file = try guest.opened("file", .creat, rights: [.fdRead, .fdWrite, .fdSeek])
        #expect(try guest.call("fd_fdstat_set_rights", file, WASIRights.regularFile.rawValue, 0) == .notcapable)
        #expect(try guest.call("fd_fdstat_set_rights", file, 0, WASIRights.fdRead.rawValue) == .notcapable)
        #expect(try guest.call("fd_fdstat_set_rights", file, UInt64.max, UInt64.max) == .notcapable)
        #expect(try guest.call("fd_fdstat_set_rights", file, WASIRights.fdRead.rawValue, 0) == .success)
        #expect(try guest.rights(of: file) == (.fdRead, []))
        #expect(try guest.write("x", to: file).errno == .notcapable)
        #expect(try guest.call("fd_seek", file, 0, 0, 0) == .notcapable)
        #expect(try guest.read(file).errno == .success)
        #expect(try guest.call("fd_fdstat_set_rights", 99, 0, 0) == .badf)
    }

    /// Each function on a descriptor that has every right but the one it needs.
    @Test(arguments: [
        ("fd_advise", [0, 0, 0], WASIRights.fdAdvise), ("fd_allocate", [0, 1], .fdAllocate),
        ("fd_datasync", [], .fdDatasync), ("fd_sync", [], .fdSync),
        ("fd_fdstat_set_flags", [0], .fdFdstatSetFlags), ("fd_filestat_get", [0], .fdFilestatGet),
        ("fd_filestat_set_size", [0], .fdFilestatSetSize), ("fd_filestat_set_times", [0, 0, 0], .fdFilestatSetTimes),
        ("fd_read", [0, 0, 0], .fdRead), ("fd_write", [0, 0, 0], .fdWrite), ("fd_pread", [0, 0, 0, 0], .fdRead),
        ("fd_pread", [0, 0, 0, 0], .fdSeek), ("fd_pwrite", [0, 0, 0, 0], .fdWrite),
        ("fd_pwrite", [0, 0, 0, 0], .fdSeek), ("fd_seek", [1, 1, 0], .fdSeek),
    ])
    func functionsNeedTheirRight(name: String, rest: [UInt64], right: WASIRights) throws {
        let file = try guest.opened("file", .creat)
        let slots = [UInt64(file)] + rest
        #expect(try guest.call(name, slots: slots) == .success)
        let restricted = WASIRights.regularFile.subtracting(right)
        #expect(try guest.call("fd_fdstat_set_rights", file, restricted.rawValue, 0) == .success)
        #expect(try guest.call(name, slots: slots) == .notcapable)
    }

    @Test func seekingIncludesTelling() throws {
        let telling = try guest.opened("file", .creat, rights: .fdTell)
        #expect(try guest.call("fd_tell", telling, 0) == .success)
        #expect(try guest.call("fd_seek", telling, 0, 1, 0) == .success)
        #expect(try guest.call("fd_seek", telling, 0, 0, 0) == .notcapable)
        #expect(try guest.call("fd_seek", telling, 1, 1, 0) == .notcapable)
        let seeking = try guest.opened("file", rights: .fdSeek)
        #expect(try guest.call("fd_tell", seeking, 0) == .success)
        #expect(try guest.call("fd_seek", seeking, 0, 1, 0) == .success)
        let neither = try guest.opened("file", rights: .fdRead)
        #expect(try guest.call("fd_tell", neither, 0) == .notcapable)
        #expect(try guest.call("fd_seek", neither, 0, 1, 0) == .notcapable)
    }

    @Test func pathFunctionsNeedTheirRight() throws {
        try directory.makeFile("file")
        let none = try guest.opened(".", rights: [], inheriting: [])
        let file = guest.put(Array("file".utf8))
        let calls: [(String, [UInt64])] = [
            ("path_create_directory", [UInt64(none), UInt64(file), 4]),
            ("path_filestat_get", [UInt64(none), 0, UInt64(file), 4, 0]),
            ("path_filestat_set_times", [UInt64(none), 0, UInt64(file), 4, 0, 0, 0]),
            ("path_link", [UInt64(none), 0, UInt64(file), 4, 3, UInt64(file), 4]),
            ("path_link", [3, 0, UInt64(file), 4, UInt64(none), UInt64(file), 4]),
            ("path_open", [UInt64(none), 0, UInt64(file), 4, 0, 0, 0, 0, 0]),
            ("path_readlink", [UInt64(none), UInt64(file), 4, 0, 0, 0]),
            ("path_remove_directory", [UInt64(none), UInt64(file), 4]),
            ("path_rename", [UInt64(none), UInt64(file), 4, 3, UInt64(file), 4]),
            ("path_rename", [3, UInt64(file), 4, UInt64(none), UInt64(file), 4]),
            ("path_symlink", [UInt64(file), 4, UInt64(none), UInt64(file), 4]),
            ("path_unlink_file", [UInt64(none), UInt64(file), 4]),
            ("fd_readdir", [UInt64(none), 0, 100, 0, 0]),
        ]
        for (name, slots) in calls { #expect(try guest.call(name, slots: slots) == .notcapable, "\(name)") }
        #expect(try directory.names() == ["file"])
    }

    @Test func openingNeedsWhatIsAskedFor() throws {
        let inheriting: WASIRights = [.fdRead, .fdSeek]
        try directory.makeFile("file", "content")
        let limited = try guest.opened(".", rights: .directory, inheriting: inheriting)
        #expect(try guest.rights(of: limited) == (.directory, inheriting))
        #expect(try guest.open("file", in: limited, rights: .fdWrite).errno == .notcapable)
        #expect(try guest.open("file", in: limited, rights: .fdRead, inheriting: .fdWrite).errno == .notcapable)
        #expect(try guest.open("file", in: limited, rights: .fdRead, .dsync).errno == .notcapable)
        #expect(try guest.open("file", in: limited, rights: .fdRead, .sync).errno == .notcapable)
        let file = try guest.opened("file", in: limited, rights: [.fdRead, .fdSeek])
        #expect(try guest.rights(of: file) == ([.fdRead, .fdSeek], []))

        let reading = WASIRights.directory.subtracting([.pathCreateFile, .pathFilestatSetSize])
        let fixed = try guest.opened(".", rights: reading, inheriting: .regularFile)
        #expect(try guest.open("new", in: fixed, .creat, rights: .fdRead).errno == .notcapable)
        #expect(try guest.open("file", in: fixed, .trunc, rights: .fdRead).errno == .notcapable)
        #expect(try guest.open("file", in: fixed, rights: .fdWrite).errno == .success)
        #expect(try directory.content("file") == "content")
        #expect(!directory.exists("new"))
    }

    @Test func rightsThatMeanNothingAreLeftOut() throws {
        let asked: WASIRights = [.fdRead, .fdReaddir, .pathOpen, .sockAccept, .fdSeek]
        // No descriptor in a directory could have one of them.
        #expect(try guest.open("file", .creat, rights: asked).errno == .notcapable)
        let file = try guest.opened("file", .creat, rights: asked.subtracting(.sockAccept), inheriting: .directory)
        #expect(try guest.rights(of: file) == ([.fdRead, .fdSeek], []))
        let directory = try guest.opened(
            ".", .directory, rights: asked.subtracting(.sockAccept), inheriting: .fdRead)
        #expect(try guest.rights(of: directory) == ([.fdReaddir, .pathOpen], .fdRead))
    }

    // MARK: - Preopened directories

    @Test func preopensAreFoundByName() throws {
        var configuration = WASIConfiguration()
        try directory.makeDirectory("sub")
        let host = Glibc.open(directory["sub"], O_RDONLY | O_DIRECTORY)
        defer { close(host) }
        configuration.preopens = [
            WASIPreopen(guestPath: "/data", source: .path(directory.path)),
            WASIPreopen(guestPath: "sub", source: .descriptor(host)),
        ]
        let guest = try Guest(configuration)
        let record = guest.put([UInt8](repeating: 0xFF, count: 8))
        #expect(try guest.call("fd_prestat_get", 3, record) == .success)
        #expect(guest.bytes(at: record, count: 8) == [0, 0, 0, 0, 5, 0, 0, 0])
        #expect(try guest.call("fd_prestat_dir_name", 3, 0, 5) == .success)
        #expect(guest.bytes(at: 0, count: 6) == Array("/data\0".utf8))
        #expect(try guest.call("fd_prestat_dir_name", 3, 0, 4) == .nametoolong)
        #expect(try guest.call("fd_prestat_dir_name", 4, 8, 100) == .success)
        #expect(guest.text(at: 8, count: 3) == "sub")
        for other in [0, 5] {
            #expect(try guest.call("fd_prestat_get", other, 0) == .badf)
            #expect(try guest.call("fd_prestat_dir_name", other, 0, 100) == .badf)
        }
        // What is opened below is not preopened.
        let below = try guest.opened("sub", rights: .directory)
        #expect(try guest.call("fd_prestat_get", below, 0) == .badf)
    }

    @Test func whatIsNotThereCannotBePreopened() throws {
        try directory.makeFile("file")
        let sources: [WASIPreopen.Source] = [
            .path(directory["nothing"]), .path(directory["file"]), .descriptor(-1), .descriptor(1 << 20),
        ]
        for source in sources {
            var configuration = WASIConfiguration()
            configuration.preopens = [WASIPreopen(guestPath: "/", source: source)]
            #expect(throws: WASISetupError.self) { try WASIContext(configuration) }
        }
        var configuration = WASIConfiguration()
        configuration.standardInput = .descriptor(-1)
        #expect(throws: WASISetupError.self) { try WASIContext(configuration) }
    }

    @Test func readOnlyDirectoriesStayAsTheyAre() throws {
        try directory.makeFile("file", "content")
        try directory.makeDirectory("sub")
        try directory.makeFile("sub/file", "content")
        let writable = try TemporaryDirectory()
        var configuration = WASIConfiguration()
        configuration.preopens = [
            WASIPreopen(guestPath: "/ro", source: .path(directory.path), access: .readOnly),
            WASIPreopen(guestPath: "/rw", source: .path(writable.path)),
        ]
        let guest = try Guest(configuration)
        // A program that asks for more rights than it needs gets them in name.
        let file = try guest.opened("file", rights: [.fdRead, .fdSeek, .fdFilestatSetTimes])
        #expect(try guest.read(file) == (.success, "content"))
        #expect(try guest.call("fd_filestat_set_times", file, 0, 0, 0b1010) == .rofs)
        let sub = try guest.opened("sub", rights: .directory, inheriting: .inDirectory)
        let name = UInt64(guest.put(Array("file".utf8)))
        for fd: UInt64 in [3, UInt64(sub)] {
            for rights in [WASIRights.fdWrite, .fdAllocate, .fdFilestatSetSize] {
                #expect(try guest.open("file", in: UInt32(fd), rights: rights).errno == .rofs)
            }
            #expect(try guest.open("new", in: UInt32(fd), .creat).errno == .rofs)
            #expect(try guest.open("file", in: UInt32(fd), .trunc).errno == .rofs)
            let calls: [(String, [UInt64])] = [
                ("path_create_directory", [fd, name, 4]), ("path_remove_directory", [fd, name, 4]),
                ("path_unlink_file", [fd, name, 4]), ("path_symlink", [name, 4, fd, name, 4]),
                ("path_filestat_set_times", [fd, 0, name, 4, 0, 0, 0b1010]),
                ("path_rename", [fd, name, 4, 4, name, 4]), ("path_rename", [4, name, 4, fd, name, 4]),
                // A second name in a directory that can be written to would be a way to write to the file.
                ("path_link", [fd, 0, name, 4, 4, name, 4]), ("path_link", [4, 0, name, 4, fd, name, 4]),
            ]
            for (function, slots) in calls { #expect(try guest.call(function, slots: slots) == .rofs, "\(function)") }
        }
        #expect(try writable.names() == [])
        #expect(try directory.names() == ["file", "sub"])
        #expect(try directory.content("file") == "content")
    }

    // MARK: - Standard streams

    @Test func standardStreamsGoOneWay() throws {
        let guest = try Guest()
        #expect(try guest.read(0) == (.success, ""))
        #expect(try guest.write("x", to: 0).errno == .notcapable)
        for fd: UInt32 in [1, 2] {
            #expect(try guest.write("lost", to: fd) == (.success, 4))
            #expect(try guest.read(fd).errno == .notcapable)
        }
        #expect(try guest.call("fd_fdstat_get", 1, 0) == .success)
        #expect(guest.load(UInt8.self, at: 0) == 2)
    }

    /// A guest's `isatty` looks for a character device without the rights to seek.
    @Test func onlyTerminalsLookLikeTerminals() throws {
        let master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY)
        defer { close(master) }
        var (locked, number): (Int32, Int32) = (0, -1)
        let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        try #require(ioctl(master, setLock, &locked) == 0 && ioctl(master, getNumber, &number) == 0)
        let terminal = Glibc.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
        defer { close(terminal) }
        var configuration = WASIConfiguration()
        configuration.standardOutput = .descriptor(terminal)
        let guest = try Guest(configuration)
        #expect(try guest.call("fd_fdstat_get", 1, 0) == .success)
        #expect(guest.load(UInt8.self, at: 0) == 2)
        #expect(try guest.rights(of: 1).base.isDisjoint(with: [.fdSeek, .fdTell]))
        #expect(try !guest.rights(of: 0).base.isDisjoint(with: [.fdSeek, .fdTell]))
        #expect(try guest.write("x", to: 1) == (.success, 1))
    }

    @Test func inheritedStreamsAreDuplicates() throws {
        var configuration = WASIConfiguration()
        configuration.standardError = .inherit
        let guest = try Guest(configuration)
        #expect(try guest.write("", to: 2) == (.success, 0))
        #expect(try guest.call("fd_close", 2) == .success)
        #expect(fcntl(2, F_GETFD) != -1)
    }
}
