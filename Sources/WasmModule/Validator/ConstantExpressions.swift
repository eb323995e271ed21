/// Checks initializers: of globals, and of the elements and offsets of segments. Spec: 3.3.10.
struct ConstantExpressionValidator {
    private let context: ModuleContext
    private let bytes: [UInt8]
    private var stack: [ValueType] = []

    init(_ context: ModuleContext, bytes: [UInt8]) {
        self.context = context
        self.bytes = bytes
    }

    /// - Parameter globals: How many of the first globals the expression may read.
    mutating func validate(
        _ expression: Module.ConstantExpression, _ expected: ValueType, globals: Int
    ) throws(ModuleError) {
        var reader = InstructionReader(bytes: bytes, range: expression.range, features: context.features)
        stack.removeAll(keepingCapacity: true)
        while let entry = try reader.nextEntry(), entry.opcode != .end {
            try check(entry, &reader, globals: globals)
        }
        guard stack == [expected] else {
            let found = "[" + stack.prefix(10).map(\.description).joined(separator: " ") + "]"
            throw invalid(
                "type mismatch: constant expression expected [\(expected)], found \(found)",
                at: expression.range.lowerBound)
        }
    }

    private mutating func check(
        _ entry: OpcodeEntry, _ reader: inout InstructionReader, globals: Int
    ) throws(ModuleError) {
        let offset = reader.offset
        switch (entry.opcode, try reader.immediate(entry)) {
        case (.i32Const, _): stack.append(.i32)
        case (.i64Const, _): stack.append(.i64)
        case (.f32Const, _): stack.append(.f32)
        case (.f64Const, _): stack.append(.f64)
        case (.v128Const, _): stack.append(.v128)
        case (.refNull, .reference(let type)): stack.append(type.valueType)
        case (.refFunc, .index(let function)):
            guard Int(function) < context.functions.count else {
                throw invalid("unknown function \(function)", at: offset)
            }
            stack.append(.funcref)
        case (.globalGet, .index(let global)): stack.append(try type(ofGlobal: global, globals, at: offset))
        case (.i32Add, _), (.i32Sub, _), (.i32Mul, _): try arithmetic(entry.opcode, .i32, at: offset)
        case (.i64Add, _), (.i64Sub, _), (.i64Mul, _): try arithmetic(entry.opcode, .i64, at: offset)
        default: throw notConstant("\(entry.opcode.mnemonic) is not constant", at: offset)
        }
    }

    private func type(ofGlobal index: UInt32, _ limit: Int, at offset: Int) throws(ModuleError) -> ValueType {
        guard Int(index) < limit else {
            let isThere = Int(index) < context.globals.count
            throw invalid(
                "unknown global \(index)"
                    + (isThere ? ": expected one of the \(limit) globals a constant expression can read here" : ""),
                at: offset)
        }
        let type = context.globals[Int(index)]
        guard type.mutability == .constant else {
            throw notConstant("global \(index) is mutable", at: offset)
        }
        return type.value
    }

    private mutating func arithmetic(_ opcode: Opcode, _ type: ValueType, at offset: Int) throws(ModuleError) {
        guard context.features.contains(.extendedConstants) else {
            throw notConstant("\(opcode.mnemonic) needs feature \(Features.extendedConstants)", at: offset)
        }
        for _ in 0..<2 {
            let found = stack.popLast()
            guard found == type else {
                throw invalid(
                    "type mismatch: \(opcode.mnemonic) expected \(type), found \(found?.description ?? "nothing")",
                    at: offset)
            }
        }
        stack.append(type)
    }

    private func invalid(_ message: String, at offset: Int) -> ModuleError {
        ModuleError(.invalid, message, offset: offset)
    }

    private func notConstant(_ detail: String, at offset: Int) -> ModuleError {
        invalid("constant expression required: \(detail)", at: offset)
    }
}
