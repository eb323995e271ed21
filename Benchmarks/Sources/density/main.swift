// How many sandboxes one process holds: for each number of colours the most slots that can be reserved, and then all of them in use at once, each
// with a page written.
//
//   density ARTIFACT [MAXIMUM]
//
// ARTIFACT is a compiled module with a memory and a function "touch". MAXIMUM bounds the slots in use (the machine's memory does too).

import Bulkhead
import Glibc

/// A lease that can be kept in an array.
final class Held {
    let lease: InstanceLease
    init(_ lease: consuming InstanceLease) { self.lease = lease }
}

/// KiB, of a file like /proc/self/status.
func kibibytes(_ name: String, in path: String) -> Int {
    guard let file = fopen(path, "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text.hasPrefix("\(name):") { return Int(text.filter(\.isNumber)) ?? 0 }
    }
    return 0
}

func pool(_ slots: Int, keys: Int) -> InstancePool? {
    var configuration = InstancePool.Configuration(slots: slots, maximumMemory: 1 << 20, warmSlots: 0)
    configuration.usesImages = false
    configuration.keys = keys
    return try? InstancePool(configuration)
}

do {
    guard CommandLine.arguments.count >= 2 else {
        print("usage: density ARTIFACT [MAXIMUM]")
        exit(64)
    }
    let maximum = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? .max : .max
    let template = try InstanceTemplate(Engine().load(artifact: CommandLine.arguments[1])[0])
    print("colours   slots reserved   apart, MiB   in use   page tables   kernel   process   (KiB a slot in use)")
    for keys in [1, 2, 4, 8, 15] {
        var low = 1
        var high = 1 << 19
        while low < high {
            let middle = (low + high + 1) / 2
            if pool(middle, keys: keys) != nil { low = middle } else { high = middle - 1 }
        }
        guard let pool = pool(low, keys: keys) else { continue }
        let tables = kibibytes("VmPTE", in: "/proc/self/status")
        let kernel = kibibytes("Slab", in: "/proc/meminfo")
        let resident = kibibytes("VmRSS", in: "/proc/self/status")
        var held: [Held] = []
        let wanted = min(low, maximum)
        held.reserveCapacity(wanted)
        for _ in 0..<wanted {
            let lease: InstanceLease = try pool.lease(template)
            try lease.instance.exports[function: "touch"]?()
            held.append(Held(lease))
        }
        func perSlot(_ before: Int, _ after: Int) -> String {
            let hundredths = (after - before) * 100 / max(1, held.count)
            return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
        }
        print(
            "\(pool.colours)   \(low)   \(pool.stride >> 20)   \(held.count)   \(perSlot(tables, kibibytes("VmPTE", in: "/proc/self/status")))   "
                + "\(perSlot(kernel, kibibytes("Slab", in: "/proc/meminfo")))   \(perSlot(resident, kibibytes("VmRSS", in: "/proc/self/status")))"
        )
        fflush(nil)
        if pool.colours < keys {
            print("there are no more colours")
            break
        }
        held = []
    }
} catch {
    print("density: \(error)")
    exit(1)
}
