/// A library as its bindings see it. Conforming types are written by `bulkhead bindgen`; they have no values and only name the
/// library in types such as ``Sandbox``.
public protocol SandboxLibrary: SendableMetatype {
    /// The functions that bindings call, in the order of the numbers they call them by.
    static var interface: SandboxInterface { get }
}

/// The functions of a library.
public struct SandboxInterface: Sendable {
    public struct Function: Sendable, Hashable {
        /// The exported name.
        public let name: String
        /// A letter a value (`i` `I` `f` `F` for i32, i64, f32, f64): parameters, `>`, results.
        public let signature: String
    }

    public let name: String
    public let functions: [Function]

    /// - Parameter functions: a line each, the name and the signature: `XML_Parse iiii>i`. One literal, for long arrays take the
    ///   Swift compiler long.
    public init(name: String, functions: String) {
        self.name = name
        self.functions = functions.split(separator: "\n").compactMap { line in
            guard let space = line.firstIndex(of: " ") else { return nil }
            return Function(name: String(line[..<space]), signature: String(line[line.index(after: space)...]))
        }
    }
}
