/// Spec: `filetype`.
package enum FileType: UInt8, Sendable {
    case unknown, blockDevice, characterDevice, directory, regularFile, socketDatagram, socketStream, symbolicLink
}

/// Spec: `clockid`.
public enum WASIClockID: UInt32, Sendable, CaseIterable {
    case realtime, monotonic, processCPUTime, threadCPUTime
}

/// Spec: `whence`.
enum Whence: UInt32 {
    case set, cur, end
}

/// Spec: `advice`.
enum Advice: UInt32 {
    case normal, sequential, random, willNeed, dontNeed, noReuse
}

/// Spec: `eventtype`.
enum EventType: UInt8 {
    case clock, fdRead, fdWrite
}

/// Spec: `signal`.
enum Signal: UInt32 {
    case none, hup, int, quit, ill, trap, abrt, bus, fpe, kill, usr1, segv, usr2, pipe, alrm, term, chld, cont, stop
    case tstp, ttin, ttou, urg, xcpu, xfsz, vtalrm, prof, winch, poll, pwr, sys
}

/// A set of flags as a guest passes it: in an `i32`, with no bit set that the specification does not name.
protocol GuestFlags: OptionSet where RawValue: FixedWidthInteger {
    static var all: Self { get }
}

extension GuestFlags {
    init(guest value: UInt32) throws(Errno) {
        guard let rawValue = RawValue(exactly: value), rawValue & ~Self.all.rawValue == 0 else { throw .inval }
        self.init(rawValue: rawValue)
    }
}

/// Spec: `fdflags`.
package struct FDFlags: GuestFlags, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let append = FDFlags(rawValue: 1 << 0)
    package static let dsync = FDFlags(rawValue: 1 << 1)
    package static let nonblock = FDFlags(rawValue: 1 << 2)
    package static let rsync = FDFlags(rawValue: 1 << 3)
    package static let sync = FDFlags(rawValue: 1 << 4)
    static let all: FDFlags = [.append, .dsync, .nonblock, .rsync, .sync]
    static let synchronizing: FDFlags = [.dsync, .rsync, .sync]
}

/// Spec: `oflags`.
package struct OpenFlags: GuestFlags, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let creat = OpenFlags(rawValue: 1 << 0)
    package static let directory = OpenFlags(rawValue: 1 << 1)
    package static let excl = OpenFlags(rawValue: 1 << 2)
    package static let trunc = OpenFlags(rawValue: 1 << 3)
    static let all: OpenFlags = [.creat, .directory, .excl, .trunc]
}

/// Spec: `lookupflags`.
struct LookupFlags: GuestFlags {
    let rawValue: UInt32

    static let symlinkFollow = LookupFlags(rawValue: 1 << 0)
    static let all: LookupFlags = [.symlinkFollow]
}

/// Spec: `fstflags`.
struct FileStatFlags: GuestFlags {
    let rawValue: UInt16

    static let atim = FileStatFlags(rawValue: 1 << 0)
    static let atimNow = FileStatFlags(rawValue: 1 << 1)
    static let mtim = FileStatFlags(rawValue: 1 << 2)
    static let mtimNow = FileStatFlags(rawValue: 1 << 3)
    static let all: FileStatFlags = [.atim, .atimNow, .mtim, .mtimNow]
}

/// Spec: `riflags`.
struct ReceiveFlags: GuestFlags {
    let rawValue: UInt16

    static let peek = ReceiveFlags(rawValue: 1 << 0)
    static let waitAll = ReceiveFlags(rawValue: 1 << 1)
    static let all: ReceiveFlags = [.peek, .waitAll]
}

/// Spec: `siflags`.
struct SendFlags: GuestFlags {
    let rawValue: UInt16

    static let all: SendFlags = []
}

/// Spec: `sdflags`.
struct ShutdownFlags: GuestFlags {
    let rawValue: UInt8

    static let read = ShutdownFlags(rawValue: 1 << 0)
    static let write = ShutdownFlags(rawValue: 1 << 1)
    static let all: ShutdownFlags = [.read, .write]
}

/// Spec: `subclockflags`.
struct SubscriptionClockFlags: OptionSet {
    let rawValue: UInt16

    static let absoluteTime = SubscriptionClockFlags(rawValue: 1 << 0)
}
