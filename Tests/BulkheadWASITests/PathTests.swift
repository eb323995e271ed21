import BulkheadWASI
import Foundation
import Testing

/// What paths mean, by both ways to resolve them.
@Suite(.serialized)
struct PathTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("dir")
        try directory.makeDirectory("dir/nested")
        try directory.makeFile("dir/nested/file", "nested")
        try directory.makeFile("file", "top")
    }

    /// Without it half of this suite would test nothing.
    @Test func theKernelResolvesPaths() {
        #expect(PathResolver.Method.best == .openat2, "this kernel, or what confines the tests, forbids openat2")
    }

    // MARK: - Resolution

    @Test(arguments: PathResolver.Method.allCases)
    func pathsLeadToTheirFile(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let paths = [
            "dir/nested/file", "./dir/nested/file", "dir//nested///file", "dir/./nested/./file",
            "dir/.//nested/../../dir/nested/../nested///./file", "dir/../dir/nested/file",
        ]
        for path in paths { #expect(try guest.read(guest.opened(path)) == (.success, "nested"), "\(path)") }
        let below = try guest.opened("dir", rights: .directory, inheriting: .regularFile)
        #expect(try guest.read(guest.opened("nested/file", in: below)) == (.success, "nested"))
        #expect(try guest.read(guest.opened("nested/../nested/file", in: below)) == (.success, "nested"))
    }

    @Test(arguments: PathResolver.Method.allCases)
    func pathsThatLeadNowhere(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let cases: [(String, Errno)] = [
            ("", .noent), ("nothing", .noent), ("dir/nothing", .noent), ("nothing/file", .noent),
            ("nothing/", .noent), ("file/", .notdir), ("file//", .notdir), ("file/.", .notdir), ("file/..", .notdir),
            ("file/below", .notdir), ("dir/nested/file/", .notdir), ("/file", .notcapable), ("/", .notcapable),
            ("//", .notcapable), ("..", .notcapable), ("../", .notcapable), ("../x", .notcapable),
            ("dir/../..", .notcapable), ("dir/../../file", .notcapable), ("dir/nested/../../..", .notcapable),
            ("file\0", .inval), ("\0", .inval), ("dir\0/file", .inval),
            (String(repeating: "x", count: 256), .nametoolong), (String(repeating: "x/", count: 2048), .nametoolong),
        ]
        for (path, errno) in cases {
            #expect(try guest.open(path, rights: .fdRead).errno == errno, "open \(path.prefix(30))")
            #expect(try guest.open(path, follow: true, rights: .fdRead).errno == errno, "follow \(path.prefix(30))")
            let address = guest.put(Array(path.utf8))
            for follow in [0, 1] {
                let result = try guest.call("path_filestat_get", 3, follow, address, path.utf8.count, 0)
                #expect(result == errno, "stat \(path.prefix(30))")
            }
            guest.reset()
        }
    }

    @Test(arguments: PathResolver.Method.allCases)
    func directoriesByAnyName(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        var host = stat()
        try #require(stat(directory["dir"], &host) == 0)
        for path in ["dir", "dir/", "dir///", "dir/.", "dir/./", "dir/nested/..", "dir/nested/../", "./dir"] {
            let fd = try guest.opened(path, .directory, rights: .directory)
            #expect(try guest.call("fd_filestat_get", fd, 0) == .success)
            #expect(guest.load(UInt64.self, at: 8) == UInt64(host.st_ino), "\(path)")
            let address = guest.put(Array(path.utf8))
            #expect(try guest.call("path_filestat_get", 3, 0, address, path.utf8.count, 0) == .success)
            #expect(guest.load(UInt64.self, at: 8) == UInt64(host.st_ino), "\(path)")
        }
    }

    @Test(arguments: PathResolver.Method.allCases)
    func onlyADirectoryLeadsOn(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let file = try guest.opened("file", rights: .fdRead)
        #expect(try guest.open("x", in: file, .creat).errno == .notdir)
        #expect(try guest.open("x", in: 0).errno == .notdir)
        #expect(try guest.open("x", in: 99).errno == .badf)
    }

    // MARK: - Symbolic links

    @Test(arguments: PathResolver.Method.allCases)
    func linksAreFollowedWhereAskedFor(method: PathResolver.Method) throws {
        try directory.makeLink("to-file", to: "file")
        try directory.makeLink("to-dir", to: "dir")
        try directory.makeLink("dir/up", to: "../file")
        try directory.makeLink("chain", to: "to-dir/up")
        try directory.makeLink("dangling", to: "nothing")
        let guest = try Guest(directory, method)
        for path in ["to-file", "dir/up", "to-dir/up", "chain", "to-dir/nested/../up"] {
            #expect(try guest.open(path, rights: .fdRead).errno == .loop, "\(path)")
            #expect(try guest.read(guest.opened(path, follow: true)) == (.success, "top"), "\(path)")
        }
        // In the middle they are followed always.
        #expect(try guest.read(guest.opened("to-dir/nested/file")) == (.success, "nested"))
        #expect(try guest.open("to-dir", .directory).errno == .notdir)
        #expect(try guest.open("to-dir", follow: true, .directory).errno == .success)
        #expect(try guest.open("to-file", follow: true, .directory).errno == .notdir)
        #expect(try guest.open("to-dir/", .directory).errno == .success)
        #expect(try guest.open("to-file/", follow: true).errno == .notdir)
        #expect(try guest.open("dangling", follow: true).errno == .noent)
        #expect(try guest.open("dangling").errno == .loop)
    }

    @Test(arguments: PathResolver.Method.allCases)
    func loopsEnd(method: PathResolver.Method) throws {
        try directory.makeLink("self", to: "self")
        try directory.makeLink("a", to: "b")
        try directory.makeLink("b", to: "a")
        try directory.makeLink("deeper", to: "deeper/x")
        try directory.makeLink("0", to: "file")
        for number in 1...45 { try directory.makeLink("\(number)", to: "\(number - 1)") }
        let guest = try Guest(directory, method)
        for path in ["self", "a", "deeper", "self/x", "deeper/y", "45", "41"] {
            #expect(try guest.open(path, follow: true).errno == .loop, "\(path)")
            let address = guest.put(Array(path.utf8))
            #expect(try guest.call("path_filestat_get", 3, 1, address, path.utf8.count, 0) == .loop, "\(path)")
        }
        #expect(try guest.open("39", follow: true).errno == .success)
        #expect(try guest.open("self").errno == .loop)
        let address = guest.put(Array("self".utf8))
        #expect(try guest.call("path_filestat_get", 3, 0, address, 4, 0) == .success)
        #expect(guest.load(UInt8.self, at: 16) == 7)
    }

    @Test(arguments: PathResolver.Method.allCases)
    func linksAreMadeAndRead(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let target = guest.put(Array("../file".utf8))
        let name = guest.put(Array("dir/link".utf8))
        #expect(try guest.call("path_symlink", target, 7, 3, name, 8) == .success)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory["dir/link"]) == "../file")
        #expect(try guest.call("path_symlink", target, 7, 3, name, 8) == .exist)

        guest.store([UInt8](repeating: 0xEE, count: 16), at: 0)
        #expect(try guest.call("path_readlink", 3, name, 8, 0, 16, 32) == .success)
        #expect(guest.load(UInt32.self, at: 32) == 7)
        #expect(guest.text(at: 0, count: 7) == "../file")
        #expect(guest.load(UInt8.self, at: 7) == 0xEE)
        #expect(try guest.call("path_readlink", 3, name, 8, 0, 3, 32) == .success)
        #expect(guest.load(UInt32.self, at: 32) == 3)
        #expect(try guest.call("path_readlink", 3, name, 8, 0, 0, 32) == .success)
        #expect(guest.load(UInt32.self, at: 32) == 0)
        #expect(try guest.path("path_readlink", "file", 0, 16, 32) == .inval)
        #expect(try guest.path("path_readlink", "dir", 0, 16, 32) == .inval)
        #expect(try guest.path("path_readlink", "dir/link/", 0, 16, 32) == .notdir)
        #expect(try guest.path("path_readlink", "nothing", 0, 16, 32) == .noent)
    }

    @Test(arguments: PathResolver.Method.allCases)
    func targetsOfNewLinksStayInside(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let name = guest.put(Array("link".utf8))
        for (target, errno) in [("/", Errno.notcapable), ("/etc/passwd", .notcapable), ("", .noent), ("a\0", .inval)] {
            let address = guest.put(Array(target.utf8))
            #expect(try guest.call("path_symlink", address, target.utf8.count, 3, name, 4) == errno)
        }
        #expect(!directory.exists("link"))
        let target = guest.put(Array("source".utf8))
        for (path, errno) in [("new/", Errno.noent), ("dir/", .exist), ("file/", .notdir), ("dir", .exist)] {
            let address = guest.put(Array(path.utf8))
            let result = try guest.call("path_symlink", target, 6, 3, address, path.utf8.count)
            #expect(result == errno || (path == "file/" && result == .exist), "\(path): \(result)")
        }
    }

    // MARK: - Opening

    @Test(arguments: PathResolver.Method.allCases)
    func filesAreMade(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        #expect(try guest.open("new", rights: .fdWrite).errno == .noent)
        #expect(try guest.write("made", to: guest.opened("new", .creat)) == (.success, 4))
        #expect(try guest.read(guest.opened("new", .creat)) == (.success, "made"))
        #expect(try guest.open("new", [.creat, .excl]).errno == .exist)
        #expect(try guest.open("new2", [.creat, .excl]).errno == .success)
        #expect(try guest.open("dir", .creat, rights: .fdRead).errno == .isdir)
        #expect(try guest.open("newdir/", .creat).errno == .isdir)
        #expect(try guest.open("nothing/new", .creat).errno == .noent)
        #expect(try guest.open("new3", [.creat, .directory]).errno == .inval)
        #expect(try guest.open("new", .trunc, rights: .fdWrite).errno == .success)
        #expect(try directory.content("new") == "")
        #expect(try directory.names() == ["dir", "file", "new", "new2"])
    }

    @Test(arguments: PathResolver.Method.allCases)
    func filesAreMadeThroughLinksOnlyWhenFollowing(method: PathResolver.Method) throws {
        try directory.makeLink("link", to: "dir/made")
        let guest = try Guest(directory, method)
        #expect(try guest.open("link", .creat).errno == .loop)
        #expect(try guest.open("link", follow: true, [.creat, .excl]).errno == .exist)
        #expect(!directory.exists("dir/made"))
        #expect(try guest.open("link", follow: true, .creat).errno == .success)
        #expect(directory.exists("dir/made"))
    }

    @Test(arguments: PathResolver.Method.allCases)
    func directoriesAreNotWritten(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        #expect(try guest.open("dir", rights: [.fdRead, .fdWrite]).errno == .isdir)
        #expect(try guest.open("dir", .directory, rights: [.fdRead, .fdWrite]).errno == .isdir)
        #expect(try guest.open("dir", .trunc).errno == .isdir)
        #expect(try guest.open("file", .directory).errno == .notdir)
        #expect(try guest.open(".", [], rights: [], .nonblock).errno == .success)
    }

    @Test(arguments: PathResolver.Method.allCases)
    func unknownFlagsAreRefused(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let path = guest.put(Array("file".utf8))
        for flag: UInt32 in [0x10, 0x8000, 0x10000, .max] {
            #expect(try guest.call("path_open", 3, 0, path, 4, flag, 0, 0, 0, 0) == .inval)
        }
        for flag: UInt32 in [0x20, 0x8000, 0x10000, .max] {
            #expect(try guest.call("path_open", 3, 0, path, 4, 0, 0, 0, flag, 0) == .inval)
        }
        for flag: UInt32 in [2, .max] {
            #expect(try guest.call("path_open", 3, flag, path, 4, 0, 0, 0, 0, 0) == .inval)
            #expect(try guest.call("path_filestat_get", 3, flag, path, 4, 0) == .inval)
            #expect(try guest.call("path_filestat_set_times", 3, flag, path, 4, 0, 0, 0) == .inval)
        }
        #expect(try guest.call("path_open", 3, 0, path, 4, 0, UInt64.max, 0, 0, 0) == .notcapable)
    }

    /// Nothing is opened when the place for its number is bad.
    @Test(arguments: PathResolver.Method.allCases)
    func aBadResultOpensNothing(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let path = guest.put(Array("new".utf8))
        #expect(try guest.call("path_open", 3, 0, path, 3, 1, 0, 0, 0, guest.size - 3) == .fault)
        #expect(!directory.exists("new"))
        #expect(try directory.hostDescriptors().count == 1)
    }

    // MARK: - Attributes

    @Test(arguments: PathResolver.Method.allCases)
    func attributesOfLinksAndOfTheirTargets(method: PathResolver.Method) throws {
        try directory.makeLink("link", to: "dir/nested/file")
        let guest = try Guest(directory, method)
        let link = guest.put(Array("link".utf8))
        #expect(try guest.call("path_filestat_get", 3, 0, link, 4, 0) == .success)
        #expect(guest.load(UInt8.self, at: 16) == 7)
        #expect(guest.load(UInt64.self, at: 32) == 15)
        #expect(try guest.call("path_filestat_get", 3, 1, link, 4, 0) == .success)
        #expect(guest.load(UInt8.self, at: 16) == 4)
        #expect(guest.load(UInt64.self, at: 32) == 6)

        #expect(try guest.call("path_filestat_set_times", 3, 0, link, 4, 1000, 2000, 0b0101) == .success)
        #expect(try guest.call("path_filestat_set_times", 3, 1, link, 4, 3000, 4000, 0b0101) == .success)
        for (follow, accessed, modified) in [(0, UInt64(1000), UInt64(2000)), (1, 3000, 4000)] {
            #expect(try guest.call("path_filestat_get", 3, follow, link, 4, 0) == .success)
            // Reading what a link says may be an access.
            #expect(follow == 0 || guest.load(UInt64.self, at: 40) == accessed)
            #expect(guest.load(UInt64.self, at: 48) == modified)
        }
        for both: UInt32 in [0b0011, 0b1100, 0b10000] {
            #expect(try guest.call("path_filestat_set_times", 3, 0, link, 4, 5, 6, both) == .inval)
        }
    }

    // MARK: - Making and removing

    @Test(arguments: PathResolver.Method.allCases)
    func directoriesComeAndGo(method: PathResolver.Method) throws {
        let guest = try Guest(directory, method)
        let make: [(String, Errno)] = [
            ("one", .success), ("one/two", .success), ("slash/", .success), ("slashes///", .success), ("one", .exist),
            ("file", .exist), ("file/x", .notdir), ("no/x", .noent), (".", .exist), ("one/.", .exist),
            ("one/..", .exist), ("..", .notcapable), ("../x", .notcapable), ("/x", .notcapable), ("", .noent),
        ]
        for (path, errno) in make { #expect(try guest.path("path_create_directory", path) == errno, "\(path)") }
        let remove: [(String, Errno)] = [
            ("one", .notempty), ("one/two", .success), ("one/", .success), ("slash", .success),
            ("slashes//", .success), ("one", .noent), ("file", .notdir), ("file/", .notdir), (".", .inval),
            ("dir/.", .inval), ("..", .notcapable), ("dir/..", .inval), ("", .noent),
        ]
        for (path, errno) in remove { #expect(try guest.path("path_remove_directory", path) == errno, "\(path)") }
        #expect(try directory.names() == ["dir", "file"])
    }

    @Test(arguments: PathResolver.Method.allCases)
    func filesAreUnlinked(method: PathResolver.Method) throws {
        try directory.makeLink("link", to: "dir/nested")
        let guest = try Guest(directory, method)
        let cases: [(String, Errno)] = [
            ("dir", .isdir), ("dir/", .isdir), ("file/", .notdir), ("nothing", .noent), ("link/", .notdir),
            (".", .isdir), ("dir/..", .isdir), ("..", .notcapable), ("", .noent), ("link", .success),
            ("file", .success), ("dir/nested/../nested/file", .success),
        ]
        for (path, errno) in cases { #expect(try guest.path("path_unlink_file", path) == errno, "\(path)") }
        #expect(try directory.names() == ["dir"])
        #expect(try directory.names("dir/nested") == [])
    }

    @Test(arguments: PathResolver.Method.allCases)
    func renaming(method: PathResolver.Method) throws {
        try directory.makeDirectory("empty")
        let guest = try Guest(directory, method)
        let below = try guest.opened("dir", rights: .directory)
        func rename(_ old: String, _ new: String, into fd: UInt32 = 3) throws -> Errno {
            let address = guest.put(Array(new.utf8))
            return try guest.path("path_rename", old, fd, address, new.utf8.count)
        }
        #expect(try rename("file", "moved") == .success)
        #expect(try rename("moved", "inside", into: below) == .success)
        #expect(try directory.content("dir/inside") == "top")
        #expect(try rename("dir/inside", "file") == .success)
        #expect(try rename("empty/", "target") == .success)
        #expect(try rename("target", "empty/") == .success)
        #expect(try rename("empty/", "target/") == .success)
        #expect(try rename("target", "dir") == .notempty)
        #expect(try rename("target", "file") == .notdir)
        #expect(try rename("file", "target") == .isdir)
        #expect(try rename("file/", "other") == .notdir)
        #expect(try rename("file", "other/") == .notdir)
        #expect(try rename("nothing", "other") == .noent)
        #expect(try rename("dir", "dir/nested/below") == .inval)
        for special in [".", "dir/.", "dir/.."] {
            #expect(try rename(special, "other") == .busy, "\(special)")
            #expect(try rename("file", special) == .busy, "\(special)")
        }
        #expect(try rename("..", "other") == .notcapable)
        #expect(try rename("file", "../other") == .notcapable)
        #expect(try rename("file", "/other") == .notcapable)
        #expect(try rename("file", "") == .noent)
        #expect(try rename("file", "x", into: 99) == .badf)
        #expect(try rename("file", "x", into: 0) == .notdir)
        #expect(try directory.names() == ["dir", "file", "target"])
    }

    @Test(arguments: PathResolver.Method.allCases)
    func hardLinks(method: PathResolver.Method) throws {
        try directory.makeLink("symlink", to: "file")
        try directory.makeLink("dangling", to: "nothing")
        let guest = try Guest(directory, method)
        func link(_ old: String, _ new: String, follow: Bool = false) throws -> Errno {
            let (oldPath, newPath) = (guest.put(Array(old.utf8)), guest.put(Array(new.utf8)))
            return try guest.call(
                "path_link", 3, follow ? 1 : 0, oldPath, old.utf8.count, 3, newPath, new.utf8.count)
        }
        #expect(try link("file", "dir/second") == .success)
        #expect(try directory.content("dir/second") == "top")
        #expect(try link("file", "dir/second") == .exist)
        #expect(try link("file", "dir") == .exist)
        #expect(try link("file", "file") == .exist)
        #expect(try link("file", "dangling") == .exist)
        #expect(try link("dir", "third") == .perm)
        #expect(try link("dir/", "third") == .perm)
        #expect(try link(".", "third") == .perm)
        #expect(try link("file/", "third") == .notdir)
        #expect(try link("file", "third/") == .noent)
        #expect(try link("nothing", "third") == .noent)
        #expect(try link("file", "../third") == .notcapable)
        #expect(try link("../file", "third") == .notcapable)
        #expect(try link("dangling", "third", follow: true) == .noent)
        #expect(try link("symlink", "link") == .success)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory["link"]) == "file")
        #expect(try link("symlink", "third", follow: true) == .success)
        var (one, two) = (stat(), stat())
        try #require(lstat(directory["file"], &one) == 0 && lstat(directory["third"], &two) == 0)
        #expect(one.st_ino == two.st_ino)
    }

    // MARK: - Special files

    @Test(.timeLimit(.minutes(1)), arguments: PathResolver.Method.allCases)
    func openingAPipeDoesNotWait(method: PathResolver.Method) throws {
        try #require(mkfifo(directory["pipe"], 0o666) == 0)
        let guest = try Guest(directory, method)
        #expect(try guest.open("pipe", rights: .fdWrite).errno == .nxio)
        let reading = try guest.opened("pipe", rights: [.fdRead, .fdFdstatSetFlags, .pollFdReadwrite], .nonblock)
        // At the end, since nobody writes.
        #expect(try guest.read(reading) == (.success, ""))
        let writing = try guest.opened("pipe", rights: [.fdWrite])
        #expect(try guest.read(reading).errno == .again)
        #expect(try guest.write("through", to: writing) == (.success, 7))
        #expect(try guest.read(reading) == (.success, "through"))
        #expect(try guest.call("fd_fdstat_get", writing, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 0)
        #expect(try guest.rights(of: reading).base == [.fdRead, .fdFdstatSetFlags, .pollFdReadwrite])
        #expect(try guest.call("fd_close", reading) == .success)
        #expect(try guest.write("nobody", to: writing).errno == .pipe)
    }

    @Test(arguments: PathResolver.Method.allCases)
    func socketsAndDevices(method: PathResolver.Method) throws {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: directory["socket"].utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        let guest = try Guest(directory, method)
        #expect(try guest.open("socket", rights: .fdRead).errno == .nxio)
        let path = guest.put(Array("socket".utf8))
        #expect(try guest.call("path_filestat_get", 3, 0, path, 6, 0) == .success)
        #expect(guest.load(UInt8.self, at: 16) == 6)

        var configuration = WASIConfiguration()
        configuration.pathResolution = method
        configuration.preopens = [WASIPreopen(guestPath: "/dev", source: .path("/dev"))]
        let devices = try Guest(configuration)
        let null = try devices.opened("null", rights: [.fdRead, .fdWrite, .fdSeek])
        #expect(try devices.write("gone", to: null) == (.success, 4))
        #expect(try devices.read(null) == (.success, ""))
        #expect(try devices.call("fd_fdstat_get", null, 0) == .success)
        #expect(devices.load(UInt8.self, at: 0) == 2)
    }

    // MARK: - The host's descriptors

    @Test(arguments: PathResolver.Method.allCases)
    func nothingIsLeftOpenOnTheWay(method: PathResolver.Method) throws {
        try directory.makeLink("link", to: "dir/nested")
        try directory.makeLink("loop", to: "loop")
        let guest = try Guest(directory, method)
        for path in ["dir/nested/file", "link/file", "loop/x", "dir/../..", "file/x", "nothing/x", "link/../nested/.."]
        {
            let address = guest.put(Array(path.utf8))
            _ = try guest.call("path_filestat_get", 3, 1, address, path.utf8.count, 0)
            _ = try guest.path("path_unlink_file", path + "/none")
            let opened = try guest.open(path, follow: true)
            if opened.errno == .success { try guest.call("fd_close", opened.fd) }
        }
        #expect(try directory.hostDescriptors().count == 1)
    }

    @Test func theWalkBoundsItsDepth() throws {
        let guest = try Guest(directory, .walk)
        var path = "dir"
        var failed = false
        for _ in 0..<300 {
            path += "/d"
            let result = try guest.path("path_create_directory", path)
            guest.reset()
            if result == .nametoolong {
                failed = true
                break
            }
            try #require(result == .success)
        }
        #expect(failed)
        #expect(try directory.hostDescriptors().count == 1)
        #expect(try guest.open("dir/d/d/d/../../../d").errno == .success)
    }
}
