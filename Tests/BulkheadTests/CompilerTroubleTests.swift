import Bulkhead
import Testing
import Toolchain

/// Code that a C compiler once refused or failed on.
struct CompilerTroubleTests {
    /// gcc 12 crashes on this without `-fno-tree-cselim`.
    @Test(arguments: Configuration.all)
    func conditionalStoreOfAConstantToAGlobal(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (global $g (export "g") (mut i32) (i32.const 0))
            (func (export "f") (param i32)
              (global.set $g (i32.const 5))
              (if (local.get 0) (then (global.set $g (i32.const 0)))))
            """)
        try instance.call("f", .i32(0))
        #expect(instance.exports[global: "g"]?.value == .i32(5))
        try instance.call("f", .i32(1))
        #expect(instance.exports[global: "g"]?.value == .i32(0))
    }

    /// The variable of an `f32` at stack position 32 must not be called like the type `f32`.
    @Test(arguments: Configuration.all)
    func deepOperandStacks(configuration: Configuration) throws {
        for (type, result) in [("i32", "i32"), ("i64", "i64"), ("f32", "f32"), ("f64", "f64")] {
            let depth = 70
            let calls = String(repeating: "(call $one)", count: depth)
            let adds = String(repeating: "\(type).add ", count: depth - 1)
            let instance = try configuration.instantiate(
                """
                (type $t (func (param \(type)) (result \(result))))
                (table funcref (elem $same))
                (func $one (result \(type)) (call_indirect (type $t) (\(type).const 1) (i32.const 0)))
                (func $same (type $t) (local.get 0))
                (func (export "f") (result \(type)) \(calls)
                  (call_indirect (type $t) (i32.const 0)) \(adds))
                """)
            let expected: Value =
                switch type {
                case "i32": .i32(70)
                case "i64": .i64(70)
                case "f32": .float32(70)
                default: .float64(70)
                }
            #expect(try instance.call("f") == [expected])
        }
    }

    /// A compiler that takes its time is stopped, and the module can be compiled later.
    @Test(
        .disabled(if: usesKeptArtifacts, "needs a compiler: what it compiles must not have been compiled before"),
        arguments: Configuration.one)
    func timeLimit(configuration: Configuration) throws {
        let bytes = try assemble("(func (export \"late\") (result i32) (i32.const 77))")
        let hasty = configuration.engine { $0.compilationTimeLimit = .milliseconds(1) }
        #expect {
            try hasty.compile(bytes)
        } throws: { error in
            if case ToolchainError.timeLimitExceeded = error { true } else { false }
        }
        let patient = configuration.engine { $0.compilationTimeLimit = .seconds(600) }
        let instance = try patient.compile(bytes).instantiate(store: Store())
        #expect(try instance.call("late") == [.i32(77)])
    }
}
