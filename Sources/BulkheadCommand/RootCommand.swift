import ArgumentParser
import Glibc

/// The command itself: what it can do, and nothing of how.
public struct RootCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "bulkhead",
        abstract: "Runs WebAssembly at native speed, behind a wall.",
        version: version,
        subcommands: [
            RunCommand.self, CompileCommand.self, ValidateCommand.self, InspectCommand.self, WastCommand.self,
            SandboxCommand.self, BindgenCommand.self, DoctorCommand.self,
        ])

    static let version = "0.1.0"

    public init() {}
}

/// Runs the command with the process's arguments and ends the process with its exit code.
public func runBulkheadCommand() -> Never {
    exit(runBulkheadCommand(Array(CommandLine.arguments.dropFirst())))
}

/// Runs the command, writing to standard output and standard error.
/// - Parameter arguments: without the command's own name.
/// - Returns: the exit code.
func runBulkheadCommand(_ arguments: [String]) -> Int32 {
    do {
        // Only there are these a compiler's options.
        let isBindgen = arguments.first == BindgenCommand.configuration.commandName
        var command = try RootCommand.parseAsRoot(isBindgen ? BindgenCommand.separated(arguments) : arguments)
        try command.run()
        return EXIT_SUCCESS
    } catch let ending as Ending {
        return ending.code
    } catch let failure as Failure {
        Output.error("error: \(failure.description)\n")
        return EXIT_FAILURE
    } catch {
        let code = RootCommand.exitCode(for: error)
        let message = RootCommand.fullMessage(for: error)
        if code == .success {
            Output.write("\(message)\n")
        } else {
            // One spelling for every error.
            Output.error("\(message.hasPrefix("Error: ") ? "error: " + message.dropFirst(7) : message)\n")
        }
        return code.rawValue
    }
}
