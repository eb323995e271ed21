import ArgumentParser
import Bulkhead
import Glibc
import SandboxBuild
import Toolchain

/// `bulkhead sandbox`: libraries in sandboxes.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Put C and C++ libraries into sandboxes.",
        subcommands: [SandboxBuildCommand.self, SandboxInitCommand.self])
}

struct SandboxBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a C or C++ library for the sandbox, with its Swift bindings.",
        discussion: """
            Compiles the sources that sandbox.json names to a WebAssembly module and that to native code, and writes Swift for the \
            functions in its headers. Only what has changed since the last time is made again; objects are kept in NAME.build in \
            the output directory.

            library: NAME.so, which SandboxImage(artifact:) loads.
            object, assembly: NAME.o or NAME.s, which define NAME_artifact and NAME_module, with NAME.h.
            c: NAME.c with NAME.h and the runtime's headers.
            wasm: NAME.wasm, not compiled any further.
            NAME is the library's name.

            docs/SandboxManifest.md describes sandbox.json.
            """)

    @Argument(
        help: ArgumentHelp(
            "The library's sandbox.json, or the directory with it. (default: the current directory)",
            valueName: "manifest|dir"))
    var manifest = "."

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where everything goes. (default: the current directory)", valueName: "dir"))
    var output = "."

    @Option(
        help: ArgumentHelp(
            "Where the Swift bindings go. (default: NAME.swift beside a library, else nowhere)", valueName: "file"))
    var swift: String?

    @Option(help: ArgumentHelp("Where the library, or what --emit asks for, goes.", valueName: "file"))
    var library: String?

    @Option(
        help: ArgumentHelp("What to make. (default: library)", valueName: "library|object|assembly|c|wasm"),
        transform: SandboxBuildOptions.Product.parse)
    var emit = SandboxBuildOptions.Product.library

    @Option(
        help: ArgumentHelp(
            "Also make a library for direct mode: the same sources compiled for this machine, with no wall.",
            valueName: "file"))
    var direct: String?

    @Option(
        help: ArgumentHelp(
            "A C library for WebAssembly: a sysroot or a wasi-sdk. (default: what is installed)", valueName: "dir"))
    var sysroot: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Compilers to run at a time.", valueName: "n"))
    var jobs = Compiler.processorCount

    @Flag(help: "Bindings that also find the library in the resources of their SwiftPM target (Bundle.module).")
    var bundle = false

    @Flag(name: .shortAndLong, help: "Show every command that runs.")
    var verbose = false

    @OptionGroup var compiler: CompilerFlags

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output needs the name of a directory") }
        if jobs < 1 { throw ValidationError("--jobs needs a number above 0") }
        if bundle, emit != .library { throw ValidationError("--bundle goes with a library, not with --emit \(emit)") }
    }

    func run() throws {
        let progress = BuildProgress(isVerbose: verbose)
        defer { progress.end() }
        do {
            let report = try SandboxBuild(path: manifest, options: options, report: progress.show).run()
            progress.end()
            if verbose {
                Output.error("\(report.compiled) compiled, \(report.sources) sources\n")
                for path in report.products { Output.error("made \(path)\n") }
            }
        } catch {
            progress.end()
            if let error = error as? SandboxBuildError, let diagnostics = error.diagnostics {
                Output.error(diagnostics)
            }
            throw Failure(error, file: manifest)
        }
    }

    private var options: SandboxBuildOptions {
        var options = SandboxBuildOptions(directory: output)
        options.product = emit
        options.productPath = library
        options.swiftPath = swift
        options.directPath = direct
        options.loadsFromBundle = bundle
        options.sysroot = sysroot
        options.engine = compiler.configuration
        options.jobs = jobs
        options.colorsDiagnostics = Output.errorIsTerminal
        return options
    }
}

extension SandboxBuildOptions.Product {
    /// What `--emit` takes.
    static func parse(_ argument: String) throws -> Self {
        guard let product = Self(rawValue: argument) else {
            throw ValidationError("it is one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return product
    }
}
