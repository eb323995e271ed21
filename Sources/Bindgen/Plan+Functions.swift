/// A function as it is bound.
struct BoundFunction {
    enum Kind {
        /// Called as it is.
        case plain
        /// Called through a function of the shim's.
        case shim
        /// The address of a variable, which the shim returns.
        case variable
    }

    struct Parameter {
        var label: String?
        /// In Swift.
        var name: String
        /// In C, if it has one.
        var original: String?
        var type: SwiftType
        var isNonnull: Bool
        var spelling: String
        /// Of a structure by value: clang's name for it.
        var recordSpelling: String?
        /// Of a structure by value.
        var size = MachinePair.zero
        var isPartial = false
        var annotation: Annotations.Parameter?
        /// How a form of the function that copies this argument in takes it.
        var copy: CopiedArgument?

        /// As it is declared in Swift.
        var declaredType: String { isNonnull ? type.value : type.optional }

        /// As it is declared where tainted values are taken.
        var taintedType: String {
            if recordSpelling != nil { return "some SandboxRecordArgument<\(type.value)>" }
            return type.isScalar ? "some SandboxArgument<\(type.value)>" : declaredType
        }
    }

    var kind: Kind
    /// In C.
    var name: String
    var export: String
    /// In Swift.
    var base: String
    var parameters: [Parameter]
    var result: SwiftType
    var isResultNonnull = false
    var resultSpelling: String
    /// Of a structure by value.
    var resultRecordSpelling: String?
    var resultSize = MachinePair.zero
    /// In Swift.
    var resultPointee = ""
    var annotation: Annotations.Result?
    var comment: [String]
    var place: Place

    /// As the interface has it.
    var signature: String {
        let isRecord = resultRecordSpelling != nil
        let letters = (isRecord ? "i" : "") + parameters.map { String($0.type.letter) }.joined()
        return "\(letters)>\(isRecord || result.isVoid ? "" : String(result.letter))"
    }

    var takesRecords: Bool { resultRecordSpelling != nil || parameters.contains { $0.recordSpelling != nil } }
}

struct BoundConstant {
    var name: String
    var type: String
    var value: String
    var comment: [String]
}

extension Plan {
    mutating func bindFunctions(_ candidates: [Function]) {
        for function in candidates {
            if let reason = bind(function) { report.addUnbound(function.name, function.place.text, reason) }
        }
        checkOwners()
    }

    /// - Returns: why the function can't be bound.
    private mutating func bind(_ function: Function) -> String? {
        if function.isUnavailable { return "it is marked unavailable" }
        if function.type.isVariadic {
            return "variable arguments can't cross; write a wrapper with fixed ones (\"wrappers\" in the annotations)"
        }
        if !function.type.hasPrototype, !request.language.hasPrototypes {
            return "it has no prototype; declare it with (void) if it takes nothing"
        }
        let annotation = annotations.functions[function.name]
        for name in annotation?.parameters.map({ $0.keys.sorted() }) ?? []
        where !function.type.parameters.contains(where: { $0.name == name }) {
            report.addNote(function.name, function.place.text, "has no parameter \(name), which the annotations name")
        }
        var parameters: [BoundFunction.Parameter] = []
        var taken: Set<String> = []
        let given = swiftName(function, annotation)
        for (position, parameter) in function.type.parameters.enumerated() {
            let type = swiftType(parameter.type)
            if let reason = type.reason { return "parameter \(parameter.name ?? "\(position + 1)"): \(reason)" }
            let note = parameter.name.flatMap { annotation?.parameters?[$0] }
            let name = Naming.parameter(parameter.name ?? "parameter\(position + 1)", taken: taken)
            taken.insert(name)
            var bound = BoundFunction.Parameter(
                label: given?.labels?[position], name: name, original: parameter.name, type: type,
                isNonnull: type.isPointer && (note?.nonnull ?? isNonnull(parameter.type)), spelling: parameter.spelling,
                annotation: note)
            if case .record(let key) = type.kind {
                if let reason = refusalByValue(key) { return reason }
                bound.recordSpelling = header.records[key]?.spelling
                bound.size = size(key)
                bound.isPartial = records.first { $0.record.key == key }?.isPartial ?? false
            }
            bound.copy = copy(parameter.type, type, note, function)
            parameters.append(bound)
        }
        let result = swiftType(function.type.result)
        if let reason = result.reason { return "its result: \(reason)" }
        var base = given?.base ?? function.name
        if given == nil, Naming.reservedFunctions.contains(base) {
            base += "_"
            report.addNote(function.name, function.place.text, "is called \(base) in Swift")
        }
        var bound = BoundFunction(
            kind: .plain, name: function.name, export: function.name, base: Naming.sanitized(base),
            parameters: parameters, result: result, resultSpelling: function.type.resultSpelling,
            annotation: annotation?.result, comment: function.comment, place: function.place)
        bound.isResultNonnull =
            result.isPointer
            && (annotation?.result?.nonnull ?? (function.returnsNonnull || isNonnull(function.type.result)))
        if case .pointer(let pointee, _) = resolved(function.type.result) {
            let pointer = swiftType(.pointer(pointee, isNonnull: false)).value
            bound.resultPointee = pointer == "SandboxRawPointer" ? "Void" : String(pointer.dropFirst(15).dropLast())
        }
        if case .record(let key) = result.kind {
            if let reason = refusalByValue(key) { return reason }
            bound.resultRecordSpelling = header.records[key]?.spelling
            bound.resultSize = size(key)
        }
        if bound.takesRecords || function.isInline {
            bound.kind = .shim
            bound.export = "bulkhead_\(function.name)"
        }
        functions.append(bound)
        return nil
    }

    private mutating func copy(
        _ type: CType, _ swift: SwiftType, _ note: Annotations.Parameter?, _ function: Function
    ) -> CopiedArgument? {
        guard let note, note.string == true || note.count != nil else { return nil }
        guard case .pointer(let pointee, _) = resolved(type) else {
            report.addNote(function.name, function.place.text, "the annotations want to copy what is no pointer")
            return nil
        }
        if note.string == true { return .string(isOptional: !(note.nonnull ?? isNonnull(type))) }
        let isCounted = function.type.parameters.contains { parameter in
            parameter.name == note.count && { if case .integer = resolved(parameter.type) { true } else { false } }()
        }
        guard isCounted else {
            report.addNote(
                function.name, function.place.text, "has no integer \(note.count ?? ""), which the annotations name")
            return nil
        }
        switch resolved(pointee) {
        case .void, .integer(.char), .integer(.unsignedChar), .integer(.signedChar): return .bytes
        default:
            let element = swiftType(pointee)
            guard element.reason == nil, element.isScalar || element.isPointer else {
                if case .record(let key) = element.kind, isOpen(key) {
                    return .array(storage: element.storage, value: element.value)
                }
                report.addNote(function.name, function.place.text, "the annotations want to copy what has no layout")
                return nil
            }
            return .array(storage: element.storage, value: element.optional)
        }
    }

    /// Whether the headers declare it for the host too, so that direct mode can have it.
    func isNative(_ function: BoundFunction) -> Bool { probes.perMachine(Probes.address(function.name)) != nil }

    func isNative(_ callback: Callback) -> Bool {
        callback.type.parameters.isEmpty && callback.type.resultSpelling.isEmpty
            || probes.perMachine(Probes.callback(callback)) != nil
    }

    /// Says what direct mode won't have.
    mutating func noteMissingNatives() {
        for function in functions where !isNative(function) {
            report.addNote(
                function.name, function.place.text, "is not declared for the host; direct mode doesn't have it")
        }
        for callback in callbacks where !isNative(callback) {
            report.addNote(
                callback.name, callback.place.text, "is not declared for the host; direct mode doesn't have it")
        }
    }

    /// The number of the function that frees what the function returns.
    func owner(of function: BoundFunction) -> Int? {
        guard let name = function.annotation?.owned else { return nil }
        return functions.firstIndex { $0.name == name && $0.kind != .variable && $0.parameters.count == 1 }
    }

    /// Says which annotations of ownership can't be followed.
    mutating func checkOwners() {
        for function in functions {
            guard let name = function.annotation?.owned else { continue }
            if owner(of: function) == nil || function.result.kind != .pointer {
                report.addNote(
                    function.name, function.place.text,
                    "returns a plain pointer: \(name) is no bound function of one parameter, or there is no pointer to free"
                )
            }
        }
    }

    private mutating func swiftName(_ function: Function, _ annotation: Annotations.Function?) -> SwiftFunctionName? {
        guard let text = annotation?.swiftName ?? function.swiftName else { return nil }
        guard let name = SwiftFunctionName(text) else {
            report.addNote(
                function.name, function.place.text, "keeps its name: \"\(text)\" is not the name of a function")
            return nil
        }
        if let labels = name.labels, labels.count != function.type.parameters.count {
            report.addNote(
                function.name, function.place.text,
                "keeps its name: \"\(text)\" has \(labels.count) labels for \(function.type.parameters.count) parameters"
            )
            return nil
        }
        return name
    }

    private func isNonnull(_ type: CType) -> Bool {
        if type.isNonnull { return true }
        guard case .typedef(let name) = type, let typedef = header.typedefs[name] else { return false }
        return isNonnull(typedef.type)
    }

    private func size(_ key: String) -> MachinePair {
        guard let spelling = header.records[key]?.spelling else { return .zero }
        return probes.perMachine(Probes.size(spelling)) ?? .zero
    }

    /// Why a structure can't be passed by value.
    private func refusalByValue(_ key: String) -> String? {
        guard isOpen(key), let spelling = header.records[key]?.spelling else {
            return "a structure without a known layout can't be passed by value"
        }
        guard let alignment = probes.perMachine(Probes.alignment(spelling)),
            max(alignment.wasm32, alignment.native) <= 16
        else { return "a structure aligned to more than 16 bytes can't be passed by value" }
        return nil
    }

    // MARK: - Variables

    mutating func bindVariables(_ variables: [Variable]) {
        for variable in variables where !constants.contains(where: { $0.name == variable.name }) {
            let type: CType
            if case .array(let element, _) = resolved(variable.type) { type = element } else { type = variable.type }
            if let reason = swiftType(type).reason {
                report.addUnbound(variable.name, variable.place.text, reason)
                continue
            }
            if variable.isThreadLocal {
                report.addUnbound(variable.name, variable.place.text, "it is a variable of each thread's")
                continue
            }
            functions.append(
                BoundFunction(
                    kind: .variable, name: variable.name, export: "bulkhead_address_of_\(variable.name)",
                    base: "addressOf_\(Naming.sanitized(variable.name))", parameters: [],
                    result: swiftType(.pointer(type, isNonnull: true)), isResultNonnull: true, resultSpelling: "void *",
                    comment: variable.comment.isEmpty
                        ? ["The address of the library's variable `\(variable.name)`."] : variable.comment,
                    place: variable.place))
        }
    }

    // MARK: - Constants

    mutating func bindConstants() {
        for macro in header.macros where isAllowed(macro.name) {
            if let reason = annotations.constants[macro.name]?.skip {
                report.addUnbound(macro.name, macro.place.text, reason)
                continue
            }
            guard let constant = probes.constants[macro.name] else { continue }
            add(constant, macro.name, [], macro.place)
        }
        for enumeration in header.enumerations.all where enumeration.name == nil && enumeration.place.isOwn {
            for constant in enumeration.constants where isAllowed(constant.name) {
                guard let number = Int128(constant.value) else { continue }
                let type = CType.IntegerKind.smallest(for: number)
                let value = Probes.Constant(
                    type: .integer(type), value: .integer(UInt64(truncatingIfNeeded: number), isSigned: type.isSigned))
                add(value, constant.name, constant.comment, constant.place)
            }
        }
        for variable in header.variables where isAllowed(variable.name) {
            guard let constant = probes.constants[variable.name], annotations.constants[variable.name]?.skip == nil
            else { continue }
            if case .string = constant.value { continue }
            add(constant, variable.name, variable.comment, variable.place)
        }
        reportMacros()
    }

    private mutating func add(_ constant: Probes.Constant, _ original: String, _ comment: [String], _ place: Place) {
        let wanted = annotations.constants[original]?.swiftName ?? original
        var name = Naming.sanitized(wanted)
        while takenNames.contains(name) || Naming.reservedTypes.contains(name) || Naming.keywords.contains(name) {
            name += "_"
        }
        if name != wanted { report.addNote(original, place.text, "is called \(name) in Swift") }
        takenNames.insert(name)
        let type = swiftType(constant.type)
        switch constant.value {
        case .integer(let bits, _):
            if type.value == "Bool" {
                constants.append(.init(name: name, type: "Bool", value: "\(bits != 0)", comment: comment))
            } else {
                let kind = integerKind(constant.type)
                let number = kind.literal(bits)
                constants.append(.init(name: name, type: kind.swiftName, value: number, comment: comment))
            }
        case .float(let value):
            let type = type.value == "Float" ? "Float" : "Double"
            let text =
                value.isInfinite
                ? (value < 0 ? "-\(type).infinity" : "\(type).infinity")
                : type == "Float" ? "\(Float(value))" : "\(value)"
            constants.append(.init(name: name, type: type, value: text, comment: comment))
        case .string(let text):
            constants.append(.init(name: name, type: "String", value: SwiftText.literal(text), comment: comment))
        }
    }

    func integerKind(_ type: CType) -> CType.IntegerKind {
        switch resolved(type) {
        case .integer(let kind): kind
        case .enumeration(let key): header.enumerations[key].map(underlying) ?? .int
        default: .int
        }
    }

    /// Macros that are no constants: one line for each kind.
    private mutating func reportMacros() {
        let others = header.macros.filter { isAllowed($0.name) && !$0.body.isEmpty && probes.constants[$0.name] == nil }
        for (isFunctionLike, reason) in [
            (true, "macros with parameters are not bound; write a wrapper (\"wrappers\" in the annotations)"),
            (false, "macros that are no constants"),
        ] {
            let names = others.filter { $0.isFunctionLike == isFunctionLike }.map(\.name)
            if !names.isEmpty { report.addUnbound(names.joined(separator: ", "), "", reason) }
        }
    }
}

extension CType.IntegerKind {
    static func smallest(for number: Int128) -> CType.IntegerKind {
        if Int32(exactly: number) != nil { return .int }
        if UInt32(exactly: number) != nil { return .unsignedInt }
        return Int64(exactly: number) != nil ? .longLong : .unsignedLongLong
    }

    /// Of values.
    var swiftName: String {
        self == .bool ? "Bool" : self == .char ? "CChar" : "\(isSigned ? "" : "U")Int\(size * 8)"
    }

    /// The value whose low bits these are.
    func literal(_ bits: UInt64) -> String {
        let shift = UInt64(64 - size * 8)
        return isSigned
            ? SwiftText.number(Int128(Int64(bitPattern: bits << shift) >> Int64(shift)))
            : SwiftText.number(Int128((bits << shift) >> shift))
    }
}
