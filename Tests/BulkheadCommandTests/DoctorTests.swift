import Testing

@testable import BulkheadCommand

@Suite("bulkhead doctor", .needsCommand)
struct DoctorTests {
    let scratch = try! Scratch()

    private let subjects = [
        "C compiler", "WASI sysroot", "Segment register", "Protection keys", "vm.max_map_count", "Address space",
        "Cache",
    ]

    @Test("reports on everything, and passes where tests do")
    func healthy() throws {
        let outcome = try Command(["BULKHEAD_CACHE": scratch("cache")])("doctor")
        #expect(outcome.exitCode == 0, "\(outcome.output)")
        #expect(outcome.error == "")
        for subject in subjects {
            #expect(outcome.output.contains("] \(subject): ") || outcome.output.contains("]   \(subject): "))
        }
        #expect(!outcome.output.contains("[FAIL]"))
        #expect(outcome.output.contains("\(scratch("cache")), 0 bytes in 0 files of at most 1024 MiB"))
    }

    @Test("fails without a compiler, a cache or address space, and says what to do")
    func failing() throws {
        let compiler = try Command(["PATH": "/nonexistent"])("doctor")
        #expect(compiler.exitCode == 1)
        #expect(compiler.output.contains("[FAIL] C compiler: none\n"))
        #expect(compiler.output.contains("Install the Swift toolchain"))

        let named = try Command()("doctor", "--cc=/nonexistent")
        #expect(named.exitCode == 1)
        #expect(named.output.contains("there is no C compiler \"/nonexistent\""))

        let cache = try Command(["BULKHEAD_CACHE": "/proc/none"])("doctor")
        #expect(cache.exitCode == 1)
        #expect(cache.output.contains("[FAIL] Cache: none\n"))
        #expect(cache.output.contains("--no-cache"))

        let space = try Command().shell("ulimit -v 4000000; exec \"$0\" doctor")
        #expect(space.exitCode == 1)
        #expect(space.output.contains("[FAIL] Address space: 3906 MiB (ulimit -v)\n"), "\(space.output)\(space.error)")
        #expect(space.output.contains("To do: ulimit -v unlimited"))
    }

    @Test("goes on without a WASI sysroot")
    func noSysroot() throws {
        let outcome = try Command(["WASI_SYSROOT": "/nonexistent"])("doctor")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("[note] WASI sysroot: none\n"))
        #expect(outcome.output.contains("To do: apt-get install wasi-libc"))
    }

    @Test("a finding is readable however long its parts are")
    func layout() {
        let finding = Finding(state: .limited, subject: "Thing", found: "a", meaning: "b\nc", advice: "d")
        #expect(finding.text == "[note] Thing: a\n       b\n       c\n       To do: d\n")
    }
}
