import BulkheadWASI
import Foundation
import Testing

/// Attempts to reach what lies beside the directory that a guest was given, by both ways to resolve paths.
@Suite(.serialized)
struct PathEscapeTests {
    /// Holds `root`, which the guest is given, and beside it `secret` and `outside`, which it is not.
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("root")
        try directory.makeDirectory("root/dir")
        try directory.makeFile("root/file", "inside")
        try directory.makeDirectory("outside")
        try directory.makeFile("outside/secret", "secret")
        try directory.makeFile("secret", "secret")
    }

    private func guest(_ method: PathResolver.Method) throws -> Guest {
        var configuration = WASIConfiguration()
        configuration.pathResolution = method
        configuration.preopens = [WASIPreopen(guestPath: "/", source: .path(directory["root"]))]
        return try Guest(configuration)
    }

    private func requireUntouched() throws {
        try #require(try directory.names() == ["outside", "root", "secret"])
        try #require(try directory.names("outside") == ["secret"])
        try #require(try directory.content("outside/secret") == "secret")
        try #require(try directory.content("secret") == "secret")
        var status = stat()
        try #require(stat(directory["outside/secret"], &status) == 0)
        try #require(status.st_nlink == 1)
        try #require(status.st_mtim.tv_sec > 1_000_000)
    }

    /// Every function that takes a path, with a path that names something outside.
    private func attack(_ guest: Guest, _ path: String) throws -> [(String, Errno)] {
        guest.reset()
        let address = UInt64(guest.put(Array(path.utf8)))
        let count = UInt64(path.utf8.count)
        let inside = UInt64(guest.put(Array("taken".utf8)))
        let file = UInt64(guest.put(Array("file".utf8)))
        let rights = WASIRights.regularFile.rawValue
        var calls: [(String, [UInt64])] = []
        for follow: UInt64 in [0, 1] {
            for flags: UInt64 in [0, 1, 2, 5, 8, 9] {
                calls.append(("path_open", [3, follow, address, count, flags, rights, 0, 0, 0]))
                calls.append(("path_open", [3, follow, address, count, flags, 0, 0, 0, 0]))
            }
            calls.append(("path_filestat_get", [3, follow, address, count, 0]))
            calls.append(("path_filestat_set_times", [3, follow, address, count, 1, 1, 0b0101]))
            calls.append(("path_link", [3, follow, address, count, 3, inside, 5]))
        }
        calls.append(("path_link", [3, 0, file, 4, 3, address, count]))
        calls.append(("path_create_directory", [3, address, count]))
        calls.append(("path_readlink", [3, address, count, 0, 100, 200]))
        calls.append(("path_symlink", [file, 4, 3, address, count]))
        calls.append(("path_unlink_file", [3, address, count]))
        calls.append(("path_remove_directory", [3, address, count]))
        calls.append(("path_rename", [3, address, count, 3, inside, 5]))
        calls.append(("path_rename", [3, file, 4, 3, address, count]))
        return try calls.map { (name, slots) in (name, try guest.call(name, slots: slots)) }
    }

    @Test(arguments: PathResolver.Method.allCases)
    func parentsOfTheRootCannotBeReached(method: PathResolver.Method) throws {
        let guest = try guest(method)
        let paths = [
            "..", "../", "../secret", "../outside", "../outside/", "../outside/secret", "../new", "../root",
            "../root/file", "dir/../../secret", "dir/../../outside/secret", "./../secret", "dir/./.././../secret",
            ".//..//secret", "../../../../../../etc/passwd", "dir/../..", "../.", "../..", "dir/../../.",
            "/", "/etc/passwd", "//etc/passwd", directory["secret"], directory["root/file"],
        ]
        for path in paths {
            for (name, errno) in try attack(guest, path) {
                #expect(errno == .notcapable, "\(name) \(path): \(errno)")
            }
        }
        try requireUntouched()
        #expect(try directory.names("root") == ["dir", "file"])
    }

    @Test(arguments: PathResolver.Method.allCases)
    func linksDoNotLeadOutside(method: PathResolver.Method) throws {
        let targets = [
            "../secret", "../outside", "../outside/secret", "..", "../", "dir/../../outside", directory["secret"],
            directory["outside"], directory["outside/secret"], "/", "/etc/passwd", "dir/../../secret", "../new",
            directory["new"],
        ]
        for (number, target) in targets.enumerated() {
            try directory.makeLink("root/link\(number)", to: target)
            try directory.makeLink("root/dir/link\(number)", to: target.hasPrefix("/") ? target : "../" + target)
            try directory.makeLink("root/indirect\(number)", to: "dir/link\(number)")
        }
        let guest = try guest(method)
        for number in targets.indices {
            for link in ["link\(number)", "dir/link\(number)", "dir/../link\(number)", "indirect\(number)"] {
                // Through the link, nothing but a link that is itself the last name may be seen.
                for path in [link + "/secret", link + "/new", link + "/../secret", link + "/..", link + "/."] {
                    for (name, errno) in try attack(guest, path) {
                        #expect(errno == .notcapable, "\(name) \(path) -> \(targets[number]): \(errno)")
                    }
                }
                // With a slash at its end it is the link's target for some calls and the link for the rest.
                for (name, errno) in try attack(guest, link + "/") {
                    #expect(errno != .success, "\(name) \(link)/ -> \(targets[number])")
                }
                for flags: UInt64 in [0, 1, 8] {
                    let address = UInt64(guest.put(Array(link.utf8)))
                    let slots = [3, 1, address, UInt64(link.utf8.count), flags, WASIRights.fdRead.rawValue, 0, 0, 0]
                    #expect(try guest.call("path_open", slots: slots) == .notcapable, "\(link)")
                    let following = try guest.call("path_filestat_get", 3, 1, address, link.utf8.count, 0)
                    #expect(following == .notcapable, "\(link)")
                }
                let count = UInt64(link.utf8.count)
                let address = UInt64(guest.put(Array(link.utf8)))
                #expect(
                    try guest.call("path_filestat_set_times", slots: [3, 1, address, count, 1, 1, 5]) == .notcapable)
                let taken = UInt64(guest.put(Array("taken".utf8)))
                #expect(try guest.call("path_link", slots: [3, 1, address, count, 3, taken, 5]) == .notcapable)
                guest.reset()
            }
        }
        try requireUntouched()
        #expect(!directory.exists("root/taken"))
    }

    /// A link's own entry is the guest's to change: what it points to is not touched.
    @Test(arguments: PathResolver.Method.allCases)
    func removingALinkOutsideRemovesTheLink(method: PathResolver.Method) throws {
        try directory.makeLink("root/link", to: "../outside/secret")
        try directory.makeLink("root/link2", to: "../outside")
        let guest = try guest(method)
        let address = guest.put(Array("link".utf8))
        #expect(try guest.call("path_filestat_set_times", 3, 0, address, 4, 1, 1, 0b0101) == .success)
        #expect(try guest.path("path_rename", "link", 3, guest.put(Array("dir/moved".utf8)), 9) == .success)
        #expect(try guest.path("path_unlink_file", "dir/moved") == .success)
        #expect(try guest.path("path_remove_directory", "link2") == .notdir)
        #expect(try guest.path("path_remove_directory", "link2/") == .notdir)
        #expect(try guest.path("path_create_directory", "link2/") == .exist)
        #expect(try guest.path("path_unlink_file", "link2") == .success)
        try requireUntouched()
    }

    /// The kernel's links to a process's open files are no way out either.
    @Test(arguments: PathResolver.Method.allCases)
    func magicLinksAreNotFollowed(method: PathResolver.Method) throws {
        let secret = open(directory["secret"], O_RDONLY)
        defer { close(secret) }
        var configuration = WASIConfiguration()
        configuration.pathResolution = method
        configuration.preopens = [WASIPreopen(guestPath: "/proc", source: .path("/proc/\(getpid())"))]
        let guest = try Guest(configuration)
        for path in ["fd/\(secret)", "root", "root/etc/passwd", "cwd", "cwd/x", "exe"] {
            let errno = try guest.open(path, follow: true, rights: .fdRead).errno
            #expect([.loop, .notcapable].contains(errno), "\(path): \(errno)")
            let address = guest.put(Array(path.utf8))
            let status = try guest.call("path_filestat_get", 3, 1, address, path.utf8.count, 0)
            #expect([.loop, .notcapable].contains(status), "\(path): \(status)")
        }
        #expect(try guest.open("status", rights: .fdRead).errno == .success)
    }

    @Test(arguments: PathResolver.Method.allCases)
    func descriptorsBelowAreRootsOfTheirOwn(method: PathResolver.Method) throws {
        let guest = try guest(method)
        let below = try guest.opened("dir", rights: .directory, inheriting: .inDirectory)
        #expect(try guest.open("..", in: below).errno == .notcapable)
        #expect(try guest.open("../file", in: below).errno == .notcapable)
        #expect(try guest.path("path_unlink_file", "../file", in: below) == .notcapable)
        #expect(try guest.path("path_create_directory", "../new", in: below) == .notcapable)
        #expect(try directory.names("root") == ["dir", "file"])
    }
}
