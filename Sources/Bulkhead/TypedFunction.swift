import CBulkhead
import WasmModule

extension Function {
    /// The function as a Swift closure, with its type checked once: calls cost a few nanoseconds.
    ///
    /// ```swift
    /// let add = try instance.exports[function: "add"]!.typed(as: ((Int32, Int32) -> Int32).self)
    /// let sum = try add(1, 2)
    /// ```
    /// - Throws: `BulkheadError.typeMismatch` if the function has another type.
    @inlinable
    public func typed<each Parameter: WasmValue, each Result: WasmValue>(
        as type: ((repeat each Parameter) -> (repeat each Result)).Type
    ) throws -> (repeat each Parameter) throws -> (repeat each Result) {
        var expected = FunctionType(parameters: [], results: [])
        repeat expected.parameters.append((each Parameter).valueType)
        repeat expected.results.append((each Result).valueType)
        try require(expected)
        let count = max(expected.parameters.count, expected.results.count, 1)
        return { (argument: repeat each Parameter) throws -> (repeat each Result) in
            try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { slots in
                var position = 0
                for slot in repeat (each argument).wasmBits {
                    slots[position] = slot
                    position += 1
                }
                if let base = slots.baseAddress { try call(base) }
                position = -1
                func next() -> UInt64 {
                    position += 1
                    return slots[position]
                }
                return (repeat (each Result)(wasmBits: next()))
            }
        }
    }

    @usableFromInline
    func require(_ expected: FunctionType) throws {
        guard Signature.spells(expected, bulkhead_function_signature(pointer)) else {
            throw BulkheadError.typeMismatch(expected: "a function \(expected)", found: "\(type)")
        }
    }
}

// MARK: - Short signatures

// The compiler goes through a pack at run time, value by value, which takes longer than the call. These do the same
// for functions of up to three parameters and one result, and are preferred to the general form where they fit.
extension Function {
    @inlinable
    func call(_ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0) throws -> UInt64 {
        try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 3) { slots in
            guard let base = slots.baseAddress else { return 0 }
            slots[0] = a
            slots[1] = b
            slots[2] = c
            try call(base)
            return slots[0]
        }
    }

    @inlinable
    public func typed<R: WasmValue>(as type: (() -> R).Type) throws -> () throws -> R {
        try require(FunctionType(parameters: [], results: [R.valueType]))
        return { () throws -> R in R(wasmBits: try call()) }
    }

    @inlinable
    public func typed(as type: (() -> Void).Type) throws -> () throws -> Void {
        try require(FunctionType(parameters: [], results: []))
        return { () throws -> Void in _ = try call() }
    }

    @inlinable
    public func typed<A: WasmValue, R: WasmValue>(as type: ((A) -> R).Type) throws -> (A) throws -> R {
        try require(FunctionType(parameters: [A.valueType], results: [R.valueType]))
        return { (a: A) throws -> R in R(wasmBits: try call(a.wasmBits)) }
    }

    @inlinable
    public func typed<A: WasmValue>(as type: ((A) -> Void).Type) throws -> (A) throws -> Void {
        try require(FunctionType(parameters: [A.valueType], results: []))
        return { (a: A) throws -> Void in _ = try call(a.wasmBits) }
    }

    @inlinable
    public func typed<A: WasmValue, B: WasmValue, R: WasmValue>(as type: ((A, B) -> R).Type) throws -> (A, B) throws ->
        R
    {
        try require(FunctionType(parameters: [A.valueType, B.valueType], results: [R.valueType]))
        return { (a: A, b: B) throws -> R in R(wasmBits: try call(a.wasmBits, b.wasmBits)) }
    }

    @inlinable
    public func typed<A: WasmValue, B: WasmValue>(as type: ((A, B) -> Void).Type) throws -> (A, B) throws -> Void {
        try require(FunctionType(parameters: [A.valueType, B.valueType], results: []))
        return { (a: A, b: B) throws -> Void in _ = try call(a.wasmBits, b.wasmBits) }
    }

    @inlinable
    public func typed<A: WasmValue, B: WasmValue, C: WasmValue, R: WasmValue>(as type: ((A, B, C) -> R).Type) throws
        -> (A, B, C) throws -> R
    {
        try require(FunctionType(parameters: [A.valueType, B.valueType, C.valueType], results: [R.valueType]))
        return { (a: A, b: B, c: C) throws -> R in R(wasmBits: try call(a.wasmBits, b.wasmBits, c.wasmBits)) }
    }

    @inlinable
    public func typed<A: WasmValue, B: WasmValue, C: WasmValue>(as type: ((A, B, C) -> Void).Type) throws -> (A, B, C)
        throws -> Void
    {
        try require(FunctionType(parameters: [A.valueType, B.valueType, C.valueType], results: []))
        return { (a: A, b: B, c: C) throws -> Void in _ = try call(a.wasmBits, b.wasmBits, c.wasmBits) }
    }
}
