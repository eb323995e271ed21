import Foundation

struct Options {
    enum Section: String, CaseIterable {
        case kernels, calls, instances, sandboxes, compiler
    }

    var sections: [Section] = []
    var rounds = 11
    /// Only kernels whose name contains one of these.
    var filters: [String] = []
    /// The processor to stay on; the last one by default, since the first takes most interrupts.
    var processor = ProcessInfo.processInfo.activeProcessorCount - 1
    /// What `-O` Bulkhead compiles with.
    var level = "3"
    /// What `-march=` takes, for everything that is compiled to machine code.
    var cpu: String?
    /// More arguments for the compilation of Bulkhead's generated code, to try them out.
    var extraArguments: [String] = []
    var directory: String
    var json: String

    static let usage = """
        usage: bench [SECTION…] [--rounds N] [--filter NAME] [--core N] [--level 0…3|s]
                     [--cpu NAME] [--cc-argument ARG] [--directory DIR] [--json FILE]
          SECTION  kernels, calls, instances, sandboxes, compiler; all by default
          --cpu    what -march= takes, for Bulkhead, native code and the peer alike
          --filter, --cc-argument may be repeated
        environment: WASM2C (path of wasm2c) and WABT_WASM_RT (directory of its wasm-rt files) name a peer to compare with;
          WASM_FILE names a module for the compiler section
        """

    init(_ arguments: [String], package: String) throws {
        directory = "\(package)/.build/bench"
        json = "\(package)/.build/bench/results.json"
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
            case "--cpu": cpu = try value(argument)
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
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
