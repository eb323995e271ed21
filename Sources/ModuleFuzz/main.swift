// Feeds damaged modules to the decoder and the validator. A crash is a crash of this process; `--trace` prints each
// input's number first, so that the one that did it is known.
//
//     swift run -c release ModuleFuzz [--seconds N] [--inputs N] [--seed S] [--trace] [FILE...]

import WasmModule

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

func usage() -> Never {
    print("usage: ModuleFuzz [--seconds N] [--inputs N] [--seed S] [--trace] [FILE...]")
    exit(2)
}

func contents(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
    }
}

func load(_ bytes: [UInt8], features: Features = .all) -> Result<Module, ModuleError> {
    Result { () throws(ModuleError) in
        let module = try Module(decoding: bytes, features: features)
        try module.validate(features: features)
        return module
    }
}

/// What went wrong besides a module being refused.
enum Finding: Error {
    case badError(ModuleError)
    case unreadableBody(ModuleError)
    case featuresUsed(Features, ModuleError)
}

/// Whether the module is accepted. One that is has to hold what those who come after the validator count on.
func accepts(_ bytes: [UInt8]) throws(Finding) -> Bool {
    switch load(bytes) {
    case .failure(let error):
        guard 0...bytes.count ~= error.offset, !error.message.isEmpty else { throw .badError(error) }
        return false
    case .success(let module):
        do {
            for code in module.code {
                var reader = InstructionReader(bytes: module.bytes, range: code.body, features: .all)
                while try reader.next() != nil {}
            }
        } catch {
            throw .unreadableBody(error)
        }
        let features = module.featuresUsed
        if case .failure(let error) = load(bytes, features: features) { throw .featuresUsed(features, error) }
        return true
    }
}

var seconds = 10
var limit = Int.max
var seed: UInt64 = 1
var isTracing = false
var corpus = Seeds.all

var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    switch argument {
    case "--seconds":
        guard let value = arguments.popFirst().flatMap({ Int($0) }) else { usage() }
        seconds = value
    case "--inputs":
        guard let value = arguments.popFirst().flatMap({ Int($0) }) else { usage() }
        limit = value
    case "--seed":
        guard let value = arguments.popFirst().flatMap({ UInt64($0) }) else { usage() }
        seed = value
    case "--trace": isTracing = true
    case _ where argument.hasPrefix("-"): usage()
    default:
        guard let bytes = contents(argument) else {
            print("cannot read \(argument)")
            exit(2)
        }
        corpus.append(bytes)
    }
}

do {
    for (index, bytes) in Seeds.all.enumerated() where try !accepts(bytes) {
        print("seed \(index) is not accepted: \(load(bytes))")
        exit(1)
    }
    var mutator = Mutator(random: Random(seed: seed), corpus: corpus)
    let deadline = ContinuousClock.now + .seconds(seconds)
    var inputs = 0
    var accepted = 0
    while inputs < limit, inputs % 64 != 0 || ContinuousClock.now < deadline {
        if isTracing { print("input \(inputs)") }
        inputs += 1
        let input = mutator.next()
        do {
            if try accepts(input) { accepted += 1 }
        } catch {
            print("input \(inputs - 1), seed \(seed): \(error)\n\(input)")
            exit(1)
        }
    }
    print("\(inputs) inputs, \(accepted) accepted, 0 crashes (seed \(seed))")
} catch {
    print("built-in seed: \(error)")
    exit(1)
}
