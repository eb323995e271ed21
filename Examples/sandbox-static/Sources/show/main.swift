import BulkheadSandbox
import CQOI

let image = try SandboxImage<QOI>(linked: qoi_artifact())

// The library is part of the program, nothing is loaded when it runs, and the wall is the same.
var qoi = try Sandbox(image, limits: SandboxLimits(memory: 16 << 20))
for (name, red, green, blue) in [("sea", 20, 60, 140), ("sail", 250, 248, 240)] as [(String, UInt8, UInt8, UInt8)] {
    let brightness = try qoi.qoi_brightness(red, green, blue).verified(in: 0...255)
    print("\(name): \(brightness)")
}
do {
    // A pointer that is wild: the library faults, and not the program.
    let picture = try qoi.allocate(QOI.qoi_picture.self)
    _ = try qoi.qoi_decode(SandboxPointer(offset: 0xFFFF_0000), 100, picture.pointer)
} catch {
    print("stopped: \(qoi.death ?? "no")")
}
