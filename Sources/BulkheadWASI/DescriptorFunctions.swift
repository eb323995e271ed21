import Glibc

extension WASIContext {
    func fdClose(fd: UInt32) throws(Errno) {
        try table.close(fd)
    }

    func fdRenumber(from: UInt32, to: UInt32) throws(Errno) {
        try table.renumber(from, to: to)
    }

    func fdFdstatGet(_ memory: GuestMemory, fd: UInt32, result: UInt32) throws(Errno) {
        let file = try table.file(fd)
        let record = try memory.record(at: result, size: FDStat.size)
        FDStat(type: file.kind.type, flags: file.flags, base: file.base, inheriting: file.inheriting)
            .store(in: record)
    }

    /// Linux cannot change how a descriptor synchronizes once it is open. Where the embedder has the same open file
    /// description, not waiting is emulated and appending is left as it is.
    func fdFdstatSetFlags(fd: UInt32, flags: UInt32) throws(Errno) {
        let file = try table.file(fd, .fdFdstatSetFlags)
        let flags = try FDFlags(guest: flags)
        let fixed: FDFlags = file.isShared ? [.synchronizing, .append] : .synchronizing
        guard flags.intersection(fixed) == file.flags.intersection(fixed) else { throw .notsup }
        if !file.isShared { try file.host.set(flags) }
        file.flags = flags
    }

    func fdFdstatSetRights(fd: UInt32, base: UInt64, inheriting: UInt64) throws(Errno) {
        try table.file(fd).restrict(base: WASIRights(rawValue: base), inheriting: WASIRights(rawValue: inheriting))
    }

    func fdPrestatGet(_ memory: GuestMemory, fd: UInt32, result: UInt32) throws(Errno) {
        // Where the preopens end, a C library finds `badf`.
        guard let name = try table.file(fd).preopenName else { throw .badf }
        let record = try memory.record(at: result, size: PreopenStat.size)
        PreopenStat(nameLength: UInt32(name.count)).store(in: record)
    }

    func fdPrestatDirName(_ memory: GuestMemory, fd: UInt32, path: UInt32, count: UInt32) throws(Errno) {
        guard let name = try table.file(fd).preopenName else { throw .badf }
        let buffer = try memory.buffer(at: path, count: UInt64(count))
        guard buffer.count >= name.count else { throw .nametoolong }
        buffer.copyBytes(from: name)
    }
}
