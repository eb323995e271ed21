import Foundation

/// What a header doesn't say about itself: names, lengths, ownership. Read from JSON; `docs/Bindings.md` describes it.
public struct Annotations: Sendable, Codable, Hashable {
    public struct Function: Sendable, Codable, Hashable {
        /// As in C's attribute: `parse(_:bytes:)`, or a name alone.
        public var swiftName: String?
        /// Not bound, for this reason.
        public var skip: String?
        /// By name.
        public var parameters: [String: Parameter]?
        public var result: Result?

        public init(
            swiftName: String? = nil, skip: String? = nil, parameters: [String: Parameter]? = nil,
            result: Result? = nil
        ) {
            self.swiftName = swiftName
            self.skip = skip
            self.parameters = parameters
            self.result = result
        }
    }

    public struct Parameter: Sendable, Codable, Hashable {
        /// Null is not allowed (`true`) or is, whatever the header says.
        public var nonnull: Bool?
        /// The parameter that says how many elements this one points to.
        public var count: String?
        /// A C string that the function only reads.
        public var string: Bool?

        public init(nonnull: Bool? = nil, count: String? = nil, string: Bool? = nil) {
            self.nonnull = nonnull
            self.count = count
            self.string = string
        }
    }

    public struct Result: Sendable, Codable, Hashable {
        /// Null is an error.
        public var nonnull: Bool?
        /// A C string of at most so many bytes.
        public var string: Int?
        /// The function that frees what is returned; it takes the pointer alone.
        public var owned: String?

        public init(nonnull: Bool? = nil, string: Int? = nil, owned: String? = nil) {
            self.nonnull = nonnull
            self.string = string
            self.owned = owned
        }
    }

    public struct Name: Sendable, Codable, Hashable {
        public var swiftName: String?
        public var skip: String?

        public init(swiftName: String? = nil, skip: String? = nil) {
            self.swiftName = swiftName
            self.skip = skip
        }
    }

    public var functions: [String: Function] = [:]
    /// Structures, unions, enumerations and typedefs, by their names in C without `struct`.
    public var types: [String: Name] = [:]
    /// Macros and constants.
    public var constants: [String: Name] = [:]
    /// C code that is bound and compiled with the shim: a wrapper for a function with variable arguments, for instance.
    public var wrappers: [String] = []

    public init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable { case functions, types, constants, wrappers }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        functions = try container.decodeIfPresent([String: Function].self, forKey: .functions) ?? [:]
        types = try container.decodeIfPresent([String: Name].self, forKey: .types) ?? [:]
        constants = try container.decodeIfPresent([String: Name].self, forKey: .constants) ?? [:]
        // One text, or a text a line.
        if let text = try? container.decodeIfPresent(String.self, forKey: .wrappers) {
            wrappers = [text]
        } else {
            wrappers = try container.decodeIfPresent([String].self, forKey: .wrappers) ?? []
        }
    }

    /// Reads a file's text.
    /// - Parameter name: the file's, for errors.
    /// - Throws: ``BindgenError/annotations(_:)``.
    public init(json: [UInt8], name: String) throws {
        do {
            self = try JSONDecoder().decode(Annotations.self, from: Data(json))
        } catch let error as DecodingError {
            throw BindgenError.annotations("\(name): \(Self.describe(error))")
        }
        try Self.checkKeys(json, name)
    }

    /// A misspelt key would otherwise be passed over.
    private static func checkKeys(_ json: [UInt8], _ name: String) throws {
        let known: [[String]: Set<String>] = [
            []: Set(CodingKeys.allCases.map(\.rawValue)),
            ["functions"]: ["swiftName", "skip", "parameters", "result"],
            ["functions", "parameters"]: ["nonnull", "count", "string"],
            ["functions", "result"]: ["nonnull", "string", "owned"],
            ["types"]: ["swiftName", "skip"], ["constants"]: ["swiftName", "skip"],
        ]
        func check(_ value: Any?, _ path: [String], _ shown: String) throws {
            guard let keys = known[path], let object = value as? [String: Any] else { return }
            for key in object.keys.sorted() where !keys.contains(key) {
                throw BindgenError.annotations(
                    "\(name): there is no \"\(key)\" in \(shown); known are \(keys.sorted().joined(separator: ", "))")
            }
            for key in object.keys.sorted() {
                let next = path + [key]
                guard let inner = object[key] as? [String: Any] else { continue }
                if next == ["functions", "result"] {
                    try check(inner, next, "\(shown).\(key)")
                } else {
                    for entry in inner.keys.sorted() { try check(inner[entry], next, "\(shown).\(key).\(entry)") }
                }
            }
        }
        try check(try? JSONSerialization.jsonObject(with: Data(json)), [], "the file")
    }

    private static func describe(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.isEmpty ? "the file" : context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case .typeMismatch(let type, let context): "\(path(context)) is not a \(type)"
        case .valueNotFound(_, let context): "\(path(context)) is null"
        case .keyNotFound(let key, let context): "\(path(context)) has no \"\(key.stringValue)\""
        case .dataCorrupted(let context): "\(path(context)) is not JSON: \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }
}
