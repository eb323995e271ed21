import WasmModule

/// What one round of a loop computes from the values that locals have when it begins, if the loop's body is straight: no branch but
/// the one at its end that goes round again, no call, and nothing that traps but accesses to memory.
struct LoopBody {
    /// A value's place among `operations`. What it is made of stands before it.
    typealias Value = Int

    enum Operation: Hashable {
        /// A local as the round begins.
        case local(UInt32)
        case constant(UInt64)
        /// Of 32 bits.
        case sum(Sum)
        /// - Parameter stores: how many come before.
        case load(Access, stores: Int)
        case numeric(Opcode, [Value])
        case select(Value, Value, condition: Value)
    }

    struct Access: Hashable {
        var opcode: Opcode
        var address: Value
        var offset: UInt64
    }

    struct Store {
        var access: Access
        var value: Value
    }

    private(set) var operations: [Operation] = []
    private(set) var types: [ValueType] = []
    private(set) var stores: [Store] = []
    /// What the locals that the body sets hold in the end.
    private(set) var results: [UInt32: Value] = [:]
    /// Zero in the last round.
    private(set) var condition: Value = 0

    private var places: [Operation: Value] = [:]
    private var stack: [Value] = []

    /// More instructions than unrolled loops have.
    private static let limit = 400

    /// - Parameters:
    ///   - reader: stands behind a `loop` without parameters and results, in a module that has been validated.
    ///   - guardSize: an access that could reach past it needs a check, and no such loop is looked at.
    init?(
        _ reader: InstructionReader, localTypes: [ValueType], operators: borrowing OperatorTable, guardSize: UInt64
    ) {
        var reader = reader
        for _ in 0..<Self.limit {
            guard let instruction = try? reader.next() else { return nil }
            if case (.brIf, .index(0)) = (instruction.opcode, instruction.immediate) {
                condition = stack.removeLast()
                guard stack.isEmpty, let next = try? reader.next(), next.opcode == .end else { return nil }
                return
            }
            guard add(instruction, localTypes, operators, guardSize) else { return nil }
        }
        return nil
    }

    private mutating func add(
        _ instruction: Instruction, _ localTypes: [ValueType], _ operators: borrowing OperatorTable,
        _ guardSize: UInt64
    ) -> Bool {
        switch (instruction.opcode, instruction.immediate) {
        case (.nop, _): break
        case (.localGet, .index(let index)): stack.append(value(ofLocal: index, localTypes))
        case (.localSet, .index(let index)): results[index] = stack.removeLast()
        case (.localTee, .index(let index)): results[index] = stack[stack.count - 1]
        case (.i32Const, .i32(let bits)): stack.append(intern(Sum(constant: bits)))
        case (.i64Const, .i64(let bits)): stack.append(intern(.constant(bits), .i64))
        case (.f32Const, .f32(let bits)): stack.append(intern(.constant(UInt64(bits)), .f32))
        case (.f64Const, .f64(let bits)): stack.append(intern(.constant(bits), .f64))
        case (.select, _):
            let (condition, other, first) = (stack.removeLast(), stack.removeLast(), stack.removeLast())
            stack.append(intern(.select(first, other, condition: condition), types[first]))
        case (let opcode, .none):
            guard case .numeric(let operation) = operators[opcode], !operation.traps, operation.result != .v128 else {
                return false
            }
            let operands = Array(stack.suffix(operation.operandCount))
            stack.removeLast(operands.count)
            if let sum = sum(opcode, operands) {
                stack.append(intern(sum))
            } else {
                stack.append(intern(.numeric(opcode, operands), operation.result))
            }
        case (let opcode, .memory(let argument)):
            switch operators[opcode] {
            case .load(let operation)
            where operation.type != .v128 && argument.offset + UInt64(operation.size) <= guardSize:
                let access = Access(opcode: opcode, address: stack.removeLast(), offset: argument.offset)
                stack.append(intern(.load(access, stores: stores.count), operation.type))
            case .store(let operation)
            where operation.type != .v128 && argument.offset + UInt64(operation.size) <= guardSize:
                let value = stack.removeLast()
                let access = Access(opcode: opcode, address: stack.removeLast(), offset: argument.offset)
                stores.append(Store(access: access, value: value))
            default: return false
            }
        default: return false
        }
        return true
    }

    private mutating func value(ofLocal index: UInt32, _ types: [ValueType]) -> Value {
        results[index] ?? intern(.local(index), types[Int(index)])
    }

    /// The one value that an operation computes: equal operations on equal operands are one.
    private mutating func intern(_ operation: Operation, _ type: ValueType) -> Value {
        if let place = places[operation] { return place }
        places[operation] = operations.count
        operations.append(operation)
        types.append(type)
        return operations.count - 1
    }

    mutating func intern(_ sum: Sum) -> Value { sum.onlyTerm ?? intern(.sum(sum), .i32) }

    /// What a local holds as the round begins, if anything needs it.
    func local(_ index: UInt32) -> Value? { places[.local(index)] }

    // MARK: - Sums

    /// Values times factors and a constant, modulo 2^32: what addresses and counters are.
    struct Sum: Hashable {
        struct Term: Hashable {
            var value: Value
            /// Never 0.
            var factor: UInt32
        }

        /// In the values' order, each value once.
        var terms: [Term] = []
        var constant: UInt32 = 0

        /// The value, where the sum is nothing else.
        var onlyTerm: Value? {
            terms.count == 1 && terms[0].factor == 1 && constant == 0 ? terms[0].value : nil
        }

        static func + (left: Sum, right: Sum) -> Sum {
            var result = Sum(constant: left.constant &+ right.constant)
            var (l, r) = (0, 0)
            while l < left.terms.count, r < right.terms.count {
                let (a, b) = (left.terms[l], right.terms[r])
                if a.value < b.value {
                    result.terms.append(a)
                } else if b.value < a.value {
                    result.terms.append(b)
                } else if a.factor &+ b.factor != 0 {
                    result.terms.append(Term(value: a.value, factor: a.factor &+ b.factor))
                }
                l += a.value <= b.value ? 1 : 0
                r += b.value <= a.value ? 1 : 0
            }
            result.terms += left.terms[l...] + right.terms[r...]
            return result
        }

        static func * (sum: Sum, factor: UInt32) -> Sum {
            Sum(
                terms: sum.terms.map { Term(value: $0.value, factor: $0.factor &* factor) }.filter { $0.factor != 0 },
                constant: sum.constant &* factor)
        }

        static func - (left: Sum, right: Sum) -> Sum { left + right * .max }
    }

    /// A value of 32 bits as a sum, if only of itself.
    func sum(_ value: Value) -> Sum {
        if case .sum(let sum) = operations[value] { return sum }
        return Sum(terms: [Sum.Term(value: value, factor: 1)])
    }

    private func sum(_ opcode: Opcode, _ operands: [Value]) -> Sum? {
        switch opcode {
        case .i32Add: return sum(operands[0]) + sum(operands[1])
        case .i32Sub: return sum(operands[0]) - sum(operands[1])
        case .i32Mul:
            let (first, second) = (sum(operands[0]), sum(operands[1]))
            if second.terms.isEmpty { return first * second.constant }
            return first.terms.isEmpty ? second * first.constant : nil
        case .i32Shl:
            let count = sum(operands[1])
            return count.terms.isEmpty ? sum(operands[0]) * (1 << (count.constant & 31)) : nil
        default: return nil
        }
    }

    /// What an operation is made of.
    func operands(of value: Value) -> [Value] {
        switch operations[value] {
        case .local, .constant: []
        case .sum(let sum): sum.terms.map(\.value)
        case .load(let access, _): [access.address]
        case .numeric(_, let operands): operands
        case .select(let first, let other, let condition): [first, other, condition]
        }
    }
}
