import Testing

@testable import SandboxBuild

@Suite("Globs")
struct SelectionTests {
    @Test(
        arguments: [
            ("*.c", "a.c", true), ("*.c", "d/a.c", false), ("*.c", "a.h", false), ("*.c", ".a.c", false),
            (".*.c", ".a.c", true), ("a?.c", "ab.c", true), ("a?.c", "a.c", false),
            ("**/*.c", "a.c", true), ("**/*.c", "d/e/a.c", true), ("**/*.c", ".git/a.c", false),
            ("d/**/a.c", "d/a.c", true), ("d/**/a.c", "d/e/f/a.c", true), ("d/**/a.c", "e/a.c", false),
            ("d/**", "d/e/f", true), ("d/*/a.c", "d/e/a.c", true), ("d/*/a.c", "d/e/f/a.c", false),
            ("./d/a.c", "d/a.c", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("*", "", false),
            ("**/**/**/x", "x", true),
        ])
    func patterns(pattern: String, path: String, matches: Bool) {
        #expect(GlobPattern(pattern).matches(path) == matches)
    }

    @Test("a pattern made to be slow isn't", .timeLimit(.minutes(1)))
    func hostilePattern() {
        let pattern = GlobPattern(
            String(repeating: "a*", count: 200) + "b/" + String(repeating: "**/", count: 200) + "b")
        let path = String(repeating: "a", count: 2000) + "/" + String(repeating: "c/", count: 500) + "a"
        #expect(!pattern.matches(path))
    }

    @Test("files, in the globs' order, once each, without the excluded")
    func selection() throws {
        let project = try Project([
            "z.c": "", "a.c": "", "src/b.c": "", "src/deep/c.c": "", "src/test/t.c": "", "src/x.h": "",
            ".hidden/h.c": "",
        ])
        let files = FileSelection(directory: project.path)
        func names(_ globs: [String]) throws -> [String] {
            try files.files(matching: globs, key: "sources").map { String($0.dropFirst(project.path.utf8.count + 1)) }
        }
        #expect(try names(["**/*.c"]) == ["a.c", "src/b.c", "src/deep/c.c", "src/test/t.c", "z.c"])
        #expect(try names(["z.c", "src/**/*.c", "*.c", "!src/test/**"]) == ["z.c", "src/b.c", "src/deep/c.c", "a.c"])
        #expect(try names(["*.c", "!z.c"]) == ["a.c"])
        #expect(try files.files(matching: [project("src/b.c")], key: "sources") == [project("src/b.c")])
        #expect(try FileSelection(directory: project("src")).files(matching: ["../*.c"], key: "s").count == 2)
        #expect(throws: SandboxBuildError.noMatch(glob: "lib/*.c", key: "sources", directory: project.path)) {
            try names(["*.c", "lib/*.c"])
        }
        #expect(throws: SandboxBuildError.noMatch(glob: "nope.c", key: "sources", directory: project.path)) {
            try names(["nope.c"])
        }
    }

    @Test("what compilers write for make")
    func dependencies() {
        let text = "out/a.o: a.c \\\n  /usr/include/x.h some\\ dir/y.h\\\n a$$b.h \\\n c\\#.h\n"
        #expect(
            DependencyFile.files(in: text, relativeTo: "/w")
                == ["/w/a.c", "/usr/include/x.h", "/w/some dir/y.h", "/w/a$b.h", "/w/c#.h"])
        #expect(DependencyFile.files(in: "", relativeTo: "/w") == [])
        #expect(DependencyFile.files(in: "\\", relativeTo: "/w") == [])
    }

    @Test(
        arguments: [
            ("source", "sources"), ("hedaers", "headers"), ("cflags", "cFlags"), ("flags", "cFlags"), ("zzz", nil),
            (String(repeating: "x", count: 1000), nil),
        ] as [(String, String?)])
    func nearest(word: String, name: String?) {
        #expect(nearestName(to: word, among: ["library", "headers", "sources", "cFlags"]) == name)
    }
}
