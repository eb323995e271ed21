import Bulkhead
import CBench
import WasmText

/// The module that calls and instantiation are measured with.
enum SmallModule {
    static let text = """
        (module
          (import "host" "increment" (func $increment (param i32) (result i32)))
          (memory (export "memory") 1)
          (global $count (mut i32) (i32.const 0))
          (table 4 funcref)
          (elem (i32.const 0) $nothing $add)
          (data (i32.const 1024) "a few bytes of data, as a small module has them")
          (func $nothing (export "nothing"))
          (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
          (func (export "through") (param i32) (result i32) (call $increment (local.get 0)))
          (func (export "count") (result i32)
            (global.set $count (i32.add (global.get $count) (i32.const 1)))
            (i32.store (i32.const 16) (global.get $count))
            (global.get $count)))
        """

    static func write(_ build: Build) throws -> String {
        try write(text, "small.wasm", build)
    }

    /// The same with a mebibyte of data.
    static func writeWithData(_ build: Build) throws -> String {
        let data = "(data (i32.const 65536) \"\(String(repeating: "y", count: 1 << 20))\")"
        return try write(
            text.replacing("(memory (export \"memory\") 1)", with: "(memory (export \"memory\") 32) \(data)"),
            "data.wasm", build)
    }

    private static func write(_ text: String, _ name: String, _ build: Build) throws -> String {
        let path = build.path(name)
        try Build.write(assemble(Array(text.utf8)), to: path)
        return path
    }
}

struct CallBenchmark {
    let build: Build

    private struct Loop {
        var row: String
        var column: String
        /// Nanoseconds for that many calls, negative on failure.
        var run: (UInt64) throws -> Double
    }

    private static let rows = ["nothing", "add", "through", "alternate"]

    func run() throws -> [Record] {
        let wasm = try SmallModule.write(build)
        var loops: [Loop] = []
        for segment in [true, false] {
            let mode = segment ? "segment" : "flat"
            let artifact = try build.bulkhead(wasm, segment ? .all : .none, to: "small-bulkhead-\(mode).so")
            loops += try inC(artifact, "C \(mode)")
            loops += try inSwift(artifact, "Swift \(mode)")
        }
        loops += try peerLoops(wasm)

        let calls: UInt64 = 200_000
        var samples = loops.map { _ in Samples() }
        for round in -1..<build.options.rounds {
            for (position, loop) in loops.enumerated() {
                let time = try loop.run(calls)
                if time < 0 { throw Failure("\(loop.row) from \(loop.column) failed") }
                if round >= 0 { samples[position].values.append(time / Double(calls)) }
            }
        }

        print("\nCalls from the host into the sandbox and back: nanoseconds, median of \(build.options.rounds) rounds")
        print("Bulkhead's catch traps; wasm2c's catch them where it says so\n")
        var columns: [String] = []
        for loop in loops where !columns.contains(loop.column) { columns.append(loop.column) }
        var table = Table(rows: [[""] + columns])
        let titles = [
            "no arguments", "two arguments, one result", "and a call of the host within",
            "no arguments, two instances in turn",
        ]
        for (row, title) in zip(Self.rows, titles) {
            table.rows.append(
                [title]
                    + columns.map { column in
                        guard let place = loops.firstIndex(where: { $0.row == row && $0.column == column }) else {
                            return ""
                        }
                        return "\(samples[place].median.formatted(1)) ±\(samples[place].spread.formatted(1))"
                    })
        }
        table.print()
        return zip(loops, samples).map {
            Record(section: "calls", name: $0.row, configuration: $0.column, unit: "ns", $1)
        }
    }

    private func inC(_ artifact: String, _ column: String) throws -> [Loop] {
        let module = try CModule(artifact)
        let other = try CModule(artifact)
        return Self.rows.map { row in
            Loop(row: row, column: column) {
                row == "alternate"
                    ? bench_alternate(module.pointer, other.pointer, "nothing", $0)
                    : bench_call(module.pointer, row, $0)
            }
        }
    }

    private func inSwift(_ artifact: String, _ column: String) throws -> [Loop] {
        let store = try Store()
        let imports: Imports = [
            "host": ["increment": .function(try Function(store: store) { (value: UInt32) -> UInt32 in value &+ 1 })]
        ]
        let exports = try Engine().load(artifact: artifact)[0].instantiate(store: store, imports: imports).exports
        func export(_ name: String) throws -> Function {
            guard let function = exports[function: name] else { throw Failure("no \(name)") }
            return function
        }
        let nothing = try export("nothing").typed(as: (() -> ()).self)
        let add = try export("add").typed(as: ((UInt32, UInt32) -> UInt32).self)
        let through = try export("through").typed(as: ((UInt32) -> UInt32).self)
        return [
            Loop(row: "nothing", column: column) { count in
                try Self.time { for _ in 0..<count { try nothing() } }
            },
            Loop(row: "add", column: column) { count in
                try Self.time { for _ in 0..<count { _ = try add(1, 2) } }
            },
            Loop(row: "through", column: column) { count in
                try Self.time { for _ in 0..<count { _ = try through(1) } }
            },
        ]
    }

    private static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = bench_thread_time()
        try body()
        return Double(bench_thread_time() - start)
    }

    private func peerLoops(_ wasm: String) throws -> [Loop] {
        guard let peer = build.wasm2c else { return [] }
        var loops: [Loop] = []
        for segment in [true, false] {
            let name = segment ? "wasm2c segue" : "wasm2c flat"
            let library = try peer.build(
                wasm, segment: segment, calls: true, to: "small-wasm2c-\(segment ? "segue" : "flat").so", build)
            _ = try symbol("peer_init", in: library, as: (@convention(c) () -> Int32).self)()
            for (suffix, title) in [("", name), ("_catching", "\(name), caught")] {
                for row in Self.rows where row != "alternate" {
                    let loop = try symbol("peer_\(row)\(suffix)", in: library, as: bench_loop.self)
                    loops.append(Loop(row: row, column: title) { loop($0) })
                }
            }
        }
        return loops
    }
}

/// An artifact as a C program loads it.
struct CModule {
    let pointer: OpaquePointer

    init(_ artifact: String) throws {
        var message = [CChar](repeating: 0, count: 300)
        guard let pointer = bench_load(artifact, &message, UInt64(message.count)) else {
            throw Failure(String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
        self.pointer = pointer
    }
}
