import CWASI
import Glibc

extension WASIContext {
    /// As many as there may be descriptors many times over.
    private static let maximumSubscriptions: UInt32 = 4096

    func pollOneoff(
        _ memory: GuestMemory, subscriptions: UInt32, events: UInt32, count: UInt32, result: UInt32
    ) throws(Errno) {
        guard count > 0, count <= Self.maximumSubscriptions else { throw .inval }
        let cell = try memory.cell(at: result, as: UInt32.self)
        let input = try memory.records(at: subscriptions, count: count, stride: Subscription.size)
        let output = try memory.records(at: events, count: count, stride: Event.size)
        // All are read before any event is written, which may be in the same place.
        var poll = Poll()
        for index in input.indices { add(try Subscription(input[index]), to: &poll) }
        let occurred = try poll.wait()
        for (index, event) in occurred.enumerated() { event.store(in: output[index]) }
        cell.store(UInt32(occurred.count))
    }

    private func add(_ subscription: Subscription, to poll: inout Poll) {
        var event = Event(userdata: subscription.userdata, type: subscription.type)
        do throws(Errno) {
            switch subscription.content {
            case .clock(let id, let timeout, let flags):
                poll.add(event, after: try delay(clock: id, timeout, flags))
            case .read(let fd):
                let file = try table.file(fd, [.pollFdReadwrite, .fdRead])
                poll.add(event, when: POLLIN, file)
            case .write(let fd):
                let file = try table.file(fd, [.pollFdReadwrite, .fdWrite])
                poll.add(event, when: POLLOUT, file)
            }
        } catch {
            event.error = error
            poll.add(event, after: 0)
        }
    }

    /// In nanoseconds from now.
    private func delay(clock: UInt32, _ timeout: UInt64, _ flags: SubscriptionClockFlags) throws(Errno) -> UInt64 {
        guard let id = WASIClockID(rawValue: clock), let now = clocks.now(id) else { throw .inval }
        switch id {
        case .realtime, .monotonic: break
        // They stand still while we wait.
        case .processCPUTime, .threadCPUTime: throw .notsup
        }
        guard flags.contains(.absoluteTime) else { return timeout }
        return timeout > now ? timeout - now : 0
    }
}

/// What a guest waits for.
private struct Poll {
    private var timers: [(event: Event, delay: UInt64)] = []
    private var files: [(event: Event, file: OpenFile)] = []
    private var requests: [pollfd] = []

    /// - Parameter delay: In nanoseconds.
    mutating func add(_ event: Event, after delay: UInt64) {
        timers.append((event, delay))
    }

    mutating func add(_ event: Event, when condition: Int32, _ file: OpenFile) {
        files.append((event, file))
        requests.append(pollfd(fd: file.host.number, events: Int16(condition), revents: 0))
    }

    /// Waits until something happens, and says all that has.
    mutating func wait() throws(Errno) -> [Event] {
        let start = hostClockTime(.monotonic) ?? 0
        let shortest = timers.map(\.delay).min()
        while true {
            let rest = shortest.map { $0 - min($0, elapsed(since: start)) }
            let timeout = rest.map { Int64(clamping: $0) } ?? -1
            do throws(Errno) {
                guard cwasi_ppoll(&requests, requests.count, timeout) != -1 else { throw Errno(host: errno) }
            } catch .intr {
                continue
            }
            let events = occurred(elapsed: elapsed(since: start))
            if !events.isEmpty { return events }
        }
    }

    private func occurred(elapsed: UInt64) -> [Event] {
        var events: [Event] = []
        for (event, delay) in timers where delay <= elapsed { events.append(event) }
        for (index, request) in requests.enumerated() where request.revents != 0 {
            var (event, file) = files[index]
            let conditions = Int32(request.revents)
            if conditions & POLLNVAL != 0 { event.error = .badf }
            event.hungUp = conditions & (POLLHUP | POLLERR) != 0
            event.available = event.type == .fdRead ? file.readableBytes : 1
            events.append(event)
        }
        return events
    }

    /// In nanoseconds, like `start`. Without a clock no time is too long.
    private func elapsed(since start: UInt64) -> UInt64 {
        guard let now = hostClockTime(.monotonic) else { return .max }
        return now - min(now, start)
    }
}

extension OpenFile {
    /// How many bytes can be read without waiting, as far as the host knows.
    fileprivate var readableBytes: UInt64 {
        switch kind {
        case .regular:
            guard let status = try? host.status(), let position = try? host.call({ lseek($0, 0, SEEK_CUR) }) else {
                return 0
            }
            return UInt64(clamping: status.st_size - min(position, status.st_size))
        case .pipe, .terminal, .connection:
            var count: Int32 = 0
            guard (try? host.call { ioctl($0, UInt(FIONREAD), &count) }) != nil else { return 0 }
            return UInt64(clamping: count)
        // A connection to accept, or what only reading tells.
        case .listener, .directory, .blockDevice, .characterDevice, .other:
            return 1
        }
    }
}
