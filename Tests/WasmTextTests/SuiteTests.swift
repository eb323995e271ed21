import Foundation
import Testing

@testable import WasmText

@Suite struct SuiteTests {
    /// Every module of 2.0 without vectors assembles, unless the suite calls it malformed; then the message is the suite's.
    @Test func everyModuleOfVersion2() throws {
        var assembled = 0
        var refused: [String: Int] = [:]
        var leftToDecoder: [String] = []
        for file in SpecificationSuite.scripts("2.0") where !file.lastPathComponent.hasPrefix("simd_") {
            let script = try Script(parsing: SpecificationSuite.bytes(file))
            #expect(!script.commands.isEmpty)
            for command in script.commands {
                let place = "\(file.lastPathComponent):\(command.line)"
                switch command.kind {
                case .module(let source), .moduleDefinition(let source), .assertTrapInstantiating(let source, _),
                    .assertInvalid(let source, _), .assertUnlinkable(let source, _):
                    do {
                        #expect(try source.assemble().count >= 8 || source.form == .binary)
                        assembled += 1
                    } catch {
                        Issue.record("\(place): \(error)")
                    }
                case .assertMalformed(let source, let message) where source.form != .binary:
                    do throws(TextError) {
                        _ = try source.assemble()
                        leftToDecoder.append("\(place): \(message)")
                    } catch {
                        #expect(error.kind == .malformed, "\(place)")
                        #expect(error.message.hasPrefix(message), "\(place): \(error), not '\(message)'")
                        refused[message, default: 0] += 1
                    }
                case .unsupported(let keyword):
                    Issue.record("\(place): \(keyword)")
                default:
                    break
                }
            }
        }
        print("2.0: \(assembled) modules assembled, \(refused.values.reduce(0, +)) malformed ones refused:")
        for (message, count) in refused.sorted(by: { $0.value > $1.value }) { print("  \(count) × \(message)") }
        #expect(leftToDecoder.isEmpty, "\(leftToDecoder)")
    }
}
