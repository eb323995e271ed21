import CBulkhead
import CPrelude
import Glibc

// Reading and writing what pointers point to. Every range is checked before it is touched.

extension Sandbox {
    // MARK: - Single values

    /// A copy of the value that `pointer` points to.
    /// - Throws: ``SandboxError/outOfBounds(address:count:memory:)``.
    @inlinable
    public func load<Stored: SandboxStorable>(
        _ pointer: SandboxPointer<Stored>
    ) throws -> Tainted<Stored.Value> {
        let size = UInt64(Stored.layout[core.machine].size)
        return Tainted(Stored.load(try core.resolve(pointer, count: size), core.machine))
    }

    /// The pointer that `pointer` points to.
    @inlinable
    public func load<Pointee>(
        _ pointer: SandboxPointer<SandboxPointer<Pointee>>
    ) throws -> SandboxPointer<Pointee>? {
        let size = UInt64(SandboxPointer<Pointee>.layout[core.machine].size)
        return SandboxPointer.load(try core.resolve(pointer, count: size), core.machine)
    }

    @inlinable
    public mutating func store<Stored: SandboxStorable>(
        _ value: Stored.Value, to pointer: SandboxPointer<Stored>
    ) throws {
        let size = UInt64(Stored.layout[core.machine].size)
        Stored.store(value, try core.resolve(pointer, count: size), core.machine)
    }

    @inlinable
    public mutating func store<Stored: SandboxStorable>(
        _ value: Tainted<Stored.Value>, to pointer: SandboxPointer<Stored>
    ) throws {
        try store(value.value, to: pointer)
    }

    // MARK: - Arrays

    /// A copy of `count` values.
    /// - Throws: ``SandboxError/outOfBounds(address:count:memory:)``, before anything is allocated.
    @inlinable
    public func load<Stored: SandboxStorable>(
        _ pointer: SandboxPointer<Stored>, count: Int
    ) throws -> Tainted<[Stored.Value]> {
        let start = UnsafeRawPointer(
            try core.resolve(pointer, count: try core.size(of: Stored.self, count: count)))
        let stride = Stored.layout[core.machine].size
        let machine = core.machine
        return Tainted(
            [Stored.Value](unsafeUninitializedCapacity: count) { buffer, initialized in
                for position in 0..<count {
                    buffer.initializeElement(at: position, to: Stored.load(start + position * stride, machine))
                }
                initialized = count
            })
    }

    @inlinable
    public mutating func store<Stored: SandboxStorable>(
        _ values: some Collection<Stored.Value>, to pointer: SandboxPointer<Stored>
    ) throws {
        let size = try core.size(of: Stored.self, count: values.count)
        var place = try core.resolve(pointer, count: size)
        let end = place + Int(size)
        let stride = Stored.layout[core.machine].size
        for value in values {
            guard place < end else { break }
            Stored.store(value, place, core.machine)
            place += stride
        }
    }

    // MARK: - Bytes

    /// A copy of `count` bytes, at the speed of memory.
    public func copyBytes<Pointee>(
        at pointer: SandboxPointer<Pointee>, count: Int
    ) throws -> Tainted<[UInt8]> {
        let start = try core.resolve(pointer, count: try core.size(of: UInt8.self, count: count))
        return Tainted(Array(UnsafeRawBufferPointer(start: start, count: count)))
    }

    /// Copies bytes in.
    public mutating func copy<Pointee>(
        _ bytes: RawSpan, to pointer: SandboxPointer<Pointee>
    ) throws {
        try core.copy(bytes, to: pointer)
    }

    /// Sets bytes.
    public mutating func fill<Pointee>(
        _ pointer: SandboxPointer<Pointee>, count: Int, with byte: UInt8 = 0
    ) throws {
        let place = try core.resolve(pointer, count: try core.size(of: UInt8.self, count: count))
        place.initializeMemory(as: UInt8.self, repeating: byte, count: count)
    }

    /// A view of `count` bytes, without a copy. The compiler refuses calls of the library while it is alive, so nothing changes them
    /// meanwhile; nobody has checked what they are.
    @_lifetime(borrow self)
    public func uncheckedBytes<Pointee>(
        at pointer: SandboxPointer<Pointee>, count: Int
    ) throws -> RawSpan {
        let start = try core.resolve(pointer, count: try core.size(of: UInt8.self, count: count))
        let span = RawSpan(_unsafeStart: start, byteCount: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// A view of `count` bytes that may be written.
    @_lifetime(&self)
    public mutating func mutableBytes<Pointee>(
        at pointer: SandboxPointer<Pointee>, count: Int
    ) throws -> MutableRawSpan {
        let start = try core.resolve(pointer, count: try core.size(of: UInt8.self, count: count))
        let span = MutableRawSpan(_unsafeStart: start, byteCount: count)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    // MARK: - Strings

    /// A copy of the bytes of a C string, without the zero that ends it.
    /// - Parameter maximum: the longest string that the host is ready to read, in bytes.
    /// - Throws: ``SandboxError/unterminatedString(maximum:)`` where it is longer, or
    ///   ``SandboxError/outOfBounds(address:count:memory:)`` where memory ends first.
    public func stringBytes(
        at pointer: SandboxPointer<CChar>, maximum: Int
    ) throws -> Tainted<[UInt8]> {
        let start = try core.resolve(pointer, count: 0)
        let available = core.memory.pointee.size - pointer.address
        // One more than the maximum, for the zero.
        let limit = Int(min(UInt64(clamping: max(0, maximum)) &+ 1, available))
        guard let end = memchr(start, 0, limit) else {
            if limit <= maximum {
                throw SandboxError.outOfBounds(
                    address: pointer.address, count: available + 1, memory: core.memory.pointee.size)
            }
            throw SandboxError.unterminatedString(maximum: maximum)
        }
        return Tainted(Array(UnsafeRawBufferPointer(start: start, count: UnsafeMutableRawPointer(end) - start)))
    }

    /// A copy of a C string in UTF-8.
    /// - Throws: as ``stringBytes(at:maximum:)``, or ``SandboxError/invalidUTF8``.
    public func string(at pointer: SandboxPointer<CChar>, maximum: Int) throws -> Tainted<String> {
        let bytes = try stringBytes(at: pointer, maximum: maximum).value
        guard let string = String(validating: bytes, as: UTF8.self) else { throw SandboxError.invalidUTF8 }
        return Tainted(string)
    }
}
