import Bulkhead
import CodeGeneration
import Synchronization
import Testing

struct LargeFunctionTests {
    /// Compiled all the same, in a time that grows with its size and not with the square of it.
    @Test(.disabled(if: usesKeptArtifacts, "needs a compiler"), arguments: Configuration.one)
    func isCompiledWithoutOptimization(configuration: Configuration) throws {
        // 9 bytes each.
        let step = "(local.set 0 (i32.add (local.get 0) (i32.const 1000000)))\n"
        let count = EmitterOptions.unoptimizedSize / 9 + 1
        let text = """
            (func (export "small") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
            (func $large (export "large") (param i32) (result i32)
            \(String(repeating: step, count: count))
            (local.get 0))
            """
        let notes = Mutex<[String]>([])
        let engine = configuration.engine {
            $0.onNote = { note in notes.withLock { $0.append(note) } }
            $0.cache = .none
        }
        let instance = try engine.compile(assemble(text)).instantiate(store: Store())
        #expect(try instance.call("large", .i32(5)) == [.i32(UInt32(truncatingIfNeeded: 5 + count * 1_000_000))])
        #expect(try instance.call("small", .i32(5)) == [.i32(10)])
        let said = notes.withLock { $0 }
        #expect(
            said.count == 1 && said[0].hasPrefix("function 1 (large) has ") && said[0].contains("without optimization"))
    }
}
