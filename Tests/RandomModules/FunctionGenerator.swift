import WasmModule

/// The body of one function of a `ModuleGenerator`'s module.
struct FunctionGenerator {
    var random: RandomSource
    let shape: GeneratedShape
    let function: Int
    let type: FunctionType
    /// Parameters, then locals.
    private var locals: [ValueType]
    /// Of each number type, a local that the generator keeps for itself.
    private var temporaries: [ValueType: Int] = [:]
    private var code = ModuleWriter()
    private var stack: [ValueType] = []
    private var frames: [Frame] = []
    /// Locals that count loops down; nothing else may set them.
    private var counters: [Int] = []
    private var isDead = false

    private struct Frame {
        var results: [ValueType]
        var branchTypes: [ValueType]
        var height: Int
        /// Of a loop.
        var counter: Int?
    }

    private static let loopLocals = 4
    /// The interpreter that results are compared with knows no vectors; the scripts of the specification do.
    private static let scalar = Opcode.allCases.filter { !$0.isVectorInstruction }
    private static let numeric: [(Opcode, [ValueType], ValueType)] = scalar.compactMap { opcode in
        guard case .numeric(let parameters, let result) = opcode.form else { return nil }
        return (opcode, parameters, result)
    }
    private static let accesses: [(Opcode, ValueType)] = scalar.compactMap { opcode in
        guard case .memoryAccess(let type, _) = opcode.form else { return nil }
        return (opcode, type)
    }
    private static let loads = accesses.filter { !$0.0.isStore }
    private static let stores = accesses.filter { $0.0.isStore }

    init(random: RandomSource, shape: GeneratedShape, function: Int) {
        self.random = random
        self.shape = shape
        self.function = function
        type = shape.types[shape.functions[function]]
        locals = type.parameters
    }

    mutating func generate(length: Int) -> [UInt8] {
        let own: [ValueType] = [.i32, .i32, .i64, .f32, .f64, .i32, .i64, .funcref]
        locals += own
        for number in [ValueType.i32, .i64, .f32, .f64] {
            temporaries[number] = locals.count
            locals.append(number)
        }
        for _ in 0..<Self.loopLocals {
            counters.append(locals.count)
            locals.append(.i32)
        }
        frames = [Frame(results: type.results, branchTypes: type.results, height: 0)]
        run(length)
        finish()
        var body = ModuleWriter()
        let declared = locals.dropFirst(type.parameters.count)
        body.unsigned(declared.count)
        for local in declared {
            body.unsigned(1)
            body.byte(local.rawValue)
        }
        body.append(code)
        return body.bytes
    }

    private var height: Int { frames.last?.height ?? 0 }
    private var available: Int { stack.count - height }

    private mutating func emit(_ opcode: Opcode) { code.opcode(opcode) }

    private mutating func emit(_ opcode: Opcode, _ index: Int) {
        code.opcode(opcode)
        code.unsigned(index)
    }

    // MARK: - Operands

    private func has(_ types: [ValueType]) -> Bool {
        available >= types.count && Array(stack.suffix(types.count)) == types
    }

    /// Makes these types the top of the stack: by what is there, or by new values.
    private mutating func require(_ types: [ValueType]) {
        if has(types), random.chance(80) { return }
        // Perhaps the first of them are there.
        for count in stride(from: types.count - 1, to: 0, by: -1) where has(Array(types.prefix(count))) {
            for type in types.dropFirst(count) { produce(type) }
            return
        }
        for type in types { produce(type) }
    }

    private mutating func produce(_ type: ValueType, depth: Int = 0) {
        if type == .funcref { return produceReference() }
        switch random.below(depth > 2 ? 5 : 8) {
        case 0, 1: pushConstant(type)
        case 2, 3, 4:
            let candidates = locals.indices.filter { locals[$0] == type && !temporaries.values.contains($0) }
            emit(.localGet, random.pick(candidates))
            stack.append(type)
        case 5:
            let candidates = shape.globals.indices.filter { shape.globals[$0].value == type }
            emit(.globalGet, random.pick(candidates))
            stack.append(type)
        case 6:
            produce(.i32, depth: depth + 1)
            load(random.pick(Self.loads.filter { $0.1 == type }).0, type)
        default:
            let (opcode, parameters, _) = random.pick(Self.numeric.filter { $0.2 == type })
            for parameter in parameters { produce(parameter, depth: depth + 1) }
            apply(opcode, parameters, type)
        }
    }

    private mutating func produceReference() {
        switch random.below(4) {
        case 0:
            emit(.refNull)
            code.byte(ValueType.funcref.rawValue)
        case 1: emit(.refFunc, random.below(shape.leafEnd))
        case 2: emit(.localGet, random.pick(locals.indices.filter { locals[$0] == .funcref }))
        default:
            tableIndex()
            stack.removeLast()
            emit(.tableGet, 1)
        }
        stack.append(.funcref)
    }

    private mutating func pushConstant(_ type: ValueType) {
        let bits: UInt64 =
            switch type {
            case .i32: UInt64(random.interesting32())
            case .f32: UInt64(random.interestingFloat())
            case .f64: random.interestingDouble()
            default: random.interesting64()
            }
        code.constant(type, bits)
        stack.append(type)
    }

    /// No NaN's sign or payload may become visible: makes a NaN on top of the stack zero.
    private mutating func hideNaN(_ type: ValueType) {
        guard type == .f32 || type == .f64, let temporary = temporaries[type] else { return }
        emit(.localTee, temporary)
        code.constant(type, 0)
        emit(.localGet, temporary)
        emit(.localGet, temporary)
        emit(type == .f32 ? .f32Eq : .f64Eq)
        emit(.select)
    }

    private mutating func apply(_ opcode: Opcode, _ parameters: [ValueType], _ result: ValueType) {
        switch opcode {
        case .i32ReinterpretF32, .i64ReinterpretF64, .f32Copysign, .f64Copysign:
            hideNaN(parameters[parameters.count - 1])
        case .i32DivS, .i32DivU, .i32RemS, .i32RemU, .i64DivS, .i64DivU, .i64RemS, .i64RemU:
            // Mostly not by zero.
            if random.chance(90) {
                code.constant(result, 1)
                emit(result == .i32 ? .i32Or : .i64Or)
            }
        case .i32TruncF32S, .i32TruncF32U, .i32TruncF64S, .i32TruncF64U, .i64TruncF32S, .i64TruncF32U, .i64TruncF64S,
            .i64TruncF64U:
            // These trap for most numbers.
            if random.chance(85) {
                emit(parameters[0] == .f32 ? .f32Abs : .f64Abs)
                code.constant(parameters[0], parameters[0] == .f32 ? UInt64(Float(1e6).bitPattern) : 1e6.bitPattern)
                emit(parameters[0] == .f32 ? .f32Min : .f64Min)
                hideNaN(parameters[0])
            }
        default: break
        }
        emit(opcode)
        stack.removeLast(parameters.count)
        stack.append(result)
    }

    // MARK: - Memory and tables

    /// Turns the `i32` on top into an address that is mostly in bounds.
    private mutating func maskAddress() {
        if shape.hasWildAccesses, random.chance(4) { return }
        code.constant(.i32, random.chance(50) ? 0x3FF : 0xFFF0)
        emit(.i32And)
    }

    private mutating func memoryArgument() {
        code.unsigned(0)
        code.unsigned(
            !shape.hasWildAccesses || random.chance(95)
                ? random.below(8) : random.pick([65535, 65536, 0x7FFF_FFF0, 0x8000_0000, 0xFFFF_FFFF]))
    }

    private mutating func load(_ opcode: Opcode, _ type: ValueType) {
        maskAddress()
        emit(opcode)
        memoryArgument()
        stack.removeLast()
        stack.append(type)
    }

    private mutating func store() {
        let (opcode, type) = random.pick(Self.stores)
        // The address is masked before the value comes; where both are there already, it goes through a local.
        if has([.i32, type]), let temporary = temporaries[.i32], type != .i32 {
            hideNaN(type)
            let value = temporaries[type] ?? temporary
            emit(.localSet, value)
            maskAddress()
            emit(.localGet, value)
        } else {
            require([.i32])
            maskAddress()
            produce(type)
            hideNaN(type)
        }
        emit(opcode)
        memoryArgument()
        stack.removeLast(2)
    }

    private mutating func bulk() {
        switch random.below(8) {
        case 0, 1:
            emit(.memorySize, 0)
            stack.append(.i32)
        case 2 where shape.growsMemory:
            require([.i32])
            code.constant(.i32, 1)
            emit(.i32And)
            emit(.memoryGrow, 0)
        case 3, 4:
            operands(count: 0x1F)
            emit(.memoryFill, 0)
        case 5:
            operands(count: 0x1F)
            emit(.memoryCopy)
            code.append([0, 0])
        case 6:
            produce(.i32)
            maskAddress()
            code.constant(.i32, UInt64(random.below(12)))
            code.constant(.i32, UInt64(random.below(8)))
            emit(.memoryInit, 1)
            code.byte(0)
            stack.removeLast()
        default: if random.chance(10) { emit(.dataDrop, 1) }
        }
    }

    /// Two addresses (or an address and a value) and a small count.
    private mutating func operands(count mask: UInt64) {
        require([.i32])
        maskAddress()
        produce(.i32)
        maskAddress()
        produce(.i32)
        code.constant(.i32, mask)
        emit(.i32And)
        stack.removeLast(3)
    }

    private mutating func tableIndex() {
        produce(.i32)
        if random.chance(97) {
            code.constant(.i32, 7)
            emit(.i32And)
        }
    }

    private mutating func reference() {
        switch random.below(6) {
        case 0, 1:
            require([.funcref])
            emit(.refIsNull)
            stack.removeLast()
            stack.append(.i32)
        case 2:
            require([.funcref])
            emit(.localSet, random.pick(locals.indices.filter { locals[$0] == .funcref }))
            stack.removeLast()
        case 3:
            tableIndex()
            produce(.funcref)
            emit(.tableSet, 1)
            stack.removeLast(2)
        case 4:
            emit(.tableSize, 1)
            stack.append(.i32)
        default:
            require([.funcref])
            code.constant(.i32, UInt64(random.below(2)))
            emit(.tableGrow, 1)
            stack.removeLast()
            stack.append(.i32)
        }
    }

    // MARK: - Calls

    private mutating func call() {
        let callee = random.below(function)
        let type = shape.types[shape.functions[callee]]
        require(type.parameters)
        emit(.call, callee)
        stack.removeLast(type.parameters.count)
        stack += type.results
    }

    private mutating func callIndirect() {
        guard function >= shape.leafEnd else { return call() }
        let index = shape.functions[random.below(shape.leafEnd)]
        let type = shape.types[index]
        require(type.parameters)
        tableIndex()
        emit(.callIndirect, index)
        code.unsigned(random.below(2))
        stack.removeLast(type.parameters.count + 1)
        stack += type.results
    }

    // MARK: - Control

    private mutating func blockType() -> (FunctionType, (inout ModuleWriter) -> Void) {
        switch random.below(3) {
        case 0: return (FunctionType(parameters: [], results: []), { $0.byte(0x40) })
        case 1:
            let result = random.pick([ValueType.i32, .i64, .f32, .f64, .funcref])
            return (FunctionType(parameters: [], results: [result]), { $0.byte(result.rawValue) })
        default:
            // Prefer one whose parameters are there.
            let indices = shape.types.indices
            let fitting = indices.filter { !shape.types[$0].parameters.isEmpty && has(shape.types[$0].parameters) }
            let index = fitting.isEmpty || random.chance(20) ? random.below(indices.count) : random.pick(fitting)
            return (shape.types[index], { $0.signed(Int64(index)) })
        }
    }

    private mutating func block(_ length: Int) {
        let (type, write) = blockType()
        let kind = random.pick([Opcode.block, .loop, .if, .if])
        var counter: Int?
        if kind == .loop {
            guard let free = counters.first(where: { local in !frames.contains { $0.counter == local } }) else {
                return
            }
            counter = free
            code.constant(.i32, UInt64(random.below(5)))
            emit(.localSet, free)
        }
        require(type.parameters)
        if kind == .if {
            // A condition may be below what the block takes, and be pending.
            produce(.i32)
            stack.removeLast()
        }
        emit(kind)
        write(&code)
        frames.append(
            Frame(
                results: type.results, branchTypes: kind == .loop ? type.parameters : type.results,
                height: stack.count - type.parameters.count, counter: counter))
        run(length)
        finishPart()
        if kind == .if, type.parameters != type.results || random.chance(60) {
            emit(.else)
            isDead = false
            stack.removeLast(stack.count - height)
            stack += type.parameters
            run(length)
            finishPart()
        }
        emit(.end)
        isDead = false
        stack.removeLast(stack.count - height)
        frames.removeLast()
        stack += type.results
    }

    /// Leaves exactly the current block's results on the stack.
    private mutating func finishPart() {
        let results = frames.last?.results ?? []
        if isDead { return emitDeadCode() }
        if has(results), available == results.count { return }
        if has(results), frames.last?.counter == nil, random.chance(50) {
            emit(.br, 0)
            return emitDeadCode()
        }
        while available > 0 {
            emit(.drop)
            stack.removeLast()
        }
        for result in results { produce(result) }
    }

    private mutating func finish() {
        finishPart()
        emit(.end)
    }

    private mutating func emitDeadCode() {
        for _ in 0..<random.below(4) {
            switch random.below(8) {
            case 0: emit(.drop)
            case 1:
                emit(.i32Add)
                emit(.drop)
            case 2:
                emit(.block)
                code.byte(0x7F)
                emit(.unreachable)
                emit(.end)
                emit(.drop)
            case 3:
                emit(.if)
                code.byte(0x40)
                emit(.else)
                emit(.nop)
                emit(.end)
            case 4: emit(.br, random.below(frames.count))
            case 5:
                emit(.loop)
                code.byte(0x40)
                emit(.end)
            case 6: emit(.localSet, temporaries[.i32] ?? 0)
            default: emit(.select)
            }
            if random.chance(30) { emit(.unreachable) }
        }
        // The operands are whatever the type asks for.
        emit(.unreachable)
    }

    /// Labels that a branch may go to with what is on the stack, by depth. Loops only where `loops`.
    private func targets(loops: Bool) -> [Int] {
        frames.indices.reversed().filter { frame in
            (loops || frames[frame].counter == nil) && has(frames[frame].branchTypes)
        }
        .map { frames.count - 1 - $0 }
    }

    private mutating func branchIf() {
        let target = random.pick(targets(loops: true) + [frames.count - 1])
        let frame = frames[frames.count - 1 - target]
        require(frame.branchTypes)
        produce(.i32)
        if let counter = frame.counter {
            // (--counter > 0) & condition
            emit(.localGet, counter)
            code.constant(.i32, 1)
            emit(.i32Sub)
            emit(.localTee, counter)
            code.constant(.i32, 0)
            emit(.i32GtS)
            emit(.i32And)
        }
        emit(.brIf, target)
        stack.removeLast()
    }

    private mutating func leave() {
        let targets = targets(loops: false)
        switch random.below(8) {
        case 0..<2 where !targets.isEmpty: emit(.br, random.pick(targets))
        case 2..<5 where !targets.isEmpty:
            let first = random.pick(targets)
            let types = frames[frames.count - 1 - first].branchTypes
            let same = targets.filter { frames[frames.count - 1 - $0].branchTypes == types }
            produce(.i32)
            if random.chance(80) {
                code.constant(.i32, 3)
                emit(.i32And)
            }
            emit(.brTable)
            let count = random.below(5)
            code.unsigned(count)
            for _ in 0...count { code.unsigned(random.pick(same)) }
        case 5 where random.chance(20): emit(.unreachable)
        default:
            require(type.results)
            emit(.return)
        }
        isDead = true
    }

    // MARK: - Instructions

    private mutating func run(_ length: Int) {
        for _ in 0..<length {
            if isDead { return }
            step(length)
        }
    }

    private mutating func step(_ length: Int) {
        if stack.count > 30 {
            emit(.drop)
            stack.removeLast()
            return
        }
        switch random.below(100) {
        case 0..<8: produce(random.chance(5) ? .funcref : random.pick([.i32, .i64, .f32, .f64]))
        case 8..<34:
            let fitting = Self.numeric.filter { has($0.1) }
            let (opcode, parameters, result) = random.pick(
                fitting.isEmpty || random.chance(30) ? Self.numeric : fitting)
            require(parameters)
            apply(opcode, parameters, result)
        case 34..<44:
            let candidates = locals.indices.filter { local in
                !counters.contains(local) && !temporaries.values.contains(local) && locals[local] != .funcref
            }
            let fitting = available > 0 ? candidates.filter { locals[$0] == stack.last } : []
            let local = random.pick(fitting.isEmpty ? candidates : fitting)
            require([locals[local]])
            if random.chance(50) {
                emit(.localTee, local)
            } else {
                emit(.localSet, local)
                stack.removeLast()
            }
        case 44..<50:
            let candidates = Array(shape.writableGlobals).sorted()
            guard !candidates.isEmpty else { return }
            let global = random.pick(candidates)
            require([shape.globals[global].value])
            emit(.globalSet, global)
            stack.removeLast()
        case 50..<56:
            require([.i32])
            let (opcode, type) = random.pick(Self.loads)
            load(opcode, type)
        case 56..<62: store()
        case 62..<65:
            guard available > 0 else { return }
            emit(.drop)
            stack.removeLast()
        case 65..<70: select()
        case 70..<76: call()
        case 76..<80: callIndirect()
        case 80..<84: bulk()
        case 84..<87: reference()
        case 87..<93:
            guard frames.count < 6 else { return }
            block(length / 2)
        case 93..<98: branchIf()
        default: if frames.count > 1 { leave() }
        }
    }

    private mutating func select() {
        let type = available > 0 ? stack[stack.count - 1] : random.pick([.i32, .i64, .f32, .f64])
        require([type, type])
        produce(.i32)
        if type == .funcref || random.chance(20) {
            emit(.selectTyped)
            code.types([type])
        } else {
            emit(.select)
        }
        stack.removeLast(2)
    }
}
