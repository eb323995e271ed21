import CBulkhead

/// Why sandboxed code was stopped. The store, and the instance, can go on being used.
public struct Trap: Error, Hashable, Sendable {
    /// Spec: 4 (execution), wherever "trap" is said.
    public enum Kind: Hashable, Sendable, CaseIterable {
        case unreachable
        case integerDivideByZero
        case integerOverflow
        case invalidConversionToInteger
        case memoryOutOfBounds
        case tableOutOfBounds
        case undefinedElement
        case uninitializedElement
        case indirectCallTypeMismatch
        case callStackExhausted
        /// A time limit passed; see `Store.withTimeLimit(_:_:)`. Not of the specification.
        case interrupted
    }

    /// A function of sandboxed code that was being executed.
    public struct Frame: Hashable, Sendable {
        /// The function's name, as the module gives it; `nil` where the artifact's symbols can't be read.
        public let name: String?
        /// The machine instruction, in the host's address space.
        public let address: UInt
    }

    public let kind: Kind
    /// For a memory access that faulted: the byte it was for, counted from the memory's start.
    public let memoryOffset: UInt64?
    /// Innermost first, at most `frameLimit`. Functions that the C compiler merged into their callers don't appear; without
    /// optimization all do.
    public let backtrace: [Frame]

    /// How many functions a back-trace names at most: 64.
    public static var frameLimit: Int { Int(BULKHEAD_TRAP_FRAMES) }

    /// A trap that a host function raises by throwing it.
    public init(_ kind: Kind) {
        self.kind = kind
        memoryOffset = nil
        backtrace = []
    }

    init(_ pointer: UnsafePointer<bulkhead_trap>) {
        let raw = pointer.pointee
        kind = Kind(raw.kind)
        memoryOffset = raw.has_offset ? raw.offset : nil
        backtrace = Self.frames(of: raw)
    }

    static func frames(of raw: bulkhead_trap) -> [Frame] {
        withUnsafeBytes(of: raw.frames) { bytes in
            bytes.bindMemory(to: UnsafeMutableRawPointer?.self).prefix(Int(raw.frame_count)).map { address in
                Frame(name: name(of: address), address: UInt(bitPattern: address))
            }
        }
    }

    private static func name(of address: UnsafeMutableRawPointer?) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer -> String? in
            guard let base = buffer.baseAddress, bulkhead_frame_name(address, base, buffer.count) else { return nil }
            return String(cString: base)
        }
    }
}

extension Trap.Kind {
    init(_ raw: bulkhead_trap_kind) {
        self =
            switch raw {
            case BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO: .integerDivideByZero
            case BULKHEAD_TRAP_INTEGER_OVERFLOW: .integerOverflow
            case BULKHEAD_TRAP_INVALID_CONVERSION: .invalidConversionToInteger
            case BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS: .memoryOutOfBounds
            case BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS: .tableOutOfBounds
            case BULKHEAD_TRAP_UNDEFINED_ELEMENT: .undefinedElement
            case BULKHEAD_TRAP_UNINITIALIZED_ELEMENT: .uninitializedElement
            case BULKHEAD_TRAP_INDIRECT_CALL_TYPE: .indirectCallTypeMismatch
            case BULKHEAD_TRAP_STACK_EXHAUSTED: .callStackExhausted
            case BULKHEAD_TRAP_INTERRUPTED: .interrupted
            default: .unreachable
            }
    }
}

extension Trap.Kind: CustomStringConvertible {
    /// In the specification's words.
    public var description: String {
        switch self {
        case .unreachable: "unreachable"
        case .integerDivideByZero: "integer divide by zero"
        case .integerOverflow: "integer overflow"
        case .invalidConversionToInteger: "invalid conversion to integer"
        case .memoryOutOfBounds: "out of bounds memory access"
        case .tableOutOfBounds: "out of bounds table access"
        case .undefinedElement: "undefined element"
        case .uninitializedElement: "uninitialized element"
        case .indirectCallTypeMismatch: "indirect call type mismatch"
        case .callStackExhausted: "call stack exhausted"
        case .interrupted: "interrupted"
        }
    }
}

extension Trap: CustomStringConvertible {
    /// The kind, the place, and a line per frame.
    public var description: String {
        var text = "wasm trap: \(kind)"
        if let memoryOffset { text += " at offset 0x\(String(memoryOffset, radix: 16))" }
        for (number, frame) in backtrace.enumerated() {
            text += "\n    \(number): \(frame.name ?? "0x\(String(frame.address, radix: 16))")"
        }
        return text
    }
}
