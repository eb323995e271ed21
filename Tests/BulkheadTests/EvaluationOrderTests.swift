import Bulkhead
import Testing

/// Expressions are written where they are used; these are the cases where something they read changes first.
struct EvaluationOrderTests {
    @Test(arguments: Configuration.all)
    func resultOfACallInsideAPendingExpression(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (func $one (result i32) (i32.const 1))
            (func $ten (result i32) (i32.const 10))
            (func (export "add") (param i32) (result i32)
              (i32.add (i32.add (local.get 0) (call $one)) (call $ten)))
            """)
        #expect(try instance.call("add", .i32(100)) == [.i32(111)])
    }
}
