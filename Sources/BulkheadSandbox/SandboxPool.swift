import Dispatch
import Synchronization

/// Sandboxes made in advance, so that one is there at once when it is needed. Each is used once: what a library did for one caller never
/// reaches another.
///
/// ```swift
/// let pool = try SandboxPool(image, size: 16, limits: SandboxLimits(memory: 64 << 20))
/// var sandbox = try pool.take()
/// ```
public final class SandboxPool<Library: SandboxLibrary>: Sendable {
    private let image: SandboxImage<Library>
    private let size: Int
    private let limits: SandboxLimits
    private let capabilities: SandboxCapabilities
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "bulkhead.sandbox-pool", qos: .utility)

    /// A sandbox that nobody uses may be passed between threads.
    private struct Ready: @unchecked Sendable {
        let core: SandboxCore
    }

    private struct State {
        var ready: [Ready] = []
        var isFilling = false
    }

    /// Makes the first sandboxes before it returns.
    /// - Parameter size: how many are kept ready.
    public init(
        _ image: SandboxImage<Library>, size: Int, limits: SandboxLimits = SandboxLimits(),
        capabilities: SandboxCapabilities = .none
    ) throws {
        self.image = image
        self.size = max(0, size)
        self.limits = limits
        self.capabilities = capabilities
        let first = try (0..<self.size).map { _ in try make() }
        state.withLock { $0.ready = first }
    }

    /// How many are ready now.
    public var readyCount: Int { state.withLock { $0.ready.count } }

    /// A sandbox that nobody has used. When none is ready one is made, which takes longer.
    public func take() throws -> Sandbox<Library> {
        let (ready, mustFill) = state.withLock { state in
            let ready = state.ready.popLast()
            let mustFill = !state.isFilling && state.ready.count <= size / 2
            if mustFill { state.isFilling = true }
            return (ready, mustFill)
        }
        if mustFill { queue.async { [weak self] in self?.fill() } }
        return Sandbox(core: try (ready ?? make()).core)
    }

    private func make() throws -> Ready {
        Ready(core: try SandboxCore(image, limits: limits, capabilities: capabilities))
    }

    /// Stops quietly when no sandbox can be made: whoever takes one then is told why.
    private func fill() {
        while true {
            let made = state.withLock { $0.ready.count < size } ? try? make() : nil
            let isDone = state.withLock { state in
                if let made { state.ready.append(made) }
                if made == nil || state.ready.count >= size { state.isFilling = false }
                return !state.isFilling
            }
            if isDone { return }
        }
    }
}
