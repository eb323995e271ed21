import BulkheadWASI
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SocketTests {
    private static let stream = Int32(SOCK_STREAM.rawValue)
    private static let datagram = Int32(SOCK_DGRAM.rawValue)

    /// Closed with its owner.
    private final class Socket {
        let number: Int32

        init(_ number: Int32) throws {
            try #require(number >= 0)
            self.number = number
        }

        deinit { close(number) }
    }

    /// A guest with one end of a pair at descriptor 3, and the other end.
    private func connected(_ type: Int32 = stream) throws -> (Guest, Socket) {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        let (given, kept) = (try Socket(ends[0]), try Socket(ends[1]))
        var configuration = WASIConfiguration()
        configuration.sockets = [given.number]
        return (try Guest(configuration), kept)
    }

    /// A guest with a socket that listens on the loopback interface at descriptor 3, and its port.
    private func listening(maximumDescriptors: Int = 1024) throws -> (Guest, in_port_t) {
        let listener = try Socket(socket(AF_INET, Self.stream, 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener.number, $0, size) == 0 && listen(listener.number, 8) == 0
                    && getsockname(listener.number, $0, &size) == 0
            }
        }
        try #require(isListening)
        var configuration = WASIConfiguration()
        configuration.sockets = [listener.number]
        configuration.maximumDescriptors = maximumDescriptors
        return (try Guest(configuration), address.sin_port)
    }

    private func connect(to port: in_port_t) throws -> Socket {
        let client = try Socket(socket(AF_INET, Self.stream, 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(client.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        return client
    }

    private func receive(_ socket: Socket) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(socket.number, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    @Test func messagesGoBothWays() throws {
        let (guest, peer) = try connected()
        let pieces = guest.vectors([(guest.put(Array("Hel".utf8)), 3), (guest.put(Array("lo".utf8)), 2)])
        #expect(try guest.call("sock_send", 3, pieces, 2, 0, 0) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 5)
        #expect(receive(peer) == "Hello")

        #expect(send(peer.number, "answer", 6, 0) == 6)
        let parts = guest.vectors([(512, 2), (520, 100)])
        guest.store(UInt32.max, at: 8)
        #expect(try guest.call("sock_recv", 3, parts, 2, 1, 0, 8) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 6)
        #expect(guest.load(UInt32.self, at: 8) == 0xFFFF_0000)
        #expect(guest.text(at: 512, count: 2) == "an")
        // That was a look; this takes it.
        #expect(try guest.call("sock_recv", 3, parts, 2, 0, 0, 8) == .success)
        #expect(guest.text(at: 520, count: 4) == "swer")

        #expect(try guest.write("plain", to: 3) == (.success, 5))
        #expect(receive(peer) == "plain")
        #expect(send(peer.number, "too", 3, 0) == 3)
        #expect(try guest.read(3) == (.success, "too"))
    }

    @Test func waitingForAll() throws {
        let (guest, peer) = try connected()
        let number = peer.number
        #expect(send(number, "one", 3, 0) == 3)
        Thread.detachNewThread {
            usleep(30000)
            _ = send(number, "two", 3, 0)
        }
        let parts = guest.vectors([(512, 6)])
        #expect(try guest.call("sock_recv", 3, parts, 1, 2, 0, 8) == .success)
        #expect(guest.text(at: 512, count: 6) == "onetwo")
        withExtendedLifetime(peer) {}
    }

    @Test func datagramsAreCutOffAndSaySo() throws {
        let (guest, peer) = try connected(Self.datagram)
        #expect(send(peer.number, "datagram", 8, 0) == 8)
        #expect(send(peer.number, "second", 6, 0) == 6)
        let parts = guest.vectors([(512, 4)])
        #expect(try guest.call("sock_recv", 3, parts, 1, 0, 0, 8) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 4)
        #expect(guest.load(UInt16.self, at: 8) == 1)
        #expect(try guest.read(3) == (.success, "second"))
        #expect(try guest.call("fd_fdstat_get", 3, 0) == .success)
        #expect(guest.load(UInt8.self, at: 0) == 5)
    }

    @Test func notWaiting() throws {
        let (guest, peer) = try connected()
        #expect(try guest.call("fd_fdstat_set_flags", 3, FDFlags.nonblock.rawValue) == .success)
        let parts = guest.vectors([(512, 4)])
        #expect(try guest.call("sock_recv", 3, parts, 1, 0, 0, 8) == .again)
        #expect(try guest.read(3).errno == .again)
        var result = Errno.success
        let much = guest.vectors([(8192, 50000)])
        while result == .success { result = try guest.call("sock_send", 3, much, 1, 0, 0) }
        #expect(result == .again)
        withExtendedLifetime(peer) {}
    }

    @Test func shuttingDown() throws {
        let (guest, peer) = try connected()
        for how: UInt32 in [0, 4, 255, 256, .max] { #expect(try guest.call("sock_shutdown", 3, how) == .inval) }
        #expect(try guest.call("sock_shutdown", 3, 2) == .success)
        #expect(receive(peer) == "")
        #expect(try guest.write("x", to: 3).errno == .pipe)
        let data = guest.vectors([(0, 1)])
        #expect(try guest.call("sock_send", 3, data, 1, 0, 0) == .pipe)
        #expect(try guest.call("sock_shutdown", 3, 3) == .success)
        #expect(try guest.read(3) == (.success, ""))
    }

    @Test func connectionsAreAccepted() throws {
        let (guest, port) = try listening()
        #expect(try guest.call("fd_fdstat_get", 3, 0) == .success)
        #expect(guest.load(UInt8.self, at: 0) == 6)
        #expect(try guest.rights(of: 3) == (.listener, .connection))
        let client = try connect(to: port)
        #expect(try guest.call("sock_accept", 3, FDFlags.nonblock.rawValue, 0) == .success)
        let accepted = guest.load(UInt32.self, at: 0)
        #expect(accepted == 4)
        #expect(try guest.rights(of: accepted).base == .connection)
        #expect(try guest.read(accepted).errno == .again)
        #expect(try guest.write("hello", to: accepted) == (.success, 5))
        #expect(receive(client) == "hello")
        #expect(try guest.call("fd_close", accepted) == .success)
        #expect(receive(client) == "")
    }

    @Test func nothingToAccept() throws {
        let (guest, port) = try listening()
        #expect(try guest.call("fd_fdstat_set_flags", 3, FDFlags.nonblock.rawValue) == .success)
        #expect(try guest.call("sock_accept", 3, 0, 0) == .again)
        for flags: UInt32 in [1, 2, 0x20, .max] { #expect(try guest.call("sock_accept", 3, flags, 0) == .inval) }
        // A connection is not lost to a call that cannot say which it got.
        let client = try connect(to: port)
        #expect(try guest.call("sock_accept", 3, 0, guest.size - 3) == .fault)
        #expect(try guest.call("sock_accept", 3, 0, 0) == .success)
        withExtendedLifetime(client) {}
    }

    @Test func connectionsBeyondTheLimitStayWithTheHost() throws {
        let (guest, port) = try listening(maximumDescriptors: 5)
        let clients = [try connect(to: port), try connect(to: port)]
        #expect(try guest.call("sock_accept", 3, 0, 0) == .success)
        #expect(try guest.call("sock_accept", 3, 0, 0) == .mfile)
        #expect(try guest.call("fd_close", 4) == .success)
        #expect(try guest.call("sock_accept", 3, 0, 0) == .success)
        withExtendedLifetime(clients) {}
    }

    @Test func connectionsDoNotListen() throws {
        let (guest, peer) = try connected()
        #expect(try guest.call("sock_accept", 3, 0, 0) == .notcapable)
        withExtendedLifetime(peer) {}
    }

    @Test func onlySocketsAreSockets() throws {
        let directory = try TemporaryDirectory()
        let guest = try Guest(directory)
        let file = try guest.opened("file", .creat)
        let vectors = guest.vectors([(512, 4)])
        for fd in [0, 1, 3, file] {
            #expect(try guest.call("sock_shutdown", fd, 1) == .notsock)
            #expect(try guest.call("sock_accept", fd, 0, 0) == .notsock)
            #expect(try guest.call("sock_recv", fd, vectors, 1, 0, 0, 8) == .notsock)
            #expect(try guest.call("sock_send", fd, vectors, 1, 0, 0) == .notsock)
        }
        #expect(try guest.call("sock_shutdown", 99, 1) == .badf)
        #expect(try guest.call("sock_accept", 99, 0, 0) == .badf)
        var configuration = WASIConfiguration()
        let null = open("/dev/null", O_RDWR)
        defer { close(null) }
        configuration.sockets = [null]
        #expect(throws: WASISetupError.self) { try WASIContext(configuration) }
    }

    @Test func flagsAndRightsAreChecked() throws {
        let (guest, peer) = try connected()
        let vectors = guest.vectors([(512, 4)])
        for flags: UInt32 in [4, 0x8000, 0x10000, .max] {
            #expect(try guest.call("sock_recv", 3, vectors, 1, flags, 0, 8) == .inval)
            #expect(try guest.call("sock_send", 3, vectors, 1, flags, 0) == .inval)
        }
        #expect(try guest.call("sock_send", 3, vectors, 1, 1, 0) == .inval)
        #expect(try guest.call("fd_fdstat_set_rights", 3, 0, 0) == .success)
        #expect(try guest.call("sock_recv", 3, vectors, 1, 0, 0, 8) == .notcapable)
        #expect(try guest.call("sock_send", 3, vectors, 1, 0, 0) == .notcapable)
        #expect(try guest.call("sock_shutdown", 3, 1) == .notcapable)
        #expect(try guest.call("fd_seek", 3, 0, 0, 0) == .spipe)
        withExtendedLifetime(peer) {}
    }

    /// A peer cannot hand the guest, and so the host, descriptors.
    @Test func descriptorsThatAPeerSendsAreDropped() throws {
        let (guest, peer) = try connected()
        let directory = try TemporaryDirectory()
        try directory.makeFile("sent")
        let sent = try Socket(open(directory["sent"], O_RDONLY))
        var control = [UInt8](repeating: 0, count: 24)
        control.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: 20, toByteOffset: 0, as: Int.self)
            bytes.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            bytes.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
            bytes.storeBytes(of: sent.number, toByteOffset: 16, as: Int32.self)
        }
        var byte: UInt8 = 65
        let result = control.withUnsafeMutableBytes { control in
            withUnsafeMutableBytes(of: &byte) { data in
                var vector = iovec(iov_base: data.baseAddress, iov_len: 1)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return sendmsg(peer.number, &message, 0)
                }
            }
        }
        try #require(result == 1)
        let parts = guest.vectors([(512, 4)])
        #expect(try guest.call("sock_recv", 3, parts, 1, 0, 0, 8) == .success)
        #expect(guest.load(UInt8.self, at: 512) == 65)
        #expect(try directory.hostDescriptors() == [sent.number])
    }
}
