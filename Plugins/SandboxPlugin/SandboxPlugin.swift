import Foundation
import PackagePlugin

/// Builds the C and C++ libraries of a Swift target for the sandbox.
///
/// A directory in the target that has a `sandbox.json` is a library: its sources are built by `bulkhead sandbox build`, whose Swift bindings
/// are compiled with the target and whose compiled code becomes a resource of it.
@main
struct SandboxPlugin: BuildToolPlugin {
    private static let manifestName = "sandbox.json"

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let directory = target.directoryURL
        let manifests = try manifests(in: directory)
        if manifests.isEmpty {
            Diagnostics.warning(
                "\(target.name) has no \(Self.manifestName), so BulkheadSandboxPlugin has nothing to do for it; put one beside the library's sources"
            )
        }
        let tool = try context.tool(named: "bulkhead-cli").url
        return try manifests.map { manifest in
            try command(manifest, tool: tool, output: context.pluginWorkDirectoryURL, context)
        }
    }

    private func command(
        _ manifest: URL, tool: URL, output: URL, _ context: PluginContext
    ) throws -> Command {
        let description = try ManifestOutline(contentsOf: manifest)
        let library = description.library
        var outputs = ["\(library).swift", "\(library).so"]
        var arguments = ["sandbox", "build", manifest.path, "--output", output.path, "--bundle"]
        if description.direct == true { outputs.append("\(library).direct.so") }
        // The clang of the toolchain that runs this, for PATH may have none. The variable has the last word, as it has elsewhere.
        if ProcessInfo.processInfo.environment["BULKHEAD_CC", default: ""].isEmpty,
            let clang = try? context.tool(named: "clang").url
        {
            arguments += ["--cc", clang.path]
        }
        return .buildCommand(
            displayName: "Building \(library) for the sandbox", executable: tool, arguments: arguments,
            inputFiles: try files(below: manifest.deletingLastPathComponent()),
            outputFiles: outputs.map { output.appending(component: $0) })
    }

    private func manifests(in directory: URL) throws -> [URL] {
        try files(below: directory).filter { $0.lastPathComponent == Self.manifestName }
    }

    /// All files, for any of them may be included by another: sources, headers, tables, the manifest itself.
    private func files(below directory: URL) throws -> [URL] {
        let keys: [URLResourceKey] = [.isRegularFileKey]
        guard
            let walk = FileManager.default.enumerator(
                at: directory, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
        else { return [] }
        var files: [URL] = []
        for case let file as URL in walk where try file.resourceValues(forKeys: Set(keys)).isRegularFile == true {
            files.append(file)
        }
        return files.sorted { $0.path < $1.path }
    }
}

/// What the plug-in must know of a manifest: the names of the files that will be made. `bulkhead` checks the rest.
private struct ManifestOutline: Decodable {
    let library: String
    let direct: Bool?

    init(contentsOf manifest: URL) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: manifest))
        } catch {
            Diagnostics.error(
                "\(manifest.path): it must be JSON with a \"library\", the name of the Swift type: \(error)")
            throw error
        }
    }
}
