import Bulkhead
import Testing
import WasmModule

struct HostFunctionTests {
    @Test(arguments: Configuration.all)
    func withoutParametersAndResults(configuration: Configuration) throws {
        let store = try Store()
        var calls = 0
        let host = try Function(store: store) { () -> Void in calls += 1 }
        let instance = try configuration.instantiate(
            """
            (import "host" "f" (func $f))
            (func (export "twice") (call $f) (call $f))
            (export "f" (func $f))
            """, store: store, imports: ["host": ["f": .function(host)]])
        try instance.call("twice")
        #expect(calls == 2)
        try instance.call("f")
        #expect(calls == 3)
    }

    /// What was expected and what was given is said in the text format's words.
    @Test(arguments: Configuration.one)
    func mismatchedImports(configuration: Configuration) throws {
        let store = try Store()
        let function = try Function(store: store) { (a: Int32, b: Double) -> Float in Float(b) + Float(a) }
        let table = try Table(store: store, type: TableType(element: .externref, limits: Limits(minimum: 1)))
        let global = try Global(store: store, mutability: .constant, value: .i64(1))
        let things: [String: External] = ["f": .function(function), "t": .table(table), "g": .global(global)]
        for (text, message) in [
            (
                #"(import "" "f" (func (param i64 funcref) (result i32 f32)))"#,
                "(func (param i64 funcref) (result i32 f32)), and was given (func (param i32 f64) (result f32))"
            ),
            (#"(import "" "f" (func))"#, "(func), and was given (func (param i32 f64) (result f32))"),
            (#"(import "" "f" (global i32))"#, "global, and was given function"),
            (#"(import "" "t" (table 1 funcref))"#, "a table of funcref, and was given one of externref"),
            (#"(import "" "t" (table 2 externref))"#, "table 2 or more, and was given 1 (without maximum)"),
            (#"(import "" "g" (global (mut i64)))"#, "(global (mut i64)), and was given (global i64)"),
            (#"(import "" "g" (global f32))"#, "(global f32), and was given (global i64)"),
        ] {
            #expect {
                try configuration.instantiate(text, store: store, imports: ["": things])
            } throws: { error in
                guard case BulkheadError.incompatibleImport(let found) = error else { return false }
                return found.hasSuffix("the module expects \(message)")
            }
        }
        let long = "(func (param \(Array(repeating: "externref", count: 300).joined(separator: " "))))"
        #expect {
            try configuration.instantiate(#"(import "" "f" \#(long))"#, store: store, imports: ["": things])
        } throws: { error in
            "\(error)".hasSuffix("externref..., and was given (func (param i32 f64) (result f32))")
        }
    }
}
