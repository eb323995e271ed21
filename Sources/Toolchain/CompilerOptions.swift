/// What varies from one compilation to another. Everything here is part of a cache key.
public struct CompilerOptions: Sendable, Hashable {
    public enum Optimization: String, Sendable, Hashable, CaseIterable {
        case none = "O0"
        case some = "O1"
        case standard = "O2"
        case full = "O3"
        case size = "Os"
    }

    /// What was done to a module's loops when WebAssembly was made of them.
    public enum Loops: Sendable, Hashable {
        /// Unrolled, with counters that wrap on purpose: what clang does at `-O2` and above, if not told otherwise.
        case reduced
        /// Nothing, as `bulkhead sandbox build` has it, and as `docs/Performance.md` recommends.
        case plain
    }

    /// A macro definition, `-Dname=value`.
    public struct Define: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String = "1") {
            self.name = name
            self.value = value
        }
    }

    public var optimization: Optimization
    /// What `-march=` takes, such as `x86-64-v3`; `native` for the processor at hand; `nil` for the compiler's
    /// default, which runs everywhere.
    public var cpu: String?
    /// In the order they are passed.
    public var defines: [Define]
    /// Passed to every compilation as they are, after everything else. A file they name is not part of the cache key.
    public var extraArguments: [String]
    /// Source lines for a debugger (`-g`). The machine code is the same without.
    public var debugInfo: Bool
    /// Whether accesses in the GS segment compute their own addresses (`foldAddresses(in:)`), where the compiler is clang and the processor
    /// x86-64. gcc finds the simpler ones by itself.
    public var foldsAddresses: Bool
    public var loops: Loops
    public var profile: Profile?

    public init(
        optimization: Optimization = .standard, cpu: String? = nil, defines: [Define] = [],
        extraArguments: [String] = [], debugInfo: Bool = false, foldsAddresses: Bool = false,
        loops: Loops = .reduced, profile: Profile? = nil
    ) {
        self.optimization = optimization
        self.cpu = cpu
        self.defines = defines
        self.extraArguments = extraArguments
        self.debugInfo = debugInfo
        self.foldsAddresses = foldsAddresses
        self.loops = loops
        self.profile = profile
    }

    func arguments(for family: Compiler.Family) -> [String] {
        var arguments = ["-\(optimization.rawValue)"] + loops.arguments(for: family)
        if debugInfo { arguments.append("-g") }
        if let cpu { arguments.append("-march=\(cpu)") }
        arguments += defines.map { "-D\($0.name)=\($0.value)" }
        return arguments + extraArguments
    }
}

extension CompilerOptions.Loops {
    fileprivate func arguments(for family: Compiler.Family) -> [String] {
        switch (self, family) {
        // An address is the zero extension of a sum that may wrap. With a counter of 64 bits, such a sum is masked, and the vectorizer
        // doesn't see through masks; of a counter of 32 bits it proves, or checks before the loop, that nothing wraps. Where there are
        // no such sums, wide counters take fewer instructions.
        case (.reduced, .clang): ["-mllvm", "-indvars-widen-indvars=false"]
        case (.plain, .clang), (_, .gcc): []
        }
    }
}

extension Compiler {
    /// Given to every compilation of generated code.
    var compileArguments: [String] {
        // The module's descriptor is the one symbol that is exported.
        family.requiredArguments + family.tuningArguments + ["-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra"]
    }
}

extension Compiler.Family {
    /// What makes generated code safe and exact, whoever compiles it.
    package var requiredArguments: [String] {
        let common = [
            "-std=gnu11",
            // Linear memory holds any type at any address.
            "-fno-strict-aliasing",
            // A loop without effects runs for ever in WebAssembly; C11 lets the compiler delete it.
            "-fno-finite-loops",
            // Endless recursion must use up the stack and trap.
            "-fno-optimize-sibling-calls",
            // No frame may step over the stack's guard page.
            "-fstack-clash-protection",
            // The canary is read through a segment register that belongs to the host's thread library, and nothing
            // here has buffers on the stack.
            "-fno-stack-protector",
            // a*b+c rounds twice, as WebAssembly says.
            "-ffp-contract=off",
            // Lets sqrt and its kind be one instruction; nobody reads errno.
            "-fno-math-errno",
            // Names on the stack of a trap are found through the unwind tables.
            "-fasynchronous-unwind-tables",
            // No loop may become a call of memset or memcpy: out of bounds, it would fault in the host's code, where a fault
            // is no trap. (And clang fails on one whose memory is in the segment.)
            "-fno-builtin",
        ]
        return switch self {
        case .clang:
            common + [
                // Says what clang assumes anyway. Never for gcc, which then turns
                // f64.convert_i64_s(i64.trunc_f64_s(x)) into a rounding that makes -0.5 a negative zero.
                "-fno-trapping-math",
                // Blocks nest deeper in generated code than people write them; the default is 256.
                "-fbracket-depth=1024",
                // A trap is two instructions; outlined, it would be a call, and its function no leaf.
                "-mllvm", "-hotcoldsplit-threshold=1000000",
            ]
        case .gcc: common + ["-fno-tree-loop-distribute-patterns"]
        }
    }

    /// Only for speed. Each was measured on the kernels of the benchmarks.
    var tuningArguments: [String] {
        switch self {
        case .clang:
            var arguments = [
                // Addresses in the segment are displacements: to hoist them into registers makes every access longer.
                "-mllvm", "-disable-constant-hoisting",
                // A longer loop unrolled whole keeps all that it stores in registers, of which there aren't so many: half the speed of a matrix
                // product. What pays unrolled was unrolled when WebAssembly was made.
                "-mllvm", "-unroll-full-max-count=8",
                // Where code lies decides how indirect jumps are predicted; a function's code is to lie the same wherever it is put.
                "-falign-functions=64",
                // Packs neighbouring scalars into vectors and loses more than it gains: a third of SHA-256 with AVX.
                "-fno-slp-vectorize",
            ]
            #if arch(x86_64)
                // Turns conditional moves in loops into branches that it takes to be predictable; for the smaller of two
                // numbers they are not.
                arguments += ["-mllvm", "-x86-cmov-converter=0"]
            #endif
            return arguments
        case .gcc: return []
        }
    }
}

extension Compiler {
    /// Given to the link of a shared library. No C library and no start files: the few functions that compilers call
    /// by themselves (memcpy, memmove, memset, floor ...) stay undefined and are found in the process that loads the
    /// library.
    var sharedLibraryArguments: [String] {
        ["-shared", "-nostdlib", "-Wl,-z,now", "-Wl,-z,relro", "-Wl,-z,noexecstack"] + linkerArguments
    }

    /// Given to the link of several objects to one.
    var relocatableArguments: [String] {
        ["-r", "-nostdlib"] + linkerArguments
    }

    private var linkerArguments: [String] {
        usesLLD ? ["-fuse-ld=lld"] : []
    }
}
