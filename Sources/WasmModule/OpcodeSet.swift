/// A set of opcodes, a bit each.
public struct OpcodeSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    private var bits = SIMD8<UInt64>()

    public init(arrayLiteral opcodes: Opcode...) {
        for opcode in opcodes {
            let index = OpcodeTable.index(of: opcode)
            bits[index >> 6] |= 1 << UInt64(index & 63)
        }
    }

    @inline(__always)
    func contains(index: Int) -> Bool {
        bits[index >> 6] >> UInt64(index & 63) & 1 == 1
    }

    public func contains(_ opcode: Opcode) -> Bool {
        contains(index: OpcodeTable.index(of: opcode))
    }
}
