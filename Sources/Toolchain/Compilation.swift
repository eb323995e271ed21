import AddressFolding
import Glibc

/// A file handed to the compiler.
public struct SourceFile: Sendable, Hashable {
    /// A plain file name: letters, digits, `.`, `_`, `-` and `+`, beginning with a letter, a digit or `_`; up to 200
    /// of them.
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension Compiler {
    public enum Product: Sendable, Hashable {
        /// One relocatable object, also from several sources.
        case object
        case sharedLibrary
        /// The compiler's assembly text of a single source.
        case assembly
    }

    /// How many sources are compiled at a time: the processors that are online.
    public static var processorCount: Int {
        max(1, Int(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Compiles C sources and puts the result at `destination` in one step: there is a whole file there afterwards, or
    /// what was there before.
    ///
    /// The files are written to a directory of this call's own, which is gone when it returns, so that sources can say
    /// `#include "name.h"` for each header.
    /// - Parameters:
    ///   - keepSources: a directory, made if it isn't there, to work in instead and to leave everything in. Commands in
    ///     error messages can be repeated there.
    ///   - jobs: how many sources to compile at a time.
    ///   - timeLimit: for the whole call; then the compiler is killed.
    /// - Returns: the compiler's warnings, empty as a rule.
    @discardableResult
    public func compile(
        sources: [SourceFile], headers: [SourceFile] = [], product: Product, to destination: String,
        options: CompilerOptions, keepSources: String? = nil, jobs: Int = Compiler.processorCount,
        timeLimit: Duration? = nil, environment: [String: String] = ProcessEnvironment.current()
    ) throws(ToolchainError) -> String {
        guard !sources.isEmpty else { throw .invalidArgument("there is nothing to compile") }
        guard product != .assembly || sources.count == 1 else {
            throw .invalidArgument("assembly is made of one source at a time, not of \(sources.count)")
        }
        var sources = sources
        let isCounting = if case .generate = options.profile { true } else { false }
        if isCounting {
            guard product == .sharedLibrary else {
                throw .invalidArgument(
                    "only a library can count for a profile, because what writes the counts is linked into it")
            }
            sources.append(Self.profileSource)
        }
        let deadline = timeLimit.map { ContinuousClock.now + $0 }
        let objects = sources.map { "\($0.name).o" }
        let assemblies = sources.map { "\($0.name).s" }
        let linked = "linked.o"
        try Self.check(names: (headers + sources).map(\.name) + objects + assemblies + [linked])

        let temporary = try TemporaryDirectory(environment: environment)
        if let keepSources, mkdir(keepSources, 0o755) != 0, errno != EEXIST {
            throw .fileSystem(operation: "mkdir", path: keepSources, code: errno)
        }
        let named = keepSources ?? temporary.path
        guard let place = FileSystem.resolve(named) else {
            throw .fileSystem(operation: "open", path: named, code: errno)
        }
        var environment = Self.childEnvironment(environment)
        // The compiler's own temporary files go the same way as ours.
        environment["TMPDIR"] = temporary.path

        for file in headers + sources {
            let path = "\(place)/\(file.name)"
            let written = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
            try written.write(file.bytes, to: path)
        }

        func command(_ arguments: [String]) -> Subprocess {
            var command = Subprocess(path, arguments, environment: environment, workingDirectory: place)
            command.deadline = deadline
            return command
        }
        // The directory's name is different every time and is not to show in the result.
        let shared =
            try compileArguments + ["-ffile-prefix-map=\(place)=."] + options.arguments(for: family)
            + profileArguments(options.profile, directory: temporary.path, environment: environment, deadline: deadline)
        var warnings = ""
        func run(_ commands: [Subprocess]) throws(ToolchainError) {
            for (command, result) in zip(commands, Subprocess.run(commands, atOnce: jobs)) {
                warnings += try Self.warnings(of: command, result.get())
            }
        }
        let folds = foldsAddresses(options)
        // What the compiler leaves: assembly if that is wanted or has to be worked on.
        let compiled = folds && product != .assembly ? assemblies : objects
        try run(
            zip(sources, compiled).map { source, name in
                command(shared + [folds || product == .assembly ? "-S" : "-c", source.name, "-o", name])
            })
        if folds {
            for name in compiled { try Self.foldAddresses("\(place)/\(name)") }
            if product != .assembly {
                try run(zip(compiled, objects).map { assembly, object in command(["-c", assembly, "-o", object]) })
            }
        }

        let link: [String]? =
            switch product {
            case .sharedLibrary: sharedLibraryArguments + (isCounting ? ["-fprofile-generate"] : [])
            case .object: objects.count > 1 ? relocatableArguments : nil
            case .assembly: nil
            }
        if let link { try run([command(link + objects + ["-o", linked])]) }
        try Self.copy("\(place)/\(link == nil ? objects[0] : linked)", to: destination)
        return warnings
    }

    /// Everything that decides what comes out, but the sources.
    func fingerprint(_ options: CompilerOptions) throws(ToolchainError) -> [String] {
        var parts = [path, family.rawValue, version]
        parts += compileArguments + ["--"] + sharedLibraryArguments + ["--"] + relocatableArguments + ["--"]
        parts += options.arguments(for: family)
        if foldsAddresses(options) { parts.append("--fold-addresses") }
        parts += try fingerprint(options.profile)
        if options.cpu == "native" || options.extraArguments.contains(where: { $0.hasSuffix("=native") }) {
            parts.append(try Processor.identify())
        }
        return parts
    }

    private func foldsAddresses(_ options: CompilerOptions) -> Bool {
        #if arch(x86_64)
            options.foldsAddresses && family == .clang
        #else
            false
        #endif
    }

    private static func foldAddresses(_ path: String) throws(ToolchainError) {
        let assembly = try FileDescriptor.open(path, O_RDONLY).read(upTo: .max, of: path)
        try FileDescriptor.open(path, O_WRONLY | O_TRUNC).write(AddressFolding.foldAddresses(in: assembly), to: path)
    }

    private static func check(names: [String]) throws(ToolchainError) {
        var seen: Set<String> = []
        for name in names {
            let plain = name.utf8.enumerated().allSatisfy { place, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"): place > 0
                default: false
                }
            }
            guard plain, (1...200).contains(name.utf8.count) else {
                throw .invalidArgument(
                    "\"\(name)\" cannot be the name of a source file: use a plain name such as module.c")
            }
            guard seen.insert(name).inserted else {
                throw .invalidArgument("two files of the compilation have the name \(name)")
            }
        }
    }

    private static func warnings(
        of command: Subprocess, _ outcome: Subprocess.Outcome
    ) throws(ToolchainError) -> String {
        guard outcome.termination == .exited(0) else {
            throw .compilationFailed(
                CompilationFailure(
                    commandLine: command.commandLine, termination: outcome.termination,
                    diagnostics: beginning(of: outcome.standardError)))
        }
        return outcome.standardError.text
    }

    /// The first 40 lines, none longer than 400 characters: generated code has long ones.
    private static func beginning(of output: Subprocess.Output) -> String {
        let lines = output.text.split(separator: "\n", omittingEmptySubsequences: false)
        var text = lines.prefix(40).map { $0.count > 400 ? "\($0.prefix(400))..." : String($0) }
        if lines.count > 40 || output.dropped > 0 { text.append("... and more") }
        return text.joined(separator: "\n")
    }

    /// By way of a new file beside the destination, because a temporary directory is often on another file system.
    private static func copy(_ source: String, to destination: String) throws(ToolchainError) {
        let partial = "\(destination).\(FileSystem.uniqueSuffix()).tmp"
        let input = try FileDescriptor.open(source, O_RDONLY)
        let output = try FileDescriptor.open(partial, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        do throws(ToolchainError) {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let result = buffer.withUnsafeMutableBytes { bytes in
                    Result { () throws(ToolchainError) in
                        let count = try input.read(into: bytes, of: source)
                        try output.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), to: partial)
                        return count
                    }
                }
                if try result.get() == 0 { break }
            }
            guard rename(partial, destination) == 0 else {
                throw .fileSystem(operation: "rename to", path: destination, code: errno)
            }
        } catch {
            unlink(partial)
            throw error
        }
    }
}
