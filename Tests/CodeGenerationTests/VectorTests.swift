import CPrelude
import Glibc
import Testing
import Toolchain

/// The vector operators of the prelude: that each does what the specification says, whoever compiles it, and that
/// compilers make the instructions of it that one would choose by hand.
struct VectorTests {
    /// What a processor can do, as `-march` names it.
    enum Level: String, CaseIterable, CustomTestStringConvertible {
        /// Whatever the compiler takes if it isn't told: SSE2, or another architecture's vectors.
        case baseline
        case v2 = "x86-64-v2"
        case v3 = "x86-64-v3"
        case v4 = "x86-64-v4"

        var cpu: String? { self == .baseline ? nil : rawValue }
        var testDescription: String { rawValue }

        /// What `/proc/cpuinfo` calls the instructions that the tests use of a level.
        private var flags: Set<Substring> {
            switch self {
            case .baseline: []
            case .v2: ["ssse3", "sse4_1", "sse4_2", "popcnt"]
            case .v3: Level.v2.flags.union(["avx", "avx2", "bmi1", "bmi2", "fma", "abm", "movbe"])
            case .v4: Level.v3.flags.union(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"])
            }
        }

        static let processorFlags: Set<Substring> = {
            let text = (try? contents("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
            return Set(line.split(whereSeparator: \.isWhitespace))
        }()

        var isHere: Bool { flags.isSubset(of: Level.processorFlags) }
    }

    struct Configuration: CustomTestStringConvertible {
        var level = Level.baseline
        var optimization = CompilerOptions.Optimization.standard
        var isSegment = false
        var isStrict = false
        /// As for a processor that the prelude knows no instructions of.
        var isPortable = false

        var options: CompilerOptions {
            var defines = [CompilerOptions.Define("BULKHEAD_SEGMENT", isSegment ? "1" : "0")]
            if isStrict { defines.append(.init("BULKHEAD_STRICT")) }
            return CompilerOptions(
                optimization: optimization, cpu: level.cpu, defines: defines,
                extraArguments: isPortable ? ["-U__SSE2__", "-U__SSE3__"] : [])
        }

        var testDescription: String {
            "\(level.rawValue), \(optimization.rawValue)\(isSegment ? ", segment" : "")\(isStrict ? ", strict" : "")"
                + (isPortable ? ", portable" : "")
        }

        #if arch(x86_64)
            static let all = [
                Configuration(optimization: .none), Configuration(level: .v2, optimization: .none),
                Configuration(level: .v3, optimization: .none),
                Configuration(), Configuration(level: .v2), Configuration(level: .v3), Configuration(level: .v4),
                Configuration(isSegment: true), Configuration(level: .v3, optimization: .full, isSegment: true),
                Configuration(level: .v2, isSegment: true, isStrict: true), Configuration(isPortable: true),
            ]
        #else
            static let all = [Configuration(optimization: .none), Configuration(), Configuration(isStrict: true)]
        #endif
    }

    private static let directory: String = {
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/vector"
    }()

    /// `Tests/vector/operators.c` checks them all and says what is wrong.
    @Test(arguments: compilers, Configuration.all)
    func operatorsAreRight(compiler: Compiler, configuration: Configuration) throws {
        guard configuration.level.isHere else {
            print("skipped: this processor isn't an \(configuration.level.rawValue)")
            return
        }
        let path = "/tmp/bulkhead-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        defer {
            unlink(path)
            unlink("\(path).o")
        }
        let warnings = try compiler.compile(
            sources: [SourceFile(name: "operators.c", bytes: contents("\(Self.directory)/operators.c"))],
            headers: operatorHeaders
                + [SourceFile(name: "reference.h", bytes: contents("\(Self.directory)/reference.h"))],
            product: .object, to: "\(path).o", options: configuration.options)
        #expect(warnings == "")
        let linker = compiler.usesLLD ? ["-fuse-ld=lld"] : []
        let link = try Subprocess(
            compiler.path, ["\(path).o", "-lm", "-o", path] + linker, environment: ProcessEnvironment.current()
        ).run()
        try #require(link.termination == .exited(0), "\(link.standardError.text)")
        let outcome = try Subprocess(path).run()
        #expect(outcome.termination == .exited(0), "\(outcome.standardOutput.text)")
        #expect(outcome.standardOutput.text.hasPrefix("236 operators, "))
    }

    #if arch(x86_64)
        /// One function for each row of the table. Its parameters lie in registers of their own, so that those it
        /// doesn't use cost nothing.
        private static let functions: SourceFile = {
            let parameters = "v128 a, v128 b, v128 c, f32 f, f64 d, u32 n, u64 w, u8 *memory, u32 at"
            var text = "#include \"bulkhead_prelude.h\"\n#include \"bulkhead_vector.h\"\n"
            for (number, row) in Row.all.enumerated() {
                let result =
                    switch row.expression {
                    case let it where it.contains("_store"): "void"
                    case let it where it.contains("_true(") || it.contains("_bitmask("): "u32"
                    default: "v128"
                    }
                text += "\(result) row_\(number)(\(parameters));\n\(result) row_\(number)(\(parameters)) "
                text += "{ \(result == "void" ? "" : "return ")\(row.expression); }\n"
            }
            return SourceFile(name: "functions.c", bytes: Array(text.utf8))
        }()

        private static func compileFunctions(_ compiler: Compiler, _ options: CompilerOptions) throws -> String {
            let path = "/tmp/bulkhead-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).s"
            defer { unlink(path) }
            let warnings = try compiler.compile(
                sources: [functions], headers: operatorHeaders, product: .assembly, to: path, options: options)
            #expect(warnings == "")
            return try String(decoding: contents(path), as: UTF8.self)
        }

        /// The mnemonics of each function's instructions but for its return. AVX's have no `v` here.
        private static func instructions(_ assembly: String) -> [Int: [Substring]] {
            var functions: [Int: [Substring]] = [:]
            var current: Int?
            for line in assembly.split(separator: "\n") {
                if line.hasPrefix("row_"), let colon = line.firstIndex(of: ":") {
                    current = Int(line[..<colon].dropFirst(4))
                } else if line.hasPrefix(".Lfunc_end") || line.hasPrefix(".LFE") {
                    current = nil
                }
                guard let current, line.first == "\t" else { continue }
                let words = line.split(whereSeparator: \.isWhitespace)
                guard let mnemonic = words.first, mnemonic.first != ".", mnemonic.first != "#" else { continue }
                if mnemonic == "ret" || mnemonic == "retq" { continue }
                functions[current, default: []].append(mnemonic.first == "v" ? mnemonic.dropFirst() : mnemonic)
            }
            return functions
        }

        /// Others choose other instructions here and there.
        private static func isMeasured(_ compiler: Compiler) -> Bool {
            switch compiler.family {
            case .clang: compiler.version.contains("clang version 21.")
            case .gcc: compiler.version.contains(" 12.")
            }
        }

        @Test(arguments: compilers, [Level.baseline, .v2, .v3])
        func operatorsAreShort(compiler: Compiler, level: Level) throws {
            guard Self.isMeasured(compiler) else {
                print("skipped: instructions of \(compiler.version) were never counted")
                return
            }
            let options = CompilerOptions(cpu: level.cpu, defines: [.init("BULKHEAD_SEGMENT", "1")])
            let functions = try Self.instructions(Self.compileFunctions(compiler, options))
            #expect(Row.all.count > 150 && functions.count == Row.all.count)
            for (number, row) in Row.all.enumerated() {
                let instructions = functions[number] ?? []
                let limit = try #require(row.limits[compiler.family]?[level])
                #expect(instructions.count <= limit, "\(row.expression): \(instructions)")
                for mnemonic in row.mnemonics(level) {
                    #expect(instructions.contains(mnemonic), "\(row.expression): \(instructions), not \(mnemonic)")
                }
            }
        }

        @Test(arguments: compilers, Level.allCases)
        func compileWithoutWarnings(compiler: Compiler, level: Level) throws {
            let settings: [[CompilerOptions.Define]] = [
                [.init("BULKHEAD_SEGMENT", "0")],
                [.init("BULKHEAD_SEGMENT"), .init("BULKHEAD_STRICT")],
                [.init("BULKHEAD_SEGMENT"), .init("BULKHEAD_FLAT_V128_LOAD")],
                [.init("BULKHEAD_SEGMENT"), .init("BULKHEAD_FLAT_V128_STORE")],
            ]
            for defines in settings {
                let options = CompilerOptions(optimization: .some, cpu: level.cpu, defines: defines)
                _ = try Self.compileFunctions(compiler, options)
            }
        }
    #endif
}

#if arch(x86_64)
    /// What may become of an operator.
    private struct Row {
        let expression: Substring
        let limits: [Compiler.Family: [VectorTests.Level: Int]]
        private let expected: [(level: VectorTests.Level, mnemonic: Substring)]

        /// What must be among the instructions.
        func mnemonics(_ level: VectorTests.Level) -> [Substring] {
            expected.filter { $0.level == .baseline || $0.level == level || level == .v3 }.map(\.mnemonic)
        }

        private init(_ line: Substring) {
            let halves = line.split(separator: " | ")
            let words = halves[0].split(separator: " ", maxSplits: 6)
            let counts = words.prefix(6).map { Int($0)! }
            let levels: [VectorTests.Level] = [.baseline, .v2, .v3]
            limits = [
                .clang: Dictionary(uniqueKeysWithValues: zip(levels, counts[..<3])),
                .gcc: Dictionary(uniqueKeysWithValues: zip(levels, counts[3...])),
            ]
            expression = words[6]
            expected = (halves.count > 1 ? halves[1] : "").split(separator: " ").map { word in
                word.hasPrefix("v2:") ? (.v2, word.dropFirst(3)) : (.baseline, word)
            }
        }

        static let all = table.split(separator: "\n").map { Row($0) }

        /// The most instructions that clang makes of an expression at the baseline, with x86-64-v2 and with x86-64-v3;
        /// then gcc; the expression; and mnemonics that must be among the instructions, from x86-64-v2 on where it
        /// says so.
        ///
        /// The limits are what was counted. What is long at the baseline has no instruction there: SSE2 can't compare
        /// 64 bits, round, or look bytes up. What is longer with gcc and AVX2 makes a constant, which in a loop happens
        /// before it.
        private static let table = """
             3  3  3   3  3  3  v128_bitselect(a, b, c)
             6  3  3   7  3  3  v128_any_true(a) | v2:ptest
            31  2  2  17  2  5  i8x16_swizzle(a, b) | v2:paddusb v2:pshufb
             1  1  1   1  1  1  i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23) | punpcklbw
             3  3  3   3  3  3  i8x16_shuffle(a, b, 12, 13, 14, 15, 16, 17, 18, 19, 4, 5, 6, 7, 28, 29, 30, 31)
             3  2  1  65  3  1  i8x16_shuffle(a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) | v2:palignr
            31  3  3  63  3  3  i8x16_shuffle(a, b, 9, 28, 3, 3, 17, 0, 22, 14, 30, 11, 6, 19, 25, 1, 8, 31) | v2:pshufb
             4  3  2   4  3  2  i8x16_splat(n)
             3  3  2   3  2  2  i16x8_splat(n)
             2  2  2   2  2  2  i32x4_splat(n)
             2  2  2   2  2  2  i64x2_splat(w)
             2  2  1   3  3  1  f32x4_splat(f)
             2  1  1   3  1  1  f64x2_splat(d)
             6  1  1   3  1  1  i8x16_replace_lane(a, n, 1) | v2:pinsrb
             1  1  1   1  1  1  i16x8_replace_lane(a, n, 1) | pinsrw
             4  1  1   4  1  1  i32x4_replace_lane(a, n, 1) | v2:pinsrd
             2  1  1   2  1  1  i64x2_replace_lane(a, w, 1) | v2:pinsrq
            14 11  8  14 11 10  i8x16_popcnt(a) | psrlw paddb v2:pshufb
             3  1  1   4  1  1  i8x16_abs(a) | v2:pabsb
             6  5  5   7  6  6  i8x16_all_true(a) | pcmpeqb v2:ptest
             1  1  1   1  1  1  i8x16_bitmask(a) | pmovmskb
             3  1  1   4  1  1  i16x8_abs(a) | v2:pabsw
             7  5  5   9  6  6  i16x8_all_true(a) | pcmpeqw v2:ptest
             3  3  3   3  3  3  i16x8_bitmask(a) | packsswb pmovmskb
             4  1  1   4  1  1  i32x4_abs(a) | v2:pabsd
             7  5  5   9  6  6  i32x4_all_true(a) | pcmpeqd v2:ptest
             1  1  1   1  1  1  i32x4_bitmask(a) | movmskps
             4  3  3   5  4  4  i64x2_abs(a) | psubq
             9  5  5  10  5  5  i64x2_all_true(a) | v2:pcmpeqq v2:ptest
             1  1  1   1  1  1  i64x2_bitmask(a) | movmskpd
             1  1  1   1  1  1  i8x16_eq(a, b) | pcmpeqb
             3  3  3   3  3  3  i8x16_ne(a, b) | pcmpeqb
             1  1  1   1  1  1  i8x16_gt_s(a, b) | pcmpgtb
             3  3  3   3  2  2  i8x16_le_s(a, b)
             4  4  4   4  4  4  i8x16_gt_u(a, b) | pcmpeqb
             2  2  2   2  2  2  i8x16_le_u(a, b) | pminub pcmpeqb
             1  1  1   1  1  1  i16x8_eq(a, b) | pcmpeqw
             3  3  3   3  3  3  i16x8_ne(a, b) | pcmpeqw
             1  1  1   1  1  1  i16x8_gt_s(a, b) | pcmpgtw
             3  3  3   2  2  2  i16x8_le_s(a, b)
             4  4  4   4  4  4  i16x8_gt_u(a, b) | v2:pcmpeqw
             3  2  2   3  2  2  i16x8_le_u(a, b) | pcmpeqw v2:pminuw
             1  1  1   1  1  1  i32x4_eq(a, b) | pcmpeqd
             3  3  3   3  3  3  i32x4_ne(a, b) | pcmpeqd
             1  1  1   1  1  1  i32x4_gt_s(a, b) | pcmpgtd
             3  3  3   3  2  2  i32x4_le_s(a, b) | pcmpeqd
             4  4  4   4  4  6  i32x4_gt_u(a, b)
             6  2  2   6  2  2  i32x4_le_u(a, b) | pcmpeqd v2:pminud
             3  1  1   3  1  1  i64x2_eq(a, b) | v2:pcmpeqq
             5  3  3   5  3  3  i64x2_ne(a, b) | v2:pcmpeqq
             8  1  1   8  1  1  i64x2_gt_s(a, b) | v2:pcmpgtq
            10  3  3  10  3  3  i64x2_le_s(a, b) | v2:pcmpgtq
             5  1  1   5  1  1  i8x16_min_s(a, b) | v2:pminsb
             1  1  1   1  1  1  i8x16_min_u(a, b) | pminub
             5  1  1   5  1  1  i8x16_max_s(a, b) | v2:pmaxsb
             1  1  1   1  1  1  i8x16_max_u(a, b) | pmaxub
             1  1  1   1  1  1  i16x8_min_s(a, b) | pminsw
             3  1  1   3  1  1  i16x8_min_u(a, b) | v2:pminuw
             1  1  1   1  1  1  i16x8_max_s(a, b) | pmaxsw
             2  1  1   2  1  1  i16x8_max_u(a, b) | v2:pmaxuw
             5  1  1   5  1  1  i32x4_min_s(a, b) | v2:pminsd
             8  1  1   9  1  1  i32x4_min_u(a, b) | v2:pminud
             5  1  1   5  1  1  i32x4_max_s(a, b) | v2:pmaxsd
             8  1  1   9  1  1  i32x4_max_u(a, b) | v2:pmaxud
             1  1  1   1  1  1  i8x16_add_sat_s(a, b) | paddsb
             1  1  1   1  1  1  i8x16_add_sat_u(a, b) | paddusb
             1  1  1   1  1  1  i8x16_sub_sat_s(a, b) | psubsb
             1  1  1   1  1  1  i8x16_sub_sat_u(a, b) | psubusb
             1  1  1   1  1  1  i8x16_avgr_u(a, b) | pavgb
             1  1  1   1  1  1  i16x8_add_sat_s(a, b) | paddsw
             1  1  1   1  1  1  i16x8_add_sat_u(a, b) | paddusw
             1  1  1   1  1  1  i16x8_sub_sat_s(a, b) | psubsw
             1  1  1   1  1  1  i16x8_sub_sat_u(a, b) | psubusw
             1  1  1   1  1  1  i16x8_avgr_u(a, b) | pavgw
             7  7  7   8  8  8  i8x16_shl(a, n) | psllw pcmpeqd packsswb
             2  2  2   2  2  5  i8x16_shl(a, 5) | psllw
            10 10  8   9  9  8  i8x16_shr_s(a, n) | punpcklbw punpckhbw psraw packsswb
             6  6  5   6  6  5  i8x16_shr_s(a, 5) | punpcklbw punpckhbw psraw packsswb
             7  7  7   8  8  8  i8x16_shr_u(a, n) | pcmpeqd psllw packsswb psrlw
             2  2  2   2  2  5  i8x16_shr_u(a, 5) | psrlw
             3  3  3   3  3  3  i16x8_shl(a, n) | psllw
             1  1  1   1  1  1  i16x8_shl(a, 5) | psllw
             3  3  3   3  3  3  i16x8_shr_s(a, n) | psraw
             1  1  1   1  1  1  i16x8_shr_s(a, 5) | psraw
             3  3  3   3  3  3  i16x8_shr_u(a, n) | psrlw
             1  1  1   1  1  1  i16x8_shr_u(a, 5) | psrlw
             3  3  3   3  3  3  i32x4_shl(a, n) | pslld
             1  1  1   1  1  1  i32x4_shl(a, 5) | pslld
             3  3  3   3  3  3  i32x4_shr_s(a, n) | psrad
             1  1  1   1  1  1  i32x4_shr_s(a, 5) | psrad
             3  3  3   3  3  3  i32x4_shr_u(a, n) | psrld
             1  1  1   1  1  1  i32x4_shr_u(a, 5) | psrld
             3  3  3   3  3  3  i64x2_shl(a, n) | psllq
             1  1  1   1  1  1  i64x2_shl(a, 5) | psllq
             7  7  7   8  8 10  i64x2_shr_s(a, n) | psrlq psubq
             5  4  3   3  3  9  i64x2_shr_s(a, 5) | psrlq
             3  3  3   3  3  3  i64x2_shr_u(a, n) | psrlq
             1  1  1   1  1  1  i64x2_shr_u(a, 5) | psrlq
             1  1  1   1  1  1  i16x8_mul(a, b) | pmullw
             8  1  1   9  1  1  i32x4_mul(a, b) | v2:pmulld
            10 10  8  12 12  8  i64x2_mul(a, b) | psrlq pmuludq paddq psllq
            13  4  3  12  4  6  i16x8_q15mulr_sat_s(a, b) | v2:pmulhrsw v2:pcmpeqw
             1  1  1   1  1  1  i32x4_dot_i16x8_s(a, b) | pmaddwd
             1  1  1   1  1  1  i8x16_narrow_i16x8_s(a, b) | packsswb
             1  1  1   1  1  1  i8x16_narrow_i16x8_u(a, b) | packuswb
             1  1  1   1  1  1  i16x8_narrow_i32x4_s(a, b) | packssdw
            12  1  1  11  1  1  i16x8_narrow_i32x4_u(a, b) | v2:packusdw
             2  1  1   2  1  1  i16x8_extend_low_i8x16_s(a) | v2:pmovsxbw
             2  1  1   2  1  1  i16x8_extend_low_i8x16_u(a) | v2:pmovzxbw
             2  2  2   2  2  2  i16x8_extend_high_i8x16_s(a)
             2  2  2   2  2  2  i16x8_extend_high_i8x16_u(a) | punpckhbw
             2  1  1   2  1  1  i32x4_extend_low_i16x8_s(a) | v2:pmovsxwd
             2  1  1   2  1  1  i32x4_extend_low_i16x8_u(a) | v2:pmovzxwd
             2  2  2   2  2  2  i32x4_extend_high_i16x8_s(a)
             2  2  2   2  2  2  i32x4_extend_high_i16x8_u(a) | punpckhwd
             3  1  1   3  1  1  i64x2_extend_low_i32x4_s(a) | v2:pmovsxdq
             2  1  1   2  1  1  i64x2_extend_low_i32x4_u(a) | v2:pmovzxdq
             4  2  2   3  3  3  i64x2_extend_high_i32x4_s(a)
             2  2  2   2  2  2  i64x2_extend_high_i32x4_u(a)
             5  3  3   5  3  3  i16x8_extmul_low_i8x16_s(a, b) | pmullw v2:pmovsxbw
             4  3  3   4  3  3  i16x8_extmul_low_i8x16_u(a, b) | pmullw v2:pmovzxbw
             5  5  5   5  5  5  i16x8_extmul_high_i8x16_s(a, b) | pmullw
             4  4  4   4  4  4  i16x8_extmul_high_i8x16_u(a, b) | punpckhbw pmullw
             5  5  3   4  4  3  i32x4_extmul_low_i16x8_s(a, b) | pmullw pmulhw punpcklwd
             5  5  3   4  4  3  i32x4_extmul_low_i16x8_u(a, b) | pmullw pmulhuw punpcklwd
             5  5  3   4  4  3  i32x4_extmul_high_i16x8_s(a, b) | pmullw pmulhw punpckhwd
             5  5  3   4  4  3  i32x4_extmul_high_i16x8_u(a, b) | pmullw pmulhuw punpckhwd
            12  3  3  12  3  3  i64x2_extmul_low_i32x4_s(a, b) | v2:pmuldq
             3  3  3   3  3  3  i64x2_extmul_low_i32x4_u(a, b) | pmuludq
            12  3  3  12  3  3  i64x2_extmul_high_i32x4_s(a, b) | v2:pmuldq
             3  3  3   3  3  3  i64x2_extmul_high_i32x4_u(a, b) | pmuludq
             5  3  2   5  3  5  i16x8_extadd_pairwise_i8x16_s(a) | v2:pmaddubsw
             4  1  1   4  2  4  i16x8_extadd_pairwise_i8x16_u(a) | v2:pmaddubsw
             1  1  1   2  2  4  i32x4_extadd_pairwise_i16x8_s(a) | pmaddwd
             4  5  4   4  4  6  i32x4_extadd_pairwise_i16x8_u(a) | psrld paddd
            11  9  6  10 10  7  f32x4_min(a, b) | minps
            11  9  6  10 10  7  f32x4_max(a, b) | maxps
             2  2  1   3  3  1  f32x4_pmin(a, b) | minps
             2  2  1   3  3  1  f32x4_pmax(a, b) | maxps
             2  2  1   3  3  1  f32x4_gt(a, b) | cmpltps
             1  1  1   1  1  1  f32x4_ne(a, b) | cmpneqps
             1  1  1   1  1  5  f32x4_abs(a)
             1  1  1   1  1  5  f32x4_neg(a)
             1  1  1   1  1  1  f32x4_sqrt(a) | sqrtps
            17  1  1  18  1  1  f32x4_ceil(a) | v2:roundps
            15  1  1  17  1  1  f32x4_floor(a) | v2:roundps
            15  1  1  15  1  1  f32x4_trunc(a) | v2:roundps
            10  1  1  11  1  1  f32x4_nearest(a) | v2:roundps
            10 10  6  10 10  7  f64x2_min(a, b) | minpd
            10 10  6  10 10  7  f64x2_max(a, b) | maxpd
             2  2  1   3  3  1  f64x2_pmin(a, b) | minpd
             2  2  1   3  3  1  f64x2_pmax(a, b) | maxpd
             2  2  1   2  2  1  f64x2_gt(a, b) | cmpltpd
             1  1  1   1  1  1  f64x2_ne(a, b) | cmpneqpd
             1  1  1   1  1  4  f64x2_abs(a)
             1  1  1   1  1  4  f64x2_neg(a)
             1  1  1   1  1  1  f64x2_sqrt(a) | sqrtpd
            17  1  1  19  1  1  f64x2_ceil(a) | v2:roundpd
            15  1  1  17  1  1  f64x2_floor(a) | v2:roundpd
            15  1  1  15  1  1  f64x2_trunc(a) | v2:roundpd
            10  1  1  11  1  1  f64x2_nearest(a) | v2:roundpd
             8  8  7   9  9  6  i32x4_trunc_sat_f32x4_s(a) | cvttps2dq
            11 11 11  16 16 12  i32x4_trunc_sat_f32x4_u(a) | maxps cvttps2dq paddd
             5  5  5   7  6  5  i32x4_trunc_sat_f64x2_s_zero(a) | minpd
            10  6  6  15  9  9  i32x4_trunc_sat_f64x2_u_zero(a) | maxpd minpd v2:roundpd
             1  1  1   1  1  1  f32x4_convert_i32x4_s(a) | cvtdq2ps
             7  6  8  10 10  9  f32x4_convert_i32x4_u(a) | psrld
             1  1  1   1  1  1  f64x2_convert_low_i32x4_s(a) | cvtdq2pd
             2  2  3   5  4  6  f64x2_convert_low_i32x4_u(a)
             1  1  1   1  1  1  f32x4_demote_f64x2_zero(a)
             1  1  1   1  1  1  f64x2_promote_low_f32x4(a) | cvtps2pd
             2  2  2   2  2  2  v128_load(memory, at, 16)
             4  2  2   4  2  2  v128_load8x8_s(memory, at, 16) | v2:pmovsxbw
             4  2  2   4  2  2  v128_load8x8_u(memory, at, 16) | v2:pmovzxbw
             4  2  2   4  2  2  v128_load16x4_s(memory, at, 16) | v2:pmovsxwd
             4  2  2   4  2  2  v128_load16x4_u(memory, at, 16) | v2:pmovzxwd
             5  2  2   5  2  2  v128_load32x2_s(memory, at, 16) | v2:pmovsxdq
             4  2  2   4  2  2  v128_load32x2_u(memory, at, 16) | v2:pmovzxdq
             6  5  2   6  5  2  v128_load8_splat(memory, at, 16)
             5  5  2   5  4  2  v128_load16_splat(memory, at, 16)
             3  3  2   3  3  3  v128_load32_splat(memory, at, 16)
             3  3  2   3  2  2  v128_load64_splat(memory, at, 16)
             2  2  2   2  2  2  v128_load32_zero(memory, at, 16)
             2  2  2   2  2  2  v128_load64_zero(memory, at, 16)
             2  2  2   2  2  2  v128_store(memory, at, a, 16)
             8  2  2   5  2  2  v128_load8_lane(memory, at, a, 16, 1) | v2:pinsrb
             3  2  2   4  2  2  v128_store8_lane(memory, at, a, 16, 1) | v2:pextrb
             2  2  2   2  2  2  v128_load16_lane(memory, at, a, 16, 1) | pinsrw
             3  2  2   3  2  2  v128_store16_lane(memory, at, a, 16, 1) | pextrw
             5  2  2   5  2  2  v128_load32_lane(memory, at, a, 16, 1) | v2:pinsrd
             3  2  2   3  2  2  v128_store32_lane(memory, at, a, 16, 1)
             3  2  2   2  2  2  v128_load64_lane(memory, at, a, 16, 1) | v2:pinsrq
             3  2  2   2  2  2  v128_store64_lane(memory, at, a, 16, 1) | v2:pextrq
            """
    }
#endif
