import Toolchain

/// The files that a list of globs names.
struct FileSelection {
    /// Absolute; what the globs are relative to.
    let directory: String

    /// More files than this below one directory are not a library but a mistake, such as a glob that begins at `/`.
    private static let limit = 100_000

    /// - Parameter key: of the manifest, for messages.
    /// - Returns: absolute paths, without duplicates: in the order of the globs, those of one glob by name.
    func files(matching globs: [String], key: String) throws(SandboxBuildError) -> [String] {
        let excluded = globs.filter { $0.hasPrefix("!") }.map { GlobPattern(String($0.dropFirst())) }
        var found: [String] = []
        var seen: Set<String> = []
        for glob in globs where !glob.hasPrefix("!") {
            let matches = try files(matching: glob)
            if matches.isEmpty { throw .noMatch(glob: glob, key: key, directory: directory) }
            for path in matches where !excluded.contains(where: { $0.matches(path) }) && seen.insert(path).inserted {
                found.append(path)
            }
        }
        return found.map(absolute)
    }

    func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    private func files(matching glob: String) throws(SandboxBuildError) -> [String] {
        let pattern = GlobPattern(glob)
        if glob.isEmpty { return [] }
        if pattern.isLiteral { return FileSystem.isRegularFile(absolute(glob)) ? [glob] : [] }
        let root = (glob.hasPrefix("/") ? "/" : "") + pattern.literalDirectory.joined(separator: "/")
        return try names(below: root).filter(pattern.matches).sorted()
    }

    /// Paths of the same form as the glob. Links to directories are not followed: they may lead in circles.
    private func names(below root: String) throws(SandboxBuildError) -> [String] {
        var files: [String] = []
        var directories = [root]
        while let here = directories.popLast() {
            for name in FileSystem.entries(here.isEmpty ? directory : absolute(here)) {
                let path = here.isEmpty ? name : here.hasSuffix("/") ? "\(here)\(name)" : "\(here)/\(name)"
                let full = absolute(path)
                if FileSystem.isRegularFile(full) {
                    files.append(path)
                } else if FileSystem.isDirectory(full), !FileSystem.isSymbolicLink(full) {
                    directories.append(path)
                }
                guard files.count + directories.count <= Self.limit else {
                    throw .tooManyFiles(directory: absolute(root), limit: Self.limit)
                }
            }
        }
        return files
    }
}
