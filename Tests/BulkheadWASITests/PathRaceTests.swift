import BulkheadWASI
import Foundation
import Synchronization
import Testing

/// Somebody else moves things about while a guest resolves paths.
@Suite(.serialized)
struct PathRaceTests {
    private static let duration = Duration.milliseconds(700)
    /// However long that takes on a busy machine, there are to be this many of each.
    private static let minimum = 50
    private static let patience = Duration.seconds(20)

    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["root", "root/real", "root/real/sub", "outside", "outside/sub"] {
            try directory.makeDirectory(name)
        }
        for name in ["root/real", "root/real/sub"] { try directory.makeFile(name + "/data", "inside") }
        for name in ["outside", "outside/sub"] { try directory.makeFile(name + "/data", "SECRET") }
    }

    private func guest(_ method: PathResolver.Method) throws -> Guest {
        var configuration = WASIConfiguration()
        configuration.pathResolution = method
        configuration.preopens = [WASIPreopen(guestPath: "/", source: .path(directory["root"]))]
        return try Guest(configuration)
    }

    /// Runs `work` over and over while another thread runs `disturb`, and gives how often each ran.
    private func race(disturb: @escaping @Sendable () -> Void, work: () throws -> Void) throws -> (Int, Int) {
        let disturber = Disturber(disturb)
        defer { disturber.stop() }
        let start = ContinuousClock.now
        var count = 0
        while ContinuousClock.now < start + Self.duration
            || (min(count, disturber.count) < Self.minimum && ContinuousClock.now < start + Self.patience)
        {
            try work()
            count += 1
        }
        return (count, disturber.stop())
    }

    private final class Disturber: Sendable {
        private let isStopped = Atomic(false)
        private let disturbances = Atomic(0)
        private let finished = DispatchSemaphore(value: 0)

        init(_ disturb: @escaping @Sendable () -> Void) {
            let thread = Thread { [self] in
                while !isStopped.load(ordering: .relaxed) {
                    disturb()
                    disturbances.add(1, ordering: .relaxed)
                }
                finished.signal()
            }
            thread.start()
        }

        @discardableResult
        func stop() -> Int {
            if !isStopped.exchange(true, ordering: .relaxed) { finished.wait() }
            return count
        }

        var count: Int { disturbances.load(ordering: .relaxed) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: PathResolver.Method.allCases)
    func aDirectoryBecomesALinkAndBack(method: PathResolver.Method) throws {
        try directory.makeLink("root/away", to: "../outside")
        let guest = try guest(method)
        // `root/real` is a directory and `root/away` a link, or the other way round.
        let (one, two, third) = (directory["root/real"], directory["root/away"], directory["root/third"])
        var seen: [Errno: Int] = [:]
        let (attempts, swaps) = try race {
            rename(one, third)
            rename(two, one)
            rename(third, two)
        } work: {
            guest.reset()
            for path in ["real/data", "real/sub/data", "real/sub/../data"] {
                let opened = try guest.open(path, follow: true, rights: .fdRead)
                seen[opened.errno, default: 0] += 1
                guard opened.errno == .success else { continue }
                try #require(try guest.read(opened.fd, 16).text == "inside", "escaped by \(path)")
                try guest.call("fd_close", opened.fd)
            }
            // Neither makes, removes, moves nor sees anything outside.
            let data = guest.put(Array("real/data".utf8))
            if try guest.call("path_filestat_get", 3, 1, data, 9, 0) == .success {
                #expect(guest.load(UInt64.self, at: 32) == 6)
            }
            _ = try guest.call("path_filestat_set_times", 3, 1, data, 9, 7, 7, 0b0101)
            let made = try guest.open("real/made", .creat, rights: .fdWrite)
            if made.errno == .success { try guest.call("fd_close", made.fd) }
            _ = try guest.path("path_create_directory", "real/newdir")
            _ = try guest.path("path_remove_directory", "real/newdir")
            _ = try guest.path("path_unlink_file", "real/made")
            let taken = guest.put(Array("real/sub/taken".utf8))
            _ = try guest.call("path_link", 3, 0, data, 9, 3, taken, 14)
            _ = try guest.path("path_rename", "real/sub/taken", 3, guest.put(Array("real/moved".utf8)), 10)
            _ = try guest.path("path_unlink_file", "real/moved")
        }
        #expect(attempts >= Self.minimum && swaps >= Self.minimum, "\(attempts) attempts during \(swaps) swaps")
        #expect(seen[.success, default: 0] > 0, "\(seen)")
        #expect(try directory.names("outside") == ["data", "sub"])
        #expect(try directory.names("outside/sub") == ["data"])
        #expect(try directory.content("outside/data") == "SECRET")
        var status = stat()
        try #require(stat(directory["outside/data"], &status) == 0)
        #expect(status.st_nlink == 1 && status.st_mtim.tv_sec > 1_000_000)
    }

    @Test(.timeLimit(.minutes(1)), arguments: PathResolver.Method.allCases)
    func aFileBecomesALinkAndBack(method: PathResolver.Method) throws {
        try directory.makeFile("root/file", "inside")
        try directory.makeLink("root/other", to: directory["outside/data"])
        let guest = try guest(method)
        let (one, two, third) = (directory["root/file"], directory["root/other"], directory["root/third"])
        var seen: [Errno: Int] = [:]
        let (attempts, swaps) = try race {
            rename(one, third)
            rename(two, one)
            rename(third, two)
        } work: {
            guest.reset()
            for follow in [false, true] {
                let opened = try guest.open("file", follow: follow, rights: [.fdRead, .fdWrite])
                seen[opened.errno, default: 0] += 1
                guard opened.errno == .success else { continue }
                try #require(try guest.read(opened.fd, 16).text == "inside", "escaped")
                try guest.call("fd_close", opened.fd)
            }
        }
        #expect(attempts >= Self.minimum && swaps >= Self.minimum, "\(attempts) attempts during \(swaps) swaps")
        #expect(seen[.success, default: 0] > 0, "\(seen)")
        #expect(try directory.content("outside/data") == "SECRET")
    }

    /// `..` after a directory that has just been moved elsewhere must not be its new parent.
    @Test(.timeLimit(.minutes(1)), arguments: PathResolver.Method.allCases)
    func aDirectoryIsMovedOutsideAndBack(method: PathResolver.Method) throws {
        let guest = try guest(method)
        let (inside, outside) = (directory["root/real/sub"], directory["outside/moved"])
        var seen: [Errno: Int] = [:]
        let (attempts, moves) = try race {
            rename(inside, outside)
            rename(outside, inside)
        } work: {
            guest.reset()
            for path in ["real/sub/../data", "real/sub/../../real/sub/../data"] {
                let opened = try guest.open(path, rights: .fdRead)
                seen[opened.errno, default: 0] += 1
                guard opened.errno == .success else { continue }
                try #require(try guest.read(opened.fd, 16).text == "inside", "escaped by \(path)")
                try guest.call("fd_close", opened.fd)
            }
            _ = try guest.path("path_unlink_file", "real/sub/../sub/../../secret")
            _ = try guest.path("path_create_directory", "real/sub/../made")
            _ = try guest.path("path_remove_directory", "real/sub/../made")
        }
        #expect(attempts >= Self.minimum && moves >= Self.minimum, "\(attempts) attempts during \(moves) moves")
        #expect(seen[.success, default: 0] > 0, "\(seen)")
        #expect(try directory.names("outside") == ["data", "sub"])
    }
}
