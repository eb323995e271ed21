import Foundation

struct Options {
    enum Section: String, CaseIterable {
        case kernels, programs, calls, instances, pool, functions, sandboxes, compiler, plot
    }

    var sections: [Section] = []
    var rounds = 11
    /// Only kernels whose name contains one of these.
    var filters: [String] = []
    /// The processor to stay on; the last one by default, since the first takes most interrupts.
    var processor = ProcessInfo.processInfo.activeProcessorCount - 1
    /// What `-O` Bulkhead compiles with.
    var level = "3"
    /// What `-march=` takes, for everything that is compiled to machine code; `nil` for every x86-64.
    var cpu: String?
    /// Those to build the kernels for, one after the other.
    var cpus: [String?] = []
    /// Only WebAssembly built in these ways.
    var wasmBuilds: [String] = []
    /// Whether accesses compute their own addresses, as they do by default.
    var foldsAddresses = true
    /// More arguments for the compilation of Bulkhead's generated code, to try them out.
    var extraArguments: [String] = []
    var directory: String
    var json: String
    var plot: String

    static let usage = """
        usage: bench [SECTION…] [--rounds N] [--filter NAME] [--core N] [--level 0…3|s] [--wasm BUILD]
                     [--cpu NAME] [--cc-argument ARG] [--directory DIR] [--json FILE] [--plot FILE] [--unfolded]
          SECTION  kernels, programs, calls, instances, pool, functions, sandboxes, compiler, plot; all by default
          --cpu    what -march= takes, for Bulkhead, native code and the peers alike; "baseline" for every x86-64.
                   By default the kernels are measured for baseline and for x86-64-v3
          --wasm   how kernels are built to WebAssembly: "-O3", "-O3 -msimd128", "recommended"; all three by default
          --unfolded
                   without the folding of addresses that Bulkhead does otherwise
          --filter, --cpu, --wasm, --cc-argument may be repeated
        Peers are compared with where they are found; what each takes to be found is printed. WASM_FILE in the environment
        names a module for the compiler section.
        """

    init(_ arguments: [String], package: String) throws {
        directory = "\(package)/.build/bench"
        json = "\(package)/.build/bench/results.json"
        plot = "\(package)/plot.svg"
        var rest = arguments[...]
        func value(_ option: String) throws -> String {
            guard let value = rest.popFirst() else { throw Failure("\(option) needs a value\n\(Self.usage)") }
            return value
        }
        func number(_ option: String) throws -> Int {
            guard let number = Int(try value(option)), number >= 0 else { throw Failure("\(option) takes a number") }
            return number
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--rounds": rounds = max(1, try number(argument))
            case "--filter": filters.append(try value(argument))
            case "--core": processor = try number(argument)
            case "--cpu":
                let name = try value(argument)
                cpus.append(name == "baseline" ? nil : name)
            case "--unfolded": foldsAddresses = false
            case "--wasm": wasmBuilds.append(try value(argument))
            case "--plot": plot = try value(argument)
            case "--level": level = try value(argument)
            case "--cc-argument": extraArguments.append(try value(argument))
            case "--directory": directory = try value(argument)
            case "--json": json = try value(argument)
            default:
                guard let section = Section(rawValue: argument) else { throw Failure(Self.usage) }
                sections.append(section)
            }
        }
        if sections.isEmpty { sections = Section.allCases }
        if cpus.isEmpty { cpus = [nil, "x86-64-v3"] }
        for build in wasmBuilds where !WasmBuild.all.contains(where: { $0.name == build }) {
            throw Failure("--wasm takes \(WasmBuild.all.map(\.name).joined(separator: ", "))")
        }
        cpu = cpus[0]
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
