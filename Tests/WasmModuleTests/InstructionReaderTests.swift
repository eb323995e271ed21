import Testing
import WasmModule

@Suite struct InstructionReaderTests {
    private func read(_ bytes: [UInt8], features: Features = .all) throws -> [Instruction] {
        var reader = InstructionReader(bytes: bytes, range: bytes.indices, features: features)
        var instructions: [Instruction] = []
        while let instruction = try reader.next() { instructions.append(instruction) }
        #expect(reader.position == bytes.count)
        return instructions
    }

    private func offsets(_ bytes: [UInt8]) throws -> [Int] {
        var reader = InstructionReader(bytes: bytes, range: bytes.indices, features: .all)
        var offsets: [Int] = []
        while try reader.next() != nil { offsets.append(reader.offset) }
        return offsets
    }

    /// Some bytes that are right for a form, however many immediates it has.
    private func immediates(_ form: Opcode.Form) -> [UInt8] {
        switch form {
        case .none, .numeric: []
        case .block: [0x40]
        case .label, .local, .global, .function, .table, .element, .data: [0x85, 0x01]
        case .memory: [0x00]
        case .branchTable: [0x02, 0x01, 0x02, 0x03]
        case .typeThenTable, .elementThenTable, .tableThenTable: [0x07, 0x08]
        case .dataThenMemory: [0x07, 0x00]
        case .memoryThenMemory: [0x00, 0x00]
        case .types: [0x01, i32]
        case .referenceType: [externref]
        case .memoryAccess: [0x00, 0x90, 0x01]
        case .constant(.i32), .constant(.i64): [0x7F]
        case .laneAccess: [0x00, 0x90, 0x01, 0x01]
        case .lane: [0x01]
        case .shuffle, .constant(.v128): Array(0..<16)
        case .constant(.f32): [1, 2, 3, 4]
        case .constant: [1, 2, 3, 4, 5, 6, 7, 8]
        }
    }

    @Test func everyOpcode() throws {
        for opcode in Opcode.allCases {
            let code = opcode.rawValue
            let low = UInt8(code & 0xFF)
            let prefix = code < 256 ? [low] : [UInt8(code >> 16)] + (low < 0x80 ? [low] : [low, 0x01])
            let bytes = prefix + immediates(opcode.form)
            let instructions = try read(bytes + [0x01])
            #expect(instructions.map(\.opcode) == [opcode, .nop], "\(opcode)")
            #expect(try offsets(bytes + [0x01]) == [0, bytes.count], "\(opcode)")
            #expect(!opcode.mnemonic.isEmpty)
            // Nothing is read beyond the end, wherever it is.
            for length in 1..<bytes.count {
                #expect(throws: ModuleError.self, "\(opcode)") { try read(Array(bytes[..<length])) }
            }
            // Without what it needs it is refused, and with just that it is not.
            let needed = opcode.requiredFeatures
            if !needed.isEmpty {
                #expect(throws: ModuleError.self, "\(opcode)") {
                    try read(bytes, features: Features.all.subtracting(needed))
                }
            }
            if case .referenceType = opcode.form { continue }
            #expect(try read(bytes, features: needed).count == 1, "\(opcode)")
        }
    }

    @Test func immediatesAreRead() throws {
        let bytes: [UInt8] = [
            0x41, 0xC0, 0xBB, 0x78,  // i32.const -123456
            0x42, 0x7F,  // i64.const -1
            0x43, 0x01, 0x00, 0xC0, 0x7F,  // f32.const, a NaN with a payload
            0x44, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F,  // f64.const 1
            0x28, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F,  // i32.load align=4 offset=2^32-1
            0x0E, 0x02, 0x05, 0x06, 0x07,  // br_table 5 6 7
            0x11, 0x03, 0x04,  // call_indirect (type 3) table 4
            0x02, 0x05,  // block (type 5)
            0x03, i64,  // loop (result i64)
            0xFC, 0x0C, 0x01, 0x02,  // table.init element 1 table 2
        ]
        let read = try read(bytes).map(\.immediate)
        #expect(read.count == 10)
        if case .i32(let value) = read[0] { #expect(Int32(bitPattern: value) == -123_456) } else { Issue.record() }
        if case .i64(let value) = read[1] { #expect(value == .max) } else { Issue.record() }
        if case .f32(let bits) = read[2] { #expect(bits == 0x7FC0_0001) } else { Issue.record() }
        if case .f64(let bits) = read[3] { #expect(Double(bitPattern: bits) == 1) } else { Issue.record() }
        if case .memory(let argument) = read[4] {
            #expect(argument == MemoryArgument(alignment: 2, offset: 0xFFFF_FFFF))
        } else {
            Issue.record()
        }
        if case .branchTable(let table) = read[5] {
            #expect(table.labels(in: bytes) == [5, 6, 7])
        } else {
            Issue.record()
        }
        if case .indices(3, 4) = read[6] {} else { Issue.record() }
        if case .block(let type) = read[7] { #expect(type == .type(5)) } else { Issue.record() }
        if case .block(let type) = read[8] { #expect(type == .value(.i64)) } else { Issue.record() }
        if case .indices(1, 2) = read[9] {} else { Issue.record() }
    }

    @Test func rangesAreClamped() throws {
        var beyond = InstructionReader(bytes: [0x01], range: 5..<9, features: .all)
        #expect(try beyond.next() == nil)
        var reader = InstructionReader(bytes: [0x01, 0x41], range: 0..<900, features: .all)
        #expect(try reader.next()?.opcode == .nop)
        reader.position = -1
        #expect(try reader.next()?.opcode == .nop)
        reader.position = 1
        #expect(throws: ModuleError.self) { try reader.next() }
    }

    // MARK: Integers

    @Test func signedIntegers() throws {
        for shift in 0..<64 {
            for nearby in -2...2 as ClosedRange<Int64> {
                for value in [(Int64(1) << shift) &+ nearby, 0 &- (Int64(1) << shift) &+ nearby] {
                    let bytes = signed(value)
                    var reader = BinaryReader(bytes: bytes, range: bytes.indices)
                    #expect(try reader.readS64() == value)
                    var narrow = BinaryReader(bytes: bytes, range: bytes.indices)
                    if let small = Int32(exactly: value) {
                        #expect(try narrow.readS32() == small)
                    } else {
                        #expect(throws: ModuleError.self) { try narrow.readS32() }
                    }
                    var middle = BinaryReader(bytes: bytes, range: bytes.indices)
                    if value >> 32 == 0 || value >> 32 == -1 {
                        #expect(try middle.readS33() == value)
                    } else {
                        #expect(throws: ModuleError.self) { try middle.readS33() }
                    }
                }
            }
        }
    }

    @Test func unsignedIntegers() throws {
        for value in [0, 1, 127, 128, 16383, 16384, Int(UInt32.max) - 1, Int(UInt32.max), Int(UInt32.max) + 1, .max] {
            let bytes = leb(value)
            var wide = BinaryReader(bytes: bytes, range: bytes.indices)
            #expect(try wide.readU64() == UInt64(value))
            var narrow = BinaryReader(bytes: bytes, range: bytes.indices)
            if let small = UInt32(exactly: value) {
                #expect(try narrow.readU32() == small)
            } else {
                #expect(throws: ModuleError.self) { try narrow.readU32() }
            }
        }
        let most: [UInt8] = [UInt8](repeating: 0xFF, count: 9) + [0x01]
        var reader = BinaryReader(bytes: most, range: most.indices)
        #expect(try reader.readU64() == .max)
    }
}
