/// What an artifact was made from, as one hash: two artifacts with equal keys are interchangeable.
public struct CacheKey: Sendable, Hashable, CustomStringConvertible {
    /// Of the layout of cache files and of what goes into a key.
    static let formatVersion: UInt32 = 1

    let digest: SHA256.Digest

    /// - Parameters:
    ///   - generator: the version of whatever turns `content` into C, with every setting that changes what it writes.
    ///   - content: what the artifact is made from: the module's bytes.
    public init(
        generator: String, content: [UInt8], compiler: Compiler, options: CompilerOptions
    ) throws(ToolchainError) {
        let parts = try ["artifact", generator] + compiler.fingerprint(options)
        self.init(parts: parts, content: content)
    }

    init(parts: [String], content: [UInt8] = []) {
        var hash = SHA256()
        // Each part with its length before it, so that no two lists of parts look alike.
        func append(_ value: UInt64) {
            withUnsafeBytes(of: value.littleEndian) { hash.update($0) }
        }
        append(UInt64(Self.formatVersion))
        append(UInt64(parts.count))
        for part in parts {
            append(UInt64(part.utf8.count))
            hash.update(part)
        }
        append(UInt64(content.count))
        hash.update(content)
        digest = hash.finalize()
    }

    /// 64 hexadecimal digits; the entry's file name begins with them.
    public var hex: String { digest.hex }

    public var description: String { hex }
}
