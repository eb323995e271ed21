import CWASI
import Glibc

extension WASIContext {
    func sockAccept(_ memory: GuestMemory, fd: UInt32, flags: UInt32, result: UInt32) throws(Errno) {
        let listener = try socket(fd, .sockAccept)
        let cell = try memory.cell(at: result, as: UInt32.self)
        let flags = try FDFlags(guest: flags)
        guard flags.isSubset(of: .nonblock) else { throw .inval }
        let reservation = try table.reserve()
        try waitIfShared(listener, for: POLLIN)
        let number = try listener.host.call { cwasi_accept($0, flags.contains(.nonblock) ? 1 : 0) }
        let host = HostDescriptor(owning: number)
        let file = OpenFile(host, kind: try FileKind(host), base: listener.inheriting, flags: flags)
        table.insert(file, at: reservation)
        cell.store(reservation.number)
    }

    func sockRecv(
        _ memory: GuestMemory, fd: UInt32, data: UInt32, count: UInt32, flags: UInt32, size: UInt32,
        resultFlags: UInt32
    ) throws(Errno) {
        let connection = try socket(fd, .fdRead)
        let sizeCell = try memory.cell(at: size, as: UInt32.self)
        let flagsCell = try memory.cell(at: resultFlags, as: UInt16.self)
        let flags = try ReceiveFlags(guest: flags)
        var vectors = try IOVectors(memory, at: data, count: count)
        var hostFlags = connection.messageFlags
        if flags.contains(.peek) { hostFlags |= Int32(MSG_PEEK) }
        if flags.contains(.waitAll) { hostFlags |= Int32(MSG_WAITALL) }
        var message = msghdr()
        // Descriptors that a peer sends are refused by having no room for them.
        let received = try vectors.call(connection.host) { number, buffer in
            message = msghdr(buffer)
            return recvmsg(number, &message, hostFlags)
        }
        sizeCell.store(received)
        flagsCell.store(message.msg_flags & Int32(MSG_TRUNC) != 0 ? 1 : 0)
    }

    func sockSend(
        _ memory: GuestMemory, fd: UInt32, data: UInt32, count: UInt32, flags: UInt32, size: UInt32
    ) throws(Errno) {
        let connection = try socket(fd, .fdWrite)
        let cell = try memory.cell(at: size, as: UInt32.self)
        _ = try SendFlags(guest: flags)
        cell.store(try send(connection, memory, data: data, count: count))
    }

    /// Without the signal that writing to a closed connection raises.
    func send(_ connection: OpenFile, _ memory: GuestMemory, data: UInt32, count: UInt32) throws(Errno) -> UInt32 {
        var vectors = try IOVectors(memory, at: data, count: count)
        let hostFlags = connection.messageFlags | Int32(MSG_NOSIGNAL)
        return try vectors.call(connection.host) { number, buffer in
            var message = msghdr(buffer)
            return sendmsg(number, &message, hostFlags)
        }
    }

    func sockShutdown(fd: UInt32, how: UInt32) throws(Errno) {
        let connection = try socket(fd, .sockShutdown)
        let how = try ShutdownFlags(guest: how)
        let channels: Int
        switch (how.contains(.read), how.contains(.write)) {
        case (true, true): channels = Int(SHUT_RDWR)
        case (true, false): channels = Int(SHUT_RD)
        case (false, true): channels = Int(SHUT_WR)
        case (false, false): throw .inval
        }
        _ = try connection.host.call { shutdown($0, Int32(channels)) }
    }

    private func socket(_ fd: UInt32, _ rights: WASIRights) throws(Errno) -> OpenFile {
        let file = try table.file(fd)
        guard file.kind.isSocket else { throw .notsock }
        try file.require(rights)
        return file
    }
}

extension OpenFile {
    /// For a description that is shared, the guest's wish not to wait goes along with every message.
    fileprivate var messageFlags: Int32 {
        isShared && flags.contains(.nonblock) ? Int32(MSG_DONTWAIT) : 0
    }
}

extension msghdr {
    fileprivate init(_ vectors: UnsafeMutableBufferPointer<iovec>) {
        self.init()
        msg_iov = vectors.baseAddress
        msg_iovlen = vectors.count
    }
}
