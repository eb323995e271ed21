import Bulkhead
import SystemCallFaults
import Testing

/// Data that is mapped instead of copied: each instance has it as the module says, and leaves nothing of it.
struct ImageTests {
    /// Where data begins in the memory.
    private static let start: UInt32 = 70_000

    /// 8 pages, with so many bytes of 42.
    private static func module(data: Int) throws -> Bulkhead.Module {
        try Configuration.one[0].compile(
            """
            (memory (export "memory") 8 20)
            (data (i32.const \(start)) "\(String(repeating: "\\2a", count: data))")
            (func (export "sum") (param $from i32) (param $to i32) (result i32)
              (local $sum i32)
              (loop $next
                (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $from))))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $from) (local.get $to))))
              (local.get $sum))
            (func (export "grow") (result i32) (memory.grow (i32.const 1)))
            (func (export "spoil") (memory.fill (i32.const 0) (i32.const 7) (i32.mul (memory.size) (i32.const 0x10000))))
            """)
    }

    private static let size: UInt32 = 8 << 16
    private static let data = 300_000

    private static func check(_ instance: Instance, data: Int, _ comment: Comment) throws {
        let end = start + UInt32(data)
        #expect(try instance.call("sum", .i32(0), .i32(size)) == [.i32(UInt32(data) * 42)], comment)
        if data > 0 { #expect(try instance.call("sum", .i32(start), .i32(end)) == [.i32(UInt32(data) * 42)], comment) }
    }

    @Test func eachFindsItsOwn() throws {
        guard !Configuration.one.isEmpty else { return print("skipped: no compiler") }
        let modules = try [Self.data, 0, 16].map { (data: $0, module: try Self.module(data: $0)) }
        for round in 0..<60 {
            let (data, module) = modules[Int.random(in: 0..<3)]
            let instance = try module.instantiate(store: Store())
            try Self.check(instance, data: data, "round \(round)")
            if Bool.random() { #expect(try instance.call("grow") == [.i32(8)]) }
            try instance.call("spoil")
        }
    }

    @Test func manyAtOnce() throws {
        guard !Configuration.one.isEmpty else { return print("skipped: no compiler") }
        var module: Bulkhead.Module? = try Self.module(data: Self.data)
        let instances = try (0..<20).compactMap { _ in try module?.instantiate(store: Store()) }
        for (number, instance) in instances.enumerated() where number % 2 == 0 { try instance.call("spoil") }
        // What they use stays with them.
        module = nil
        for (number, instance) in instances.enumerated() where number % 2 == 1 {
            try Self.check(instance, data: Self.data, "instance \(number)")
        }
        #expect(instances.count == 20)
    }

    /// Each system call fails in turn: whoever asked is told, or gets what was asked for all the same.
    @Test func refusedByTheSystem() throws {
        guard !Configuration.one.isEmpty else { return print("skipped: no compiler") }
        let full = try Self.module(data: Self.data)
        let empty = try Self.module(data: 0)
        var refusals = 0
        for number in 1..<30 {
            for _ in 0..<3 {
                fail_system_call(Int32(number))
                let instance = try? full.instantiate(store: Store())
                fail_system_call(0)
                guard let instance else {
                    refusals += 1
                    continue
                }
                try Self.check(instance, data: Self.data, "call \(number)")
                try instance.call("spoil")
                // The end fails instead.
                fail_system_call(Int32(number))
            }
            fail_system_call(0)
            try Self.check(empty.instantiate(store: Store()), data: 0, "call \(number)")
        }
        #expect(refusals < 45)
    }
}
