/// A set of opcodes; a byte each, so that asking is one load.
public struct OpcodeSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    private var members = [Bool](repeating: false, count: OpcodeTable.count)

    public init(arrayLiteral opcodes: Opcode...) {
        self.init(opcodes)
    }

    public init(_ opcodes: [Opcode]) {
        for opcode in opcodes { members[OpcodeTable.index(of: opcode)] = true }
    }

    @inline(__always)
    public func contains(_ opcode: Opcode) -> Bool {
        members[OpcodeTable.index(of: opcode)]
    }
}
