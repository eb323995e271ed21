import Bulkhead
import Toolchain
import WasmText

/// Loads what `run` is given, whatever form it has.
struct ProgramLoader {
    let configuration: EngineConfiguration
    /// Options that say how to compile, which an artifact comes too late for.
    var compilerOptions: [String] = []

    /// - Parameter path: of a module in the binary or the text format, or of a compiled artifact.
    /// - Throws: `Failure`.
    func load(_ path: String) throws -> Module {
        do {
            switch try InputFile(path: path) {
            case .module(let bytes): return try compile(bytes, path: path)
            case .text(let text): return try compile(assemble(text), path: path)
            case .artifact: return try load(artifact: path)
            }
        } catch {
            throw Failure(error, file: path)
        }
    }

    private func compile(_ bytes: [UInt8], path: String) throws -> Module {
        let name = FileSystem.name(of: path)
        let notice = CompileNotice(name: name)
        defer { notice.end() }
        var configuration = configuration
        configuration.onCompile = { notice.begin() }
        configuration.onNote = { Output.error("note: \($0.printable)\n") }
        return try Engine(configuration: configuration).compile(bytes, name: name)
    }

    private func load(artifact path: String) throws -> Module {
        guard compilerOptions.isEmpty else {
            throw Failure(
                "\(path) is compiled already: give \(compilerOptions.joined(separator: ", ")) to `bulkhead compile`")
        }
        let modules = try Engine(configuration: configuration).load(artifact: path)
        guard let module = modules.first, modules.count == 1 else {
            throw Failure("\(path) holds \(modules.count) modules; run takes an artifact of one")
        }
        return module
    }
}
