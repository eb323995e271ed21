import Toolchain

/// What a file was made from: kept beside it, so that it is made again exactly when something of that has changed.
struct BuildRecord {
    /// Of everything that isn't a file: compiler, arguments.
    let key: String
    let inputs: [Input]

    struct Input {
        let path: String
        let hash: String
        /// Spares reading the file where nobody touched it.
        let stamp: String
    }

    private static let heading = "bulkhead build record 1"

    /// A key of these words.
    static func key(_ words: [String]) -> String {
        // Each with its length before it, so that no two lists look alike.
        SHA256.hash(Array(words.map { "\($0.utf8.count) \($0)" }.joined(separator: "\n").utf8)).hex
    }

    init(key: String, inputs: [String], hashes: InputHashes) {
        self.key = key
        var found: [Input] = []
        var seen: Set<String> = []
        for path in inputs where seen.insert(path).inserted {
            guard let hash = hashes.hash(of: path), let stamp = FileSystem.stamp(of: path) else { continue }
            found.append(Input(path: path, hash: hash, stamp: stamp))
        }
        self.inputs = found
    }

    /// The record in a file, if there is one.
    init?(path: String) {
        guard let bytes = try? FileSystem.contents(of: path) else { return nil }
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")[...]
        guard lines.popFirst() == Self.heading[...], let key = lines.popFirst() else { return nil }
        self.key = String(key)
        var inputs: [Input] = []
        for line in lines {
            let fields = line.split(separator: " ", maxSplits: 2)
            guard fields.count == 3 else { return nil }
            inputs.append(Input(path: String(fields[2]), hash: String(fields[0]), stamp: String(fields[1])))
        }
        self.inputs = inputs
    }

    func write(to path: String) throws(ToolchainError) {
        let lines = [Self.heading, key] + inputs.map { "\($0.hash) \($0.stamp) \($0.path)" }
        try FileSystem.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
    }

    /// Whether what it describes need not be made again.
    func isCurrent(key: String, hashes: InputHashes) -> Bool {
        self.key == key
            && inputs.allSatisfy { input in
                input.stamp == FileSystem.stamp(of: input.path) || input.hash == hashes.hash(of: input.path)
            }
    }
}
