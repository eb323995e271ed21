import Bulkhead
import CodeGeneration
import Foundation
import RandomModules
import Testing
import WasmModule

/// Rolled loops against the same loops as they were.
@Suite struct LoopRollingTests {
    static let count = 30

    /// The kinds of loops, each by itself, are rolled; that the comparison below compares different code.
    @Test func unrolledLoopsAreRolled() throws {
        let bytes = try assemble(UnrolledLoops.module(seed: 1, count: Self.count))
        let module = try WasmModule.Module(decoding: bytes)
        try module.validate()
        let code = try generateCode(for: [NamedModule(module, prefix: "module")], name: "artifact")
        let text = String(decoding: code.sources[0].content, as: UTF8.self)
        let rolled = text.components(separatedBy: "CODE static ").filter { $0.contains("const u32 distance") }
        let names = rolled.compactMap { $0.split(separator: "(").first }
        #expect(names.allSatisfy { $0.contains("_rolled") }, "\(names)")
        #expect(rolled.count > Self.count * 3 / 4, "\(rolled.count) of \(Self.count)")
    }

    @Test(arguments: Configuration.all) func rolledLoopsDoTheSame(_ configuration: Configuration) throws {
        let module = try configuration.compile(UnrolledLoops.module(seed: 1, count: Self.count))
        let instances = try (0..<2).map { _ in try module.instantiate(store: Store()) }
        var random = RandomSource(seed: 2)
        let bytes = (0..<65536).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
        var returned = 0
        for round in 0..<24 {
            for index in 0..<Self.count {
                var arguments = (0..<3).map { _ in Value.i32(address(&random)) }
                arguments.append(.i32(UInt32(round.isMultiple(of: 9) ? random.below(60) : 24 * (1 + random.below(5)))))
                let outcomes = try zip(instances, ["rolled", "plain"]).map { instance, name in
                    let memory = try #require(instance.exports[memory: "memory"])
                    try memory.write(bytes, at: 0)
                    let function = try #require(instance.exports[function: "\(name)\(index)"])
                    do {
                        let digest = try function(arguments)
                        returned += 1
                        return Outcome.returned(digest, try memory.read(at: 0, count: bytes.count))
                    } catch let trap as Trap {
                        return Outcome.trapped("\(trap.kind)")
                    }
                }
                #expect(outcomes[0] == outcomes[1], "loop \(index), \(arguments)")
            }
        }
        #expect(returned > 500)
    }

    private enum Outcome: Equatable {
        case returned([Value], [UInt8])
        /// What was stored before is not compared: code that may not run past a trap may still not have come to it.
        case trapped(String)
    }

    /// Close to one another, so that arrays overlap, and at times where addresses wrap.
    private func address(_ random: inout RandomSource) -> UInt32 {
        let place = UInt32(random.below(200) * 8 + (random.chance(20) ? random.below(8) : 0))
        switch random.below(12) {
        case 0: return 0 &- place
        case 1: return 65536 - place
        default: return 8000 + place
        }
    }
}
