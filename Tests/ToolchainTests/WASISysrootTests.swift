import Testing

@testable import Toolchain

@Suite struct WASISysrootTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func find(
        _ name: String? = nil, _ environment: [String: String] = [:], compiler: Compiler? = nil
    ) throws -> WASISysroot {
        try WASISysroot.find(named: name, environment: environment, compiler: compiler, systemRoot: scratch("system"))
    }

    @Test func findsDebiansPackages() throws {
        try scratch.write("system/usr/lib/wasm32-wasi/libc.a")
        for version in ["9", "19", "14"] {
            try scratch.write(
                "system/usr/lib/llvm-\(version)/lib/clang/\(version)/lib/wasi/libclang_rt.builtins-wasm32.a")
        }
        let found = try find()
        #expect(found.path == scratch("system/usr"))
        #expect(found.target == "wasm32-wasi")
        #expect(found.builtins == scratch("system/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a"))
        #expect(!found.hasCPlusPlus)
        #expect(
            found.linkArguments == [
                "--target=wasm32-wasi", "--sysroot=\(found.path)", "-nodefaultlibs", "-lc", found.builtins,
            ])
        try scratch.write("system/usr/lib/wasm32-wasi/libc++.a")
        #expect(try find().hasCPlusPlus)
        #expect(found.cPlusPlusArguments == [])
        try scratch.write("system/usr/include/wasm32-wasi/c++/v1/map")
        #expect(
            found.cPlusPlusArguments == ["-nostdinc++", "-isystem", scratch("system/usr/include/wasm32-wasi/c++/v1")])
    }

    @Test(arguments: ["wasi/libclang_rt.builtins-wasm32.a", "wasm32-unknown-wasip1/libclang_rt.builtins.a"])
    func findsAnSDK(builtins: String) throws {
        try scratch.write("sdk/share/wasi-sysroot/lib/wasm32-wasip1/libc.a")
        try scratch.write("sdk/share/wasi-sysroot/lib/wasm32-wasi/libc.a")
        try scratch.write("sdk/lib/clang/20/lib/\(builtins)")
        for found in try [
            find(scratch("sdk")), find(scratch("sdk/share/wasi-sysroot")), find(nil, ["WASI_SDK_PATH": scratch("sdk")]),
            find(nil, ["WASI_SYSROOT": scratch("sdk/share/wasi-sysroot"), "WASI_SDK_PATH": "/no/such"]),
        ] {
            #expect(found.path == scratch("sdk/share/wasi-sysroot"))
            #expect(found.target == "wasm32-wasip1")
            #expect(found.builtins == scratch("sdk/lib/clang/20/lib/\(builtins)"))
        }
    }

    @Test func findsASwiftSDK() throws {
        let root = ".swiftpm/swift-sdks/swift-6.3_wasm.artifactbundle/swift-6.3_wasm/wasm32-unknown-wasip1"
        try scratch.write("\(root)/WASI.sdk/lib/wasm32-wasip1/libc.a")
        try scratch.write(
            "\(root)/swift.xctoolchain/usr/lib/swift_static/clang/lib/wasip1/libclang_rt.builtins-wasm32.a")
        let found = try find(nil, ["HOME": scratch.path])
        #expect(found.path == scratch("\(root)/WASI.sdk"))
        #expect(found.builtins.hasSuffix("clang/lib/wasip1/libclang_rt.builtins-wasm32.a"))
    }

    @Test func findsBuiltinsBesideTheCompiler() throws {
        try scratch.write("sysroot/lib/wasm32-wasi/libc.a")
        try scratch.write("llvm/bin/clang", "", mode: 0o755)
        let builtins = try scratch.write("llvm/lib/clang/21/lib/wasi/libclang_rt.builtins-wasm32.a")
        let compiler = Compiler(path: scratch("llvm/bin/clang"), family: .clang, version: "clang", usesLLD: false)
        #expect(try find(scratch("sysroot"), compiler: compiler).builtins == builtins)
    }

    @Test func saysWhatIsMissing() throws {
        let nothing = toolchainError { _ = try find() }
        #expect(nothing?.description.contains("wasi-libc") == true)
        #expect(nothing?.description.contains("apt-get install wasi-libc libclang-rt-*-dev-wasm32") == true)
        #expect(nothing?.description.contains(scratch("system/usr/lib/wasm32-wasi/libc.a")) == true)

        try scratch.write("system/usr/lib/wasm32-wasi/libc.a")
        let half = toolchainError { _ = try find() }
        guard case .sysrootNotFound(let missing, _)? = half else {
            Issue.record("\(half.debugDescription)")
            return
        }
        #expect(missing.contains("libclang_rt.builtins-wasm32.a"))

        // What was named is not silently replaced by something else.
        try scratch.write("system/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a")
        #expect(toolchainError { _ = try find("/no/such/sysroot") } != nil)
    }

    /// With whatever this machine has.
    @Test func buildsAProgram() throws {
        let sysroot: WASISysroot
        guard let clang = compilers.first(where: { $0.family == .clang }) else { return skip("no clang") }
        do {
            sysroot = try WASISysroot.find(compiler: clang)
        } catch {
            return skip("\(error)")
        }
        try scratch.write("main.c", "#include <stdio.h>\nint main(void) { printf(\"%d\\n\", 42); return 0; }\n")
        let outcome = try Subprocess(
            clang.path, sysroot.compileArguments + ["-O2", "main.c", "-o", "main.wasm"] + sysroot.linkArguments,
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: scratch.path
        ).run()
        #expect(outcome.termination == .exited(0), "\(outcome.standardError.text)")
        #expect(try contents(scratch("main.wasm")).prefix(4) == [0x00, 0x61, 0x73, 0x6D])
    }
}
