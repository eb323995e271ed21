import Glibc

/// The pieces of guest memory that one call reads into or writes from, all checked. Spec: `iovec_array`.
package struct IOVectors {
    /// As in POSIX: more are `inval`.
    static let maximumCount: UInt32 = 1024
    /// What Linux transfers in one call at most; the rest is left for another.
    package static let maximumTotal = 0x7FFF_F000

    package private(set) var vectors: [iovec]

    /// - Parameter limit: What to transfer at most, in bytes.
    package init(_ memory: GuestMemory, at address: UInt32, count: UInt32, limit: Int = Self.maximumTotal) throws(Errno)
    {
        guard count <= Self.maximumCount else { throw .inval }
        let records = try memory.records(at: address, count: count, stride: 8)
        vectors = []
        vectors.reserveCapacity(records.indices.count)
        var rest = limit
        for index in records.indices {
            let record = records[index]
            let buffer = try memory.buffer(
                at: record.load(UInt32.self, at: 0), count: UInt64(record.load(UInt32.self, at: 4)))
            // Those beyond the limit are checked, too, and take no part.
            let length = min(buffer.count, rest)
            vectors.append(iovec(iov_base: buffer.baseAddress, iov_len: length))
            rest -= length
        }
    }

    /// Calls the host with the pieces, and gives the number of bytes that it says it moved.
    mutating func call(
        _ host: HostDescriptor, _ call: (Int32, UnsafeMutableBufferPointer<iovec>) -> Int
    ) throws(Errno) -> UInt32 {
        let count = try vectors.withUnsafeMutableBufferPointer { buffer throws(Errno) in
            try host.call { call($0, buffer) }
        }
        guard let count = UInt32(exactly: count) else { throw .overflow }
        return count
    }
}
