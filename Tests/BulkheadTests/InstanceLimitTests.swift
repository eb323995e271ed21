import Bulkhead
import Testing
import WasmModule

/// What one instance may use of memory, tables and stack.
struct InstanceLimitTests {
    private static let page = MemoryType.pageSize

    // MARK: - Memory

    @Test(arguments: Configuration.all)
    func memoryGrowth(configuration: Configuration) throws {
        let text = """
            (memory (export "memory") 2 100)
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "size") (result i32) (memory.size))
            (func (export "poke") (param i32) (i32.store8 (local.get 0) (i32.const 1)))
            """
        let instance = try configuration.compile(text).instantiate(
            store: Store(), limits: InstanceLimits(memory: 4 * Self.page + 100))
        let memory = try #require(instance.memory)
        #expect(memory.limit == 4 * Self.page)
        #expect(try instance.call("grow", .i32(3)) == [.i32(.max)])
        #expect(try instance.call("grow", .i32(1)) == [.i32(2)])
        #expect(try instance.call("grow", .i32(.max)) == [.i32(.max)])
        #expect(memory.grow(by: 2) == nil)
        #expect(memory.grow(by: 1) == 3)
        #expect(try instance.call("grow", .i32(1)) == [.i32(.max)])
        #expect(try instance.call("grow", .i32(0)) == [.i32(4)])
        try instance.call("poke", .i32(UInt32(4 * Self.page - 1)))
        _ = trap(.memoryOutOfBounds) { try instance.call("poke", .i32(UInt32(4 * Self.page))) }
        // Less than there is already.
        memory.limit = Self.page
        #expect(try instance.call("size") == [.i32(4)])
        #expect(try instance.call("grow", .i32(0)) == [.i32(4)])
        #expect(try instance.call("grow", .i32(1)) == [.i32(.max)])
        memory.limit = -1
        #expect(memory.limit == 0)
        // None: the type's maximum is left.
        memory.limit = nil
        #expect(memory.limit == nil)
        #expect(try instance.call("grow", .i32(96)) == [.i32(4)])
        #expect(try instance.call("grow", .i32(1)) == [.i32(.max)])
        memory.limit = .max
        #expect(memory.grow(by: 1) == nil)
    }

    @Test(arguments: Configuration.one)
    func memoryThatBeginsTooLarge(configuration: Configuration) throws {
        let module = try configuration.compile("(memory 20) (func $start unreachable) (start $start)")
        let store = try Store()
        for limit in [0, 20 * Self.page - 1] {
            #expect {
                try module.instantiate(store: store, limits: InstanceLimits(memory: limit))
            } throws: { error in
                error as? BulkheadError
                    == .limit(
                        "the module's memory begins with 20 pages of 64 KiB, and the limit for it is \(limit) bytes")
            }
        }
        _ = trap(.unreachable) {
            _ = try module.instantiate(store: store, limits: InstanceLimits(memory: 20 * Self.page))
        }
        // No memory at all needs none.
        _ = try configuration.compile("(func)").instantiate(store: store, limits: InstanceLimits(memory: 0))
    }

    /// A limit isn't a maximum: what is matched is the type.
    @Test(arguments: Configuration.one)
    func limitsAreNoTypes(configuration: Configuration) throws {
        let store = try Store()
        let memory = try Memory(store: store, type: MemoryType(limits: Limits(minimum: 1)))
        memory.limit = 2 * Self.page
        let table = try Table(store: store, type: TableType(element: .funcref, limits: Limits(minimum: 1, maximum: 9)))
        table.limit = 3
        #expect(memory.type == MemoryType(limits: Limits(minimum: 1)))
        #expect(table.type == TableType(element: .funcref, limits: Limits(minimum: 1, maximum: 9)))
        let imports: Imports = ["": ["m": .memory(memory), "t": .table(table)]]
        for text in ["(import \"\" \"m\" (memory 1 2))", "(import \"\" \"t\" (table 1 3 funcref))"] {
            #expect {
                try configuration.instantiate(text, store: store, imports: imports)
            } throws: { error in
                if case BulkheadError.incompatibleImport = error { true } else { false }
            }
        }
        // Imported ones keep their own limits, whatever the instance's are.
        let instance = try configuration.compile(
            """
            (import "" "m" (memory 1)) (import "" "t" (table 1 9 funcref))
            (func (export "grow") (result i32) (memory.grow (i32.const 1)))
            (func (export "tableGrow") (result i32) (table.grow (ref.null func) (i32.const 1)))
            """
        ).instantiate(store: store, imports: imports, limits: InstanceLimits(memory: 0, tableElements: 0))
        #expect(try instance.call("grow") == [.i32(1)])
        #expect(try instance.call("grow") == [.i32(.max)])
        for old in [1, 2, UInt32.max] { #expect(try instance.call("tableGrow") == [.i32(old)]) }
    }

    // MARK: - Tables

    @Test(arguments: Configuration.all)
    func tableGrowth(configuration: Configuration) throws {
        let text = """
            (table $a (export "a") 2 funcref)
            (table $b (export "b") 0 5 externref)
            (func (export "growA") (param i32) (result i32) (table.grow $a (ref.null func) (local.get 0)))
            (func (export "growB") (param i32) (result i32) (table.grow $b (ref.null extern) (local.get 0)))
            """
        let module = try configuration.compile(text)
        let instance = try module.instantiate(store: Store(), limits: InstanceLimits(tableElements: 10))
        let a = try #require(instance.exports[table: "a"])
        #expect(a.limit == 10)
        #expect(try instance.call("growA", .i32(9)) == [.i32(.max)])
        #expect(try instance.call("growA", .i32(8)) == [.i32(2)])
        #expect(try instance.call("growA", .i32(0)) == [.i32(10)])
        #expect(try a.grow(by: 1) == nil)
        #expect(try instance.call("growB", .i32(6)) == [.i32(.max)])
        #expect(try instance.call("growB", .i32(5)) == [.i32(0)])
        a.limit = 3
        #expect(a.count == 10)
        #expect(try instance.call("growA", .i32(1)) == [.i32(.max)])
        a.limit = nil
        #expect(a.limit == nil)
        #expect(try instance.call("growA", .i32(1)) == [.i32(10)])
        #expect {
            try module.instantiate(store: Store(), limits: InstanceLimits(tableElements: 1))
        } throws: { error in
            error as? BulkheadError
                == .limit("a table of the module's begins with 2 elements, and the limit for it is 1")
        }
    }

    // MARK: - Stack

    private static let recursion = """
        (import "host" "again" (func $again (param i32) (result i32)))
        (global $depth (export "depth") (mut i32) (i32.const 0))
        (func $endless (export "endless") (param i32) (result i32)
          (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
          (i32.add (call $endless (local.get 0)) (i32.const 1)))
        (func $down (export "down") (param i32) (result i32)
          (if (result i32) (local.get 0)
            (then (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
            (else (i32.const 0))))
        (func $nested (export "nested") (param i32) (result i32)
          (if (result i32) (local.get 0)
            (then (i32.add (call $again (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
            (else (i32.const 0))))
        (func $deepThenNested (export "deepThenNested") (param i32 i32) (result i32)
          (if (result i32) (local.get 0)
            (then (i32.add (call $deepThenNested (i32.sub (local.get 0) (i32.const 1)) (local.get 1)) (i32.const 1)))
            (else (call $nested (local.get 1)))))
        """

    private static func depth(_ instance: Instance) throws -> Int {
        let global = try #require(instance.exports[global: "depth"])
        try global.set(.i32(0))
        _ = trap(.callStackExhausted) { try instance.call("endless", .i32(0)) }
        guard case .i32(let depth) = global.value else { return 0 }
        return Int(depth)
    }

    @Test(arguments: Configuration.all)
    func depthFollowsTheLimit(configuration: Configuration) throws {
        let store = try Store()
        let again = try Function(store: store) { (a: UInt32) in a }
        let instance = try configuration.compile(Self.recursion).instantiate(
            store: store, imports: ["host": ["again": .function(again)]], limits: InstanceLimits(stack: 128 << 10))
        #expect(instance.stackLimit == 128 << 10)
        let unit = try Self.depth(instance)
        #expect(unit > 500)
        for factor in [2, 4, 8, 16] {
            instance.stackLimit = factor * (128 << 10)
            let depth = try Self.depth(instance)
            #expect(depth > unit * factor * 9 / 10 && depth < unit * factor * 11 / 10, "\(factor) times: \(depth)")
        }
        instance.stackLimit = nil
        #expect(instance.stackLimit == nil)
        let whole = try Self.depth(instance)
        // As much as there is, and no more than that.
        instance.stackLimit = .max
        #expect(try Self.depth(instance) == whole)
        instance.stackLimit = 1 << 32
        #expect(try Self.depth(instance) == whole)
        #expect(whole > 32 * unit)
        // The least there is will do for a call.
        for least in [0, 1, -5, 16 << 10] {
            instance.stackLimit = least
            #expect(instance.stackLimit == 16 << 10)
            #expect(try instance.call("down", .i32(10)) == [.i32(10)])
            #expect(try instance.call("nested", .i32(1)) == [.i32(1)])
            #expect(try Self.depth(instance) > 10)
        }
        instance.stackLimit = (64 << 10) + 7
        #expect(instance.stackLimit == 64 << 10)
        #expect(try Self.depth(instance) > 10)
    }

    /// Limited and unlimited instances call each other by way of the host, from shallow and from deep.
    @Test(arguments: Configuration.all)
    func nestedCalls(configuration: Configuration) throws {
        let store = try Store()
        var instances: [Instance] = []
        var calls = 0
        let again = try Function(store: store) { (a: UInt32) throws -> UInt32 in
            calls += 1
            let instance = instances[calls % instances.count]
            guard try instance.call("down", .i32(20)) == [.i32(20)] else { return 1_000_000 }
            guard case .i32(let result)? = try instance.call("nested", .i32(a)).first else { return 1_000_000 }
            return result
        }
        let module = try configuration.compile(Self.recursion)
        for limit in [nil, 64 << 10, 1 << 20, 128 << 10] {
            instances.append(
                try module.instantiate(
                    store: store, imports: ["host": ["again": .function(again)]], limits: InstanceLimits(stack: limit)))
        }
        for depth in [0, 1, 2, 7, 20] as [UInt32] {
            for instance in instances {
                #expect(try instance.call("nested", .i32(depth)) == [.i32(depth)])
                #expect(try instance.call("deepThenNested", .i32(200), .i32(depth)) == [.i32(200 + depth)])
            }
        }
        // From so deep that the limited ones lie far below.
        #expect(try instances[0].call("deepThenNested", .i32(20_000), .i32(12)) == [.i32(20_012)])
        // Limited at the start, too.
        let endless = try configuration.compile("(func $f (export \"f\") (call $f) (call $f)) (start $f)")
        _ = trap(.callStackExhausted) {
            _ = try endless.instantiate(store: store, limits: InstanceLimits(stack: 32 << 10))
        }
    }
}
