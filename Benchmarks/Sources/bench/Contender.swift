import CBench

/// One engine with one kernel, ready to run it.
struct Contender {
    /// What the column is called.
    var name: String
    /// Bytes of machine code, where they can be told.
    var codeSize: Int?
    /// Far slower than the others: gets a fraction of the work, and fewer rounds.
    var isInterpreter = false
    /// Does the kernel's work so many times. Returns its checksum, and nanoseconds of processor time.
    var run: (UInt32) throws -> (sum: UInt32, nanoseconds: Double)

    /// In this process.
    init(_ name: String, codeSize: Int? = nil, call: @escaping (UInt32) throws -> UInt32) {
        self.name = name
        self.codeSize = codeSize
        run = { count in
            let start = bench_thread_time()
            let sum = try call(count)
            return (sum, Double(bench_thread_time() - start))
        }
    }

    init(_ name: String, isInterpreter: Bool = false, run: @escaping (UInt32) throws -> (UInt32, Double)) {
        self.name = name
        self.isInterpreter = isInterpreter
        self.run = run
    }
}

/// An engine to compare with, found on the machine.
protocol Peer {
    var name: String { get }
    var version: String { get }

    /// One for each of its ways to run the module.
    /// - Parameter stem: what files made of it begin with.
    func contenders(_ wasm: String, stem: String, _ build: Build) throws -> [Contender]
}

/// Peers, those that are here and those that aren't.
struct Peers {
    var found: [any Peer] = []
    /// Each with what would make it be found.
    var absent: [String] = []

    init() throws {
        func look(_ name: String, _ hint: String, _ find: () throws -> (any Peer)?) rethrows {
            if let peer = try find() { found.append(peer) } else { absent.append("\(name) is absent: \(hint)") }
        }
        try look(
            "wasm2c",
            "WASM2C names the tool, WABT_WASM_RT the directory of its wasm-rt files (vectors take Debian's libsimde-dev, too)"
        ) {
            try Wasm2C.find()
        }
        try look("WAMR", "WAMRC names its compiler, IWASM_DIR a directory with libiwasm.so, WAMR_INCLUDE its headers") {
            try WAMR.find()
        }
        try look("Wasmtime", "WASMTIME_PYTHON names a Python that has its package (python3 by default)") {
            try Wasmtime.find()
        }
        try look("WasmKit", "wasmkit is not on the path") { try WasmKit.find() }
    }
}
