/// A Swift closure that the library can call, for as long as this value lives.
///
/// ```swift
/// let onText = try sandbox.callback(XML_CharacterDataHandler.self) { sandbox, userData, text, length in … }
/// try sandbox.XML_SetCharacterDataHandler(parser, onText.pointer)
/// ```
/// When the callback is gone, a call through a pointer that the library kept traps. (Its place in the library's table is used
/// again for later callbacks of the same C type, the one that rested longest first: an old pointer can then reach one of those.)
///
/// What the closure throws ends the call that led to it, unchanged. The library's frames in between are abandoned, so the sandbox is dead
/// then; a closure that wants to stop the library in an orderly way uses the library's own means.
public struct SandboxCallback<FunctionType: SandboxFunctionType>: ~Copyable {
    @usableFromInline let core: SandboxCore
    @usableFromInline let slot: CallbackSlot
    /// What the library is given.
    public let pointer: SandboxFunctionPointer<FunctionType>

    @usableFromInline
    init(core: SandboxCore, slot: CallbackSlot) {
        self.core = core
        self.slot = slot
        pointer = SandboxFunctionPointer(address: slot.address)
    }

    deinit { core.releaseCallback(slot) }
}

extension Sandbox {
    /// Registers a closure under a C function type of the library's.
    /// - Throws: ``SandboxError/tooManyCallbacks(limit:)``.
    @inlinable
    public mutating func callback<FunctionType: SandboxFunctionType>(
        _ type: FunctionType.Type = FunctionType.self, _ body: FunctionType.Body
    ) throws -> SandboxCallback<FunctionType> where FunctionType.Library == Library {
        // Made here, and so for these very types: this closure needs no metadata when it runs.
        let body = CallbackBody { core, slots in
            var sandbox = Sandbox(core: core)
            try FunctionType.call(body, &sandbox, slots)
        }
        let slot = try core.registerCallback(FunctionType.name, FunctionType.signature, body)
        return SandboxCallback(core: core, slot: slot)
    }
}
