import ArgumentParser
import Bulkhead
import BulkheadWASI
import Glibc
import Toolchain

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a WebAssembly program.",
        usage: "bulkhead run [<options>] <file> [<arguments> ...]",
        discussion: """
            The program sees what it is given with --dir and --env, its arguments, and this command's standard input and \
            output; nothing else. Everything after FILE goes to it untouched; a -- right after FILE is taken away.

            Compiled code is kept (in BULKHEAD_CACHE, else ~/.cache/bulkhead), so that the next start is instant.

            The exit code is the program's; 134 after a trap, 64 for a mistake in the command line, 1 for other errors.
            """)

    @Option(
        name: .customLong("dir"),
        help: ArgumentHelp(
            "A directory that the program may use, and the name it has there. (repeatable)", valueName: "host[::guest]"),
        transform: DirectoryGrant.init(argument:))
    var directories: [DirectoryGrant] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp(
            "An environment variable for the program; without a value, it has this process's. (repeatable)",
            valueName: "name[=value]"),
        transform: Variable.init(argument:))
    var variables: [Variable] = []

    @Option(
        help: ArgumentHelp(
            "Call this exported function with the arguments, and print its results, one to a line.", valueName: "name"))
    var invoke: String?

    @Option(
        help: ArgumentHelp(
            "What to do about imports that nothing provides: fail, give functions that trap, or things that are zero.",
            valueName: "policy"))
    var unknownImports = UnknownImports.error

    @OptionGroup var compiler: CompilerFlags

    @Flag(help: "Neither look for compiled code in the cache nor leave any there.")
    var noCache = false

    @Argument(
        help: ArgumentHelp(
            "A module in the binary (.wasm) or text format (.wat), or what `bulkhead compile` made of one.",
            valueName: "file"))
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "What the program gets as its arguments.")
    var arguments: [String] = []

    /// A `--` between the file and its arguments is punctuation.
    var programArguments: [String] {
        arguments.first == "--" ? Array(arguments.dropFirst()) : arguments
    }

    func run() throws {
        var configuration = compiler.configuration
        if noCache { configuration.cache = .none }
        let module = try ProgramLoader(configuration: configuration, compilerOptions: compiler.given).load(file)
        do {
            try execute(module)
        } catch let exit as WASIExit {
            throw Ending(code: Int32(truncatingIfNeeded: exit.code))
        } catch let trap as Trap {
            Output.error("error: \(trap.report)\n")
            throw Ending.trap
        } catch let call as UnknownImportCall {
            Output.error("error: \(call)\n")
            throw Ending.trap
        } catch let mistake as ValidationError {
            throw mistake
        } catch {
            throw Failure(error, file: file)
        }
    }

    private func execute(_ module: Module) throws {
        let store = try Store()
        let wasi = try WASIContext(wasiConfiguration())
        let imports = try Linker(store: store, policy: unknownImports).imports(for: module, wasi: wasi)
        let instance = try module.instantiate(store: store, imports: imports)
        if let name = invoke {
            try instance.exports[function: "_initialize"]?()
            try call(name, of: instance)
        } else if let start = instance.exports[function: "_start"] {
            try start()
        } else if let initialize = instance.exports[function: "_initialize"] {
            try initialize()
        } else if !module.hasStartFunction {
            throw Failure(
                "\(file) exports no function _start or _initialize; call one that it has with --invoke: "
                    + Self.functions(of: instance))
        }
    }

    private func call(_ name: String, of instance: Instance) throws {
        guard let function = instance.exports[function: name] else {
            throw Failure("\(file) exports no function \(name.quoted); it has: \(Self.functions(of: instance))")
        }
        let arguments = try Invocation.arguments(programArguments, for: function.type, of: name)
        for result in try function(arguments) { Output.write("\(Invocation.text(result))\n") }
    }

    private static func functions(of instance: Instance) -> String {
        let names = instance.exports.compactMap { name, external in
            if case .function = external { name.printable } else { nil }
        }
        if names.isEmpty { return "none" }
        return names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }

    private func wasiConfiguration() -> WASIConfiguration {
        var configuration = WASIConfiguration()
        configuration.arguments = [FileSystem.name(of: file)] + (invoke == nil ? programArguments : [])
        configuration.environment = Dictionary(
            variables.compactMap { variable in variable.value.map { (variable.name, $0) } }, uniquingKeysWith: { $1 })
        configuration.standardInput = .inherit
        configuration.standardOutput = .inherit
        configuration.standardError = .inherit
        configuration.preopens = directories.map { WASIPreopen(guestPath: $0.guest, source: .path($0.host)) }
        return configuration
    }
}

/// `--dir HOST[::GUEST]`.
struct DirectoryGrant: Equatable {
    let host: String
    let guest: String

    init(argument: String) throws {
        if let (host, guest) = argument.divided(at: "::") {
            (self.host, self.guest) = (host, guest)
        } else {
            (host, guest) = (argument, argument)
        }
        if host.isEmpty || guest.isEmpty {
            throw ValidationError("it needs a directory, and after :: the name that the program knows it by")
        }
        var status = stat()
        guard stat(host, &status) == 0 else { throw ValidationError("\(host): \(String(cString: strerror(errno)))") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw ValidationError("\(host) is not a directory") }
    }
}

/// `--env NAME[=VALUE]`.
struct Variable: Equatable {
    let name: String
    /// `nil` where this process doesn't have it either.
    let value: String?

    init(argument: String) throws {
        if let (name, value) = argument.divided(at: "=") {
            (self.name, self.value) = (name, value)
        } else {
            name = argument
            value = getenv(argument).map { String(cString: $0) }
        }
        if name.isEmpty { throw ValidationError("a variable needs a name: NAME=VALUE") }
    }
}

extension String {
    /// What stands before and after the first `separator`.
    fileprivate func divided(at separator: String) -> (String, String)? {
        guard let range = firstRange(of: separator) else { return nil }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }
}

extension Trap {
    /// The kind, the place, and the functions on the stack.
    var report: String {
        let place = memoryOffset.map { " at offset 0x\(String($0, radix: 16))" } ?? ""
        return "wasm trap: \(kind)\(place)\(backtrace.report)"
    }
}

extension [Trap.Frame] {
    /// A line per function; a run of the same function takes one line. Says when there may be more.
    var report: String {
        var text = ""
        var position = 0
        while position < count {
            let frame = self[position]
            let name = frame.name?.printable ?? "0x\(String(frame.address, radix: 16))"
            let end = self[position...].firstIndex { $0.name == nil || $0.name != frame.name } ?? count
            let times = Swift.max(1, end - position)
            text += "\n    \(position): \(name)\(times > 1 ? " (\(times) times)" : "")"
            position += times
        }
        if count == Trap.frameLimit { text += "\n    ... (the innermost \(count) are kept)" }
        return text
    }
}
