/// Why bytes are not a module that can be run: what is wrong, in the specification's words, and where.
public struct ModuleError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The bytes break the binary grammar. Spec: 5.
        case malformed
        /// The module breaks a typing rule. Spec: 3.
        case invalid
        /// The module needs a proposal or a feature that is switched off or not implemented.
        case unsupported
        /// The module is larger than a limit of this implementation. Spec: 7.2 (appendix, implementation limitations).
        case limit
    }

    public let kind: Kind
    /// Begins with the specification's message where it has one, then says what was expected and what was found.
    public let message: String
    /// In the module's bytes.
    public let offset: Int
    /// The function the error lies in, by name, when it lies in one.
    public let function: String?

    public init(_ kind: Kind, _ message: String, offset: Int, function: String? = nil) {
        self.kind = kind
        self.message = message
        self.offset = offset
        self.function = function
    }
}

extension ModuleError: CustomStringConvertible {
    public var description: String {
        let what = kind == .limit ? "module beyond a limit" : "\(kind) module"
        // A function without a name is called function[N].
        let place = function.map { $0.hasPrefix("function[") ? " in \($0)" : " in function \($0)" } ?? ""
        return "\(what): \(message) (at byte 0x\(String(offset, radix: 16))\(place))"
    }
}
