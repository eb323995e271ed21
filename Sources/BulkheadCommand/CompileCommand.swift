import ArgumentParser
import Bulkhead
import CodeGeneration
import Glibc
import Toolchain

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compile a module to C source, an object or a library.",
        discussion: """
            c: OUT is NAME.c. Beside it go NAME.h (typed prototypes for C and C++), the runtime's two headers, and more C \
            files if --outputs asks for them.
            object: OUT is a relocatable object that defines NAME_artifact and NAME_module. NAME.h goes beside it.
            library: OUT is a shared library, for `bulkhead run` and Engine.load(artifact:).

            Without --emit, the ending of OUT decides: .c, .o, anything else is a library. Whoever loads compiled code trusts \
            it, as a program's own code is trusted.
            """)

    enum Emission: String, ExpressibleByArgument, CaseIterable {
        case c
        case object
        case library
    }

    @Argument(help: ArgumentHelp("A module in the binary (.wasm) or text format (.wat).", valueName: "file"))
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the result goes.", valueName: "out"))
    var output: String

    @Option(help: ArgumentHelp("What to make.", valueName: "c|object|library"))
    var emit: Emission?

    @Option(help: ArgumentHelp("How many C files to spread the functions over.", valueName: "n"))
    var outputs: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes beyond the 4 GiB of a memory that fault by themselves, such as 64M; accesses at greater offsets are checked. (default: 2 GiB and a page)",
            valueName: "size"),
        transform: ByteSize.parse)
    var `guard`: UInt64 = EmitterOptions.defaultGuardSize

    @OptionGroup var compiler: CompilerFlags

    func validate() throws {
        if let outputs, !(1...1000).contains(outputs) {
            throw ValidationError("--outputs is a number of files from 1 to 1000")
        }
        guard `guard` <= EmitterOptions.defaultGuardSize else {
            throw ValidationError(
                "--guard is at most \(EmitterOptions.defaultGuardSize) bytes: the runtime leaves that much to fault")
        }
        guard !stem.isEmpty else { throw ValidationError("--output needs the name of a file") }
        // These would replace the runtime's headers, or hide its functions.
        if emission != .library, stem.hasPrefix("bulkhead") {
            throw ValidationError("\(stem) is a name of the runtime's; give OUT another one")
        }
    }

    var emission: Emission {
        if let emit { return emit }
        if output.hasSuffix(".c") { return .c }
        if output.hasSuffix(".o") { return .object }
        return .library
    }

    /// NAME: the last part of OUT, without its ending.
    var stem: String {
        let name = output.hasSuffix("/") ? "" : FileSystem.name(of: output)
        for ending in [".c", ".o", ".so"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
        return name
    }

    private var directory: String {
        guard let slash = output.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == output.startIndex ? "" : String(output[..<slash])
    }

    func run() throws {
        do {
            let bytes = try InputFile.module(path: file)
            var configuration = compiler.configuration
            configuration.guardSize = `guard`
            let notice = CompileNotice(name: FileSystem.name(of: file))
            defer { notice.end() }
            configuration.onCompile = { notice.begin() }
            configuration.onNote = { Output.error("note: \($0.printable)\n") }
            let engine = Engine(configuration: configuration)
            switch emission {
            case .c:
                let code = try engine.generateSources(bytes, name: stem, outputs: outputs ?? 1)
                for file in code.sources + code.headers { try write(file) }
            case .object:
                try engine.compile(bytes, name: stem, to: output, product: .object, outputs: outputs)
                try write(engine.generateHeader(bytes, name: stem))
            case .library:
                try engine.compile(bytes, name: stem, to: output, product: .library, outputs: outputs)
            }
        } catch {
            throw Failure(error, file: file)
        }
    }

    private func write(_ file: GeneratedCode.File) throws {
        try OutputFile.write(file.content, to: "\(directory)/\(file.name)")
    }
}

/// Numbers of bytes as people write them.
enum ByteSize {
    /// Decimal or hexadecimal (0x), with K, M or G for the powers of 1024.
    static func parse(_ text: String) throws -> UInt64 {
        var (digits, shift) = ByteCount.split(text)
        let isHexadecimal = digits.hasPrefix("0x")
        if isHexadecimal { digits = digits.dropFirst(2) }
        guard digits.first?.isHexDigit == true, let number = UInt64(digits, radix: isHexadecimal ? 16 : 10) else {
            throw ValidationError("it is a number of bytes, or one like 64M or 2G")
        }
        let (size, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
        guard !overflow else { throw ValidationError("it is too large a number") }
        return size
    }

    /// With a unit that leaves at most four digits: `8012 KiB`, `1.5 GiB`.
    static func text(_ bytes: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var unit = 0
        while unit < units.count - 1, bytes >> (10 * UInt64(unit)) >= 10_000 { unit += 1 }
        if unit == 0 { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
        return "\(bytes >> (10 * UInt64(unit))) \(units[unit])"
    }
}

/// Files that the command writes.
enum OutputFile {
    /// Replaces the file in one step: there is all of it, or what was there before.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        func failure() -> Failure { Failure("cannot write \(path): \(String(cString: strerror(errno)))") }
        let partial = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure() }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR {
                let error = failure()
                close(file)
                unlink(partial)
                throw error
            }
            rest = rest.dropFirst(max(0, count))
        }
        // Some file systems report here that there was no room.
        guard close(file) == 0, rename(partial, path) == 0 else {
            let error = failure()
            unlink(partial)
            throw error
        }
    }
}
