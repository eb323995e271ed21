import WasmModule

/// What a generated module looks like from outside, and what its functions may use.
package struct GeneratedShape {
    package var types: [FunctionType] = []
    /// Type indices; the first `importedFunctions` are the host's.
    package var functions: [Int] = []
    package var importedFunctions = 0
    /// Functions up to here may be called through tables; they call through none themselves.
    package var leafEnd = 0
    package var globals: [GlobalType] = []
    package var importedGlobals = 0
    package var exportedGlobals: Set<Int> = []
    /// Written by some function; others stay as they are.
    package var writableGlobals: Set<Int> = []
    package var importsMemory = false
    package var exportsMemory = false
    package var growsMemory = false
    /// Elements of the tables. The first is only called through; the second is changed.
    package var tables = [8, 8]
    package var exportsFirstTable = false
    package var passiveDataSize = 0
    /// Whether loads and stores may be out of bounds.
    package var hasWildAccesses = true
}

/// Random valid modules, the same for the same seed: all kinds of control flow with values on the stack, calls of all kinds,
/// effects between operands. Loops end, NaN payloads stay unobservable, and addresses are mostly in bounds.
package struct ModuleGenerator {
    package var random: RandomSource
    package var shape = GeneratedShape()

    package static let pages: UInt64 = 1
    package static let maximumPages: UInt64 = 3
    private static let numberTypes: [ValueType] = [.i32, .i64, .f32, .f64]

    package init(seed: UInt64) {
        random = RandomSource(seed: seed)
    }

    private mutating func numberTypes(_ count: Int) -> [ValueType] {
        (0..<count).map { _ in random.chance(40) ? .i32 : random.pick(Self.numberTypes) }
    }

    package mutating func generate(functions count: Int, length: Int, wildAccesses: Bool) -> [UInt8] {
        makeShape(functions: count)
        shape.hasWildAccesses = wildAccesses
        var bodies: [[UInt8]] = []
        for function in shape.importedFunctions..<shape.functions.count {
            var generator = FunctionGenerator(
                random: RandomSource(seed: random.bits()), shape: shape, function: function)
            bodies.append(generator.generate(length: 8 + random.below(length)))
        }
        return write(bodies)
    }

    private mutating func makeShape(functions count: Int) {
        // The first types are those of functions; blocks use the others.
        for _ in 0..<6 {
            shape.types.append(
                FunctionType(parameters: numberTypes(random.below(5)), results: numberTypes(random.below(4))))
        }
        for _ in 0..<8 {
            shape.types.append(
                FunctionType(parameters: numberTypes(random.below(3)), results: numberTypes(random.below(4))))
        }
        shape.importedFunctions = 2
        for _ in 0..<count + 2 { shape.functions.append(random.below(6)) }
        shape.leafEnd = 2 + max(1, count / 3)
        shape.importsMemory = random.chance(25)
        shape.exportsMemory = random.chance(50)
        shape.growsMemory = random.chance(50)
        shape.exportsFirstTable = random.chance(50)
        shape.passiveDataSize = 16
        shape.importedGlobals = random.chance(50) ? 2 : 0
        if shape.importedGlobals > 0 {
            shape.globals = [
                GlobalType(value: .i32, mutability: .variable), GlobalType(value: .i64, mutability: .variable),
            ]
            shape.writableGlobals = [0, 1]
        }
        for type in Self.numberTypes + [.i32, .i64] {
            let position = shape.globals.count
            shape.globals.append(GlobalType(value: type, mutability: random.chance(80) ? .variable : .constant))
            if random.chance(60) { shape.exportedGlobals.insert(position) }
            if shape.globals[position].mutability == .variable, random.chance(80) {
                shape.writableGlobals.insert(position)
            }
        }
    }

    private mutating func write(_ bodies: [[UInt8]]) -> [UInt8] {
        var module = ModuleWriter()
        module.append([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        let shape = shape
        module.section(.type, count: shape.types.count) { section in
            for type in shape.types {
                section.byte(0x60)
                section.types(type.parameters)
                section.types(type.results)
            }
        }
        module.section(
            .import, count: shape.importedFunctions + shape.importedGlobals + (shape.importsMemory ? 1 : 0)
        ) { section in
            for function in 0..<shape.importedFunctions {
                section.name("host")
                section.name("f\(function)")
                section.byte(0)
                section.unsigned(shape.functions[function])
            }
            for global in 0..<shape.importedGlobals {
                section.name("host")
                section.name("g\(global)")
                section.byte(3)
                section.byte(shape.globals[global].value.rawValue)
                section.byte(shape.globals[global].mutability.rawValue)
            }
            if shape.importsMemory {
                section.name("host")
                section.name("memory")
                section.append([2, 1])
                section.unsigned(Self.pages)
                section.unsigned(Self.maximumPages)
            }
        }
        module.section(.function, count: bodies.count) { section in
            for type in shape.functions.dropFirst(shape.importedFunctions) { section.unsigned(type) }
        }
        module.section(.table, count: shape.tables.count) { section in
            for size in shape.tables {
                section.append([0x70, 1])
                section.unsigned(size)
                section.unsigned(size + 4)
            }
        }
        module.section(.memory, count: shape.importsMemory ? 0 : 1) { section in
            section.byte(1)
            section.unsigned(Self.pages)
            section.unsigned(Self.maximumPages)
        }
        writeGlobalsAndExports(to: &module)
        writeElements(to: &module)
        module.section(.dataCount, count: nil) { $0.unsigned(2) }
        module.section(.code, count: bodies.count) { section in
            for body in bodies {
                section.unsigned(body.count)
                section.append(body)
            }
        }
        let data = (0..<256).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
        module.section(.data, count: 2) { section in
            section.byte(0)
            section.constant(.i32, 1000)
            section.byte(0x0B)
            section.unsigned(data.count)
            section.append(data)
            section.byte(1)
            section.unsigned(shape.passiveDataSize)
            section.append(Array(data.prefix(shape.passiveDataSize)))
        }
        return module.bytes
    }

    private mutating func writeGlobalsAndExports(to module: inout ModuleWriter) {
        let own = shape.globals.dropFirst(shape.importedGlobals)
        let values = own.map { type -> UInt64 in
            switch type.value {
            case .i32: UInt64(random.interesting32())
            case .f32: UInt64(random.interestingFloat())
            case .f64: random.interestingDouble()
            default: random.interesting64()
            }
        }
        module.section(.global, count: own.count) { section in
            for (type, value) in zip(own, values) {
                section.byte(type.value.rawValue)
                section.byte(type.mutability.rawValue)
                section.constant(type.value, value)
                section.byte(0x0B)
            }
        }
        let shape = shape
        let functions = shape.importedFunctions..<shape.functions.count
        let globals = shape.exportedGlobals.sorted()
        let others = (shape.exportsMemory ? 1 : 0) + (shape.exportsFirstTable ? 1 : 0)
        module.section(.export, count: functions.count + globals.count + others) { section in
            for function in functions {
                section.name("f\(function)")
                section.byte(0)
                section.unsigned(function)
            }
            for global in globals {
                section.name("g\(global)")
                section.byte(3)
                section.unsigned(global)
            }
            if shape.exportsMemory {
                section.name("memory")
                section.append([2, 0])
            }
            if shape.exportsFirstTable {
                section.name("table")
                section.append([1, 0])
            }
        }
    }

    private mutating func writeElements(to module: inout ModuleWriter) {
        let leaves = shape.leafEnd
        let elements = (0..<10).map { _ in random.below(leaves) }
        module.section(.element, count: 3) { section in
            for (table, functions) in [elements.prefix(6), elements.suffix(4)].enumerated() {
                section.unsigned(table == 0 ? 0 : 2)
                if table != 0 { section.unsigned(table) }
                section.constant(.i32, 1)
                section.byte(0x0B)
                if table != 0 { section.byte(0) }
                section.unsigned(functions.count)
                for function in functions { section.unsigned(function) }
            }
            // Declares every function that `ref.func` may name.
            section.append([3, 0])
            section.unsigned(leaves)
            for function in 0..<leaves { section.unsigned(function) }
        }
    }
}
