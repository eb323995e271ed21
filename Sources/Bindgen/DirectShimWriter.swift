/// Writes the C code that goes into the native library for direct mode: the sandbox's calling convention for each function, and
/// functions that lead to callbacks.
struct DirectShimWriter {
    let plan: Plan
    let includes: [String]
    private var text = ""

    init(_ plan: Plan, includes: [String]) {
        self.plan = plan
        self.includes = includes
    }

    /// Callbacks of a type that can be registered at one time.
    private static let trampolineCount = 64

    mutating func write() -> String {
        text = "// Goes into the native library for \(plan.library)'s direct mode; written by `bulkhead bindgen`.\n\n"
        text += ShimText.includes(includes)
        text += "#include \"bulkhead_direct.h\"\n"
        text += Self.prelude
        if !plan.annotations.wrappers.isEmpty {
            text += "\n// Of the annotations.\n" + plan.annotations.wrappers.map { "\($0)\n" }.joined()
        }
        text += "\n// Functions.\n"
        var entries: [String] = []
        for function in plan.functions where plan.isNative(function) {
            text += "\nstatic void thunk_\(function.export)(uint64_t *slots) {\n\(body(function))}\n"
            entries.append("{\"\(function.export)\", \"\(function.signature)\", thunk_\(function.export)}")
        }
        if !plan.functions.contains(where: { $0.export == "malloc" }) {
            text += Self.allocator
            entries.append("{\"malloc\", \"i>i\", thunk_malloc_}")
        }
        if !plan.functions.contains(where: { $0.export == "free" }) {
            text += Self.deallocator
            entries.append("{\"free\", \"i>\", thunk_free_}")
        }
        text += "\nstatic const bulkhead_direct_function functions_[] = {\n"
        text += entries.map { "    \($0),\n" }.joined() + "};\n"
        if !callbacks.isEmpty { text += "\n// Callbacks.\n" }
        for callback in callbacks { writeTrampolines(callback) }
        writeTable()
        text += "\n#ifdef __cplusplus\n}\n#endif\n"
        return text
    }

    private var callbacks: [Callback] { plan.callbacks.filter(plan.isNative) }

    // MARK: - Functions

    private func body(_ function: BoundFunction) -> String {
        if function.kind == .variable {
            return "    slots[0] = (uint64_t)(uintptr_t)&\(function.name);\n"
        }
        let shift = function.resultRecordSpelling == nil ? 0 : 1
        let arguments = function.parameters.enumerated().map { position, parameter in
            let slot = "slots[\(position + shift)]"
            if let record = parameter.recordSpelling { return "*(const \(record) *)(uintptr_t)\(slot)" }
            return argument(slot, parameter.type, parameter.spelling)
        }
        let call = "\(function.name)(\(arguments.joined(separator: ", ")))"
        if let record = function.resultRecordSpelling {
            return "    \(record) *result_ = (\(record) *)(uintptr_t)slots[0];\n    *result_ = \(call);\n"
        }
        if function.result.isVoid { return "    (void)slots;\n    \(call);\n" }
        return "    slots[0] = \(Self.slot(call, function.result));\n"
    }

    /// What a slot holds, as the C type.
    private func argument(_ slot: String, _ type: SwiftType, _ spelling: String) -> String {
        switch type.native {
        case .float: "bulkhead_float(\(slot))"
        case .double: "bulkhead_double(\(slot))"
        default: "(\(Self.castable(spelling)))\(Self.integer(slot, type.native))"
        }
    }

    private static func integer(_ slot: String, _ native: SwiftType.NativeSlot) -> String {
        switch native {
        case .signed32: "(int32_t)\(slot)"
        case .unsigned32: "(uint32_t)\(slot)"
        case .bits64: slot
        default: "(uintptr_t)\(slot)"
        }
    }

    /// A type that clang names by its place has no name to cast to; its pointers pass as any.
    private static func castable(_ spelling: String) -> String {
        spelling.contains("(unnamed") || spelling.contains("(anonymous") ? "void *" : spelling
    }

    private static func slot(_ value: String, _ type: SwiftType) -> String {
        switch type.native {
        case .float: "bulkhead_from_float(\(value))"
        case .double: "bulkhead_from_double(\(value))"
        case .signed32, .unsigned32: "(uint32_t)\(value)"
        case .bits64: "(uint64_t)\(value)"
        case .pointer: "(uint64_t)(uintptr_t)\(value)"
        }
    }

    // MARK: - Callbacks

    private mutating func writeTrampolines(_ callback: Callback) {
        let name = callback.name
        let convention = plan.convention(callback)
        var declarations: [String] = []
        var values: [String] = []
        var lines: [String] = []
        if convention.result == .indirect { values.append("(uint64_t)(uintptr_t)&result") }
        for (position, parameter) in callback.type.parameters.enumerated() {
            let type = plan.swiftType(parameter.type)
            let value = "a\(position)"
            // One pointer is passed as another is.
            declarations.append(type.isPointer ? "void *\(value)" : ShimText.declare(value, parameter.spelling))
            switch convention.parameters[position] {
            case .plain: values.append(Self.slot(value, type))
            case .indirect: values.append("(uint64_t)(uintptr_t)&\(value)")
            case .scalar:
                lines.append("uint64_t slot\(position) = 0;")
                lines.append("__builtin_memcpy(&slot\(position), &\(value), sizeof \(value));")
                values.append("slot\(position)")
            }
        }
        let result = plan.swiftType(callback.type.result)
        let spelling = result.isVoid ? "void" : result.isPointer ? "void *" : callback.type.resultSpelling
        if convention.result != .plain {
            lines += ["\(spelling) result;", "__builtin_memset(&result, 0, sizeof result);"]
        }
        lines.append("uint64_t slots[] = {\(values.isEmpty ? "0" : values.joined(separator: ", "))};")
        lines.append("bulkhead_handler(owners_\(name)[n], slots);")
        switch convention.result {
        case .plain: if !result.isVoid { lines.append("return \(argument("slots[0]", result, spelling));") }
        case .indirect: lines.append("return result;")
        case .scalar: lines += ["__builtin_memcpy(&result, slots, sizeof result);", "return result;"]
        }
        let list = declarations.isEmpty ? "void" : declarations.joined(separator: ", ")
        text += "\nstatic void *owners_\(name)[\(Self.trampolineCount)];\n"
        text += "#define TRAMPOLINE_\(name)(n) \\\n    static \(spelling) trampoline_\(name)_##n(\(list)) { \\\n"
        text += lines.map { "        \($0) \\\n" }.joined() + "    }\n"
        text += "BULKHEAD_64(TRAMPOLINE_\(name))\n"
        text += "#define ENTRY_\(name)(n) (void (*)(void))trampoline_\(name)_##n,\n"
        text += "static void (*const trampolines_\(name)[])(void) = {BULKHEAD_64(ENTRY_\(name))};\n"
    }

    private mutating func writeTable() {
        if !callbacks.isEmpty {
            text += "\nstatic const bulkhead_direct_callback_type callback_types_[] = {\n"
            for callback in callbacks {
                let name = callback.name
                text += "    {\"\(name)\", \(Self.trampolineCount), trampolines_\(name), owners_\(name)},\n"
            }
            text += "};\n"
        }
        let table = callbacks.isEmpty ? "0" : "callback_types_"
        text += """

            extern const bulkhead_direct_library bulkhead_direct;
            __attribute__((visibility("default"))) const bulkhead_direct_library bulkhead_direct = {
                BULKHEAD_DIRECT_MAGIC, sizeof functions_ / sizeof *functions_, \(callbacks.count),
                functions_, \(table), &bulkhead_handler,
            };

            """
    }

    // MARK: - What is always there

    private static let prelude = """

        #ifdef __cplusplus
        extern "C" {
        #endif

        static void (*bulkhead_handler)(void *owner, uint64_t *slots);

        // A float is the low half of its slot.
        static inline float bulkhead_float(uint64_t slot) {
            union { uint32_t bits; float value; } u;
            u.bits = (uint32_t)slot;
            return u.value;
        }
        static inline double bulkhead_double(uint64_t slot) {
            union { uint64_t bits; double value; } u;
            u.bits = slot;
            return u.value;
        }
        static inline uint64_t bulkhead_from_float(float value) {
            union { uint32_t bits; float value; } u;
            u.value = value;
            return u.bits;
        }
        static inline uint64_t bulkhead_from_double(double value) {
            union { uint64_t bits; double value; } u;
            u.value = value;
            return u.bits;
        }

        #define BULKHEAD_8(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7)
        #define BULKHEAD_64(X) \\
            BULKHEAD_8(X, 00) BULKHEAD_8(X, 01) BULKHEAD_8(X, 02) BULKHEAD_8(X, 03) \\
            BULKHEAD_8(X, 04) BULKHEAD_8(X, 05) BULKHEAD_8(X, 06) BULKHEAD_8(X, 07)

        """

    private static let allocator = """

        extern void *malloc(__SIZE_TYPE__);
        static void thunk_malloc_(uint64_t *slots) {
            slots[0] = (uint64_t)(uintptr_t)malloc((__SIZE_TYPE__)slots[0]);
        }

        """

    private static let deallocator = """

        extern void free(void *);
        static void thunk_free_(uint64_t *slots) { free((void *)(uintptr_t)slots[0]); }

        """
}
