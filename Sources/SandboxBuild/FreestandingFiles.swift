import CFreestanding
import Toolchain

/// What a library without a C library is built with: the package's own allocator and memory functions.
struct FreestandingFiles {
    let includeDirectory: String
    let sources: [Source]

    /// Writes the files down.
    init(directory: String) throws {
        includeDirectory = "\(directory)/include"
        try FileSystem.makeDirectory(includeDirectory)
        var sources: [Source] = []
        var number = 0
        while true {
            let file = freestanding_file_number(number)
            guard let path = file.path else { break }
            let name = String(cString: path)
            try FileSystem.update(
                Array(UnsafeBufferPointer(start: file.bytes, count: file.size)), to: "\(directory)/\(name)")
            if name.hasSuffix(".c") {
                sources.append(try Source(path: "\(directory)/\(name)", origin: .freestanding))
            }
            number += 1
        }
        self.sources = sources
    }
}
