import Testing

@testable import BulkheadCommand
@testable import Toolchain

/// The example that README shows, end to end: compiled, run, given a directory, and its picture compared.
@Suite("Examples/fractal", .needsCommand)
struct FractalTests {
    let directory = "\(packageDirectory)/Examples/fractal"

    private func draw(_ arguments: String..., options: [String] = []) throws -> Command.Outcome {
        try Command().run(["run", "--dir", "\(directory)::/data"] + options + ["\(directory)/fractal.wat"] + arguments)
    }

    @Test("draws the same picture everywhere", arguments: compilers, ["all", "none"])
    func picture(_ compiler: Compiler, segue: String) throws {
        let outcome = try draw("dragon", "64", "ascii", options: ["--cc", compiler.path, "--segue=\(segue)"])
        #expect(outcome.exitCode == 0, "\(outcome.error)")
        #expect(outcome.output == String(decoding: try contents("\(directory)/dragon.txt"), as: UTF8.self))
    }

    @Test(
        "draws in colour",
        arguments: [
            ("dragon", 13_729_219_949_231_887_425), ("elephants", 881_435_617_371_867_685),
            ("fern", 7_670_941_349_051_471_005), ("seahorse", 9_512_261_517_167_132_380),
        ] as [(String, UInt64)])
    func colors(scene: String, hash: UInt64) throws {
        let outcome = try draw(scene, "40")
        #expect(outcome.exitCode == 0, "\(outcome.error)")
        #expect(outcome.output.split(separator: "\n").count == 1 + 15)
        #expect(Self.hash(outcome.outputBytes) == hash)
    }

    /// FNV-1a.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    @Test("does with less, and says what is missing")
    func less() throws {
        let first = try draw()
        #expect(first.output.split(separator: "\n").count == 1 + 30)
        let none = try Command()("run", "\(directory)/fractal.wat", "x", "16", "ascii")
        #expect(none.exitCode == 0)
        #expect(none.output.hasPrefix("No directory was granted"))
        let unknown = try draw("nothing")
        #expect(unknown.exitCode == 1)
        #expect(
            unknown.error == "fractal: there is no scene nothing\nScenes in /data: dragon, elephants, fern, seahorse\n")
        // A name that leads out of the directory is no scene either.
        let outside = try draw("../../../etc/passwd")
        #expect(outside.exitCode == 1)
    }
}
