import Bindgen
import Testing

@testable import BulkheadCommand

@Suite("bindgen")
struct BindgenTests {
    @Test("takes options as clang does")
    func options() throws {
        let scratch = try Scratch()
        let annotations = try scratch.write("a.json", "{\"types\": {\"t\": {\"skip\": \"why not\"}}}")
        let arguments = BindgenCommand.separated([
            "a.h", "b.h", "--library", "Lib", "-I", "one", "-Itwo", "-DNAME=1", "-D", "OTHER", "-isystem", "three",
            "--allow", "lib_*", "--deny", "*_internal", "--language", "c++", "--annotations", annotations,
            "--clang-argument=-std=c++20",
        ])
        let command = try BindgenCommand.parse(arguments)
        let request = try command.request
        #expect(request.headers == ["a.h", "b.h"])
        #expect(request.includeDirectories == ["one", "two"])
        #expect(request.systemIncludeDirectories == ["three"])
        #expect(request.definitions == ["NAME=1", "OTHER"])
        #expect(request.allow == ["lib_*"] && request.deny == ["*_internal"])
        #expect(request.language == .cPlusPlus)
        #expect(request.annotations.types["t"]?.skip == "why not")
        #expect(request.clangArguments == ["-std=c++20"])
    }

    @Test("writes the files it is asked for", .enabled(if: Command.isBuilt))
    func files() throws {
        let scratch = try Scratch()
        try scratch.write("lib.h", "struct s { int a; };\nstruct s f(int a);\nint g(const char *format, ...);\n")
        let outcome = try Command()(
            "bindgen", scratch("lib.h"), "--library", "Lib", "--swift", scratch("Lib.swift"), "--shim",
            scratch("shim.c"), "--direct-shim", scratch("direct.c"), "--exports", scratch("exports.txt"))
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.contains("bound: 1 function, 1 structure or union\n"))
        #expect(outcome.error.contains("not bound: lib.h:3: g: variable arguments"))
        #expect(try scratch.text("Lib.swift").contains("public enum Lib: SandboxLibrary {"))
        #expect(try scratch.text("shim.c").contains("bulkhead_f"))
        #expect(try scratch.text("direct.c").contains("thunk_bulkhead_f"))
        #expect(try scratch.text("exports.txt").hasPrefix("bulkhead_f\n"))
    }

    @Test("says what is wrong", .enabled(if: Command.isBuilt))
    func errors() throws {
        let scratch = try Scratch()
        let missing = try Command()("bindgen", scratch("none.h"), "--library", "Lib")
        #expect(missing.exitCode == 1)
        #expect(missing.error.hasPrefix("error: there is no header"))
        try scratch.write("wrong.h", "int f(unknown a);\n")
        let wrong = try Command()("bindgen", scratch("wrong.h"), "--library", "Lib")
        #expect(wrong.exitCode == 1)
        #expect(wrong.error.contains("wrong.h:1:7: error: unknown type name 'unknown'"))
    }
}
