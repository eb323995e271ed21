/// An open block of a function body. Spec: 7.3 (appendix, validation algorithm).
struct ControlFrame: Sendable {
    enum Kind: UInt8, Sendable {
        case function, block, loop, `if`, `else`
    }

    var kind: Kind
    /// While a block inside it is the innermost: whether its rest can be reached.
    var isPolymorphic: Bool
    /// In the context's signatures.
    var signature: UInt32
    /// Of the operand stack where the block begins.
    var height: UInt32
    /// In the module's bytes, of the instruction that opened it.
    var offset: UInt32
}

/// Checks function bodies, one after the other, in a single walk over each; also their grammar, which the decoder
/// leaves to it. Work and memory are in proportion to the body's bytes, however its blocks are nested.
/// Spec: 3.3, 3.4.1, 7.3.
///
/// This file has the walk and what all instructions share; the instructions' rules are in its extensions. Rules are `mutating`
/// even where they change nothing: the compiler copies what is only borrowed, in case it has to throw.
struct FunctionValidator: ~Copyable {
    let context: ModuleContext
    /// By function index: whether `ref.func` may name it.
    let isDeclared: [Bool]
    var reader: InstructionReader
    var operands = OperandStack()
    var frames: [ControlFrame] = []
    var locals = LocalTypes()
    /// The opcode of the instruction at hand.
    var opcode = Opcode.nop
    /// By label type (twice the signature, and one more for its parameters): the `br_table` that checked it last.
    var checkedLabels: [UInt32]
    /// Of the `br_table` at hand.
    var branchTableNumber: UInt32 = 0

    init(_ context: ModuleContext, isDeclared: [Bool]) {
        self.context = context
        self.isDeclared = isDeclared
        self.reader = InstructionReader(bytes: [], range: 0..<0, features: context.features)
        self.checkedLabels = []
    }

    mutating func validate(_ code: Module.Code, bytes: [UInt8], type: UInt32) throws(ModuleError) {
        reader = InstructionReader(bytes: bytes, range: code.body, features: context.features)
        guard let signature = context.signatureIndex(ofType: type) else { throw unknown("type", type) }
        let parameters = context.signatures[Int(signature)].parameters
        locals.reset(parameters: context.types[parameters.indices], locals: code.locals)
        try ImplementationLimit.check(
            Int(clamping: locals.count), ImplementationLimit.locals, "locals in a function", at: reader.offset)
        operands.clear()
        frames.removeAll(keepingCapacity: true)
        open(.function, signature)
        while !frames.isEmpty {
            guard let entry = try reader.nextEntry() else { throw unclosed() }
            opcode = entry.opcode
            try check(entry)
        }
        guard reader.reader.isAtEnd else {
            throw malformed(
                "section size mismatch: expected function to end at its last byte, found end "
                    + "\(reader.reader.remaining) bytes before")
        }
    }

    @inline(__always)
    private mutating func check(_ entry: OpcodeEntry) throws(ModuleError) {
        switch entry.layout {
        case .numeric: try apply(entry)
        case .memoryAccess:
            try checkAccess(entry)
            try apply(entry)
        case .i32:
            _ = try reader.reader.s32()
            try apply(entry)
        case .i64:
            _ = try reader.reader.s64()
            try apply(entry)
        case .f32:
            try reader.reader.skip(4)
            try apply(entry)
        case .f64:
            try reader.reader.skip(8)
            try apply(entry)
        case .v128:
            try reader.reader.skip(16)
            try apply(entry)
        case .lane:
            try checkLane(try reader.reader.byte(), entry)
            try apply(entry)
        case .laneAccess:
            try checkAccess(entry)
            try checkLane(try reader.reader.byte(), entry)
            try apply(entry)
        case .shuffle:
            for _ in 0..<16 { try checkLane(try reader.reader.byte(), entry) }
            try apply(entry)
        case .memory:
            _ = try reader.zeroByte()
            try requireMemory()
            try apply(entry)
        case .memoryThenMemory:
            _ = try reader.zeroByte()
            _ = try reader.zeroByte()
            try requireMemory()
            try apply(entry)
        case .index: try checkIndexed(try reader.reader.u32())
        case .indices:
            let first = try reader.reader.u32()
            try checkIndexed(first, try reader.reader.u32(), entry)
        case .indexThenMemory: try checkMemoryInit(try reader.reader.u32(), entry)
        case .none: try checkPlain()
        case .block: try openBlock(try reader.reader.blockType(context.features))
        case .branchTable: try branchTable()
        case .types: try selectTyped(try reader.types())
        case .referenceType: try push(try reader.reader.referenceType(context.features).rawValue)
        }
    }

    @inline(__always)
    private mutating func checkAccess(_ entry: OpcodeEntry) throws(ModuleError) {
        let argument = try reader.memoryArgument()
        try requireMemory()
        guard argument.alignment <= entry.naturalAlignment else {
            throw overaligned(argument.alignment, entry.naturalAlignment)
        }
    }

    /// Spec: 3.3.3.
    private mutating func checkLane(_ lane: UInt8, _ entry: OpcodeEntry) throws(ModuleError) {
        guard lane < entry.laneCount else {
            throw invalid(
                "invalid lane index: \(opcode.mnemonic) expected a number below \(entry.laneCount), found \(lane)")
        }
    }

    // MARK: Operands

    /// The rule of an instruction whose operands and result are fixed.
    @inline(__always)
    mutating func apply(_ entry: OpcodeEntry) throws(ModuleError) {
        if entry.operandCount == 2, entry.result != 0 {
            if operands.replaceTwo(entry.operands.0, entry.operands.1, by: entry.result) { return }
        } else if entry.operandCount == 0 {
            return try push(entry.result)
        } else if entry.operandCount == 1, operands.replaceOne(entry.operands.0, by: entry.result) {
            return
        }
        try applySlowly(entry)
    }

    private mutating func applySlowly(_ entry: OpcodeEntry) throws(ModuleError) {
        if entry.operandCount >= 3 { try pop(entry.operands.2) }
        if entry.operandCount >= 2 { try pop(entry.operands.1) }
        if entry.operandCount >= 1 { try pop(entry.operands.0) }
        if entry.result != 0 { try push(entry.result) }
    }

    @inline(__always)
    mutating func push(_ type: UInt8) throws(ModuleError) {
        guard operands.push(type) else { throw tooManyOperands() }
    }

    @inline(__always)
    mutating func pop(_ expected: UInt8) throws(ModuleError) {
        let actual = operands.pop()
        guard actual == expected || actual == unknownType else {
            throw mismatch(expected: describeType(expected), found: actual)
        }
    }

    @inline(__always)
    mutating func pop(_ range: ModuleContext.TypeRange) throws(ModuleError) {
        switch range.count {
        case 0: return
        case 1: try pop(context.types[Int(range.start)])
        default:
            guard operands.matches(context.types, range) else { throw mismatch(expected: range) }
            operands.drop(Int(range.count))
        }
    }

    @inline(__always)
    mutating func push(_ range: ModuleContext.TypeRange) throws(ModuleError) {
        switch range.count {
        case 0: return
        case 1: try push(context.types[Int(range.start)])
        default: guard operands.push(context.types, range) else { throw tooManyOperands() }
        }
    }

    @inline(__always)
    mutating func requireMemory() throws(ModuleError) {
        guard context.memoryCount > 0 else { throw unknown("memory", 0) }
    }

    // MARK: Errors

    @inline(never)
    func invalid(_ message: String) -> ModuleError {
        ModuleError(.invalid, message, offset: reader.offset)
    }

    @inline(never)
    func malformed(_ message: String) -> ModuleError {
        ModuleError(.malformed, message, offset: reader.position)
    }

    @inline(never)
    func unknown(_ what: String, _ index: UInt32) -> ModuleError {
        invalid("unknown \(what) \(index)")
    }

    @inline(never)
    func mismatch(expected: String, found: UInt8?) -> ModuleError {
        let found = found.map(describeType) ?? "nothing"
        return invalid("type mismatch: \(opcode.mnemonic) expected \(expected), found \(found)")
    }

    @inline(never)
    func mismatch(expected range: ModuleContext.TypeRange) -> ModuleError {
        invalid(
            "type mismatch: \(opcode.mnemonic) expected \(context.description(range)), found \(operands.description)")
    }

    @inline(never)
    private func tooManyOperands() -> ModuleError {
        ModuleError(
            .limit, "expected at most \(ImplementationLimit.operands) operands on the stack of a function, found more",
            offset: reader.offset)
    }

    @inline(never)
    private func overaligned(_ alignment: UInt32, _ natural: UInt8) -> ModuleError {
        invalid(
            "alignment must not be larger than natural: "
                + "\(opcode.mnemonic) expected at most 2^\(natural) bytes, found 2^\(alignment)")
    }

    /// The body is over while blocks are open. What follows it decides what the specification's interpreter says, as
    /// it reads on.
    @inline(never)
    private func unclosed() -> ModuleError {
        let next = reader.reader.end < reader.reader.bytes.count ? reader.reader.bytes[reader.reader.end] : nil
        let message =
            switch next {
            case nil: "unexpected end of section or function"
            case Opcode.end.rawValue8: "section size mismatch"
            default: "END opcode expected"
            }
        let offset = frames.last.map { ": block at byte \($0.offset) is not closed" } ?? ""
        return malformed(message + offset)
    }
}

extension Opcode {
    /// The byte of an opcode without prefix.
    fileprivate var rawValue8: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
}
