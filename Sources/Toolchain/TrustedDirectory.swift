import Glibc

/// A directory whose contents no other user (but root) can have put there or can replace.
///
/// That takes more than a look at the directory: whoever can write one of its parents can swap it. So the path is
/// walked from the root, one component at a time, each opened without following symbolic links and judged by what was
/// opened.
final class TrustedDirectory: Sendable {
    /// Open for reading; for `openat` and its kind.
    let descriptor: Int32
    /// Absolute, without symbolic links.
    let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Opens the directory, making it and its parents (mode 0700) where they are missing.
    /// - Parameters:
    ///   - path: absolute.
    ///   - use: what it is for, as error messages say it.
    static func open(_ path: String, use: String) throws(ToolchainError) -> TrustedDirectory {
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw .invalidArgument("\"\(path)\" cannot be \(use): its path must begin with /")
        }
        var walk = try Walk(use: use)
        try walk.descend(along: path)
        return try walk.finish()
    }

    /// Makes a new file, which must not exist. The caller removes it.
    func create(_ name: String, mode: mode_t = 0o600) throws(ToolchainError) -> FileDescriptor {
        try open(name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
    }

    /// As `FileDescriptor.open`; errors have the whole path.
    func open(_ name: String, _ flags: Int32, mode: mode_t = 0) throws(ToolchainError) -> FileDescriptor {
        do throws(ToolchainError) {
            return try .open(name, flags, mode: mode, in: descriptor)
        } catch {
            guard case .fileSystem(let operation, _, let code) = error else { throw error }
            throw .fileSystem(operation: operation, path: "\(path)/\(name)", code: code)
        }
    }

    /// The file, if there is one; refused if another user could have written it.
    func openFile(_ name: String, use: String) throws(ToolchainError) -> FileDescriptor? {
        let raw = openat(descriptor, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else {
            let code = errno
            switch code {
            case ENOENT: return nil
            case ELOOP: throw .untrusted(path: "\(path)/\(name)", problem: .symbolicLink, use: use)
            default: throw .fileSystem(operation: "open", path: "\(path)/\(name)", code: code)
            }
        }
        let file = FileDescriptor(owning: raw)
        let status = try file.status(of: name)
        guard status.isRegularFile else {
            throw .untrusted(path: "\(path)/\(name)", problem: .notRegularFile, use: use)
        }
        if let problem = Self.problem(with: status) {
            throw .untrusted(path: "\(path)/\(name)", problem: problem, use: use)
        }
        return file
    }

    func rename(_ name: String, to final: String) throws(ToolchainError) {
        guard renameat(descriptor, name, descriptor, final) == 0 else {
            throw .fileSystem(operation: "rename", path: "\(path)/\(name)", code: errno)
        }
    }

    func remove(_ name: String) {
        unlinkat(descriptor, name, 0)
    }

    /// Without following symbolic links; `nil` when there is nothing there.
    func status(of name: String) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// What lets another user than the current one and root change the file.
    static func problem(with status: stat) -> ToolchainError.TrustProblem? {
        guard status.st_uid == geteuid() || status.st_uid == 0 else { return .foreignOwner(status.st_uid) }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            return .writableByOthers(mode: status.st_mode & 0o7777)
        }
        return nil
    }
}

extension TrustedDirectory {
    /// A place on the way down.
    private struct Walk: ~Copyable {
        private static let maximumLinks = 40
        private static let maximumComponents = 512

        private let use: String
        private var names: [String] = []
        private var here: FileDescriptor
        private var status: stat
        private var links = 0
        private var steps = 0

        init(use: String) throws(ToolchainError) {
            self.use = use
            let root = try FileDescriptor.open("/", GNU.openPathOnly | O_DIRECTORY)
            status = try root.status(of: "/")
            here = root
        }

        private var path: String { "/" + names.joined(separator: "/") }

        private func path(of name: String) -> String { "/" + (names + [name]).joined(separator: "/") }

        mutating func descend(along target: String) throws(ToolchainError) {
            // Components still to be walked, the next one last: a symbolic link puts its own in front.
            var rest = Self.components(target)
            while let name = rest.popLast() {
                steps += 1
                guard steps <= Self.maximumComponents else {
                    throw .fileSystem(operation: "open", path: target, code: ENAMETOOLONG)
                }
                if name == ".." {
                    here = try .open("..", GNU.openPathOnly | O_DIRECTORY, in: here.raw)
                    status = try here.status(of: path)
                    _ = names.popLast()
                    continue
                }
                try judgeParent()
                let next = try open(name)
                let found = try next.status(of: path(of: name))
                if found.isSymbolicLink {
                    let owned = found.st_uid == geteuid() || found.st_uid == 0
                    guard owned else { throw refusal(name, .foreignOwner(found.st_uid)) }
                    links += 1
                    guard links <= Self.maximumLinks else {
                        throw .fileSystem(operation: "open", path: target, code: ELOOP)
                    }
                    let link = try Self.readLink(next, path: path(of: name))
                    if link.utf8.first == UInt8(ascii: "/") {
                        here = try .open("/", GNU.openPathOnly | O_DIRECTORY)
                        status = try here.status(of: "/")
                        names = []
                    }
                    rest += Self.components(link)
                    continue
                }
                guard found.isDirectory else { throw refusal(name, .notDirectory) }
                here = next
                status = found
                names.append(name)
            }
        }

        /// Opens the place for reading, judged as the directory that holds the files.
        consuming func finish() throws(ToolchainError) -> TrustedDirectory {
            if let problem = TrustedDirectory.problem(with: status) {
                throw .untrusted(path: path, problem: problem, use: use)
            }
            let path = path
            let raw = openat(here.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard raw >= 0 else { throw .fileSystem(operation: "open", path: path, code: errno) }
            return TrustedDirectory(descriptor: raw, path: path)
        }

        /// Opens a component, whatever it is; makes a directory if there is nothing.
        private func open(_ name: String) throws(ToolchainError) -> FileDescriptor {
            for _ in 0..<2 {
                let raw = openat(here.raw, name, GNU.openPathOnly | O_NOFOLLOW | O_CLOEXEC)
                if raw >= 0 { return FileDescriptor(owning: raw) }
                let code = errno
                guard code == ENOENT else { throw .fileSystem(operation: "open", path: path(of: name), code: code) }
                // Someone else may make it first; then it is opened and judged like any other.
                guard mkdirat(here.raw, name, 0o700) == 0 || errno == EEXIST else {
                    throw .fileSystem(operation: "mkdir", path: path(of: name), code: errno)
                }
            }
            throw .fileSystem(operation: "open", path: path(of: name), code: ENOENT)
        }

        /// Refuses the place if another user could replace what is in it. In a sticky directory such as /tmp only a
        /// thing's owner can, and owners are checked on the way.
        private func judgeParent() throws(ToolchainError) {
            switch TrustedDirectory.problem(with: status) {
            case nil: return
            case .writableByOthers where status.st_mode & S_ISVTX != 0: return
            case .some(let problem): throw .untrusted(path: path, problem: problem, use: use)
            }
        }

        private func refusal(_ name: String, _ problem: ToolchainError.TrustProblem) -> ToolchainError {
            .untrusted(path: path(of: name), problem: problem, use: use)
        }

        /// In reverse, without empty ones and `.`.
        private static func components(_ path: String) -> [String] {
            path.split(separator: "/").filter { $0 != "." }.reversed().map(String.init)
        }

        private static func readLink(_ link: borrowing FileDescriptor, path: String) throws(ToolchainError) -> String {
            let raw = link.raw
            var code: Int32 = 0
            let target = withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer -> String? in
                guard let start = buffer.baseAddress else { return nil }
                let count = readlinkat(raw, "", start.assumingMemoryBound(to: CChar.self), buffer.count)
                code = count < 0 ? errno : ENAMETOOLONG
                guard count >= 0, count < buffer.count else { return nil }
                return String(decoding: buffer[..<count], as: UTF8.self)
            }
            guard let target else { throw .fileSystem(operation: "readlink", path: path, code: code) }
            return target
        }
    }
}
