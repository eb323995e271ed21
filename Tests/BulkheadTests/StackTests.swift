import Bulkhead
import Glibc
import Testing
import WasmModule

/// Recursion of every kind ends in a trap, however small the thread's own stack is.
@Suite(.serialized) struct StackTests {
    private static let text = """
        (import "host" "again" (func $again (param i32) (result i32)))
        (import "host" "nothing" (func $nothing))
        (memory 2 10)
        (table $table (export "table") 4 funcref)
        (elem (table $table) (i32.const 0) func $indirect)
        (type $recursive (func (param i32) (result i32)))
        (global $depth (export "depth") (mut i32) (i32.const 0))
        (func $count (global.set $depth (i32.add (global.get $depth) (i32.const 1))))
        (func $direct (export "direct") (type $recursive)
          (call $count) (i32.add (call $direct (local.get 0)) (i32.const 1)))
        (func $a (export "mutual") (type $recursive) (call $count) (i32.add (call $b (local.get 0)) (i32.const 1)))
        (func $b (type $recursive) (call $count) (i32.add (call $a (local.get 0)) (i32.const 2)))
        (func $indirect (export "indirect") (type $recursive)
          (call $count) (i32.add (call_indirect $table (type $recursive) (local.get 0) (i32.const 0)) (i32.const 1)))
        (func $grow (export "grow") (type $recursive)
          (call $count) (drop (memory.grow (i32.const 0)))
          (i32.add (call $grow (local.get 0)) (i32.const 1)))
        (func $host (export "host") (type $recursive)
          (call $count) (call $nothing) (i32.add (call $host (local.get 0)) (i32.const 1)))
        (func $copy (export "copy") (type $recursive)
          (call $count) (memory.copy (i32.const 0) (i32.const 1) (i32.const 100000))
          (memory.fill (i32.const 0) (i32.const 1) (i32.const 100000))
          (i32.add (call $copy (local.get 0)) (i32.const 1)))
        (func $floats (export "floats") (type $recursive)
          (call $count)
          (i32.add (call $floats (i32.trunc_sat_f64_s (f64.ceil (f64.convert_i32_s (local.get 0))))) (i32.const 1)))
        (func $table_grow (export "tableGrow") (type $recursive)
          (call $count) (drop (table.grow $table (ref.null func) (i32.const 0)))
          (i32.add (call $table_grow (local.get 0)) (i32.const 1)))
        (func (export "nested") (type $recursive) (call $count) (i32.add (call $again (local.get 0)) (i32.const 1)))
        (func $finite (export "finite") (type $recursive)
          (if (result i32) (local.get 0)
            (then (i32.add (call $finite (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
            (else (i32.const 0))))
        """

    private static let names = [
        "direct", "mutual", "indirect", "grow", "host", "copy", "floats", "tableGrow", "nested",
    ]

    private static func exhaust(_ module: Bulkhead.Module) throws {
        let store = try Store()
        var instance: Instance?
        let again = try Function(store: store, parameters: [.i32], results: [.i32]) { caller, arguments in
            // Without the testing library's macros, which take their time.
            try caller.instance?.exports[function: "nested"]?(arguments) ?? []
        }
        let nothing = try Function(store: store) { () -> Void in }
        instance = try module.instantiate(
            store: store, imports: ["host": ["again": .function(again), "nothing": .function(nothing)]])
        let running = try #require(instance)
        for _ in 0..<2 {
            for name in names {
                try #require(running.exports[global: "depth"]).set(.i32(0))
                _ = trap(.callStackExhausted) { try running.call(name, .i32(3)) }
                guard case .i32(let depth)? = running.exports[global: "depth"]?.value else { continue }
                #expect(depth > (name == "nested" ? 5 : 1000), "\(name)")
                #expect(try running.call("finite", .i32(1000)) == [.i32(1000)])
            }
        }
    }

    @Test(arguments: Configuration.all)
    func smallThreads(configuration: Configuration) throws {
        let module = try configuration.compile(Self.text)
        for size in [256, 512, 8192] {
            try onThread(stackSize: size * 1024) { try Self.exhaust(module) }
        }
    }

    @MainActor @Test(arguments: Configuration.all)
    func mainThread(configuration: Configuration) throws {
        try Self.exhaust(configuration.compile(Self.text))
    }

    @Test(arguments: Configuration.all)
    func unoptimized(configuration: Configuration) throws {
        let engine = configuration.engine { $0.optimization = .none }
        let module = try engine.compile(assemble(Self.text))
        try onThread(stackSize: 512 * 1024) { try Self.exhaust(module) }
    }

    /// A frame of hundreds of KiB must not step over the guard. Not optimized, so that every local has its place in the frame.
    @Test(arguments: Configuration.all)
    func hugeFrames(configuration: Configuration) throws {
        let count = 40_000
        let engine = configuration.engine { $0.optimization = .none }
        let text = """
            (func $f (export "f") (param i32) (result i64) (local \(String(repeating: "i64 ", count: count)))
              (local.set \(count) (i64.const 1))
              (if (result i64) (local.get 0)
                (then (i64.add (call $f (i32.sub (local.get 0) (i32.const 1))) (local.get \(count))))
                (else (i64.const 0))))
            """
        let instance = try engine.compile(assemble(text)).instantiate(store: Store())
        #expect(try instance.call("f", .i32(5)) == [.i64(5)])
        for depth in [26, 27, 30, 100, 1_000_000] as [UInt32] {
            _ = trap(.callStackExhausted) { try instance.call("f", .i32(depth)) }
        }
        #expect(try instance.call("f", .i32(5)) == [.i64(5)])
    }

    /// The end of the stack is met at every possible distance: by frames of many sizes, with a call of the host or a bulk
    /// operation as the last thing that fits.
    @Test(arguments: Configuration.one)
    func everyDistanceFromTheEnd(configuration: Configuration) throws {
        let engine = configuration.engine { $0.optimization = .none }
        let functions = (0..<24).map { number in
            """
            (func $f\(number) (export "f\(number)") (param i32) (local \(String(repeating: "i64 ", count: number * 3)))
              (call $host)
              (memory.copy (i32.const 0) (i32.const 8) (i32.const 5000))
              (drop (memory.grow (i32.const 0)))
              (call $f\(number) (local.get 0)))
            """
        }
        let store = try Store()
        let host = try Function(store: store) { () -> Void in }
        let instance = try engine.compile(
            assemble("(import \"h\" \"h\" (func $host)) (memory 1) \(functions.joined(separator: "\n"))")
        ).instantiate(store: store, imports: ["h": ["h": .function(host)]])
        for number in functions.indices {
            _ = trap(.callStackExhausted) { try instance.call("f\(number)", .i32(0)) }
        }
    }
}
