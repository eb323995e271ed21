import Bulkhead
import CBulkhead

/// A library in a sandbox: an instance of its own, whose memory nothing else shares.
///
/// ```swift
/// var sandbox = try Sandbox<Expat>(image)
/// let parser = try sandbox.XML_ParserCreate(nil)
/// ```
/// Generated bindings add the library's functions as methods. A sandbox has one owner, which passes it on with `inout` or for good;
/// calls are `mutating`, so that no view of its memory outlives the moment in which the library may change it.
///
/// When the library's code traps, or a callback throws, the sandbox is dead: whatever state the library was in stays behind the wall, and all
/// further use throws ``SandboxError/dead(_:)``. The host goes on and makes another.
public struct Sandbox<Library: SandboxLibrary>: ~Copyable {
    @usableFromInline let core: SandboxCore

    /// - Parameters:
    ///   - image: the library.
    ///   - limits: what the library may use of memory, stack and time.
    ///   - capabilities: what the library may do beyond computing. Nothing by default.
    /// - Throws: what keeps the library from starting; `BulkheadError`, `Trap` or ``SandboxError``.
    public init(
        _ image: SandboxImage<Library>, limits: SandboxLimits = SandboxLimits(),
        capabilities: SandboxCapabilities = .none
    ) throws {
        core = try SandboxCore(image, limits: limits, capabilities: capabilities)
    }

    @usableFromInline
    init(core: SandboxCore) { self.core = core }

    /// Whose layouts the library's memory has: `.native` in direct mode.
    @inlinable public var machine: Machine { core.machine }

    /// Why the sandbox can no longer be used; `nil` while it can.
    public var death: String? { core.death }

    /// Bytes of memory that the library has now. In direct mode, as many as a program can address.
    public var memorySize: UInt64 { core.memory.pointee.size }

    /// Limits the time of all calls in `body` together, with one timer for them all.
    ///
    /// A call that takes longer is stopped by a trap of the kind `interrupted`, which leaves the sandbox dead. Host code is never
    /// stopped: a callback that is running ends first.
    public mutating func withTimeLimit<Result>(
        _ limit: Duration, _ body: (inout Sandbox) throws -> Result
    ) throws -> Result {
        let outer = core.timeLimit
        core.timeLimit = nil
        defer { core.timeLimit = outer }
        return try Store.withTimeLimit(limit) { try body(&self) }
    }

    /// Declares the sandbox dead, for instance because its results make no sense.
    public mutating func kill(because reason: String) { core.kill(because: reason) }

    // MARK: - For generated bindings

    /// Calls function `number` of the interface with the arguments that `arguments` puts into slots, and returns the first slot after it.
    /// - Parameter count: the parameters of the function.
    @inlinable
    public mutating func call(
        _ number: Int, slots count: Int, _ arguments: (UnsafeMutablePointer<UInt64>) -> Void
    ) throws -> UInt64 {
        try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count &+ 1) { slots in
            guard let base = slots.baseAddress else { return 0 }
            arguments(base)
            try core.call(number, base)
            return base[0]
        }
    }

    /// Gives `body` room in the library's memory for values passed by reference on the bindings' account.
    @inlinable
    public mutating func withScratch<Result>(
        size: Int, _ body: (inout Sandbox, SandboxRawPointer) throws -> Result
    ) throws -> Result {
        try core.withScratch(size: size) { try body(&self, $0) }
    }
}
