// What can be computed from tainted values is tainted. Arithmetic wraps, so that no value can stop the host; shifts by any count are
// defined; division isn't offered as an operator, for a divisor may be zero.

extension Tainted where Value: FixedWidthInteger {
    @inlinable public static func + (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value &+ b.value) }
    @inlinable public static func + (a: Tainted, b: Value) -> Tainted { Tainted(a.value &+ b) }
    @inlinable public static func + (a: Value, b: Tainted) -> Tainted { Tainted(a &+ b.value) }

    @inlinable public static func - (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value &- b.value) }
    @inlinable public static func - (a: Tainted, b: Value) -> Tainted { Tainted(a.value &- b) }
    @inlinable public static func - (a: Value, b: Tainted) -> Tainted { Tainted(a &- b.value) }

    @inlinable public static func * (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value &* b.value) }
    @inlinable public static func * (a: Tainted, b: Value) -> Tainted { Tainted(a.value &* b) }
    @inlinable public static func * (a: Value, b: Tainted) -> Tainted { Tainted(a &* b.value) }

    @inlinable public static func & (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value & b.value) }
    @inlinable public static func & (a: Tainted, b: Value) -> Tainted { Tainted(a.value & b) }
    @inlinable public static func | (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value | b.value) }
    @inlinable public static func | (a: Tainted, b: Value) -> Tainted { Tainted(a.value | b) }
    @inlinable public static func ^ (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value ^ b.value) }
    @inlinable public static func ^ (a: Tainted, b: Value) -> Tainted { Tainted(a.value ^ b) }
    @inlinable public static prefix func ~ (a: Tainted) -> Tainted { Tainted(~a.value) }
    @inlinable public static prefix func - (a: Tainted) -> Tainted { Tainted(0 &- a.value) }

    @inlinable public static func << (a: Tainted, count: Int) -> Tainted { Tainted(a.value << count) }
    @inlinable public static func >> (a: Tainted, count: Int) -> Tainted { Tainted(a.value >> count) }

    /// `nil` where the divisor is zero or the quotient has no place in the type.
    @inlinable
    public func divided(by divisor: Tainted) -> Tainted? {
        let (quotient, overflow) = value.dividedReportingOverflow(by: divisor.value)
        return overflow ? nil : Tainted(quotient)
    }

    /// `nil` where the divisor is zero or the quotient has no place in the type.
    @inlinable
    public func remainder(dividingBy divisor: Tainted) -> Tainted? {
        let (remainder, overflow) = value.remainderReportingOverflow(dividingBy: divisor.value)
        return overflow ? nil : Tainted(remainder)
    }

    /// The low bits of an integer of another type.
    @inlinable
    public init(truncatingIfNeeded other: Tainted<some BinaryInteger>) {
        self.init(Value(truncatingIfNeeded: other.value))
    }
}

extension Tainted where Value: FloatingPoint {
    @inlinable public static func + (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value + b.value) }
    @inlinable public static func + (a: Tainted, b: Value) -> Tainted { Tainted(a.value + b) }
    @inlinable public static func - (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value - b.value) }
    @inlinable public static func - (a: Tainted, b: Value) -> Tainted { Tainted(a.value - b) }
    @inlinable public static func * (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value * b.value) }
    @inlinable public static func * (a: Tainted, b: Value) -> Tainted { Tainted(a.value * b) }
    @inlinable public static func / (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value / b.value) }
    @inlinable public static func / (a: Tainted, b: Value) -> Tainted { Tainted(a.value / b) }
    @inlinable public static prefix func - (a: Tainted) -> Tainted { Tainted(-a.value) }
}

// MARK: - Comparisons

extension Tainted where Value: Equatable {
    @inlinable public static func == (a: Tainted, b: Tainted) -> Tainted<Bool> { Tainted<Bool>(a.value == b.value) }
    @inlinable public static func == (a: Tainted, b: Value) -> Tainted<Bool> { Tainted<Bool>(a.value == b) }
    @inlinable public static func != (a: Tainted, b: Tainted) -> Tainted<Bool> { Tainted<Bool>(a.value != b.value) }
    @inlinable public static func != (a: Tainted, b: Value) -> Tainted<Bool> { Tainted<Bool>(a.value != b) }
}

extension Tainted where Value: Comparable {
    @inlinable public static func < (a: Tainted, b: Tainted) -> Tainted<Bool> { Tainted<Bool>(a.value < b.value) }
    @inlinable public static func < (a: Tainted, b: Value) -> Tainted<Bool> { Tainted<Bool>(a.value < b) }
    @inlinable public static func <= (a: Tainted, b: Tainted) -> Tainted<Bool> { Tainted<Bool>(a.value <= b.value) }
    @inlinable public static func <= (a: Tainted, b: Value) -> Tainted<Bool> { Tainted<Bool>(a.value <= b) }
    @inlinable public static func > (a: Tainted, b: Tainted) -> Tainted<Bool> { Tainted<Bool>(a.value > b.value) }
    @inlinable public static func > (a: Tainted, b: Value) -> Tainted<Bool> { Tainted<Bool>(a.value > b) }
    @inlinable public static func >= (a: Tainted, b: Tainted) -> Tainted<Bool> { Tainted<Bool>(a.value >= b.value) }
    @inlinable public static func >= (a: Tainted, b: Value) -> Tainted<Bool> { Tainted<Bool>(a.value >= b) }
}

extension Tainted where Value == Bool {
    @inlinable public static prefix func ! (a: Tainted) -> Tainted { Tainted(!a.value) }
    @inlinable public static func && (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value && b.value) }
    @inlinable public static func || (a: Tainted, b: Tainted) -> Tainted { Tainted(a.value || b.value) }
}
