import Foundation

/// Writes a line with the time to the standard output. Whoever reads it may be gone; the server stays.
func log(_ text: String) {
    let line = text.map { $0.isNewline ? "; " : String($0) }.joined()
    let time = Date.now.formatted(.iso8601)
    try? FileHandle.standardOutput.write(contentsOf: Data("\(time) \(line)\n".utf8))
}
