import Bulkhead
import Glibc
import Testing
import Toolchain

/// Counting runs, and compiling for what they counted.
struct ProfileTests {
    private static let text = """
        (memory 1)
        (func $rare (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
        (func (export "sum") (param i32) (result i32)
          (local $sum i32)
          (loop $next
            (local.set $sum (i32.add (local.get $sum)
              (if (result i32) (i32.eqz (i32.rem_u (local.get 0) (i32.const 1000)))
                (then (call $rare (local.get 0))) (else (local.get 0)))))
            (i32.store (i32.and (local.get $sum) (i32.const 0xFFF8)) (local.get $sum))
            (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get $sum))
        """

    private func sum(_ configuration: Configuration, _ profile: Profile?) throws -> [Value] {
        let engine = configuration.engine {
            $0.profile = profile
            $0.cache = .none
        }
        // Nothing of it is left afterwards: the library is unloaded.
        return try engine.compile(assemble(Self.text)).instantiate(store: Store()).call("sum", .i32(5000))
    }

    @Test(
        .disabled(if: usesKeptArtifacts, "needs a compiler"),
        arguments: Configuration.all.filter { $0.compiler == "clang" })
    func countsAreUsed(configuration: Configuration) throws {
        let scratch = try TemporaryDirectory()
        let directory = "\(scratch.path)/counts"
        let expected = try sum(configuration, nil)
        #expect(try sum(configuration, .generate(directory: directory)) == expected)
        let files = FileSystem.entries(directory)
        #expect(files.count == 1 && files[0].hasSuffix(".profraw"))
        let first = try FileSystem.contents(of: "\(directory)/\(files[0])")
        // A second run's counts are added.
        #expect(try sum(configuration, .generate(directory: directory)) == expected)
        #expect(FileSystem.entries(directory) == files)
        #expect(try FileSystem.contents(of: "\(directory)/\(files[0])") != first)

        for path in [directory, "\(directory)/\(files[0])"] {
            #expect(try sum(configuration, .use(path: path)) == expected)
        }
        // What was counted decides the key of what is compiled.
        let engine = configuration.engine { $0.profile = .use(path: directory) }
        let key = try engine.fingerprint()
        try FileSystem.write(Array("x".utf8), to: "\(directory)/y.profraw")
        #expect(try engine.fingerprint() != key)
    }

    @Test(.disabled(if: usesKeptArtifacts, "needs a compiler"))
    func whatIsRefused() throws {
        let scratch = try TemporaryDirectory()
        try FileSystem.write(Array("nothing".utf8), to: "\(scratch.path)/x.profdata")
        func message(_ configuration: Configuration, _ profile: Profile) -> String {
            do {
                _ = try sum(configuration, profile)
                return ""
            } catch {
                return "\(error)"
            }
        }
        for configuration in Configuration.all {
            let refused = message(configuration, .use(path: "\(scratch.path)/x.profdata"))
            #expect(refused.contains(configuration.compiler == "clang" ? "is no profile that" : "profiles are clang's"))
        }
        guard let clang = Configuration.all.first(where: { $0.compiler == "clang" }) else { return }
        #expect(message(clang, .use(path: "\(scratch.path)/none")).contains("is no profile that"))
        let engine = clang.engine { $0.profile = .generate(directory: scratch.path) }
        #expect {
            try engine.compile(assemble(Self.text), name: "m", to: "\(scratch.path)/m.o", product: .object)
        } throws: { error in
            "\(error)".contains("only a library can count")
        }
    }
}
