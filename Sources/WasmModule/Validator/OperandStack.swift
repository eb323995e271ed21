/// The types of the values on the stack at one point of a function body, as raw values of `ValueType`, or
/// `unknownType`. Spec: 7.3 (appendix, validation algorithm).
///
/// Memory is allocated once; every access is checked here. A type of its own because this is the validator's
/// innermost loop, where an array's checks for uniqueness would double the time.
struct OperandStack: ~Copyable {
    private let storage: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    /// The height at the start of the innermost block: what lies below is out of its reach.
    private(set) var base = 0
    /// Whether the rest of the innermost block cannot be reached, so that any operand can be had.
    private(set) var isPolymorphic = false

    init() {
        storage = .allocate(capacity: ImplementationLimit.operands)
    }

    deinit {
        storage.deallocate()
    }

    /// Starts over, for another function.
    mutating func clear() {
        count = 0
        base = 0
        isPolymorphic = false
    }

    // MARK: Blocks

    /// Makes the block that begins at `height` the innermost.
    mutating func enterBlock(height: Int, isPolymorphic: Bool) {
        base = max(0, min(height, count))
        self.isPolymorphic = isPolymorphic
    }

    /// Takes off what the innermost block has left, for its other branch or for what follows it.
    mutating func restart() {
        count = base
        isPolymorphic = false
    }

    /// After an unconditional branch.
    mutating func becomePolymorphic() {
        count = base
        isPolymorphic = true
    }

    // MARK: Single values

    /// Whether there was room.
    @inline(__always)
    mutating func push(_ type: UInt8) -> Bool {
        guard count < ImplementationLimit.operands else { return false }
        storage[count] = type
        count &+= 1
        return true
    }

    /// The type of the value on top; `unknownType` where any can be had; `nil` where there is none.
    @inline(__always)
    mutating func pop() -> UInt8? {
        guard count > base else { return isPolymorphic ? unknownType : nil }
        count &-= 1
        return storage[count]
    }

    /// The type of the value `depth` below the top, if there is one in the innermost block.
    @inline(__always)
    func peek(_ depth: Int) -> UInt8? {
        let index = count &- 1 &- depth
        return depth >= 0 && index >= base ? storage[index] : nil
    }

    /// Replaces the two values on top by one, if they are there and of the types given.
    @inline(__always)
    mutating func replaceTwo(_ first: UInt8, _ second: UInt8, by result: UInt8) -> Bool {
        guard count &- 2 >= base, storage[count &- 2] == first, storage[count &- 1] == second else { return false }
        storage[count &- 2] = result
        count &-= 1
        return true
    }

    /// Replaces the value on top by one, if it is there and of the type given.
    @inline(__always)
    mutating func replaceOne(_ operand: UInt8, by result: UInt8) -> Bool {
        guard count > base, storage[count &- 1] == operand else { return false }
        storage[count &- 1] = result
        return true
    }

    // MARK: Many values

    /// Whether the values on top can be those of `types[range]`. Takes nothing off.
    ///
    /// Written so that the compiler makes vector code of it: a type may have a thousand results, and a byte or two
    /// of a hostile body can ask for the comparison.
    func matches(_ types: [UInt8], _ range: ModuleContext.TypeRange) -> Bool {
        let wanted = Int(range.count)
        let present = min(wanted, count &- base)
        guard present == wanted || isPolymorphic else { return false }
        guard present > 0 else { return true }
        let top = UnsafeBufferPointer(start: storage + (count &- present), count: present)
        return types.withUnsafeBufferPointer { types in
            let expected = types[range.indices].suffix(present)
            var mismatches: UInt8 = 0
            for (actual, expected) in zip(top, UnsafeBufferPointer(rebasing: expected)) {
                mismatches |= actual == unknownType ? 0 : actual ^ expected
            }
            return mismatches == 0
        }
    }

    /// Takes off as many values as there are, of `wanted`, in the innermost block.
    mutating func drop(_ wanted: Int) {
        count &-= min(max(0, wanted), count &- base)
    }

    /// Pushes the values of `types[range]`; whether there was room.
    mutating func push(_ types: [UInt8], _ range: ModuleContext.TypeRange) -> Bool {
        let added = Int(range.count)
        guard added <= ImplementationLimit.operands - count else { return false }
        guard added > 0 else { return true }
        types.withUnsafeBufferPointer { types in
            let values = UnsafeBufferPointer(rebasing: types[range.indices])
            _ = UnsafeMutableBufferPointer(start: storage + count, count: added).update(fromContentsOf: values)
        }
        count &+= added
        return true
    }

    /// The innermost block's values, at most ten of them, as the specification writes them.
    var description: String {
        let shown = min(10, count - base)
        let types = (count - shown..<count).map { describeType(storage[$0]) }
        let rest = count - base > shown ? ["..."] : []
        return "[" + (rest + types).joined(separator: " ") + "]"
    }
}
