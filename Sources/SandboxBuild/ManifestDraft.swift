import Toolchain

/// A manifest to begin with, for a directory of sources.
public struct ManifestDraft: Sendable, Hashable {
    /// The manifest's text, formatted for people.
    public let json: String

    /// Directories that hold no part of a library.
    private static let others: Set<String> = [
        "test", "tests", "testing", "example", "examples", "doc", "docs", "fuzz", "fuzzing", "benchmark", "benchmarks",
        "contrib", "tools", "build", "cmake",
    ]

    /// - Parameters:
    ///   - directory: that the manifest will be in.
    ///   - library: its name in Swift; `nil` for the directory's.
    /// - Throws: ``SandboxBuildError/noMatch(glob:key:directory:)`` where there are no sources.
    public init(directory: String, library: String? = nil) throws {
        let directory = FileSystem.absolute(directory)
        let files = FileSelection(directory: directory)
        func found(_ endings: [String]) -> [String] {
            endings.flatMap { ending in
                (try? files.files(matching: ["**/*.\(ending)"], key: "sources")) ?? []
            }.map { String($0.dropFirst(directory.utf8.count + 1)) }.filter { path in
                !path.split(separator: "/").dropLast().contains { Self.others.contains($0.lowercased()) }
            }.sorted()
        }
        let sources = found(["c", "cc", "cpp", "cxx"])
        if sources.isEmpty { throw SandboxBuildError.noMatch(glob: "**/*.c", key: "sources", directory: directory) }
        let name = directory.split(separator: "/").last.map(String.init) ?? ""
        // The library's own interface is what lies in `include`, else the header that has its name, else what lies highest.
        let all = found(["h"])
        let included = all.filter { $0.hasPrefix("include/") }
        let depth = all.map(Self.depth).min() ?? 0
        let highest = all.filter { Self.depth($0) == depth }
        let names = [name, library ?? ""].map(Self.plainName).filter { !$0.isEmpty }
        let own = highest.filter { names.contains(Self.plainName(String($0.split(separator: "/").last ?? ""))) }
        let headers = !included.isEmpty ? included : own.isEmpty ? highest : own

        var lines = ["\"library\": \"\(library ?? Self.typeName(name))\""]
        lines.append("\"headers\": \(Self.list(headers))")
        lines.append("\"sources\": \(Self.list(Self.globs(sources)))")
        if !included.isEmpty { lines.append("\"includeDirectories\": [\"include\"]") }
        json = "{\n" + lines.map { "    \($0)" }.joined(separator: ",\n") + "\n}\n"
    }

    private static func depth(_ path: String) -> Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

    /// One for each directory and ending.
    private static func globs(_ paths: [String]) -> [String] {
        var globs: [String] = []
        for path in paths {
            let parent = path.contains("/") ? "\(FileSystem.parent(of: path))/" : ""
            let ending = path.split(separator: ".").last ?? "c"
            let glob = "\(parent)*.\(ending)"
            if !globs.contains(glob) { globs.append(glob) }
        }
        return globs
    }

    private static func list(_ names: [String]) -> String {
        // Names in a directory may be anything; these are in the file's own syntax.
        let quoted = names.map {
            "\"\($0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
        return "[\(quoted.joined(separator: ", "))]"
    }

    /// What `libpng-1.6` and `png.h` have in common.
    private static func plainName(_ name: String) -> String {
        let word = name.lowercased().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return String(word.hasPrefix("lib") ? word.dropFirst(3) : word)
    }

    /// `zlib-1.2` becomes `Zlib`.
    private static func typeName(_ name: String) -> String {
        let word = name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = word.first, first.isLetter else { return "Library" }
        return first.uppercased() + word.dropFirst()
    }
}
