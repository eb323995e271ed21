import ArgumentParser
import Glibc
import SandboxBuild

/// `bulkhead sandbox init`.
struct SandboxInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a sandbox.json to begin with, from the sources and headers that are there.",
        discussion: "Directories of tests, examples and documentation are left out. Nothing is overwritten.")

    @Argument(help: ArgumentHelp("The library's directory. (default: the current directory)", valueName: "dir"))
    var directory = "."

    @Option(help: ArgumentHelp("The library's name in Swift. (default: after the directory)", valueName: "name"))
    var library: String?

    func run() throws {
        let path = "\(directory)/\(SandboxManifest.fileName)"
        guard access(path, F_OK) != 0 else { throw Failure("\(path) is there already") }
        do {
            try OutputFile.write(Array(ManifestDraft(directory: directory, library: library).json.utf8), to: path)
        } catch {
            throw Failure(error, file: path)
        }
        Output.write("wrote \(path)\n")
    }
}
