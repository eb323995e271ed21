import BulkheadWASI
import Foundation
import Testing

/// Calls with anything at all. What is looked for is the end of the test process, and traces outside.
@Suite(.serialized)
struct FuzzTests {
    /// SplitMix64.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(next() % UInt64(elements.count))]
        }
    }

    private static let iterations = 25000
    private static let paths = [
        "a", "b", "c", "a/b", "a/../b", "..", "../outside", ".", "./a", "a/", "b//", "a/b/c", "/", "/etc/passwd",
        "link",
        "link/secret", "up", "up/outside/secret", "loop", "a/b/../../..", "../root/a", "", "x\0y", "ü",
        String(repeating: "n", count: 256),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3, 4] as [UInt64])
    func anyCallAtAll(seed: UInt64) throws {
        // In memory where there is such a file system, because a tenth of the calls are to wait for the disk.
        let directory = try TemporaryDirectory(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil)
        for name in ["root", "root/a", "outside"] { try directory.makeDirectory(name) }
        try directory.makeFile("outside/secret", "secret")
        try directory.makeLink("root/link", to: "../outside")
        try directory.makeLink("root/up", to: "..")
        try directory.makeLink("root/loop", to: "loop")
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }

        var random = Generator(state: seed)
        var outcomes: [String: Set<Errno>] = [:]
        var remaining = Self.iterations
        // A guest closes its descriptors sooner or later: then another one goes on.
        while remaining > 0 {
            var configuration = WASIConfiguration()
            configuration.arguments = ["fuzz", "x"]
            configuration.environment = ["A": "B"]
            configuration.preopens = [WASIPreopen(guestPath: "/", source: .path(directory["root"]))]
            configuration.sockets = [ends[0]]
            configuration.maximumDescriptors = 24
            configuration.pathResolution = random.pick(PathResolver.Method.allCases)
            let guest = try Guest(configuration)
            #expect(try guest.call("fd_fdstat_set_flags", 4, FDFlags.nonblock.rawValue) == .success)
            _ = try guest.open("b", .creat, rights: .regularFile)
            for _ in 0..<min(remaining, 500) {
                let function = random.pick(WASIFunction.all)
                guard function.name != "proc_exit" else { continue }
                fill(guest, &random)
                var slots =
                    random.next() % 2 == 0
                    ? arguments(of: function, &random) : plausibleArguments(of: function, guest, &random)
                limit(&slots, of: function.name, guest, &random)
                do {
                    outcomes[function.name, default: []].insert(try guest.call(function.name, slots: slots))
                } catch is WASIExit {
                    #expect(function.name == "proc_raise")
                }
            }
            remaining -= 500
        }

        #expect(try directory.names() == ["outside", "root"])
        #expect(try directory.names("outside") == ["secret"])
        #expect(try directory.content("outside/secret") == "secret")
        #expect(try directory.hostDescriptors() == [])
        // Random calls that all fail alike would show nothing.
        let succeeded = outcomes.filter { $0.value.contains(.success) }.count
        #expect(
            succeeded >= 40, "only \(outcomes.filter { !$0.value.contains(.success) }.keys.sorted()) never succeeded")
        #expect(outcomes.values.filter { $0.contains(.fault) }.count >= 28)
    }

    /// Puts something that has a meaning, or none, where the calls' pointers will be.
    private func fill(_ guest: Guest, _ random: inout Generator) {
        for _ in 0..<4 {
            let address = UInt32(random.next() % 64) * 64
            let content: [UInt8]
            switch random.next() % 3 {
            case 0:
                content = Array(random.pick(Self.paths).utf8)
            case 1:
                let words: [UInt32] = [
                    UInt32(random.next() % 65536), UInt32(random.next() % 128),
                    random.pick([0, 1, 65535, 65536, .max]), random.pick([0, 1, 4, 1 << 20, .max]),
                ]
                content = words.flatMap { word in withUnsafeBytes(of: word) { Array($0) } }
            default:
                content = (0..<48).map { _ in UInt8(truncatingIfNeeded: random.next() % 4) }
            }
            guest.store(content, at: address)
        }
    }

    private func arguments(of function: WASIFunction, _ random: inout Generator) -> [UInt64] {
        function.type.parameters.map { type in
            switch random.next() % 16 {
            case 0..<6: random.next() % 8
            case 6..<12: random.next() % 64 * 64
            case 12: random.pick([65532, 65535, 65536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF])
            case 13: random.next() & 0xFFFF_FFFF
            case 14: type == .i64 ? random.pick([.max, 1 << 63, 1 << 62, 1 << 32]) : random.next() % 256
            // An `i32` leaves a slot's high half to anything.
            default: random.next()
            }
        }
    }

    /// A call that might do something, with up to two parameters that are anything.
    private func plausibleArguments(
        of function: WASIFunction, _ guest: Guest, _ random: inout Generator
    ) -> [UInt64] {
        guard var slots = BoundsTests.calls.first(where: { $0.name == function.name })?.slots else { return [] }
        for index in slots.indices where slots[index] == 512 && slots.count > index + 1 && slots[index + 1] == 4 {
            let path = Array(random.pick(Self.paths).utf8)
            slots[index] = 512 * UInt64(index + 1)
            slots[index + 1] = UInt64(path.count)
            guest.store(path, at: UInt32(slots[index]))
        }
        if function.name == "path_open" {
            let rights: [WASIRights] = [[], .fdRead, .fdWrite, .regularFile, .directory, .inDirectory]
            slots[4] = random.next() % 16
            slots[5] = random.pick(rights).rawValue
            slots[6] = random.pick(rights).rawValue
        }
        let others = arguments(of: function, &random)
        for _ in 0..<random.next() % 3 where !slots.isEmpty {
            let index = Int(random.next() % UInt64(slots.count))
            slots[index] = others[index]
        }
        return slots
    }

    /// Keeps calls from waiting, or filling the disk, which they may do.
    private func limit(_ slots: inout [UInt64], of name: String, _ guest: Guest, _ random: inout Generator) {
        switch name {
        case "fd_allocate":
            slots[1] = random.pick([0, 100, .max, 1 << 62])
            slots[2] = random.pick([0, 1, 65536, .max])
        case "poll_oneoff":
            // The first subscription is a timer that has expired.
            slots[0] = 8192
            guest.store([UInt8](repeating: 0, count: 48), at: 8192)
            if slots[2] & 0xFFFF_FFFF > 64, random.next() % 4 != 0 { slots[2] = 1 + random.next() % 64 }
        case "fd_close", "fd_renumber", "fd_fdstat_set_rights":
            // Otherwise nothing stays open, or good for anything, for long.
            if random.next() % 8 != 0 { slots[0] |= 8 }
        default:
            break
        }
    }
}
