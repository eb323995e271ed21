import Bulkhead
import Testing
import WasmModule

/// What the host can do with memories, tables, globals and functions: everything that is out of bounds, of another type or of
/// another store is an error, and changes nothing.
struct StateTests {
    private func expect(
        _ error: BulkheadError? = nil, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        do {
            try body()
            Issue.record("no error", sourceLocation: sourceLocation)
        } catch let found as BulkheadError {
            if let error { #expect(found == error, sourceLocation: sourceLocation) }
        } catch {
            Issue.record("not a BulkheadError but \(error)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: Configuration.all)
    func memory(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (memory (export "memory") 1 3)
            (func (export "load") (param i32) (result f64) (f64.load (local.get 0)))
            """)
        let memory = try #require(instance.memory)
        #expect(memory.count == 65536 && memory.pageCount == 1)
        #expect(memory.type == MemoryType(limits: Limits(minimum: 1, maximum: 3)))

        // Typed, at any alignment, and the sandbox sees the same bytes.
        try memory.store(0x0102_0304 as UInt32, at: 65532)
        #expect(try memory.read(at: 65532, count: 4) == [4, 3, 2, 1])
        #expect(try memory.load(UInt8.self, at: 65535) == 1)
        #expect(try memory.load(Int16.self, at: 65533) == 0x0203)
        try memory.store(-1.5, at: 3)
        #expect(try memory.load(Double.self, at: 3) == -1.5)
        #expect(try instance.call("load", .i32(3)) == [.float64(-1.5)])
        try memory.store(2.5 as Float, at: 1)
        #expect(try memory.load(Float.self, at: 1) == 2.5)

        // Up to the end and no further, whatever the numbers.
        for offset in [65533, 65536, 65537, 1 << 32, .max, .max - 3, -1, .min] {
            expect { _ = try memory.load(UInt32.self, at: offset) }
            expect { try memory.store(1 as UInt32, at: offset) }
            expect { _ = try memory.read(at: offset, count: 4) }
            expect { try memory.write([1, 2, 3, 4], at: offset) }
        }
        expect { _ = try memory.load(Double.self, at: 65529) }
        expect { try memory.store(1.0, at: 65529) }
        for count in [-1, 65537, .max, .min] { expect { _ = try memory.read(at: 0, count: count) } }
        expect(.outOfBounds("bytes 65535 to 65537 of a memory of 65536 bytes")) {
            try memory.write([9, 9], at: 65535)
        }
        #expect(try memory.read(at: 65532, count: 4) == [4, 3, 2, 1])
        #expect(try memory.read(at: 65536, count: 0) == [])

        // Views.
        memory.withMutableBytes { bytes in
            #expect(bytes.byteCount == 65536)
            bytes.storeBytes(of: 0xAABB as UInt16, toByteOffset: 10, as: UInt16.self)
        }
        #expect(memory.withBytes { $0.unsafeLoadUnaligned(fromByteOffset: 10, as: UInt16.self) } == 0xAABB)

        #expect(memory.grow(by: 2) == 1)
        #expect(memory.grow(by: 1) == nil && memory.grow(by: -1) == nil && memory.grow(by: .max) == nil)
        #expect(memory.withBytes { $0.byteCount } == 3 * 65536)
        #expect(try memory.load(UInt64.self, at: 3 * 65536 - 8) == 0)
    }

    @Test(arguments: Configuration.one)
    func table(configuration: Configuration) throws {
        let store = try Store()
        let instance = try configuration.instantiate(
            """
            (table (export "functions") 2 4 funcref)
            (func (export "one") (result i32) (i32.const 1))
            (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
            """, store: store)
        let table = try #require(instance.exports[table: "functions"])
        let one = try #require(instance.exports[function: "one"])
        #expect(table.count == 2 && table.elementType == .funcref)
        #expect(try table.get(0) == .function(nil))
        try table.set(1, to: .function(one))
        #expect(try table.get(1) == .function(one))
        #expect(try instance.call("call", .i32(1)) == [.i32(1)])
        for index in [2, -1, .max, .min] {
            expect { _ = try table.get(index) }
            expect { try table.set(index, to: .function(one)) }
        }
        expect(.typeMismatch(expected: "funcref", found: "externref")) {
            try table.set(0, to: .extern(ExternReference(1)))
        }
        #expect(try table.grow(by: 2, filling: .function(one)) == 2)
        #expect(try table.grow(by: 1) == nil && table.grow(by: -1) == nil)
        #expect(try instance.call("call", .i32(3)) == [.i32(1)])
        _ = trap(.uninitializedElement) { try instance.call("call", .i32(0)) }
    }

    @Test(arguments: Configuration.one)
    func global(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (global $variable (export "variable") (mut i64) (i64.const 5))
            (global (export "constant") f32 (f32.const 1.5))
            (func (export "get") (result i64) (global.get $variable))
            """)
        let variable = try #require(instance.exports[global: "variable"])
        let constant = try #require(instance.exports[global: "constant"])
        try variable.set(.i64(.max))
        #expect(try instance.call("get") == [.i64(.max)])
        expect { try variable.set(.i32(1)) }
        expect { try constant.set(.float32(2)) }
        #expect(variable.value == .i64(.max) && constant.value == .float32(1.5))
    }

    @Test(arguments: Configuration.all)
    func typedFunctions(configuration: Configuration) throws {
        let store = try Store()
        let host = try Function(store: store) {
            (a: Int32, b: Int64, c: Float, d: Double, e: UInt32) -> (Double, Int64, UInt32) in
            (Double(a) + Double(c) + d, b, e)
        }
        let instance = try configuration.instantiate(
            """
            (import "" "host" (func $host (param i32 i64 f32 f64 i32) (result f64 i64 i32)))
            (func (export "relay") (param i32 i64 f32 f64 i32) (result f64 i64 i32)
              (call $host (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)))
            (func (export "minus") (param i32) (result i32) (i32.sub (i32.const 0) (local.get 0)))
            """, store: store, imports: ["": ["host": .function(host)]])
        let relay = try #require(instance.exports[function: "relay"])
        let minus = try #require(instance.exports[function: "minus"])
        let call = try relay.typed(as: ((Int32, Int64, Float, Double, UInt32) -> (Double, Int64, UInt32)).self)
        let (sum, wide, narrow) = try call(-1, .min, 0.5, 2, .max)
        #expect(sum == 1.5 && wide == .min && narrow == .max)
        #expect(try minus.typed(as: ((Int32) -> Int32).self)(7) == -7)

        expect { _ = try minus.typed(as: ((Int64) -> Int32).self) }
        expect { _ = try minus.typed(as: ((Int32) -> Void).self) }
        expect { _ = try minus.typed(as: ((Int32, Int32) -> Int32).self) }
        expect { _ = try relay.typed(as: ((Int32, Int64, Float, Double, UInt32) -> Double).self) }
        expect { _ = try minus() }
        expect { _ = try minus([.i64(1)]) }
        expect { _ = try minus([.i32(1), .i32(2)]) }
    }

    /// A function of another store would be a pointer to what may be gone.
    @Test(arguments: Configuration.one)
    func storesDoNotMix(configuration: Configuration) throws {
        let store = try Store()
        let other = try Store()
        let foreign = try Function(store: other) { () -> Void in }
        let foreignValue = Value.ref(.function(foreign))
        let give = try Function(store: store, results: [.funcref]) { _, _ in [foreignValue] }
        let instance = try configuration.instantiate(
            """
            (import "" "give" (func $give (result funcref)))
            (table (export "table") 1 funcref)
            (global (export "global") (mut funcref) (ref.null func))
            (func (export "take") (param funcref))
            (func (export "give") (table.set (i32.const 0) (call $give)))
            """, store: store, imports: ["": ["give": .function(give)]])
        let table = try #require(instance.exports[table: "table"])
        let global = try #require(instance.exports[global: "global"])
        expect(.foreignStore) { try instance.call("take", foreignValue) }
        expect(.foreignStore) { try table.set(0, to: .function(foreign)) }
        expect(.foreignStore) { _ = try table.grow(by: 1, filling: .function(foreign)) }
        expect(.foreignStore) { try global.set(foreignValue) }
        expect(.foreignStore) { _ = try Global(store: store, value: foreignValue) }
        expect(.foreignStore) { try instance.call("give") }
        expect(.foreignStore) {
            _ = try configuration.instantiate(
                #"(import "" "f" (func))"#, store: store, imports: ["": ["f": .function(foreign)]])
        }
        #expect(try table.get(0) == .function(nil))
        #expect(global.value == .ref(.function(nil)))
    }
}
