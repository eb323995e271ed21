import WasmModule

// MARK: - Element segments. Spec: 5.5.12, 6.6.10

extension ModuleParser {
    /// What a segment holds, encoded.
    private enum ElementList {
        case functions([UInt32])
        case expressions(ReferenceType, [[UInt8]])

        var count: Int {
            switch self {
            case .functions(let indices): indices.count
            case .expressions(_, let expressions): expressions.count
            }
        }
    }

    private enum ElementMode {
        case passive
        case active(table: UInt32, offset: [UInt8])
        case declarative
    }

    mutating func parseElementSegment() throws(TextError) {
        _ = try tokens.acceptIdentifier()
        if try tokens.accept("declare") { return addElements(.declarative, try elementList()) }
        var table: UInt32?
        if try tokens.acceptOpen("table") {
            table = try index(in: declarations.tables)
            try tokens.expectClose()
        }
        guard table != nil || tokens.current.kind == .leftParenthesis else {
            return addElements(.passive, try elementList())
        }
        let mode = ElementMode.active(table: table ?? 0, offset: try offset())
        // Without a table, the word `func` can be left out too.
        if table == nil, tokens.atIndex || tokens.current.kind == .rightParenthesis {
            return addElements(mode, .functions(try functionIndices()))
        }
        addElements(mode, try elementList())
    }

    /// The content of a table's `(elem ...)`; answers how many elements there are.
    mutating func parseInlineElements(_ type: ReferenceType, table: UInt32) throws(TextError) -> Int {
        let list: ElementList =
            tokens.current.kind == .leftParenthesis
            ? .expressions(type, try elementExpressions()) : .functions(try functionIndices())
        addElements(.active(table: table, offset: ModuleParser.zero), list)
        return list.count
    }

    private mutating func elementList() throws(TextError) -> ElementList {
        if try tokens.accept("func") { return .functions(try functionIndices()) }
        let type = try tokens.referenceType()
        return .expressions(type, try elementExpressions())
    }

    private mutating func functionIndices() throws(TextError) -> [UInt32] {
        var indices: [UInt32] = []
        while tokens.atIndex { indices.append(try index(in: declarations.functions)) }
        return indices
    }

    private mutating func elementExpressions() throws(TextError) -> [[UInt8]] {
        var expressions: [[UInt8]] = []
        while tokens.current.kind == .leftParenthesis { expressions.append(try enclosedExpression("item")) }
        return expressions
    }

    private mutating func addElements(_ mode: ElementMode, _ list: ElementList) {
        encoder.elements.append {
            // The flag word says what is there: bit 0 not active, bit 1 declarative or with a table, bit 2 expressions.
            let isPlainFunctions =
                switch list {
                case .functions: true
                case .expressions(let type, _): type == .funcref
                }
            let expressionsFlag: UInt32 =
                switch list {
                case .functions: 0
                case .expressions: 4
                }
            var hasType = true
            switch mode {
            case .passive:
                $0.unsigned(1 | expressionsFlag)
            case .declarative:
                $0.unsigned(3 | expressionsFlag)
            case .active(table: 0, let offset) where isPlainFunctions:
                $0.unsigned(expressionsFlag)
                $0.raw(offset)
                hasType = false
            case .active(let table, let offset):
                $0.unsigned(2 | expressionsFlag)
                $0.unsigned(table)
                $0.raw(offset)
            }
            switch list {
            case .functions(let indices):
                if hasType { $0.byte(0x00) }
                $0.count(indices.count)
                for index in indices { $0.unsigned(index) }
            case .expressions(let type, let expressions):
                if hasType { $0.byte(type.rawValue) }
                $0.count(expressions.count)
                for expression in expressions { $0.raw(expression) }
            }
        }
    }
}

// MARK: - Data segments. Spec: 5.5.14, 6.6.11

extension ModuleParser {
    mutating func parseDataSegment() throws(TextError) {
        _ = try tokens.acceptIdentifier()
        var memory: UInt32?
        if try tokens.acceptOpen("memory") {
            memory = try index(in: declarations.memories)
            try tokens.expectClose()
        }
        guard memory != nil || tokens.current.kind == .leftParenthesis else {
            let content = try strings()
            encoder.data.append {
                $0.unsigned(1 as UInt32)
                $0.vector(content)
            }
            return
        }
        let offset = try offset()
        addData(memory: memory ?? 0, offset: offset, try strings())
    }

    /// The content of a memory's `(data ...)`; answers its size in bytes.
    mutating func parseInlineData(memory: UInt32) throws(TextError) -> Int {
        let content = try strings()
        addData(memory: memory, offset: ModuleParser.zero, content)
        return content.count
    }

    private mutating func strings() throws(TextError) -> [UInt8] {
        var content: [UInt8] = []
        try tokens.strings(into: &content)
        return content
    }

    private mutating func addData(memory: UInt32, offset: [UInt8], _ content: [UInt8]) {
        encoder.data.append {
            if memory == 0 {
                $0.unsigned(0 as UInt32)
            } else {
                $0.unsigned(2 as UInt32)
                $0.unsigned(memory)
            }
            $0.raw(offset)
            $0.vector(content)
        }
    }
}

// MARK: - Constant expressions

extension ModuleParser {
    /// `i32.const 0`, `end`.
    private static let zero: [UInt8] = {
        var writer = BinaryWriter()
        writer.opcode(.i32Const)
        writer.signed(0)
        writer.opcode(.end)
        return writer.bytes
    }()

    /// The encoded expression, its `end` included.
    mutating func constantExpression(_ extent: InstructionExtent) throws(TextError) -> [UInt8] {
        body = InstructionSequence()
        try parseInstructions(extent)
        body.code.opcode(.end)
        return body.code.bytes
    }

    private mutating func offset() throws(TextError) -> [UInt8] {
        try enclosedExpression("offset")
    }

    /// `(keyword instruction*)`, or one folded instruction alone.
    private mutating func enclosedExpression(_ keyword: String) throws(TextError) -> [UInt8] {
        guard try tokens.acceptOpen(keyword) else { return try constantExpression(.oneFolded) }
        let expression = try constantExpression(.untilClose)
        try tokens.expectClose()
        return expression
    }
}
