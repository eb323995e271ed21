/// A value that came out of a sandbox, and that nobody has checked.
///
/// It can be computed with, compared and handed back to the sandbox, and stays tainted all the while. To use it the host
/// says what it expects, with one of the `verified` methods; those see a copy that the sandbox can no longer change. A condition on
/// a tainted value is a `Tainted<Bool>`, so that `if` and `while` refuse it.
///
/// ```swift
/// let count = try sandbox.entry_count(table).verified(in: 0...4096)
/// ```
@frozen
@dynamicMemberLookup
public struct Tainted<Value> {
    @usableFromInline let value: Value

    /// A value of the host's, where a tainted one is asked for.
    @inlinable
    public init(_ value: Value) { self.value = value }
}

extension Tainted: Sendable where Value: Sendable {}

// MARK: - Out

extension Tainted {
    /// What `check` makes of the value. It throws where the value is not as it should be.
    @inlinable
    public func verified<Result, Failure: Error>(_ check: (Value) throws(Failure) -> Result) throws(Failure) -> Result {
        try check(value)
    }

    /// The value, if `predicate` holds.
    /// - Parameter reason: what is wrong with a value for which it doesn't.
    /// - Throws: ``SandboxError/verification(_:)`` with `reason`.
    @inlinable
    public func verified(
        _ reason: @autoclosure () -> String, where predicate: (Value) -> Bool
    ) throws -> Value {
        guard predicate(value) else { throw SandboxError.verification(reason()) }
        return value
    }

    /// The value without any check. The only way round verification, named so that it can be searched for.
    /// - Parameter reason: why no value whatever can do harm here; for whoever reviews the code.
    @inlinable
    public func unsafeUnchecked(because reason: StaticString) -> Value { value }
}

extension Tainted where Value: Comparable {
    /// The value, if the range has it.
    /// - Throws: ``SandboxError/verification(_:)``.
    @inlinable
    public func verified(in range: some RangeExpression<Value>) throws -> Value {
        guard range.contains(value) else { throw SandboxError.verification("\(value) is not in \(range)") }
        return value
    }
}

extension Tainted where Value: Equatable {
    /// The value, if it is one of these.
    /// - Throws: ``SandboxError/verification(_:)``.
    @inlinable
    public func verified(oneOf values: some Sequence<Value>) throws -> Value {
        guard values.contains(value) else { throw SandboxError.verification("\(value) is none of the values expected") }
        return value
    }
}

// MARK: - Back in

extension Tainted: SandboxArgument where Value: SandboxScalar {
    public typealias Scalar = Value

    @inlinable public var slot: UInt64 { value.slot }
}

extension Tainted where Value: SandboxScalar {
    @inlinable
    public init(slot: UInt64) { self.init(Value(slot: slot)) }
}

extension Tainted: CustomStringConvertible {
    /// Says that there is a value, and not which: a description is where tainted data would leak unseen.
    public var description: String { "Tainted<\(Value.self)>" }
}

// MARK: - Parts

/// Fields of a tainted structure, each as tainted as the whole.
extension Tainted where Value: SandboxRecord {
    @inlinable
    public subscript<Field>(dynamicMember field: KeyPath<Value, Field>) -> Tainted<Field> {
        Tainted<Field>(value[keyPath: field])
    }

    /// A pointer is checked where it is used, and needs no wrapper.
    @inlinable
    public subscript<Pointee>(dynamicMember field: KeyPath<Value, SandboxPointer<Pointee>?>) -> SandboxPointer<Pointee>?
    {
        value[keyPath: field]
    }
}

/// A C structure (or union, as its bytes), by the Swift structure that has its fields.
public protocol SandboxRecord: SandboxStorable, SandboxRecordArgument, Sendable where Value == Self, Record == Self {}

/// What a parameter of a structure's type takes: a value of the host's, or one that came from the sandbox and is still tainted.
public protocol SandboxRecordArgument<Record> {
    associatedtype Record: SandboxRecord
    var tainted: Tainted<Record> { get }
}

extension SandboxRecord {
    @inlinable public var tainted: Tainted<Self> { Tainted(self) }
}

extension Tainted: SandboxRecordArgument where Value: SandboxRecord {
    public typealias Record = Value

    @inlinable public var tainted: Tainted<Value> { self }
}
