/// A vector of 128 bits, whose lanes the instructions that work on it choose. Spec: 2.3.2.
public struct V128: Hashable, Sendable {
    /// The lowest lane in the lowest bits.
    public var bits: UInt128

    public init(bits: UInt128) {
        self.bits = bits
    }

    public init(_ lanes: some V128Lanes) {
        bits = unsafeBitCast(lanes, to: UInt128.self).littleEndian
    }

    /// ```swift
    /// let sums = vector.lanes(as: SIMD4<Float>.self)
    /// ```
    public func lanes<Lanes: V128Lanes>(as type: Lanes.Type = Lanes.self) -> Lanes {
        unsafeBitCast(bits.littleEndian, to: Lanes.self)
    }
}

/// The SIMD types of Swift that are as large as a ``V128`` and have a shape that WebAssembly knows.
public protocol V128Lanes: SIMD {}

extension SIMD16: V128Lanes where Scalar: V128Lane8 {}
extension SIMD8: V128Lanes where Scalar: V128Lane16 {}
extension SIMD4: V128Lanes where Scalar: V128Lane32 {}
extension SIMD2: V128Lanes where Scalar: V128Lane64 {}

public protocol V128Lane8 {}
public protocol V128Lane16 {}
public protocol V128Lane32 {}
public protocol V128Lane64 {}

extension Int8: V128Lane8 {}
extension UInt8: V128Lane8 {}
extension Int16: V128Lane16 {}
extension UInt16: V128Lane16 {}
extension Int32: V128Lane32 {}
extension UInt32: V128Lane32 {}
extension Float: V128Lane32 {}
extension Int64: V128Lane64 {}
extension UInt64: V128Lane64 {}
extension Double: V128Lane64 {}

// MARK: - Slots

extension V128 {
    var low: UInt64 { UInt64(truncatingIfNeeded: bits) }
    var high: UInt64 { UInt64(truncatingIfNeeded: bits >> 64) }

    init(low: UInt64, high: UInt64) {
        self.init(bits: UInt128(high) << 64 | UInt128(low))
    }
}
