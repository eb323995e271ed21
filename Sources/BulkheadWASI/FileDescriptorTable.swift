import Glibc

/// What a guest's descriptor stands for.
final class OpenFile {
    let host: HostDescriptor
    let kind: FileKind
    private(set) var base: WASIRights
    private(set) var inheriting: WASIRights
    /// As the guest set them.
    var flags: FDFlags
    /// Nothing reached through here can be changed, whatever the rights say.
    let isReadOnly: Bool
    /// The open file description is the embedder's too, so its flags are not the guest's to change.
    let isShared: Bool
    /// The path under which the guest finds this directory from the start.
    let preopenName: [UInt8]?

    /// Rights that mean nothing for the kind of file are left out.
    init(
        _ host: HostDescriptor, kind: FileKind, base: WASIRights, inheriting: WASIRights = [], flags: FDFlags = [],
        isReadOnly: Bool = false, isShared: Bool = false, preopenName: [UInt8]? = nil
    ) {
        self.host = host
        self.kind = kind
        self.base = base.intersection(kind.rights)
        self.inheriting =
            switch kind {
            case .directory: inheriting.intersection(.inDirectory)
            case .listener: inheriting.intersection(.connection)
            case .regular, .blockDevice, .characterDevice, .terminal, .pipe, .other, .connection: []
            }
        self.flags = flags
        self.isReadOnly = isReadOnly
        self.isShared = isShared
        self.preopenName = preopenName
    }

    func require(_ rights: WASIRights) throws(Errno) {
        guard kind.rights.isSuperset(of: rights) else { throw kind.refusal(of: rights) }
        guard base.isSuperset(of: rights) else { throw .notcapable }
        if isReadOnly, !rights.isDisjoint(with: .changing) { throw .rofs }
    }

    func restrict(base: WASIRights, inheriting: WASIRights) throws(Errno) {
        guard self.base.isSuperset(of: base), self.inheriting.isSuperset(of: inheriting) else { throw .notcapable }
        self.base = base
        self.inheriting = inheriting
    }
}

/// The descriptors of one instance, numbered from 0 without gaps below the highest ever used.
struct FileDescriptorTable {
    private var files: [OpenFile?] = []
    /// No free number is below this.
    private var lowestFree = 0
    private let limit: Int

    /// - Parameter limit: How many descriptors there may be.
    init(limit: Int) {
        self.limit = limit
    }

    subscript(fd: UInt32) -> OpenFile? {
        guard let index = Int(exactly: fd), files.indices.contains(index) else { return nil }
        return files[index]
    }

    func file(_ fd: UInt32) throws(Errno) -> OpenFile {
        guard let file = self[fd] else { throw .badf }
        return file
    }

    func file(_ fd: UInt32, _ rights: WASIRights) throws(Errno) -> OpenFile {
        let file = try file(fd)
        try file.require(rights)
        return file
    }

    func directory(_ fd: UInt32, _ rights: WASIRights) throws(Errno) -> OpenFile {
        let file = try file(fd)
        guard file.kind == .directory else { throw .notdir }
        try file.require(rights)
        return file
    }

    /// Finds a number for a descriptor before the work that makes one.
    mutating func reserve() throws(Errno) -> Reservation {
        while lowestFree < files.count, files[lowestFree] != nil { lowestFree += 1 }
        guard lowestFree < limit, let number = UInt32(exactly: lowestFree) else { throw .mfile }
        return Reservation(number: number)
    }

    /// The lowest free number, good until the table changes.
    struct Reservation {
        let number: UInt32
    }

    mutating func insert(_ file: OpenFile, at reservation: Reservation) {
        let index = Int(reservation.number)
        if index == files.count {
            files.append(file)
        } else {
            files[index] = file
        }
    }

    mutating func close(_ fd: UInt32) throws(Errno) {
        _ = try file(fd)
        let index = Int(fd)
        files[index] = nil
        lowestFree = min(lowestFree, index)
    }

    /// Both must be open, so that a guest cannot make the table larger than its descriptors.
    mutating func renumber(_ from: UInt32, to: UInt32) throws(Errno) {
        let file = try file(from)
        _ = try self.file(to)
        guard from != to else { return }
        files[Int(to)] = file
        try close(from)
    }
}
