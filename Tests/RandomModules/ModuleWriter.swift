import WasmModule

/// Bytes of the binary format. Spec: 5.
package struct ModuleWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func byte(_ value: UInt8) { bytes.append(value) }
    package mutating func append(_ other: ModuleWriter) { bytes += other.bytes }
    package mutating func append(_ other: [UInt8]) { bytes += other }

    package mutating func unsigned(_ value: some BinaryInteger) {
        var rest = UInt64(value)
        repeat {
            let low = UInt8(rest & 0x7F)
            rest >>= 7
            bytes.append(rest == 0 ? low : low | 0x80)
        } while rest != 0
    }

    package mutating func signed(_ value: Int64) {
        var rest = value
        while true {
            let low = UInt8(truncatingIfNeeded: rest & 0x7F)
            rest >>= 7
            if (rest == 0 && low & 0x40 == 0) || (rest == -1 && low & 0x40 != 0) {
                bytes.append(low)
                return
            }
            bytes.append(low | 0x80)
        }
    }

    package mutating func opcode(_ opcode: Opcode) {
        if opcode.rawValue > 0xFF {
            byte(UInt8(opcode.rawValue >> 16))
            unsigned(opcode.rawValue & 0xFFFF)
        } else {
            byte(UInt8(opcode.rawValue))
        }
    }

    package mutating func name(_ text: String) {
        unsigned(text.utf8.count)
        bytes += text.utf8
    }

    package mutating func types(_ types: [ValueType]) {
        unsigned(types.count)
        for type in types { byte(type.rawValue) }
    }

    package mutating func constant(_ type: ValueType, _ bits: UInt64) {
        switch type {
        case .i32:
            opcode(.i32Const)
            signed(Int64(Int32(truncatingIfNeeded: bits)))
        case .i64:
            opcode(.i64Const)
            signed(Int64(bitPattern: bits))
        case .f32:
            opcode(.f32Const)
            for place in 0..<4 { byte(UInt8(truncatingIfNeeded: bits >> UInt64(8 * place))) }
        case .f64:
            opcode(.f64Const)
            for place in 0..<8 { byte(UInt8(truncatingIfNeeded: bits >> UInt64(8 * place))) }
        case .funcref, .externref, .v128:
            opcode(.refNull)
            byte(type.rawValue)
        }
    }

    /// A section of `count` things; none where there are no things.
    package mutating func section(
        _ id: WasmModule.Module.SectionID, count: Int?, _ content: (inout ModuleWriter) -> Void
    ) {
        if count == 0 { return }
        var inner = ModuleWriter()
        if let count { inner.unsigned(count) }
        content(&inner)
        byte(id.rawValue)
        unsigned(inner.bytes.count)
        append(inner)
    }
}
