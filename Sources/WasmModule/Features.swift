/// The parts of the language beyond version 1.0 that a module may use.
public struct Features: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static let mutableGlobals = Features(rawValue: 1 << 0)
    public static let signExtension = Features(rawValue: 1 << 1)
    public static let saturatingTruncation = Features(rawValue: 1 << 2)
    public static let multiValue = Features(rawValue: 1 << 3)
    public static let bulkMemory = Features(rawValue: 1 << 4)
    /// `funcref` and `externref` as values, and several tables.
    public static let referenceTypes = Features(rawValue: 1 << 5)
    /// `i32`/`i64` addition, subtraction and multiplication in constant expressions, and `global.get` of any
    /// immutable global defined before.
    public static let extendedConstants = Features(rawValue: 1 << 6)

    public static let wasm1: Features = [.mutableGlobals]
    /// WebAssembly 2.0 but for the vector instructions.
    public static let wasm2: Features = [
        .mutableGlobals, .signExtension, .saturatingTruncation, .multiValue, .bulkMemory, .referenceTypes,
    ]
    /// Everything that is implemented.
    public static let all: Features = [.wasm2, .extendedConstants]
}
