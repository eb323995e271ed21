import BulkheadWASI
import Foundation
import Testing

/// Stands in for an instance: a memory with nothing mapped behind it, so that an access past its end ends the test, and
/// a context to call the functions with.
final class Guest {
    static let functions = Dictionary(uniqueKeysWithValues: WASIFunction.all.map { ($0.name, $0) })

    let context: WASIContext
    let base: UnsafeMutableRawPointer
    let size: Int
    /// Where the next thing put in memory goes.
    private var free: UInt32 = 1024

    init(_ configuration: WASIConfiguration = WASIConfiguration(), pages: Int = 1) throws {
        context = try WASIContext(configuration)
        size = pages * 65536
        let guardSize = 65536
        let mapping = mmap(nil, size + guardSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        base = try #require(mapping != MAP_FAILED ? mapping : nil)
        try #require(mprotect(base, size, PROT_READ | PROT_WRITE) == 0)
    }

    deinit {
        munmap(base, size + 65536)
    }

    /// A guest with one directory, at descriptor 3.
    convenience init(
        _ directory: TemporaryDirectory, _ method: PathResolver.Method? = nil,
        access: WASIPreopen.Access = .readWrite
    ) throws {
        var configuration = WASIConfiguration()
        configuration.pathResolution = method
        configuration.preopens = [WASIPreopen(guestPath: "/", source: .path(directory.path), access: access)]
        try self.init(configuration)
    }

    var memory: GuestMemory { GuestMemory(base: base, count: size) }

    /// Calls a function of one result.
    @discardableResult
    func call(_ name: String, _ arguments: any BinaryInteger...) throws -> Errno {
        try call(name, slots: arguments.map { UInt64(truncatingIfNeeded: $0) })
    }

    func call(_ name: String, slots: [UInt64]) throws -> Errno {
        let function = try #require(Self.functions[name])
        try #require(function.type.parameters.count == slots.count)
        var values = slots.isEmpty ? [0] : slots
        try values.withUnsafeMutableBufferPointer { buffer in
            let values = try #require(buffer.baseAddress)
            try function.body(context, memory, values)
        }
        return try #require(UInt16(exactly: values[0]).flatMap(Errno.init(rawValue:)))
    }

    // MARK: - Memory

    func allocate(_ count: Int) -> UInt32 {
        defer { free += UInt32((count + 15) & ~15) }
        precondition(Int(free) + count <= size)
        return free
    }

    func put(_ bytes: some Collection<UInt8>) -> UInt32 {
        let address = allocate(bytes.count)
        store(Array(bytes), at: address)
        return address
    }

    func store(_ bytes: [UInt8], at address: UInt32) {
        precondition(Int(address) + bytes.count <= size)
        base.advanced(by: Int(address)).copyMemory(from: bytes, byteCount: bytes.count)
    }

    func store<Value: FixedWidthInteger>(_ value: Value, at address: UInt32) {
        base.storeBytes(of: value, toByteOffset: Int(address), as: Value.self)
    }

    func load<Value: FixedWidthInteger>(_ type: Value.Type, at address: UInt32) -> Value {
        base.loadUnaligned(fromByteOffset: Int(address), as: Value.self)
    }

    func bytes(at address: UInt32, count: Int) -> [UInt8] {
        precondition(Int(address) + count <= size)
        return Array(UnsafeRawBufferPointer(start: base + Int(address), count: count))
    }

    func text(at address: UInt32, count: Int) -> String {
        String(decoding: bytes(at: address, count: count), as: UTF8.self)
    }

    /// An array of `iovec`.
    func vectors(_ pieces: [(address: UInt32, count: UInt32)]) -> UInt32 {
        let address = allocate(pieces.count * 8)
        for (index, piece) in pieces.enumerated() {
            store(piece.address, at: address + UInt32(index) * 8)
            store(piece.count, at: address + UInt32(index) * 8 + 4)
        }
        return address
    }

    /// Forgets what was put in memory.
    func reset() {
        free = 1024
    }

    // MARK: - Calls that tests make all the time

    /// Calls a function whose first arguments are a descriptor and a path.
    func path(
        _ name: String, _ path: String, in fd: UInt32 = 3, _ rest: any BinaryInteger...
    ) throws -> Errno {
        let address = put(Array(path.utf8))
        return try call(
            name,
            slots: [UInt64(fd), UInt64(address), UInt64(path.utf8.count)]
                + rest.map { UInt64(truncatingIfNeeded: $0) })
    }

    struct Opened {
        var errno: Errno
        var fd: UInt32
    }

    func open(
        _ path: String, in fd: UInt32 = 3, follow: Bool = false, _ flags: OpenFlags = [],
        rights: WASIRights = [], inheriting: WASIRights = [], _ descriptorFlags: FDFlags = []
    ) throws -> Opened {
        let address = put(Array(path.utf8))
        let result = allocate(4)
        store(UInt32.max, at: result)
        let errno = try call(
            "path_open", fd, follow ? 1 : 0, address, path.utf8.count, flags.rawValue, rights.rawValue,
            inheriting.rawValue, descriptorFlags.rawValue, result)
        return Opened(errno: errno, fd: load(UInt32.self, at: result))
    }

    /// Opens what must be there to open.
    func opened(
        _ path: String, in fd: UInt32 = 3, follow: Bool = false, _ flags: OpenFlags = [],
        rights: WASIRights = .regularFile, inheriting: WASIRights = [], _ descriptorFlags: FDFlags = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> UInt32 {
        let opened = try open(
            path, in: fd, follow: follow, flags, rights: rights, inheriting: inheriting, descriptorFlags)
        try #require(opened.errno == .success, sourceLocation: sourceLocation)
        return opened.fd
    }

    func write(_ text: String, to fd: UInt32) throws -> (errno: Errno, count: UInt32) {
        let vectors = vectors([(put(Array(text.utf8)), UInt32(text.utf8.count))])
        let result = allocate(4)
        let errno = try call("fd_write", fd, vectors, 1, result)
        return (errno, load(UInt32.self, at: result))
    }

    func read(_ fd: UInt32, _ count: Int = 4096) throws -> (errno: Errno, text: String) {
        let buffer = allocate(count)
        let vectors = vectors([(buffer, UInt32(count))])
        let result = allocate(4)
        let errno = try call("fd_read", fd, vectors, 1, result)
        return (errno, errno == .success ? text(at: buffer, count: Int(load(UInt32.self, at: result))) : "")
    }

    func rights(of fd: UInt32) throws -> (base: WASIRights, inheriting: WASIRights) {
        let record = allocate(24)
        try #require(try call("fd_fdstat_get", fd, record) == .success)
        return (
            WASIRights(rawValue: load(UInt64.self, at: record + 8)),
            WASIRights(rawValue: load(UInt64.self, at: record + 16))
        )
    }
}

/// A new directory that goes away with its owner.
final class TemporaryDirectory {
    let path: String

    init(in parent: String? = nil) throws {
        var template = Array(((parent ?? NSTemporaryDirectory()) + "/bulkhead-wasi-XXXXXX").utf8CString)
        let made = try #require(mkdtemp(&template))
        let resolved = try #require(realpath(made, nil))
        defer { free(resolved) }
        path = String(cString: resolved)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    subscript(name: String) -> String { path + "/" + name }

    func makeDirectory(_ name: String) throws {
        try #require(mkdir(self[name], 0o777) == 0)
    }

    func makeFile(_ name: String, _ content: String = "") throws {
        try Data(content.utf8).write(to: URL(fileURLWithPath: self[name]))
    }

    func makeLink(_ name: String, to target: String) throws {
        try #require(symlink(target, self[name]) == 0)
    }

    func content(_ name: String) throws -> String {
        try String(contentsOfFile: self[name], encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(self[name], &status) == 0
    }

    func names(_ name: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self[name]).sorted()
    }

    /// The test process's descriptors that lead in here.
    func hostDescriptors() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
            return target?.hasPrefix(path) == true ? Int32(name) : nil
        }
    }
}
