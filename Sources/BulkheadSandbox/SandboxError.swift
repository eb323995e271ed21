import Bulkhead

/// Why a sandbox can't do what it was asked to. What a callback threw comes out of the call unchanged, and what stopped the library's
/// own code is a `Trap`.
public enum SandboxError: Error, Sendable {
    /// The sandbox was used after its code had been stopped for the reason given. Make another.
    case dead(String)
    /// A null pointer where there must be none.
    case nullPointer
    /// A pointer, or the range that begins there, goes past the end of the sandbox's memory.
    case outOfBounds(address: UInt64, count: UInt64, memory: UInt64)
    /// A pointer of a library in direct mode was used with a sandbox, or the other way round.
    case foreignPointer
    /// The library's `malloc` had no memory of that many bytes.
    case outOfMemory(bytes: Int)
    /// A value from the sandbox is not as the host expects.
    case verification(String)
    /// No zero byte in as many bytes as the host was ready to read.
    case unterminatedString(maximum: Int)
    /// The string is not UTF-8.
    case invalidUTF8
    /// The bindings name a function that the library doesn't have.
    case missingFunction(String)
    /// The bindings and the compiled library don't belong together.
    case interface(String)
    /// The sandbox called a function of the system that it was not granted.
    case notGranted(String)
    /// A handle that was never given out, was released, or stands for an object of another type.
    case invalidHandle
    /// No more objects can have handles.
    case tooManyHandles(limit: Int)
    /// No more callbacks can be registered.
    case tooManyCallbacks(limit: Int)
}

extension SandboxError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .dead(let reason): "the sandbox is dead (\(reason)); make another"
        case .nullPointer: "a null pointer where there must be none"
        case .outOfBounds(let address, let count, let memory):
            "\(count) bytes at 0x\(String(address, radix: 16)) are not in a memory of \(memory) bytes"
        case .foreignPointer:
            "a pointer of a library in direct mode and a sandbox, or the other way round, don't go together"
        case .outOfMemory(let bytes): "the sandbox has no \(bytes) bytes of memory left"
        case .verification(let reason): "a value from the sandbox was refused: \(reason)"
        case .unterminatedString(let maximum): "a string from the sandbox has no end in \(maximum) bytes"
        case .invalidUTF8: "a string from the sandbox is not UTF-8"
        case .missingFunction(let name): "the library has no function \(name)"
        case .interface(let message): message
        case .notGranted(let name): "the library called \(name), which it was not granted"
        case .invalidHandle: "a handle that stands for no object of this type"
        case .tooManyHandles(let limit): "at most \(limit) objects can have handles at a time"
        case .tooManyCallbacks(let limit): "at most \(limit) callbacks can be registered at a time"
        }
    }
}
