import Glibc
import Testing

@testable import Toolchain

/// A shared library that is loaded, and stays so: its functions outlive this value.
private struct Library {
    private let handle: UnsafeMutableRawPointer

    init(_ path: String) throws {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw ToolchainError.invalidArgument(String(cString: dlerror()))
        }
        self.handle = handle
    }

    func exports(_ name: String) -> Bool { dlsym(handle, name) != nil }

    func function<F>(_ name: String, as type: F.Type) throws -> F {
        unsafeBitCast(try #require(dlsym(handle, name), "\(name) is not exported"), to: type)
    }
}

@Suite struct CompilationTests {
    private static let export = "__attribute__((visibility(\"default\"))) "

    private func source(_ name: String, _ text: String) -> SourceFile {
        SourceFile(name: name, bytes: Array(text.utf8))
    }

    @Test(arguments: compilers, CompilerOptions.Optimization.allCases)
    func compilesLoadsAndRuns(compiler: Compiler, optimization: CompilerOptions.Optimization) throws {
        let scratch = try Scratch()
        let warnings = try compiler.compile(
            sources: [
                source("one.c", "#include \"shared.h\"\n\(Self.export)int twice(int x) { return helper(x) + SUM; }\n"),
                source("two.c", "#include \"shared.h\"\nint helper(int x) { return 2 * x; }\n"),
            ],
            headers: [source("shared.h", "int helper(int x);\n")],
            product: .sharedLibrary, to: scratch("lib.so"),
            options: CompilerOptions(optimization: optimization, defines: [.init("SUM", "30 + 4")]))
        #expect(warnings.isEmpty)
        #expect(scratch.names() == ["lib.so"])
        let library = try Library(scratch("lib.so"))
        #expect(try library.function("twice", as: (@convention(c) (Int32) -> Int32).self)(4) == 42)
        #expect(!library.exports("helper"))
    }

    /// Nothing is linked in, so what compilers call by themselves must come from the process.
    @Test(arguments: compilers)
    func undefinedSymbolsComeFromTheProcess(compiler: Compiler) throws {
        let scratch = try Scratch()
        try compiler.compile(
            sources: [
                source(
                    "libc.c",
                    """
                    #include <stddef.h>
                    struct big { char bytes[5000]; };
                    void *memmove(void *, const void *, size_t);
                    double floor(double), sqrt(double), nearbyint(double);
                    float truncf(float);
                    \(Self.export)void copy(struct big *to, const struct big *from) { *to = *from; }
                    \(Self.export)void clear(struct big *it) { *it = (struct big){0}; }
                    \(Self.export)void move(char *to, const char *from, size_t n) { memmove(to, from, n); }
                    \(Self.export)double number(double x) {
                        return floor(x) + sqrt(16.0 * x) + truncf(x) + nearbyint(x);
                    }
                    """)
            ], product: .sharedLibrary, to: scratch("lib.so"), options: CompilerOptions())
        let library = try Library(scratch("lib.so"))
        typealias Copy = @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void
        let from = UnsafeMutableRawPointer.allocate(byteCount: 5000, alignment: 1)
        let to = UnsafeMutableRawPointer.allocate(byteCount: 5000, alignment: 1)
        defer {
            from.deallocate()
            to.deallocate()
        }
        memset(from, 7, 5000)
        try library.function("copy", as: Copy.self)(to, from)
        #expect(memcmp(to, from, 5000) == 0)
        try library.function("clear", as: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)(to)
        #expect(to.load(fromByteOffset: 4999, as: UInt8.self) == 0)
        let move = try library.function(
            "move", as: (@convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer, Int) -> Void).self)
        move(to, from, 4500)
        #expect(to.load(fromByteOffset: 4499, as: UInt8.self) == 7)
        let number = try library.function("number", as: (@convention(c) (Double) -> Double).self)
        #expect(number(2.25) == 2 + 6 + 2 + 2)
    }

    /// What WebAssembly needs of floating point and of loops, for each optimization that could take it away.
    @Test(arguments: compilers, CompilerOptions.Optimization.allCases)
    func flagsKeepWebAssemblySemantics(compiler: Compiler, optimization: CompilerOptions.Optimization) throws {
        let scratch = try Scratch()
        try compiler.compile(
            sources: [
                source(
                    "semantics.c",
                    """
                    \(Self.export)double whole(double x) { return (double)(long)x; }
                    \(Self.export)double fused(double a, double b, double c) { return a * b + c; }
                    \(Self.export)int alias(float *x, int *y) { *x = 1; *y = 5; return *x != 1; }
                    """)
            ], product: .sharedLibrary, to: scratch("lib.so"),
            options: CompilerOptions(optimization: optimization, cpu: "native"))
        let library = try Library(scratch("lib.so"))
        #expect(try library.function("whole", as: (@convention(c) (Double) -> Double).self)(-0.5).sign == .plus)
        let fused = try library.function("fused", as: (@convention(c) (Double, Double, Double) -> Double).self)
        let x = 1 + Double.ulpOfOne
        #expect(fused(x, x, -(x * x)) == 0)
        typealias Alias = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32
        var cell: UInt32 = 0
        let alias = try library.function("alias", as: Alias.self)
        #expect(withUnsafeMutableBytes(of: &cell) { alias($0.baseAddress!, $0.baseAddress!) } == 1)
    }

    @Test(arguments: compilers)
    func linksObjects(compiler: Compiler) throws {
        let scratch = try Scratch()
        let sources = [
            source("a.c", "int b(void); \(Self.export)int a(void) { return b() + 1; }"),
            source("b.c", "int b(void); int b(void) { return 1; }"),
        ]
        for count in 1...2 {
            let path = scratch("\(count).o")
            try compiler.compile(
                sources: Array(sources.prefix(count)), product: .object, to: path, options: CompilerOptions())
            let header = try contents(path)
            #expect(header.prefix(4) == [0x7F, 0x45, 0x4C, 0x46])
            #expect(header[16] == 1, "ET_REL")
        }
    }

    @Test(arguments: compilers)
    func librariesAreHardened(compiler: Compiler) throws {
        let scratch = try Scratch()
        try compiler.compile(
            sources: [
                source(
                    "a.c",
                    "static int local(void) { return 2; } \(Self.export)int (*pointer)(void) = local;"
                )
            ],
            product: .sharedLibrary, to: scratch("lib.so"), options: CompilerOptions())
        guard FileSystem.isExecutable("/usr/bin/readelf") else { return skip("no readelf") }
        let text = try Subprocess("/usr/bin/readelf", ["-lWds", scratch("lib.so")]).run().standardOutput.text
        #expect(text.contains("GNU_RELRO") && text.contains("NOW"))
        #expect(!text.contains("(NEEDED)") && !text.contains("TEXTREL"))
        #expect(text.split(separator: "\n").contains { $0.contains("GNU_STACK") && $0.contains(" RW ") })
        #expect(text.contains(" local"), "the symbol table is kept")
    }

    @Test(arguments: compilers)
    func failuresCarryTheCompilersText(compiler: Compiler) throws {
        let scratch = try Scratch()
        let destination = try scratch.write("lib.so", "what was there before")
        func failure(_ text: String, _ options: CompilerOptions = CompilerOptions()) throws -> CompilationFailure {
            let error = toolchainError {
                try compiler.compile(
                    sources: [source("good.c", "int x;"), source("broken.c", text)], product: .sharedLibrary,
                    to: destination, options: options)
            }
            guard case .compilationFailed(let failure)? = error else {
                throw ToolchainError.invalidArgument("\(error.debugDescription)")
            }
            return failure
        }
        let syntax = try failure("int f(void) { return undeclared; }\n")
        #expect(syntax.termination == .exited(1))
        #expect(syntax.diagnostics.contains("undeclared") && syntax.diagnostics.contains("broken.c:1"))
        #expect(syntax.commandLine.contains("-c broken.c") && syntax.commandLine.hasPrefix(compiler.path))
        #expect(syntax.description.contains(syntax.diagnostics))

        let many = try failure(
            (0..<500).map { "int f\($0)(void) { return u\($0); }\n" }.joined(),
            CompilerOptions(extraArguments: compiler.family == .clang ? ["-ferror-limit=0"] : []))
        #expect(many.diagnostics.split(separator: "\n").count <= 41)
        #expect(
            try failure("int x(void) {}", CompilerOptions(extraArguments: ["--no-such-option"])).diagnostics.contains(
                "no-such-option"))
        // The linker's complaint: good.c has one too.
        let twice = try failure("int x = 2;")
        #expect(twice.commandLine.contains("-shared") && twice.diagnostics.contains("x"))

        #expect(try contents(destination) == Array("what was there before".utf8))
        #expect(scratch.names() == ["lib.so"])
    }

    @Test(arguments: compilers)
    func cleansUpAndKeepsOnRequest(compiler: Compiler) throws {
        let scratch = try Scratch()
        let temporary = try scratch.makeDirectory("tmp")
        var environment = ProcessEnvironment.current()
        environment["TMPDIR"] = temporary
        func compile(_ text: String, keep: String? = nil) throws -> String {
            try compiler.compile(
                sources: [source("m.c", text)], headers: [source("m.h", "")], product: .sharedLibrary,
                to: scratch("m.so"), options: CompilerOptions(), keepSources: keep, environment: environment)
        }
        _ = try compile("int x;")
        _ = toolchainError { _ = try compile("broken") }
        #expect(scratch.names("tmp").isEmpty)
        _ = try compile("int x;", keep: scratch("kept"))
        #expect(scratch.names("kept") == ["linked.o", "m.c", "m.c.o", "m.h"])
        #expect(scratch.names("tmp").isEmpty)
        #expect(try compile("static int unused(void) { return 1; }").contains("unused"), "warnings come back")
    }

    @Test(arguments: compilers)
    func theResultIsReproducible(compiler: Compiler) throws {
        let scratch = try Scratch()
        let options = CompilerOptions(debugInfo: true)
        for name in ["a.so", "b.so"] {
            try compiler.compile(
                sources: [source("m.c", "\(Self.export)const char *f(void); const char *f(void) { return __FILE__; }")],
                product: .sharedLibrary, to: scratch(name), options: options)
        }
        #expect(try contents(scratch("a.so")) == contents(scratch("b.so")))
    }

    @Test(arguments: compilers)
    func variablesThatChangeTheResultAreKeptFromTheCompiler(compiler: Compiler) throws {
        let scratch = try Scratch()
        try scratch.write("include/planted.h", "int planted;")
        var environment = ProcessEnvironment.current()
        environment["CPATH"] = scratch("include")
        environment["C_INCLUDE_PATH"] = scratch("include")
        let error = toolchainError {
            try compiler.compile(
                sources: [source("m.c", "#include <planted.h>\n")], product: .object, to: scratch("m.o"),
                options: CompilerOptions(), environment: environment)
        }
        #expect(error?.description.contains("planted.h") == true)
    }

    #if arch(x86_64)
        /// The address's sum is part of the access then. What gcc makes stays as it is.
        @Test(arguments: compilers)
        func addressesAreFolded(compiler: Compiler) throws {
            let scratch = try Scratch()
            let text = """
                unsigned f(unsigned a, unsigned b);
                unsigned f(unsigned a, unsigned b) {
                    return *(volatile __seg_gs unsigned *)(unsigned long)(a + b * 4 + 100);
                }
                """
            let isClang = compiler.family == .clang
            for folds in [true, false] {
                let options = CompilerOptions(debugInfo: true, foldsAddresses: folds)
                try compiler.compile(
                    sources: [source("a.c", text)], product: .assembly, to: scratch("a.s"), options: options)
                let assembly = String(decoding: try contents(scratch("a.s")), as: UTF8.self)
                #expect(assembly.contains("%gs:100(%edi,%esi,4)") == (folds && isClang), "\(assembly)")

                try compiler.compile(
                    sources: [source("a.c", text), source("b.c", "int b;")], product: .object, to: scratch("a.o"),
                    options: options, keepSources: scratch("kept-\(folds)"))
                #expect(scratch.names("kept-\(folds)").contains("a.c.s") == (folds && isClang))
            }
        }
    #endif

    /// The Swift toolchain alone must do: no linker, no assembler, no PATH.
    @Test(arguments: compilers)
    func assemblyIsText(compiler: Compiler) throws {
        let scratch = try Scratch()
        let source = SourceFile(name: "a.c", bytes: Array("int answer(void) { return 42; }".utf8))
        try compiler.compile(
            sources: [source], product: .assembly, to: scratch("a.s"), options: CompilerOptions())
        #expect(String(decoding: try contents(scratch("a.s")), as: UTF8.self).contains("answer:"))
        let two = toolchainError {
            try compiler.compile(
                sources: [source, SourceFile(name: "b.c", bytes: [])], product: .assembly, to: scratch("b.s"),
                options: CompilerOptions())
        }
        #expect(two?.description.contains("one source at a time, not of 2") == true)
    }

    @Test func clangNeedsNothingElse() throws {
        guard let clang = compilers.first(where: { $0.family == .clang && $0.usesLLD }) else {
            return skip("no clang with ld.lld beside it")
        }
        let scratch = try Scratch()
        try clang.compile(
            sources: [source("m.c", "\(Self.export)int f(void); int f(void) { return 3; }")],
            product: .sharedLibrary, to: scratch("m.so"), options: CompilerOptions(), environment: [:])
        #expect(try Library(scratch("m.so")).function("f", as: (@convention(c) () -> Int32).self)() == 3)
    }

    @Test func namesAreChecked() throws {
        guard let compiler = compilers.first else { return skip("no compiler") }
        let scratch = try Scratch()
        for names in [
            ["../x.c"], ["-o.c"], [".c"], [""], ["a b.c"], ["a.c", "a.c"], ["x.c", "linked.o"],
            [String(repeating: "a", count: 201)], [],
        ] {
            let error = toolchainError {
                try compiler.compile(
                    sources: names.map { source($0, "") }, product: .object, to: scratch("x.o"),
                    options: CompilerOptions())
            }
            guard case .invalidArgument? = error else {
                Issue.record("\(names): \(error.debugDescription)")
                continue
            }
        }
        #expect(scratch.names().isEmpty)
    }

    @Test func temporaryFilesAreNotPutWhereOthersCouldSwapThem() throws {
        guard let compiler = compilers.first else { return skip("no compiler") }
        let scratch = try Scratch()
        let shared = try scratch.makeDirectory("shared")
        try #require(chmod(shared, 0o777) == 0)
        let error = toolchainError {
            try compiler.compile(
                sources: [source("m.c", "")], product: .object, to: scratch("m.o"), options: CompilerOptions(),
                environment: ["TMPDIR": shared])
        }
        guard case .untrusted(path: shared, problem: .writableByOthers(mode: 0o777), use: _)? = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }
}
