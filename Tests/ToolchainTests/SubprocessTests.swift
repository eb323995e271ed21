import Glibc
import Testing

@testable import Toolchain

@Suite struct SubprocessTests {
    @Test func separatesOutputAndStatus() throws {
        let outcome = try Subprocess("/bin/sh", ["-c", "echo out; echo err >&2; exit 7"]).run()
        #expect(outcome.termination == .exited(7))
        #expect(outcome.standardOutput.text == "out\n")
        #expect(outcome.standardError.text == "err\n")
    }

    @Test func argumentsAreTakenAsTheyAre() throws {
        let words = ["a b", "$HOME", "'\"", "", "é;`ls`"]
        let outcome = try Subprocess("/bin/sh", ["-c", "printf '%s\\n' \"$@\"", "sh"] + words).run()
        #expect(outcome.standardOutput.text == words.map { $0 + "\n" }.joined())
    }

    @Test func environmentIsExactlyTheOneGiven() throws {
        let outcome = try Subprocess("/usr/bin/env", environment: ["ONE": "1=1", "TWO": ""]).run()
        #expect(Set(outcome.standardOutput.text.split(separator: "\n")) == ["ONE=1=1", "TWO="])
    }

    @Test func runsInTheWorkingDirectory() throws {
        let outcome = try Subprocess("/bin/sh", ["-c", "pwd -P"], workingDirectory: "/usr").run()
        #expect(outcome.standardOutput.text == "/usr\n")
    }

    @Test func reportsTheSignal() throws {
        let outcome = try Subprocess("/bin/sh", ["-c", "kill -KILL $$"]).run()
        #expect(outcome.termination == .signalled(SIGKILL))
    }

    /// With what it started, and the others go on to their ends.
    @Test func overdueProgramsAreKilled() throws {
        let path = ["PATH": "/usr/bin:/bin"]
        var endless = Subprocess("/bin/sh", ["-c", "sleep 600 & echo $!; wait"], environment: path)
        endless.deadline = .now + .milliseconds(300)
        var punctual = Subprocess("/bin/echo", ["done"])
        punctual.deadline = .now + .seconds(600)
        let outcomes = Subprocess.run([endless, punctual], atOnce: 2)
        #expect(throws: ToolchainError.timeLimitExceeded(commandLine: endless.commandLine)) { try outcomes[0].get() }
        #expect(try outcomes[1].get().standardOutput.text == "done\n")
    }

    @Test func keepsTheBeginningOfLongOutput() throws {
        let outcome = try Subprocess("/bin/sh", ["-c", "head -c 3000000 /dev/zero; echo done >&2"]).run()
        #expect(outcome.termination == .exited(0))
        #expect(outcome.standardOutput.bytes.count == 1 << 20)
        #expect(outcome.standardOutput.dropped == 3_000_000 - 1 << 20)
        #expect(outcome.standardError.text == "done\n")
    }

    @Test func inputIsEmpty() throws {
        #expect(try Subprocess("/bin/cat").run().standardOutput.bytes.isEmpty)
    }

    @Test func otherFilesAreClosed() throws {
        // Opened without O_CLOEXEC, as a careless library would.
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let outcome = try Subprocess("/bin/sh", ["-c", "ls /proc/$$/fd"], environment: ["PATH": "/usr/bin:/bin"]).run()
        let open = Set(outcome.standardOutput.text.split(separator: "\n").compactMap { Int($0) })
        #expect(open.isSuperset(of: [0, 1, 2]))
        #expect(!open.contains(Int(leak)))
    }

    @Test func blockedSignalsAreNotInherited() throws {
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGUSR1)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let outcome = try Subprocess("/bin/cat", ["/proc/self/status"]).run()
        #expect(outcome.standardOutput.text.contains("SigBlk:\t0000000000000000"))
    }

    @Test func aHelperThatKeepsTheStreamsOpenDoesNotHoldUs() throws {
        let start = ContinuousClock.now
        let outcome = try Subprocess("/bin/sh", ["-c", "sleep 20 & echo started"], environment: ["PATH": "/bin"]).run()
        #expect(outcome.standardOutput.text == "started\n")
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func saysWhyAProgramDoesNotStart() throws {
        let scratch = try Scratch()
        let plain = try scratch.write("plain", "no program", mode: 0o644)
        let garbage = try scratch.write("garbage", "\u{1}\u{2}", mode: 0o755)
        let orphan = try scratch.write("orphan", "#!/no/such/interpreter\n", mode: 0o755)

        #expect(throws: ToolchainError.programNotFound(path: "/no/such/program")) {
            try Subprocess("/no/such/program").run()
        }
        #expect(throws: ToolchainError.programNotExecutable(path: plain)) { try Subprocess(plain).run() }
        #expect(throws: ToolchainError.programNotExecutable(path: garbage)) { try Subprocess(garbage).run() }
        #expect(throws: ToolchainError.programNotExecutable(path: scratch.path)) { try Subprocess(scratch.path).run() }
        #expect(throws: ToolchainError.processFailed(program: orphan, operation: "posix_spawn", code: ENOENT)) {
            try Subprocess(orphan).run()
        }
        #expect(throws: ToolchainError.self) { try Subprocess("/bin/true", ["a\0b"]).run() }
        #expect(throws: ToolchainError.self) { try Subprocess("/bin/true", environment: ["A=B": "c"]).run() }
        #expect(throws: ToolchainError.self) { try Subprocess("/bin/true", workingDirectory: "/no/such").run() }
    }

    @Test func manyAtOnceKeepTheirOrder() throws {
        var programs = (0..<20).map { Subprocess("/bin/sh", ["-c", "echo \($0); exit \($0)"]) }
        programs.insert(Subprocess("/no/such/program"), at: 3)
        let results = Subprocess.run(programs, atOnce: 4)
        #expect(results.count == 21)
        for (place, result) in results.enumerated() {
            if place == 3 {
                #expect(result == .failure(.programNotFound(path: "/no/such/program")))
            } else {
                let number = place < 3 ? place : place - 1
                #expect(try result.get().termination == .exited(Int32(number)))
                #expect(try result.get().standardOutput.text == "\(number)\n")
            }
        }
    }

    @Test func nothingMoreIsStartedWhenTheCallerHasSeenEnough() throws {
        let scratch = try Scratch()
        let programs = (0..<10).map { Subprocess("/bin/sh", ["-c", "touch \(scratch("\($0)")); exit \($0)"]) }
        var ended: [Int] = []
        let results = Subprocess.run(programs, atOnce: 1) { index, result in
            ended.append(index)
            return (try? result.get().termination) != .exited(3)
        }
        #expect(ended == [0, 1, 2, 3])
        #expect(scratch.names() == ["0", "1", "2", "3"])
        for (index, result) in results.enumerated() {
            switch result {
            case .success(let outcome): #expect(outcome.termination == .exited(Int32(index)) && index <= 3)
            case .failure(let error):
                #expect(error == .processFailed(program: "/bin/sh", operation: "run", code: ECANCELED) && index > 3)
            }
        }
        // A program that doesn't start is told of, too.
        ended = []
        _ = Subprocess.run([Subprocess("/no/such"), programs[0]], atOnce: 2) { index, _ in
            ended.append(index)
            return false
        }
        #expect(ended == [0])
    }

    @Test func severalReallyRunAtOnce() throws {
        // Each waits until the other has come: one after the other, neither would end.
        let scratch = try Scratch()
        let script = "touch $0; while ! [ -e $1 ]; do sleep 0.01; done"
        let environment = ["PATH": "/usr/bin:/bin"]
        let results = Subprocess.run(
            [
                Subprocess("/bin/sh", ["-c", script, scratch("a"), scratch("b")], environment: environment),
                Subprocess("/bin/sh", ["-c", script, scratch("b"), scratch("a")], environment: environment),
            ], atOnce: 2)
        for result in results { #expect(try result.get().termination == .exited(0)) }
    }

    @Test func manyThreadsAtOnce() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try Subprocess("/bin/sh", ["-c", "echo \(number)"]).run().standardOutput.text == "\(number)\n"
                }
            }
            for try await right in group { #expect(right) }
        }
    }

    @Test func commandLinesCanBePasted() {
        let program = Subprocess("/bin/echo", ["plain-word_1.c", "two words", "it's", "", "-DX=1"])
        #expect(program.commandLine == "/bin/echo plain-word_1.c 'two words' 'it'\\''s' '' -DX=1")
    }
}
