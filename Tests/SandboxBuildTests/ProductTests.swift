import Bulkhead
import Glibc
import Testing
import Toolchain
import WasmModule

@testable import SandboxBuild

@Suite("Products")
struct ProductTests {
    private static let files = [
        "sandbox.json": #"{"library": "Sums", "libc": false, "sources": ["*.c"], "headers": ["two.h"]}"#,
        "two.h": "/** Two times a number. */\nint twice(int x);\n",
        "two.c": "#include \"two.h\"\nint twice(int x) { return 2 * x; }\n",
    ]

    @Test(
        arguments: [
            (.library, ["Sums.so"]), (.object, ["Sums.o", "Sums.h"]), (.assembly, ["Sums.s", "Sums.h"]),
            (.c, ["Sums.c", "Sums.h"]), (.wasm, ["Sums.wasm"]),
        ] as [(SandboxBuildOptions.Product, [String])])
    func files(product: SandboxBuildOptions.Product, names: [String]) throws {
        let project = try Project(Self.files)
        let report = try project.build { $0.product = product }.report
        #expect(report.products == (names + (product == .library ? ["Sums.swift"] : [])).map { "\(project.out)/\($0)" })
        #expect(report.products.allSatisfy(FileSystem.isRegularFile))
        #expect(report.sources == 1)
    }

    @Test("paths of their own")
    func paths() throws {
        let project = try Project(Self.files)
        let report = try project.build {
            $0.productPath = project("a/lib.so")
            $0.swiftPath = project("Bindings.swift")
        }.report
        #expect(report.products == [project("a/lib.so"), project("Bindings.swift")])
    }

    @Test("assembly is what the object is made of")
    func assembly() throws {
        let project = try Project(Self.files)
        try project.build { $0.product = .assembly }
        let object = Subprocess(
            try Compiler.find().path, ["-c", "\(project.out)/Sums.s", "-o", "\(project.out)/Sums.o"])
        #expect(try object.run().termination == .exited(0))
        let bytes = try FileSystem.contents(of: "\(project.out)/Sums.o")
        #expect(bytes.firstRange(of: Array("Sums_artifact\0".utf8)) != nil)
    }

    @Test("vectors, unless the manifest says that there are none", arguments: [true, false])
    func vectors(simd: Bool) throws {
        let project = try Project([
            "sandbox.json":
                #"{"library": "Sums", "libc": false, "sources": ["*.c"], "exports": ["sum"], "simd": \#(simd)}"#,
            "sum.c": "int sum(const int *x) { int s = 0; for (int i = 0; i < 1024; i++) s += x[i]; return s; }\n",
        ])
        try project.build { $0.product = .wasm }
        let bytes = try FileSystem.contents(of: "\(project.out)/Sums.wasm")
        try WasmModule.Module(decoding: bytes).validate()
        let withoutVectors = Result {
            let features = Features.all.subtracting(.simd)
            try WasmModule.Module(decoding: bytes, features: features).validate(features: features)
        }
        #expect(((try? withoutVectors.get()) == nil) == simd)
    }

    @Test("a library for direct mode has the sources' functions")
    func direct() throws {
        let project = try Project(Self.files)
        let report = try project.build { $0.directPath = project("direct.so") }.report
        #expect(report.products.contains(project("direct.so")))
        let handle = try #require(dlopen(project("direct.so"), RTLD_NOW | RTLD_LOCAL))
        defer { dlclose(handle) }
        let symbol = try #require(dlsym(handle, "twice"))
        #expect(unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)(21) == 42)
    }

    @Test("bindings that find the library among resources")
    func bundle() throws {
        let project = try Project(Self.files)
        try project.build { $0.loadsFromBundle = true }
        let text = try project.text("out/Sums.swift")
        #expect(text.contains("public static func image() throws -> SandboxImage<Sums>"))
        #expect(text.contains("mutating func twice(") && text.contains("Two times a number."))
        #expect(text.contains("Bundle.module") && text.contains("\"Sums.so\"") && !text.contains("directImage"))
        #expect(
            !(try {
                try project.build()
                return try project.text("out/Sums.swift")
            }()).contains("Bundle"))
    }

    @Test("a Swift target needs headers")
    func bundleWithoutHeaders() throws {
        let project = try Project(Self.files)
        try project.write("sandbox.json", #"{"library": "S", "libc": false, "sources": ["*.c"], "exports": ["twice"]}"#)
        #expect {
            try project.build { $0.loadsFromBundle = true }
        } throws: {
            "\($0)".contains("\"headers\" is missing")
        }
    }

    @Test("a C library is linked where the manifest doesn't say otherwise", .needsSysroot)
    func libc() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "Text", "sources": ["a.c"], "exports": ["length"]}"#,
            "a.c": """
            #include <stdio.h>
            #include <string.h>
            int length(int n) { char text[32]; snprintf(text, sizeof text, "%d", n); return (int)strlen(text); }
            """,
        ])
        try project.build()
        let length = try #require(project.instantiate("Text", store: Store()).exports[function: "length"])
            .typed(as: ((Int32) -> Int32).self)
        #expect(try length(-12345) == 6)
    }

    private static let cPlusPlus = """
        struct Shape { virtual int area() const = 0; virtual ~Shape() {} };
        struct Square : Shape { int side; explicit Square(int s) : side(s) {} int area() const override { return side * side; } };
        static Square *made = new Square(7);
        extern "C" int area(int side) { Shape *shape = new Square(side); int area = shape->area(); delete shape; return area + made->area(); }
        """

    @Test("C++ without a C library: constructors, new and delete, virtual functions")
    func freestandingCPlusPlus() throws {
        let project = try Project([
            "sandbox.json": #"{"library": "Shapes", "libc": false, "sources": ["a.cpp"], "exports": ["area"]}"#,
            "a.cpp": Self.cPlusPlus,
        ])
        try project.build()
        let area = try #require(project.instantiate("Shapes", store: Store()).exports[function: "area"])
            .typed(as: ((Int32) -> Int32).self)
        #expect(try area(3) == 58)
    }

    @Test("C++ with its library", .needsCPlusPlus)
    func cPlusPlus() throws {
        let project = try Project([
            "sandbox.json": #"""
            {"library": "Words", "sources": ["a.cc"], "exports": ["count"], "cxxLanguageStandard": "c++17"}
            """#,
            "a.cc": """
            #include <map>
            #include <string>
            extern "C" int count(int n) {
                std::map<std::string, int> words;
                for (int i = 0; i < n; i++) words[std::to_string(i % 10)]++;
                return (int)words.size() * 1000 + words["3"];
            }
            """,
        ])
        try project.build()
        let count = try #require(project.instantiate("Words", store: Store()).exports[function: "count"])
            .typed(as: ((Int32) -> Int32).self)
        #expect(try count(25) == 10_003)
    }
}
