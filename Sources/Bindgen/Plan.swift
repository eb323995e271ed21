/// What is bound, under which names. The writers only write it down.
struct Plan {
    let header: Header
    let probes: Probes
    let request: BindingRequest
    private let hasLibC: Bool
    var report = BindingReport()

    /// In the order of the numbers they are called by.
    var functions: [BoundFunction] = []
    private(set) var records: [BoundRecord] = []
    private(set) var enumerations: [Enumeration] = []
    private(set) var typedefs: [Typedef] = []
    private(set) var callbacks: [Callback] = []
    var constants: [BoundConstant] = []

    /// Swift names inside the library's namespace, by `record KEY`, `enum KEY`, `typedef NAME` and `callback NAME`.
    private(set) var typeNames: [String: String] = [:]
    var takenNames: Set<String> = []

    var library: String { request.library }
    var annotations: Annotations { request.annotations }

    init(_ header: Header, probes: Probes, request: BindingRequest, hasLibC: Bool) {
        self.header = header
        self.probes = probes
        self.request = request
        self.hasLibC = hasLibC
        takenNames = [library]
        let candidates = header.functions.filter { isWanted($0) }
        let variables = header.variables.filter { isWanted($0) }
        var use = TypeUse(header)
        for function in candidates { use.visit(function.type) }
        for variable in variables { use.visit(variable.type) }
        if request.allow.isEmpty { use.visitOwn() }
        nameTypes(use)
        for record in header.records.all where typeNames["record \(record.key)"] != nil {
            records.append(boundRecord(record))
        }
        bindConstants()
        bindFunctions(candidates)
        bindVariables(variables)
        noteMissingNatives()
        for note in header.notes { report.addUnbound(note.name, note.place, note.reason) }
        report.variableCount = functions.filter { $0.kind == .variable }.count
        report.functionCount = functions.count - report.variableCount
        report.recordCount = records.count
        report.enumerationCount = enumerations.count
        report.callbackCount = callbacks.count
        report.constantCount = constants.count
    }

    /// Names for the linker: what bindings call, and the allocator.
    var exports: [String] {
        var names = functions.map(\.export)
        let declared = Set(header.functions.map(\.name))
        for name in ["malloc", "free"] where (hasLibC || declared.contains(name)) && !names.contains(name) {
            names.append(name)
        }
        return names
    }

    // MARK: - What is wanted

    func isAllowed(_ name: String) -> Bool {
        guard !request.deny.contains(where: { Naming.matches(name, $0) }) else { return false }
        return request.allow.isEmpty || request.allow.contains { Naming.matches(name, $0) }
    }

    private mutating func isWanted(_ function: Function) -> Bool {
        if let reason = annotations.functions[function.name]?.skip {
            report.addUnbound(function.name, function.place.text, reason)
            return false
        }
        return isAllowed(function.name)
    }

    private mutating func isWanted(_ variable: Variable) -> Bool {
        if let reason = annotations.constants[variable.name]?.skip {
            report.addUnbound(variable.name, variable.place.text, reason)
            return false
        }
        return isAllowed(variable.name)
    }

    // MARK: - Names of types

    private mutating func nameTypes(_ use: TypeUse) {
        func given(_ name: String, _ attribute: String?) -> String {
            annotations.types[name]?.swiftName ?? attribute ?? name
        }

        for record in header.records.all where use.records.contains(record.key) {
            if skips(record.name, record.place) || record.isAnonymousMember { continue }
            name("record \(record.key)", given(record.name, record.swiftName), record.name, record.place)
        }
        for enumeration in header.enumerations.all where use.enumerations.contains(enumeration.key) {
            guard let tag = enumeration.name, !skips(tag, enumeration.place) else { continue }
            name("enum \(enumeration.key)", given(tag, enumeration.swiftName), tag, enumeration.place)
            enumerations.append(enumeration)
        }
        for callback in header.callbacks.all where use.callbacks.contains(callback.name) {
            if skips(callback.name, callback.place) { continue }
            if let reason = refusal(callback) {
                report.addUnbound(callback.name, callback.place.text, "\(reason); its pointers are SandboxRawPointer")
                continue
            }
            name("callback \(callback.name)", given(callback.name, callback.swiftName), callback.name, callback.place)
            callbacks.append(callback)
        }
        for typedef in header.typedefs.all where use.typedefs.contains(typedef.name) && typedef.place.isOwn {
            guard needsAlias(typedef), !skips(typedef.name, typedef.place) else { continue }
            name("typedef \(typedef.name)", given(typedef.name, typedef.swiftName), typedef.name, typedef.place)
            typedefs.append(typedef)
        }
    }

    private mutating func skips(_ name: String, _ place: Place) -> Bool {
        guard let reason = annotations.types[name]?.skip else { return false }
        report.addUnbound(name, place.text, reason)
        return true
    }

    private mutating func name(_ key: String, _ wanted: String, _ original: String, _ place: Place) {
        var name = Naming.sanitized(wanted)
        while Naming.reservedTypes.contains(name) || Naming.keywords.contains(name) || takenNames.contains(name) {
            name += "_"
        }
        if name != wanted { report.addNote(original, place.text, "is called \(name) in Swift") }
        takenNames.insert(name)
        typeNames[key] = name
    }

    /// Whether a typedef says anything that the type it names doesn't.
    private func needsAlias(_ typedef: Typedef) -> Bool {
        switch typedef.type {
        case .record(let key): return header.records[key]?.name != typedef.name && typeNames["record \(key)"] != nil
        case .enumeration(let key):
            return header.enumerations[key]?.name != typedef.name && typeNames["enum \(key)"] != nil
        case .callback(let name, _): return name != typedef.name && typeNames["callback \(name)"] != nil
        case .void, .array, .unsupported, .function: return false
        default: break
        }
        switch resolved(typedef.type) {
        case .void, .array, .unsupported, .typedef: return false
        default: return swiftType(typedef.type).reason == nil
        }
    }

    // MARK: - Callbacks

    func convention(_ callback: Callback) -> CallbackConvention {
        probes.conventions[callback.name] ?? CallbackConvention(plain: callback.type)
    }

    private func refusal(_ callback: Callback) -> String? {
        if callback.type.isVariadic { return "functions with variable arguments can't be callbacks" }
        if !callback.type.hasPrototype, !request.language.hasPrototypes { return "it has no prototype" }
        for type in callback.type.parameters.map(\.type) + [callback.type.result] {
            switch resolved(type) {
            case .unsupported(let reason): return reason
            case .record(let key):
                guard probes.conventions[callback.name] != nil, isOpen(key) else {
                    return "a structure without a known layout can't be passed by value"
                }
            case .typedef(let name): return "its type \(name) is not known"
            default: break
            }
        }
        return nil
    }
}

extension BindingRequest.Language {
    /// In C++, `f()` says that there are no parameters.
    var hasPrototypes: Bool { self == .cPlusPlus }
}

/// The types that something uses.
struct TypeUse {
    private let header: Header
    private(set) var records: Set<String> = []
    private(set) var enumerations: Set<String> = []
    private(set) var typedefs: Set<String> = []
    private(set) var callbacks: Set<String> = []

    init(_ header: Header) { self.header = header }

    mutating func visitOwn() {
        for record in header.records.all where record.place.isOwn { visit(.record(record.key)) }
        for enumeration in header.enumerations.all where enumeration.place.isOwn {
            visit(.enumeration(enumeration.key))
        }
        for typedef in header.typedefs.all where typedef.place.isOwn { visit(.typedef(typedef.name)) }
    }

    mutating func visit(_ type: CFunctionType) {
        visit(type.result)
        for parameter in type.parameters { visit(parameter.type) }
    }

    mutating func visit(_ type: CType) {
        switch type {
        case .void, .integer, .float, .double, .unsupported: break
        case .pointer(let pointee, _): visit(pointee)
        case .array(let element, _): visit(element)
        case .function(let function): visit(function)
        case .callback(let name, _):
            guard callbacks.insert(name).inserted, let callback = header.callbacks[name] else { return }
            visit(callback.type)
        case .record(let key):
            guard records.insert(key).inserted, let record = header.records[key] else { return }
            for field in record.fields { visit(field.type) }
        case .enumeration(let key): enumerations.insert(key)
        case .typedef(let name):
            guard typedefs.insert(name).inserted, let typedef = header.typedefs[name] else { return }
            visit(typedef.type)
        }
    }
}
