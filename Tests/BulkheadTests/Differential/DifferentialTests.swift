import Bulkhead
import Glibc
import RandomModules
import Testing
import WasmModule

/// Random modules, compiled, must do what an interpreter of the specification does: results, traps, memory, globals, and the
/// calls that the host saw.
///
/// `BULKHEAD_SEED` and `BULKHEAD_ROUNDS` (default 4) repeat or prolong it.
struct DifferentialTests {
    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    private static let seed = number("BULKHEAD_SEED") ?? 20_261_122
    private static let rounds = number("BULKHEAD_ROUNDS") ?? 4

    @Test(arguments: Configuration.all)
    func compiledCodeDoesWhatAnInterpreterDoes(configuration: Configuration) throws {
        for round in 0..<Self.rounds {
            let seed = Self.seed &+ round
            // Strict code traps where the specification says; other code may pass over a load that nothing uses, and so
            // is tested without such loads.
            for isStrict in [true, false] {
                Self.compare(seed, isStrict, configuration.engine { $0.isStrict = isStrict })
            }
        }
    }

    /// Without optimization the compiler does what the C says, warts and all.
    @Test(arguments: Configuration.one)
    func unoptimizedCodeDoesWhatAnInterpreterDoes(configuration: Configuration) throws {
        for round in 0..<Self.rounds {
            let seed = Self.seed &+ 1000 &+ round
            let engine = configuration.engine {
                $0.optimization = .none
                $0.isStrict = true
            }
            Self.compare(seed, true, engine)
        }
    }

    private static func compare(_ seed: UInt64, _ isStrict: Bool, _ engine: Engine) {
        do {
            var comparison = try Comparison(seed: seed, isStrict: isStrict)
            defer {
                // For a look at what went wrong.
                if let directory = getenv("BULKHEAD_KEEP") {
                    comparison.save(to: "\(String(cString: directory))/\(seed)-\(isStrict ? "strict" : "loose").wasm")
                }
            }
            try comparison.run(engine)
            if let difference = comparison.difference {
                Issue.record("seed \(seed), strict \(isStrict): \(difference)")
            }
        } catch {
            Issue.record("seed \(seed), strict \(isStrict): \(error)")
        }
    }
}

/// One module run both ways.
private struct Comparison {
    private let bytes: [UInt8]
    private let shape: GeneratedShape
    private var random: RandomSource
    private(set) var difference: String?

    /// What the host saw, from either side.
    private final class Log {
        var calls: [[UInt64]] = []
    }

    init(seed: UInt64, isStrict: Bool) throws {
        var generator = ModuleGenerator(seed: seed)
        bytes = generator.generate(functions: 20, length: 40, wildAccesses: isStrict)
        shape = generator.shape
        random = RandomSource(seed: seed ^ 0xABCD)
    }

    func save(to path: String) {
        guard let file = fopen(path, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    private static func answer(_ type: FunctionType, _ function: Int, _ arguments: [UInt64]) -> [UInt64] {
        var hash = UInt64(function) &+ 7
        for argument in arguments { hash = (hash ^ argument) &* 0x100_0000_01B3 }
        return type.results.map { result in
            hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            switch result {
            case .i32: return hash >> 33
            case .f32: return UInt64(Float(Int64(bitPattern: hash) >> 40).bitPattern)
            case .f64: return Double(Int64(bitPattern: hash) >> 20).bitPattern
            default: return hash
            }
        }
    }

    /// All NaNs are one.
    private static func normal(_ bits: UInt64, _ type: ValueType) -> UInt64 {
        switch type {
        case .f32 where Float(bitPattern: UInt32(truncatingIfNeeded: bits)).isNaN: 0x7FC0_0000
        case .f64 where Double(bitPattern: bits).isNaN: 0x7FF8_0000_0000_0000
        default: bits
        }
    }

    private static func value(_ bits: UInt64, _ type: ValueType) -> Value {
        switch type {
        case .i32: .i32(UInt32(truncatingIfNeeded: bits))
        case .f32: .f32(UInt32(truncatingIfNeeded: bits))
        case .f64: .f64(bits)
        default: .i64(bits)
        }
    }

    private static func bits(_ value: Value) -> UInt64 {
        switch value {
        case .i32(let bits), .f32(let bits): UInt64(bits)
        case .i64(let bits), .f64(let bits): bits
        case .ref, .v128: 0
        }
    }

    private mutating func arguments(_ types: [ValueType]) -> [UInt64] {
        types.map { type in
            switch type {
            case .i32: UInt64(random.interesting32())
            case .f32: UInt64(random.interestingFloat())
            case .f64: random.interestingDouble()
            default: random.interesting64()
            }
        }
    }

    mutating func run(_ engine: Engine) throws {
        let (expectedLog, foundLog) = (Log(), Log())
        let shape = shape
        func seen(_ function: Int, _ arguments: [UInt64], _ log: Log) -> [UInt64] {
            let type = shape.types[shape.functions[function]]
            let normal = zip(arguments, type.parameters).map { Self.normal($0, $1) }
            log.calls.append([UInt64(function)] + normal)
            return Self.answer(type, function, normal)
        }
        let interpreter = try ReferenceInterpreter(
            bytes, importedGlobals: shape.importedGlobals > 0 ? [11, 22] : []
        ) { seen(Int($0), $1, expectedLog) }

        let store = try Store()
        var imports = Imports()
        for function in 0..<shape.importedFunctions {
            let type = shape.types[shape.functions[function]]
            let host = try Function(store: store, parameters: type.parameters, results: type.results) { _, arguments in
                zip(seen(function, arguments.map(Self.bits), foundLog), type.results).map { Self.value($0, $1) }
            }
            imports.define(.function(host), module: "host", name: "f\(function)")
        }
        var globals: [Int: Global] = [:]
        for global in 0..<shape.importedGlobals {
            let value: Value = global == 0 ? .i32(11) : .i64(22)
            globals[global] = try Global(store: store, mutability: .variable, value: value)
            imports.define(.global(globals[global]!), module: "host", name: "g\(global)")
        }
        if shape.importsMemory {
            let type = MemoryType(
                limits: Limits(minimum: ModuleGenerator.pages, maximum: ModuleGenerator.maximumPages))
            imports.define(.memory(try Memory(store: store, type: type)), module: "host", name: "memory")
        }
        let instance = try engine.compile(bytes).instantiate(store: store, imports: imports)
        for global in shape.exportedGlobals { globals[global] = instance.exports[global: "g\(global)"] }
        let memory = try #require(instance.memory)

        for round in 0..<3 {
            for index in shape.importedFunctions..<shape.functions.count {
                let type = shape.types[shape.functions[index]]
                let arguments = arguments(type.parameters)
                var expected: Result<[UInt64], ReferenceStop>
                do throws(ReferenceStop) {
                    expected = .success(
                        zip(try interpreter.call(index, arguments), type.results).map { Self.normal($0, $1) })
                } catch {
                    expected = .failure(error)
                }
                if case .failure(.outOfSteps) = expected { return }
                let found: Result<[UInt64], any Error> = Result {
                    let values = try instance.call(
                        "f\(index)", valuesOf: zip(arguments, type.parameters).map(Self.value))
                    return zip(values.map(Self.bits), type.results).map { Self.normal($0, $1) }
                }
                let place = "round \(round), f\(index)\(arguments), expected \(expected), found \(found)"
                switch (expected, found) {
                case (.success(let expected), .success(let found)):
                    if expected != found {
                        difference = "\(place): expected \(expected), found \(found)"
                        return
                    }
                // Operands that both trap may be computed in either order; all else that happened must be the same.
                case (.failure(.trap), .failure(is Trap)): break
                default:
                    difference = "\(place): expected \(expected), found \(found)"
                    return
                }
                if expectedLog.calls != foundLog.calls {
                    difference = "\(place): the host saw \(foundLog.calls), not \(expectedLog.calls)"
                    return
                }
                for (global, found) in globals.sorted(by: { $0.key < $1.key }) {
                    let type = shape.globals[global].value
                    let expected = Self.normal(interpreter.globals[global], type)
                    if Self.normal(Self.bits(found.value), type) != expected {
                        difference = "\(place): global \(global) is \(found.value), not \(expected)"
                        return
                    }
                }
                if memory.count != interpreter.memory.count {
                    difference = "\(place): memory of \(memory.count) bytes, not \(interpreter.memory.count)"
                    return
                }
                let same = memory.withBytes { bytes in
                    bytes.withUnsafeBytes { found in
                        interpreter.memory.withUnsafeBytes { memcmp(found.baseAddress!, $0.baseAddress!, $0.count) }
                    }
                }
                if same != 0 {
                    let bytes = memory.unsafeBytes
                    let first = bytes.indices.first { bytes[$0] != interpreter.memory[$0] } ?? 0
                    difference = "\(place): byte \(first) is \(bytes[first]), not \(interpreter.memory[first])"
                    return
                }
                expectedLog.calls = []
                foundLog.calls = []
            }
        }
    }
}
