import Glibc

/// What every function of preview 1 returns. Spec: `errno`.
package enum Errno: UInt16, Error, Sendable, CaseIterable {
    case success = 0
    /// `2big`: argument list too long.
    case toobig
    case acces, addrinuse, addrnotavail, afnosupport, again, already
    case badf, badmsg, busy
    case canceled, child, connaborted, connrefused, connreset
    case deadlk, destaddrreq, dom, dquot
    case exist
    case fault, fbig
    case hostunreach
    case idrm, ilseq, inprogress, intr, inval, io, isconn, isdir
    case loop
    case mfile, mlink, msgsize, multihop
    case nametoolong, netdown, netreset, netunreach, nfile, nobufs, nodev, noent, noexec, nolck, nolink, nomem, nomsg
    case noprotoopt, nospc, nosys, notconn, notdir, notempty, notrecoverable, notsock, notsup, notty, nxio
    case overflow, ownerdead
    case perm, pipe, proto, protonosupport, prototype
    case range, rofs
    case spipe, srch, stale
    case timedout, txtbsy
    case xdev
    /// The descriptor lacks a right, or a path leads out of the directory it is resolved in.
    case notcapable
}

extension Errno {
    /// The meaning of a Linux error number; `io` for one that preview 1 has no word for.
    package init(host code: Int32) {
        self =
            switch code {
            case 0: .success
            case E2BIG: .toobig
            case EACCES: .acces
            case EADDRINUSE: .addrinuse
            case EADDRNOTAVAIL: .addrnotavail
            case EAFNOSUPPORT, EPFNOSUPPORT: .afnosupport
            case EAGAIN: .again
            case EALREADY: .already
            case EBADF: .badf
            case EBADMSG: .badmsg
            case EBUSY: .busy
            case ECANCELED: .canceled
            case ECHILD: .child
            case ECONNABORTED: .connaborted
            case ECONNREFUSED: .connrefused
            case ECONNRESET: .connreset
            case EDEADLK: .deadlk
            case EDESTADDRREQ: .destaddrreq
            case EDOM: .dom
            case EDQUOT: .dquot
            case EEXIST: .exist
            case EFAULT: .fault
            case EFBIG: .fbig
            case EHOSTUNREACH, EHOSTDOWN: .hostunreach
            case EIDRM: .idrm
            case EILSEQ: .ilseq
            case EINPROGRESS: .inprogress
            case EINTR: .intr
            case EINVAL: .inval
            case EIO: .io
            case EISCONN: .isconn
            case EISDIR: .isdir
            case ELOOP: .loop
            case EMFILE: .mfile
            case EMLINK: .mlink
            case EMSGSIZE: .msgsize
            case EMULTIHOP: .multihop
            case ENAMETOOLONG: .nametoolong
            case ENETDOWN: .netdown
            case ENETRESET: .netreset
            case ENETUNREACH: .netunreach
            case ENFILE: .nfile
            case ENOBUFS: .nobufs
            case ENODEV: .nodev
            case ENOENT: .noent
            case ENOEXEC: .noexec
            case ENOLCK: .nolck
            case ENOLINK: .nolink
            case ENOMEM: .nomem
            case ENOMSG: .nomsg
            case ENOPROTOOPT: .noprotoopt
            case ENOSPC: .nospc
            case ENOSYS: .nosys
            case ENOTCONN: .notconn
            case ENOTDIR: .notdir
            case ENOTEMPTY: .notempty
            case ENOTRECOVERABLE: .notrecoverable
            case ENOTSOCK: .notsock
            case ENOTSUP: .notsup
            case ENOTTY: .notty
            case ENXIO: .nxio
            case EOVERFLOW: .overflow
            case EOWNERDEAD: .ownerdead
            case EPERM: .perm
            case EPIPE, ESHUTDOWN: .pipe
            case EPROTO: .proto
            case EPROTONOSUPPORT: .protonosupport
            case EPROTOTYPE: .prototype
            case ERANGE: .range
            case EROFS: .rofs
            case ESPIPE: .spipe
            case ESRCH: .srch
            case ESTALE: .stale
            case ETIMEDOUT: .timedout
            case ETXTBSY: .txtbsy
            case EXDEV: .xdev
            default: .io
            }
    }
}
