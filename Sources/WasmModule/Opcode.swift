/// The instructions of WebAssembly 2.0.
///
/// The raw value is the binary opcode; for an instruction behind a prefix byte it is `prefix << 16 | code`.
/// Spec: 5.4 (binary), 6.5 (text).
public enum Opcode: UInt32, Sendable, CaseIterable {
    case unreachable = 0x00
    case nop = 0x01
    case block = 0x02
    case loop = 0x03
    case `if` = 0x04
    case `else` = 0x05
    case end = 0x0B
    case br = 0x0C
    case brIf = 0x0D
    case brTable = 0x0E
    case `return` = 0x0F
    case call = 0x10
    case callIndirect = 0x11
    case drop = 0x1A
    case select = 0x1B
    case selectTyped = 0x1C
    case localGet = 0x20
    case localSet = 0x21
    case localTee = 0x22
    case globalGet = 0x23
    case globalSet = 0x24
    case tableGet = 0x25
    case tableSet = 0x26
    case i32Load = 0x28
    case i64Load = 0x29
    case f32Load = 0x2A
    case f64Load = 0x2B
    case i32Load8S = 0x2C
    case i32Load8U = 0x2D
    case i32Load16S = 0x2E
    case i32Load16U = 0x2F
    case i64Load8S = 0x30
    case i64Load8U = 0x31
    case i64Load16S = 0x32
    case i64Load16U = 0x33
    case i64Load32S = 0x34
    case i64Load32U = 0x35
    case i32Store = 0x36
    case i64Store = 0x37
    case f32Store = 0x38
    case f64Store = 0x39
    case i32Store8 = 0x3A
    case i32Store16 = 0x3B
    case i64Store8 = 0x3C
    case i64Store16 = 0x3D
    case i64Store32 = 0x3E
    case memorySize = 0x3F
    case memoryGrow = 0x40
    case i32Const = 0x41
    case i64Const = 0x42
    case f32Const = 0x43
    case f64Const = 0x44
    case i32Eqz = 0x45
    case i32Eq = 0x46
    case i32Ne = 0x47
    case i32LtS = 0x48
    case i32LtU = 0x49
    case i32GtS = 0x4A
    case i32GtU = 0x4B
    case i32LeS = 0x4C
    case i32LeU = 0x4D
    case i32GeS = 0x4E
    case i32GeU = 0x4F
    case i64Eqz = 0x50
    case i64Eq = 0x51
    case i64Ne = 0x52
    case i64LtS = 0x53
    case i64LtU = 0x54
    case i64GtS = 0x55
    case i64GtU = 0x56
    case i64LeS = 0x57
    case i64LeU = 0x58
    case i64GeS = 0x59
    case i64GeU = 0x5A
    case f32Eq = 0x5B
    case f32Ne = 0x5C
    case f32Lt = 0x5D
    case f32Gt = 0x5E
    case f32Le = 0x5F
    case f32Ge = 0x60
    case f64Eq = 0x61
    case f64Ne = 0x62
    case f64Lt = 0x63
    case f64Gt = 0x64
    case f64Le = 0x65
    case f64Ge = 0x66
    case i32Clz = 0x67
    case i32Ctz = 0x68
    case i32Popcnt = 0x69
    case i32Add = 0x6A
    case i32Sub = 0x6B
    case i32Mul = 0x6C
    case i32DivS = 0x6D
    case i32DivU = 0x6E
    case i32RemS = 0x6F
    case i32RemU = 0x70
    case i32And = 0x71
    case i32Or = 0x72
    case i32Xor = 0x73
    case i32Shl = 0x74
    case i32ShrS = 0x75
    case i32ShrU = 0x76
    case i32Rotl = 0x77
    case i32Rotr = 0x78
    case i64Clz = 0x79
    case i64Ctz = 0x7A
    case i64Popcnt = 0x7B
    case i64Add = 0x7C
    case i64Sub = 0x7D
    case i64Mul = 0x7E
    case i64DivS = 0x7F
    case i64DivU = 0x80
    case i64RemS = 0x81
    case i64RemU = 0x82
    case i64And = 0x83
    case i64Or = 0x84
    case i64Xor = 0x85
    case i64Shl = 0x86
    case i64ShrS = 0x87
    case i64ShrU = 0x88
    case i64Rotl = 0x89
    case i64Rotr = 0x8A
    case f32Abs = 0x8B
    case f32Neg = 0x8C
    case f32Ceil = 0x8D
    case f32Floor = 0x8E
    case f32Trunc = 0x8F
    case f32Nearest = 0x90
    case f32Sqrt = 0x91
    case f32Add = 0x92
    case f32Sub = 0x93
    case f32Mul = 0x94
    case f32Div = 0x95
    case f32Min = 0x96
    case f32Max = 0x97
    case f32Copysign = 0x98
    case f64Abs = 0x99
    case f64Neg = 0x9A
    case f64Ceil = 0x9B
    case f64Floor = 0x9C
    case f64Trunc = 0x9D
    case f64Nearest = 0x9E
    case f64Sqrt = 0x9F
    case f64Add = 0xA0
    case f64Sub = 0xA1
    case f64Mul = 0xA2
    case f64Div = 0xA3
    case f64Min = 0xA4
    case f64Max = 0xA5
    case f64Copysign = 0xA6
    case i32WrapI64 = 0xA7
    case i32TruncF32S = 0xA8
    case i32TruncF32U = 0xA9
    case i32TruncF64S = 0xAA
    case i32TruncF64U = 0xAB
    case i64ExtendI32S = 0xAC
    case i64ExtendI32U = 0xAD
    case i64TruncF32S = 0xAE
    case i64TruncF32U = 0xAF
    case i64TruncF64S = 0xB0
    case i64TruncF64U = 0xB1
    case f32ConvertI32S = 0xB2
    case f32ConvertI32U = 0xB3
    case f32ConvertI64S = 0xB4
    case f32ConvertI64U = 0xB5
    case f32DemoteF64 = 0xB6
    case f64ConvertI32S = 0xB7
    case f64ConvertI32U = 0xB8
    case f64ConvertI64S = 0xB9
    case f64ConvertI64U = 0xBA
    case f64PromoteF32 = 0xBB
    case i32ReinterpretF32 = 0xBC
    case i64ReinterpretF64 = 0xBD
    case f32ReinterpretI32 = 0xBE
    case f64ReinterpretI64 = 0xBF
    case i32Extend8S = 0xC0
    case i32Extend16S = 0xC1
    case i64Extend8S = 0xC2
    case i64Extend16S = 0xC3
    case i64Extend32S = 0xC4
    case refNull = 0xD0
    case refIsNull = 0xD1
    case refFunc = 0xD2
    case i32TruncSatF32S = 0xFC0000
    case i32TruncSatF32U = 0xFC0001
    case i32TruncSatF64S = 0xFC0002
    case i32TruncSatF64U = 0xFC0003
    case i64TruncSatF32S = 0xFC0004
    case i64TruncSatF32U = 0xFC0005
    case i64TruncSatF64S = 0xFC0006
    case i64TruncSatF64U = 0xFC0007
    case memoryInit = 0xFC0008
    case dataDrop = 0xFC0009
    case memoryCopy = 0xFC000A
    case memoryFill = 0xFC000B
    case tableInit = 0xFC000C
    case elemDrop = 0xFC000D
    case tableCopy = 0xFC000E
    case tableGrow = 0xFC000F
    case tableSize = 0xFC0010
    case tableFill = 0xFC0011
    case v128Load = 0xFD0000
    case v128Load8x8S = 0xFD0001
    case v128Load8x8U = 0xFD0002
    case v128Load16x4S = 0xFD0003
    case v128Load16x4U = 0xFD0004
    case v128Load32x2S = 0xFD0005
    case v128Load32x2U = 0xFD0006
    case v128Load8Splat = 0xFD0007
    case v128Load16Splat = 0xFD0008
    case v128Load32Splat = 0xFD0009
    case v128Load64Splat = 0xFD000A
    case v128Store = 0xFD000B
    case v128Const = 0xFD000C
    case i8x16Shuffle = 0xFD000D
    case i8x16Swizzle = 0xFD000E
    case i8x16Splat = 0xFD000F
    case i16x8Splat = 0xFD0010
    case i32x4Splat = 0xFD0011
    case i64x2Splat = 0xFD0012
    case f32x4Splat = 0xFD0013
    case f64x2Splat = 0xFD0014
    case i8x16ExtractLaneS = 0xFD0015
    case i8x16ExtractLaneU = 0xFD0016
    case i8x16ReplaceLane = 0xFD0017
    case i16x8ExtractLaneS = 0xFD0018
    case i16x8ExtractLaneU = 0xFD0019
    case i16x8ReplaceLane = 0xFD001A
    case i32x4ExtractLane = 0xFD001B
    case i32x4ReplaceLane = 0xFD001C
    case i64x2ExtractLane = 0xFD001D
    case i64x2ReplaceLane = 0xFD001E
    case f32x4ExtractLane = 0xFD001F
    case f32x4ReplaceLane = 0xFD0020
    case f64x2ExtractLane = 0xFD0021
    case f64x2ReplaceLane = 0xFD0022
    case i8x16Eq = 0xFD0023
    case i8x16Ne = 0xFD0024
    case i8x16LtS = 0xFD0025
    case i8x16LtU = 0xFD0026
    case i8x16GtS = 0xFD0027
    case i8x16GtU = 0xFD0028
    case i8x16LeS = 0xFD0029
    case i8x16LeU = 0xFD002A
    case i8x16GeS = 0xFD002B
    case i8x16GeU = 0xFD002C
    case i16x8Eq = 0xFD002D
    case i16x8Ne = 0xFD002E
    case i16x8LtS = 0xFD002F
    case i16x8LtU = 0xFD0030
    case i16x8GtS = 0xFD0031
    case i16x8GtU = 0xFD0032
    case i16x8LeS = 0xFD0033
    case i16x8LeU = 0xFD0034
    case i16x8GeS = 0xFD0035
    case i16x8GeU = 0xFD0036
    case i32x4Eq = 0xFD0037
    case i32x4Ne = 0xFD0038
    case i32x4LtS = 0xFD0039
    case i32x4LtU = 0xFD003A
    case i32x4GtS = 0xFD003B
    case i32x4GtU = 0xFD003C
    case i32x4LeS = 0xFD003D
    case i32x4LeU = 0xFD003E
    case i32x4GeS = 0xFD003F
    case i32x4GeU = 0xFD0040
    case f32x4Eq = 0xFD0041
    case f32x4Ne = 0xFD0042
    case f32x4Lt = 0xFD0043
    case f32x4Gt = 0xFD0044
    case f32x4Le = 0xFD0045
    case f32x4Ge = 0xFD0046
    case f64x2Eq = 0xFD0047
    case f64x2Ne = 0xFD0048
    case f64x2Lt = 0xFD0049
    case f64x2Gt = 0xFD004A
    case f64x2Le = 0xFD004B
    case f64x2Ge = 0xFD004C
    case v128Not = 0xFD004D
    case v128And = 0xFD004E
    case v128Andnot = 0xFD004F
    case v128Or = 0xFD0050
    case v128Xor = 0xFD0051
    case v128Bitselect = 0xFD0052
    case v128AnyTrue = 0xFD0053
    case v128Load8Lane = 0xFD0054
    case v128Load16Lane = 0xFD0055
    case v128Load32Lane = 0xFD0056
    case v128Load64Lane = 0xFD0057
    case v128Store8Lane = 0xFD0058
    case v128Store16Lane = 0xFD0059
    case v128Store32Lane = 0xFD005A
    case v128Store64Lane = 0xFD005B
    case v128Load32Zero = 0xFD005C
    case v128Load64Zero = 0xFD005D
    case f32x4DemoteF64x2Zero = 0xFD005E
    case f64x2PromoteLowF32x4 = 0xFD005F
    case i8x16Abs = 0xFD0060
    case i8x16Neg = 0xFD0061
    case i8x16Popcnt = 0xFD0062
    case i8x16AllTrue = 0xFD0063
    case i8x16Bitmask = 0xFD0064
    case i8x16NarrowI16x8S = 0xFD0065
    case i8x16NarrowI16x8U = 0xFD0066
    case f32x4Ceil = 0xFD0067
    case f32x4Floor = 0xFD0068
    case f32x4Trunc = 0xFD0069
    case f32x4Nearest = 0xFD006A
    case i8x16Shl = 0xFD006B
    case i8x16ShrS = 0xFD006C
    case i8x16ShrU = 0xFD006D
    case i8x16Add = 0xFD006E
    case i8x16AddSatS = 0xFD006F
    case i8x16AddSatU = 0xFD0070
    case i8x16Sub = 0xFD0071
    case i8x16SubSatS = 0xFD0072
    case i8x16SubSatU = 0xFD0073
    case f64x2Ceil = 0xFD0074
    case f64x2Floor = 0xFD0075
    case i8x16MinS = 0xFD0076
    case i8x16MinU = 0xFD0077
    case i8x16MaxS = 0xFD0078
    case i8x16MaxU = 0xFD0079
    case f64x2Trunc = 0xFD007A
    case i8x16AvgrU = 0xFD007B
    case i16x8ExtaddPairwiseI8x16S = 0xFD007C
    case i16x8ExtaddPairwiseI8x16U = 0xFD007D
    case i32x4ExtaddPairwiseI16x8S = 0xFD007E
    case i32x4ExtaddPairwiseI16x8U = 0xFD007F
    case i16x8Abs = 0xFD0080
    case i16x8Neg = 0xFD0081
    case i16x8Q15mulrSatS = 0xFD0082
    case i16x8AllTrue = 0xFD0083
    case i16x8Bitmask = 0xFD0084
    case i16x8NarrowI32x4S = 0xFD0085
    case i16x8NarrowI32x4U = 0xFD0086
    case i16x8ExtendLowI8x16S = 0xFD0087
    case i16x8ExtendHighI8x16S = 0xFD0088
    case i16x8ExtendLowI8x16U = 0xFD0089
    case i16x8ExtendHighI8x16U = 0xFD008A
    case i16x8Shl = 0xFD008B
    case i16x8ShrS = 0xFD008C
    case i16x8ShrU = 0xFD008D
    case i16x8Add = 0xFD008E
    case i16x8AddSatS = 0xFD008F
    case i16x8AddSatU = 0xFD0090
    case i16x8Sub = 0xFD0091
    case i16x8SubSatS = 0xFD0092
    case i16x8SubSatU = 0xFD0093
    case f64x2Nearest = 0xFD0094
    case i16x8Mul = 0xFD0095
    case i16x8MinS = 0xFD0096
    case i16x8MinU = 0xFD0097
    case i16x8MaxS = 0xFD0098
    case i16x8MaxU = 0xFD0099
    case i16x8AvgrU = 0xFD009B
    case i16x8ExtmulLowI8x16S = 0xFD009C
    case i16x8ExtmulHighI8x16S = 0xFD009D
    case i16x8ExtmulLowI8x16U = 0xFD009E
    case i16x8ExtmulHighI8x16U = 0xFD009F
    case i32x4Abs = 0xFD00A0
    case i32x4Neg = 0xFD00A1
    case i32x4AllTrue = 0xFD00A3
    case i32x4Bitmask = 0xFD00A4
    case i32x4ExtendLowI16x8S = 0xFD00A7
    case i32x4ExtendHighI16x8S = 0xFD00A8
    case i32x4ExtendLowI16x8U = 0xFD00A9
    case i32x4ExtendHighI16x8U = 0xFD00AA
    case i32x4Shl = 0xFD00AB
    case i32x4ShrS = 0xFD00AC
    case i32x4ShrU = 0xFD00AD
    case i32x4Add = 0xFD00AE
    case i32x4Sub = 0xFD00B1
    case i32x4Mul = 0xFD00B5
    case i32x4MinS = 0xFD00B6
    case i32x4MinU = 0xFD00B7
    case i32x4MaxS = 0xFD00B8
    case i32x4MaxU = 0xFD00B9
    case i32x4DotI16x8S = 0xFD00BA
    case i32x4ExtmulLowI16x8S = 0xFD00BC
    case i32x4ExtmulHighI16x8S = 0xFD00BD
    case i32x4ExtmulLowI16x8U = 0xFD00BE
    case i32x4ExtmulHighI16x8U = 0xFD00BF
    case i64x2Abs = 0xFD00C0
    case i64x2Neg = 0xFD00C1
    case i64x2AllTrue = 0xFD00C3
    case i64x2Bitmask = 0xFD00C4
    case i64x2ExtendLowI32x4S = 0xFD00C7
    case i64x2ExtendHighI32x4S = 0xFD00C8
    case i64x2ExtendLowI32x4U = 0xFD00C9
    case i64x2ExtendHighI32x4U = 0xFD00CA
    case i64x2Shl = 0xFD00CB
    case i64x2ShrS = 0xFD00CC
    case i64x2ShrU = 0xFD00CD
    case i64x2Add = 0xFD00CE
    case i64x2Sub = 0xFD00D1
    case i64x2Mul = 0xFD00D5
    case i64x2Eq = 0xFD00D6
    case i64x2Ne = 0xFD00D7
    case i64x2LtS = 0xFD00D8
    case i64x2GtS = 0xFD00D9
    case i64x2LeS = 0xFD00DA
    case i64x2GeS = 0xFD00DB
    case i64x2ExtmulLowI32x4S = 0xFD00DC
    case i64x2ExtmulHighI32x4S = 0xFD00DD
    case i64x2ExtmulLowI32x4U = 0xFD00DE
    case i64x2ExtmulHighI32x4U = 0xFD00DF
    case f32x4Abs = 0xFD00E0
    case f32x4Neg = 0xFD00E1
    case f32x4Sqrt = 0xFD00E3
    case f32x4Add = 0xFD00E4
    case f32x4Sub = 0xFD00E5
    case f32x4Mul = 0xFD00E6
    case f32x4Div = 0xFD00E7
    case f32x4Min = 0xFD00E8
    case f32x4Max = 0xFD00E9
    case f32x4Pmin = 0xFD00EA
    case f32x4Pmax = 0xFD00EB
    case f64x2Abs = 0xFD00EC
    case f64x2Neg = 0xFD00ED
    case f64x2Sqrt = 0xFD00EF
    case f64x2Add = 0xFD00F0
    case f64x2Sub = 0xFD00F1
    case f64x2Mul = 0xFD00F2
    case f64x2Div = 0xFD00F3
    case f64x2Min = 0xFD00F4
    case f64x2Max = 0xFD00F5
    case f64x2Pmin = 0xFD00F6
    case f64x2Pmax = 0xFD00F7
    case i32x4TruncSatF32x4S = 0xFD00F8
    case i32x4TruncSatF32x4U = 0xFD00F9
    case f32x4ConvertI32x4S = 0xFD00FA
    case f32x4ConvertI32x4U = 0xFD00FB
    case i32x4TruncSatF64x2SZero = 0xFD00FC
    case i32x4TruncSatF64x2UZero = 0xFD00FD
    case f64x2ConvertLowI32x4S = 0xFD00FE
    case f64x2ConvertLowI32x4U = 0xFD00FF
}

extension Opcode {
    /// What every part of the compiler knows about one instruction: its spelling, what follows the opcode, and,
    /// where the specification's typing rule is a plain `[t*] -> [t]`, that rule.
    public struct Description: Sendable {
        /// The keyword of the text format. `select` with and without a type share one.
        public let mnemonic: String
        public let form: Form
    }

    /// The immediates an instruction carries in the binary format, in their order there.
    public enum Form: Sendable {
        case none
        /// A block type. Spec: 5.4.1.
        case block
        case label
        case branchTable
        case local
        case global
        case function
        case table
        case memory
        case element
        case data
        /// A type index, then a table index (`call_indirect`).
        case typeThenTable
        /// An element index, then a table index (`table.init`).
        case elementThenTable
        /// Destination table, then source table (`table.copy`).
        case tableThenTable
        /// A data index, then a memory index (`memory.init`).
        case dataThenMemory
        /// Destination memory, then source memory (`memory.copy`).
        case memoryThenMemory
        /// A vector of value types (`select` with a type).
        case types
        case referenceType
        /// A load or store of `bytes` bytes (the natural alignment) of a stack value of the given type.
        case memoryAccess(ValueType, bytes: UInt32)
        /// A load or store of one lane of `bytes` bytes of a vector: like any other access, then the lane's number.
        case laneAccess(bytes: UInt32)
        case constant(ValueType)
        /// No immediates and a fixed type: `[parameters] -> [result]`.
        case numeric([ValueType], ValueType)
        /// The number of a vector's lane, below `count`, and a fixed type.
        case lane([ValueType], ValueType, count: UInt8)
        /// Sixteen numbers of lanes of two vectors, each below 32.
        case shuffle
    }

    /// The instructions but for the vector instructions, in the order of their opcodes.
    static let plainDescriptions: [(Opcode, Description)] = [
        (.unreachable, Description(mnemonic: "unreachable", form: .none)),
        (.nop, Description(mnemonic: "nop", form: .none)),
        (.block, Description(mnemonic: "block", form: .block)),
        (.loop, Description(mnemonic: "loop", form: .block)),
        (.if, Description(mnemonic: "if", form: .block)),
        (.else, Description(mnemonic: "else", form: .none)),
        (.end, Description(mnemonic: "end", form: .none)),
        (.br, Description(mnemonic: "br", form: .label)),
        (.brIf, Description(mnemonic: "br_if", form: .label)),
        (.brTable, Description(mnemonic: "br_table", form: .branchTable)),
        (.return, Description(mnemonic: "return", form: .none)),
        (.call, Description(mnemonic: "call", form: .function)),
        (.callIndirect, Description(mnemonic: "call_indirect", form: .typeThenTable)),
        (.drop, Description(mnemonic: "drop", form: .none)),
        (.select, Description(mnemonic: "select", form: .none)),
        (.selectTyped, Description(mnemonic: "select", form: .types)),
        (.localGet, Description(mnemonic: "local.get", form: .local)),
        (.localSet, Description(mnemonic: "local.set", form: .local)),
        (.localTee, Description(mnemonic: "local.tee", form: .local)),
        (.globalGet, Description(mnemonic: "global.get", form: .global)),
        (.globalSet, Description(mnemonic: "global.set", form: .global)),
        (.tableGet, Description(mnemonic: "table.get", form: .table)),
        (.tableSet, Description(mnemonic: "table.set", form: .table)),
        (.i32Load, Description(mnemonic: "i32.load", form: .memoryAccess(.i32, bytes: 4))),
        (.i64Load, Description(mnemonic: "i64.load", form: .memoryAccess(.i64, bytes: 8))),
        (.f32Load, Description(mnemonic: "f32.load", form: .memoryAccess(.f32, bytes: 4))),
        (.f64Load, Description(mnemonic: "f64.load", form: .memoryAccess(.f64, bytes: 8))),
        (.i32Load8S, Description(mnemonic: "i32.load8_s", form: .memoryAccess(.i32, bytes: 1))),
        (.i32Load8U, Description(mnemonic: "i32.load8_u", form: .memoryAccess(.i32, bytes: 1))),
        (.i32Load16S, Description(mnemonic: "i32.load16_s", form: .memoryAccess(.i32, bytes: 2))),
        (.i32Load16U, Description(mnemonic: "i32.load16_u", form: .memoryAccess(.i32, bytes: 2))),
        (.i64Load8S, Description(mnemonic: "i64.load8_s", form: .memoryAccess(.i64, bytes: 1))),
        (.i64Load8U, Description(mnemonic: "i64.load8_u", form: .memoryAccess(.i64, bytes: 1))),
        (.i64Load16S, Description(mnemonic: "i64.load16_s", form: .memoryAccess(.i64, bytes: 2))),
        (.i64Load16U, Description(mnemonic: "i64.load16_u", form: .memoryAccess(.i64, bytes: 2))),
        (.i64Load32S, Description(mnemonic: "i64.load32_s", form: .memoryAccess(.i64, bytes: 4))),
        (.i64Load32U, Description(mnemonic: "i64.load32_u", form: .memoryAccess(.i64, bytes: 4))),
        (.i32Store, Description(mnemonic: "i32.store", form: .memoryAccess(.i32, bytes: 4))),
        (.i64Store, Description(mnemonic: "i64.store", form: .memoryAccess(.i64, bytes: 8))),
        (.f32Store, Description(mnemonic: "f32.store", form: .memoryAccess(.f32, bytes: 4))),
        (.f64Store, Description(mnemonic: "f64.store", form: .memoryAccess(.f64, bytes: 8))),
        (.i32Store8, Description(mnemonic: "i32.store8", form: .memoryAccess(.i32, bytes: 1))),
        (.i32Store16, Description(mnemonic: "i32.store16", form: .memoryAccess(.i32, bytes: 2))),
        (.i64Store8, Description(mnemonic: "i64.store8", form: .memoryAccess(.i64, bytes: 1))),
        (.i64Store16, Description(mnemonic: "i64.store16", form: .memoryAccess(.i64, bytes: 2))),
        (.i64Store32, Description(mnemonic: "i64.store32", form: .memoryAccess(.i64, bytes: 4))),
        (.memorySize, Description(mnemonic: "memory.size", form: .memory)),
        (.memoryGrow, Description(mnemonic: "memory.grow", form: .memory)),
        (.i32Const, Description(mnemonic: "i32.const", form: .constant(.i32))),
        (.i64Const, Description(mnemonic: "i64.const", form: .constant(.i64))),
        (.f32Const, Description(mnemonic: "f32.const", form: .constant(.f32))),
        (.f64Const, Description(mnemonic: "f64.const", form: .constant(.f64))),
        (.i32Eqz, Description(mnemonic: "i32.eqz", form: .numeric([.i32], .i32))),
        (.i32Eq, Description(mnemonic: "i32.eq", form: .numeric([.i32, .i32], .i32))),
        (.i32Ne, Description(mnemonic: "i32.ne", form: .numeric([.i32, .i32], .i32))),
        (.i32LtS, Description(mnemonic: "i32.lt_s", form: .numeric([.i32, .i32], .i32))),
        (.i32LtU, Description(mnemonic: "i32.lt_u", form: .numeric([.i32, .i32], .i32))),
        (.i32GtS, Description(mnemonic: "i32.gt_s", form: .numeric([.i32, .i32], .i32))),
        (.i32GtU, Description(mnemonic: "i32.gt_u", form: .numeric([.i32, .i32], .i32))),
        (.i32LeS, Description(mnemonic: "i32.le_s", form: .numeric([.i32, .i32], .i32))),
        (.i32LeU, Description(mnemonic: "i32.le_u", form: .numeric([.i32, .i32], .i32))),
        (.i32GeS, Description(mnemonic: "i32.ge_s", form: .numeric([.i32, .i32], .i32))),
        (.i32GeU, Description(mnemonic: "i32.ge_u", form: .numeric([.i32, .i32], .i32))),
        (.i64Eqz, Description(mnemonic: "i64.eqz", form: .numeric([.i64], .i32))),
        (.i64Eq, Description(mnemonic: "i64.eq", form: .numeric([.i64, .i64], .i32))),
        (.i64Ne, Description(mnemonic: "i64.ne", form: .numeric([.i64, .i64], .i32))),
        (.i64LtS, Description(mnemonic: "i64.lt_s", form: .numeric([.i64, .i64], .i32))),
        (.i64LtU, Description(mnemonic: "i64.lt_u", form: .numeric([.i64, .i64], .i32))),
        (.i64GtS, Description(mnemonic: "i64.gt_s", form: .numeric([.i64, .i64], .i32))),
        (.i64GtU, Description(mnemonic: "i64.gt_u", form: .numeric([.i64, .i64], .i32))),
        (.i64LeS, Description(mnemonic: "i64.le_s", form: .numeric([.i64, .i64], .i32))),
        (.i64LeU, Description(mnemonic: "i64.le_u", form: .numeric([.i64, .i64], .i32))),
        (.i64GeS, Description(mnemonic: "i64.ge_s", form: .numeric([.i64, .i64], .i32))),
        (.i64GeU, Description(mnemonic: "i64.ge_u", form: .numeric([.i64, .i64], .i32))),
        (.f32Eq, Description(mnemonic: "f32.eq", form: .numeric([.f32, .f32], .i32))),
        (.f32Ne, Description(mnemonic: "f32.ne", form: .numeric([.f32, .f32], .i32))),
        (.f32Lt, Description(mnemonic: "f32.lt", form: .numeric([.f32, .f32], .i32))),
        (.f32Gt, Description(mnemonic: "f32.gt", form: .numeric([.f32, .f32], .i32))),
        (.f32Le, Description(mnemonic: "f32.le", form: .numeric([.f32, .f32], .i32))),
        (.f32Ge, Description(mnemonic: "f32.ge", form: .numeric([.f32, .f32], .i32))),
        (.f64Eq, Description(mnemonic: "f64.eq", form: .numeric([.f64, .f64], .i32))),
        (.f64Ne, Description(mnemonic: "f64.ne", form: .numeric([.f64, .f64], .i32))),
        (.f64Lt, Description(mnemonic: "f64.lt", form: .numeric([.f64, .f64], .i32))),
        (.f64Gt, Description(mnemonic: "f64.gt", form: .numeric([.f64, .f64], .i32))),
        (.f64Le, Description(mnemonic: "f64.le", form: .numeric([.f64, .f64], .i32))),
        (.f64Ge, Description(mnemonic: "f64.ge", form: .numeric([.f64, .f64], .i32))),
        (.i32Clz, Description(mnemonic: "i32.clz", form: .numeric([.i32], .i32))),
        (.i32Ctz, Description(mnemonic: "i32.ctz", form: .numeric([.i32], .i32))),
        (.i32Popcnt, Description(mnemonic: "i32.popcnt", form: .numeric([.i32], .i32))),
        (.i32Add, Description(mnemonic: "i32.add", form: .numeric([.i32, .i32], .i32))),
        (.i32Sub, Description(mnemonic: "i32.sub", form: .numeric([.i32, .i32], .i32))),
        (.i32Mul, Description(mnemonic: "i32.mul", form: .numeric([.i32, .i32], .i32))),
        (.i32DivS, Description(mnemonic: "i32.div_s", form: .numeric([.i32, .i32], .i32))),
        (.i32DivU, Description(mnemonic: "i32.div_u", form: .numeric([.i32, .i32], .i32))),
        (.i32RemS, Description(mnemonic: "i32.rem_s", form: .numeric([.i32, .i32], .i32))),
        (.i32RemU, Description(mnemonic: "i32.rem_u", form: .numeric([.i32, .i32], .i32))),
        (.i32And, Description(mnemonic: "i32.and", form: .numeric([.i32, .i32], .i32))),
        (.i32Or, Description(mnemonic: "i32.or", form: .numeric([.i32, .i32], .i32))),
        (.i32Xor, Description(mnemonic: "i32.xor", form: .numeric([.i32, .i32], .i32))),
        (.i32Shl, Description(mnemonic: "i32.shl", form: .numeric([.i32, .i32], .i32))),
        (.i32ShrS, Description(mnemonic: "i32.shr_s", form: .numeric([.i32, .i32], .i32))),
        (.i32ShrU, Description(mnemonic: "i32.shr_u", form: .numeric([.i32, .i32], .i32))),
        (.i32Rotl, Description(mnemonic: "i32.rotl", form: .numeric([.i32, .i32], .i32))),
        (.i32Rotr, Description(mnemonic: "i32.rotr", form: .numeric([.i32, .i32], .i32))),
        (.i64Clz, Description(mnemonic: "i64.clz", form: .numeric([.i64], .i64))),
        (.i64Ctz, Description(mnemonic: "i64.ctz", form: .numeric([.i64], .i64))),
        (.i64Popcnt, Description(mnemonic: "i64.popcnt", form: .numeric([.i64], .i64))),
        (.i64Add, Description(mnemonic: "i64.add", form: .numeric([.i64, .i64], .i64))),
        (.i64Sub, Description(mnemonic: "i64.sub", form: .numeric([.i64, .i64], .i64))),
        (.i64Mul, Description(mnemonic: "i64.mul", form: .numeric([.i64, .i64], .i64))),
        (.i64DivS, Description(mnemonic: "i64.div_s", form: .numeric([.i64, .i64], .i64))),
        (.i64DivU, Description(mnemonic: "i64.div_u", form: .numeric([.i64, .i64], .i64))),
        (.i64RemS, Description(mnemonic: "i64.rem_s", form: .numeric([.i64, .i64], .i64))),
        (.i64RemU, Description(mnemonic: "i64.rem_u", form: .numeric([.i64, .i64], .i64))),
        (.i64And, Description(mnemonic: "i64.and", form: .numeric([.i64, .i64], .i64))),
        (.i64Or, Description(mnemonic: "i64.or", form: .numeric([.i64, .i64], .i64))),
        (.i64Xor, Description(mnemonic: "i64.xor", form: .numeric([.i64, .i64], .i64))),
        (.i64Shl, Description(mnemonic: "i64.shl", form: .numeric([.i64, .i64], .i64))),
        (.i64ShrS, Description(mnemonic: "i64.shr_s", form: .numeric([.i64, .i64], .i64))),
        (.i64ShrU, Description(mnemonic: "i64.shr_u", form: .numeric([.i64, .i64], .i64))),
        (.i64Rotl, Description(mnemonic: "i64.rotl", form: .numeric([.i64, .i64], .i64))),
        (.i64Rotr, Description(mnemonic: "i64.rotr", form: .numeric([.i64, .i64], .i64))),
        (.f32Abs, Description(mnemonic: "f32.abs", form: .numeric([.f32], .f32))),
        (.f32Neg, Description(mnemonic: "f32.neg", form: .numeric([.f32], .f32))),
        (.f32Ceil, Description(mnemonic: "f32.ceil", form: .numeric([.f32], .f32))),
        (.f32Floor, Description(mnemonic: "f32.floor", form: .numeric([.f32], .f32))),
        (.f32Trunc, Description(mnemonic: "f32.trunc", form: .numeric([.f32], .f32))),
        (.f32Nearest, Description(mnemonic: "f32.nearest", form: .numeric([.f32], .f32))),
        (.f32Sqrt, Description(mnemonic: "f32.sqrt", form: .numeric([.f32], .f32))),
        (.f32Add, Description(mnemonic: "f32.add", form: .numeric([.f32, .f32], .f32))),
        (.f32Sub, Description(mnemonic: "f32.sub", form: .numeric([.f32, .f32], .f32))),
        (.f32Mul, Description(mnemonic: "f32.mul", form: .numeric([.f32, .f32], .f32))),
        (.f32Div, Description(mnemonic: "f32.div", form: .numeric([.f32, .f32], .f32))),
        (.f32Min, Description(mnemonic: "f32.min", form: .numeric([.f32, .f32], .f32))),
        (.f32Max, Description(mnemonic: "f32.max", form: .numeric([.f32, .f32], .f32))),
        (.f32Copysign, Description(mnemonic: "f32.copysign", form: .numeric([.f32, .f32], .f32))),
        (.f64Abs, Description(mnemonic: "f64.abs", form: .numeric([.f64], .f64))),
        (.f64Neg, Description(mnemonic: "f64.neg", form: .numeric([.f64], .f64))),
        (.f64Ceil, Description(mnemonic: "f64.ceil", form: .numeric([.f64], .f64))),
        (.f64Floor, Description(mnemonic: "f64.floor", form: .numeric([.f64], .f64))),
        (.f64Trunc, Description(mnemonic: "f64.trunc", form: .numeric([.f64], .f64))),
        (.f64Nearest, Description(mnemonic: "f64.nearest", form: .numeric([.f64], .f64))),
        (.f64Sqrt, Description(mnemonic: "f64.sqrt", form: .numeric([.f64], .f64))),
        (.f64Add, Description(mnemonic: "f64.add", form: .numeric([.f64, .f64], .f64))),
        (.f64Sub, Description(mnemonic: "f64.sub", form: .numeric([.f64, .f64], .f64))),
        (.f64Mul, Description(mnemonic: "f64.mul", form: .numeric([.f64, .f64], .f64))),
        (.f64Div, Description(mnemonic: "f64.div", form: .numeric([.f64, .f64], .f64))),
        (.f64Min, Description(mnemonic: "f64.min", form: .numeric([.f64, .f64], .f64))),
        (.f64Max, Description(mnemonic: "f64.max", form: .numeric([.f64, .f64], .f64))),
        (.f64Copysign, Description(mnemonic: "f64.copysign", form: .numeric([.f64, .f64], .f64))),
        (.i32WrapI64, Description(mnemonic: "i32.wrap_i64", form: .numeric([.i64], .i32))),
        (.i32TruncF32S, Description(mnemonic: "i32.trunc_f32_s", form: .numeric([.f32], .i32))),
        (.i32TruncF32U, Description(mnemonic: "i32.trunc_f32_u", form: .numeric([.f32], .i32))),
        (.i32TruncF64S, Description(mnemonic: "i32.trunc_f64_s", form: .numeric([.f64], .i32))),
        (.i32TruncF64U, Description(mnemonic: "i32.trunc_f64_u", form: .numeric([.f64], .i32))),
        (.i64ExtendI32S, Description(mnemonic: "i64.extend_i32_s", form: .numeric([.i32], .i64))),
        (.i64ExtendI32U, Description(mnemonic: "i64.extend_i32_u", form: .numeric([.i32], .i64))),
        (.i64TruncF32S, Description(mnemonic: "i64.trunc_f32_s", form: .numeric([.f32], .i64))),
        (.i64TruncF32U, Description(mnemonic: "i64.trunc_f32_u", form: .numeric([.f32], .i64))),
        (.i64TruncF64S, Description(mnemonic: "i64.trunc_f64_s", form: .numeric([.f64], .i64))),
        (.i64TruncF64U, Description(mnemonic: "i64.trunc_f64_u", form: .numeric([.f64], .i64))),
        (.f32ConvertI32S, Description(mnemonic: "f32.convert_i32_s", form: .numeric([.i32], .f32))),
        (.f32ConvertI32U, Description(mnemonic: "f32.convert_i32_u", form: .numeric([.i32], .f32))),
        (.f32ConvertI64S, Description(mnemonic: "f32.convert_i64_s", form: .numeric([.i64], .f32))),
        (.f32ConvertI64U, Description(mnemonic: "f32.convert_i64_u", form: .numeric([.i64], .f32))),
        (.f32DemoteF64, Description(mnemonic: "f32.demote_f64", form: .numeric([.f64], .f32))),
        (.f64ConvertI32S, Description(mnemonic: "f64.convert_i32_s", form: .numeric([.i32], .f64))),
        (.f64ConvertI32U, Description(mnemonic: "f64.convert_i32_u", form: .numeric([.i32], .f64))),
        (.f64ConvertI64S, Description(mnemonic: "f64.convert_i64_s", form: .numeric([.i64], .f64))),
        (.f64ConvertI64U, Description(mnemonic: "f64.convert_i64_u", form: .numeric([.i64], .f64))),
        (.f64PromoteF32, Description(mnemonic: "f64.promote_f32", form: .numeric([.f32], .f64))),
        (.i32ReinterpretF32, Description(mnemonic: "i32.reinterpret_f32", form: .numeric([.f32], .i32))),
        (.i64ReinterpretF64, Description(mnemonic: "i64.reinterpret_f64", form: .numeric([.f64], .i64))),
        (.f32ReinterpretI32, Description(mnemonic: "f32.reinterpret_i32", form: .numeric([.i32], .f32))),
        (.f64ReinterpretI64, Description(mnemonic: "f64.reinterpret_i64", form: .numeric([.i64], .f64))),
        (.i32Extend8S, Description(mnemonic: "i32.extend8_s", form: .numeric([.i32], .i32))),
        (.i32Extend16S, Description(mnemonic: "i32.extend16_s", form: .numeric([.i32], .i32))),
        (.i64Extend8S, Description(mnemonic: "i64.extend8_s", form: .numeric([.i64], .i64))),
        (.i64Extend16S, Description(mnemonic: "i64.extend16_s", form: .numeric([.i64], .i64))),
        (.i64Extend32S, Description(mnemonic: "i64.extend32_s", form: .numeric([.i64], .i64))),
        (.refNull, Description(mnemonic: "ref.null", form: .referenceType)),
        (.refIsNull, Description(mnemonic: "ref.is_null", form: .none)),
        (.refFunc, Description(mnemonic: "ref.func", form: .function)),
        (.i32TruncSatF32S, Description(mnemonic: "i32.trunc_sat_f32_s", form: .numeric([.f32], .i32))),
        (.i32TruncSatF32U, Description(mnemonic: "i32.trunc_sat_f32_u", form: .numeric([.f32], .i32))),
        (.i32TruncSatF64S, Description(mnemonic: "i32.trunc_sat_f64_s", form: .numeric([.f64], .i32))),
        (.i32TruncSatF64U, Description(mnemonic: "i32.trunc_sat_f64_u", form: .numeric([.f64], .i32))),
        (.i64TruncSatF32S, Description(mnemonic: "i64.trunc_sat_f32_s", form: .numeric([.f32], .i64))),
        (.i64TruncSatF32U, Description(mnemonic: "i64.trunc_sat_f32_u", form: .numeric([.f32], .i64))),
        (.i64TruncSatF64S, Description(mnemonic: "i64.trunc_sat_f64_s", form: .numeric([.f64], .i64))),
        (.i64TruncSatF64U, Description(mnemonic: "i64.trunc_sat_f64_u", form: .numeric([.f64], .i64))),
        (.memoryInit, Description(mnemonic: "memory.init", form: .dataThenMemory)),
        (.dataDrop, Description(mnemonic: "data.drop", form: .data)),
        (.memoryCopy, Description(mnemonic: "memory.copy", form: .memoryThenMemory)),
        (.memoryFill, Description(mnemonic: "memory.fill", form: .memory)),
        (.tableInit, Description(mnemonic: "table.init", form: .elementThenTable)),
        (.elemDrop, Description(mnemonic: "elem.drop", form: .element)),
        (.tableCopy, Description(mnemonic: "table.copy", form: .tableThenTable)),
        (.tableGrow, Description(mnemonic: "table.grow", form: .table)),
        (.tableSize, Description(mnemonic: "table.size", form: .table)),
        (.tableFill, Description(mnemonic: "table.fill", form: .table)),
    ]
}
