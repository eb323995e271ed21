import Testing

@testable import SandboxBuild

@Suite("sandbox.json")
struct ManifestTests {
    private func read(_ json: String) throws(SandboxBuildError) -> SandboxManifest {
        try SandboxManifest(json: Array(json.utf8), path: "lib/sandbox.json")
    }

    private func problem(_ json: String) -> String? {
        do throws(SandboxBuildError) {
            _ = try read(json)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("every key is read")
    func everyKey() throws {
        let manifest = try read(
            """
            {
              "library": "Lib", "headers": ["a.h"], "sources": ["a.c", "!b.c"], "wrappers": ["w.c"],
              "includeDirectories": ["include"], "defines": ["A", "B=1"], "cFlags": ["-w"], "cxxFlags": ["-Wall"],
              "linkFlags": ["-lm"], "cLanguageStandard": "c11", "cxxLanguageStandard": "c++17", "libc": false,
              "exports": ["f", "_g"], "stackSize": "2M", "maximumMemory": 67108864, "optimization": 3, "simd": false,
              "allow": ["a_*"], "deny": ["a_b"], "annotations": "notes.json", "direct": true
            }
            """)
        var expected = SandboxManifest(library: "Lib")
        expected.headers = ["a.h"]
        expected.sources = ["a.c", "!b.c"]
        expected.wrappers = ["w.c"]
        expected.includeDirectories = ["include"]
        expected.defines = ["A", "B=1"]
        expected.cFlags = ["-w"]
        expected.cxxFlags = ["-Wall"]
        expected.linkFlags = ["-lm"]
        expected.cLanguageStandard = "c11"
        expected.cxxLanguageStandard = "c++17"
        expected.libc = false
        expected.exports = ["f", "_g"]
        expected.stackSize = 2 << 20
        expected.maximumMemory = 64 << 20
        expected.optimization = "3"
        expected.simd = false
        expected.allow = ["a_*"]
        expected.deny = ["a_b"]
        expected.annotations = "notes.json"
        expected.direct = true
        #expect(manifest == expected)
        // A key that is read nowhere would pass the comparison above.
        #expect(SandboxManifest.CodingKeys.allCases.count == 21)
    }

    @Test("what isn't said has a default")
    func defaults() throws {
        let manifest = try read(#"{"library": "Lib", "sources": ["a.c"], "exports": ["f"]}"#)
        #expect(
            manifest.libc && manifest.simd && !manifest.direct && manifest.stackSize == 1 << 20
                && manifest.optimization == "2")
        #expect(manifest.maximumMemory == nil)
    }

    @Test(
        "mistakes are named with their place",
        arguments: [
            (#"{"library": "L", "source": ["a.c"]}"#, #"there is no key "source"; did you mean "sources"?"#),
            (#"{"library": "L", "define": ["A"]}"#, #"there is no key "define"; did you mean "defines"?"#),
            (#"{"library": "L", "CFLAGS": ["A"]}"#, #"there is no key "CFLAGS"; did you mean "cFlags"?"#),
            (#"{"library": "L", "standard": "c11"}"#, #"did you mean "cLanguageStandard"?"#),
            (#"{"library": "L", "somethingElse": 1}"#, #"there is no key "somethingElse"; the keys are library, "#),
            (#"{"sources": ["a.c"]}"#, #"there is no "library", which every manifest has"#),
            (#"{"library": 3}"#, #""library" must be text in quotes"#),
            (#"{"library": "L", "sources": "a.c"}"#, #""sources" must be a list of texts"#),
            (#"{"library": "L", "sources": ["a.c", 3]}"#, #""sources", entry 2 must be text in quotes"#),
            (#"{"library": "L", "libc": "no"}"#, #""libc" must be true or false"#),
            (#"[]"#, "the whole must be an object"),
            (#"{"library" "L"}"#, "it is not JSON"),
            (#"{"library": "9"}"#, #""library" is "9"; it becomes the name of a Swift type"#),
            (#"{"library": "a-b"}"#, #""library" is "a-b"; it becomes the name of a Swift type"#),
            (#"{"library": "L"}"#, #""sources" names no files"#),
            (#"{"library": "L", "sources": ["!a.c"]}"#, #""sources" names no files"#),
            (#"{"library": "L", "sources": ["a.c"]}"#, "there is nothing to call"),
            (#"{"library": "L", "sources": ["a.c"], "exports": ["a b"]}"#, #""exports" has "a b""#),
            (
                #"{"library": "L", "sources": ["a.c"], "exports": ["f"], "defines": ["-DX"]}"#,
                #""defines" has "-DX"; write NAME or NAME=VALUE, without -D"#
            ),
            (#"{"library": "L", "sources": ["a.c"], "exports": ["f"], "optimization": 9}"#, "the levels are 0, 1"),
            (#"{"library": "L", "sources": ["a.c"], "exports": ["f"], "stackSize": "1X"}"#, #""stackSize" is "1X""#),
            (#"{"library": "L", "sources": ["a.c"], "exports": ["f"], "stackSize": 100}"#, "multiple of 16 from 4096"),
            (
                #"{"library": "L", "sources": ["a.c"], "exports": ["f"], "stackSize": "99999999999999999999G"}"#,
                "it is a number of bytes"
            ),
            (
                #"{"library": "L", "sources": ["a.c"], "exports": ["f"], "maximumMemory": "1M"}"#,
                "has room for the stack"
            ),
            (#"{"library": "L", "sources": ["a.c"], "exports": ["f"], "maximumMemory": "8G"}"#, "at most 4294967296"),
        ])
    func mistakes(json: String, expected: String) throws {
        let problem = try #require(self.problem(json))
        #expect(problem.hasPrefix("lib/sandbox.json: "), "\(problem)")
        #expect(problem.contains(expected), "\(problem)")
    }

    @Test("a directory without a manifest")
    func missing() throws {
        let project = try Project()
        #expect(project.failure() == .manifestNotFound(path: "\(project.path)/sandbox.json"))
    }
}

@Suite("A manifest to begin with")
struct ManifestDraftTests {
    @Test("names what is there")
    func draft() throws {
        let project = try Project([
            "include/lib.h": "int f(void);", "src/a.c": "#include \"lib.h\"\nint f(void) { return 1; }", "src/b.c": "",
            "src/deep/c.cpp": "", "src/private.h": "", "tests/t.c": "", "docs/d.h": "",
        ])
        let draft = try ManifestDraft(directory: project.path, library: "Lib")
        #expect(
            draft.json == """
                {
                    "library": "Lib",
                    "headers": ["include/lib.h"],
                    "sources": ["src/*.c", "src/deep/*.cpp"],
                    "includeDirectories": ["include"]
                }

                """)
        _ = try SandboxManifest(json: Array(draft.json.utf8), path: "sandbox.json")
        let flat = try Project(["zlib-1.3/zlib.h": "", "zlib-1.3/a.c": "", "zlib-1.3/x/y.h": ""])
        #expect(
            try ManifestDraft(directory: flat("zlib-1.3")).json == """
                {
                    "library": "Zlib",
                    "headers": ["zlib.h"],
                    "sources": ["*.c"]
                }

                """)
        #expect(throws: SandboxBuildError.self) { try ManifestDraft(directory: flat("zlib-1.3/x")) }
        // Those beside a header that has the library's name are its own affair.
        let internals = try Project(["libpng-1.6/png.h": "", "libpng-1.6/pngpriv.h": "", "libpng-1.6/a.c": ""])
        #expect(try ManifestDraft(directory: internals("libpng-1.6")).json.contains(#""headers": ["png.h"],"#))
        #expect(
            try ManifestDraft(directory: internals("libpng-1.6"), library: "PNGPriv").json.contains(
                #""headers": ["png.h", "pngpriv.h"],"#))
    }
}
