/// The parts of the language that are known but not implemented, so that a module that uses one is refused with its
/// name and a way out, not as garbage.
enum UnsupportedProposal: Sendable {
    case relaxedVector
    case threads
    case tailCalls
    case exceptionHandling
    case memory64
    case garbageCollection
    case wideArithmetic
    case stackSwitching
    case customPageSizes
    case componentModel

    var description: String {
        switch self {
        case .relaxedVector: "proposal relaxed-simd is not supported; compile with -mno-relaxed-simd"
        case .threads: "shared memory and atomics (proposal threads) are not supported; compile without -pthread"
        case .tailCalls: "proposal tail-call is not supported; compile with -mno-tail-call"
        case .exceptionHandling: "proposal exception-handling is not supported; compile with -fno-exceptions"
        case .memory64: "64-bit memories (proposal memory64) are not supported; compile for wasm32"
        case .garbageCollection:
            "typed references (proposals function-references and gc) are not supported; compile with -mno-gc"
        case .wideArithmetic: "proposal wide-arithmetic is not supported; compile with -mno-wide-arithmetic"
        case .stackSwitching: "proposal stack-switching is not supported"
        case .customPageSizes: "proposal custom-page-sizes is not supported; link with pages of 64 KiB"
        case .componentModel:
            "components (component-model) are not supported; extract the core module that is in it"
        }
    }

    /// The proposal that assigns a single-byte opcode or a prefix byte.
    static func opcode(_ byte: UInt8) -> UnsupportedProposal? {
        switch byte {
        // 0x0A is `throw_ref`, too; the suite of 2.0 wants it malformed.
        case 0x06...0x09, 0x18, 0x19, 0x1F: .exceptionHandling
        case 0x12, 0x13: .tailCalls
        case 0x14, 0x15, 0xD3...0xD6, 0xFB: .garbageCollection
        case 0xE0...0xE6: .stackSwitching
        case 0xFE: .threads
        default: nil
        }
    }

    /// Likewise behind the prefix 0xFC.
    static func miscellaneousOpcode(_ code: UInt32) -> UnsupportedProposal? {
        switch code {
        case 0x13...0x16: .wideArithmetic
        default: nil
        }
    }

    /// Likewise behind the prefix 0xFD.
    static func vectorOpcode(_ code: UInt32) -> UnsupportedProposal? {
        switch code {
        case 0x100...0x12F: .relaxedVector
        default: nil
        }
    }

    /// The proposal that assigns the first byte of a value or reference type.
    static func type(_ byte: UInt8) -> UnsupportedProposal? {
        switch byte {
        case 0x69, 0x74: .exceptionHandling
        case 0x63, 0x64, 0x6A...0x6E, 0x71...0x73: .garbageCollection
        default: nil
        }
    }

    /// Likewise of an entry of the type section.
    static func typeDefinition(_ byte: UInt8) -> UnsupportedProposal? {
        switch byte {
        case 0x4E...0x50, 0x5E, 0x5F: .garbageCollection
        case 0x5D: .stackSwitching
        default: nil
        }
    }

    /// Likewise of the limits of a table or memory.
    static func limits(_ flags: UInt8) -> UnsupportedProposal? {
        switch flags {
        case 3: .threads
        case 4...7: .memory64
        case 8...15: .customPageSizes
        default: nil
        }
    }
}

extension ModuleError {
    static func unsupported(_ proposal: UnsupportedProposal, at offset: Int) -> ModuleError {
        ModuleError(.unsupported, proposal.description, offset: offset)
    }

    /// For something that is implemented and switched off.
    static func switchedOff(_ feature: Features, neededBy what: String, at offset: Int) -> ModuleError {
        let flags = Features.named.filter { feature.contains($0.feature) }.map(\.clangFlag).joined(separator: " ")
        return ModuleError(
            .unsupported,
            "feature \(feature) is switched off, and \(what) needs it; allow it or compile with \(flags)",
            offset: offset)
    }
}
