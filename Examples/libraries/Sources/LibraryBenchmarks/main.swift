// What a sandbox costs a library: the same work by its native code (direct mode) and in sandboxes with and without the segment register.
//
//   library-benchmarks DIRECTORY FONT [ROUNDS]
//
// DIRECTORY holds NAME.so, NAME.flat.so and NAME.direct.so of each library, as bench.sh builds them.
//
// A round runs fresh copies of these files: code of some hundred kilobytes is up to 15 % slower or faster for the physical pages that
// a file happens to lie in, which are the same for as long as the file is cached.

import BulkheadSandbox
import Expat
import Foundation
import Glibc
import Graphite
import JPEG

guard CommandLine.arguments.count >= 3 else {
    print("usage: library-benchmarks DIRECTORY FONT [ROUNDS]; see bench.sh")
    exit(64)
}
let directory = CommandLine.arguments[1]
let font = [UInt8](try Data(contentsOf: URL(filePath: CommandLine.arguments[2])))
let rounds = CommandLine.arguments.dropFirst(3).first.flatMap { Int($0) } ?? 11

/// How a library is run.
enum Configuration: String, CaseIterable {
    case native
    case flat
    case segue

    var suffix: String {
        switch self {
        case .native: "direct.so"
        case .flat: "flat.so"
        case .segue: "so"
        }
    }

    /// The library, from a copy that nothing else has in memory.
    func image<Library: SandboxLibrary>(_ library: Library.Type) throws -> SandboxImage<Library> {
        let files = FileManager.default
        let copy = files.temporaryDirectory.appending(path: "library-benchmarks-\(UUID().uuidString).so").path
        // Read and written anew: a copy that shares its blocks with the original may share pages, too.
        try Data(contentsOf: URL(filePath: "\(directory)/\(Library.interface.name).\(suffix)"))
            .write(to: URL(filePath: copy))
        defer { try? files.removeItem(atPath: copy) }
        return switch self {
        case .native: try SandboxImage(direct: copy)
        case .flat, .segue: try SandboxImage(artifact: copy)
        }
    }
}

/// One thing to be done with a library, made ready for each configuration.
struct Workload {
    let name: String
    let prepare: (Configuration) throws -> () throws -> Void
}

/// Milliseconds of this thread's time: what other programs take of the processor doesn't count.
func time(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }
    let start = now()
    try body()
    return now() - start
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

let workloads = [
    Workload(name: "Graphite: 100 lines of Nastaliq") { configuration in
        let font = try GraphiteFont(font, image: configuration.image(LibGraphite2.self))
        var options = ShapingOptions()
        options.isRightToLeft = true
        let line =
            "\u{06CC}\u{06C1} \u{0627}\u{06CC}\u{06A9} \u{0645}\u{062B}\u{0627}\u{0644} \u{06C1}\u{06D2} "
            + "\u{062C}\u{0648} \u{0646}\u{0633}\u{062A}\u{0639}\u{0644}\u{06CC}\u{0642}"
        return {
            for _ in 0..<100 {
                let shaped = try font.shape(line, options)
                if shaped.glyphs.isEmpty { throw SandboxError.verification("no glyphs") }
            }
        }
    },
    Workload(name: "Expat: 2 MB parsed, no events") { configuration in
        let document = Inputs.document
        var sandbox = try Sandbox(configuration.image(LibExpat.self))
        let input = try sandbox.allocate(copying: document)
        let owner = SandboxOwner(sandbox)
        return {
            guard let parser = try owner.sandbox.XML_ParserCreate(nil) else { throw SandboxError.nullPointer }
            // It has no source of random numbers.
            _ = try owner.sandbox.XML_SetHashSalt(parser.pointer, 1)
            let status = try owner.sandbox.XML_Parse(parser.pointer, input.pointer.cast(), Int32(document.count), 1)
            _ = try status.verified(oneOf: [.XML_STATUS_OK])
        }
    },
    Workload(name: "Expat: 2 MB to Swift events") { configuration in
        let reader = try XMLReader(image: configuration.image(LibExpat.self))
        let document = Inputs.document
        return {
            var count = 0
            try reader.read(document) { _ in count += 1 }
            guard count > 10_000 else { throw SandboxError.verification("\(count) events") }
        }
    },
    Workload(name: "JPEG: 1 megapixel decoded") { configuration in
        let codec = try JPEGCodec(image: configuration.image(LibJPEG.self))
        let file = try Inputs.photograph.get()
        return {
            guard try codec.decode(file).image.width == 1024 else { throw SandboxError.verification("another width") }
        }
    },
]

/// Closures can't capture a value that has one owner.
final class SandboxOwner<Library: SandboxLibrary> {
    var sandbox: Sandbox<Library>
    init(_ sandbox: consuming Sandbox<Library>) { self.sandbox = sandbox }
}

print("Milliseconds of one thread, medians of \(rounds) placements of the code, three interleaved runs each\n")
func row(_ cells: [String]) {
    print(
        cells.enumerated().map { column, cell in
            column == 0
                ? cell.padding(toLength: 32, withPad: " ", startingAt: 0)
                : String(repeating: " ", count: max(0, 10 - cell.count)) + cell
        }.joined())
}
row(["", "native", "flat", "Segue", "flat/nat.", "Segue/nat.", "removed"])
for workload in workloads {
    var times = Configuration.allCases.map { _ in [Double]() }
    for _ in 0..<rounds {
        let runs = try Configuration.allCases.map { try workload.prepare($0) }
        for repetition in 0..<4 {
            for (position, run) in runs.enumerated() {
                let taken = try time(run)
                // The first one warms caches up.
                if repetition > 0 { times[position].append(taken) }
            }
        }
    }
    let medians = times.map(median)
    // Round by round: what disturbs one disturbs the others.
    let flat = median(zip(times[1], times[0]).map { $0 / $1 })
    let segue = median(zip(times[2], times[0]).map { $0 / $1 })
    let removed = (flat - segue) / (flat - 1) * 100
    var cells = [workload.name]
    for value in medians { cells.append(String(format: "%.2f", value)) }
    for ratio in [flat, segue] { cells.append(String(format: "%.3f", ratio)) }
    cells.append(flat > 1 ? String(format: "%.0f %%", removed) : "-")
    row(cells)
}
print("\nremoved: how much of the flat sandbox's overhead the segment register takes away")
