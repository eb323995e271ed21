import Bulkhead
import Testing
import WasmModule

/// Vectors where they pass between host and sandbox, and from instance to instance. What is computed with them is the specification's
/// scripts' business.
struct VectorTests {
    private static let one = V128(SIMD4<UInt32>(1, 2, 3, 4))
    private static let two = V128(SIMD4<UInt32>(5, 6, 7, 8))

    @Test func lanes() {
        let bytes = V128(SIMD16<UInt8>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
        #expect(bytes.bits == 0x0F0E_0D0C_0B0A_0908_0706_0504_0302_0100)
        #expect(bytes.lanes() == SIMD8<Int16>(0x100, 0x302, 0x504, 0x706, 0x908, 0xB0A, 0xD0C, 0xF0E))
        #expect(bytes.lanes(as: SIMD2<UInt64>.self) == SIMD2(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908))
        #expect(V128(SIMD2<Double>(1, -0.0)).bits == UInt128(0x8000_0000_0000_0000) << 64 | 0x3FF0_0000_0000_0000)
        #expect(V128(SIMD4<Float>(1, 0, 0, 0)).lanes(as: SIMD4<UInt32>.self)[0] == 0x3F80_0000)
    }

    /// A vector takes two places where other values take one: those behind it must be found, too.
    @Test(arguments: Configuration.all)
    func amongOtherValues(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (func (export "turn") (param i32 v128 f64 v128 i64) (result i64 v128 v128 i32 f64)
              (local.get 4) (local.get 3) (local.get 1) (local.get 0) (local.get 2))
            """)
        let turn = try #require(instance.exports[function: "turn"])
        let results = try turn([.i32(7), .v128(Self.one), .float64(1.5), .v128(Self.two), .i64(9)])
        #expect(results == [.i64(9), .v128(Self.two), .v128(Self.one), .i32(7), .float64(1.5)])
        #expect(throws: BulkheadError.self) { try turn([.i32(7), .i64(1), .float64(1.5), .v128(Self.two), .i64(9)]) }
    }

    @Test(arguments: Configuration.all)
    func throughTheHost(configuration: Configuration) throws {
        let store = try Store()
        var seen: [Value] = []
        let host = try Function(
            store: store, parameters: [.v128, .i32, .v128], results: [.i32, .v128]
        ) { _, arguments in
            seen = arguments
            return [arguments[1], arguments[2]]
        }
        let instance = try configuration.instantiate(
            """
            (import "host" "f" (func $f (param v128 i32 v128) (result i32 v128)))
            (func (export "sum") (param v128 v128) (result v128) (local $n i32) (local $v v128)
              (call $f (local.get 0) (i32.const 3) (local.get 1))
              (local.set $v) (local.set $n)
              (i32x4.add (local.get $v) (i32x4.splat (local.get $n))))
            """, store: store, imports: ["host": ["f": .function(host)]])
        let sum = try #require(instance.exports[function: "sum"])
        #expect(try sum([.v128(Self.one), .v128(Self.two)]) == [.v128(V128(SIMD4<UInt32>(8, 9, 10, 11)))])
        #expect(seen == [.v128(Self.one), .i32(3), .v128(Self.two)])
    }

    /// Through a table that the other instance owns, and so through the thunk of another module.
    @Test(arguments: Configuration.all)
    func fromInstanceToInstance(configuration: Configuration) throws {
        let store = try Store()
        let owner = try configuration.instantiate(
            """
            (table (export "t") 1 funcref)
            (elem (i32.const 0) $f)
            (func $f (param v128 i32 v128) (result v128 i32)
              (i32x4.sub (local.get 2) (local.get 0)) (i32.add (local.get 1) (i32.const 1)))
            """, store: store)
        let table = try #require(owner.exports[table: "t"])
        let caller = try configuration.instantiate(
            """
            (import "o" "t" (table 1 funcref))
            (type $f (func (param v128 i32 v128) (result v128 i32)))
            (func (export "call") (param v128 v128) (result v128 i32)
              (call_indirect (type $f) (local.get 0) (i32.const 41) (local.get 1) (i32.const 0)))
            """, store: store, imports: ["o": ["t": .table(table)]])
        let call = try #require(caller.exports[function: "call"])
        let results = try call([.v128(Self.one), .v128(Self.two)])
        #expect(results == [.v128(V128(SIMD4<UInt32>(repeating: 4))), .i32(42)])
    }

    @Test(arguments: Configuration.all)
    func globals(configuration: Configuration) throws {
        let store = try Store()
        let constant = try Global(store: store, value: .v128(Self.one))
        let variable = try Global(store: store, mutability: .variable, value: .v128(Self.two))
        let instance = try configuration.instantiate(
            """
            (import "host" "constant" (global $constant v128))
            (import "host" "variable" (global $variable (mut v128)))
            (global $initialized v128 (global.get $constant))
            (global $known v128 (v128.const i64x2 -1 1))
            (global $own (export "own") (mut v128) (v128.const i32x4 9 8 7 6))
            (global (export "after") i32 (i32.const 5))
            (func (export "read") (result v128 v128 v128)
              (global.get $initialized) (global.get $known) (global.get $variable))
            (func (export "write") (param v128) (global.set $variable (local.get 0)) (global.set $own (local.get 0)))
            """, store: store,
            imports: ["host": ["constant": .global(constant), "variable": .global(variable)]])
        let read = try #require(instance.exports[function: "read"])
        let known = V128(SIMD2<Int64>(-1, 1))
        #expect(try read() == [.v128(Self.one), .v128(known), .v128(Self.two)])
        let own = try #require(instance.exports[global: "own"])
        #expect(own.value == .v128(V128(SIMD4<UInt32>(9, 8, 7, 6))))
        #expect(own.type == GlobalType(value: .v128, mutability: .variable))
        let write = try #require(instance.exports[function: "write"])
        try write([.v128(Self.one)])
        #expect(variable.value == .v128(Self.one) && own.value == .v128(Self.one))
        try own.set(.v128(Self.two))
        try variable.set(.v128(known))
        #expect(own.value == .v128(Self.two))
        #expect(try read() == [.v128(Self.one), .v128(known), .v128(known)])
        #expect(instance.exports[global: "after"]?.value == .i32(5))
        #expect(throws: BulkheadError.self) { try own.set(.i64(1)) }
    }

    /// A NaN that signals comes out of arithmetic quiet, though the compiler may know that nothing else would change.
    @Test(arguments: Configuration.all)
    func constantsThatChangeNothing(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (func (export "sum") (param v128) (result v128) (f32x4.add (local.get 0) (v128.const f32x4 -0 -0 -0 -0)))
            (func (export "difference") (param v128) (result v128)
              (f32x4.sub (v128.const f32x4 -0 -0 -0 -0) (local.get 0)))
            (func (export "product") (param v128) (result v128) (f32x4.mul (local.get 0) (v128.const f32x4 1 1 1 1)))
            (func (export "quotient") (param v128) (result v128) (f64x2.div (local.get 0) (v128.const f64x2 1 1)))
            (func (export "there and back") (param v128) (result v128)
              (f32x4.demote_f64x2_zero (f64x2.promote_low_f32x4 (local.get 0))))
            """)
        for name in ["sum", "difference", "product", "there and back"] {
            let function = try #require(instance.exports[function: name])
            let results = try function([.v128(V128(SIMD4<UInt32>(repeating: 0x7FA0_0000)))])
            guard case .v128(let vector) = results.first else { continue }
            #expect(vector.lanes(as: SIMD4<UInt32>.self)[0] & 0x7FFF_FFFF == 0x7FE0_0000, "\(name)")
        }
        let quotient = try #require(instance.exports[function: "quotient"])
        let results = try quotient([.v128(V128(SIMD2<UInt64>(repeating: 0x7FF4_0000_0000_0000)))])
        #expect(results == [.v128(V128(SIMD2<UInt64>(repeating: 0x7FFC_0000_0000_0000)))])
    }

    /// A load is not lost with its value, nor a store to a lane with what else is stored.
    @Test(arguments: Configuration.all)
    func memory(configuration: Configuration) throws {
        let instance = try configuration.instantiate(
            """
            (memory (export "memory") 1 1)
            (func (export "drop") (param i32) (drop (v128.load (local.get 0))))
            (func (export "drop lane") (param i32)
              (drop (v128.load64_lane offset=4 1 (local.get 0) (v128.const i64x2 0 0))))
            (func (export "store lane") (param i32 v128) (v128.store16_lane offset=1 6 (local.get 0) (local.get 1)))
            (func (export "beyond") (param i32) (result v128) (v128.load8_splat offset=0xFFFFFFFF (local.get 0)))
            """)
        func call(_ name: String, _ arguments: Value...) throws {
            let function = try #require(instance.exports[function: name])
            try function(arguments)
        }
        try call("drop", .i32(0xFFF0))
        #expect(throws: Trap.self) { try call("drop", .i32(0xFFF1)) }
        try call("drop lane", .i32(0xFFF4))
        #expect(throws: Trap.self) { try call("drop lane", .i32(0xFFF5)) }
        try call("store lane", .i32(7), .v128(V128(SIMD8<UInt16>(1, 2, 3, 4, 5, 6, 0xABCD, 8))))
        #expect(throws: Trap.self) { try call("store lane", .i32(0xFFFE), .v128(Self.one)) }
        #expect(throws: Trap.self) { try call("beyond", .i32(0)) }
        let memory = try #require(instance.exports[memory: "memory"])
        #expect(try memory.read(at: 6, count: 6) == [0, 0, 0xCD, 0xAB, 0, 0])
    }
}
