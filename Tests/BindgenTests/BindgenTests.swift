import Bindgen
import Foundation
import Testing
import Toolchain

@Suite struct BindgenTests {
    // MARK: - Functions

    @Test func functions() throws {
        let bindings = try bindings(
            """
            struct thing;
            int f(const char *text, struct thing *thing, long n, double x, _Bool b);
            """)
        #expect(bindings.has("f iiiFi>i"))
        #expect(bindings.swift.contains("_ text: SandboxPointer<CChar>?, _ thing: SandboxPointer<Lib.thing>?"))
        #expect(bindings.swift.contains("_ n: Int32, _ x: Double, _ b: Bool"))
        #expect(bindings.swift.contains("_ n: some SandboxArgument<Int32>"))
        #expect(bindings.has("public enum thing {}"))
        #expect(bindings.exports.contains("f"))
        #expect(bindings.report.functionCount == 1)
        #expect(bindings.report.unbound.isEmpty)
    }

    @Test(arguments: [
        ("int f(const char *, ...);", "variable arguments"), ("int f();", "prototype"),
        ("#include <stdarg.h>\nvoid f(int a, va_list list);", "va_list"), ("long double f(void);", "long double"),
        ("float _Complex f(void);", "Complex"), ("unsigned __int128 f(void);", "__int128"),
        ("_BitInt(7) f(void);", "_BitInt"), ("void f(int a) __attribute__((unavailable));", "unavailable"),
        ("typedef int v __attribute__((vector_size(16))); v f(void);", "vector"),
        ("struct s; void f(struct s value);", "layout"),
        ("struct s { _Alignas(32) int a; }; void f(struct s value);", "aligned"),
    ])
    func refusals(header: String, reason: String) throws {
        let bindings = try bindings(header)
        #expect(bindings.reason(for: "f")?.contains(reason) == true)
        #expect(!bindings.swift.contains("func f("))
        #expect(bindings.swift.contains("// MARK: - Not bound"))
        let lines = bindings.report.text.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("not bound: lib.h:") && $0.contains("f: ") })
    }

    @Test func typesOfManyForms() throws {
        let bindings = try bindings(
            """
            typedef int (*callback)(int);
            typedef int function(int);
            void (*signal_like(int number, void (*handler)(int)))(int);
            void pointers(int **a, callback *b, function *c, void **d, int (*e)[3], const char *const f[], int g[2][3]);
            void restricted(char *restrict a, const volatile int *b, unsigned long long *c, long *d);
            """)
        #expect(bindings.swift.contains("_ handler: SandboxFunctionPointer<Lib.signal_like_handler>?"))
        #expect(bindings.swift.contains("-> SandboxFunctionPointer<Lib.signal_like_result>?"))
        for type in [
            "_ a: SandboxPointer<SandboxPointer<Int32>>?", "_ b: SandboxPointer<SandboxFunctionPointer<Lib.callback>>?",
            "_ c: SandboxFunctionPointer<Lib.function>?", "_ d: SandboxPointer<SandboxRawPointer>?",
            "_ e: SandboxPointer<Int32>?", "_ f: SandboxPointer<SandboxPointer<CChar>>?", "_ g: SandboxPointer<Int32>?",
            "_ a: SandboxPointer<CChar>?", "_ b: SandboxPointer<Int32>?", "_ c: SandboxPointer<UInt64>?",
            "_ d: SandboxPointer<SandboxLong>?",
        ] {
            #expect(bindings.swift.contains(type), "\(type)")
        }
    }

    @Test func documentation() throws {
        let bindings = try bindings(
            """
            /* A heading. */

            void undocumented(void);
            /**
             * Does a thing.
             *
             * And another.
             * @param a the first
             * @return nothing much
             */
            int documented(int a);
            """)
        #expect(!bindings.swift.contains("A heading."))
        for line in [
            "/// Does a thing.", "/// And another.", "/// - Parameter a: the first", "/// - Returns: nothing much",
        ] {
            #expect(bindings.has(line), "\(line)")
        }
    }

    // MARK: - Types

    @Test func typedefs() throws {
        let bindings = try bindings(
            """
            #include <stdint.h>
            typedef uint32_t number;
            typedef unsigned long size;
            typedef struct opaque *handle;
            typedef struct { int a; } plain;
            typedef plain other;
            number f(size a, handle b, other *c, size *d, int64_t e);
            """)
        for line in [
            "public typealias number = UInt32", "public typealias size = UInt32",
            "public typealias handle = SandboxPointer<Lib.opaque>", "public typealias other = Lib.plain",
        ] {
            #expect(bindings.has(line), "\(line)")
        }
        for parameter in [
            "_ a: Lib.size", "_ b: Lib.handle?", "_ c: SandboxPointer<Lib.other>?",
            "_ d: SandboxPointer<SandboxUnsignedLong>?", "_ e: Int64",
        ] {
            #expect(bindings.swift.contains(parameter), "\(parameter)")
        }
        #expect(!bindings.swift.contains("uint32_t"))
    }

    /// Clang is asked, for both machines.
    @Test func layouts() throws {
        let bindings = try bindings(
            """
            struct s { char a; void *b; long c; long long d; struct { char e; double f; } g[2]; };
            struct __attribute__((packed)) p { char a; void *b; };
            """)
        #expect(
            bindings.has("PerMachine(wasm32: Layout(size: 56, alignment: 8), native: Layout(size: 64, alignment: 8))"))
        #expect(
            bindings.has("PerMachine(wasm32: Layout(size: 5, alignment: 1), native: Layout(size: 9, alignment: 1))"))
        #expect(bindings.has("public var f: SandboxPointer<Double> { field(PerMachine(8)) }"))
        #expect(bindings.has("public var g: SandboxPointer<Lib.s_g> { field(PerMachine(wasm32: 24, native: 32)) }"))
        #expect(bindings.has("public static var g_count: Int { 2 }"))
    }

    @Test func membersOfMembers() throws {
        let bindings = try bindings(
            """
            typedef struct {
                struct { unsigned a : 3; signed char b : 2; };
                union { int x; struct { unsigned low : 4, high : 4; } bits; };
            } bar;
            union u { struct { unsigned c : 3; }; int whole; };
            """)
        #expect(bindings.has("value.a = SandboxBits.load(bytes, at: 0, width: 3, isSigned: false)"))
        #expect(bindings.has("value.b = SandboxBits.load(bytes, at: 3, width: 2, isSigned: true)"))
        #expect(bindings.has("public var x: SandboxPointer<Int32> { field(PerMachine(4)) }"))
        #expect(bindings.has("public var bits: SandboxPointer<Lib.bar_anonymous2_bits> { field(PerMachine(4)) }"))
        #expect(bindings.has("value.high = SandboxBits.load(bytes, at: 4, width: 4, isSigned: false)"))
        #expect(bindings.reason(for: "u.c") != nil)
        #expect(bindings.has("public var anonymous2: [UInt8]"))
    }

    /// A layout that one machine doesn't have leaves an opaque type.
    @Test func differentStructures() throws {
        let bindings = try bindings(
            """
            struct s {
            #ifdef __wasm__
                int only_here;
            #else
                int only_there;
            #endif
            };
            void f(struct s *s);
            void g(struct s s);
            """)
        #expect(bindings.has("public enum s {}"))
        #expect(bindings.swift.contains("func f(_ s: SandboxPointer<Lib.s>?)"))
        #expect(bindings.reason(for: "g") != nil)
        #expect(bindings.report.notes.contains { $0.name == "s" })
    }

    @Test func enumerations() throws {
        let bindings = try bindings(
            """
            enum plain { A, B = 5, C };
            typedef enum { N = -1 } negative;
            enum big : unsigned long long { HUGE_ONE = 0xFFFFFFFFFFFFFFFF };
            enum { LOOSE = 3 };
            enum plain f(negative a);
            """)
        #expect(bindings.has("public static let C = Lib.plain(rawValue: 6)"))
        #expect(bindings.has("public static let N = Lib.negative(rawValue: -1)"))
        #expect(bindings.has("public static let HUGE_ONE = Lib.big(rawValue: 18_446_744_073_709_551_615)"))
        #expect(bindings.has("public static let LOOSE: Int32 = 3"))
        #expect(bindings.swift.contains("func f(_ a: Lib.negative) throws -> Tainted<Lib.plain>"))
    }

    @Test func namesOfSwifts() throws {
        let bindings = try bindings(
            """
            typedef int Bool;
            struct String { int Type, self; };
            typedef int Lib;
            int call(int func, Bool b);
            int machine(void);
            """)
        #expect(bindings.has("public typealias Bool_ = Int32"))
        #expect(bindings.has("public typealias Lib_ = Int32"))
        #expect(bindings.has("public struct String_: SandboxRecord, Hashable {"))
        #expect(bindings.swift.contains("func call_(_ `func`: Int32, _ b: Lib.Bool_)"))
        #expect(bindings.swift.contains("func machine_("))
        #expect(bindings.report.notes.count == 5)
    }

    // MARK: - Constants

    @Test func macros() throws {
        let bindings = try bindings(
            """
            #include <limits.h>
            #define A 1
            #define B (A + 0x7FFFFFFF)
            #define C "text" " and more"
            #define D 1e400
            #define E sizeof(long)
            #define F INT_MAX
            #define G not_declared
            #define H(x) x
            #define I
            #define J ((unsigned char)300)
            #define K 3
            #undef K
            #define L ((enum e)1)
            #define M {1, 2}
            #define N (-1.5e-3f)
            enum e { E0 };
            """)
        #expect(bindings.has("public static let A: Int32 = 1"))
        #expect(bindings.has("public static let C: String = \"text and more\""))
        #expect(bindings.has("public static let D: Double = Double.infinity"))
        #expect(bindings.has("public static let E: UInt32 = 4"))
        #expect(bindings.has("public static let F: Int32 = 2_147_483_647"))
        #expect(bindings.has("public static let J: UInt8 = 44"))
        #expect(bindings.has("public static let L: UInt32 = 1"))
        #expect(bindings.has("public static let N: Float = -0.0015"))
        for name in ["G", "I", "K", "M", "INT_MAX"] { #expect(!bindings.swift.contains("let \(name):"), "\(name)") }
        #expect(bindings.report.unbound.contains { $0.name.contains("H") && $0.reason.contains("parameters") })
        #expect(bindings.report.unbound.contains { $0.name.contains("G, M") })
    }

    // MARK: - What is bound

    @Test func systemHeadersAreNot() throws {
        let bindings = try bindings("#include <stddef.h>\n#include <stdint.h>\nsize_t f(uint8_t a);")
        #expect(bindings.report.functionCount == 1)
        #expect(!bindings.swift.contains("uint8_t"))
        #expect(!bindings.swift.contains("max_align_t"))
    }

    @Test func allowAndDeny() throws {
        let header =
            "#define LIB_ONE 1\n#define OTHER 2\nvoid lib_a(void); void lib_b(void); void other(void); struct unused { int a; };"
        let allowed = try bindings(header) {
            $0.allow = ["lib_*", "LIB_???"]
            $0.deny = ["*_b"]
        }
        #expect(allowed.swift.contains("func lib_a("))
        #expect(!allowed.swift.contains("lib_b"))
        #expect(!allowed.swift.contains("other"))
        #expect(allowed.swift.contains("LIB_ONE"))
        #expect(!allowed.swift.contains("OTHER"))
        #expect(!allowed.swift.contains("unused"))
    }

    @Test func cPlusPlus() throws {
        let bindings = try bindings(
            """
            #pragma once
            #include <stdint.h>
            namespace lib { class Hidden { int a; }; void overloaded(int); }
            void overloaded(double);
            extern "C" {
            struct point { int x; int y; };
            enum class shade : uint8_t { dark, light };
            int f(point *p, shade s, bool b);
            point g(point p);
            void h();
            void reference(int &a);
            }
            extern "C" int single(void);
            extern "C" { static inline int twice(int a) { return 2 * a; } }
            template <typename T> T generic(T a) { return a; }
            """
        ) { $0.language = .cPlusPlus }
        #expect(bindings.has("f iii>i"))
        #expect(bindings.has("bulkhead_g ii>"))
        #expect(bindings.has("h >"))
        #expect(bindings.has("single >i"))
        #expect(bindings.has("bulkhead_twice i>i"))
        #expect(bindings.reason(for: "reference")?.contains("references") == true)
        #expect(bindings.swift.contains("_ p: SandboxPointer<Lib.point>?, _ s: Lib.shade, _ b: Bool"))
        #expect(!bindings.swift.contains("overloaded"))
        #expect(bindings.report.unbound.contains { $0.name.hasSuffix("C++ declarations") })
    }

    // MARK: - Annotations

    @Test func annotations() throws {
        let json = """
            {
              "functions": {
                "f": {"swiftName": "work(on:count:)", "parameters": {"p": {"count": "n", "nonnull": true}}},
                "g": {"skip": "nobody needs it"},
                "h": {"result": {"owned": "release", "nonnull": true}}
              },
              "types": {"thing": {"swiftName": "Thing"}},
              "wrappers": "static inline int log_number(const char *text, int n) { return log_all(text, n); }"
            }
            """
        let bindings = try bindings(
            """
            typedef struct thing thing;
            void f(const int *p, int n);
            void g(void);
            thing *h(void);
            void release(thing *thing);
            int log_all(const char *text, ...);
            """
        ) { $0.annotations = try Annotations(json: Array(json.utf8), name: "a.json") }
        #expect(bindings.swift.contains("func work(on p: SandboxPointer<Int32>, count n: Int32) throws"))
        #expect(bindings.swift.contains("func work(on p: [Int32]) throws"))
        #expect(bindings.reason(for: "g") == "nobody needs it")
        #expect(bindings.swift.contains("func h() throws -> SandboxOwned<Lib.Thing>"))
        #expect(bindings.has("bulkhead_log_number ii>i"))
        #expect(
            bindings.shim.contains("int bulkhead_log_number(const char *a0, int a1) { return log_number(a0, a1); }"))
        #expect(bindings.directShim.contains("thunk_bulkhead_log_number"))
        #expect(bindings.reason(for: "log_all")?.contains("wrapper") == true)
    }

    @Test func attributes() throws {
        let bindings = try bindings(
            """
            #define NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
            int *_Nonnull a(int *_Nullable p, int *_Nonnull q);
            void b(int *p, int *q) __attribute__((nonnull(2)));
            void c(int *p, int *q) __attribute__((nonnull));
            void d(int *p, int *q) NONNULL(1);
            int e(int x, int y) __attribute__((swift_name("combine(_:with:)")));
            """)
        #expect(
            bindings.swift.contains(
                "func a(_ p: SandboxPointer<Int32>?, _ q: SandboxPointer<Int32>) throws -> SandboxPointer<Int32> {"))
        #expect(bindings.swift.contains("func b(_ p: SandboxPointer<Int32>?, _ q: SandboxPointer<Int32>) throws"))
        #expect(bindings.swift.contains("func c(_ p: SandboxPointer<Int32>, _ q: SandboxPointer<Int32>) throws"))
        // Which parameters a macro means can't be seen.
        #expect(bindings.swift.contains("func d(_ p: SandboxPointer<Int32>?, _ q: SandboxPointer<Int32>?) throws"))
        #expect(bindings.swift.contains("func combine(_ x: Int32, with y: Int32) throws"))
    }

    @Test(arguments: [
        ("{", "not JSON"), ("{\"function\": {}}", "there is no \"function\" in the file"),
        ("{\"functions\": {\"f\": {\"parameter\": {}}}}", "\"parameter\" in the file.functions.f"),
        ("{\"functions\": {\"f\": {\"skip\": 3}}}", "functions.f.skip is not a String"),
    ])
    func wrongAnnotations(json: String, message: String) throws {
        let error = #expect(throws: BindgenError.self) { try Annotations(json: Array(json.utf8), name: "a.json") }
        #expect(error?.description.contains("a.json: ") == true)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    // MARK: - Errors

    @Test func errors() throws {
        #expect(throws: BindgenError.self) { try bindings("int f(void);") { $0.library = "not a name" } }
        #expect(throws: BindgenError.self) { try bindings("int f(void);") { $0.library = "Int32" } }
        let missing = #expect(throws: BindgenError.self) { try bindings("") { $0.headers = ["missing.h"] } }
        #expect(missing?.description.contains("there is no header missing.h") == true)
        let wrong = #expect(throws: BindgenError.self) { try bindings("int f(unknown a);") }
        #expect(wrong?.description.contains("lib.h:1:7: error: unknown type name 'unknown'") == true)
        let native = #expect(throws: BindgenError.self) {
            try bindings("#ifndef __wasm__\n#error only there\n#endif\n")
        }
        #expect(native?.description.contains("native") == true)
    }

    // MARK: - The shims are C

    @Test func shimsCompile() throws {
        let header = """
            extern "C" {
            struct point { int x; double y; };
            enum kind { first, second };
            point move(point a, const point *b, kind c);
            int each(int (*visit)(point p, void *user), void *user);
            extern int variable;
            }
            """
        let directory = try HeaderDirectory(["dir/lib.h": header])
        var request = directory.request("dir/lib.h")
        request.language = .cPlusPlus
        let bindings = try Bindgen.generate(request)
        #expect(bindings.shim.contains("#include \"dir/lib.h\""))
        #expect(bindings.report.functionCount == 2)
        let clang = try Compiler.find(named: "clang")
        let prelude = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/CPrelude/include").path
        for (name, text) in [("shim.cpp", bindings.shim), ("direct.cpp", bindings.directShim)] {
            let path = "\(directory.path)/\(name)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let arguments = [
                "-Wall", "-Wextra", "-Wno-unused-function", "-fsyntax-only", "-I\(directory.path)", "-I\(prelude)",
            ]
            let outcome = try Subprocess(
                clang.path, arguments + [path], environment: ProcessEnvironment.current()
            ).run()
            #expect(
                outcome.termination == .exited(0) && outcome.standardError.bytes.isEmpty,
                "\(outcome.standardError.text)")
        }
    }

    /// Libraries that are installed here.
    @Test(arguments: ["zlib.h", "expat.h", "sqlite3.h", "bzlib.h"])
    func libraries(name: String) throws {
        let path = "/usr/include/\(name)"
        guard FileManager.default.fileExists(atPath: path) else { return }
        // Beside the host's C library only the headers meant are to be found.
        let directory = try HeaderDirectory([:])
        for file in [name, "zconf.h", "expat_external.h"] {
            try? FileManager.default.copyItem(atPath: "/usr/include/\(file)", toPath: "\(directory.path)/\(file)")
        }
        let request = directory.request(name)
        guard (try? WASISysroot.find()) != nil else { return }
        let bindings = try Bindgen.generate(request)
        #expect(bindings.report.functionCount > 20)
        let reasons = ["variable arguments", "va_list", "macros", "thread"]
        for entry in bindings.report.unbound {
            #expect(reasons.contains(where: entry.reason.contains), "\(entry)")
        }
    }
}
