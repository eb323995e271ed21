import Toolchain

/// A program of `Kernels/`: `run(count)` does its work that often and returns a checksum.
struct Kernel {
    enum Group: String, CaseIterable, Codable {
        case numeric = "numeric loops"
        case integer = "integers and strings"
        case calls = "calls and dispatch"
        case pointers = "pointers"
    }

    var name: String
    var group: Group
    /// Rounds of work, some 5 to 10 ms natively.
    var count: UInt32

    private init(_ name: String, _ group: Group, _ count: UInt32) {
        (self.name, self.group, self.count) = (name, group, count)
    }

    static let all = [
        Kernel("matmul", .numeric, 8),
        Kernel("gemm", .numeric, 8),
        Kernel("sgemm", .numeric, 50),
        Kernel("lu", .numeric, 50),
        Kernel("trisolv", .numeric, 300),
        Kernel("jacobi1d", .numeric, 12000),
        Kernel("jacobi2d", .numeric, 1000),
        Kernel("heat3d", .numeric, 250),
        Kernel("axpy", .numeric, 25000),
        Kernel("complex", .numeric, 10000),
        Kernel("dot8", .numeric, 700),
        Kernel("blur", .numeric, 1000),
        Kernel("grayscale", .numeric, 800),
        Kernel("spmv", .numeric, 600),
        Kernel("fft", .numeric, 200),
        Kernel("nbody", .numeric, 100_000),
        Kernel("mandelbrot", .numeric, 1000),

        Kernel("sieve", .integer, 40),
        Kernel("quicksort", .integer, 10),
        Kernel("crc32", .integer, 80),
        Kernel("base64", .integer, 500),
        Kernel("sha256", .integer, 700),
        Kernel("aes", .integer, 800),
        Kernel("chacha20", .integer, 1000),
        Kernel("hashtable", .integer, 40),
        Kernel("levenshtein", .integer, 40),
        Kernel("utf8", .integer, 1000),
        Kernel("json", .integer, 110),
        Kernel("lz", .integer, 100),
        Kernel("search", .integer, 90),
        Kernel("regex", .integer, 150),

        Kernel("fibonacci", .calls, 300),
        Kernel("ackermann", .calls, 70),
        Kernel("scheduler", .calls, 160),
        Kernel("interpreter", .calls, 300),

        Kernel("list", .pointers, 600),
        Kernel("trees", .pointers, 70),
        Kernel("graph", .pointers, 25),
    ]
}

/// How the kernels are built to WebAssembly. Every engine gets the same file.
struct WasmBuild {
    var name: String
    var arguments: [String]
    var loops = CompilerOptions.Loops.reduced

    static let all = [
        WasmBuild(name: "-O3", arguments: ["-O3"]),
        WasmBuild(name: "-O3 -msimd128", arguments: ["-O3", "-msimd128"]),
        WasmBuild(
            name: "recommended",
            // What `bulkhead sandbox build` compiles with where a manifest says `"simd": false`.
            arguments: [
                "-O2", "-mllvm", "-unroll-runtime=false", "-mllvm", "-unroll-allow-partial=false", "-mllvm",
                "-disable-lsr",
            ], loops: .plain),
    ]
}
