import Glibc
import WasmText

/// A file that a subcommand was given, told by its content.
enum InputFile {
    /// A module in the binary format.
    case module([UInt8])
    /// A module in the text format, to be assembled.
    case text([UInt8])
    /// A compiled artifact, which is loaded by its path.
    case artifact

    /// More than any module a compiler could work through; keeps a slip such as /dev/zero from taking all memory.
    private static let maximumSize = 1 << 30

    /// - Throws: `Failure`.
    init(path: String) throws {
        let bytes = try Self.read(path, limit: Self.maximumSize)
        self = Self.classify(bytes, isNamedBinary: path.hasSuffix(".wasm"))
    }

    /// - Parameter isNamedBinary: whether the file's name is one of a module in the binary format. It decides where the content
    ///   is neither format's: what is left of a module that was cut off, or a web page that came instead of it.
    static func classify(_ bytes: [UInt8], isNamedBinary: Bool) -> InputFile {
        if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return .artifact }
        // Text doesn't begin with a NUL. A binary module cut off in its first bytes is still one, for the error's sake.
        if bytes.first == 0 { return .module(bytes) }
        // Text begins with a parenthesis or a comment, after white space.
        let looksLikeText = bytes.first { !" \t\r\n".utf8.contains($0) }.map { "(;".utf8.contains($0) } ?? false
        return isNamedBinary && !looksLikeText ? .module(bytes) : .text(bytes)
    }

    /// The binary format, where there is one.
    /// - Throws: `TextError`; `Failure` for an artifact.
    static func module(path: String) throws -> [UInt8] {
        switch try InputFile(path: path) {
        case .module(let bytes): return bytes
        case .text(let text): return try assemble(text)
        case .artifact:
            throw Failure("\(path) is compiled already; this needs the module it was made from (.wasm or .wat)")
        }
    }

    /// A file of the user's that is no module.
    /// - Throws: `Failure`.
    static func text(path: String) throws -> [UInt8] {
        try read(path, limit: maximumSize)
    }

    private static func read(_ path: String, limit: Int) throws -> [UInt8] {
        func failure() -> Failure { Failure("cannot read \(path): \(String(cString: strerror(errno)))") }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure("\(path) is a directory, not a module") }
        guard status.st_size <= limit else { throw Failure("\(path) is larger than 1 GiB") }

        // One byte more than the file says, to see its end.
        var bytes = [UInt8](repeating: 0, count: max(4096, Int(status.st_size) + 1))
        var count = 0
        while true {
            if count == bytes.count {
                guard count <= limit else { throw Failure("\(path) is larger than 1 GiB") }
                bytes += [UInt8](repeating: 0, count: count)
            }
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got == 0 { break }
            if got < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            count += got
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
