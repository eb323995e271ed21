import Glibc

/// Spec: `filestat`.
struct FileStat {
    static let size = 64

    var device: UInt64
    var inode: UInt64
    var type: FileType
    var links: UInt64
    var size: UInt64
    /// In nanoseconds since 1970, like the two below; earlier times are 0.
    var accessed: UInt64
    var modified: UInt64
    var changed: UInt64

    init(_ status: stat, type: FileType) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        self.type = type
        links = UInt64(status.st_nlink)
        size = UInt64(clamping: status.st_size)
        accessed = status.st_atim.nanoseconds
        modified = status.st_mtim.nanoseconds
        changed = status.st_ctim.nanoseconds
    }

    func store(in record: GuestRecord) {
        record.clear()
        record.store(device, at: 0)
        record.store(inode, at: 8)
        record.store(type.rawValue, at: 16)
        record.store(links, at: 24)
        record.store(size, at: 32)
        record.store(accessed, at: 40)
        record.store(modified, at: 48)
        record.store(changed, at: 56)
    }
}

/// Spec: `fdstat`.
struct FDStat {
    static let size = 24

    var type: FileType
    var flags: FDFlags
    var base: WASIRights
    var inheriting: WASIRights

    func store(in record: GuestRecord) {
        record.clear()
        record.store(type.rawValue, at: 0)
        record.store(flags.rawValue, at: 2)
        record.store(base.rawValue, at: 8)
        record.store(inheriting.rawValue, at: 16)
    }
}

/// The head of a directory entry; the name's bytes follow it. Spec: `dirent`.
struct DirectoryEntry {
    static let size = 24

    var next: UInt64
    var inode: UInt64
    var nameLength: UInt32
    var type: FileType

    /// As it stands in guest memory.
    var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.size)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.storeBytes(of: next.littleEndian, toByteOffset: 0, as: UInt64.self)
            buffer.storeBytes(of: inode.littleEndian, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: nameLength.littleEndian, toByteOffset: 16, as: UInt32.self)
            buffer.storeBytes(of: type.rawValue, toByteOffset: 20, as: UInt8.self)
        }
        return bytes
    }
}

/// Spec: `prestat`.
struct PreopenStat {
    static let size = 8

    var nameLength: UInt32

    func store(in record: GuestRecord) {
        record.clear()
        record.store(nameLength, at: 4)
    }
}

/// Spec: `subscription`.
struct Subscription {
    static let size = 48

    enum Content {
        /// `id` as the guest gave it; `timeout` in nanoseconds.
        case clock(id: UInt32, timeout: UInt64, flags: SubscriptionClockFlags)
        case read(fd: UInt32)
        case write(fd: UInt32)
    }

    var userdata: UInt64
    var content: Content

    init(_ record: GuestRecord) throws(Errno) {
        userdata = record.load(UInt64.self, at: 0)
        guard let type = EventType(rawValue: record.load(UInt8.self, at: 8)) else { throw .inval }
        switch type {
        case .clock:
            content = .clock(
                id: record.load(UInt32.self, at: 16), timeout: record.load(UInt64.self, at: 24),
                flags: SubscriptionClockFlags(rawValue: record.load(UInt16.self, at: 40)))
        case .fdRead:
            content = .read(fd: record.load(UInt32.self, at: 16))
        case .fdWrite:
            content = .write(fd: record.load(UInt32.self, at: 16))
        }
    }

    var type: EventType {
        switch content {
        case .clock: .clock
        case .read: .fdRead
        case .write: .fdWrite
        }
    }
}

/// Spec: `event`.
struct Event {
    static let size = 32

    var userdata: UInt64
    var error: Errno = .success
    var type: EventType
    /// How many bytes can be read or written at least.
    var available: UInt64 = 0
    var hungUp = false

    func store(in record: GuestRecord) {
        record.clear()
        record.store(userdata, at: 0)
        record.store(error.rawValue, at: 8)
        record.store(type.rawValue, at: 10)
        record.store(available, at: 16)
        record.store(UInt16(hungUp ? 1 : 0), at: 24)
    }
}

// MARK: - Times

let nanosecondsPerSecond: UInt64 = 1_000_000_000

extension timespec {
    /// 0 for a time before the clock's epoch, and the largest number for one beyond the year 2554.
    var nanoseconds: UInt64 {
        guard let seconds = UInt64(exactly: tv_sec) else { return 0 }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: nanosecondsPerSecond)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(clamping: tv_nsec))
        return overflow || carry ? .max : sum
    }

    init(nanoseconds: UInt64) {
        self.init(
            tv_sec: Int(nanoseconds / nanosecondsPerSecond), tv_nsec: Int(nanoseconds % nanosecondsPerSecond))
    }
}
