import CWASI
import Glibc

// MARK: - Arguments and variables

extension WASIContext {
    func argsGet(_ memory: GuestMemory, argv: UInt32, buffer: UInt32) throws(Errno) {
        try store(arguments, in: memory, pointers: argv, buffer: buffer)
    }

    func argsSizesGet(_ memory: GuestMemory, count: UInt32, size: UInt32) throws(Errno) {
        try storeSizes(of: arguments, in: memory, count: count, size: size)
    }

    func environGet(_ memory: GuestMemory, environ: UInt32, buffer: UInt32) throws(Errno) {
        try store(environment, in: memory, pointers: environ, buffer: buffer)
    }

    func environSizesGet(_ memory: GuestMemory, count: UInt32, size: UInt32) throws(Errno) {
        try storeSizes(of: environment, in: memory, count: count, size: size)
    }

    private func store(
        _ strings: [[UInt8]], in memory: GuestMemory, pointers: UInt32, buffer: UInt32
    ) throws(Errno) {
        let bytes = strings.flatMap { $0 }
        let pointers = try memory.records(at: pointers, count: UInt32(strings.count), stride: 4)
        let content = try memory.buffer(at: buffer, count: UInt64(bytes.count))
        content.copyBytes(from: bytes)
        var address = buffer
        for (index, string) in strings.enumerated() {
            pointers[index].store(address, at: 0)
            address &+= UInt32(string.count)
        }
    }

    private func storeSizes(
        of strings: [[UInt8]], in memory: GuestMemory, count: UInt32, size: UInt32
    ) throws(Errno) {
        let count = try memory.cell(at: count, as: UInt32.self)
        let size = try memory.cell(at: size, as: UInt32.self)
        count.store(UInt32(strings.count))
        size.store(UInt32(strings.reduce(0) { $0 + $1.count }))
    }
}

// MARK: - Clocks

extension WASIContext {
    func clockResGet(_ memory: GuestMemory, id: UInt32, resolution: UInt32) throws(Errno) {
        let cell = try memory.cell(at: resolution, as: UInt64.self)
        guard let id = WASIClockID(rawValue: id), let value = clocks.resolution(id) else { throw .inval }
        cell.store(max(1, value))
    }

    /// The precision that the guest would be content with makes no difference.
    func clockTimeGet(_ memory: GuestMemory, id: UInt32, time: UInt32) throws(Errno) {
        let cell = try memory.cell(at: time, as: UInt64.self)
        guard let id = WASIClockID(rawValue: id), let value = clocks.now(id) else { throw .inval }
        cell.store(value)
    }
}

extension WASIClockID {
    fileprivate var host: clockid_t {
        switch self {
        case .realtime: CLOCK_REALTIME
        case .monotonic: CLOCK_MONOTONIC
        case .processCPUTime: CLOCK_PROCESS_CPUTIME_ID
        case .threadCPUTime: CLOCK_THREAD_CPUTIME_ID
        }
    }
}

/// The host's clocks, as they are.
@Sendable public func hostClockResolution(_ id: WASIClockID) -> UInt64? {
    var resolution = timespec()
    guard clock_getres(id.host, &resolution) == 0 else { return nil }
    return resolution.nanoseconds
}

@Sendable public func hostClockTime(_ id: WASIClockID) -> UInt64? {
    var time = timespec()
    guard clock_gettime(id.host, &time) == 0 else { return nil }
    return time.nanoseconds
}

// MARK: - Random bytes

extension WASIContext {
    func randomGet(_ memory: GuestMemory, buffer: UInt32, count: UInt32) throws(Errno) {
        let buffer = try memory.buffer(at: buffer, count: UInt64(count))
        guard buffer.isEmpty || random(buffer) else { throw .io }
    }
}

/// From the kernel.
@Sendable public func hostRandom(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
    var rest = buffer[...]
    while !rest.isEmpty {
        let piece = UnsafeMutableRawBufferPointer(rebasing: rest)
        let count = try? hostCall { cwasi_getrandom(piece.baseAddress, piece.count) }
        guard let count, count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

// MARK: - The process

/// The guest has ended, as a process would.
public struct WASIExit: Error, Sendable, Hashable {
    public let code: UInt32

    public init(code: UInt32) {
        self.code = code
    }
}

extension WASIContext {
    func schedYield() {
        sched_yield()
    }

    /// The instance is the process. What would end it ends it, with the status that a shell reports; what is ignored by
    /// default is ignored; and nothing could ever continue one that stops.
    func procRaise(_ signal: UInt32) throws(WASIExit) -> Errno {
        guard let signal = Signal(rawValue: signal) else { return .inval }
        switch signal {
        case .none, .pipe, .chld, .cont, .urg, .winch:
            return .success
        case .stop, .tstp, .ttin, .ttou:
            return .notsup
        case .hup, .int, .quit, .ill, .trap, .abrt, .bus, .fpe, .kill, .usr1, .segv, .usr2, .alrm, .term, .xcpu, .xfsz,
            .vtalrm, .prof, .poll, .pwr, .sys:
            throw WASIExit(code: 128 + signal.rawValue)
        }
    }
}
