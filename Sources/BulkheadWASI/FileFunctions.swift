import CWASI
import Glibc

// MARK: - Reading and writing

extension WASIContext {
    func fdRead(_ memory: GuestMemory, fd: UInt32, iovs: UInt32, count: UInt32, result: UInt32) throws(Errno) {
        let file = try table.file(fd, .fdRead)
        let cell = try memory.cell(at: result, as: UInt32.self)
        var vectors = try IOVectors(memory, at: iovs, count: count)
        try waitIfShared(file, for: POLLIN)
        cell.store(try vectors.call(file.host) { readv($0, $1.baseAddress, Int32($1.count)) })
    }

    func fdWrite(_ memory: GuestMemory, fd: UInt32, iovs: UInt32, count: UInt32, result: UInt32) throws(Errno) {
        let file = try table.file(fd, .fdWrite)
        let cell = try memory.cell(at: result, as: UInt32.self)
        if file.kind.isSocket {
            cell.store(try send(file, memory, data: iovs, count: count))
            return
        }
        // Where a pipe or terminal is ready at all it takes this much without waiting.
        let limit = file.isShared && file.flags.contains(.nonblock) ? Int(PIPE_BUF) : IOVectors.maximumTotal
        var vectors = try IOVectors(memory, at: iovs, count: count, limit: limit)
        try waitIfShared(file, for: POLLOUT)
        let written = try writing(to: file) { () throws(Errno) in
            try vectors.call(file.host) { writev($0, $1.baseAddress, Int32($1.count)) }
        }
        cell.store(written)
    }

    func fdPread(
        _ memory: GuestMemory, fd: UInt32, iovs: UInt32, count: UInt32, offset: UInt64, result: UInt32
    ) throws(Errno) {
        let file = try table.file(fd, [.fdRead, .fdSeek])
        let cell = try memory.cell(at: result, as: UInt32.self)
        var vectors = try IOVectors(memory, at: iovs, count: count)
        let offset = try fileOffset(offset)
        cell.store(try vectors.call(file.host) { preadv($0, $1.baseAddress, Int32($1.count), offset) })
    }

    func fdPwrite(
        _ memory: GuestMemory, fd: UInt32, iovs: UInt32, count: UInt32, offset: UInt64, result: UInt32
    ) throws(Errno) {
        let file = try table.file(fd, [.fdWrite, .fdSeek])
        let cell = try memory.cell(at: result, as: UInt32.self)
        var vectors = try IOVectors(memory, at: iovs, count: count)
        let offset = try fileOffset(offset)
        let written = try writing(to: file) { () throws(Errno) in
            try vectors.call(file.host) { pwritev($0, $1.baseAddress, Int32($1.count), offset) }
        }
        cell.store(written)
    }

    func fdSeek(_ memory: GuestMemory, fd: UInt32, offset: Int64, whence: UInt32, result: UInt32) throws(Errno) {
        let file = try table.file(fd)
        guard let whence = Whence(rawValue: whence) else { throw .inval }
        // A right to seek is one to tell.
        let onlyTells = whence == .cur && offset == 0 && file.base.contains(.fdTell)
        try file.require(onlyTells ? .fdTell : .fdSeek)
        try seek(file, offset, whence, memory, result)
    }

    func fdTell(_ memory: GuestMemory, fd: UInt32, result: UInt32) throws(Errno) {
        let file = try table.file(fd)
        try file.require(file.base.contains(.fdSeek) ? .fdSeek : .fdTell)
        try seek(file, 0, .cur, memory, result)
    }

    private func seek(
        _ file: OpenFile, _ offset: Int64, _ whence: Whence, _ memory: GuestMemory, _ result: UInt32
    ) throws(Errno) {
        let cell = try memory.cell(at: result, as: UInt64.self)
        let origin =
            switch whence {
            case .set: SEEK_SET
            case .cur: SEEK_CUR
            case .end: SEEK_END
            }
        cell.store(UInt64(clamping: try file.host.call { lseek($0, off_t(offset), origin) }))
    }

    private func fileOffset(_ offset: UInt64) throws(Errno) -> off_t {
        guard let offset = off_t(exactly: offset) else { throw .inval }
        return offset
    }

    /// A description that is shared with the embedder stays as blocking as it was: what the guest wants not to wait for
    /// is asked about first.
    func waitIfShared(_ file: OpenFile, for events: Int32) throws(Errno) {
        guard file.isShared, file.flags.contains(.nonblock) else { return }
        let ready = try file.host.call { number in
            var request = pollfd(fd: number, events: Int16(events), revents: 0)
            return cwasi_ppoll(&request, 1, 0)
        }
        guard ready > 0 else { throw .again }
    }

    /// Does what changes a file, without letting the host be ended for it.
    private func writing<Result>(
        to file: OpenFile, _ body: () throws(Errno) -> Result
    ) throws(Errno) -> Result {
        if file.kind == .pipe { return try holding(SIGPIPE, raisedWith: .pipe, body) }
        if isFileSizeLimited { return try holding(SIGXFSZ, raisedWith: .fbig, body) }
        return try body()
    }
}

// MARK: - The file as a whole

extension WASIContext {
    func fdAdvise(fd: UInt32, offset: UInt64, length: UInt64, advice: UInt32) throws(Errno) {
        let file = try table.file(fd, .fdAdvise)
        guard let advice = Advice(rawValue: advice) else { throw .inval }
        let (offset, length) = (try fileOffset(offset), try fileOffset(length))
        let code = try file.host.call { posix_fadvise($0, offset, length, advice.host) }
        guard code == 0 else { throw Errno(host: code) }
    }

    /// Where the file system cannot, this is `notsup`; the C library's way of writing to every block is not taken.
    func fdAllocate(fd: UInt32, offset: UInt64, length: UInt64) throws(Errno) {
        let file = try table.file(fd, .fdAllocate)
        let (offset, length) = (try fileOffset(offset), try fileOffset(length))
        _ = try writing(to: file) { () throws(Errno) in
            try file.host.call { cwasi_fallocate($0, Int64(offset), Int64(length)) }
        }
    }

    func fdDatasync(fd: UInt32) throws(Errno) {
        _ = try table.file(fd, .fdDatasync).host.call { fdatasync($0) }
    }

    func fdSync(fd: UInt32) throws(Errno) {
        _ = try table.file(fd, .fdSync).host.call { fsync($0) }
    }

    func fdFilestatGet(_ memory: GuestMemory, fd: UInt32, result: UInt32) throws(Errno) {
        let file = try table.file(fd, .fdFilestatGet)
        let record = try memory.record(at: result, size: FileStat.size)
        FileStat(try file.host.status(), type: file.kind.type).store(in: record)
    }

    func fdFilestatSetSize(fd: UInt32, size: UInt64) throws(Errno) {
        let file = try table.file(fd, .fdFilestatSetSize)
        let size = try fileOffset(size)
        _ = try writing(to: file) { () throws(Errno) in
            try file.host.call { ftruncate($0, size) }
        }
    }

    func fdFilestatSetTimes(fd: UInt32, accessed: UInt64, modified: UInt64, flags: UInt32) throws(Errno) {
        let file = try table.file(fd, .fdFilestatSetTimes)
        let times = try FileTimes(accessed: accessed, modified: modified, flags: flags)
        _ = try file.host.call { futimens($0, [times.accessed, times.modified]) }
    }
}

/// What futimens(2) is to set.
struct FileTimes {
    let accessed: timespec
    let modified: timespec

    /// - Parameters:
    ///   - accessed: In nanoseconds since 1970.
    ///   - modified: Likewise.
    init(accessed: UInt64, modified: UInt64, flags: UInt32) throws(Errno) {
        let flags = try FileStatFlags(guest: flags)
        self.accessed = try Self.time(accessed, flags.contains(.atim), now: flags.contains(.atimNow))
        self.modified = try Self.time(modified, flags.contains(.mtim), now: flags.contains(.mtimNow))
    }

    private static func time(_ nanoseconds: UInt64, _ isSet: Bool, now: Bool) throws(Errno) -> timespec {
        switch (isSet, now) {
        case (true, true): throw .inval
        case (true, false): timespec(nanoseconds: nanoseconds)
        case (false, true): timespec(tv_sec: 0, tv_nsec: cwasi_UTIME_NOW)
        case (false, false): timespec(tv_sec: 0, tv_nsec: cwasi_UTIME_OMIT)
        }
    }
}

extension Advice {
    fileprivate var host: Int32 {
        switch self {
        case .normal: POSIX_FADV_NORMAL
        case .sequential: POSIX_FADV_SEQUENTIAL
        case .random: POSIX_FADV_RANDOM
        case .willNeed: POSIX_FADV_WILLNEED
        case .dontNeed: POSIX_FADV_DONTNEED
        case .noReuse: POSIX_FADV_NOREUSE
        }
    }
}
