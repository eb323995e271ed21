// Makes images, good ones and others, for test.sh.
//
//   test-images DIRECTORY IMAGE…
//
// Changed copies of the IMAGEs, the same ones in every run, go to DIRECTORY/hostile.

import Foundation
import HostileInput
import JPEG
import PNGFiles

func write(_ bytes: [UInt8], _ name: String, to directory: URL) throws {
    try Data(bytes).write(to: directory.appending(component: name))
}

guard CommandLine.arguments.count >= 2 else {
    print("usage: test-images DIRECTORY IMAGE…")
    exit(64)
}
let directory = URL(filePath: CommandLine.arguments[1])
let hostile = directory.appending(component: "hostile")
try FileManager.default.createDirectory(at: hostile, withIntermediateDirectories: true)

// Good ones.
let codec = try JPEGCodec()
if let image = Drawing(width: 1021, height: 767).jpegImage {
    try write(codec.encode(image), "good.jpg", to: directory)
    try write(codec.encode(image, isProgressive: true), "progressive.jpg", to: directory)
}
if let image = Drawing(width: 60, height: 40).jpegImage { try write(codec.encode(image), "small.jpg", to: directory) }
try write(Drawing(width: 300, height: 500).png, "good.png", to: directory)

// Images that say they are enormous.
let large = PNGFile([PNGFile.header(width: 50_000, height: 50_000, colorType: 2), .init("IDAT", stored([0]))])
try write(large.bytes, "large.png", to: directory)
try write(SlowJPEG.bytes(scans: 1, side: 50_000), "large.jpg", to: directory)
// A minute of work in half a megabyte.
try write(SlowJPEG.bytes(scans: 20_000), "slow.jpg", to: directory)

// What has overwritten a return address, with nothing in particular and with a great deal of it.
try write(Exploit.png(transparency: [UInt8](repeating: 0x41, count: 512)), "exploit.png", to: directory)
try write(Exploit.png(transparency: [UInt8](repeating: 0x41, count: 400_000)), "exploit-long.png", to: directory)

for path in CommandLine.arguments.dropFirst(2) {
    let file = URL(filePath: path)
    let original = [UInt8](try Data(contentsOf: file))
    for (number, input) in HostileInput(from: original, truncations: 40, mutations: 120, seed: 11).enumerated() {
        // Half of the PNG images with right checksums, to get past the first check.
        let isMended = file.pathExtension == "png" && number % 2 == 1
        let name = "\(file.deletingPathExtension().lastPathComponent)-\(number).\(file.pathExtension)"
        try write(isMended ? PNGFile(input).bytes : input, name, to: hostile)
    }
}
