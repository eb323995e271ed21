import ArgumentParser
import Bulkhead
import Testing
import Toolchain

@testable import BulkheadCommand

@Suite("Options")
struct ParsingTests {
    private func flags(_ arguments: String...) throws -> EngineConfiguration {
        try RunCommand.parse(arguments + ["program.wasm"]).compiler.configuration
    }

    @Test("make the engine's configuration")
    func configuration() throws {
        let plain = try flags()
        #expect(plain.segue == .auto)
        #expect(plain.optimization == .standard)
        #expect(plain.compiler == nil && plain.cpu == nil && !plain.isStrict)

        let full = try flags(
            "--segue=i32.load,f64.store", "--cc=gcc", "-O3", "--cpu", "native", "--strict", "--plain-loops")
        #expect(full.segue == .only([.i32Load, .f64Store]))
        #expect(full.compiler == "gcc")
        #expect(full.optimization == .full)
        #expect(full.cpu == "native")
        #expect(full.isStrict)
        #expect(plain.loops == .reduced && full.loops == .plain)
        #expect(try flags("--segue", "none").segue == .none)
        #expect(try flags("--segue=all").segue == .all)
        #expect(try flags("--segue=floats").segue == .floats)
        #expect(try flags("--segue=auto").segue == .auto)
        #expect(try flags("-O", "s").optimization == .size)
    }

    @Test("grant directories")
    func directories() throws {
        #expect(try DirectoryGrant(argument: "/tmp").guest == "/tmp")
        let renamed = try DirectoryGrant(argument: "/tmp::/a::b")
        #expect(renamed.host == "/tmp" && renamed.guest == "/a::b")
    }

    @Test(
        "give sizes",
        arguments: [
            ("0", 0), ("4096", 4096), ("64K", 65536), ("64m", 1 << 26), ("2G", 1 << 31), ("0x80001000", 0x8000_1000),
        ] as [(String, UInt64)])
    func sizes(text: String, bytes: UInt64) throws {
        #expect(try ByteSize.parse(text) == bytes)
    }

    @Test("refuse what is no size", arguments: ["", "K", "-1", "+1", "1.5G", "0x", "99999999999G", "ten"])
    func noSizes(text: String) {
        #expect(throws: ValidationError.self) { try ByteSize.parse(text) }
    }

    @Test(
        "sizes are readable",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (9999, "9999 bytes"), (10_239_999, "9999 KiB"), (10_240_000, "9 MiB"),
            (UInt64.max, "16777215 TiB"),
        ] as [(UInt64, String)])
    func sizeText(bytes: UInt64, text: String) {
        #expect(ByteSize.text(bytes) == text)
    }

    @Test(
        "the emission follows the output's ending",
        arguments: [
            ("a/b.c", CompileCommand.Emission.c, "b"), ("b.o", .object, "b"), ("b.so", .library, "b"),
            ("b", .library, "b"),
        ])
    func emission(output: String, emission: CompileCommand.Emission, stem: String) throws {
        let command = try CompileCommand.parse(["x.wasm", "-o", output])
        #expect(command.emission == emission)
        #expect(command.stem == stem)
    }
}

@Suite("Values on the command line")
struct InvocationTests {
    @Test(
        "integers are signed or unsigned, decimal or hexadecimal",
        arguments: [
            ("0", 0), ("-1", 0xFFFF_FFFF), ("4294967295", 0xFFFF_FFFF), ("-2147483648", 0x8000_0000), ("+7", 7),
            ("0xff", 255),
            ("-0x1", 0xFFFF_FFFF), ("0XFFFFFFFF", 0xFFFF_FFFF),
        ] as [(String, UInt32)])
    func integers(text: String, bits: UInt32) {
        #expect(Invocation.value(text, .i32) == .i32(bits))
    }

    @Test(
        "what is no i32",
        arguments: [
            "", "-", "+", "--1", "+-1", "0x", "1.0", "1e3", " 1", "1 ", "4294967296", "-2147483649", "x",
        ])
    func noIntegers(text: String) {
        #expect(Invocation.value(text, .i32) == nil)
    }

    @Test(
        "floats are printed without an exponent, as short as they can be read back",
        arguments: [
            (0, "0"), (-0.0, "-0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1e21, "1000000000000000000000"),
            (1.25e-7, "0.000000125"), (123456.789, "123456.789"), (.infinity, "inf"), (-.infinity, "-inf"),
            (.nan, "NaN"),
            (.leastNonzeroMagnitude, "0." + String(repeating: "0", count: 323) + "5"),
        ] as [(Double, String)])
    func floats(value: Double, text: String) {
        #expect(Invocation.text(.float64(value)) == text)
    }

    @Test("names of a module can do a terminal no harm")
    func printable() {
        #expect("plain".printable == "plain")
        #expect("größe 量".printable == "größe 量")
        #expect("a\u{1B}[2Jb\n\u{202E}".printable == "a\\u{1b}[2Jb\\u{a}\\u{202e}")
    }
}
