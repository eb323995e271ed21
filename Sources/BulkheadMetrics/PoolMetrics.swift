import Bulkhead
import CoreMetrics

/// What happens in a pool, for swift-metrics.
///
/// ```swift
/// let pool = try InstancePool(configuration, observer: PoolMetrics(pool: "functions"))
/// ```
///
/// Counters `bulkhead_pool_leases` (with the dimension `warm`), `…_releases`, `…_refusals` and `…_quarantines`. Gauges are set by ``record(_:)``, which a
/// program calls as often as it likes: `bulkhead_pool_slots` with the dimension `state`.
public struct PoolMetrics: InstancePoolObserver {
    private let warm: Counter
    private let cold: Counter
    private let releases: Counter
    private let refusals: Counter
    private let quarantines: Counter
    private let states: [(gauge: Gauge, value: @Sendable (InstancePoolStatistics) -> Int)]

    /// - Parameters:
    ///   - pool: the dimension `pool` of all of them.
    ///   - factory: where the metrics are made; the program's own by default.
    public init(pool: String, factory: any MetricsFactory = MetricsSystem.factory) {
        func counter(_ name: String, _ dimensions: [(String, String)] = []) -> Counter {
            Counter(label: "bulkhead_pool_\(name)", dimensions: [("pool", pool)] + dimensions, factory: factory)
        }
        func state(
            _ name: String, _ value: @escaping @Sendable (InstancePoolStatistics) -> Int
        ) -> (gauge: Gauge, value: @Sendable (InstancePoolStatistics) -> Int) {
            (
                Gauge(label: "bulkhead_pool_slots", dimensions: [("pool", pool), ("state", name)], factory: factory),
                value
            )
        }
        warm = counter("leases", [("warm", "true")])
        cold = counter("leases", [("warm", "false")])
        releases = counter("releases")
        refusals = counter("refusals")
        quarantines = counter("quarantines")
        states = [
            state("leased") { $0.leased }, state("warm") { $0.warm }, state("closed") { $0.closed },
            state("retained") { $0.retained }, state("quarantined") { $0.quarantined },
        ]
    }

    public func poolDidLease(warm isWarm: Bool) { (isWarm ? warm : cold).increment() }
    public func poolDidRelease() { releases.increment() }
    public func poolDidRefuse() { refusals.increment() }
    public func poolDidQuarantine() { quarantines.increment() }

    /// Sets the gauges.
    public func record(_ statistics: InstancePoolStatistics) {
        for state in states { state.gauge.record(state.value(statistics)) }
    }
}
