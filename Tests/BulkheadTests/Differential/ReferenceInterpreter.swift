import Bulkhead
import WasmModule

/// An instance of a module, run instruction by instruction as the specification's text goes. Knows what `ModuleGenerator`
/// emits. References are function indices plus one; 0 is null. Spec: 4.4.
final class ReferenceInterpreter {
    let module: WasmModule.Module
    private(set) var memory: [UInt8] = []
    var globals: [UInt64] = []
    private var tables: [[UInt64]] = []
    private var droppedData: Set<UInt32> = []
    private let host: (_ function: UInt32, _ arguments: [UInt64]) -> [UInt64]
    private let functionTypes: [UInt32]
    private let importedFunctions: Int
    private var bodies: [Body] = []
    private var steps = 0

    private struct Body {
        var instructions: [Instruction] = []
        /// By the position of a `block`, `loop` or `if`.
        var ends: [Int: Int] = [:]
        var elses: [Int: Int] = [:]
    }

    private struct Label {
        var arity: Int
        var height: Int
        var start: Int
        var end: Int
        var isLoop: Bool
    }

    static let stepLimit = 400_000

    init(
        _ bytes: [UInt8], importedGlobals: [UInt64] = [],
        host: @escaping (_ function: UInt32, _ arguments: [UInt64]) -> [UInt64]
    ) throws {
        module = try WasmModule.Module(decoding: bytes, features: .all)
        try module.validate(features: .all)
        self.host = host
        functionTypes = module.functionIndexSpace
        importedFunctions = functionTypes.count - module.functions.count
        memory = Array(repeating: 0, count: Int(module.memoryIndexSpace.first?.limits.minimum ?? 0) * 65536)
        globals = importedGlobals
        for global in module.globals { globals.append(try constant(global.initializer)) }
        tables = module.tables.map { Array(repeating: 0, count: Int($0.limits.minimum)) }
        for segment in module.elements {
            guard case .active(let table, let offset) = segment.mode,
                case .functions(let functions) = segment.initializers
            else { continue }
            let start = Int(try constant(offset))
            for (place, function) in functions.enumerated() {
                tables[Int(table)][start + place] = UInt64(function) + 1
            }
        }
        for (index, segment) in module.data.enumerated() {
            guard case .active(_, let offset) = segment.mode else { continue }
            let start = Int(try constant(offset))
            memory.replaceSubrange(start..<start + segment.content.count, with: bytes[segment.content])
            droppedData.insert(UInt32(index))
        }
        bodies = try module.code.map { try Self.read($0, module) }
    }

    private func constant(_ expression: WasmModule.Module.ConstantExpression) throws -> UInt64 {
        var reader = InstructionReader(bytes: module.bytes, range: expression.range, features: .all)
        switch try reader.next()?.immediate {
        case .i32(let bits), .f32(let bits): return UInt64(bits)
        case .i64(let bits), .f64(let bits): return bits
        default: return 0
        }
    }

    private static func read(_ code: WasmModule.Module.Code, _ module: WasmModule.Module) throws -> Body {
        var reader = InstructionReader(bytes: module.bytes, range: code.body, features: .all)
        var body = Body()
        var open: [Int] = []
        while let instruction = try reader.next() {
            let position = body.instructions.count
            body.instructions.append(instruction)
            switch instruction.opcode {
            case .block, .loop, .if: open.append(position)
            case .else: open.last.map { body.elses[$0] = position }
            case .end: open.popLast().map { body.ends[$0] = position }
            default: break
            }
        }
        return body
    }

    /// Calls a function by its index.
    func call(_ function: Int, _ arguments: [UInt64]) throws(ReferenceStop) -> [UInt64] {
        steps = 0
        return try invoke(UInt32(function), arguments)
    }

    private func invoke(_ function: UInt32, _ arguments: [UInt64]) throws(ReferenceStop) -> [UInt64] {
        if Int(function) < importedFunctions { return host(function, arguments) }
        let type = module.types[Int(functionTypes[Int(function)])]
        let code = module.code[Int(function) - importedFunctions]
        var locals = arguments
        for run in code.locals { locals += Array(repeating: 0, count: Int(run.count)) }
        return try execute(bodies[Int(function) - importedFunctions], type, &locals)
    }

    private func types(_ block: BlockType) -> (parameters: Int, results: Int) {
        switch block {
        case .empty: (0, 0)
        case .value: (0, 1)
        case .type(let index):
            (module.types[Int(index)].parameters.count, module.types[Int(index)].results.count)
        }
    }

    private func execute(
        _ body: Body, _ type: FunctionType, _ locals: inout [UInt64]
    ) throws(ReferenceStop) -> [UInt64] {
        var stack: [UInt64] = []
        var labels = [
            Label(arity: type.results.count, height: 0, start: 0, end: body.instructions.count - 1, isLoop: false)
        ]
        var position = 0

        func branch(_ depth: UInt32) {
            let label = labels[labels.count - 1 - Int(depth)]
            let values = stack.suffix(label.arity)
            stack.removeSubrange(label.height...)
            stack += values
            labels.removeLast(Int(depth) + (label.isLoop ? 0 : 1))
            position = label.isLoop ? label.start + 1 : label.end + 1
        }
        func enter(_ block: BlockType, at start: Int, isLoop: Bool) {
            let (parameters, results) = types(block)
            labels.append(
                Label(
                    arity: isLoop ? parameters : results, height: stack.count - parameters, start: start,
                    end: body.ends[start] ?? 0, isLoop: isLoop))
        }

        while !labels.isEmpty {
            steps += 1
            guard steps < Self.stepLimit else { throw .outOfSteps }
            let here = position
            let instruction = body.instructions[here]
            position += 1
            switch (instruction.opcode, instruction.immediate) {
            case (.unreachable, _): throw .trap(.unreachable)
            case (.nop, _): break
            case (.block, .block(let block)): enter(block, at: here, isLoop: false)
            case (.loop, .block(let block)): enter(block, at: here, isLoop: true)
            case (.if, .block(let block)):
                let condition = stack.removeLast()
                if condition != 0 || body.elses[here] != nil { enter(block, at: here, isLoop: false) }
                if condition == 0 { position = (body.elses[here] ?? body.ends[here] ?? 0) + 1 }
            case (.else, _): position = labels.last?.end ?? 0
            case (.end, _): labels.removeLast()
            case (.br, .index(let depth)): branch(depth)
            case (.brIf, .index(let depth)): if stack.removeLast() != 0 { branch(depth) }
            case (.brTable, .branchTable(let table)):
                let targets = table.labels(in: module.bytes)
                branch(targets[min(Int(stack.removeLast()), targets.count - 1)])
            case (.return, _): branch(UInt32(labels.count - 1))
            case (.call, .index(let function)): try call(function, &stack)
            case (.callIndirect, .indices(let typeIndex, let table)):
                let index = Int(stack.removeLast())
                guard index < tables[Int(table)].count else { throw .trap(.undefinedElement) }
                let reference = tables[Int(table)][index]
                guard reference != 0 else { throw .trap(.uninitializedElement) }
                let callee = UInt32(reference - 1)
                guard module.types[Int(functionTypes[Int(callee)])] == module.types[Int(typeIndex)] else {
                    throw .trap(.indirectCallTypeMismatch)
                }
                try call(callee, &stack)
            case (.drop, _): stack.removeLast()
            case (.select, _), (.selectTyped, _):
                let condition = stack.removeLast()
                let second = stack.removeLast()
                if condition == 0 { stack[stack.count - 1] = second }
            case (.localGet, .index(let index)): stack.append(locals[Int(index)])
            case (.localSet, .index(let index)): locals[Int(index)] = stack.removeLast()
            case (.localTee, .index(let index)): locals[Int(index)] = stack[stack.count - 1]
            case (.globalGet, .index(let index)): stack.append(globals[Int(index)])
            case (.globalSet, .index(let index)): globals[Int(index)] = stack.removeLast()
            case (_, .i32(let bits)), (_, .f32(let bits)): stack.append(UInt64(bits))
            case (_, .i64(let bits)), (_, .f64(let bits)): stack.append(bits)
            case (.refNull, _): stack.append(0)
            case (.refFunc, .index(let function)): stack.append(UInt64(function) + 1)
            case (.refIsNull, _): stack.append(stack.removeLast() == 0 ? 1 : 0)
            default: try access(instruction, &stack)
            }
        }
        return stack
    }

    private func call(_ function: UInt32, _ stack: inout [UInt64]) throws(ReferenceStop) {
        let count = module.types[Int(functionTypes[Int(function)])].parameters.count
        let arguments = Array(stack.suffix(count))
        stack.removeLast(count)
        stack += try invoke(function, arguments)
    }

    // MARK: - Numbers, memory and tables

    private func access(_ instruction: Instruction, _ stack: inout [UInt64]) throws(ReferenceStop) {
        switch instruction.opcode.form {
        case .numeric(let parameters, _):
            let b = parameters.count > 1 ? stack.removeLast() : 0
            let a = stack.removeLast()
            stack.append(try referenceNumeric(instruction.opcode, a, b))
        case .memoryAccess(let type, let bytes):
            guard case .memory(let argument) = instruction.immediate else { return }
            let isStore = instruction.opcode.rawValue >= Opcode.i32Store.rawValue
            let value = isStore ? stack.removeLast() : 0
            let address = stack.removeLast() + argument.offset
            try check(address, UInt64(bytes))
            if isStore {
                for place in 0..<Int(bytes) {
                    memory[Int(address) + place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * place))
                }
            } else {
                stack.append(load(Int(address), Int(bytes), instruction.opcode, type))
            }
        default: try accessInBulk(instruction, &stack)
        }
    }

    private func check(_ address: UInt64, _ count: UInt64) throws(ReferenceStop) {
        guard address + count <= UInt64(memory.count) else { throw .trap(.memoryOutOfBounds) }
    }

    private func load(_ address: Int, _ bytes: Int, _ opcode: Opcode, _ type: ValueType) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<bytes { value |= UInt64(memory[address + place]) << UInt64(8 * place) }
        switch opcode {
        case .i32Load8S, .i32Load16S, .i64Load8S, .i64Load16S, .i64Load32S:
            let sign = UInt64(1) << UInt64(8 * bytes - 1)
            if value & sign != 0 { value |= ~(sign | (sign - 1)) }
            return type == .i32 ? value & 0xFFFF_FFFF : value
        default: return value
        }
    }

    private func accessInBulk(_ instruction: Instruction, _ stack: inout [UInt64]) throws(ReferenceStop) {
        func three() -> (UInt64, UInt64, UInt64) {
            let (c, b) = (stack.removeLast(), stack.removeLast())
            return (stack.removeLast(), b, c)
        }
        switch (instruction.opcode, instruction.immediate) {
        case (.memorySize, _): stack.append(UInt64(memory.count / 65536))
        case (.memoryGrow, _):
            let delta = stack.removeLast()
            let old = UInt64(memory.count / 65536)
            let maximum = module.memoryIndexSpace.first?.limits.maximum ?? 65536
            if old + delta <= maximum {
                memory += Array(repeating: 0, count: Int(delta) * 65536)
                stack.append(old)
            } else {
                stack.append(0xFFFF_FFFF)
            }
        case (.memoryFill, _):
            let (start, value, count) = three()
            try check(start, count)
            for place in 0..<Int(count) { memory[Int(start) + place] = UInt8(truncatingIfNeeded: value) }
        case (.memoryCopy, _):
            let (to, from, count) = three()
            try check(to, count)
            try check(from, count)
            memory.replaceSubrange(Int(to)..<Int(to + count), with: Array(memory[Int(from)..<Int(from + count)]))
        case (.memoryInit, .indices(let segment, _)):
            let (to, from, count) = three()
            let content = droppedData.contains(segment) ? 0..<0 : module.data[Int(segment)].content
            try check(to, count)
            guard from + count <= UInt64(content.count) else { throw .trap(.memoryOutOfBounds) }
            let start = content.lowerBound + Int(from)
            memory.replaceSubrange(Int(to)..<Int(to + count), with: module.bytes[start..<start + Int(count)])
        case (.dataDrop, .index(let segment)): droppedData.insert(segment)
        case (.tableGet, .index(let table)):
            let index = Int(stack.removeLast())
            guard index < tables[Int(table)].count else { throw .trap(.tableOutOfBounds) }
            stack.append(tables[Int(table)][index])
        case (.tableSet, .index(let table)):
            let value = stack.removeLast()
            let index = Int(stack.removeLast())
            guard index < tables[Int(table)].count else { throw .trap(.tableOutOfBounds) }
            tables[Int(table)][index] = value
        case (.tableSize, .index(let table)): stack.append(UInt64(tables[Int(table)].count))
        case (.tableGrow, .index(let table)):
            let delta = stack.removeLast()
            let value = stack.removeLast()
            let old = UInt64(tables[Int(table)].count)
            if old + delta <= module.tables[Int(table)].limits.maximum ?? 1000 {
                tables[Int(table)] += Array(repeating: value, count: Int(delta))
                stack.append(old)
            } else {
                stack.append(0xFFFF_FFFF)
            }
        default: preconditionFailure("the generator emitted \(instruction.opcode)")
        }
    }
}
