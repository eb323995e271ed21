import CWASI
import Glibc

/// A file descriptor of the host, closed when nothing holds this any more.
final class HostDescriptor {
    /// Open only for as long as this is held.
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A second descriptor for what `number`, which stays the caller's, is open on.
    convenience init(duplicating number: Int32) throws(Errno) {
        self.init(owning: try hostCall { fcntl(number, F_DUPFD_CLOEXEC, 0) })
    }

    /// Calls the host with the number; the descriptor is open until `call` returns.
    func call<Result: FixedWidthInteger & SignedInteger>(_ call: (Int32) -> Result) throws(Errno) -> Result {
        try withExtendedLifetime(self) { () throws(Errno) in try hostCall { call(number) } }
    }

    /// Hands out the number, to be closed by whoever takes it: a duplicate, because this one stays open.
    func duplicate() throws(Errno) -> Int32 {
        try call { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    }

    func status() throws(Errno) -> stat {
        var status = stat()
        _ = try call { fstat($0, &status) }
        return status
    }
}

/// Calls the host until it is not interrupted, and turns -1 into the error it stands for.
func hostCall<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    while true {
        let result = call()
        guard result == -1 else { return result }
        let code = errno
        if code != EINTR { throw Errno(host: code) }
    }
}

/// Does what can raise `signal`, whose usual action is to end the process, on this thread, and takes the signal back:
/// a guest that writes where nobody reads, or past the host's limit, gets an error and the host lives on.
func holding<Result>(_ signal: Int32, raisedWith cause: Errno, _ body: () throws(Errno) -> Result) throws(Errno)
    -> Result
{
    var held = sigset_t()
    var former = sigset_t()
    var pending = sigset_t()
    sigemptyset(&held)
    sigaddset(&held, signal)
    pthread_sigmask(SIG_BLOCK, &held, &former)
    sigpending(&pending)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    do throws(Errno) {
        return try body()
    } catch {
        // One that was pending before is not ours to take.
        if error == cause, sigismember(&pending, signal) == 0 {
            var noTime = timespec()
            while sigtimedwait(&held, nil, &noTime) == -1, errno == EINTR {}
        }
        throw error
    }
}

/// What a descriptor is open on, as far as it matters to what may be done with it.
enum FileKind: Equatable {
    case regular, directory, blockDevice, characterDevice, terminal, pipe, other
    case connection(FileType)
    case listener(FileType)

    init(_ descriptor: HostDescriptor) throws(Errno) {
        self.init(descriptor, status: try descriptor.status())
    }

    init(_ descriptor: HostDescriptor, status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFBLK: self = .blockDevice
        case S_IFIFO: self = .pipe
        case S_IFCHR:
            self = withExtendedLifetime(descriptor) { isatty(descriptor.number) == 1 } ? .terminal : .characterDevice
        case S_IFSOCK:
            let type: FileType =
                descriptor.socketOption(SO_TYPE) == CInt(SOCK_DGRAM.rawValue) ? .socketDatagram : .socketStream
            self = descriptor.socketOption(SO_ACCEPTCONN) == 1 ? .listener(type) : .connection(type)
        default: self = .other
        }
    }

    var type: FileType {
        switch self {
        case .regular: .regularFile
        case .directory: .directory
        case .blockDevice: .blockDevice
        case .characterDevice, .terminal: .characterDevice
        case .pipe, .other: .unknown
        case .connection(let type), .listener(let type): type
        }
    }

    var isSocket: Bool {
        switch self {
        case .connection, .listener: true
        case .regular, .directory, .blockDevice, .characterDevice, .terminal, .pipe, .other: false
        }
    }

    /// The rights that mean something here. A guest's C library takes a character device it may not seek in for a
    /// terminal.
    var rights: WASIRights {
        switch self {
        case .regular, .blockDevice, .characterDevice: .regularFile
        case .directory: .directory
        case .terminal, .pipe, .other: .stream
        case .connection: .connection
        case .listener: .listener
        }
    }

    /// Why something that needs `rights`, which are not all among those above, cannot be done here.
    func refusal(of rights: WASIRights) -> Errno {
        let missing = rights.subtracting(self.rights)
        if self == .directory { return .isdir }
        if !missing.isDisjoint(with: [.sockAccept, .sockShutdown]) { return isSocket ? .notcapable : .notsock }
        if !missing.isDisjoint(with: WASIRights.directory.subtracting(.regularFile)) { return .notdir }
        if !missing.isDisjoint(with: .seeking) { return .spipe }
        return isSocket ? .notcapable : .inval
    }
}

extension HostDescriptor {
    fileprivate func socketOption(_ option: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard (try? call { getsockopt($0, SOL_SOCKET, option, &value, &size) }) != nil else { return nil }
        return value
    }
}

extension FileType {
    init(mode: mode_t) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .regularFile
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFBLK: .blockDevice
            case S_IFCHR: .characterDevice
            case S_IFSOCK: .socketStream
            default: .unknown
            }
    }
}
