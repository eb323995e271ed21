import ArgumentParser
import Bulkhead
import Toolchain

/// How a module is compiled: options that subcommands share.
struct CompilerFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which accesses to memory go through the GS segment: all, none, floats (those of functions that compute with floating-point numbers), auto (what is fastest on this machine), or a list such as i32.load,f64.store. (default: auto)",
            valueName: "auto|all|none|floats|list"),
        transform: Segue.parse)
    var segue = Segue.auto

    @Option(help: ArgumentHelp("The C compiler: clang or gcc, by name or path.", valueName: "path"))
    var cc: String?

    @Option(
        name: .customShort("O", allowingJoined: true),
        help: ArgumentHelp("Optimize: 0, 1, 2, 3 or s. (default: 2)", valueName: "level"),
        transform: CompilerOptions.Optimization.parse)
    var optimization = CompilerOptions.Optimization.standard

    @Option(
        help: ArgumentHelp(
            "The processor to compile for, as -march= takes it (native: this one). The code runs on every x86-64 without it.",
            valueName: "name"))
    var cpu: String?

    @Flag(
        help:
            "The module was built without unrolling and strength reduction, as docs/Performance.md recommends: its counters don't wrap on purpose. Where that is wrong, it costs speed and nothing else."
    )
    var plainLoops = false

    @Flag(help: "Trap exactly where the specification says, even for a load whose value is not needed.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Compile code that counts what is run, and adds the counts to a file in this directory at the end; clang only.",
            valueName: "directory"))
    var profileGenerate: String?

    @Option(
        help: ArgumentHelp(
            "Optimize for what such runs have counted: their directory, one of its files, or what llvm-profdata made of them.",
            valueName: "path"))
    var profileUse: String?

    @Option(
        help: ArgumentHelp(
            "Stop compiling a module after this time; for modules of strangers. (default: no limit)",
            valueName: "seconds"))
    var compileTimeout: Double?

    func validate() throws {
        if profileGenerate != nil, profileUse != nil {
            throw ValidationError("--profile-generate and --profile-use are for two compilations, one after the other")
        }
        if profileGenerate == "" || profileUse == "" { throw ValidationError("a profile needs a path") }
        if cc == "" { throw ValidationError("--cc needs the name or path of a C compiler") }
        if let compileTimeout, !(compileTimeout > 0 && compileTimeout <= 1e6) {
            throw ValidationError("--compile-timeout needs a number of seconds above 0, such as 60")
        }
        if let cpu, cpu.isEmpty || cpu.contains(where: { $0.isWhitespace }) {
            throw ValidationError("--cpu needs the name of a processor, such as x86-64-v3 or native")
        }
    }

    /// Those that change what is compiled and were given, as they are spelt.
    var given: [String] {
        [
            segue == .auto ? nil : "--segue", cc == nil ? nil : "--cc", optimization == .standard ? nil : "-O",
            cpu == nil ? nil : "--cpu", plainLoops ? "--plain-loops" : nil, strict ? "--strict" : nil,
            profileGenerate == nil ? nil : "--profile-generate", profileUse == nil ? nil : "--profile-use",
        ].compactMap { $0 }
    }

    /// The engine that these options describe; the cache and callbacks are the subcommand's to set.
    var configuration: EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.segue = segue
        configuration.compiler = cc
        configuration.optimization = optimization
        configuration.cpu = cpu
        configuration.loops = plainLoops ? .plain : .reduced
        configuration.isStrict = strict
        configuration.profile =
            profileGenerate.map { .generate(directory: $0) } ?? profileUse.map { .use(path: $0) }
        configuration.compilationTimeLimit = compileTimeout.map { .seconds($0) }
        return configuration
    }
}

extension Segue {
    /// What `--segue` takes.
    static func parse(_ argument: String) throws -> Segue {
        switch argument {
        case "all": return .all
        case "none": return .none
        case "floats": return .floats
        case "auto": return .auto
        default:
            var accesses: Set<Access> = []
            for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
                guard let access = Access(rawValue: String(name)) else {
                    let names = Access.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("there is no access \(String(name).quoted); they are \(names)")
                }
                accesses.insert(access)
            }
            return .only(accesses)
        }
    }
}

extension CompilerOptions.Optimization {
    /// What follows `-O`.
    static func parse(_ argument: String) throws -> Self {
        guard let level = Self(rawValue: "O\(argument)") else {
            throw ValidationError("the levels are 0, 1, 2, 3 and s")
        }
        return level
    }
}
