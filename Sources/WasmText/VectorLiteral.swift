import WasmModule

/// How the constant of a vector is written: the lanes' type and number. Spec: 6.5.9 (`v128.const`).
enum VectorShape: String, CaseIterable {
    case i8x16, i16x8, i32x4, i64x2, f32x4, f64x2

    var laneCount: Int {
        switch self {
        case .i8x16: 16
        case .i16x8: 8
        case .i32x4, .f32x4: 4
        case .i64x2, .f64x2: 2
        }
    }

    var laneBits: Int { 128 / laneCount }

    /// The type of the lanes, of those that are floating-point numbers.
    var floatType: ValueType? {
        switch self {
        case .i8x16, .i16x8, .i32x4, .i64x2: nil
        case .f32x4: .f32
        case .f64x2: .f64
        }
    }

    /// The bits of a lane.
    fileprivate func lane(_ word: ArraySlice<UInt8>) -> UInt64? {
        switch self {
        case .i8x16, .i16x8, .i32x4, .i64x2: IntegerLiteral.wrapped(word, bits: laneBits)
        case .f32x4: FloatLiteral.f32(word).map(UInt64.init)
        case .f64x2: FloatLiteral.f64(word)
        }
    }

    fileprivate var literals: [Token.Kind] {
        floatType == nil ? [.natural, .integer] : [.natural, .integer, .float]
    }
}

extension TokenStream {
    mutating func vectorShape() throws(TextError) -> VectorShape {
        guard current.kind == .keyword, let shape = VectorShape(rawValue: String(decoding: word, as: UTF8.self)) else {
            throw unexpected("a vector's shape, such as i32x4")
        }
        try advance()
        return shape
    }

    /// A shape and its lanes.
    mutating func v128() throws(TextError) -> UInt128 {
        let shape = try vectorShape()
        return try lanes(of: shape)
    }

    /// As many literals as the shape has lanes. They are counted before any is looked at, as the specification's scripts have it.
    mutating func lanes(of shape: VectorShape) throws(TextError) -> UInt128 {
        let start = self
        var count = 0
        while shape.literals.contains(current.kind) {
            count += 1
            try advance()
        }
        if count < shape.laneCount, current.kind != .rightParenthesis {
            throw unexpected("a lane of an \(shape.rawValue)")
        }
        guard count == shape.laneCount else {
            throw malformed("wrong number of lane literals: expected \(shape.laneCount), found \(count)")
        }
        self = start
        var bits: UInt128 = 0
        for position in 0..<count {
            guard let lane = shape.lane(word) else { throw outOfRange("constant out of range") }
            bits |= UInt128(lane) << (position * shape.laneBits)
            try advance()
        }
        return bits
    }

    /// The number of a lane, as far as a byte can hold it.
    mutating func laneIndex() throws(TextError) -> UInt8 {
        guard current.kind == .natural else { throw unexpected("a lane's number") }
        guard let index = IntegerLiteral.unsigned(word, bits: 8) else { throw outOfRange("malformed lane index") }
        try advance()
        return UInt8(truncatingIfNeeded: index)
    }

    /// The sixteen numbers of a shuffle.
    mutating func shuffleLanes() throws(TextError) -> [UInt8] {
        var lanes: [UInt8] = []
        while current.kind == .natural { lanes.append(try laneIndex()) }
        if current.kind == .integer || current.kind == .float { throw outOfRange("malformed lane index") }
        guard lanes.count == 16 else {
            throw malformed("invalid lane length: expected 16 numbers of lanes, found \(lanes.count)")
        }
        return lanes
    }
}
