import Foundation

/// Writes a line with the time to the standard output. Whoever reads it may be gone; the server stays.
func log(_ text: String) {
    let line = "\(Date.now.formatted(.iso8601)) \(text.trimmingCharacters(in: .whitespaces))\n"
    try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
}
