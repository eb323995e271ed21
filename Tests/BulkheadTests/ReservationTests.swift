import Bulkhead
import Testing
import WasmModule

/// Address space that instances leave behind serves later ones, and tells them nothing.
struct ReservationTests {
    private static let page = MemoryType.pageSize

    private static func module(pages: Int) throws -> Bulkhead.Module {
        try Configuration.one[0].compile(
            """
            (memory (export "memory") \(pages) 200) (global $g (export "g") (mut i32) (i32.const 0))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "fill") (memory.fill (i32.const 0) (i32.const 0xAA) (i32.mul (memory.size) (i32.const 0x10000))))
            (func (export "touch") (param i32) (i32.store8 (local.get 0) (i32.const 1)))
            (func (export "sum") (result i64)
              (local $at i32) (local $sum i64)
              (loop $next
                (local.set $sum (i64.or (local.get $sum) (i64.load (local.get $at))))
                (local.set $at (i32.add (local.get $at) (i32.const 8)))
                (br_if $next (i32.lt_u (local.get $at) (i32.mul (memory.size) (i32.const 0x10000)))))
              (local.get $sum))
            """)
    }

    @Test func theNextOneFindsZeroes() throws {
        guard !Configuration.one.isEmpty else { return print("skipped: no compiler") }
        let modules = try [1, 3, 4, 5, 60].map { try (pages: $0, module: Self.module(pages: $0)) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            guard let (pages, module) = modules.randomElement(using: &random) else { continue }
            let instance = try module.instantiate(store: Store())
            let more = UInt32.random(in: 0...2, using: &random)
            #expect(try instance.call("grow", .i32(more)) == [.i32(UInt32(pages))])
            let size = UInt32(Self.page) * (UInt32(pages) + more)
            #expect(try instance.call("sum") == [.i64(0)])
            // Memory that was accessible to the last one is not to be to this one.
            _ = trap(.memoryOutOfBounds) { try instance.call("touch", .i32(size)) }
            _ = trap(.memoryOutOfBounds) { try instance.call("touch", .i32(size + UInt32(Self.page))) }
            if Bool.random(using: &random) {
                try instance.call("fill")
            } else {
                for _ in 0..<5 { try instance.call("touch", .i32(.random(in: 0..<size, using: &random))) }
            }
        }
    }

    /// More at once than are kept.
    @Test func manyAtOnce() throws {
        guard !Configuration.one.isEmpty else { return print("skipped: no compiler") }
        let module = try Self.module(pages: 1)
        for _ in 0..<3 {
            let stores = try (0..<40).map { _ in try Store() }
            for store in stores {
                let instance = try module.instantiate(store: store)
                #expect(try instance.call("sum") == [.i64(0)])
                try instance.call("fill")
            }
        }
    }
}
