import FoundationEssentials
import Toolchain

extension SandboxManifest {
    /// The name of a manifest in its directory.
    public static let fileName = "sandbox.json"

    /// Reads a manifest.
    /// - Parameter path: of the file, for messages.
    public init(json bytes: [UInt8], path: String) throws(SandboxBuildError) {
        do {
            self = try JSONDecoder().decode(SandboxManifest.self, from: Data(bytes))
            try check()
        } catch let problem as ManifestProblem {
            throw .manifest(path: path, problem: problem.text)
        } catch let error as DecodingError {
            throw .manifest(path: path, problem: Self.describe(error))
        } catch {
            throw .manifest(path: path, problem: "\(error)")
        }
    }

    /// What can be said without looking at any file.
    private func check() throws(ManifestProblem) {
        guard Self.isIdentifier(library) else {
            throw ManifestProblem(
                "\"library\" is \"\(library)\"; it becomes the name of a Swift type, so it is a letter followed by letters, digits and _"
            )
        }
        if !sources.contains(where: { !$0.hasPrefix("!") }) {
            throw ManifestProblem("\"sources\" names no files; give it globs such as \"src/**/*.c\"")
        }
        if headers.isEmpty, exports.isEmpty {
            throw ManifestProblem(
                "there is nothing to call: \"headers\" names what gets bindings, \"exports\" further functions")
        }
        for name in exports where !Self.isIdentifier(name) {
            throw ManifestProblem("\"exports\" has \"\(name)\", which is not the name of a C function")
        }
        for define in defines where define.isEmpty || define.hasPrefix("=") || define.hasPrefix("-") {
            throw ManifestProblem("\"defines\" has \"\(define)\"; write NAME or NAME=VALUE, without -D")
        }
        guard ["0", "1", "2", "3", "s", "z"].contains(optimization) else {
            throw ManifestProblem("\"optimization\" is \"\(optimization)\"; the levels are 0, 1, 2, 3, s and z")
        }
        guard stackSize >= 4096, stackSize <= 1 << 31, stackSize % 16 == 0 else {
            throw ManifestProblem("\"stackSize\" is \(stackSize); it is a multiple of 16 from 4096 to 2147483648")
        }
        if let maximumMemory {
            guard maximumMemory % 65536 == 0, maximumMemory > stackSize, maximumMemory <= 1 << 32 else {
                throw ManifestProblem(
                    "\"maximumMemory\" is \(maximumMemory); it is a multiple of 65536, at most 4294967296 (\"4G\"), and has room for the stack of \(stackSize)"
                )
            }
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: "_") || name.utf8.count > 1 else { return false }
        return !("0"..."9").contains(Character(UnicodeScalar(first)))
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func describe(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            var text = ""
            for key in context.codingPath {
                if let index = key.intValue {
                    text += ", entry \(index + 1)"
                } else {
                    text += text.isEmpty ? "\"\(key.stringValue)\"" : ", \"\(key.stringValue)\""
                }
            }
            return text
        }
        switch error {
        case .keyNotFound(let key, _): return "there is no \"\(key.stringValue)\", which every manifest has"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            let place = place(context)
            return "\(place.isEmpty ? "the whole" : place) must be \(expectation(type))"
        case .dataCorrupted(let context):
            let place = place(context)
            if !place.isEmpty { return "\(place): \(context.debugDescription)" }
            let reason = context.underlyingError.map { "\($0)" } ?? context.debugDescription
            return "it is not JSON: \(reason)"
        @unknown default: return "\(error)"
        }
    }

    private static func expectation(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "text in quotes"
        case is Bool.Type: "true or false"
        case is [String].Type, is [Any].Type: "a list of texts: [\"...\"]"
        case is [String: Any].Type: "an object: {...}"
        default: "a \(type)"
        }
    }
}

/// What is wrong with a manifest.
struct ManifestProblem: Error {
    let text: String

    init(_ text: String) { self.text = text }
}

extension SandboxManifest: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case library, headers, sources, wrappers, includeDirectories, defines, cFlags, cxxFlags, linkFlags
        case cLanguageStandard, cxxLanguageStandard, libc, exports, stackSize, maximumMemory, optimization, simd
        case allow, deny, annotations, direct
    }

    /// Any key, to see which there are.
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
        let known = CodingKeys.allCases.map(\.rawValue)
        for key in keys where !known.contains(key) {
            let nearest = nearestName(to: key, among: known).map { "; did you mean \"\($0)\"?" }
            throw ManifestProblem(
                "there is no key \"\(key)\"\(nearest ?? "; the keys are \(known.joined(separator: ", "))")")
        }

        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(library: try container.decode(String.self, forKey: .library))
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            if container.contains(key) { value = try container.decode(Value.self, forKey: key) }
        }
        func readOptional<Value: Decodable>(_ key: CodingKeys, into value: inout Value?) throws {
            if container.contains(key) { value = try container.decode(Value.self, forKey: key) }
        }
        try read(.headers, into: &headers)
        try read(.sources, into: &sources)
        try read(.wrappers, into: &wrappers)
        try read(.includeDirectories, into: &includeDirectories)
        try read(.defines, into: &defines)
        try read(.cFlags, into: &cFlags)
        try read(.cxxFlags, into: &cxxFlags)
        try read(.linkFlags, into: &linkFlags)
        try readOptional(.cLanguageStandard, into: &cLanguageStandard)
        try readOptional(.cxxLanguageStandard, into: &cxxLanguageStandard)
        try read(.libc, into: &libc)
        try read(.exports, into: &exports)
        try read(.simd, into: &simd)
        try read(.allow, into: &allow)
        try read(.deny, into: &deny)
        try readOptional(.annotations, into: &annotations)
        try read(.direct, into: &direct)
        if container.contains(.optimization) {
            let level = try container.decode(NumberOrText.self, forKey: .optimization).text
            optimization = level.hasPrefix("O") ? String(level.dropFirst()) : level
        }
        func size(_ key: CodingKeys) throws -> UInt64? {
            guard container.contains(key) else { return nil }
            let text = try container.decode(NumberOrText.self, forKey: key).text
            guard let size = ByteCount.parse(text, as: UInt64.self) else {
                throw ManifestProblem(
                    "\"\(key.rawValue)\" is \"\(text)\"; it is a number of bytes, or one like \"64K\", \"16M\" or \"1G\""
                )
            }
            return size
        }
        if let size = try size(.stackSize) { stackSize = size }
        maximumMemory = try size(.maximumMemory)
    }
}

/// `2` and `"2"` alike.
private struct NumberOrText: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(UInt64.self) {
            text = String(number)
        } else {
            text = try container.decode(String.self)
        }
    }
}
