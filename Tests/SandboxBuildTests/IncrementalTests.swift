import Glibc
import Testing

@testable import SandboxBuild

@Suite("A second build does what has changed")
struct IncrementalTests {
    private let project: Project

    init() throws {
        project = try Project([
            "sandbox.json": #"{"library": "Sums", "libc": false, "sources": ["*.c"], "exports": ["twice", "thrice"]}"#,
            "two.c": "#include \"common.h\"\nint twice(int x) { return add(x, x); }\n",
            "three.c": "#include \"common.h\"\nint thrice(int x) { return add(x, add(x, x)); }\n",
            "common.h": "static inline int add(int a, int b) { return a + b; }\n",
            "other.h": "",
        ])
    }

    /// What the package brings.
    private static let own = ["allocator.c", "cplusplus.c", "memory.c", "start.c"]

    @Test("everything the first time, then nothing")
    func nothing() throws {
        let first = try project.build()
        #expect(first.compiled == (Self.own + ["three.c", "two.c"]).sorted())
        #expect(first.linked && first.compiledModule)
        #expect(first.report.products == ["\(project.out)/Sums.so"])
        let second = try project.build()
        #expect(second.compiled == [] && !second.linked && !second.compiledModule)
        #expect(second.report.products == first.report.products)
    }

    @Test("a source that was touched but not changed")
    func touched() throws {
        try project.build()
        let text = try project.text("two.c")
        try project.write("two.c", text)
        utimes(project("three.c"), nil)
        let again = try project.build()
        #expect(again.compiled == [] && !again.linked)
    }

    @Test("a source: one object, the link, the module")
    func source() throws {
        try project.build()
        try project.write("two.c", "int twice(int x) { return x << 1 | 0x100; }\n")
        let again = try project.build()
        #expect(again.compiled == ["two.c"] && again.linked && again.compiledModule)
        // The other way round, and an object that comes out as it was ends the chain.
        try project.write("two.c", "int twice(int x) { return 0x100 | x << 1; } // the same\n")
        let same = try project.build()
        #expect(same.compiled == ["two.c"] && !same.linked && !same.compiledModule)
    }

    @Test("a header: what includes it")
    func header() throws {
        try project.write("three.c", "int thrice(int x) { return 3 * x; }\n")
        try project.build()
        try project.write("common.h", "static inline int add(int a, int b) { return b - -a + 1; }\n")
        #expect(try project.build().compiled == ["two.c"])
        try project.write("other.h", "int unused;\n")
        #expect(try project.build().compiled == [])
    }

    @Test("a header that a flag names, relative to the manifest")
    func includedByFlag() throws {
        try project.write(
            "sandbox.json",
            #"{"library": "Sums", "libc": false, "sources": ["two.c"], "exports": ["twice"], "cFlags": ["-include", "other.h"]}"#
        )
        try project.build()
        #expect(try project.build().compiled == [])
        try project.write("other.h", "int unused;\n")
        #expect(try project.build().compiled.contains("two.c"))
    }

    @Test("flags: the objects they are for")
    func flags() throws {
        try project.build()
        try project.write(
            "sandbox.json",
            #"{"library": "Sums", "libc": false, "sources": ["*.c"], "exports": ["twice", "thrice"], "defines": ["X"]}"#
        )
        #expect(try project.build().compiled == ["three.c", "two.c"])
    }

    @Test("what the native code is compiled with: the module only")
    func nativeFlags() throws {
        try project.build()
        let again = try project.build { $0.engine.optimization = .none }
        #expect(again.compiled == [] && !again.linked && again.compiledModule)
        #expect(!(try project.build { $0.engine.optimization = .none }).compiledModule)
    }

    @Test("files that are gone are made again")
    func removed() throws {
        try project.build()
        unlink("\(project.out)/Sums.so")
        let module = try project.build()
        #expect(module.compiled == [] && module.compiledModule)
        unlink("\(project.out)/Sums.build/objects/two.c.o")
        #expect(try project.build().compiled == ["two.c"])
        try project.write("out/Sums.build/objects/two.c.o.record", "bulkhead build record 1\nnonsense")
        #expect(try project.build().compiled == ["two.c"])
    }

    @Test("after a mistake, what is right already is not compiled again")
    func afterMistake() throws {
        try project.write("two.c", "int twice(int x) { return y; }\n")
        let failure = try #require(project.failure())
        guard case .compilation(let failed, let diagnostics) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(failed == 1 && failure.description == "a source could not be compiled")
        #expect(diagnostics.hasPrefix("\(project.path)/two.c:1:27: error: use of undeclared identifier 'y'"))
        try project.write("two.c", "int twice(int x) { return x + x; }\n")
        #expect(try project.build().compiled == ["two.c"])
    }

    @Test("sources with one name in two directories")
    func sameName() throws {
        try project.write("a/two.c", "int twice(int x) { return 2 * x; }")
        try project.write("b/two.c", "int thrice(int x) { return 3 * x; }")
        try project.write(
            "sandbox.json",
            #"{"library": "Sums", "libc": false, "sources": ["?/*.c"], "exports": ["twice", "thrice"]}"#)
        #expect(try project.build().compiled.suffix(2) == ["two.c", "two.c"])
        #expect(try project.build().compiled == [])
    }

    @Test("bindings: written again when a header changes, and for what is defined only")
    func bindings() throws {
        try project.write(
            "sandbox.json", #"{"library": "Sums", "libc": false, "sources": ["*.c"], "headers": ["sums.h"]}"#)
        try project.write("sums.h", "#include \"other.h\"\nint twice(int x);\nint thrice(int x);\nint gone(int x);\n")
        func isWritten(_ outcome: Project.Outcome) -> Bool { outcome.events.contains(.writingBindings) }
        func functions() throws -> [Bool] {
            let text = try project.text("out/Sums.swift")
            return ["twice", "thrice", "gone", "more"].map { text.contains("mutating func \($0)(") }
        }
        #expect(isWritten(try project.build()))
        #expect(try functions() == [true, true, false, false])
        let second = try project.build()
        #expect(!isWritten(second) && second.compiled == [] && !second.linked)

        // A header that is included by one of the named.
        try project.write("other.h", "int more(int x);\n")
        try project.write("more.c", "int more(int x) { return x; }\n")
        let more = try project.build()
        #expect(isWritten(more) && more.compiled == ["more.c"])
        #expect(try functions() == [true, true, false, true])

        // What was missing is there now, and the other way round.
        try project.write("more.c", "int gone(int x) { return x; }\n")
        try project.build()
        #expect(try functions() == [true, true, true, false])
        #expect(!isWritten(try project.build()))

        try project.write(
            "sandbox.json",
            #"{"library": "Sums", "libc": false, "sources": ["*.c"], "headers": ["sums.h"], "deny": ["t*"]}"#)
        try project.build()
        #expect(try functions() == [false, false, true, false])

        // A header that a flag names.
        try project.write(
            "sandbox.json",
            #"{"library": "Sums", "libc": false, "sources": ["*.c"], "headers": ["sums.h"], "cFlags": ["-include", "flag.h"]}"#
        )
        try project.write("flag.h", "")
        try project.build()
        #expect(!isWritten(try project.build()))
        try project.write("flag.h", "#define twice renamed\n")
        #expect(isWritten(try project.build()))
    }
}
