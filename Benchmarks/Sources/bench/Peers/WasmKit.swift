import Foundation
import Toolchain
import WasmModule

/// The Swift toolchain's interpreter, a process for each run: what it takes to start, to parse and to do nothing is subtracted.
struct WasmKit: Peer {
    let name = "WasmKit"
    let tool: String
    let version: String

    static func find() throws -> Self? {
        guard let tool = locate("wasmkit") else { return nil }
        let asked = try Subprocess(tool, ["--version"], environment: ProcessEnvironment.current()).run()
        return Self(tool: tool, version: asked.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    func contenders(_ wasm: String, stem: String, _ build: Build) throws -> [Contender] {
        // It knows no vectors.
        guard try Build.isValid(wasm, features: .all.subtracting(.simd)) else { return [] }
        return [
            Contender("wasmkit", isInterpreter: true) { count in
                guard let nothing = try invoke(wasm, 0), let work = try invoke(wasm, count) else {
                    throw Failure("wasmkit can't run \(wasm)")
                }
                return (work.sum, max(1, work.nanoseconds - nothing.nanoseconds))
            }
        ]
    }

    private func invoke(_ wasm: String, _ count: UInt32) throws -> (sum: UInt32, nanoseconds: Double)? {
        let start = childrenTime()
        let command = Subprocess(
            tool, ["run", wasm, "run", "i32:\(count)"], environment: ProcessEnvironment.current())
        let outcome = try command.run()
        let time = childrenTime() - start
        let text = outcome.standardOutput.text
        guard outcome.termination == .exited(0), let open = text.lastIndex(of: "("),
            let sum = UInt32(text[open...].filter(\.isNumber))
        else { return nil }
        return (sum, time)
    }
}
