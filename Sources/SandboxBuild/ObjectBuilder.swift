import Toolchain

/// Compiles sources to objects, those that changed since the last time.
struct ObjectBuilder {
    let compiler: Compiler
    /// Where objects and their records are kept.
    let directory: String
    /// Where commands run; paths in messages are absolute.
    let workingDirectory: String
    let hashes: InputHashes
    let context: BuildContext

    struct Object: Sendable, Hashable {
        let source: Source
        let path: String
    }

    func build(_ sources: [Source], _ flags: CompilationFlags) throws -> [Object] {
        try FileSystem.makeDirectory(directory)
        let jobs = Self.named(sources).map { name, source in
            Job(
                object: Object(source: source, path: "\(directory)/\(name).o"), builder: self,
                arguments: flags.arguments(for: source))
        }
        try compile(jobs.filter { !$0.isCurrent })
        return jobs.map(\.object)
    }

    /// A name for each source's object: the file's own, with a number where several have it.
    private static func named(_ sources: [Source]) -> [(name: String, source: Source)] {
        var used: Set<String> = []
        return sources.map { source in
            let stem = FileSystem.name(of: source.path)
            var name = stem
            var number = 2
            while !used.insert(name).inserted {
                name = "\(stem)-\(number)"
                number += 1
            }
            return (name, source)
        }
    }

    private func compile(_ jobs: [Job]) throws {
        if jobs.isEmpty { return }
        var diagnostics = ""
        var failed = 0
        var finished = 0
        var problem: (any Error)?
        context.report(.compiling(finished: 0, count: jobs.count))
        for job in jobs {
            FileSystem.removeFile(job.recordPath)
            context.report(.command(job.command.commandLine))
        }
        _ = Subprocess.run(jobs.map(\.command), atOnce: context.jobs) { index, result in
            finished += 1
            context.report(.compiling(finished: finished, count: jobs.count))
            do {
                let outcome = try result.get()
                diagnostics += outcome.standardError.text
                guard outcome.termination == .exited(0) else {
                    if outcome.standardError.text.isEmpty {
                        diagnostics += "\(jobs[index].command.commandLine)\n\(outcome.termination)\n"
                    }
                    failed += 1
                    // A few files' mistakes are enough for one time.
                    return failed < 3
                }
                context.report(.compiled(jobs[index].object.source.path))
                try jobs[index].record.write(to: jobs[index].recordPath)
                return true
            } catch {
                problem = error
                return false
            }
        }
        if let problem { throw problem }
        if failed > 0 { throw SandboxBuildError.compilation(failed: failed, diagnostics: diagnostics) }
        if !diagnostics.isEmpty { context.report(.warnings(diagnostics)) }
    }

    /// One source's compilation.
    private struct Job {
        let object: Object
        let command: Subprocess
        let recordPath: String
        private let dependencyPath: String
        private let key: String
        private let workingDirectory: String
        private let hashes: InputHashes

        init(object: Object, builder: ObjectBuilder, arguments: [String]) {
            self.object = object
            recordPath = "\(object.path).record"
            dependencyPath = "\(object.path).d"
            hashes = builder.hashes
            workingDirectory = builder.workingDirectory
            let color = builder.context.colorsDiagnostics ? ["-fcolor-diagnostics"] : []
            let own = ["-c", object.source.path, "-o", object.path, "-MD", "-MF", dependencyPath]
            key = BuildRecord.key(
                [builder.compiler.path, builder.compiler.version, builder.workingDirectory] + arguments + own)
            command = Subprocess(
                builder.compiler.path, arguments + color + own,
                environment: Compiler.childEnvironment(builder.context.environment),
                workingDirectory: builder.workingDirectory)
        }

        var isCurrent: Bool {
            guard FileSystem.isRegularFile(object.path), let record = BuildRecord(path: recordPath) else {
                return false
            }
            return record.isCurrent(key: key, hashes: hashes)
        }

        /// After the compilation: with the headers that it read.
        var record: BuildRecord {
            let rule = (try? FileSystem.contents(of: dependencyPath)) ?? []
            let files = DependencyFile.files(
                in: String(decoding: rule, as: UTF8.self), relativeTo: workingDirectory)
            return BuildRecord(key: key, inputs: [object.source.path] + files, hashes: hashes)
        }
    }
}
