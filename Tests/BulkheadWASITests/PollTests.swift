import BulkheadWASI
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PollTests {
    struct Event: Equatable {
        var userdata: UInt64
        var errno: Errno = .success
        var type: UInt8
        var available: UInt64 = 0
        var flags: UInt16 = 0
    }

    enum Subscription {
        case clock(id: UInt32 = 1, UInt64, absolute: Bool = false)
        case read(UInt32)
        case write(UInt32)
    }

    let guest: Guest
    /// The host's ends of the guest's standard input and output.
    let input: Int32
    let output: Int32

    init() throws {
        var configuration = WASIConfiguration()
        configuration.standardInput = .pipe
        configuration.standardOutput = .pipe
        guest = try Guest(configuration)
        input = try #require(guest.context.takePipe(0))
        output = try #require(guest.context.takePipe(1))
    }

    /// Subscriptions have their index and 100 as userdata.
    private func poll(_ subscriptions: [Subscription], on other: Guest? = nil) throws -> [Event] {
        let guest = other ?? guest
        let records = guest.put([UInt8](repeating: 0xEE, count: subscriptions.count * 48))
        for (index, subscription) in subscriptions.enumerated() {
            let record = records + UInt32(index) * 48
            guest.store(UInt64(100 + index), at: record)
            switch subscription {
            case .clock(let id, let timeout, let absolute):
                guest.store(UInt8(0), at: record + 8)
                guest.store(id, at: record + 16)
                guest.store(timeout, at: record + 24)
                guest.store(UInt16(absolute ? 1 : 0), at: record + 40)
            case .read(let fd):
                guest.store(UInt8(1), at: record + 8)
                guest.store(fd, at: record + 16)
            case .write(let fd):
                guest.store(UInt8(2), at: record + 8)
                guest.store(fd, at: record + 16)
            }
        }
        let result = guest.allocate(4)
        // Events may lie where the subscriptions were.
        try #require(try guest.call("poll_oneoff", records, records, subscriptions.count, result) == .success)
        return try (0..<guest.load(UInt32.self, at: result)).map { index in
            let record = records + index * 32
            return Event(
                userdata: guest.load(UInt64.self, at: record),
                errno: try #require(Errno(rawValue: guest.load(UInt16.self, at: record + 8))),
                type: guest.load(UInt8.self, at: record + 10), available: guest.load(UInt64.self, at: record + 16),
                flags: guest.load(UInt16.self, at: record + 24))
        }
    }

    /// What the poll gives, and how many milliseconds it took.
    private func timed(_ subscriptions: [Subscription]) throws -> (events: [Event], time: Double) {
        let start = ContinuousClock.now
        let events = try poll(subscriptions)
        return (events, (ContinuousClock.now - start) / .milliseconds(1))
    }

    @Test func timersExpire() throws {
        let (events, time) = try timed([.clock(60_000_000_000), .clock(20_000_000), .read(0)])
        #expect(events == [Event(userdata: 101, type: 0)])
        #expect(time >= 20 && time < 10000)
        #expect(try poll([.clock(0), .clock(id: 0, 0)]).map(\.userdata) == [100, 101])
    }

    @Test func timersOfAnAbsoluteTimeExpire() throws {
        for id: UInt32 in [0, 1] {
            #expect(try guest.call("clock_time_get", id, 0, 0) == .success)
            let now = guest.load(UInt64.self, at: 0)
            let (events, time) = try timed([.clock(id: id, now + 20_000_000, absolute: true)])
            #expect(events.count == 1)
            #expect(time > 10 && time < 10000)
            #expect(try poll([.clock(id: id, now - 1, absolute: true), .clock(id: id, 0, absolute: true)]).count == 2)
        }
    }

    @Test func clocksThatCannotBeWaitedForAreErrors() throws {
        let events = try poll([.clock(id: 2, 1), .clock(id: 3, 1), .clock(id: 4, 1), .clock(id: .max, 1)])
        #expect(events.map(\.errno) == [.notsup, .notsup, .inval, .inval])
    }

    @Test func readingWaitsForData() throws {
        #expect(try poll([.read(0), .clock(1_000_000)]).map(\.userdata) == [101])
        #expect(write(input, "12345", 5) == 5)
        #expect(try poll([.clock(60_000_000_000), .read(0)]) == [Event(userdata: 101, type: 1, available: 5)])
        close(input)
        #expect(try poll([.read(0)]) == [Event(userdata: 100, type: 1, available: 5, flags: 1)])
        #expect(try guest.read(0).text == "12345")
        #expect(try poll([.read(0)]) == [Event(userdata: 100, type: 1, available: 0, flags: 1)])
    }

    @Test func readingWakesUp() throws {
        let input = input
        Thread.detachNewThread {
            usleep(30000)
            _ = write(input, "x", 1)
        }
        let (events, time) = try timed([.read(0), .clock(60_000_000_000)])
        #expect(events.map(\.userdata) == [100])
        #expect(time < 10000)
    }

    @Test func writingWaitsForRoom() throws {
        #expect(try poll([.write(1)]) == [Event(userdata: 100, type: 2, available: 1)])
        let full = guest.vectors([(0, 65536)])
        #expect(try guest.call("fd_write", 1, full, 1, 0) == .success)
        #expect(try poll([.write(1), .clock(1_000_000)]).map(\.userdata) == [101])
        close(output)
        let events = try poll([.write(1)])
        #expect(events.map(\.flags) == [1])
        #expect(events.map(\.errno) == [.success])
    }

    @Test func filesAreAlwaysReady() throws {
        let directory = try TemporaryDirectory()
        try directory.makeFile("file", "0123456789")
        let guest = try Guest(directory)
        let file = try guest.opened("file")
        #expect(try guest.call("fd_seek", file, 4, 0, 0) == .success)
        let events = try poll([.read(file), .write(file), .clock(60_000_000_000)], on: guest)
        #expect(events.map(\.userdata) == [100, 101])
        #expect(events.map(\.available) == [6, 1])
        #expect(try guest.call("fd_seek", file, 400, 0, 0) == .success)
        #expect(try poll([.read(file)], on: guest).map(\.available) == [0])
    }

    @Test func badDescriptorsAreEventsAndDoNotHideOthers() throws {
        #expect(write(input, "x", 1) == 1)
        let events = try poll([.read(99), .write(0), .read(1), .read(0), .read(.max), .clock(60_000_000_000)])
        let byUserdata = Dictionary(uniqueKeysWithValues: events.map { ($0.userdata, $0.errno) })
        #expect(byUserdata == [100: .badf, 101: .notcapable, 102: .notcapable, 103: .success, 104: .badf])
        #expect(try guest.call("fd_fdstat_set_rights", 0, WASIRights.fdRead.rawValue, 0) == .success)
        #expect(try poll([.read(0)]).map(\.errno) == [.notcapable])
    }

    @Test func theNumberOfSubscriptionsIsBounded() throws {
        #expect(try guest.call("poll_oneoff", 0, 0, 0, 0) == .inval)
        #expect(try guest.call("poll_oneoff", 0, 0, 4097, 0) == .inval)
        #expect(try guest.call("poll_oneoff", 0, 0, UInt32.max, 0) == .inval)
        // 500 timers that have expired, in zeros.
        #expect(try guest.call("poll_oneoff", 8192, 40000, 500, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 500)
    }

    @Test func unknownKindsAreRefused() throws {
        guest.store(UInt8(3), at: 8)
        #expect(try guest.call("poll_oneoff", 0, 100, 1, 200) == .inval)
        guest.store(UInt8(255), at: 8)
        #expect(try guest.call("poll_oneoff", 0, 100, 1, 200) == .inval)
    }
}
