import Toolchain

/// The contents of files as hashes, each file read once for as long as nobody writes it.
final class InputHashes {
    private var known: [String: (stamp: String, hash: String)] = [:]

    /// `nil` where there is no such file.
    func hash(of path: String) -> String? {
        guard let stamp = FileSystem.stamp(of: path) else { return nil }
        if let found = known[path], found.stamp == stamp { return found.hash }
        guard let bytes = try? FileSystem.contents(of: path) else { return nil }
        let hash = SHA256.hash(bytes).hex
        known[path] = (stamp, hash)
        return hash
    }
}
