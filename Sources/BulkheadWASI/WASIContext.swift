import CWASI
import Glibc

/// What one instance has from WASI: its arguments and variables, its descriptors, its clocks. Used by one thread at a
/// time. Descriptors are closed when it goes away.
public final class WASIContext {
    /// Each with its NUL.
    let arguments: [[UInt8]]
    /// `NAME=value`, each with its NUL.
    let environment: [[UInt8]]
    let clocks: WASIClocks
    let random: @Sendable (UnsafeMutableRawBufferPointer) -> Bool
    let resolver: PathResolver
    var table: FileDescriptorTable
    /// Whether the host limits the size of files, and would end the process for a write beyond.
    let isFileSizeLimited: Bool
    private var pipes: [UInt32: HostDescriptor] = [:]

    public init(_ configuration: WASIConfiguration = WASIConfiguration()) throws(WASISetupError) {
        arguments = try Self.strings(configuration.arguments, of: "argument")
        environment = try Self.strings(Self.variables(configuration.environment), of: "environment variable")
        clocks = configuration.clocks
        random = configuration.random
        resolver = PathResolver(method: configuration.pathResolution ?? .best)
        table = FileDescriptorTable(limit: configuration.maximumDescriptors)
        isFileSizeLimited = Self.hostLimitsFileSize()

        try add(configuration.standardInput, as: STDIN_FILENO, "standard input")
        try add(configuration.standardOutput, as: STDOUT_FILENO, "standard output")
        try add(configuration.standardError, as: STDERR_FILENO, "standard error")
        for preopen in configuration.preopens { try add(preopen) }
        for socket in configuration.sockets { try add(socket: socket) }
    }

    /// The host's end of the pipe that the standard descriptor `fd` (0, 1 or 2) was made as, to be closed by the caller;
    /// `nil` if it is none, or has been taken.
    public func takePipe(_ fd: UInt32) -> Int32? {
        guard let end = pipes[fd], let number = try? end.duplicate() else { return nil }
        pipes[fd] = nil
        return number
    }

    // MARK: - Setting up

    private static func hostLimitsFileSize() -> Bool {
        var limit = rlimit()
        // RLIM_INFINITY is all ones.
        return getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) != 0 || limit.rlim_cur != rlim_t.max
    }

    private static func variables(_ environment: [String: String]) throws(WASISetupError) -> [String] {
        for name in environment.keys where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
            throw WASISetupError("\"\(name)\" cannot be the name of an environment variable")
        }
        return environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func strings(_ strings: [String], of what: String) throws(WASISetupError) -> [[UInt8]] {
        var total = 0
        var result: [[UInt8]] = []
        for string in strings {
            guard !string.utf8.contains(0) else { throw WASISetupError("a NUL byte in \(what) \"\(string)\"") }
            result.append(Array(string.utf8) + [0])
            total += string.utf8.count + 1
        }
        // Their addresses and bytes are to fit a memory of 32-bit addresses together.
        guard total + result.count * 4 <= Int(Int32.max) else { throw WASISetupError("\(what)s of \(total) bytes") }
        return result
    }

    private func add(_ stream: WASIStream, as number: Int32, _ what: String) throws(WASISetupError) {
        let isInput = number == STDIN_FILENO
        do throws(Errno) {
            let host: HostDescriptor
            switch stream {
            case .null:
                let flags = (isInput ? O_RDONLY : O_WRONLY) | O_CLOEXEC
                host = HostDescriptor(owning: try hostCall { Glibc.open("/dev/null", flags) })
            case .inherit:
                host = try HostDescriptor(duplicating: number)
            case .descriptor(let given):
                host = try HostDescriptor(duplicating: given)
            case .pipe:
                var ends: (Int32, Int32) = (-1, -1)
                _ = try withUnsafeMutableBytes(of: &ends) { bytes throws(Errno) in
                    try hostCall { cwasi_pipe(bytes.bindMemory(to: Int32.self).baseAddress) }
                }
                let (reading, writing) = (HostDescriptor(owning: ends.0), HostDescriptor(owning: ends.1))
                host = isInput ? reading : writing
                pipes[UInt32(number)] = isInput ? writing : reading
            }
            let kind = try FileKind(host)
            let rights = kind.rights.subtracting(isInput ? .output : [.fdRead])
            try insert(
                OpenFile(host, kind: kind, base: rights, flags: try host.flags(), isShared: stream.isShared))
        } catch {
            throw WASISetupError("\(what): \(error)")
        }
    }

    private func add(_ preopen: WASIPreopen) throws(WASISetupError) {
        do throws(Errno) {
            let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
            let number =
                switch preopen.source {
                case .path(let path): try hostCall { Glibc.open(path, flags) }
                case .descriptor(let directory): try hostCall { openat(directory, ".", flags) }
                }
            let name = Array(preopen.guestPath.utf8)
            guard name.count <= GuestPath.maximumLength else { throw .nametoolong }
            try insert(
                OpenFile(
                    HostDescriptor(owning: number), kind: .directory, base: preopen.rights,
                    inheriting: preopen.inheritingRights, isReadOnly: preopen.access == .readOnly, preopenName: name))
        } catch {
            throw WASISetupError("the directory for \(preopen.guestPath): \(error)")
        }
    }

    private func add(socket: Int32) throws(WASISetupError) {
        do throws(Errno) {
            let host = try HostDescriptor(duplicating: socket)
            let kind = try FileKind(host)
            guard kind.isSocket else { throw .notsock }
            try insert(
                OpenFile(
                    host, kind: kind, base: kind.rights, inheriting: .connection, flags: try host.flags(),
                    isShared: true))
        } catch {
            throw WASISetupError("socket \(socket): \(error)")
        }
    }

    private func insert(_ file: OpenFile) throws(Errno) {
        table.insert(file, at: try table.reserve())
    }
}

extension WASIStream {
    /// Whether somebody else has the same open file description.
    fileprivate var isShared: Bool {
        switch self {
        case .inherit, .descriptor: true
        case .null, .pipe: false
        }
    }
}

extension WASIRights {
    /// What a stream to read from does not need.
    fileprivate static let output: WASIRights = [.writing, .fdDatasync, .fdSync, .fdFilestatSetTimes]
}
