import WasmModule

/// A test script (`.wast`): the modules to load, the functions to call and what is to come of it, in order.
///
/// Reading a script reads no module in it further than to its closing parenthesis, so a module that is malformed or that
/// needs something unimplemented is reported by `ModuleSource.assemble()` and fails no other command.
/// Spec: the reference interpreter's `README.md`, "Scripts".
public struct Script: Sendable {
    public let commands: [Command]

    public struct Command: Sendable {
        /// In the script, counted from 1.
        public let line: Int
        public let kind: Kind
    }

    /// A `name` is an identifier of the script, without its `$`; a `message` is what the specification's interpreter
    /// begins its own with.
    public enum Kind: Sendable {
        /// Defines and instantiates a module, which becomes the current one.
        case module(ModuleSource)
        /// Defines a module and instantiates nothing.
        case moduleDefinition(ModuleSource)
        /// Instantiates a definition, the last one where none is named. The instance becomes the current one.
        case moduleInstance(name: String?, definition: String?)
        /// Makes the exports of an instance (the current one where none is named) importable.
        case register(as: String, instance: String?)
        case action(Action)
        case assertReturn(Action, [Expected])
        case assertTrap(Action, message: String)
        /// Instantiation traps.
        case assertTrapInstantiating(ModuleSource, message: String)
        case assertExhaustion(Action, message: String)
        case assertException(Action)
        case assertMalformed(ModuleSource, message: String)
        case assertInvalid(ModuleSource, message: String)
        case assertUnlinkable(ModuleSource, message: String)
        /// A command that this parser doesn't know, by its keyword.
        case unsupported(String)
    }

    /// A `nil` instance is the current one. Compare names by their UTF-8: `String` takes canonically equivalent ones to be
    /// equal, which exports are not.
    public enum Action: Sendable {
        case invoke(instance: String?, name: String, arguments: [Value])
        case get(instance: String?, name: String)
    }

    /// Numbers are bit patterns.
    public enum Value: Sendable, Hashable {
        case i32(UInt32)
        case i64(UInt64)
        case f32(UInt32)
        case f64(UInt64)
        /// The first lane in the lowest bits.
        case v128(UInt128)
        case null(ReferenceType)
        /// The host's reference of this number.
        case externref(UInt32)
        /// A constant of a type that is not implemented, by its keyword.
        case unsupported(String)
    }

    public enum Expected: Sendable, Hashable {
        /// Exactly this.
        case value(Value)
        /// Either NaN with only the top bit of the payload set; `f32` or `f64`.
        case canonicalNaN(ValueType)
        /// Any NaN with the top bit of the payload set; `f32` or `f64`.
        case arithmeticNaN(ValueType)
        /// A vector of `f32` or `f64` lanes, each of which matches its own pattern.
        case lanes([Expected])
        /// Any reference of the type but null.
        case reference(ReferenceType)
        /// A null of any type.
        case null
        /// One of these.
        case either([Expected])
    }
}

/// A module in a script, before it is looked into.
public struct ModuleSource: Sendable {
    public enum Form: Sendable {
        case text
        /// Text in string literals.
        case quote
        /// Bytes in string literals.
        case binary
    }

    enum Content: Sendable {
        case text([UInt8], Range<Int>)
        case quote([UInt8])
        case binary([UInt8])
    }

    /// The identifier that the script gives the module, without its `$`.
    public let name: String?
    let content: Content

    public var form: Form {
        switch content {
        case .text: .text
        case .quote: .quote
        case .binary: .binary
        }
    }

    /// The module in the binary format. What is given in that form comes back as it is; else throws as the free function
    /// `assemble` does, with lines counted from the script's first, or in a quoted module from the quotation's.
    public func assemble() throws(TextError) -> [UInt8] {
        switch content {
        case .text(let script, let range): try Assembler.assemble(script, range: range)
        case .quote(let text): try WasmText.assemble(text)
        case .binary(let bytes): bytes
        }
    }
}
