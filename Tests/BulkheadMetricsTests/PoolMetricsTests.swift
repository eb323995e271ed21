import Bulkhead
import BulkheadMetrics
import MetricsTestKit
import Testing
import WasmText

struct PoolMetricsTests {
    @Test func countsWhatHappens() throws {
        let factory = TestMetrics()
        let metrics = PoolMetrics(pool: "p", factory: factory)
        let pool = try InstancePool(.init(slots: 1, maximumMemory: 1 << 16), observer: metrics)
        let module = try Engine().compile(assemble(Array("(module (memory 1))".utf8)))
        let template = try InstanceTemplate(module)
        for _ in 0..<3 {
            try pool.withInstance(of: template) { _ in
                _ = try? pool.withInstance(of: template) { _ in }
                metrics.record(pool.statistics)
            }
        }
        func counter(_ name: String, _ dimensions: [(String, String)] = []) throws -> Int64 {
            try factory.expectCounter("bulkhead_pool_\(name)", [("pool", "p")] + dimensions).totalValue
        }
        #expect(try counter("leases", [("warm", "false")]) == 1)
        #expect(try counter("leases", [("warm", "true")]) == 2)
        #expect(try counter("releases") == 3)
        #expect(try counter("refusals") == 3)
        #expect(try counter("quarantines") == 0)
        let leased = try factory.expectGauge("bulkhead_pool_slots", [("pool", "p"), ("state", "leased")])
        #expect(leased.lastValue == 1)
    }
}
