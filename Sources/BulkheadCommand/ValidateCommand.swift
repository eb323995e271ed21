import ArgumentParser
import WasmModule

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check modules against the specification.",
        discussion: "Prints nothing for a valid module. The exit code is 1 if there is one that isn't valid.")

    @Argument(help: ArgumentHelp("Modules in the binary (.wasm) or text format (.wat).", valueName: "file"))
    var files: [String]

    func run() throws {
        var isValid = true
        for file in files {
            do {
                try Module(decoding: InputFile.module(path: file)).validate()
            } catch {
                Output.error("error: \(Failure(error, file: file))\n")
                isValid = false
            }
        }
        if !isValid { throw Ending(code: 1) }
    }
}
