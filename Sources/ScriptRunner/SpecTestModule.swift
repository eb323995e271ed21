import Bulkhead
import WasmModule

/// The module `spectest` that the specification's scripts import from.
/// Spec: the reference interpreter's `README.md`, "Spectest host module".
enum SpecTestModule {
    static func imports(store: Store) throws -> Imports {
        var imports = Imports()
        func define(_ name: String, _ external: External) {
            imports.define(external, module: "spectest", name: name)
        }
        define("global_i32", .global(try Global(store: store, value: .i32(666))))
        define("global_i64", .global(try Global(store: store, value: .i64(666))))
        define("global_f32", .global(try Global(store: store, value: .float32(666.6))))
        define("global_f64", .global(try Global(store: store, value: .float64(666.6))))
        define(
            "table",
            .table(
                try Table(
                    store: store,
                    type: TableType(element: .funcref, limits: Limits(minimum: 10, maximum: 20)))))
        define("memory", .memory(try Memory(store: store, type: MemoryType(limits: Limits(minimum: 1, maximum: 2)))))
        // They print nothing: a script's output is its verdicts.
        for (name, parameters) in [
            ("print", []), ("print_i32", [.i32]), ("print_i64", [.i64]), ("print_f32", [.f32]), ("print_f64", [.f64]),
            ("print_i32_f32", [.i32, .f32]), ("print_f64_f64", [.f64, .f64]),
        ] as [(String, [ValueType])] {
            define(name, .function(try Function(store: store, parameters: parameters) { _, _ in [] }))
        }
        return imports
    }
}
