import Bulkhead
import Glibc
import Testing
import WasmModule

@Suite(.serialized) struct ThreadTests {
    private static let text = """
        (import "host" "add" (func $add (param i32 i32) (result i32)))
        (memory (export "memory") 1 2)
        (global $id (mut i32) (i32.const 0))
        (func (export "init") (param i32)
          (global.set $id (local.get 0)) (i32.store (i32.const 0) (local.get 0)))
        (func (export "work") (param i32) (result i32) (local $i i32)
          (loop $again
            (if (i32.ne (i32.load (i32.const 0)) (global.get $id)) (then (unreachable)))
            (i32.store (i32.const 16)
              (call $add (i32.load (i32.const 16)) (i32.const 1)))
            (br_if $again
              (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get 0))))
          (i32.load (i32.const 16)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
        (func $endless (export "endless") (param i32) (result i32)
          (i32.add (call $endless (local.get 0)) (i32.const 1)))
        """

    /// A store of the thread's own, in which it calls and traps in a loop.
    private static func work(_ modules: [Bulkhead.Module], _ thread: Int) throws {
        for round in 0..<20 {
            let store = try Store()
            let add = try Function(store: store) { (a: UInt32, b: UInt32) in a + b }
            let imports: Imports = ["host": ["add": .function(add)]]
            let instances = try modules.map { try $0.instantiate(store: store, imports: imports) }
            for (place, instance) in instances.enumerated() {
                try instance.call("init", .i32(UInt32(thread * 100 + place)))
            }
            for step in 0..<10 {
                for instance in instances {
                    #expect(try instance.call("work", .i32(50)) == [.i32(UInt32(50 * (step + 1)))])
                    let offset = UInt64(65536 + 4096 * thread + round)
                    let found = trap(.memoryOutOfBounds) { try instance.call("load", .i32(UInt32(offset))) }
                    #expect(found?.memoryOffset == offset)
                    _ = trap(.integerDivideByZero) { try instance.call("divide", .i32(0)) }
                }
            }
            _ = trap(.callStackExhausted) { try instances[round % instances.count].call("endless", .i32(0)) }
        }
    }

    /// Small stacks, as servers give their threads.
    @Test func manyThreadsWithStoresOfTheirOwn() throws {
        let modules = try Configuration.all.map { try $0.compile(Self.text) }
        try onThreads(10, stackSize: 512 * 1024) { try Self.work(modules, $0) }
    }

    /// A thread takes its sandbox stack and its alternate stack with it.
    @Test(arguments: Configuration.one)
    func threadsFreeTheirStacks(configuration: Configuration) throws {
        let module = try configuration.compile(Self.text)
        func batch() throws {
            try onThreads(8, stackSize: 512 * 1024) { thread in
                let store = try Store()
                let add = try Function(store: store) { (a: UInt32, b: UInt32) in a + b }
                let instance = try module.instantiate(store: store, imports: ["host": ["add": .function(add)]])
                try instance.call("work", .i32(1))
                _ = trap(.memoryOutOfBounds) { try instance.call("load", .i32(.max)) }
            }
        }
        // The first makes what stays: the C library's arenas and the thread stacks it keeps.
        for _ in 0..<3 { try batch() }
        let before = try mappingCount()
        for _ in 0..<10 { try batch() }
        let after = try mappingCount()
        // 80 threads; each would leave at least two.
        #expect(after < before + 40, "\(before) mappings became \(after)")
    }

    /// A store may move from thread to thread, if only one at a time uses it.
    @Test(arguments: Configuration.one)
    func aStoreMovesBetweenThreads(configuration: Configuration) throws {
        let store = try Store()
        let add = try Function(store: store) { (a: UInt32, b: UInt32) in a + b }
        let instance = try configuration.instantiate(
            Self.text, store: store, imports: ["host": ["add": .function(add)]])
        for step in 1...5 {
            try onThread(stackSize: 1 << 20) { () throws in
                #expect(try instance.call("work", .i32(10)) == [.i32(UInt32(10 * step))])
                _ = trap(.memoryOutOfBounds) { try instance.call("load", .i32(.max)) }
            }
        }
    }

    /// Modules are loaded, run and dropped on many threads while others trap.
    @Test(arguments: Configuration.one)
    func loadingWhileOthersTrap(configuration: Configuration) throws {
        let engine = configuration.engine
        let bytes = try (0..<4).map { number in
            try assemble(
                "(memory 1) (func (export \"f\") (result i32) (i32.load offset=\(65536 + number) (i32.const 0)))")
        }
        for module in bytes { _ = try engine.compile(module) }
        try onThreads(8, stackSize: 512 * 1024) { thread in
            for round in 0..<50 {
                let number = (thread + round) % bytes.count
                let instance = try engine.compile(bytes[number]).instantiate(store: Store())
                let found = trap(.memoryOutOfBounds) { try instance.call("f") }
                #expect(found?.memoryOffset == UInt64(65536 + number))
                #expect(found?.backtrace.first?.name == "f")
            }
        }
    }

    @Test func claimsOfSendability() {
        func isSendable<Value: Sendable>(_: Value.Type) -> Bool { true }
        // What this file can't compile without.
        #expect(isSendable(Engine.self) && isSendable(EngineConfiguration.self) && isSendable(Bulkhead.Module.self))
        #expect(isSendable(Trap.self) && isSendable(BulkheadError.self) && isSendable(ExternReference.self))
    }
}
