import Toolchain

/// The contents of files as hashes, each file read once.
final class InputHashes {
    private var known: [String: String?] = [:]

    /// `nil` where there is no such file.
    func hash(of path: String) -> String? {
        if let hash = known[path] { return hash }
        let hash = (try? FileSystem.contents(of: path)).map { SHA256.hash($0).hex }
        known[path] = .some(hash)
        return hash
    }
}
