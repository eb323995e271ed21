import Glibc

extension FDFlags {
    private static let hostFlags: [(FDFlags, Int32)] = [
        (.append, O_APPEND), (.nonblock, O_NONBLOCK), (.dsync, O_DSYNC), (.rsync, O_RSYNC), (.sync, O_SYNC),
    ]

    /// As open(2) takes them.
    var host: Int32 {
        Self.hostFlags.reduce(0) { contains($1.0) ? $0 | $1.1 : $0 }
    }

    /// Out of what F_GETFL says. Linux has one bit pattern for `rsync` and `sync`, which is reported as `sync`.
    init(host flags: Int32) {
        self = []
        for (flag, host) in Self.hostFlags where flags & host == host { insert(flag) }
        if contains(.sync) { subtract([.dsync, .rsync]) }
    }
}

extension HostDescriptor {
    func flags() throws(Errno) -> FDFlags {
        FDFlags(host: try call { fcntl($0, F_GETFL) })
    }

    /// Sets the two that can be changed after opening.
    func set(_ flags: FDFlags) throws(Errno) {
        let settable = flags.intersection([.append, .nonblock]).host
        _ = try call { fcntl($0, F_SETFL, settable) }
    }
}
