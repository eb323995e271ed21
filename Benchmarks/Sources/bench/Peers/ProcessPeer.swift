import Foundation

/// A program that stays up and runs a kernel when it is told to: for each line with a count it answers with a line `SUM NANOSECONDS`.
final class KernelProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let name: String

    init(_ program: String, _ arguments: [String], environment: [String: String]? = nil) throws {
        name = program
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func run(_ count: UInt32) throws -> (UInt32, Double) {
        try input.fileHandleForWriting.write(contentsOf: Data("\(count)\n".utf8))
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 2, let sum = UInt32(words[0]), let time = Double(words[1]) else {
            throw Failure("\(name) answered \"\(String(decoding: line, as: UTF8.self))\" instead of a sum and a time")
        }
        return (sum, time)
    }
}

/// Where a program is, by its name or path.
func locate(_ program: String) -> String? {
    if program.contains("/") { return FileManager.default.isExecutableFile(atPath: program) ? program : nil }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { "\($0)/\(program)" }.first(where: FileManager.default.isExecutableFile)
}
