import BulkheadSandbox
import Foundation
import Testing
import Toolchain

@Suite struct TaintedTests {
    @Test func arithmeticWrapsAndStaysTainted() {
        let big = Tainted(Int32.max)
        #expect((big + 1).verified { $0 } == .min)
        #expect((big * big).verified { $0 } == 1)
        #expect((Tainted(Int32.min) - 1).verified { $0 } == .max)
        #expect((-Tainted(Int32.min)).verified { $0 } == .min)
        #expect((Tainted(1 as Int32) << 100).verified { $0 } == 0)
        #expect((Tainted(-1 as Int32) >> 100).verified { $0 } == -1)
        #expect(Tainted(1 as Int32).divided(by: Tainted(0)) == nil)
        #expect(Tainted(Int32.min).divided(by: Tainted(-1)) == nil)
        #expect(Tainted(Int32.min).remainder(dividingBy: Tainted(0)) == nil)
        #expect(Tainted(7 as Int32).divided(by: Tainted(2))?.verified { $0 } == 3)
        #expect(Tainted<UInt8>(truncatingIfNeeded: Tainted(0x1FF)).verified { $0 } == 0xFF)
        #expect((Tainted(1.5) + Tainted(2)).verified { $0 } == 3.5)
    }

    @Test func comparisonsAreTainted() {
        let five = Tainted(5)
        let equal: Tainted<Bool> = five == 5
        let different = five != 5 || five < 4
        let all = !(five > 5) && five >= 5 && five <= 5
        #expect(equal.unsafeUnchecked(because: "a test"))
        #expect(!different.unsafeUnchecked(because: "a test"))
        #expect(all.unsafeUnchecked(because: "a test"))
    }

    @Test func verificationThrowsForWhatIsNotExpected() throws {
        let five = Tainted(5)
        #expect(try five.verified(in: 0...5) == 5)
        #expect(try five.verified(in: 5...) == 5)
        #expect(throws: SandboxError.self) { try five.verified(in: 0..<5) }
        #expect(try five.verified(oneOf: [1, 5]) == 5)
        #expect(throws: SandboxError.self) { try five.verified(oneOf: [1, 2]) }
        #expect(try five.verified("odd", where: { $0 % 2 == 1 }) == 5)
        #expect(throws: SandboxError.self) { try five.verified("even", where: { $0 % 2 == 0 }) }
        #expect(five.unsafeUnchecked(because: "a test") == 5)
        #expect("\(five)" == "Tainted<Int>")
    }

    @Test func plainAndTaintedValuesGoIn() throws {
        var sandbox = try Probe.sandbox()
        let three = try sandbox.add(1, 2)
        let plain: Int32 = 4
        #expect(try sandbox.add(three, plain).verified { $0 } == 7)
        #expect(try sandbox.scale(2.5, -2).verified { $0 } == -5)
    }

    /// What must not compile, beside what must: the second proves that the first is refused for the reason given.
    @Test(
        .disabled(if: KeptFiles.directory != nil, "needs the Swift compiler and the modules it has built"),
        arguments: [
            ("let t = Tainted(1)", "if t == 1 {}", "Tainted<Int>|Tainted<Bool>"),
            ("let t = Tainted(1)", "while t < 2 {}", "Tainted<Int>|Tainted<Bool>"),
            ("let t = Tainted(true)", "let plain = t ? 1 : 2", "Tainted<Bool>"),
            ("let t = Tainted(1)", "let plain: Int = t", "cannot convert value of type 'Tainted<Int>'"),
            ("let t = Tainted(1)", "_ = [0, 1, 2][t]", "Tainted<Int>"),
            ("let t = Tainted(1)", "_ = t.value", "no dynamic member 'value'"),
            (
                """
                func f<L>(_ s: inout Sandbox<L>, _ p: SandboxPointer<UInt8>) throws {
                    let view = try s.uncheckedBytes(at: p, count: 1)
                    _ = view.byteCount
                """,
                "try s.store(1, to: p); _ = view.byteCount", "overlapping accesses"
            ),
            (
                "func f<L>(_ s: borrowing Sandbox<L>, _ p: SandboxPointer<UInt8>) throws {",
                "class Kept { var view: RawSpan? }; let kept = Kept(); kept.view = try s.uncheckedBytes(at: p, count: 1)",
                "Escapable"
            ),
            ("func f<L>(_ s: borrowing Sandbox<L>) {", "let other = s; _ = other.death", "noncopyable|consumed"),
        ])
    func theCompilerRefuses(_ before: String, _ refused: String, _ message: String) throws {
        let end = before.contains("{") ? "\n}" : ""
        let good = try compile(before + end)
        #expect(!good.contains("error:"), "\(good)")
        let bad = try compile("\(before)\n\(refused)\(end)")
        #expect(bad.contains("error:"))
        #expect(bad.firstMatch(of: try Regex(message)) != nil, "\(bad)")
    }

    /// What swiftc says of the lines.
    private func compile(_ lines: String) throws -> String {
        let binary = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        var build = binary
        while build.path != "/",
            !FileManager.default.fileExists(atPath: "\(build.path)/Modules/BulkheadSandbox.swiftmodule")
        {
            build.deleteLastPathComponent()
        }
        try #require(build.path != "/", "no built modules above \(binary.path)")
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources").path
        let swiftc = try Compiler.find(named: "clang").path.replacing("/clang", with: "/swiftc")
        let file = FileManager.default.temporaryDirectory.appending(path: "refused-\(UUID()).swift")
        defer { try? FileManager.default.removeItem(at: file) }
        try "import BulkheadSandbox\n\(lines)\n".write(to: file, atomically: true, encoding: .utf8)
        let moduleMaps = ["CPrelude", "CBulkhead", "CWASI"].flatMap { name in
            let own = "\(sources)/\(name)/include/module.modulemap"
            let made = "\(build.path)/\(name).build/module.modulemap"
            return [
                "-Xcc", "-fmodule-map-file=\(FileManager.default.fileExists(atPath: own) ? own : made)", "-Xcc",
                "-I\(sources)/\(name)/include",
            ]
        }
        let outcome = try Subprocess(
            swiftc,
            ["-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-I", "\(build.path)/Modules", file.path]
                + moduleMaps,
            environment: ProcessInfo.processInfo.environment
        ).run()
        return outcome.standardError.text + outcome.standardOutput.text
    }
}
