/// An instance's linear memory for the time of one call. Every access is checked as a range of addresses first; what a
/// decision hangs on is copied out before it is looked at.
public struct GuestMemory {
    private let base: UnsafeMutableRawPointer
    /// In bytes.
    public let count: Int

    /// - Parameters:
    ///   - base: Where address 0 lies. Readable and writable for `count` bytes for as long as the value is used.
    ///   - count: The memory's size in bytes.
    public init(base: UnsafeMutableRawPointer, count: Int) {
        self.base = base
        self.count = max(0, count)
    }

    /// The `count` bytes at `address`, for use during this call only. As in the language itself, an empty range may lie
    /// at the end of memory but not past it.
    func buffer(at address: UInt32, count: UInt64) throws(Errno) -> UnsafeMutableRawBufferPointer {
        let (end, overflow) = UInt64(address).addingReportingOverflow(count)
        guard !overflow, end <= UInt64(self.count) else { throw .fault }
        return UnsafeMutableRawBufferPointer(start: base + Int(address), count: Int(count))
    }

    /// A copy of the `count` bytes at `address`. The caller bounds `count`.
    func bytes(at address: UInt32, count: Int) throws(Errno) -> [UInt8] {
        Array(try buffer(at: address, count: UInt64(count)))
    }

    /// The place of a result, checked before the work that produces it begins.
    package func cell<Value>(at address: UInt32, as type: Value.Type) throws(Errno) -> GuestCell<Value> {
        GuestCell(bytes: try buffer(at: address, count: UInt64(MemoryLayout<Value>.size)))
    }

    /// The place of a structure of `size` bytes.
    func record(at address: UInt32, size: Int) throws(Errno) -> GuestRecord {
        GuestRecord(bytes: try buffer(at: address, count: UInt64(size)))
    }

    /// The places of `count` structures of `stride` bytes.
    func records(at address: UInt32, count: UInt32, stride: Int) throws(Errno) -> GuestRecords {
        GuestRecords(bytes: try buffer(at: address, count: UInt64(count) * UInt64(stride)), stride: stride)
    }
}

/// A checked place for one integer.
package struct GuestCell<Value: FixedWidthInteger> {
    fileprivate let bytes: UnsafeMutableRawBufferPointer

    package func store(_ value: Value) {
        bytes.storeBytes(of: value.littleEndian, as: Value.self)
    }
}

/// A checked place for a structure whose fields lie at fixed offsets below its size.
struct GuestRecord {
    fileprivate let bytes: UnsafeMutableRawBufferPointer

    func load<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }

    /// Sets every byte, padding included, to zero.
    func clear() {
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }
}

/// Checked places for consecutive structures.
struct GuestRecords {
    fileprivate let bytes: UnsafeMutableRawBufferPointer
    fileprivate let stride: Int

    var indices: Range<Int> { 0..<bytes.count / stride }

    subscript(index: Int) -> GuestRecord {
        GuestRecord(bytes: UnsafeMutableRawBufferPointer(rebasing: bytes[index * stride..<(index + 1) * stride]))
    }
}
