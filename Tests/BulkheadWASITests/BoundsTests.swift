import BulkheadWASI
import Foundation
import Testing

/// Every function with every pointer at, across and beyond the end of memory.
@Suite(.timeLimit(.minutes(1)))
struct BoundsTests {
    /// A pointer parameter and how many bytes there are behind it.
    struct Pointer: Sendable {
        var index: Int
        var size: Int
    }

    /// A call that does not fail with `fault`, and its pointers.
    struct Call: Sendable, CustomTestStringConvertible {
        var name: String
        var slots: [UInt64]
        var pointers: [Pointer]

        init(_ name: String, _ slots: [UInt64], _ pointers: [(Int, Int)] = []) {
            self.name = name
            self.slots = slots
            self.pointers = pointers.map { Pointer(index: $0.0, size: $0.1) }
        }

        var testDescription: String { name }
    }

    /// Descriptors: 3 a directory, 4 a connection, 5 a file. At 512 lies the path `file`; at 1024 zeros.
    static let calls: [Call] = [
        Call("args_get", [1024, 2048], [(0, 8), (1, 8)]),
        Call("args_sizes_get", [1024, 2048], [(0, 4), (1, 4)]),
        Call("environ_get", [1024, 2048], [(0, 4), (1, 6)]),
        Call("environ_sizes_get", [1024, 2048], [(0, 4), (1, 4)]),
        Call("clock_res_get", [0, 1024], [(1, 8)]),
        Call("clock_time_get", [0, 0, 1024], [(2, 8)]),
        Call("fd_advise", [5, 0, 0, 0]),
        Call("fd_allocate", [5, 0, 1]),
        Call("fd_close", [99]),
        Call("fd_datasync", [5]),
        Call("fd_fdstat_get", [5, 1024], [(1, 24)]),
        Call("fd_fdstat_set_flags", [5, 0]),
        Call("fd_fdstat_set_rights", [99, 0, 0]),
        Call("fd_filestat_get", [5, 1024], [(1, 64)]),
        Call("fd_filestat_set_size", [5, 0]),
        Call("fd_filestat_set_times", [5, 0, 0, 0]),
        Call("fd_pread", [5, 1024, 2, 0, 2048], [(1, 16), (4, 4)]),
        Call("fd_prestat_get", [3, 1024], [(1, 8)]),
        Call("fd_prestat_dir_name", [3, 1024, 4], [(1, 4)]),
        Call("fd_pwrite", [5, 1024, 2, 0, 2048], [(1, 16), (4, 4)]),
        Call("fd_read", [5, 1024, 2, 2048], [(1, 16), (3, 4)]),
        Call("fd_readdir", [3, 1024, 100, 0, 2048], [(1, 100), (4, 4)]),
        Call("fd_renumber", [99, 98]),
        Call("fd_seek", [5, 0, 0, 1024], [(3, 8)]),
        Call("fd_sync", [5]),
        Call("fd_tell", [5, 1024], [(1, 8)]),
        Call("fd_write", [5, 1024, 2, 2048], [(1, 16), (3, 4)]),
        Call("path_create_directory", [3, 512, 4], [(1, 4)]),
        Call("path_filestat_get", [3, 0, 512, 4, 1024], [(2, 4), (4, 64)]),
        Call("path_filestat_set_times", [3, 0, 512, 4, 0, 0, 0], [(2, 4)]),
        Call("path_link", [3, 0, 512, 4, 3, 512, 4], [(2, 4), (5, 4)]),
        Call("path_open", [3, 0, 512, 4, 0, 0, 0, 0, 1024], [(2, 4), (8, 4)]),
        Call("path_readlink", [3, 512, 4, 1024, 100, 2048], [(1, 4), (3, 100), (5, 4)]),
        Call("path_remove_directory", [3, 512, 4], [(1, 4)]),
        Call("path_rename", [3, 512, 4, 3, 512, 4], [(1, 4), (4, 4)]),
        Call("path_symlink", [512, 4, 3, 512, 4], [(0, 4), (3, 4)]),
        Call("path_unlink_file", [3, 512, 4], [(1, 4)]),
        Call("poll_oneoff", [1024, 2048, 2, 512], [(0, 96), (1, 64), (3, 4)]),
        Call("proc_raise", [0]),
        Call("sched_yield", []),
        Call("random_get", [1024, 100], [(0, 100)]),
        Call("sock_accept", [4, 0, 1024]),
        Call("sock_recv", [4, 1024, 2, 0, 2048, 2052], [(1, 16), (4, 4), (5, 2)]),
        Call("sock_send", [4, 1024, 2, 0, 2048], [(1, 16), (4, 4)]),
        Call("sock_shutdown", [4, 0]),
    ]

    let directory: TemporaryDirectory
    let guest: Guest
    let peer: Int32

    init() throws {
        directory = try TemporaryDirectory()
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        var configuration = WASIConfiguration()
        configuration.arguments = ["abc", "def"]
        configuration.environment = ["A": "bcd"]
        configuration.preopens = [WASIPreopen(guestPath: "/abc", source: .path(directory.path))]
        configuration.sockets = [ends[0]]
        guest = try Guest(configuration)
        close(ends[0])
        peer = ends[1]
        try directory.makeFile("file", "content")
        #expect(try guest.opened("file") == 5)
        #expect(try guest.call("fd_fdstat_set_flags", 4, FDFlags.nonblock.rawValue) == .success)
        prepare()
    }

    private func prepare() {
        guest.store([UInt8](repeating: 0, count: guest.size), at: 0)
        guest.store(Array("file".utf8), at: 512)
    }

    @Test func everyFunctionIsAmongTheCalls() {
        #expect(Set(Self.calls.map(\.name)).union(["proc_exit"]) == Set(WASIFunction.all.map(\.name)))
    }

    @Test(arguments: calls)
    func pointersAreChecked(call: Call) throws {
        defer { close(peer) }
        #expect(try guest.call(call.name, slots: call.slots) != .fault)
        for pointer in call.pointers {
            let limit = UInt64(guest.size)
            let size = UInt64(pointer.size)
            let inside: [UInt64] = [0, 1, limit - size]
            let outside: [UInt64] = [
                limit - size + 1, limit - 1, limit, limit + 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF - size,
                0xFFFF_FFFF - size + 1, 0xFFFF_FFFE, 0xFFFF_FFFF,
            ]
            for address in inside + outside {
                prepare()
                var slots = call.slots
                slots[pointer.index] = address
                let errno = try guest.call(call.name, slots: slots)
                #expect(
                    (errno == .fault) == outside.contains(address),
                    "parameter \(pointer.index) at \(address) of \(limit): \(errno)")
                if errno == .fault {
                    // Nothing has been written that a good pointer was for.
                    let others = call.pointers.filter { $0.index != pointer.index && slots[$0.index] >= 1024 }
                    for other in others {
                        let bytes = guest.bytes(at: UInt32(slots[other.index]), count: other.size)
                        #expect(bytes.allSatisfy { $0 == 0 }, "parameter \(other.index)")
                    }
                }
                // What the file was called may have changed.
                try directory.makeFile("file", "content")
            }
        }
    }

    /// Parameters that say how long something is, too long for the memory.
    @Test(
        arguments: [
            ("fd_prestat_dir_name", [3, 1024, 4], 2), ("fd_readdir", [3, 1024, 100, 0, 2048], 2),
            ("path_create_directory", [3, 512, 4], 2), ("path_filestat_get", [3, 0, 512, 4, 1024], 3),
            ("path_filestat_set_times", [3, 0, 512, 4, 0, 0, 0], 3), ("path_link", [3, 0, 512, 4, 3, 512, 4], 3),
            ("path_link", [3, 0, 512, 4, 3, 512, 4], 6), ("path_open", [3, 0, 512, 4, 0, 0, 0, 0, 1024], 3),
            ("path_readlink", [3, 512, 4, 1024, 100, 2048], 2), ("path_readlink", [3, 512, 4, 1024, 100, 2048], 4),
            ("path_remove_directory", [3, 512, 4], 2), ("path_rename", [3, 512, 4, 3, 512, 4], 2),
            ("path_rename", [3, 512, 4, 3, 512, 4], 5), ("path_symlink", [512, 4, 3, 512, 4], 1),
            ("path_symlink", [512, 4, 3, 512, 4], 4), ("path_unlink_file", [3, 512, 4], 2),
            ("random_get", [1024, 100], 1),
        ] as [(String, [UInt64], Int)])
    func lengthsAreChecked(name: String, slots: [UInt64], index: Int) throws {
        defer { close(peer) }
        for length: UInt64 in [UInt64(guest.size), 0x7FFF_FFFF, 0xFFFF_FFFF - 512, 0xFFFF_FFFF] {
            var slots = slots
            slots[index] = length
            #expect(try guest.call(name, slots: slots) == .fault, "\(length)")
        }
        #expect(try directory.names() == ["file"])
    }

    /// What vectors point to is checked like the rest.
    @Test(arguments: ["fd_read", "fd_pread", "fd_write", "fd_pwrite", "sock_recv", "sock_send"])
    func vectorsAreChecked(name: String) throws {
        defer { close(peer) }
        guard let call = Self.calls.first(where: { $0.name == name }) else { return }
        let limit = UInt32(guest.size)
        let bad: [(UInt32, UInt32)] = [
            (limit, 1), (limit - 1, 2), (limit + 1, 0), (0, limit + 1), (0, .max), (.max, 0), (.max, 1), (.max, .max),
            (0x8000_0000, 0x8000_0000), (limit, .max - limit + 1),
        ]
        for (address, count) in bad {
            for position in [UInt32(0), 8] {
                prepare()
                guest.store(address, at: 1024 + position)
                guest.store(count, at: 1024 + position + 4)
                #expect(try guest.call(name, slots: call.slots) == .fault, "\(address) \(count)")
            }
        }
        prepare()
        guest.store(limit, at: 1024)
        #expect(try guest.call(name, slots: call.slots) != .fault)
    }

    /// A memory without a single byte.
    @Test func anEmptyMemoryHasNoPlaces() throws {
        defer { close(peer) }
        let memory = GuestMemory(base: guest.base, count: 0)
        #expect(GuestMemory(base: guest.base, count: -1).count == 0)
        for call in Self.calls where !call.pointers.isEmpty {
            let function = try #require(Guest.functions[call.name])
            var slots = call.slots
            for pointer in call.pointers { slots[pointer.index] = 0 }
            try slots.withUnsafeMutableBufferPointer { buffer in
                try function.body(guest.context, memory, try #require(buffer.baseAddress))
            }
            #expect(slots[0] == UInt64(Errno.fault.rawValue), "\(call.name)")
        }
    }
}
