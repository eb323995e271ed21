// What generated structures are made of beyond single values.

extension SandboxStorable {
    /// Copies the elements of an array out.
    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, count: Int, _ machine: Machine) -> [Value] {
        let stride = layout[machine].size
        return (0..<max(0, count)).map { load(bytes + $0 * stride, machine) }
    }

    /// Copies the elements of an array of `count` in. Values beyond that are left out; where there are fewer, zeros follow.
    @inlinable
    public static func store(_ values: [Value], _ bytes: UnsafeMutableRawPointer, count: Int, _ machine: Machine) {
        let stride = layout[machine].size
        let present = min(values.count, max(0, count))
        for position in 0..<present { store(values[position], bytes + position * stride, machine) }
        let rest = (max(0, count) - present) * stride
        (bytes + present * stride).initializeMemory(as: UInt8.self, repeating: 0, count: rest)
    }
}

/// A C union: its bytes, and whichever member one asks for.
public protocol SandboxUnion: SandboxRecord {
    var bytes: [UInt8] { get set }
    init(bytes: [UInt8])
}

extension SandboxUnion {
    @inlinable
    public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Self {
        Self(bytes: UInt8.load(bytes, count: layout[machine].size, machine))
    }

    @inlinable
    public static func store(_ value: Self, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
        UInt8.store(value.bytes, bytes, count: layout[machine].size, machine)
    }

    /// The value as that of a member. Bytes that are not there count as zeros.
    public func member<Stored: SandboxStorable>(_ type: Stored.Type, _ machine: Machine) -> Stored.Value {
        let size = Stored.layout[machine].size
        return withUnsafeTemporaryAllocation(byteCount: max(1, size), alignment: 16) { room in
            UInt8.store(bytes, room.baseAddress.unsafelyUnwrapped, count: size, machine)
            return Stored.load(UnsafeRawPointer(room.baseAddress.unsafelyUnwrapped), machine)
        }
    }

    /// Sets the value by way of a member.
    public mutating func setMember<Stored: SandboxStorable>(
        _ type: Stored.Type, to value: Stored.Value, _ machine: Machine
    ) {
        let size = Stored.layout[machine].size
        withUnsafeTemporaryAllocation(byteCount: max(1, size), alignment: 16) { room in
            let base = room.baseAddress.unsafelyUnwrapped
            base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            Stored.store(value, base, machine)
            bytes.replaceSubrange(0..<min(size, bytes.count), with: UnsafeRawBufferPointer(start: base, count: size))
        }
    }
}

/// C's bit-fields: bit *n* of a structure is bit *n* mod 8 of its byte *n* / 8 on both machines.
public enum SandboxBits {
    public static func load<Value: SandboxScalar>(
        _ bytes: UnsafeRawPointer, at offset: Int, width: Int, isSigned: Bool
    ) -> Value {
        var value: UInt64 = 0
        for bit in 0..<width {
            let place = offset + bit
            let byte = bytes.load(fromByteOffset: place / 8, as: UInt8.self)
            value |= UInt64((byte >> UInt8(place % 8)) & 1) << UInt64(bit)
        }
        let unused = UInt64(64 - width)
        return Value(slot: isSigned ? UInt64(bitPattern: Int64(bitPattern: value << unused) >> Int64(unused)) : value)
    }

    /// Stores the value's low bits, and leaves those around them as they are.
    public static func store<Value: SandboxScalar>(
        _ value: Value, _ bytes: UnsafeMutableRawPointer, at offset: Int, width: Int
    ) {
        let bits = value.slot
        for bit in 0..<width {
            let place = offset + bit
            let mask = UInt8(1) << UInt8(place % 8)
            let byte = bytes.load(fromByteOffset: place / 8, as: UInt8.self)
            let isSet = (bits >> UInt64(bit)) & 1 == 1
            bytes.storeBytes(of: isSet ? byte | mask : byte & ~mask, toByteOffset: place / 8, as: UInt8.self)
        }
    }
}
