/// What `wasm-ld` printed when it failed.
struct LinkerDiagnostics {
    private let text: String

    init(_ text: String) { self.text = text }

    func error(objects: [ObjectBuilder.Object], directory: String, libc: Bool) -> SandboxBuildError {
        var undefined: [String] = []
        var users: [String: [String]] = [:]
        var exports: [String] = []
        var others: [Substring] = []
        for line in text.split(separator: "\n") {
            guard let message = line.removing(through: "wasm-ld: error: ") else {
                // The driver's own last line says no more than that the linker failed.
                if !line.contains("linker command failed") { others.append(line) }
                continue
            }
            if let name = message.removing(through: "symbol exported via --export not found: ") {
                exports.append(String(name))
            } else if let range = message.firstRange(of: ": undefined symbol: ") {
                let name = String(message[range.upperBound...])
                let user = source(of: message[..<range.lowerBound], objects, directory)
                if users[name] == nil { undefined.append(name) }
                if users[name]?.contains(user) != true { users[name, default: []].append(user) }
            } else {
                others.append(line)
            }
        }
        if !others.isEmpty || undefined.isEmpty && exports.isEmpty { return .link(diagnostics: text) }
        if !exports.isEmpty, undefined.isEmpty { return .undefinedExports(exports) }
        let symbols = undefined.map { SandboxBuildError.UndefinedSymbol(name: $0, users: users[$0] ?? []) }
        return .undefinedSymbols(symbols, libc: libc)
    }

    /// The source of an object, as its author knows it.
    private func source(of object: Substring, _ objects: [ObjectBuilder.Object], _ directory: String) -> String {
        guard let found = objects.first(where: { $0.path == object }) else { return String(object) }
        let path = found.source.path
        return path.hasPrefix("\(directory)/") ? String(path.dropFirst(directory.utf8.count + 1)) : path
    }
}

extension Substring {
    /// What follows the first `prefix`.
    fileprivate func removing(through prefix: String) -> Substring? {
        firstRange(of: prefix).map { self[$0.upperBound...] }
    }
}
