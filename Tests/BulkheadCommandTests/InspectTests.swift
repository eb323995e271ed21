import Testing
import WasmModule
import WasmText

@testable import BulkheadCommand

@Suite("bulkhead inspect")
struct InspectTests {
    private func report(_ text: String) throws -> String {
        Inspection(try Module(decoding: assemble(Array(text.utf8)))).report(name: "test.wat")
    }

    @Test("shows everything that a module has")
    func everything() throws {
        let report = try report(
            """
            (module $everything
              (import "env" "log" (func $log (param i32)))
              (import "env" "limit" (global i64))
              (memory (export "memory") 1 16)
              (table 3 funcref)
              (global (mut i32) (i32.const 0))
              (func $small (export "small"))
              (func $large (result i32 i32) (i32.extend8_s (i32.const 1)) (i32.const 2))
              (start $small)
              (data (i32.const 0) "data"))
            """)
        #expect(
            report == """
                test.wat: 165 bytes, module "everything"
                Features: sign-extension, multi-value

                Sections
                  type      at 0xa   13 bytes  3 types
                  import    at 0x19  24 bytes  2 imports
                  function  at 0x33  3 bytes   2 functions
                  table     at 0x38  4 bytes   1 table
                  memory    at 0x3e  4 bytes   1 memory
                  global    at 0x44  6 bytes   1 global
                  export    at 0x4c  18 bytes  2 exports
                  start     at 0x60  1 byte
                  code      at 0x63  12 bytes  2 bodies
                  data      at 0x71  10 bytes  1 segment
                  "name"    at 0x7d  40 bytes

                Types
                  0: [i32] -> []
                  1: [] -> []
                  2: [] -> [i32 i32]

                Imports
                  "env" "log": func [i32] -> []
                  "env" "limit": global i64

                Exports
                  "memory": memory 1 16
                  "small": func [] -> []

                Memories
                  0: 1 page (64 KiB) to 16 pages (1024 KiB)

                Tables
                  0: 3 without a maximum, of funcref

                Globals
                  2, 1 of them variable

                Start
                  function [1] small

                Functions
                  2 defined here, 1 imported
                  6 bytes  [2] large
                  1 byte   [1] small

                """)
    }

    @Test("shows the ten largest functions")
    func largest() throws {
        let functions = (1...12).map { "(func $f\($0) \(String(repeating: "(nop)", count: $0)))" }.joined()
        let report = try report("(module \(functions))")
        #expect(report.contains("  12 defined here, 0 imported\n  13 bytes  [11] f12\n"))
        #expect(report.hasSuffix("  4 bytes   [2] f3\n"))
    }

    @Test("says of an invalid module why, and shows it all the same")
    func invalid() throws {
        let report = try report(
            "(module (func (result i32)) (export \"f\" (func 9)) (export \"m\" (memory 1)) (export \"t\" (table 1)))")
        #expect(report.contains("Not valid: "))
        #expect(report.contains("  \"f\": func ?\n  \"m\": memory ?\n  \"t\": table ?\n"))
    }

    @Test("an empty module")
    func empty() throws {
        #expect(try report("(module)") == "test.wat: 8 bytes\nFeatures: none beyond WebAssembly 1.0\n")
    }

    @Test("prints what it found", .needsCommand)
    func command() throws {
        let outcome = try Command()("inspect", "Examples/fractal/fractal.wat")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("fractal.wat: ") && outcome.output.contains("module \"fractal\""))
        #expect(outcome.output.contains("Features: saturating-truncation, bulk-memory\n"))
        #expect(outcome.output.contains("\"wasi_snapshot_preview1\" \"fd_write\": func [i32 i32 i32 i32] -> [i32]"))
    }
}

@Suite("bulkhead validate", .needsCommand)
struct ValidateTests {
    let scratch = try! Scratch()

    @Test("is silent about valid modules and goes on after others")
    func several() throws {
        let good = try scratch.write("good.wat", Programs.functions)
        let bad = try scratch.write("bad.wat", "(module (func (result i32)))")
        let worse = try scratch.write("worse.wasm", [0, 0x61])
        let fine = try Command()("validate", good, good)
        #expect(fine.output == "" && fine.error == "" && fine.exitCode == 0)
        let outcome = try Command()("validate", bad, good, worse)
        #expect(outcome.exitCode == 1)
        #expect(outcome.output == "")
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("error: \(bad): invalid module: type mismatch") == true)
        #expect(lines.last?.hasPrefix("error: \(worse): malformed module: ") == true)
    }
}
