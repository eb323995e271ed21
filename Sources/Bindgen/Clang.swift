import Foundation
import Toolchain

/// Runs clang over the headers, for the sandbox and for the host.
struct Clang {
    enum Machine: String, CaseIterable {
        case wasm32
        case native
    }

    /// A header as it is named in `#include`.
    struct HeaderFile {
        let path: String
        let name: String
        /// `<stdio.h>`: only there because others need it.
        var isSystem = false

        /// What follows `#include`, in the file that clang is given.
        var reference: String { isSystem ? name : "\"\(path)\"" }
    }

    let headers: [HeaderFile]
    let hasSysroot: Bool
    let isCPlusPlus: Bool
    private let compiler: Compiler
    private let common: [String]
    private let targets: [Machine: [String]]
    private let searchDirectories: [String]
    private let wrappers: [String]
    private let workingDirectory: String?

    init(_ request: BindingRequest) throws {
        compiler = try Compiler.find(named: request.compiler)
        guard compiler.family == .clang else { throw BindgenError.notClang(compiler.path) }
        guard !request.headers.isEmpty else { throw BindgenError.noHeaders }
        isCPlusPlus = request.language == .cPlusPlus
        wrappers = request.annotations.wrappers
        workingDirectory = request.workingDirectory
        let current = FileManager.default.currentDirectoryPath
        func absolute(_ path: String) -> String {
            // Links stay: clang names files as they are reached.
            let parts = "\(path.hasPrefix("/") ? "" : current)/\(path)".split(separator: "/").filter { $0 != "." }
            return "/" + parts.joined(separator: "/")
        }
        let own = request.includeDirectories.map(absolute)
        let system = request.systemIncludeDirectories.map(absolute)
        searchDirectories = own + system
        headers = try request.headers.map { try Self.find($0, in: own + system, absolute) }

        // Diagnostics other than errors are the library's affair.
        common =
            ["-x", request.language.rawValue, "-w", "-fno-color-diagnostics"]
            + own.map { "-I\($0)" } + system.flatMap { ["-isystem", $0] } + request.definitions.map { "-D\($0)" }
            + request.clangArguments
        var sandbox = ["--target=wasm32", "-ffreestanding"]
        var hasSysroot = false
        do {
            let sysroot = try WASISysroot.find(named: request.sysroot, compiler: compiler)
            sandbox = sysroot.compileArguments + (request.language == .cPlusPlus ? sysroot.cPlusPlusArguments : [])
            hasSysroot = true
        } catch {
            // One that was asked for must be there.
            if request.sysroot != nil { throw error }
        }
        self.hasSysroot = hasSysroot
        targets = [.wasm32: sandbox, .native: []]
    }

    private static func find(
        _ name: String, in directories: [String], _ absolute: (String) -> String
    ) throws -> HeaderFile {
        if name.hasPrefix("<"), name.hasSuffix(">") { return HeaderFile(path: name, name: name, isSystem: true) }
        let candidates = [absolute(name)] + directories.map { "\($0)/\(name)" }
        for path in candidates {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
                continue
            }
            let place = directories.first { path.hasPrefix("\($0)/") }.map { String(path.dropFirst($0.utf8.count + 1)) }
            return HeaderFile(path: path, name: place ?? (path as NSString).lastPathComponent)
        }
        throw BindgenError.headerNotFound(name, searched: candidates)
    }

    /// What the shims include.
    var includeNames: [String] { headers.map { $0.isSystem ? $0.name : "\"\($0.name)\"" } }

    /// A file's name without any directory that is this machine's alone.
    func displayName(_ path: String) -> String {
        if let header = headers.first(where: { $0.path == path }) { return header.name }
        let places = searchDirectories + headers.map { ($0.path as NSString).deletingLastPathComponent }
        for directory in places where path.hasPrefix("\(directory)/") {
            return String(path.dropFirst(directory.utf8.count + 1))
        }
        return (path as NSString).lastPathComponent
    }

    // MARK: - Running

    /// The name of the file that includes the headers.
    static let mainName = "bulkhead-bindings"

    /// What clang prints, or why it doesn't.
    struct Output {
        let text: [UInt8]
        let diagnostics: String
        let isSuccess: Bool
    }

    /// Runs clang over a file that includes the headers.
    /// - Parameters:
    ///   - probes: C code after the headers.
    ///   - directory: receives the file.
    func run(_ machine: Machine, _ arguments: [String], probes: String = "") throws -> Output {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/\(Self.mainName)"
        var source = headers.map { "#include \($0.reference)\n" }.joined()
        if !wrappers.isEmpty { source += Self.wrapperText(wrappers, isCPlusPlus: isCPlusPlus) }
        // A question about a name that isn't there must not be answered for one that is spelt like it.
        let extra = probes.isEmpty ? [] : ["-fno-spell-checking"]
        try Data((source + probes).utf8).write(to: URL(fileURLWithPath: path))
        var environment = ProcessEnvironment.current().filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
        environment["LC_ALL"] = "C"
        var program = Subprocess(
            compiler.path, (targets[machine] ?? []) + common + extra + arguments + [path], environment: environment,
            workingDirectory: workingDirectory)
        program.outputLimit = 1 << 30
        let outcome = try program.run()
        return Output(
            text: outcome.standardOutput.bytes,
            diagnostics: outcome.standardError.text.replacing("\(directory.path)/", with: ""),
            isSuccess: outcome.termination == .exited(0))
    }

    /// The annotations' C code as it stands after the headers.
    static func wrapperText(_ wrappers: [String], isCPlusPlus: Bool) -> String {
        let text = wrappers.map { "\($0)\n" }.joined()
        return isCPlusPlus ? "extern \"C\" {\n\(text)}\n" : text
    }

    /// The syntax tree of the headers.
    func syntaxTree(_ machine: Machine) throws -> SyntaxNode {
        let output = try run(machine, ["-fsyntax-only", "-fparse-all-comments", "-Xclang", "-ast-dump=json"])
        guard output.isSuccess else {
            throw BindgenError.clang(machine: machine.rawValue, diagnostics: output.diagnostics)
        }
        return try Self.decode(output.text)
    }

    /// The declarations in `probes` whose names contain `filter`. Those that clang refuses are left out or marked.
    func probe(_ machine: Machine, _ probes: String, filter: String) throws -> [SyntaxNode] {
        let output = try run(
            machine,
            [
                "-fsyntax-only", "-ferror-limit=0", "-Xclang", "-ast-dump=json", "-Xclang",
                "-ast-dump-filter=\(filter)",
            ], probes: probes)
        return try Self.documents(in: output.text).map(Self.decode)
    }

    /// Whether the headers are correct C.
    func check(_ machine: Machine) throws {
        let output = try run(machine, ["-fsyntax-only"])
        guard output.isSuccess else {
            throw BindgenError.clang(machine: machine.rawValue, diagnostics: output.diagnostics)
        }
    }

    private static func decode(_ bytes: some Sequence<UInt8>) throws -> SyntaxNode {
        do {
            return try JSONDecoder().decode(SyntaxNode.self, from: Data(bytes))
        } catch {
            throw BindgenError.syntaxTree("\(error)")
        }
    }

    /// Clang writes one document after the other; each ends with a brace that begins a line.
    private static func documents(in text: [UInt8]) -> [ArraySlice<UInt8>] {
        var documents: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        var position = start
        while position < text.endIndex {
            let isLineStart = position == text.startIndex || text[position - 1] == UInt8(ascii: "\n")
            if isLineStart, text[position] == UInt8(ascii: "}") {
                documents.append(text[start...position])
                start = position + 1
            }
            position += 1
        }
        return documents
    }
}
