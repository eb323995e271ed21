import WasmModule

/// Valid modules to start from, made here so that the fuzzer needs no files.
enum Seeds {
    static var all: [[UInt8]] {
        [everySection, everyInstruction, control, header]
    }

    private static let header: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
    private static let end: UInt8 = 0x0B

    private static func section(_ id: Module.SectionID, _ content: [UInt8]) -> [UInt8] {
        [id.rawValue] + leb(content.count) + content
    }

    private static func leb(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + leb(value >> 7)
    }

    private static func name(_ text: String) -> [UInt8] { leb(text.utf8.count) + Array(text.utf8) }
    private static func code(_ content: [UInt8]) -> [UInt8] { leb(content.count) + content }

    /// One type, table, memory, global and so on of each sort.
    private static var everySection: [UInt8] {
        let functionNames: [UInt8] = [0x01, 0x00] + name("f")
        let localNames: [UInt8] = [0x01, 0x01, 0x01, 0x00] + name("x")
        let names: [UInt8] =
            name("name") + [0x00] + leb(2) + name("m") + [0x01] + leb(functionNames.count) + functionNames
            + [0x02] + leb(localNames.count) + localNames
        var bytes = header
        bytes += section(
            .type, [0x03, 0x60, 0x00, 0x00, 0x60, 0x01, 0x7F, 0x02, 0x7F, 0x7E, 0x60, 0x01, 0x6F, 0x01, 0x70])
        bytes += section(
            .import,
            [0x03] + name("e") + name("f") + [0x00, 0x00] + name("e") + name("g") + [0x03, 0x7F, 0x00]
                + name("e") + name("t") + [0x01, 0x70, 0x01, 0x01, 0x02])
        bytes += section(.function, [0x02, 0x01, 0x00])
        bytes += section(.table, [0x01, 0x6F, 0x00, 0x03])
        bytes += section(.memory, [0x01, 0x01, 0x01, 0x04])
        bytes += section(.global, [0x02, 0x7E, 0x01, 0x42, 0x01, 0x42, 0x02, 0x7C, end, 0x70, 0x00, 0xD2, 0x01, end])
        bytes += section(
            .export, [0x03] + name("a") + [0x00, 0x01] + name("b") + [0x02, 0x00] + name("c") + [0x03, 0x01])
        bytes += section(.start, [0x00])
        bytes += section(
            .element,
            [
                0x05, 0x00, 0x23, 0x00, end, 0x01, 0x00, 0x01, 0x00, 0x01, 0x01, 0x02, 0x00, 0x41, 0x00, end, 0x00,
                0x00, 0x05, 0x6F, 0x01, 0xD0, 0x6F, end, 0x07, 0x70, 0x01, 0xD2, 0x02, end,
            ])
        bytes += section(.dataCount, [0x02])
        bytes += section(
            .code,
            [0x02] + code([0x01, 0x02, 0x7C, 0x20, 0x00, 0x23, 0x01, end])
                + code([0x00, 0x41, 0x00, 0x41, 0x00, 0x41, 0x00, 0xFC, 0x08, 0x00, 0x00, end]))
        bytes += section(.data, [0x02, 0x01, 0x02, 0xAA, 0xBB, 0x00, 0x41, 0x10, end, 0x01, 0xCC])
        return bytes + section(.custom, names)
    }

    /// All instructions but those that open and close blocks, each where any operand can be had.
    private static var everyInstruction: [UInt8] {
        var body: [UInt8] = [0x01, 0x01, 0x7F]
        for opcode in Opcode.allCases where ![.block, .loop, .if, .else, .end].contains(opcode) {
            let raw = opcode.rawValue
            let code = raw & 0xFF
            let behindPrefix = code < 0x80 ? [UInt8(code)] : [UInt8(code), 0x01]
            let bytes = raw < 256 ? [UInt8(raw)] : [UInt8(raw >> 16)] + behindPrefix
            body += [0x02, 0x40, 0x00] + bytes + immediates(opcode) + [0x00, end]
        }
        var bytes = header
        bytes += section(.type, [0x01, 0x60, 0x00, 0x00])
        bytes += section(.function, [0x01, 0x00])
        bytes += section(.table, [0x01, 0x70, 0x00, 0x01])
        bytes += section(.memory, [0x01, 0x00, 0x01])
        bytes += section(.global, [0x01, 0x7F, 0x01, 0x41, 0x00, end])
        bytes += section(.element, [0x01, 0x01, 0x00, 0x01, 0x00])
        bytes += section(.dataCount, [0x01])
        bytes += section(.code, [0x01] + code(body + [end]))
        return bytes + section(.data, [0x01, 0x01, 0x00])
    }

    private static func immediates(_ opcode: Opcode) -> [UInt8] {
        switch opcode.form {
        case .none, .numeric: []
        case .block: [0x40]
        case .branchTable: [0x01, 0x00, 0x01]
        case .label, .local, .global, .function, .table, .memory, .element, .data: [0x00]
        case .typeThenTable, .elementThenTable, .tableThenTable, .dataThenMemory, .memoryThenMemory: [0x00, 0x00]
        case .types: [0x01, 0x7F]
        case .referenceType: [0x70]
        case .memoryAccess: [0x00, 0x08]
        case .constant(.i32), .constant(.i64): [0x2A]
        case .laneAccess: [0x00, 0x08, 0x01]
        case .lane: [0x01]
        case .shuffle: Array(0..<16)
        case .constant(.f32): [0, 0, 0x80, 0x3F]
        case .constant(.v128): Array(0..<16)
        case .constant: [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
        }
    }

    /// Blocks in blocks, with parameters, results, and branches between them.
    private static var control: [UInt8] {
        let body: [UInt8] = [
            0x00, 0x20, 0x00, 0x02, 0x01, 0x03, 0x01, 0x41, 0x01, 0x0D, 0x01, 0x41, 0x00, 0x0E, 0x02, 0x00, 0x01, 0x01,
            end, end, 0x20, 0x00, 0x04, 0x01, 0x41, 0x02, 0x6A, 0x05, 0x45, end, 0x02, 0x7F, 0x41, 0x07, 0x20, 0x00,
            0x0D, 0x00, 0x1A, 0x42, 0x00, 0xA7, 0x0C, 0x00, end, 0x6B, 0x20, 0x00, 0x11, 0x00, 0x00, 0x0F, end,
        ]
        var bytes = header
        bytes += section(.type, [0x02, 0x60, 0x01, 0x7F, 0x01, 0x7F, 0x60, 0x01, 0x7F, 0x01, 0x7F])
        bytes += section(.function, [0x01, 0x00])
        bytes += section(.table, [0x01, 0x70, 0x00, 0x01])
        return bytes + section(.code, [0x01] + code(body))
    }
}
