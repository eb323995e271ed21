/// What a library made for its caller, and a function of the library's frees after its owner let go of it: before the next call, so that no
/// code of the library runs unasked.
///
/// Bindings return it where the annotations say who frees the result. Whoever gives the pointer away takes it out with ``release()``.
public struct SandboxOwned<Pointee>: ~Copyable {
    let core: SandboxCore
    /// Of the function that frees it.
    let number: Int
    public let pointer: SandboxPointer<Pointee>
    private var isReleased = false

    init(core: SandboxCore, number: Int, pointer: SandboxPointer<Pointee>) {
        self.core = core
        self.number = number
        self.pointer = pointer
    }

    deinit {
        if !isReleased { core.release(.object(pointer.slot, freedBy: number)) }
    }

    /// Leaves the object to the library, or to whoever frees it by hand.
    public consuming func release() -> SandboxPointer<Pointee> {
        isReleased = true
        return pointer
    }
}

extension Sandbox {
    /// For generated bindings: `pointer`, with the number of the function that frees it.
    public mutating func own<Pointee>(
        _ pointer: SandboxPointer<Pointee>, freedBy number: Int
    ) -> SandboxOwned<Pointee> {
        SandboxOwned(core: core, number: number, pointer: pointer)
    }
}
