extension Module {
    /// What a valid module uses of the language beyond version 1.0: it is valid with these features, too, and with
    /// none of them left out. Walks all function bodies.
    public var featuresUsed: Features {
        let importedGlobals = globalIndexSpace.count - globals.count
        var used = featuresOfDefinitions.union(featuresOfSegments(importedGlobals))
        for global in globals { used.formUnion(featuresUsed(in: global.initializer, importedGlobals)) }
        for code in code {
            for run in code.locals { used.formUnion(run.type.requiredFeatures) }
            visit(code.body) { used.formUnion($0.requiredFeatures) }
        }
        return used
    }

    private var featuresOfDefinitions: Features {
        var used: Features = []
        for type in types {
            if type.results.count > 1 { used.insert(.multiValue) }
            for value in type.parameters + type.results { used.formUnion(value.requiredFeatures) }
        }
        let tables = tableIndexSpace
        if tables.count > 1 || tables.contains(where: { $0.element == .externref }) { used.insert(.referenceTypes) }
        let globalTypes = globalIndexSpace
        for type in globalTypes { used.formUnion(type.value.requiredFeatures) }
        for entry in imports {
            if case .global(let type) = entry.type, type.mutability == .variable { used.insert(.mutableGlobals) }
        }
        for export in exports where export.kind == .global && Int(export.index) < globalTypes.count {
            if globalTypes[Int(export.index)].mutability == .variable { used.insert(.mutableGlobals) }
        }
        return used
    }

    private func featuresOfSegments(_ importedGlobals: Int) -> Features {
        var used: Features = dataCount == nil ? [] : .bulkMemory
        for segment in elements {
            if segment.type == .externref { used.insert(.referenceTypes) }
            switch segment.mode {
            case .active(_, let offset): used.formUnion(featuresUsed(in: offset, importedGlobals))
            case .passive, .declarative: used.insert(.bulkMemory)
            }
            if case .expressions(let expressions) = segment.initializers {
                used.insert(.bulkMemory)
                for expression in expressions { used.formUnion(featuresUsed(in: expression, importedGlobals)) }
            }
        }
        for segment in data {
            switch segment.mode {
            case .active(_, let offset): used.formUnion(featuresUsed(in: offset, importedGlobals))
            case .passive: used.insert(.bulkMemory)
            }
        }
        return used
    }

    private func featuresUsed(in expression: ConstantExpression, _ importedGlobals: Int) -> Features {
        var used: Features = []
        visit(expression.range) { instruction in
            used.formUnion(instruction.requiredFeatures)
            switch (instruction.opcode, instruction.immediate) {
            case (.i32Add, _), (.i32Sub, _), (.i32Mul, _), (.i64Add, _), (.i64Sub, _), (.i64Mul, _):
                used.insert(.extendedConstants)
            case (.globalGet, .index(let global)) where Int(global) >= importedGlobals: used.insert(.extendedConstants)
            default: break
            }
        }
        return used
    }

    /// The instructions in a range, as far as they can be read.
    private func visit(_ range: Range<Int>, _ body: (Instruction) -> Void) {
        var reader = InstructionReader(bytes: bytes, range: range, features: .all)
        while let instruction = try? reader.next() { body(instruction) }
    }
}

extension ValueType {
    /// What must be switched on for values of this type to be there.
    var requiredFeatures: Features {
        switch self {
        case .i32, .i64, .f32, .f64: []
        case .v128: .simd
        case .funcref, .externref: .referenceTypes
        }
    }
}

extension Instruction {
    fileprivate var requiredFeatures: Features {
        switch immediate {
        case .block(.type): .multiValue
        case .block(.value(let type)): type.requiredFeatures
        default: opcode.requiredFeatures
        }
    }
}
