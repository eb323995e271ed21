extension Compiler {
    /// Finds a clang that has `wasm-ld` beside it, so that it makes WebAssembly modules: the named one, if that is one; else the one
    /// that `BULKHEAD_CC` names, if that is one; else clang beside `swift`, else clang on PATH.
    ///
    /// A compiler that was named for native code and can't do it is passed over: gcc knows no WebAssembly.
    public static func findForWebAssembly(
        named name: String? = nil, environment: [String: String] = ProcessEnvironment.current(),
        cache: ArtifactCache? = nil
    ) throws(ToolchainError) -> Compiler {
        let directories = searchPath(environment)
        var searched: [String] = []
        let named = [name, environment["BULKHEAD_CC"]].compactMap { $0 }.filter { !$0.isEmpty }
        for name in named {
            let compiler = try find(named: name, environment: environment, cache: cache)
            if let problem = compiler.problemWithWebAssembly {
                searched.append("\(name): \(problem)")
            } else {
                return compiler
            }
        }
        for candidate in [Candidate.besideSwift("clang"), .onPath("clang")] {
            var failure = "not found"
            for path in candidate.paths(in: directories) {
                do throws(ToolchainError) {
                    let compiler = try identify(path, environment: environment, cache: cache)
                    guard let problem = compiler.problemWithWebAssembly else { return compiler }
                    failure = "found \(path): \(problem)"
                } catch {
                    failure = "found \(path): \(error)"
                }
            }
            searched.append("\(candidate.description): \(failure)")
        }
        searched.append("PATH is \(environment["PATH"] ?? "not set")")
        throw .webAssemblyCompilerNotFound(searched: searched)
    }

    /// Why it can't make WebAssembly modules; `nil` if it can.
    private var problemWithWebAssembly: String? {
        guard family == .clang else { return "\(family.rawValue) does not compile to WebAssembly" }
        let places = [path, FileSystem.resolve(path) ?? path].map { "\(FileSystem.parent(of: $0))/wasm-ld" }
        return places.contains(where: FileSystem.isExecutable) ? nil : "there is no wasm-ld beside it"
    }
}
