import Glibc

// MARK: - Opening

extension WASIContext {
    func pathOpen(
        _ memory: GuestMemory, fd: UInt32, lookup: UInt32, path: UInt32, count: UInt32, flags: UInt32, base: UInt64,
        inheriting: UInt64, descriptorFlags: UInt32, result: UInt32
    ) throws(Errno) {
        let directory = try table.directory(fd, .pathOpen)
        let cell = try memory.cell(at: result, as: UInt32.self)
        let path = try GuestPath(memory, at: path, count: count)
        let follow = try LookupFlags(guest: lookup).contains(.symlinkFollow)
        let request = OpenRequest(
            flags: try OpenFlags(guest: flags), descriptorFlags: try FDFlags(guest: descriptorFlags),
            base: WASIRights(rawValue: base), inheriting: WASIRights(rawValue: inheriting))
        try request.check(in: directory)

        let reservation = try table.reserve()
        let host = try resolver.open(path, in: directory.host, flags: request.hostFlags, follow: follow)
        let kind = try FileKind(host)
        switch kind {
        case .regular, .directory: break
        // Nothing waits to be opened, but waits to be read from if the guest likes.
        case .blockDevice, .characterDevice, .terminal, .pipe, .other, .connection, .listener:
            if !request.descriptorFlags.contains(.nonblock) { try host.set(request.descriptorFlags) }
        }
        let file = OpenFile(
            host, kind: kind, base: request.base, inheriting: request.inheriting, flags: request.descriptorFlags,
            isReadOnly: directory.isReadOnly)
        table.insert(file, at: reservation)
        cell.store(reservation.number)
    }
}

/// How a guest wants a file opened.
private struct OpenRequest {
    let flags: OpenFlags
    let descriptorFlags: FDFlags
    let base: WASIRights
    let inheriting: WASIRights

    private var writes: Bool { !base.isDisjoint(with: .writing) }

    func check(in directory: OpenFile) throws(Errno) {
        guard directory.inheriting.isSuperset(of: base.union(inheriting)) else { throw .notcapable }
        var needed: WASIRights = []
        if flags.contains(.creat) { needed.insert(.pathCreateFile) }
        if flags.contains(.trunc) { needed.insert(.pathFilestatSetSize) }
        try directory.require(needed)
        if descriptorFlags.contains(.dsync), !directory.inheriting.contains(.fdDatasync) { throw .notcapable }
        if !descriptorFlags.isDisjoint(with: [.rsync, .sync]), !directory.inheriting.contains(.fdSync) {
            throw .notcapable
        }
        if writes, directory.isReadOnly { throw .rofs }
        // Kernels differ, and some make a file before they fail.
        if flags.isSuperset(of: [.creat, .directory]) { throw .inval }
    }

    /// Always not to wait: what a path names is anybody's choice, and a pipe would wait for its other end.
    var hostFlags: Int32 {
        let reads = !base.isDisjoint(with: [.fdRead, .fdReaddir])
        var host = O_NONBLOCK | descriptorFlags.host | (writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY)
        if flags.contains(.creat) { host |= O_CREAT }
        if flags.contains(.directory) { host |= O_DIRECTORY }
        if flags.contains(.excl) { host |= O_EXCL }
        if flags.contains(.trunc) { host |= O_TRUNC }
        return host
    }
}

// MARK: - Looking

extension WASIContext {
    func pathFilestatGet(
        _ memory: GuestMemory, fd: UInt32, lookup: UInt32, path: UInt32, count: UInt32, result: UInt32
    ) throws(Errno) {
        let directory = try table.directory(fd, .pathFilestatGet)
        let record = try memory.record(at: result, size: FileStat.size)
        let location = try find(memory, path, count, lookup, in: directory)
        var status = stat()
        _ = try location.call { fstatat($0, $1, &status, AT_SYMLINK_NOFOLLOW) }
        FileStat(status, type: FileType(mode: status.st_mode)).store(in: record)
    }

    func pathFilestatSetTimes(
        _ memory: GuestMemory, fd: UInt32, lookup: UInt32, path: UInt32, count: UInt32, accessed: UInt64,
        modified: UInt64, flags: UInt32
    ) throws(Errno) {
        let directory = try table.directory(fd, .pathFilestatSetTimes)
        let times = try FileTimes(accessed: accessed, modified: modified, flags: flags)
        let location = try find(memory, path, count, lookup, in: directory)
        _ = try location.call { utimensat($0, $1, [times.accessed, times.modified], AT_SYMLINK_NOFOLLOW) }
    }

    func pathReadlink(
        _ memory: GuestMemory, fd: UInt32, path: UInt32, count: UInt32, buffer: UInt32, size: UInt32, result: UInt32
    ) throws(Errno) {
        let directory = try table.directory(fd, .pathReadlink)
        let cell = try memory.cell(at: result, as: UInt32.self)
        let buffer = try memory.buffer(at: buffer, count: UInt64(size))
        let location = try find(memory, path, count, 0, in: directory)
        let target = try location.readLink().prefix(buffer.count)
        buffer.copyBytes(from: target)
        cell.store(UInt32(target.count))
    }

    /// - Parameter lookup: As the guest gave it.
    private func find(
        _ memory: GuestMemory, _ path: UInt32, _ count: UInt32, _ lookup: UInt32, in directory: OpenFile
    ) throws(Errno) -> Location {
        let path = try GuestPath(memory, at: path, count: count)
        let follow = try LookupFlags(guest: lookup).contains(.symlinkFollow)
        return try resolver.location(of: path, in: directory.host, .lookup(follow: follow))
    }
}

// MARK: - Making and removing entries

extension WASIContext {
    func pathCreateDirectory(_ memory: GuestMemory, fd: UInt32, path: UInt32, count: UInt32) throws(Errno) {
        let entry = try entry(memory, path, count, in: try table.directory(fd, .pathCreateDirectory))
        _ = try entry.call { mkdirat($0, $1, 0o777) }
    }

    func pathRemoveDirectory(_ memory: GuestMemory, fd: UInt32, path: UInt32, count: UInt32) throws(Errno) {
        let entry = try entry(memory, path, count, in: try table.directory(fd, .pathRemoveDirectory))
        _ = try entry.call { unlinkat($0, $1, AT_REMOVEDIR) }
    }

    func pathUnlinkFile(_ memory: GuestMemory, fd: UInt32, path: UInt32, count: UInt32) throws(Errno) {
        let entry = try entry(memory, path, count, in: try table.directory(fd, .pathUnlinkFile))
        _ = try entry.call { unlinkat($0, $1, 0) }
    }

    func pathSymlink(
        _ memory: GuestMemory, target: UInt32, targetCount: UInt32, fd: UInt32, path: UInt32, count: UInt32
    ) throws(Errno) {
        let directory = try table.directory(fd, .pathSymlink)
        // Whoever follows the link may be less careful than we are: at least it is not to name a file of the host's.
        let target = try GuestPath(memory, at: target, count: targetCount)
        let entry = try entry(memory, path, count, in: directory)
        _ = try entry.call { number, name in
            target.bytes.withPath { symlinkat($0, number, name) }
        }
    }

    func pathLink(
        _ memory: GuestMemory, fd: UInt32, lookup: UInt32, path: UInt32, count: UInt32, newFD: UInt32,
        newPath: UInt32, newCount: UInt32
    ) throws(Errno) {
        let source = try table.directory(fd, .pathLinkSource)
        let target = try table.directory(newFD, .pathLinkTarget)
        let new = try GuestPath(memory, at: newPath, count: newCount)
        let file = try find(memory, path, count, lookup, in: source)
        let entry = try resolver.location(of: new, in: target.host, .entry)
        try call(file, entry) { linkat($0, $1, $2, $3, 0) }
    }

    func pathRename(
        _ memory: GuestMemory, fd: UInt32, path: UInt32, count: UInt32, newFD: UInt32, newPath: UInt32,
        newCount: UInt32
    ) throws(Errno) {
        let source = try table.directory(fd, .pathRenameSource)
        let target = try table.directory(newFD, .pathRenameTarget)
        let new = try GuestPath(memory, at: newPath, count: newCount)
        let old = try entry(memory, path, count, in: source)
        let entry = try resolver.location(of: new, in: target.host, .entry)
        try call(old, entry) { renameat($0, $1, $2, $3) }
    }

    private func entry(
        _ memory: GuestMemory, _ path: UInt32, _ count: UInt32, in directory: OpenFile
    ) throws(Errno) -> Location {
        try resolver.location(of: try GuestPath(memory, at: path, count: count), in: directory.host, .entry)
    }

    private func call(
        _ old: Location, _ new: Location,
        _ call: (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>) -> Int32
    ) throws(Errno) {
        _ = try old.directory.call { oldDirectory in
            old.name.withPath { oldName in
                withExtendedLifetime(new) {
                    new.name.withPath { call(oldDirectory, oldName, new.directory.number, $0) }
                }
            }
        }
    }
}
