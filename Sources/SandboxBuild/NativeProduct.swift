import Bulkhead
import CodeGeneration
import Toolchain

/// What a module becomes.
struct NativeProduct {
    /// Paths.
    let module: String
    let name: String
    let product: SandboxBuildOptions.Product
    let path: String
    let recordPath: String
    let context: BuildContext

    /// - Returns: the files that there are now.
    func make(_ configuration: EngineConfiguration, hashes: InputHashes) throws -> [String] {
        var configuration = configuration
        // `CompilationFlags` saw to that.
        configuration.loops = .plain
        let engine = Engine(configuration: configuration)
        let key = BuildRecord.key(
            [name, product.rawValue, FileSystem.absolute(path), product == .wasm ? "" : try engine.fingerprint()])
        if let record = BuildRecord(path: recordPath), record.isCurrent(key: key, hashes: hashes),
            files.allSatisfy(FileSystem.isRegularFile)
        {
            return files
        }
        try FileSystem.makeDirectory(directory)
        FileSystem.removeFile(recordPath)
        let bytes = try FileSystem.contents(of: module)
        if product != .wasm { context.report(.compilingModule) }
        switch product {
        case .wasm: try FileSystem.update(bytes, to: path)
        case .library: try engine.compile(bytes, name: name, to: path, product: .library)
        case .object: try engine.compile(bytes, name: name, to: path, product: .object)
        case .assembly: try engine.compile(bytes, name: name, to: path, product: .assembly)
        case .c:
            let code = try engine.generateSources(bytes, name: name)
            for file in code.sources { try FileSystem.write(file.content, to: path) }
            for file in code.headers { try FileSystem.write(file.content, to: "\(directory)/\(file.name)") }
        }
        if product.hasHeader {
            let header = try engine.generateHeader(bytes, name: name)
            try FileSystem.update(header.content, to: "\(directory)/\(header.name)")
        }
        try BuildRecord(key: key, inputs: [module], hashes: hashes).write(to: recordPath)
        return files
    }

    private var directory: String { FileSystem.parent(of: path) }

    private var files: [String] { product.hasHeader ? [path, "\(directory)/\(name).h"] : [path] }
}

extension SandboxBuildOptions.Product {
    /// Whether a C program can be compiled against it, for which there is a header with typed prototypes.
    fileprivate var hasHeader: Bool {
        switch self {
        case .object, .assembly, .c: true
        case .library, .wasm: false
        }
    }
}
