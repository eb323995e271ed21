import Bulkhead
import Testing
import WasmModule

/// Instances that call one another and the host in every order. Each checks before and after every call that it sees its own
/// memory, globals and nothing else.
struct NestingTests {
    /// How an instance comes by its memory.
    private enum MemoryKind: CaseIterable {
        case own
        case imported
        case importedFromAnInstance
        case none
    }

    /// `run(depth, seed)` calls on, by way of the host, a peer or the common table, until `depth` is 0, and returns the
    /// number of calls. `memory` is the value that its memory must hold at 0, `place` where it keeps a count of its own.
    private static func text(_ kind: MemoryKind) -> String {
        let check =
            kind == .none
            ? ""
            : """
            (if (i32.ne (i32.load (i32.const 0)) (global.get $memory)) (then unreachable))
            (if (i32.ne (i32.load (global.get $place)) (global.get $count)) (then unreachable))
            """
        let count = kind == .none ? "" : "(i32.store (global.get $place) (global.get $count))"
        let memory =
            switch kind {
            case .own: "(memory (export \"memory\") 1 2)"
            case .imported, .importedFromAnInstance: "(import \"env\" \"memory\" (memory 1 2))"
            case .none: ""
            }
        return """
            (type $run (func (param i32 i32) (result i32)))
            (import "env" "host" (func $host (type $run)))
            (import "env" "peer" (func $peer (type $run)))
            (import "env" "table" (table 0 funcref))
            \(kind == .own ? "" : memory)
            (global $memory (mut i32) (i32.const 0))
            (global $place (mut i32) (i32.const 0))
            (global $count (mut i32) (i32.const 0))
            \(kind == .own ? memory : "")
            (func (export "init") (param $memory i32) (param $place i32)
              (global.set $memory (local.get $memory))
              (global.set $place (local.get $place))
              \(kind == .none ? "" : "(i32.store (i32.const 0) (local.get $memory))"))
            (func $check \(check))
            (func $run (export "run") (type $run) (local $result i32)
              (call $check)
              (global.set $count (i32.add (global.get $count) (i32.const 1)))
              \(count)
              (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 1103515245)) (i32.const 12345)))
              (block $done
                (block $2 (block $1 (block $0
                  (br_table $0 $1 $2 (i32.rem_u (i32.shr_u (local.get 1) (i32.const 16)) (i32.const 3))))
                  (local.set $result (call $host (local.get 0) (local.get 1))) (br $done))
                  (local.set $result (call $peer (local.get 0) (local.get 1))) (br $done))
                (local.set $result
                  (call_indirect (type $run) (local.get 0) (local.get 1)
                    (i32.rem_u (i32.shr_u (local.get 1) (i32.const 8)) (table.size)))))
              (call $check)
              (i32.add (local.get $result) (i32.const 1)))
            """
    }

    private static func instances(_ configurations: [Configuration], store: Store) throws -> [Instance] {
        let type = MemoryType(limits: Limits(minimum: 1, maximum: 2))
        let table = try Table(
            store: store, type: TableType(element: .funcref, limits: Limits(minimum: 0, maximum: 100)))
        var instances: [Instance] = []
        var memories: [Memory] = []
        let host = try Function(store: store, parameters: [.i32, .i32], results: [.i32]) { caller, arguments in
            guard case .i32(let depth) = arguments[0], case .i32(let seed) = arguments[1] else { return [] }
            _ = try #require(caller.instance)
            let next = instances[Int(seed >> 4) % instances.count]
            return try next.call("run", .i32(depth), .i32(seed))
        }
        for configuration in configurations {
            for kind in MemoryKind.allCases {
                let memory: Memory? =
                    switch kind {
                    case .own, .none: nil
                    case .imported: try Memory(store: store, type: type)
                    case .importedFromAnInstance: memories.last
                    }
                var imports: Imports = ["env": ["host": .function(host), "table": .table(table)]]
                if let memory { imports.define(.memory(memory), module: "env", name: "memory") }
                let peer = instances.last?.exports[function: "run"] ?? host
                imports.define(.function(peer), module: "env", name: "peer")
                let instance = try configuration.instantiate(text(kind), store: store, imports: imports)
                if kind != .none { memories.append(try #require(instance.memory)) }
                instances.append(instance)
                // Each memory is known by the place it has in the list, the first time it is seen.
                let identity = memories.firstIndex { $0 == instance.memory } ?? 0
                try instance.call("init", .i32(UInt32(identity + 1000)), .i32(UInt32(64 * instances.count)))
                try table.grow(by: 1, filling: .function(instance.exports[function: "run"]))
            }
        }
        return instances
    }

    private static func run(_ instances: [Instance], depth: UInt32, seeds: Range<UInt32>) throws {
        for seed in seeds {
            for instance in instances {
                let result = try instance.call("run", .i32(depth), .i32(seed &* 2_654_435_761))
                #expect(result == [.i32(depth + 1)])
            }
        }
    }

    @Test(arguments: Configuration.all)
    func instancesOfOneMode(configuration: Configuration) throws {
        try Self.run(Self.instances([configuration], store: Store()), depth: 40, seeds: 0..<10)
    }

    @Test func instancesOfAllModesAndCompilers() throws {
        try Self.run(Self.instances(Configuration.all, store: Store()), depth: 60, seeds: 0..<10)
    }

    /// Calls in one store from host functions of another.
    @Test func twoStores() throws {
        let configurations = Configuration.all
        let inner = try Self.instances(configurations, store: Store())
        let store = try Store()
        var count: UInt32 = 0
        let host = try Function(store: store) { (depth: UInt32) throws -> UInt32 in
            count += 1
            try Self.run(inner, depth: depth, seeds: count..<count + 1)
            return depth
        }
        for configuration in configurations {
            let outer = try configuration.instantiate(
                """
                (import "env" "host" (func $host (param i32) (result i32)))
                (memory 1)
                (func (export "f") (param i32) (result i32)
                  (i32.store (i32.const 8) (i32.const 77))
                  (i32.add (call $host (local.get 0)) (i32.load (i32.const 8))))
                """, store: store, imports: ["env": ["host": .function(host)]])
            #expect(try outer.call("f", .i32(5)) == [.i32(82)])
        }
    }

    /// The start function may call the host, and the host may call other instances meanwhile.
    @Test(arguments: Configuration.all)
    func startFunctionsThatCallTheHost(configuration: Configuration) throws {
        let store = try Store()
        let inner = try Self.instances([configuration], store: store)
        var seen: [UInt32] = []
        let host = try Function(store: store, parameters: [.i32], results: []) { caller, arguments in
            guard case .i32(let value) = arguments[0] else { return [] }
            // The instance isn't finished, but it is there, with its memory.
            let memory = try #require(caller.instance?.memory)
            #expect(try memory.load(UInt32.self, at: 4) == value)
            seen.append(value)
            try Self.run(inner, depth: 10, seeds: 1..<2)
            return []
        }
        let instance = try configuration.instantiate(
            """
            (import "env" "host" (func $host (param i32)))
            (memory 1)
            (func $start
              (i32.store (i32.const 4) (i32.const 5))
              (call $host (i32.const 5))
              (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
              (call $host (i32.const 6)))
            (start $start)
            (func (export "f") (result i32) (i32.load (i32.const 4)))
            """, store: store, imports: ["env": ["host": .function(host)]])
        #expect(seen == [5, 6])
        #expect(try instance.call("f") == [.i32(6)])
    }

    /// An export of an import is the same function, whichever way it is reached.
    @Test(arguments: Configuration.all)
    func exportsOfImports(configuration: Configuration) throws {
        let store = try Store()
        let origin = try configuration.instantiate(
            """
            (memory (export "memory") 1)
            (global $g (export "global") (mut i32) (i32.const 7))
            (table (export "table") 2 funcref)
            (func (export "function") (result i32) (i32.load (i32.const 0)))
            """, store: store)
        let text = """
            (import "o" "function" (func $f (result i32)))
            (import "o" "memory" (memory 1))
            (import "o" "global" (global $g (mut i32)))
            (import "o" "table" (table 2 funcref))
            (export "function" (func $f)) (export "memory" (memory 0))
            (export "global" (global $g)) (export "table" (table 0))
            (func (export "set") (param i32) (i32.store (i32.const 0) (local.get 0)) (global.set $g (local.get 0)))
            (func (export "get") (result i32) (i32.add (call $f) (global.get $g)))
            """
        var imports = Imports()
        imports.define(origin, module: "o")
        let middle = try configuration.instantiate(text, store: store, imports: imports)
        imports.define(middle, module: "o")
        let last = try configuration.instantiate(text, store: store, imports: imports)
        for name in ["function", "memory", "global", "table"] {
            #expect(last.exports[name] == origin.exports[name], "\(name)")
        }
        try last.call("set", .i32(21))
        for instance in [middle, last] { #expect(try instance.call("get") == [.i32(42)]) }
        #expect(try last.call("function") == [.i32(21)])
    }
}
