import Bulkhead
import WasmModule

/// What an interpreter stops with.
enum ReferenceStop: Error {
    case trap(Trap.Kind)
    /// The interpreter has had enough; nothing can be said.
    case outOfSteps
}

/// The numeric instructions in Swift's own arithmetic: an oracle that shares nothing with the generated code. `b` is the
/// second operand, or 0. Spec: 4.3.
func referenceNumeric(_ opcode: Opcode, _ a: UInt64, _ b: UInt64) throws(ReferenceStop) -> UInt64 {
    let (x, y) = (UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b))
    let (p, q) = (Float(bitPattern: x), Float(bitPattern: y))
    let (u, v) = (Double(bitPattern: a), Double(bitPattern: b))
    switch opcode {
    case .i32Eqz, .i32Eq, .i32Ne, .i32LtS, .i32LtU, .i32GtS, .i32GtU, .i32LeS, .i32LeU, .i32GeS, .i32GeU:
        return compare(opcode, base: .i32Eqz, Int32(bitPattern: x), Int32(bitPattern: y)) ? 1 : 0
    case .i64Eqz, .i64Eq, .i64Ne, .i64LtS, .i64LtU, .i64GtS, .i64GtU, .i64LeS, .i64LeU, .i64GeS, .i64GeU:
        return compare(opcode, base: .i64Eqz, Int64(bitPattern: a), Int64(bitPattern: b)) ? 1 : 0
    case .f32Eq, .f32Ne, .f32Lt, .f32Gt, .f32Le, .f32Ge: return compare(opcode, base: .f32Eq, p, q) ? 1 : 0
    case .f64Eq, .f64Ne, .f64Lt, .f64Gt, .f64Le, .f64Ge: return compare(opcode, base: .f64Eq, u, v) ? 1 : 0
    case .i32Clz, .i32Ctz, .i32Popcnt, .i32Add, .i32Sub, .i32Mul, .i32DivS, .i32DivU, .i32RemS, .i32RemU, .i32And,
        .i32Or, .i32Xor, .i32Shl, .i32ShrS, .i32ShrU, .i32Rotl, .i32Rotr:
        return UInt64(try integer(opcode, base: .i32Clz, x, y))
    case .i64Clz, .i64Ctz, .i64Popcnt, .i64Add, .i64Sub, .i64Mul, .i64DivS, .i64DivU, .i64RemS, .i64RemU, .i64And,
        .i64Or, .i64Xor, .i64Shl, .i64ShrS, .i64ShrU, .i64Rotl, .i64Rotr:
        return try integer(opcode, base: .i64Clz, a, b)
    case .f32Abs, .f32Neg, .f32Ceil, .f32Floor, .f32Trunc, .f32Nearest, .f32Sqrt, .f32Add, .f32Sub, .f32Mul, .f32Div,
        .f32Min, .f32Max, .f32Copysign:
        return UInt64(float(opcode, base: .f32Abs, p, q).bitPattern)
    case .f64Abs, .f64Neg, .f64Ceil, .f64Floor, .f64Trunc, .f64Nearest, .f64Sqrt, .f64Add, .f64Sub, .f64Mul, .f64Div,
        .f64Min, .f64Max, .f64Copysign:
        return float(opcode, base: .f64Abs, u, v).bitPattern
    default: return try convert(opcode, a)
    }
}

/// How far an opcode stands behind the first of its family; the families of all types are in one order.
private func place(_ opcode: Opcode, after base: Opcode) -> UInt32 { opcode.rawValue - base.rawValue }

private func compare<Signed: FixedWidthInteger & SignedInteger>(
    _ opcode: Opcode, base: Opcode, _ a: Signed, _ b: Signed
) -> Bool {
    let (ua, ub) = (Signed.Magnitude(truncatingIfNeeded: a), Signed.Magnitude(truncatingIfNeeded: b))
    switch place(opcode, after: base) {
    case 0: return a == 0
    case 1: return a == b
    case 2: return a != b
    case 3: return a < b
    case 4: return ua < ub
    case 5: return a > b
    case 6: return ua > ub
    case 7: return a <= b
    case 8: return ua <= ub
    case 9: return a >= b
    default: return ua >= ub
    }
}

private func compare<Value: BinaryFloatingPoint>(_ opcode: Opcode, base: Opcode, _ a: Value, _ b: Value) -> Bool {
    switch place(opcode, after: base) {
    case 0: a == b
    case 1: a != b
    case 2: a < b
    case 3: a > b
    case 4: a <= b
    default: a >= b
    }
}

private func integer<Value: FixedWidthInteger & UnsignedInteger>(
    _ opcode: Opcode, base: Opcode, _ a: Value, _ b: Value
) throws(ReferenceStop) -> Value {
    let bits = Value(Value.bitWidth)
    let sign = Value(1) << (bits - 1)
    let count = b % bits
    switch place(opcode, after: base) {
    case 0: return Value(a.leadingZeroBitCount)
    case 1: return Value(a.trailingZeroBitCount)
    case 2: return Value(a.nonzeroBitCount)
    case 3: return a &+ b
    case 4: return a &- b
    case 5: return a &* b
    case 6, 8:
        guard b != 0 else { throw .trap(.integerDivideByZero) }
        let isDivision = place(opcode, after: base) == 6
        if a == sign, b == Value.max {
            if isDivision { throw .trap(.integerOverflow) }
            return 0
        }
        // By magnitudes, rounding towards zero; a remainder has the dividend's sign.
        let (negativeA, negativeB) = (a & sign != 0, b & sign != 0)
        let (ma, mb) = (negativeA ? 0 &- a : a, negativeB ? 0 &- b : b)
        if isDivision { return negativeA != negativeB ? 0 &- (ma / mb) : ma / mb }
        return negativeA ? 0 &- (ma % mb) : ma % mb
    case 7:
        guard b != 0 else { throw .trap(.integerDivideByZero) }
        return a / b
    case 9:
        guard b != 0 else { throw .trap(.integerDivideByZero) }
        return a % b
    case 10: return a & b
    case 11: return a | b
    case 12: return a ^ b
    case 13: return a << count
    case 14: return a & sign == 0 ? a >> count : ~(~a >> count)
    case 15: return a >> count
    case 16: return count == 0 ? a : a << count | a >> (bits - count)
    default: return count == 0 ? a : a >> count | a << (bits - count)
    }
}

private func float<Value: BinaryFloatingPoint>(_ opcode: Opcode, base: Opcode, _ a: Value, _ b: Value) -> Value {
    switch place(opcode, after: base) {
    case 0: return a.sign == .minus ? -a : a
    case 1: return -a
    case 2: return a.rounded(.up)
    case 3: return a.rounded(.down)
    case 4: return a.rounded(.towardZero)
    case 5: return a.rounded(.toNearestOrEven)
    case 6: return a.squareRoot()
    case 7: return a + b
    case 8: return a - b
    case 9: return a * b
    case 10: return a / b
    case 11:
        if a.isNaN || b.isNaN { return .nan }
        if a == b { return a.sign == .minus ? a : b }
        return a < b ? a : b
    case 12:
        if a.isNaN || b.isNaN { return .nan }
        if a == b { return a.sign == .minus ? b : a }
        return a > b ? a : b
    default: return a.sign == b.sign ? a : -a
    }
}

private func truncate<Value: BinaryFloatingPoint, Integer: FixedWidthInteger>(
    _ value: Value, _ type: Integer.Type
) throws(ReferenceStop) -> Integer {
    guard !value.isNaN else { throw .trap(.invalidConversionToInteger) }
    guard let result = Integer(exactly: value.rounded(.towardZero)) else { throw .trap(.integerOverflow) }
    return result
}

private func saturate<Value: BinaryFloatingPoint, Integer: FixedWidthInteger>(
    _ value: Value, _ type: Integer.Type
) -> Integer {
    if value.isNaN { return 0 }
    return Integer(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
}

private func convert(_ opcode: Opcode, _ a: UInt64) throws(ReferenceStop) -> UInt64 {
    let x = UInt32(truncatingIfNeeded: a)
    let (single, double) = (Float(bitPattern: x), Double(bitPattern: a))
    func bits32(_ value: Int32) -> UInt64 { UInt64(UInt32(bitPattern: value)) }
    func bits64(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) }
    switch opcode {
    case .i32WrapI64: return UInt64(x)
    case .i32TruncF32S: return bits32(try truncate(single, Int32.self))
    case .i32TruncF32U: return UInt64(try truncate(single, UInt32.self))
    case .i32TruncF64S: return bits32(try truncate(double, Int32.self))
    case .i32TruncF64U: return UInt64(try truncate(double, UInt32.self))
    case .i64ExtendI32S: return bits64(Int64(Int32(bitPattern: x)))
    case .i64ExtendI32U: return UInt64(x)
    case .i64TruncF32S: return bits64(try truncate(single, Int64.self))
    case .i64TruncF32U: return try truncate(single, UInt64.self)
    case .i64TruncF64S: return bits64(try truncate(double, Int64.self))
    case .i64TruncF64U: return try truncate(double, UInt64.self)
    case .i32TruncSatF32S: return bits32(saturate(single, Int32.self))
    case .i32TruncSatF32U: return UInt64(saturate(single, UInt32.self))
    case .i32TruncSatF64S: return bits32(saturate(double, Int32.self))
    case .i32TruncSatF64U: return UInt64(saturate(double, UInt32.self))
    case .i64TruncSatF32S: return bits64(saturate(single, Int64.self))
    case .i64TruncSatF32U: return saturate(single, UInt64.self)
    case .i64TruncSatF64S: return bits64(saturate(double, Int64.self))
    case .i64TruncSatF64U: return saturate(double, UInt64.self)
    case .f32ConvertI32S: return UInt64(Float(Int32(bitPattern: x)).bitPattern)
    case .f32ConvertI32U: return UInt64(Float(x).bitPattern)
    case .f32ConvertI64S: return UInt64(Float(Int64(bitPattern: a)).bitPattern)
    case .f32ConvertI64U: return UInt64(Float(a).bitPattern)
    case .f32DemoteF64: return UInt64(Float(double).bitPattern)
    case .f64ConvertI32S: return Double(Int32(bitPattern: x)).bitPattern
    case .f64ConvertI32U: return Double(x).bitPattern
    case .f64ConvertI64S: return Double(Int64(bitPattern: a)).bitPattern
    case .f64ConvertI64U: return Double(a).bitPattern
    case .f64PromoteF32: return Double(single).bitPattern
    case .i32Extend8S: return bits32(Int32(Int8(truncatingIfNeeded: x)))
    case .i32Extend16S: return bits32(Int32(Int16(truncatingIfNeeded: x)))
    case .i64Extend8S: return bits64(Int64(Int8(truncatingIfNeeded: a)))
    case .i64Extend16S: return bits64(Int64(Int16(truncatingIfNeeded: a)))
    case .i64Extend32S: return bits64(Int64(Int32(truncatingIfNeeded: a)))
    // The four reinterpretations.
    default: return a
    }
}
