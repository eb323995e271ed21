import WasmModule

/// A header through which a C or C++ program uses a module that is linked into it: a structure for its instances, typed
/// functions, and an enumeration of its imports. It includes the runtime's `bulkhead.h`.
///
/// - Parameters:
///   - module: validated.
///   - name: of the file, without `.h`.
///   - prefix: what the module's code was generated with; from `publicIdentifier`.
public func typedHeader(for module: Module, name: String, prefix: String) -> GeneratedCode.File {
    var emitter = HeaderEmitter(module: module, prefix: prefix)
    emitter.emit()
    return GeneratedCode.File(name: "\(name).h", content: emitter.text.bytes)
}

/// A name for a module's things in C and C++ that is like `name`, an identifier, and nothing else already.
public func publicIdentifier(_ name: String) -> String {
    var identifier = cIdentifier(name)
    if identifier.utf8.first.map({ $0 == UInt8(ascii: "_") || $0 <= UInt8(ascii: "9") }) ?? true {
        identifier = "m\(identifier)"
    }
    if reservedNames.contains(identifier) { identifier += "_" }
    return identifier
}

/// Keywords of C and C++ in lower case, and what else a type or a variable of a program can't be called: names that compilers define as macros on
/// their own or that the included headers use.
private let reservedNames: Set<String> = Set(
    """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl
    concept const const_cast consteval constexpr constinit continue co_await co_return co_yield decltype default delete
    do double dynamic_cast else enum errno explicit export extern false final float for friend goto i386 if import inline
    int int8_t int16_t int32_t int64_t linux long main module mutable namespace new noexcept not not_eq nullptr operator
    or or_eq override private protected public register reinterpret_cast requires restrict return short signed size_t
    sizeof static static_assert static_cast std struct switch template this thread_local throw true try typedef typeid
    typename typeof typeof_unqual uint8_t uint16_t uint32_t uint64_t uintptr_t intptr_t union unix unsigned using virtual
    void volatile wchar_t while xor xor_eq memchr memcmp memcpy memmove memset strcat strchr strcmp strcpy strlen
    """.split(whereSeparator: \.isWhitespace).map(String.init))

private struct HeaderEmitter: ~Copyable {
    let module: Module
    let prefix: String
    let capitals: String
    var text = CText()

    init(module: Module, prefix: String) {
        self.module = module
        self.prefix = prefix
        capitals = prefix.uppercased()
    }

    /// An exported function that C can call.
    private struct Method {
        let export: Module.Export
        /// In the module's list of exports.
        let position: Int
        let type: FunctionType
        /// Without the prefix.
        let identifier: String
    }

    mutating func emit() {
        let methods = methods()
        let fields = fields()
        line("// \(quoted(module.names.module ?? prefix)) for C and C++ programs. Written by `bulkhead compile`.")
        line("//")
        line(
            "// Compile it with the runtime (Sources/CBulkhead of the package) and what was compiled with this header.")
        line("")
        line("#ifndef \(capitals)_H")
        line("#define \(capitals)_H")
        line("")
        line("#include <string.h>")
        line("")
        line("#include \"bulkhead.h\"")
        line("")
        line("#ifdef __cplusplus")
        line("extern \"C\" {")
        line("#endif")
        line("")
        line("extern const bulkhead_artifact \(prefix)_artifact;")
        line("extern const bulkhead_module \(prefix)_module;")
        writeImports()
        writeStructure(methods, fields)
        writeInstantiate(methods, fields)
        for method in methods { write(method) }
        line("")
        line("#ifdef __cplusplus")
        line("}")
        line("#endif")
        line("")
        line("#endif")
    }

    private mutating func line(_ content: String) {
        text.write(text: content)
        text.write("\n")
    }

    // MARK: - Imports

    private mutating func writeImports() {
        var names = UniqueNames()
        let functionTypes = module.types
        let identifiers = module.imports.map {
            names.take("\(cIdentifier($0.module))_\(cIdentifier($0.name))".uppercased())
        }
        line("")
        line("/// What \(prefix)_instantiate is given for the module's imports: their places in the array.")
        line("enum {")
        for (position, (entry, identifier)) in zip(module.imports, identifiers).enumerated() {
            line("    /// \(quoted(entry.module)) \(quoted(entry.name)): \(describe(entry.type, functionTypes))")
            line("    \(capitals)_IMPORT_\(identifier) = \(position),")
        }
        line("    \(capitals)_IMPORT_COUNT = \(module.imports.count)")
        line("};")
        let functions = zip(module.imports, identifiers).compactMap { entry, identifier in
            if case .function(let type) = entry.type { (identifier, functionTypes[Int(type)]) } else { nil }
        }
        if functions.isEmpty { return }
        line("")
        line("// Their types, as bulkhead_host_function takes them.")
        for (identifier, type) in functions {
            line("#define \(capitals)_SIGNATURE_\(identifier) \"\(type.signature)\"")
        }
    }

    private func describe(_ type: Module.ImportType, _ functionTypes: [FunctionType]) -> String {
        switch type {
        case .function(let index): "\(ExternalType.function(functionTypes[Int(index)]))"
        case .table(let type): "\(ExternalType.table(type))"
        case .memory(let type): "\(ExternalType.memory(type))"
        case .global(let type): "\(ExternalType.global(type))"
        }
    }

    // MARK: - The instance

    private func methods() -> [Method] {
        // What the header itself defines with the prefix.
        var names = UniqueNames(taken: ["artifact", "instantiate", "module"])
        let functions = module.functionIndexSpace
        return module.exports.enumerated().compactMap { position, export in
            guard export.kind == .function else { return nil }
            let type = module.types[Int(functions[Int(export.index)])]
            return Method(
                export: export, position: position, type: type, identifier: names.take(cIdentifier(export.name)))
        }
    }

    /// Exported tables and globals, by their place among the exports; `declaration` is the C field.
    private func fields() -> [(position: Int, declaration: String, assignment: String)] {
        var names = UniqueNames()
        return module.exports.enumerated().compactMap { position, export in
            let kind: String
            switch export.kind {
            case .table: kind = "table"
            case .global: kind = "global"
            case .function, .memory: return nil
            }
            let field = names.take("\(kind)_\(cIdentifier(export.name))")
            return (
                position, "/// The \(kind) \(quoted(export.name)).\n    bulkhead_\(kind) *\(field);",
                "self->\(field) = bulkhead_instance_export(self->instance, \(position)).\(kind);"
            )
        }
    }

    private mutating func writeStructure(
        _ methods: [Method], _ fields: [(position: Int, declaration: String, assignment: String)]
    ) {
        line("")
        line("/// An instance, as long as its store.")
        line("typedef struct \(prefix) {")
        line("    bulkhead_instance *instance;")
        line("    /// The linear memory; null if the module has none.")
        line("    bulkhead_memory *memory;")
        for method in methods {
            line("    /// \(quoted(method.export.name)): \(method.type)")
            line("    const bulkhead_function *function_\(method.identifier);")
        }
        for field in fields { line("    \(field.declaration)") }
        line("} \(prefix);")
    }

    private mutating func writeInstantiate(
        _ methods: [Method], _ fields: [(position: Int, declaration: String, assignment: String)]
    ) {
        line("")
        line(
            "/// Makes an instance that belongs to `store` and fills `self`. `imports` has \(capitals)_IMPORT_COUNT entries. On"
        )
        line("/// failure `error` says why, and `trap` too if its kind is BULKHEAD_ERROR_TRAP.")
        line("static inline bool \(prefix)_instantiate(")
        line("    bulkhead_store *store, const bulkhead_external *imports, \(prefix) *self, bulkhead_trap *trap,")
        line("    bulkhead_error *error) {")
        line(
            "    // The fault handler must know the code first. Two threads at once may both tell it, which does no harm."
        )
        line("    static bool is_known;")
        line("    if (!__atomic_load_n(&is_known, __ATOMIC_ACQUIRE)) {")
        line("        if (!bulkhead_artifact_add(&\(prefix)_artifact, error)) return false;")
        line("        __atomic_store_n(&is_known, true, __ATOMIC_RELEASE);")
        line("    }")
        line("    self->instance = bulkhead_instantiate(")
        line("        store, &\(prefix)_artifact, &\(prefix)_module, imports, \(capitals)_IMPORT_COUNT, trap, error);")
        line("    if (!self->instance) return false;")
        line("    self->memory = bulkhead_instance_memory(self->instance);")
        for method in methods {
            line(
                "    self->function_\(method.identifier) = bulkhead_instance_export(self->instance, \(method.position)).function;"
            )
        }
        for field in fields { line("    \(field.assignment)") }
        line("    return true;")
        line("}")
    }

    // MARK: - Functions

    private mutating func write(_ method: Method) {
        let type = method.type
        let results = type.results.indices.map { type.results.count == 1 ? "result" : "result\($0)" }
        let parameters =
            zip(type.parameters.indices, type.parameters).map { "\($1.publicType)p\($0)" }
            + zip(results, type.results).map { "\($1.publicType)*\($0)" }
        line("")
        line("/// \(quoted(method.export.name)): \(type)")
        if let names = parameterNames(method) { line("/// \(names)") }
        let list = (["const \(prefix) *self"] + parameters + ["bulkhead_trap *trap"]).joined(separator: ", ")
        line("static inline bulkhead_trap_kind \(prefix)_\(method.identifier)(\(list)) {")
        line("    uint64_t values[\(max(1, type.slotCount))] = {0};")
        for (position, parameter) in type.parameters.slots.enumerated() {
            switch parameter.type {
            case .i32, .i64: line("    values[\(parameter.slot)] = p\(position);")
            // Bit by bit; these machines are little-endian, so that the bytes go where the slot's low half is.
            case .f32, .f64, .v128, .funcref, .externref:
                line("    memcpy(&values[\(parameter.slot)], &p\(position), sizeof p\(position));")
            }
        }
        let call = "bulkhead_call(self->function_\(method.identifier), values, trap)"
        if type.results.isEmpty {
            line("    return \(call);")
        } else {
            line("    bulkhead_trap_kind kind = \(call);")
            line("    if (kind != BULKHEAD_TRAP_NONE) return kind;")
            for (result, place) in zip(results, type.results.slots) {
                line("    memcpy(\(result), &values[\(place.slot)], sizeof *\(result));")
            }
            line("    return BULKHEAD_TRAP_NONE;")
        }
        line("}")
    }

    /// What the module calls the parameters, for the reader.
    private func parameterNames(_ method: Method) -> String? {
        guard let names = module.names.locals[method.export.index] else { return nil }
        let known = method.type.parameters.indices.compactMap { position in
            names[UInt32(position)].map { "p\(position) is \(quoted($0))" }
        }
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    /// In quotes, fit for a comment: a module's names hold any characters.
    private func quoted(_ name: String) -> String {
        let characters = name.unicodeScalars.prefix(80).map { scalar in
            (0x20..<0x7F).contains(scalar.value) && scalar != "\\" && scalar != "?" ? Character(scalar) : "_"
        }
        return "\"\(String(characters))\""
    }
}

/// Hands out identifiers, each once.
private struct UniqueNames {
    private var taken: Set<String>
    /// The number that was last added to a name which came again.
    private var counts: [String: Int] = [:]

    init(taken: Set<String> = []) {
        self.taken = taken
    }

    mutating func take(_ name: String) -> String {
        if taken.insert(name).inserted { return name }
        var count = counts[name] ?? 1
        var candidate: String
        repeat {
            count += 1
            candidate = "\(name)_\(count)"
        } while !taken.insert(candidate).inserted
        counts[name] = count
        return candidate
    }
}

extension ValueType {
    /// With what separates it from a name.
    fileprivate var publicType: String {
        switch self {
        case .i32: "uint32_t "
        case .i64: "uint64_t "
        case .f32: "float "
        case .f64: "double "
        case .funcref: "const bulkhead_function *"
        case .v128: "bulkhead_v128 "
        case .externref: "void *"
        }
    }
}
