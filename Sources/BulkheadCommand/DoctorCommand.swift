import ArgumentParser

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what this machine has for running modules.",
        discussion: "The exit code is 1 if modules can't be compiled and run here.")

    @OptionGroup var compiler: CompilerFlags

    func run() throws {
        let findings = Examination(compilerName: compiler.cc).findings
        Output.write(findings.map(\.text).joined(separator: "\n"))
        if findings.contains(where: { $0.state == .missing }) { throw Ending(code: 1) }
    }
}

/// One line of the doctor's report: what is there, what that means, and what to do.
struct Finding {
    enum State: String {
        case ok = "ok"
        /// Something is slower, smaller or not offered.
        case limited = "note"
        /// Modules can't be run.
        case missing = "FAIL"
    }

    let state: State
    let subject: String
    let found: String
    let meaning: String
    var advice: String?

    var text: String {
        let indentation = String(repeating: " ", count: 7)
        let label = "[\(state.rawValue)]"
        let padding = String(repeating: " ", count: max(1, indentation.count - label.count))
        var lines = ["\(label)\(padding)\(subject): \(found)", indentation + meaning]
        if let advice { lines.append("\(indentation)To do: \(advice)") }
        return lines.map { $0.split(separator: "\n").joined(separator: "\n\(indentation)") + "\n" }.joined()
    }
}
