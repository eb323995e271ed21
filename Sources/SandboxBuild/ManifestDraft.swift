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
        let name = FileSystem.name(of: directory)
        let headers = Self.interface(found(["h"]), names: [name, library ?? ""])
        var lines = ["\"library\": \"\(library ?? Self.typeName(name))\""]
        lines.append("\"headers\": \(Self.list(headers))")
        lines.append("\"sources\": \(Self.list(Self.globs(sources)))")
        if headers.contains(where: { $0.hasPrefix("include/") }) {
            lines.append("\"includeDirectories\": [\"include\"]")
        }
        json = "{\n" + lines.map { "    \($0)" }.joined(separator: ",\n") + "\n}\n"
    }

    /// The library's own interface: what lies in `include`, else the header that has one of its names, else what lies
    /// highest.
    private static func interface(_ headers: [String], names: [String]) -> [String] {
        let included = headers.filter { $0.hasPrefix("include/") }
        if !included.isEmpty { return included }
        let depth = headers.map(Self.depth).min() ?? 0
        let highest = headers.filter { Self.depth($0) == depth }
        let names = names.map(plainName).filter { !$0.isEmpty }
        let own = highest.filter { names.contains(plainName(FileSystem.name(of: $0))) }
        return own.isEmpty ? highest : own
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
        let word = word(name.lowercased())
        return String(word.hasPrefix("lib") ? word.dropFirst(3) : word)
    }

    /// `zlib-1.2` becomes `Zlib`.
    private static func typeName(_ name: String) -> String {
        let word = word(name)
        guard let first = word.first, first.isLetter else { return "Library" }
        return first.uppercased() + word.dropFirst()
    }

    /// What a name begins with, up to its version or ending.
    private static func word(_ name: String) -> Substring {
        name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
