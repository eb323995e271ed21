import Bulkhead
import Testing
import WasmModule

/// Every kind of trap: what it says, where it was, and that the store goes on working.
struct TrapTests {
    /// An export each, named like the kind.
    private static let text = """
        (type $empty (func))
        (type $other (func (param i32)))
        (memory 1)
        (table $changing (export "table") 4 funcref)
        (table $fixed 4 funcref)
        (table $extern 2 externref)
        (elem (table $changing) (i32.const 0) func $nothing)
        (elem (table $fixed) (i32.const 0) func $nothing)
        (data $data "abc")
        (func $nothing)
        (func (export "unreachable") (unreachable))
        (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 7) (local.get 0)))
        (func (export "divideUnsigned") (param i32) (result i32) (i32.div_u (i32.const 7) (local.get 0)))
        (func (export "remainder") (param i64) (result i64) (i64.rem_s (i64.const 7) (local.get 0)))
        (func (export "overflow") (param i32) (result i32) (i32.div_s (i32.const 0x80000000) (local.get 0)))
        (func (export "truncate") (param f32) (result i32) (i32.trunc_f32_s (local.get 0)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store") (param i32) (i64.store (local.get 0) (i64.const -1)))
        (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 0) (i32.const 2)))
        (func (export "init") (param i32) (memory.init $data (i32.const 0) (local.get 0) (i32.const 2)))
        (func (export "tableGet") (param i32) (result externref) (table.get $extern (local.get 0)))
        (func (export "tableSet") (param i32) (table.set $extern (local.get 0) (ref.null extern)))
        (func (export "call") (param i32) (call_indirect $changing (type $empty) (local.get 0)))
        (func (export "callOther") (param i32)
          (call_indirect $changing (type $other) (i32.const 0) (local.get 0)))
        (func (export "callFixed") (param i32) (call_indirect $fixed (type $empty) (local.get 0)))
        (func (export "callFixedOther") (param i32)
          (call_indirect $fixed (type $other) (i32.const 0) (local.get 0)))
        (func $endless (export "endless") (call $endless))
        """

    private static var cases: [(name: String, arguments: [Value], kind: Trap.Kind, offset: UInt64?)] {
        [
            ("unreachable", [], .unreachable, nil),
            ("divide", [.i32(0)], .integerDivideByZero, nil),
            ("divideUnsigned", [.i32(0)], .integerDivideByZero, nil),
            ("remainder", [.i64(0)], .integerDivideByZero, nil),
            ("overflow", [.i32(.max)], .integerOverflow, nil),
            ("truncate", [.float32(3e9)], .integerOverflow, nil),
            ("truncate", [.float32(.nan)], .invalidConversionToInteger, nil),
            ("load", [.i32(65536)], .memoryOutOfBounds, 65536),
            ("load", [.i32(.max)], .memoryOutOfBounds, 0xFFFF_FFFF),
            ("store", [.i32(0x8000_0000)], .memoryOutOfBounds, 0x8000_0000),
            ("fill", [.i32(65535)], .memoryOutOfBounds, nil),
            ("init", [.i32(2)], .memoryOutOfBounds, nil),
            ("tableGet", [.i32(2)], .tableOutOfBounds, nil),
            ("tableSet", [.i32(.max)], .tableOutOfBounds, nil),
            ("call", [.i32(4)], .undefinedElement, nil),
            ("call", [.i32(1)], .uninitializedElement, nil),
            ("callOther", [.i32(0)], .indirectCallTypeMismatch, nil),
            ("callFixed", [.i32(4)], .undefinedElement, nil),
            ("callFixed", [.i32(1)], .uninitializedElement, nil),
            ("callFixedOther", [.i32(0)], .indirectCallTypeMismatch, nil),
            ("endless", [], .callStackExhausted, nil),
        ]
    }

    @Test(arguments: Configuration.all)
    func kinds(configuration: Configuration) throws {
        let instance = try configuration.instantiate(Self.text)
        // Twice: each leaves everything as it was.
        for _ in 0..<2 {
            for (name, arguments, kind, offset) in Self.cases {
                let found = trap(kind) { _ = try instance.call(name, valuesOf: arguments) }
                #expect(found?.memoryOffset == offset, "\(name)")
                #expect(found?.backtrace.isEmpty == false, "\(name)")
                #expect(found?.description.hasPrefix("wasm trap: \(kind)") == true)
            }
        }
        // No code traps by being interrupted: that comes from a limit of the host's (TimeLimitTests).
        #expect(Set(Self.cases.map(\.kind)) == Set(Trap.Kind.allCases).subtracting([.interrupted]))
        #expect(try instance.call("divide", .i32(7)) == [.i32(1)])
        #expect(try instance.call("load", .i32(65532)) == [.i32(0)])
        try instance.call("call", .i32(0))
    }

    /// Not optimized, so that nothing is inlined: the back-trace is the call stack, by the names that the module gives.
    @Test(arguments: Configuration.all)
    func backtraces(configuration: Configuration) throws {
        let engine = configuration.engine { $0.optimization = .none }
        let store = try Store()
        let bytes = try assemble(
            """
            (import "host" "call me" (func $host (param i32)))
            (memory 1)
            (func $innermost (param i32) (result i32) (i32.load (local.get 0)))
            (func $middle (export "ignored") (param i32)
              (call $host (local.get 0)) (drop (call $innermost (local.get 0))))
            (func (export "named by \\"export\\"") (param i32) (call $middle (local.get 0)))
            (func $recursive (export "recursive") (param i32)
              (if (i32.eqz (local.get 0)) (then (unreachable)))
              (call $recursive (i32.sub (local.get 0) (i32.const 1))))
            (func (param i32) (unreachable))
            (table 1 funcref) (elem (i32.const 0) 5)
            (func (export "nameless") (call_indirect (param i32) (i32.const 0) (i32.const 0)))
            """)
        let host = try Function(store: store) { (address: UInt32) throws -> Void in
            if address == 1 { throw Trap(.unreachable) }
        }
        let instance = try engine.compile(bytes).instantiate(
            store: store, imports: ["host": ["call me": .function(host)]])
        func names(_ name: String, _ arguments: Value...) -> [String?] {
            trap { _ = try instance.call(name, valuesOf: arguments) }?.backtrace.map(\.name) ?? []
        }
        #expect(names("named by \"export\"", .i32(.max)) == ["innermost", "middle", "named by \"export\""])
        #expect(names("recursive", .i32(3)) == Array(repeating: "recursive", count: 4))
        #expect(names("recursive", .i32(1000)) == Array(repeating: "recursive", count: 64))
        #expect(names("nameless") == ["function[5]", "nameless"])
        // A trap of the host's comes out as it went in.
        #expect(names("ignored", .i32(1)) == [])
    }

    /// A host function can say who called it, through every instance and host function on the way.
    @Test(arguments: Configuration.all)
    func callersOfHostFunctions(configuration: Configuration) throws {
        let engine = configuration.engine { $0.optimization = .none }
        let store = try Store()
        let type = FunctionType(parameters: [], results: [])
        var found: [[String?]] = []
        let host = try Function(store: store, type: type) { caller, _ in found.append(caller.backtrace().map(\.name)) }
        let inner = try engine.compile(
            assemble(#"(import "" "host" (func $host)) (func $inner (export "inner") (call $host))"#)
        ).instantiate(store: store, imports: ["": ["host": .function(host)]])
        let function = try #require(inner.exports[function: "inner"])
        let relay = try Function(store: store) { () throws -> Void in try function() }
        let outer = try engine.compile(
            assemble(#"(import "" "relay" (func $relay)) (func $outer (export "outer") (call $relay))"#)
        ).instantiate(store: store, imports: ["": ["relay": .function(relay)]])
        try outer.call("outer")
        try inner.call("inner")
        try host()
        // Without optimization, the piece of code that calls an import is a function too, with the import's name.
        #expect(found == [["host", "inner", "relay", "outer"], ["host", "inner"], []])
    }

    /// The innermost entry ends, and no other.
    @Test(arguments: Configuration.all)
    func trapsEndOneEntry(configuration: Configuration) throws {
        let store = try Store()
        var traps = 0
        var instance: Instance?
        let host = try Function(store: store) { (depth: UInt32) throws -> UInt32 in
            guard depth > 0 else { return 1 }
            let inner = instance?.exports[function: "f"]
            do {
                let function = try #require(inner)
                let result = try function([.i32(depth - 1)])
                Issue.record("no trap: \(result)")
                return 0
            } catch let trap as Trap {
                #expect(trap.kind == .unreachable)
                traps += 1
                return UInt32(traps)
            }
        }
        instance = try configuration.instantiate(
            """
            (import "host" "f" (func $host (param i32) (result i32)))
            (memory 1)
            (func (export "f") (param i32) (result i32)
              (i32.store (i32.const 0) (i32.add (call $host (local.get 0)) (i32.load (i32.const 0))))
              (if (i32.lt_u (local.get 0) (i32.const 20)) (then (unreachable)))
              (i32.load (i32.const 0)))
            """, store: store, imports: ["host": ["f": .function(host)]])
        // 1 at the bottom, then 1, 2, ... 20 on the way up. The entry of depth 20 returns.
        #expect(try instance?.call("f", .i32(20)) == [.i32(1 + 20 * 21 / 2)])
        #expect(traps == 20)
        instance = nil
    }

    @Test(arguments: Configuration.all)
    func trapsAcrossInstances(configuration: Configuration) throws {
        let store = try Store()
        let inner = try configuration.instantiate(
            """
            (memory 1)
            (func (export "f") (param i32) (result i32)
              (i32.store (i32.const 0) (i32.const 11)) (i32.load (local.get 0)))
            """, store: store)
        var imports = Imports()
        imports.define(inner, module: "inner")
        let outer = try configuration.instantiate(
            """
            (import "inner" "f" (func $f (param i32) (result i32)))
            (memory 1)
            (func (export "g") (param i32) (result i32)
              (i32.store (i32.const 0) (i32.const 22))
              (i32.add (call $f (local.get 0)) (i32.load (i32.const 0))))
            """, store: store, imports: imports)
        for _ in 0..<3 {
            #expect(try outer.call("g", .i32(0)) == [.i32(33)])
            let found = trap(.memoryOutOfBounds) { try outer.call("g", .i32(0x10_0000)) }
            #expect(found?.memoryOffset == 0x10_0000)
            // The other instance's memory is in the segment now; the next call must not use it.
            #expect(try outer.memory?.load(UInt32.self, at: 0) == 22)
            #expect(try inner.memory?.load(UInt32.self, at: 0) == 11)
        }
    }

    @Test(arguments: Configuration.all)
    func trapsWhileInstantiating(configuration: Configuration) throws {
        let store = try Store()
        let table = try Table(store: store, type: TableType(element: .funcref, limits: Limits(minimum: 2)))
        let memory = try Memory(store: store, type: MemoryType(limits: Limits(minimum: 1)))
        let imports: Imports = ["env": ["table": .table(table), "memory": .memory(memory)]]
        let definitions = """
            (import "env" "table" (table 2 funcref)) (import "env" "memory" (memory 1))
            (func $f (result i32) (i32.const 42)) (elem (i32.const 0) $f) (data (i32.const 0) "hello")
            """
        _ = trap(.unreachable) {
            _ = try configuration.instantiate(
                "\(definitions) (func $start unreachable) (start $start)", store: store, imports: imports)
        }
        _ = trap(.tableOutOfBounds) {
            _ = try configuration.instantiate(
                "\(definitions) (elem (i32.const 2) $f)", store: store, imports: imports)
        }
        _ = trap(.memoryOutOfBounds) {
            _ = try configuration.instantiate(
                "\(definitions) (data (i32.const 65536) \"x\")", store: store, imports: imports)
        }
        // What was written stays, and what was put in the table can be called. Spec: 4.5.4.
        #expect(try memory.read(at: 0, count: 5) == Array("hello".utf8))
        guard case .function(let function?) = try table.get(0) else {
            Issue.record("nothing in the table")
            return
        }
        #expect(try function() == [.i32(42)])
    }
}
