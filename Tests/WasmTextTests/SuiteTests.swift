import Foundation
import Testing

@testable import WasmText

@Suite struct SuiteTests {
    /// What 2.0 calls things that 3.0 has other words for.
    private let inVersion2 = ["i8 constant out of range": "malformed lane index"]

    /// Every module of 2.0 assembles, unless the suite calls it malformed; then the message is the suite's.
    @Test func everyModuleOfVersion2() throws {
        var assembled = 0
        var refused: [String: Int] = [:]
        var leftToDecoder: [String] = []
        for file in SpecificationSuite.scripts("2.0") {
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

    /// Every script of 3.0 parses, and no module in it is called malformed for want of a
    /// proposal. What is malformed by the suite is refused with its message, or as unsupported.
    @Test func laterScripts() throws {
        var assembled = 0
        var refused = 0
        var unsupported = 0
        for file in SpecificationSuite.scripts("3.0") {
            for command in try Script(parsing: SpecificationSuite.bytes(file)).commands {
                let place = "\(file.lastPathComponent):\(command.line)"
                let source: ModuleSource
                let messages: [String]
                switch command.kind {
                case .module(let module), .moduleDefinition(let module), .assertTrapInstantiating(let module, _),
                    .assertUnlinkable(let module, _):
                    (source, messages) = (module, [])
                // An extra parenthesis stands behind some of the wrong lane indices.
                case .assertMalformed(let module, let message) where module.form != .binary:
                    (source, messages) = (module, [message, "unexpected token", inVersion2[message] ?? message])
                // A large offset is for the validator since 3.0, and for the parser before.
                case .assertInvalid(let module, _):
                    (source, messages) = (module, ["i32 constant out of range"])
                default:
                    continue
                }
                do throws(TextError) {
                    _ = try source.assemble()
                    assembled += 1
                    #expect(!messages.contains("unexpected token"), "\(place): accepted")
                } catch {
                    let isExpected = error.kind == .unsupported || messages.contains { error.message.hasPrefix($0) }
                    #expect(isExpected, "\(place): \(error)")
                    if error.kind == .unsupported { unsupported += 1 } else { refused += 1 }
                }
            }
        }
        print("3.0 and vectors: \(assembled) modules assembled, \(refused) refused, \(unsupported) unsupported")
    }
}
