import ArgumentParser
import Bulkhead
import ScriptRunner
import Toolchain
import WasmModule

struct WastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wast",
        abstract: "Run WebAssembly test scripts.",
        discussion: """
            Compiles all modules of a script together, carries out its commands in order, and says which of them did not do \
            what the script expects, and which need something that is not supported yet. The exit code is 1 unless all \
            commands of all scripts pass.
            """)

    /// The language that the scripts are written for: what a later version allows, an earlier one's script may expect to be
    /// refused.
    enum Language: String, CaseIterable, ExpressibleByArgument {
        case wasm1
        case wasm2
        case all

        var features: Features {
            switch self {
            case .wasm1: .wasm1
            case .wasm2: .wasm2
            case .all: .all
            }
        }
    }

    @OptionGroup var compiler: CompilerFlags

    @Option(help: "The version of the language: wasm1, wasm2, or all that is supported.")
    var features = Language.all

    @Flag(help: "Compile every script anew.")
    var noCache = false

    @Option(help: ArgumentHelp("How many failures to show of each script.", valueName: "count"))
    var failures = 10

    @Argument(help: ArgumentHelp("The scripts (.wast).", valueName: "file"), completion: .file(extensions: ["wast"]))
    var files: [String]

    mutating func run() throws {
        var configuration = compiler.configuration
        configuration.features = features.features
        if noCache { configuration.cache = .none }
        let runner = ScriptRunner(engine: Engine(configuration: configuration))
        var passed = 0
        var failed = 0
        for file in files {
            let report = run(file, with: runner)
            passed += report.passed
            failed += report.failures.count + report.unsupported.count
            show(report, of: file)
        }
        Output.write("\(passed) passed, \(failed) failed\n")
        if failed > 0 { throw Ending(code: 1) }
    }

    /// A script that can't be run at all is one failure.
    private func run(_ file: String, with runner: ScriptRunner) -> ScriptReport {
        do {
            switch try InputFile(path: file) {
            case .text(let text): return try runner.run(text)
            case .module, .artifact: throw Failure("\(file) is not a test script but a module")
            }
        } catch {
            return ScriptReport(failure: "\(Failure(error, file: file))")
        }
    }

    private func show(_ report: ScriptReport, of file: String) {
        var line = "\(FileSystem.name(of: file)): \(report.passed) passed, \(report.failures.count) failed"
        if !report.unsupported.isEmpty {
            var reasons: [String] = []
            for entry in report.unsupported where !reasons.contains(entry.message) { reasons.append(entry.message) }
            line += ", \(report.unsupported.count) unsupported: \(reasons.prefix(3).joined(separator: "; "))"
        }
        Output.write("\(line.printable)\n")
        for entry in report.failures.prefix(failures) {
            Output.write("    line \(entry.line): \(entry.message.printable)\n")
        }
        if report.failures.count > failures {
            Output.write("    and \(report.failures.count - failures) more\n")
        }
    }
}
