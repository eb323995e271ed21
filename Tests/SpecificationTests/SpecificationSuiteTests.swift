import Testing
import WasmModule

/// The specification's own suite, version 2.0. `Scripts/spec-suite.sh` runs it against the optimized build,
/// and says what is missing for 3.0.
@Suite(
    .enabled(if: isSuitePresent, "the specification suite is not there: see BULKHEAD_SPEC in Tests/SpecificationTests"))
struct SpecificationSuiteTests {
    @Test(arguments: ScriptFile.suite, Configuration.available)
    func passes(script: ScriptFile, configuration: Configuration) throws {
        try expectPasses(script, configuration, features: .wasm2)
    }

    @Test func isWhole() {
        #expect(ScriptFile.suite.count == 147)
    }
}

private let isSuitePresent: Bool = {
    if !ScriptFile.suite.isEmpty { return true }
    print("skipped: specification suite not found at \(ScriptFile.suiteDirectory.path)")
    return false
}()
