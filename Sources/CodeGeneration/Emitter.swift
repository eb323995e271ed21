import WasmModule

/// What the generated code is to assume. All else is decided when it is compiled, by macros.
public struct EmitterOptions: Sendable, Hashable {
    /// Bytes beyond the 4 GiB of a memory that fault by themselves. A constant offset that reaches past them is checked.
    public var guardSize: UInt64
    /// C files per module, for parallel compilation.
    public var outputs: Int
    public var features: Features
    /// Bytes of C that may be generated beyond 64 for each byte of WebAssembly. A few bytes can stand for thousands of C (a
    /// branch that moves a thousand values), and a hostile module says nothing else.
    var sizeAllowance = 1 << 28

    /// A function with a body of so many bytes is compiled without optimization: the time that a compiler takes for one function grows with
    /// the square of its size, to hours for a hostile one.
    public static let unoptimizedSize = 256 << 10

    /// Any displacement that an instruction can carry faults by itself: 2 GiB and a page.
    public static let defaultGuardSize: UInt64 = 0x8000_1000

    public init(guardSize: UInt64 = defaultGuardSize, outputs: Int = 1, features: Features = .all) {
        self.guardSize = guardSize
        self.outputs = max(1, outputs)
        self.features = features
    }
}

/// C source, ready to be compiled beside the runtime's two headers.
public struct GeneratedCode: Sendable {
    public struct File: Sendable {
        public let name: String
        public let content: [UInt8]

        public init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// To be compiled, each by itself.
    public var sources: [File] = []
    /// Included by the sources.
    public var headers: [File] = []
    /// What a user should know about how the modules are compiled, a sentence each.
    public var notes: [String] = []
}

/// A module and what its names in C begin with.
public struct NamedModule: Sendable {
    public let module: Module
    public let prefix: String

    /// - Parameter prefix: turned into a C identifier.
    public init(_ module: Module, prefix: String) {
        self.module = module
        let identifier = cIdentifier(prefix)
        let startsWithDigit = identifier.utf8.first.map { $0 < UInt8(ascii: "A") } ?? true
        // Names that begin with `bulkhead_` are the runtime's.
        self.prefix = startsWithDigit || identifier == "bulkhead" ? "m\(identifier)" : identifier
    }
}

/// Translates modules to one artifact's C. The modules must have been validated with the same features.
///
/// - Parameters:
///   - name: what the files and the artifact are called; a C identifier, and not `bulkhead`.
///   - modules: with different prefixes. Several only share the files and the compilation; they are linked at run time.
/// - Throws: `ModuleError` if the C would be out of all proportion to the modules; or if a function body can't be decoded,
///   which validation would have found.
public func generateCode(
    for modules: [NamedModule], name: String, options: EmitterOptions = EmitterOptions()
) throws(ModuleError) -> GeneratedCode {
    var result = GeneratedCode()
    // Of the first file: what is finished, and what is being written.
    var content: [UInt8] = []
    var text = CText()
    text.write("#include \"bulkhead_prelude.h\"\n")
    let sizeLimit = modules.reduce(options.sizeAllowance) { $0 + 64 * $1.module.bytes.count }
    for named in modules {
        let context = try ModuleContext(
            named.module, prefix: named.prefix, options: options, sizeLimit: sizeLimit)
        result.notes += unoptimizedFunctions(of: named.module, imported: context.index.importedFunctionCount)
        let functions = named.module.code.indices
        let outputs = min(options.outputs, max(1, functions.count))
        let emitter = ModuleEmitter(context: context, isSplit: outputs > 1)
        if outputs == 1 {
            if context.facts.usesVectorInstructions { text.write("#include \"bulkhead_vector.h\"\n") }
            try emitter.writeDeclarations(to: &text)
            try emitter.writeDefinitions(to: &text)
            content.reserveCapacity(content.count + text.count + emitter.estimatedSize(of: functions))
            text.flush(to: &content)
            try emitter.writeFunctions(functions, to: &content)
        } else {
            let header = "\(named.prefix)-private.h"
            let include = "#include \"\(header)\"\n"
            var declarations = CText()
            declarations.write("#include \"bulkhead_prelude.h\"\n")
            if context.facts.usesVectorInstructions { declarations.write("#include \"bulkhead_vector.h\"\n") }
            try emitter.writeDeclarations(to: &declarations)
            result.headers.append(.init(name: header, content: declarations.bytes))
            text.write(text: "\n\(include)")
            try emitter.writeDefinitions(to: &text)
            for (part, range) in emitter.divide(into: outputs).enumerated() {
                var source: [UInt8] = []
                source.reserveCapacity(include.utf8.count + emitter.estimatedSize(of: range))
                source.append(contentsOf: include.utf8)
                try emitter.writeFunctions(range, to: &source)
                result.sources.append(.init(name: "\(named.prefix)_\(part + 1).c", content: source))
            }
        }
        try emitter.writeDescriptor(to: &text)
    }
    writeArtifactDescriptor(name: name, prefixes: modules.map(\.prefix), options: options, to: &text)
    text.flush(to: &content)
    result.sources.insert(.init(name: "\(name).c", content: content), at: 0)
    return result
}

private func unoptimizedFunctions(of module: Module, imported: Int) -> [String] {
    module.code.enumerated().filter { $1.body.count >= EmitterOptions.unoptimizedSize }.map { position, code in
        """
        function \(imported + position) (\(module.functionName(UInt32(imported + position)))) has \(code.body.count) bytes and is compiled without optimization, which would take very long; \
        it will be slow
        """
    }
}

private func writeArtifactDescriptor(
    name: String, prefixes: [String], options: EmitterOptions, to text: inout CText
) {
    text.write("\n// The artifact\n\n")
    // Weak: an artifact without functions has no such section.
    text.write("extern const char __start_bulkhead_code[] __attribute__((weak, visibility(\"hidden\")));\n")
    text.write("extern const char __stop_bulkhead_code[] __attribute__((weak, visibility(\"hidden\")));\n\n")
    text.write(text: "static const bulkhead_module *const \(name)_modules[] = {\n")
    for prefix in prefixes { text.write(text: "    &\(prefix)_module,\n") }
    if prefixes.isEmpty { text.write("    0,\n") }
    text.write("};\n\n")
    text.write("// A shared library is asked for one name; several artifacts in one program need several.\n")
    text.write("#ifdef BULKHEAD_LIBRARY\n")
    text.write("#define ARTIFACT __attribute__((visibility(\"default\"))) const bulkhead_artifact bulkhead_library\n")
    text.write("#else\n")
    text.write(text: "#define ARTIFACT const bulkhead_artifact \(name)_artifact\n")
    text.write("#endif\n\n")
    text.write("ARTIFACT = {\n")
    text.write("    .magic = BULKHEAD_ABI_MAGIC,\n    .version = BULKHEAD_ABI_VERSION,\n")
    text.write("    .mode = USES_SEGMENT ? BULKHEAD_MODE_SEGMENT : BULKHEAD_MODE_FLAT,\n")
    text.write("    .cpu_features = CPU_FEATURES,\n")
    text.write(text: "    .module_count = \(prefixes.count),\n    .guard = \(options.guardSize)ull,\n")
    text.write(text: "    .modules = \(name)_modules,\n")
    text.write("    .code_start = __start_bulkhead_code,\n    .code_end = __stop_bulkhead_code,\n};\n")
}
