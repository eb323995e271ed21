import Testing
import WasmText

@testable import WasmModule

/// The project's own scripts, which need nothing but the package.
@Suite struct OwnScriptTests {
    @Test(arguments: ScriptFile.own, Configuration.available)
    func passes(script: ScriptFile, configuration: Configuration) throws {
        try expectPasses(script, configuration, features: .all)
    }

    /// Every instruction there is, but for those on vectors, occurs in a module that some script instantiates. Each of those
    /// is one call of the prelude's, which `Tests/vector` compares with a plain one.
    @Test func everyInstructionIsCovered() throws {
        var covered: Set<Opcode> = []
        for script in ScriptFile.own {
            for command in try Script(parsing: script.bytes()).commands {
                guard case .module(let source) = command.kind else { continue }
                covered.formUnion(try opcodes(of: Module(decoding: source.assemble())))
            }
        }
        let missing = Opcode.allCases.filter { !$0.isVectorInstruction && !covered.contains($0) }
        #expect(missing.isEmpty, "no script has \(missing.map(\.description.mnemonic))")
    }

    private func opcodes(of module: Module) throws -> Set<Opcode> {
        var opcodes: Set<Opcode> = []
        for code in module.code {
            var instructions = InstructionReader(bytes: module.bytes, range: code.body, features: .all)
            while let instruction = try instructions.next() { opcodes.insert(instruction.opcode) }
        }
        return opcodes
    }
}
