import CBulkhead
import CPrelude
import WasmModule

/// A linear memory: bytes that sandboxed code reads and writes, and that the host may.
///
/// Its bytes never move, but whatever runs in the sandbox may change them: copy what a decision depends on before looking
/// at it. Spec: 4.2.8.
public struct Memory: Hashable {
    public let store: Store
    package let pointer: UnsafeMutablePointer<bulkhead_memory>

    /// For a look at it: in a pool's slot it lies behind a protection key, which this thread may not have open yet.
    private var header: UnsafeMutablePointer<bulkhead_memory> {
        bulkhead_open_memories()
        return pointer
    }

    init(store: Store, pointer: UnsafeMutablePointer<bulkhead_memory>) {
        self.store = store
        self.pointer = pointer
    }

    public static func == (a: Memory, b: Memory) -> Bool { a.pointer == b.pointer }
    public func hash(into hasher: inout Hasher) { hasher.combine(pointer) }

    /// A memory of the host's, to be imported.
    public init(store: Store, type: MemoryType) throws {
        var error = bulkhead_error()
        guard
            let pointer = bulkhead_memory_new(
                store.pointer, type.limits.minimum, type.limits.maximum ?? 0, type.limits.maximum != nil, &error)
        else { throw BulkheadError(error) }
        self.init(store: store, pointer: pointer)
    }

    public var type: MemoryType {
        MemoryType(
            limits: Limits(
                minimum: UInt64(pageCount), maximum: header.pointee.has_maximum != 0 ? header.pointee.maximum : nil))
    }

    /// In bytes.
    public var count: Int { Int(header.pointee.size) }
    /// Of 64 KiB each.
    public var pageCount: Int { count / MemoryType.pageSize }

    /// In bytes: growth beyond it fails, for the host and in the sandbox, although the type allows it. `nil` for none.
    ///
    /// Rounded down to whole pages. A memory that is larger already keeps its size. The limit is no part of the type, so an
    /// import that asks for a maximum is not satisfied by it.
    public var limit: Int? {
        get { Int(limit: bulkhead_memory_limit(pointer)) }
        nonmutating set { bulkhead_memory_set_limit(pointer, UInt64(limit: newValue)) }
    }

    /// Adds pages of zeros.
    /// - Returns: the old number of pages, or `nil` where the maximum, the limit or the system forbids it.
    @discardableResult
    public func grow(by pages: Int) -> Int? {
        guard pages >= 0 else { return nil }
        let old = bulkhead_memory_grow(pointer, UInt64(pages))
        return old == .max ? nil : Int(old)
    }

    /// Gives `body` a view of all bytes.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: header.pointee.base, count: count).bytes)
    }

    /// Gives `body` a view of all bytes that it may change.
    public func withMutableBytes<Result, Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes = UnsafeMutableRawBufferPointer(start: header.pointee.base, count: count).mutableBytes
        return try body(&bytes)
    }

    /// For code that needs pointers. They are valid as long as the store. In a pool's slot, on the thread that asked for them: another one
    /// asks again.
    public var unsafeBytes: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: header.pointee.base, count: count)
    }

    private func check(_ offset: Int, _ length: Int) throws(BulkheadError) {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
            throw .outOfBounds("bytes \(offset) to \(offset &+ length) of a memory of \(count) bytes")
        }
    }

    /// A little-endian integer, at any alignment.
    public func load<Integer: FixedWidthInteger>(
        _ type: Integer.Type = Integer.self, at offset: Int
    ) throws(BulkheadError) -> Integer {
        try check(offset, MemoryLayout<Integer>.size)
        return Integer(littleEndian: unsafeBytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    public func store<Integer: FixedWidthInteger>(_ value: Integer, at offset: Int) throws(BulkheadError) {
        try check(offset, MemoryLayout<Integer>.size)
        unsafeBytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
    }

    /// At any alignment.
    public func load(_ type: Float.Type = Float.self, at offset: Int) throws(BulkheadError) -> Float {
        Float(bitPattern: try load(at: offset))
    }

    public func store(_ value: Float, at offset: Int) throws(BulkheadError) {
        try store(value.bitPattern, at: offset)
    }

    /// At any alignment.
    public func load(_ type: Double.Type = Double.self, at offset: Int) throws(BulkheadError) -> Double {
        Double(bitPattern: try load(at: offset))
    }

    public func store(_ value: Double, at offset: Int) throws(BulkheadError) {
        try store(value.bitPattern, at: offset)
    }

    /// A copy of `count` bytes.
    public func read(at offset: Int, count length: Int) throws(BulkheadError) -> [UInt8] {
        try check(offset, length)
        return Array(unsafeBytes[offset..<offset + length])
    }

    public func write(_ bytes: some Collection<UInt8>, at offset: Int) throws(BulkheadError) {
        try check(offset, bytes.count)
        UnsafeMutableRawBufferPointer(rebasing: unsafeBytes[offset..<offset + bytes.count]).copyBytes(from: bytes)
    }
}
