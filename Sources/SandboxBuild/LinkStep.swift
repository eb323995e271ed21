import Toolchain

/// A command that makes one file of objects; it runs where they, or it, have changed since the last time.
struct LinkStep {
    let compiler: Compiler
    /// Objects included.
    let arguments: [String]
    let objects: [ObjectBuilder.Object]
    let destination: String
    let recordPath: String
    let workingDirectory: String
    let context: BuildContext

    /// - Parameter failure: the error for what a linker that failed printed.
    /// - Returns: what the linker printed, or `nil` where it had nothing to do.
    func run(_ hashes: InputHashes, failure: (String) -> SandboxBuildError) throws -> String? {
        let arguments = arguments + ["-o", destination]
        let key = BuildRecord.key([compiler.path, compiler.version, workingDirectory] + arguments)
        if FileSystem.isRegularFile(destination), let record = BuildRecord(path: recordPath),
            record.isCurrent(key: key, hashes: hashes)
        {
            return nil
        }
        context.report(.linking)
        FileSystem.removeFile(recordPath)
        let command = Subprocess(
            compiler.path, arguments, environment: Compiler.childEnvironment(context.environment),
            workingDirectory: workingDirectory)
        context.report(.command(command.commandLine))
        let outcome = try command.run()
        guard outcome.termination == .exited(0) else { throw failure(outcome.standardError.text) }
        try BuildRecord(key: key, inputs: objects.map(\.path), hashes: hashes).write(to: recordPath)
        return outcome.standardError.text
    }
}
