import Bulkhead
import WasmModule
import WasmText

// Values and patterns as scripts write them, for messages.

extension Script.Value {
    var spelling: String {
        switch self {
        case .i32(let bits): "(i32.const \(Int32(bitPattern: bits)))"
        case .i64(let bits): "(i64.const \(Int64(bitPattern: bits)))"
        case .f32(let bits): "(f32.const \(Float(bitPattern: bits).spelling(payload: UInt64(bits & 0x7F_FFFF))))"
        case .f64(let bits): "(f64.const \(Double(bitPattern: bits).spelling(payload: bits & 0xF_FFFF_FFFF_FFFF)))"
        case .v128(let bits):
            "(v128.const i32x4 "
                + stride(from: 0, to: 128, by: 32).map {
                    "0x" + String(UInt32(truncatingIfNeeded: bits >> $0), radix: 16)
                }
                .joined(separator: " ") + ")"
        case .null(.funcref): "(ref.null func)"
        case .null(.externref): "(ref.null extern)"
        case .externref(let handle): "(ref.extern \(handle))"
        case .unsupported(let keyword): "(\(keyword) ...)"
        }
    }
}

extension Script.Expected {
    var spelling: String {
        switch self {
        case .value(let value): value.spelling
        case .canonicalNaN(let type): "(\(type).const nan:canonical)"
        case .arithmeticNaN(let type): "(\(type).const nan:arithmetic)"
        case .lanes(let patterns):
            "(v128.const \(patterns.count == 4 ? "f32x4" : "f64x2") \(patterns.map(\.spelling).joined(separator: " ")))"
        case .reference(.funcref): "(ref.func)"
        case .reference(.externref): "(ref.extern)"
        case .null: "(ref.null)"
        case .either(let patterns): "(either \(patterns.map(\.spelling).joined(separator: " ")))"
        }
    }
}

extension Value {
    var spelling: String {
        switch self {
        case .i32(let bits): Script.Value.i32(bits).spelling
        case .i64(let bits): Script.Value.i64(bits).spelling
        case .f32(let bits): Script.Value.f32(bits).spelling
        case .f64(let bits): Script.Value.f64(bits).spelling
        case .v128(let vector): Script.Value.v128(vector.bits).spelling
        case .ref(.function(.none)): Script.Value.null(.funcref).spelling
        case .ref(.function(.some)): Script.Expected.reference(.funcref).spelling
        case .ref(.extern(.none)): Script.Value.null(.externref).spelling
        case .ref(.extern(let reference?)): Script.Value.externref(reference.handle).spelling
        }
    }
}

extension BinaryFloatingPoint {
    /// With all that tells one NaN from another.
    fileprivate func spelling(payload: UInt64) -> String {
        isNaN ? "\(sign == .minus ? "-" : "")nan:0x\(String(payload, radix: 16))" : "\(self)"
    }
}
