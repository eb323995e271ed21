import CWASI
import Glibc

/// A relative path that a guest passed: not empty, no NUL, less than PATH_MAX. Any other bytes are allowed in it, as they
/// are in Linux.
struct GuestPath {
    static let maximumLength = Int(PATH_MAX) - 1

    let bytes: [UInt8]

    init(_ memory: GuestMemory, at address: UInt32, count: UInt32) throws(Errno) {
        let buffer = try memory.buffer(at: address, count: UInt64(count))
        guard buffer.count <= Self.maximumLength else { throw .nametoolong }
        try self.init(Array(buffer))
    }

    init(_ bytes: [UInt8]) throws(Errno) {
        guard bytes.count <= Self.maximumLength else { throw .nametoolong }
        guard let first = bytes.first else { throw .noent }
        guard !bytes.contains(0) else { throw .inval }
        guard first != .slash else { throw .notcapable }
        self.bytes = bytes
    }

    /// The directory that the last component lies in, and that component. Neither is empty but the directory may be:
    /// then it is the one that the path begins at.
    fileprivate var split: (directory: ArraySlice<UInt8>, name: ArraySlice<UInt8>, hasTrailingSlash: Bool) {
        let end = (bytes.lastIndex { $0 != .slash } ?? bytes.startIndex) + 1
        let start = bytes[..<end].lastIndex(of: .slash).map { $0 + 1 } ?? bytes.startIndex
        return (bytes[..<start], bytes[start..<end], end < bytes.endIndex)
    }
}

extension UInt8 {
    static let slash = UInt8(ascii: "/")
}

/// One name in one directory, which the calls whose names end in `at` take. The name is never `..` and has no slash
/// but maybe one at its end, so a call that does not follow links reaches nothing but that directory's entry.
struct Location {
    let directory: HostDescriptor
    /// Without a NUL.
    let name: [UInt8]

    func call<Result: FixedWidthInteger & SignedInteger>(
        _ call: (Int32, UnsafePointer<CChar>) -> Result
    ) throws(Errno) -> Result {
        try directory.call { number in
            name.withPath { call(number, $0) }
        }
    }

    /// The target of the symbolic link that this names, or `nil` where it names something else, or nothing.
    func linkTarget() throws(Errno) -> [UInt8]? {
        do throws(Errno) {
            return try readLink()
        } catch .inval, .noent {
            return nil
        }
    }

    func readLink() throws(Errno) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try call { readlinkat($0, $1, &buffer, buffer.count) }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }
}

extension Sequence<UInt8> {
    /// Calls `body` with these bytes and a NUL.
    func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let path = self.map { CChar(bitPattern: $0) } + [0]
        return path.withUnsafeBufferPointer { buffer in
            // An array that holds at least the NUL has a base address; the empty string stands in all the same.
            guard let address = buffer.baseAddress else { return "".withCString(body) }
            return body(address)
        }
    }
}

/// Finds what a path names beneath a directory, and never anything outside it: not through `..`, not through symbolic
/// links, and not while someone else swaps directories for links.
package struct PathResolver: Sendable {
    package enum Method: Sendable, CaseIterable {
        /// The kernel resolves the whole path. Needs openat2(2), Linux 5.6.
        case openat2
        /// Component by component.
        case walk

        /// Containers of some ages forbid openat2 with EPERM rather than deny knowing it.
        package static let best: Method = {
            let probe = try? hostCall { cwasi_openat2_beneath(AT_FDCWD, ".", cwasi_O_PATH | O_CLOEXEC, 0) }
            guard let probe else { return .walk }
            close(probe)
            return .openat2
        }()
    }

    /// What the last component of a path is for.
    enum Intent {
        /// To find what is there. A trailing slash asks for a directory.
        case lookup(follow: Bool)
        /// To make or remove a directory entry, which never follows a link. A trailing slash stays, because what it
        /// means differs between the calls.
        case entry
    }

    /// Links that one path may lead through, as in Linux.
    static let maximumLinks = 40
    /// How often the kernel is asked again while others rename what lies on the path.
    private static let attempts = 16

    let method: Method

    /// The directory and name that `path` stands for, beginning at `root`.
    func location(of path: GuestPath, in root: HostDescriptor, _ intent: Intent) throws(Errno) -> Location {
        var path = path
        for _ in 0...Self.maximumLinks {
            let (parent, name, hasTrailingSlash) = path.split
            let wantsDirectory: Bool
            let follows: Bool
            switch intent {
            case .lookup(let follow): (wantsDirectory, follows) = (hasTrailingSlash, follow)
            case .entry: (wantsDirectory, follows) = (false, false)
            }
            if wantsDirectory || name.elementsEqual("..".utf8) {
                return Location(directory: try directory(path.bytes[...], in: root), name: Array(".".utf8))
            }
            let directory = try directory(parent, in: root)
            let suffix: [UInt8] = hasTrailingSlash ? [.slash] : []
            let location = Location(directory: directory, name: name + suffix)
            guard follows, let target = try location.linkTarget() else { return location }
            guard target.first != .slash else { throw .notcapable }
            path = try GuestPath(parent + target)
        }
        throw .loop
    }

    /// Opens what `path` names. `flags` are those of open(2); links at the end are followed if `follow` says so.
    func open(_ path: GuestPath, in root: HostDescriptor, flags: Int32, follow: Bool) throws(Errno) -> HostDescriptor {
        let flags = flags | O_CLOEXEC | O_NOCTTY
        switch method {
        case .openat2:
            let whole = path.bytes[...]
            if let opened = try beneath(root, whole, flags: follow ? flags : flags | O_NOFOLLOW) { return opened }
            return try openByWalking(path, in: root, flags: flags, follow: follow)
        case .walk:
            return try openByWalking(path, in: root, flags: flags, follow: follow)
        }
    }

    private func openByWalking(
        _ path: GuestPath, in root: HostDescriptor, flags: Int32, follow: Bool
    ) throws(Errno) -> HostDescriptor {
        if flags & O_CREAT != 0, path.split.hasTrailingSlash {
            _ = try location(of: path, in: root, .entry)
            throw .isdir
        }
        let isNew = flags & O_CREAT != 0 && flags & O_EXCL != 0
        let follow = follow && !isNew
        for attempt in 1... {
            let location = try location(of: path, in: root, .lookup(follow: follow))
            do throws(Errno) {
                let number = try location.call { openat($0, $1, flags | O_NOFOLLOW, Self.fileMode) }
                return HostDescriptor(owning: number)
            } catch .loop where follow && attempt < Self.attempts {
                // It has become a link since it was looked at.
            }
        }
        throw .loop
    }

    /// The directory that `path` names, for use as the start of other calls; `root` itself for an empty path. Links are
    /// followed, the last included.
    private func directory(_ path: ArraySlice<UInt8>, in root: HostDescriptor) throws(Errno) -> HostDescriptor {
        guard !path.isEmpty else { return root }
        switch method {
        case .openat2:
            if let opened = try beneath(root, path, flags: cwasi_O_PATH | O_DIRECTORY | O_CLOEXEC) { return opened }
            return try PathWalk.directory(path, in: root)
        case .walk:
            return try PathWalk.directory(path, in: root)
        }
    }

    /// `nil` where the kernel could not tell, because others kept renaming directories, whether `..` leads outside.
    private func beneath(
        _ root: HostDescriptor, _ path: ArraySlice<UInt8>, flags: Int32
    ) throws(Errno) -> HostDescriptor? {
        for _ in 0..<Self.attempts {
            do throws(Errno) {
                let mode = flags & O_CREAT != 0 ? Self.fileMode : 0
                let number = try root.call { number in
                    path.withPath { cwasi_openat2_beneath(number, $0, flags, mode) }
                }
                return HostDescriptor(owning: number)
            } catch .again {
                continue
            } catch .xdev {
                throw .notcapable
            }
        }
        return nil
    }

    /// Of new files, before the host's umask.
    private static let fileMode: mode_t = 0o666
}

/// What openat2 does, for kernels without it: every component is opened by itself without following it, links are read
/// and their components walked in their place, and `..` goes back to a directory that was on the way here.
enum PathWalk {
    /// How deep a path may lead, each level being an open descriptor of the host.
    private static let maximumDepth = 256

    static func directory(_ path: ArraySlice<UInt8>, in root: HostDescriptor) throws(Errno) -> HostDescriptor {
        var ancestors: [HostDescriptor] = []
        var current = root
        var links = 0
        // Reversed, so that the next is the last.
        var components = reversedComponents(path)
        while let component = components.popLast() {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                guard let parent = ancestors.popLast() else { throw .notcapable }
                current = parent
                continue
            }
            let entry = Location(directory: current, name: Array(component))
            let flags = cwasi_O_PATH | O_NOFOLLOW | O_CLOEXEC
            let opened = HostDescriptor(owning: try entry.call { openat($0, $1, flags) })
            switch try opened.status().st_mode & S_IFMT {
            case S_IFDIR:
                guard ancestors.count < maximumDepth else { throw .nametoolong }
                ancestors.append(current)
                current = opened
            case S_IFLNK:
                links += 1
                guard links <= PathResolver.maximumLinks else { throw .loop }
                // An empty name reads the link that is open, which nobody can swap any more.
                let target = try GuestPath(try Location(directory: opened, name: []).readLink())
                components += reversedComponents(target.bytes[...])
            default:
                throw .notdir
            }
        }
        return current
    }

    private static func reversedComponents(_ path: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        path.split(separator: .slash).reversed()
    }
}
