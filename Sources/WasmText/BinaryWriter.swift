import WasmModule

/// Bytes of the binary format. Spec: 5.2.
struct BinaryWriter: Sendable {
    var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func raw(_ other: some Collection<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// LEB128. Spec: 5.2.2.
    mutating func unsigned(_ value: some UnsignedInteger) {
        var rest = UInt64(truncatingIfNeeded: value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func count(_ value: Int) {
        unsigned(UInt(bitPattern: value))
    }

    mutating func signed(_ value: Int64) {
        var rest = value
        while !(-64..<64).contains(rest) {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest) & 0x7F)
    }

    mutating func littleEndian(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A byte vector: its length, then the bytes. Names are ones too.
    mutating func vector(_ content: some Collection<UInt8>) {
        count(content.count)
        raw(content)
    }

    mutating func section(_ id: Module.SectionID, _ content: [UInt8]) {
        byte(id.rawValue)
        vector(content)
    }

    mutating func opcode(_ opcode: Opcode) {
        if opcode.rawValue >= 0x100 {
            byte(UInt8(truncatingIfNeeded: opcode.rawValue >> 16))
            unsigned(opcode.rawValue & 0xFFFF)
        } else {
            byte(UInt8(truncatingIfNeeded: opcode.rawValue))
        }
    }

    // MARK: - Types. Spec: 5.3

    mutating func types(_ types: [ValueType]) {
        count(types.count)
        for type in types { byte(type.rawValue) }
    }

    mutating func functionType(_ type: FunctionType) {
        byte(0x60)
        types(type.parameters)
        types(type.results)
    }

    mutating func limits(_ limits: Limits) {
        byte(limits.maximum == nil ? 0x00 : 0x01)
        unsigned(limits.minimum)
        if let maximum = limits.maximum { unsigned(maximum) }
    }

    mutating func tableType(_ type: TableType) {
        byte(type.element.rawValue)
        limits(type.limits)
    }

    mutating func globalType(_ type: GlobalType) {
        byte(type.value.rawValue)
        byte(type.mutability.rawValue)
    }

    mutating func blockType(_ type: BlockType) {
        switch type {
        case .empty: byte(0x40)
        case .value(let type): byte(type.rawValue)
        case .type(let index): signed(Int64(index))
        }
    }
}
