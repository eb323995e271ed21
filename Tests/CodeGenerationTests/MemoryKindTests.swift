import CodeGeneration
import Testing

/// Which functions are taken to compute with floating-point numbers. Under `BULKHEAD_SEGMENT_FLOATS` their accesses use the segment.
struct MemoryKindTests {
    private func kind(_ body: String) throws -> String? {
        let text = "(module (memory 1) (func (export \"f\") (param $p i32) \(body)))"
        let source = String(decoding: try generate(assemble(text)).sources.flatMap(\.content), as: UTF8.self)
        let kinds = ["MEMORY_OF_FLOATS", "MEMORY_OF_INTEGERS"].filter { source.contains("    \($0)(OWN_MEMORY)\n") }
        #expect(kinds.count <= 1)
        return kinds.first
    }

    @Test func arithmeticOnFloats() throws {
        let sum = "(f64.store (local.get $p) (f64.add (f64.load (local.get $p)) (f64.load offset=8 (local.get $p))))"
        #expect(try kind(sum) == "MEMORY_OF_FLOATS")
        // One operation for every four accesses is enough, one for five isn't.
        let copy = "(i32.store (local.get $p) (i32.const 0))"
        #expect(try kind("\(sum) \(copy)") == "MEMORY_OF_FLOATS")
        #expect(try kind("\(sum) \(copy) \(copy)") == "MEMORY_OF_INTEGERS")
    }

    @Test func arithmeticOnVectors() throws {
        let product = "(f32x4.mul (v128.load (local.get $p)) (v128.load offset=16 (local.get $p)))"
        #expect(try kind("(v128.store (local.get $p) \(product))") == "MEMORY_OF_FLOATS")
        let sum = "(i32x4.add (v128.load (local.get $p)) (v128.load offset=16 (local.get $p)))"
        #expect(try kind("(v128.store (local.get $p) \(sum))") == "MEMORY_OF_INTEGERS")
    }

    @Test func others() throws {
        // To move a number isn't to compute with it.
        #expect(try kind("(f64.store (local.get $p) (f64.load offset=8 (local.get $p)))") == "MEMORY_OF_INTEGERS")
        #expect(try kind("(drop (f64.add (f64.const 1) (f64.const 2)))") == nil)
    }
}
