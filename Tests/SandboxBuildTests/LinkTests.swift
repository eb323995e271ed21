import Bulkhead
import Testing
import Toolchain
import WasmModule

@testable import SandboxBuild

@Suite("Linking")
struct LinkTests {
    @Test("undefined symbols are listed with who uses them")
    func undefined() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "L", "libc": false, "sources": ["*.c"], "exports": ["f", "g"]}"#,
            "a.c": "int missing(void); int gone(int); int f(void) { return missing() + gone(1); }",
            "b.c": "int gone(int); int g(void) { return gone(2); }",
        ])
        let failure = try #require(project.failure())
        #expect(
            failure
                == .undefinedSymbols(
                    [.init(name: "missing", users: ["a.c"]), .init(name: "gone", users: ["a.c", "b.c"])], libc: false))
        #expect(failure.description.contains("  gone (used by a.c, b.c)\n"))
        #expect(failure.description.contains("set \"libc\" to true"))
    }

    @Test("exports that nothing defines")
    func undefinedExport() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "L", "libc": false, "sources": ["a.c"], "exports": ["f", "g"]}"#,
            "a.c": "int f(void) { return 1; }",
        ])
        #expect(project.failure() == .undefinedExports(["g"]))
    }

    @Test("other errors are the linker's own words")
    func duplicate() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "L", "libc": false, "sources": ["*.c"], "exports": ["f"]}"#,
            "a.c": "int f(void) { return 1; }", "b.c": "int f(void) { return 2; }",
        ])
        let failure = try #require(project.failure())
        #expect(failure.description.contains("duplicate symbol: f"), "\(failure)")
    }

    @Test("sources in other languages")
    func language() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "L", "libc": false, "sources": ["a.rs"], "exports": ["f"]}"#, "a.rs": "",
        ])
        #expect(project.failure() == .unknownLanguage(path: project("a.rs")))
    }

    @Test("a named sysroot that isn't one")
    func noSysroot() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "L", "sources": ["a.c"], "exports": ["f"]}"#,
            "a.c": "int f(void) { return 1; }",
        ])
        #expect {
            try project.build { $0.sysroot = "/no/such/sysroot" }
        } throws: { error in
            "\(error)".contains("apt-get install wasi-libc libclang-rt-*-dev-wasm32")
        }
    }

    @Test("memory and stack are as the manifest says")
    func limits() throws {
        let project = try Project([
            "sandbox.json": """
            {"library": "L", "libc": false, "sources": ["a.c"], "exports": ["f"], "stackSize": "64K", "maximumMemory": "1M"}
            """,
            "a.c": """
            // So many frames of 4 KiB.
            int f(int n) {
                char room[4096];
                for (int i = 0; i < 4096; i++) room[i] = (char)n;
                __asm__ volatile("" : : "r"(room) : "memory");
                return n == 0 ? 0 : f(n - 1) + room[4095];
            }
            """,
        ])
        try project.build { $0.product = .wasm }
        let module = try Module(decoding: FileSystem.contents(of: "\(project.out)/L.wasm"))
        #expect(module.memories.first?.limits == Limits(minimum: 2, maximum: 16))
        try project.build()
        let store = try Store()
        let f = try #require(try project.instantiate("L", store: store).exports[function: "f"])
            .typed(as: ((Int32) -> Int32).self)
        #expect(try f(10) == 55)
        // Past the end of the C stack is below address 0, not in the data.
        #expect { try f(20) } throws: { ($0 as? Trap)?.kind == .memoryOutOfBounds }
    }

    @Test("functions are in the table, which is exported and grows")
    func table() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "L", "libc": false, "sources": ["a.c"], "exports": ["address"]}"#,
            "a.c": "int f(int x) { return x; } int (*address(void))(int) { return f; }",
        ])
        try project.build()
        let instance = try project.instantiate("L", store: Store())
        let table = try #require(instance.exports[table: "__indirect_function_table"])
        #expect(try table.grow(by: 1) == 2)
    }
}
