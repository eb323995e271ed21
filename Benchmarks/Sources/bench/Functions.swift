import Bulkhead
import CBench
import Foundation
import Synchronization

/// A host of small functions, twice: one process with all sandboxes, and fifteen processes with a fifteenth of them each, as one would do it without
/// sandboxes that share a process. Both on all processors of the machine, under the same load: as many requests under way, for random tenants.
struct FunctionHostBenchmark {
    let build: Build

    static let childCommand = "--host-functions"

    /// Hashing, templating, filtering by regular expressions: a request is `run(1)` of one of them.
    private static let kernels = ["sha256", "json", "regex"]
    private static let processes = 15
    private static let tenants = 1500
    private static let underWay = 30
    private static let seconds = 2.0

    func run() throws -> [Record] {
        let artifacts = try Self.kernels.map { name in
            let wasm = try build.wasm(
                "\(build.package)/Kernels/\(name).c", WasmBuild.all[2].arguments, to: "\(name)-host.wasm")
            return try build.bulkhead(wasm, .auto, loops: WasmBuild.all[2].loops, to: "\(name)-host.so")
        }
        let threads = ProcessInfo.processInfo.activeProcessorCount
        bench_unpin()
        var samples = [Samples(), Samples()]
        var switches = [Samples(), Samples()]
        for round in -1..<min(build.options.rounds, 7) {
            for (position, shape) in [(processes: 1, threads: threads), (processes: Self.processes, threads: 1)]
                .enumerated()
            {
                let (rate, changes) = try Self.measure(shape.processes, shape.threads, artifacts)
                if round < 0 { continue }
                samples[position].values.append(rate)
                switches[position].values.append(changes)
            }
        }
        print(
            """

            \(Self.tenants) tenants with functions that hash, fill templates and filter by regular expressions; \(Self.underWay) requests under way

            """)
        var table = Table(rows: [["", "requests a second", "context switches a request"]])
        for (position, name) in ["one process, \(threads) threads", "\(Self.processes) processes"].enumerated() {
            table.rows.append(
                [
                    name, "\(Int(samples[position].median)) ±\(Int(samples[position].spread))",
                    switches[position].median.formatted(2),
                ])
        }
        table.print()
        print("one process by fifteen: \(samples[0].ratios(to: samples[1]).median.formatted(2))")
        return zip(["one process", "fifteen processes"], samples).map {
            Record(section: "functions", name: $0, configuration: "", unit: "requests/s", $1)
        }
    }

    /// Requests a second, and context switches of the hosts for each.
    private static func measure(_ processes: Int, _ threads: Int, _ artifacts: [String]) throws -> (Double, Double) {
        var sockets: [Int32] = []
        var children: [pid_t] = []
        for _ in 0..<processes {
            var theirs: [Int32] = []
            for _ in 0..<threads {
                var pair: [Int32] = [0, 0]
                guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &pair) == 0 else {
                    throw Failure("no sockets")
                }
                _ = fcntl(pair[0], F_SETFD, FD_CLOEXEC)
                sockets.append(pair[0])
                theirs.append(pair[1])
            }
            var arguments: [UnsafeMutablePointer<CChar>?] =
                ([CommandLine.arguments[0], childCommand, "\(tenants / processes)", "\(threads)"]
                + theirs.map { "\($0)" } + artifacts)
                .map { strdup($0) } + [nil]
            defer { for argument in arguments { free(argument) } }
            var child: pid_t = 0
            guard posix_spawn(&child, "/proc/self/exe", nil, nil, &arguments, environ) == 0 else {
                throw Failure("can't spawn")
            }
            for socket in theirs { close(socket) }
            children.append(child)
        }
        // Each says when it is ready.
        var word: UInt32 = 0
        for socket in sockets {
            guard read(socket, &word, 4) == 4 else { throw Failure("a host of functions has ended") }
        }
        var random = SystemRandomNumberGenerator()
        func send(_ socket: Int32) {
            var request = UInt32.random(in: 0..<UInt32(tenants / processes), using: &random)
            _ = write(socket, &request, 4)
        }
        for position in 0..<underWay { send(sockets[position % sockets.count]) }
        var polled = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var count = 0
        let start = Date()
        while -start.timeIntervalSinceNow < seconds {
            _ = poll(&polled, nfds_t(polled.count), 100)
            for entry in polled where entry.revents & Int16(POLLIN) != 0 {
                guard read(entry.fd, &word, 4) == 4 else { throw Failure("a host of functions has ended") }
                count += 1
                send(entry.fd)
            }
        }
        let rate = Double(count) / -start.timeIntervalSinceNow
        for socket in sockets { close(socket) }
        var changes = 0
        for child in children {
            var status: Int32 = 0
            var usage = rusage()
            wait4(child, &status, 0, &usage)
            changes += usage.ru_nvcsw + usage.ru_nivcsw
        }
        return (rate, Double(changes) / Double(count))
    }

    // MARK: - The host

    /// `tenants threads sockets… artifacts…`
    static func child(_ arguments: [String]) throws {
        let numbers = arguments.compactMap(Int32.init)
        guard numbers.count >= 2 else { throw Failure("no numbers") }
        let tenants = Int(numbers[0])
        let sockets = numbers[2...]
        let pool = try InstancePool(.init(slots: tenants, maximumMemory: 16 << 20))
        let templates = try arguments.dropFirst(numbers.count).map {
            try InstanceTemplate(Engine().load(artifact: $0)[0])
        }
        // All tenants have been there once.
        do {
            let all = try (0..<tenants).map { Tenant(try pool.lease(templates[$0 % templates.count])) }
            _ = all.count
        }
        let workers = sockets.map { socket in
            Thread {
                var word: UInt32 = 0
                _ = write(socket, &word, 4)
                while read(socket, &word, 4) == 4 {
                    let tenant = Int(word)
                    do {
                        try pool.withInstance(of: templates[tenant % templates.count], waitingUpTo: .seconds(10)) {
                            instance in
                            word = try instance.exports[function: "run"]?.typed(as: ((UInt32) -> UInt32).self)(1) ?? 0
                        }
                    } catch {
                        print(error)
                        return
                    }
                    _ = write(socket, &word, 4)
                }
            }
        }
        for worker in workers { worker.start() }
        while workers.contains(where: { !$0.isFinished }) { usleep(1000) }
    }

    private final class Tenant {
        let lease: InstanceLease
        init(_ lease: consuming InstanceLease) { self.lease = lease }
    }
}
