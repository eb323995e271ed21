import Bulkhead
import BulkheadSandbox
import CBench
import Foundation
import WasmText

/// A library of a few functions, with bindings as `bulkhead bindgen` writes them.
private enum Small: SandboxLibrary {
    static let interface = SandboxInterface(name: "Small", functions: "add ii>i\nrepeat ii>i")

    static let text = """
        (module
          (memory (export "memory") 32)
          (table (export "__indirect_function_table") 1 funcref)
          (type $transform (func (param i32 i32) (result i32)))
          (global $top (mut i32) (i32.const 1024))
          (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
          (func (export "repeat") (param $function i32) (param $count i32) (result i32)
            (local $value i32)
            (loop $again
              (local.set $value (call_indirect (type $transform) (i32.const 0) (local.get $value) (local.get $function)))
              (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
            (local.get $value))
          (func (export "malloc") (param i32) (result i32)
            (global.get $top)
            (global.set $top (i32.add (global.get $top) (local.get 0))))
          (func (export "free") (param i32)))
        """

    enum Transform: SandboxFunctionType {
        typealias Library = Small
        typealias Body = (inout Sandbox<Small>, SandboxRawPointer?, Tainted<Int32>) throws -> Int32
        static let name = "transform"
        static let signature = "ii>i"

        static func call(
            _ body: Body, _ sandbox: inout Sandbox<Small>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            slots[0] = try body(
                &sandbox, SandboxRawPointer(slot: slots[0], sandbox.machine), Tainted(slot: slots[1])
            ).slot
        }
    }
}

extension Sandbox where Library == Small {
    fileprivate mutating func add(_ a: Int32, _ b: Int32) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(0, slots: 2) {
                $0[0] = a.slot
                $0[1] = b.slot
            })
    }

    fileprivate mutating func `repeat`(
        _ function: SandboxFunctionPointer<Small.Transform>?, _ count: Int32
    ) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(1, slots: 2) {
                $0[0] = function.slot()
                $0[1] = count.slot
            })
    }
}

/// What the tainted API costs over the calls beneath it, and sandboxes over nothing.
struct SandboxBenchmark {
    let build: Build

    private static let megabyte = 1 << 20

    func run() throws -> [Record] {
        let wasm = build.path("small-library.wasm")
        try Build.write(assemble(Array(Small.text.utf8)), to: wasm)
        let artifact = try build.bulkhead(wasm, .auto, to: "small-library.so")
        let image = try SandboxImage<Small>(artifact: artifact)
        var measurements = try calls(image, artifact) + copies(image) + creation(image)

        for round in -1..<build.options.rounds {
            for position in measurements.indices {
                let time = try measurements[position].run()
                if round >= 0 { measurements[position].samples.values.append(time / measurements[position].count) }
            }
        }
        print("\nThe tainted API, and what it stands on: nanoseconds, median of \(build.options.rounds) rounds\n")
        var table = Table(rows: [["", "median", "minimum"]])
        for measurement in measurements {
            let samples = measurement.samples
            table.rows.append(
                [
                    measurement.name, "\(samples.median.formatted(1)) ±\(samples.spread.formatted(1))",
                    samples.minimum.formatted(1),
                ])
        }
        table.print()
        print("\nmemory of an idle sandbox (two pages of its own touched): \(try idleMemory(image)) bytes")
        return measurements.map {
            Record(section: "sandboxes", name: $0.name, configuration: "segment", unit: "ns", $0.samples)
        }
    }

    private struct Measurement {
        var name: String
        /// Of what `run` takes the time of together.
        var count: Double
        var samples = Samples()
        /// In nanoseconds.
        var run: () throws -> Double
    }

    private static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = bench_thread_time()
        try body()
        return Double(bench_thread_time() - start)
    }

    /// Closures can't capture a value that has one owner.
    private final class Owner {
        var sandbox: Sandbox<Small>

        init(_ image: SandboxImage<Small>, _ limits: SandboxLimits = SandboxLimits()) throws {
            sandbox = try Sandbox(image, limits: limits)
        }
        init(_ pool: SandboxPool<Small>) throws { sandbox = try pool.take() }

        /// Access to a property of a class is checked at run time, each time; this is one access.
        func withSandbox<Result>(_ body: (inout Sandbox<Small>) throws -> Result) rethrows -> Result {
            try body(&sandbox)
        }
    }

    private func calls(_ image: SandboxImage<Small>, _ artifact: String) throws -> [Measurement] {
        let count = 200_000
        let module = try CModule(artifact)
        let typed = try Engine().load(artifact: artifact)[0].instantiate(store: Store())
            .exports[function: "add"]?.typed(as: ((UInt32, UInt32) -> UInt32).self)
        guard let typed else { throw Failure("no add") }
        let owner = try Owner(image)
        let limited = try Owner(image, SandboxLimits(time: .seconds(1)))
        return [
            Measurement(name: "call from C", count: Double(count)) { bench_call(module.pointer, "add", UInt64(count)) },
            Measurement(name: "call of a typed function", count: Double(count)) {
                try Self.time { for _ in 0..<count { _ = try typed(1, 2) } }
            },
            Measurement(name: "call through the tainted API", count: Double(count)) {
                try owner.withSandbox { sandbox in
                    try Self.time { for _ in 0..<count { _ = try sandbox.add(1, 2) } }
                }
            },
            Measurement(name: "the same with a time limit", count: Double(count)) {
                try limited.withSandbox { sandbox in
                    try Self.time { for _ in 0..<count { _ = try sandbox.add(1, 2) } }
                }
            },
            Measurement(name: "callback", count: Double(count)) {
                let increment = try owner.sandbox.callback(Small.Transform.self) { _, _, value in
                    (value + 1).unsafeUnchecked(because: "a benchmark")
                }
                return try Self.time { _ = try owner.sandbox.repeat(increment.pointer, Int32(count)) }
            },
            Measurement(name: "callback registered and released", count: 20_000) {
                try Self.time {
                    for _ in 0..<20_000 { _ = try owner.sandbox.callback(Small.Transform.self) { _, _, _ in 1 } }
                }
            },
        ]
    }

    private func copies(_ image: SandboxImage<Small>) throws -> [Measurement] {
        let bytes = [UInt8](repeating: 7, count: Self.megabyte)
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.megabyte, alignment: 64)
        let owner = try Owner(image)
        guard let pointer = SandboxPointer<UInt8>(offset: 4096) else { throw Failure("no pointer") }
        return [
            Measurement(name: "memcpy of 1 MiB", count: 20) {
                Self.time { for _ in 0..<20 { bytes.withUnsafeBytes { target.copyMemory(from: $0) } } }
            },
            Measurement(name: "1 MiB copied in", count: 20) {
                try Self.time { for _ in 0..<20 { try owner.sandbox.copy(bytes.span.bytes, to: pointer) } }
            },
            Measurement(name: "1 MiB copied out to an array", count: 20) {
                try Self.time {
                    for _ in 0..<20 { _ = try owner.sandbox.copyBytes(at: pointer, count: Self.megabyte) }
                }
            },
        ]
    }

    private func creation(_ image: SandboxImage<Small>) throws -> [Measurement] {
        [
            Measurement(name: "sandbox made and freed", count: 500) {
                try Self.time { for _ in 0..<500 { _ = try Sandbox(image) } }
            },
            Measurement(name: "sandbox taken from a pool", count: 200) {
                // Large enough that nothing is made meanwhile.
                let pool = try SandboxPool(image, size: 500)
                var taken: [Owner] = []
                taken.reserveCapacity(200)
                return try Self.time { for _ in 0..<200 { taken.append(try Owner(pool)) } }
            },
        ]
    }

    /// What resident memory grows by, for each of many.
    private func idleMemory(_ image: SandboxImage<Small>) throws -> Int {
        let count = 2000
        var owners: [Owner] = []
        owners.reserveCapacity(count)
        let before = try Self.residentBytes()
        for _ in 0..<count { owners.append(try Owner(image)) }
        let after = try Self.residentBytes()
        return withExtendedLifetime(owners) { (after - before) / count }
    }

    private static func residentBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { throw Failure("/proc/self/statm can't be read") }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
