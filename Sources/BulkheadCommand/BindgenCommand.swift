import ArgumentParser
import Bindgen

struct BindgenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bindgen",
        abstract: "Write Swift bindings of C headers, for a library in a sandbox.",
        discussion: """
            Functions become methods of Sandbox<LIBRARY>; types and constants are in the namespace LIBRARY. What can't be \
            bound is listed, with the reason, on standard error and at the end of the Swift file.

            The shim goes into the sandboxed library, the direct shim into the native one for direct mode. Export the names in the \
            export list with -Wl,--export-if-defined=NAME, and link with -Wl,--export-table -Wl,--growable-table.
            """)

    @Argument(
        help: ArgumentHelp(
            "Headers of the library; <stdio.h> for one of the system's that they need.", valueName: "header"))
    var headers: [String]

    @Option(help: ArgumentHelp("The library's name in Swift, such as Expat.", valueName: "name"))
    var library: String

    @Option(
        name: .customShort("I", allowingJoined: true),
        help: ArgumentHelp("Look for headers in this directory.", valueName: "dir"))
    var includeDirectories: [String] = []

    @Option(
        name: .customLong("isystem", withSingleDash: true),
        help: ArgumentHelp("Look for headers there too; they are not the library's own.", valueName: "dir"))
    var systemIncludeDirectories: [String] = []

    @Option(
        name: .customShort("D", allowingJoined: true),
        help: ArgumentHelp("Define a macro.", valueName: "name[=value]"))
    var definitions: [String] = []

    @Option(help: ArgumentHelp("The headers' language. extern \"C\" is bound in C++.", valueName: "c|c++"))
    var language = BindingRequest.Language.c

    @Option(help: ArgumentHelp("A WASI sysroot or wasi-sdk. (default: the one that is found)", valueName: "dir"))
    var sysroot: String?

    @Option(help: ArgumentHelp("The clang to use, by name or path.", valueName: "path"))
    var cc: String?

    @Option(
        name: .customLong("clang-argument"),
        help: ArgumentHelp("Another argument for clang, such as -std=c11.", valueName: "argument"))
    var clangArguments: [String] = []

    @Option(help: ArgumentHelp("What the headers don't say: names, lengths, ownership (JSON).", valueName: "file"))
    var annotations: String?

    @Option(help: ArgumentHelp("Bind only functions, variables and constants of such names.", valueName: "glob"))
    var allow: [String] = []

    @Option(help: ArgumentHelp("Don't bind what has such a name.", valueName: "glob"))
    var deny: [String] = []

    @Option(help: ArgumentHelp("Where the Swift file goes. (default: standard output)", valueName: "out.swift"))
    var swift: String?

    @Option(help: ArgumentHelp("Where the C code for the sandboxed library goes.", valueName: "out.c"))
    var shim: String?

    @Option(help: ArgumentHelp("Where the C code for the native library goes.", valueName: "out.c"))
    var directShim: String?

    @Option(help: ArgumentHelp("Where the list of names to export goes.", valueName: "out.txt"))
    var exports: String?

    /// The arguments with `-DNAME=VALUE` and its like in two: the parser takes what is before the `=` for an option's name.
    static func separated(_ arguments: [String]) -> [String] {
        arguments.flatMap { argument in
            let isJoined = argument.hasPrefix("-D") || argument.hasPrefix("-I")
            return isJoined && argument.contains("=")
                ? [String(argument.prefix(2)), String(argument.dropFirst(2))] : [argument]
        }
    }

    var request: BindingRequest {
        get throws {
            var request = BindingRequest(library: library, headers: headers)
            request.language = language
            request.includeDirectories = includeDirectories
            request.systemIncludeDirectories = systemIncludeDirectories
            request.definitions = definitions
            request.clangArguments = clangArguments
            request.sysroot = sysroot
            request.compiler = cc
            request.allow = allow
            request.deny = deny
            if let annotations {
                request.annotations = try Annotations(json: try InputFile.text(path: annotations), name: annotations)
            }
            return request
        }
    }

    func run() throws {
        let bindings: Bindings
        do {
            bindings = try Bindgen.generate(try request)
        } catch {
            throw Failure(error, file: headers.first ?? library)
        }
        if let swift {
            try OutputFile.write(Array(bindings.swift.utf8), to: swift)
        } else {
            Output.write(bindings.swift)
        }
        if let shim { try OutputFile.write(Array(bindings.shim.utf8), to: shim) }
        if let directShim { try OutputFile.write(Array(bindings.directShim.utf8), to: directShim) }
        if let exports {
            try OutputFile.write(Array(bindings.exports.map { "\($0)\n" }.joined().utf8), to: exports)
        }
        Output.error(bindings.report.text)
    }
}

extension BindingRequest.Language: ExpressibleByArgument {}
