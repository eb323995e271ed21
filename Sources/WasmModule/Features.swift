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
    /// Vectors of 128 bits.
    public static let simd = Features(rawValue: 1 << 7)

    public static let wasm1: Features = [.mutableGlobals]
    /// WebAssembly 2.0.
    public static let wasm2: Features = [
        .mutableGlobals, .signExtension, .saturatingTruncation, .multiValue, .bulkMemory, .referenceTypes, .simd,
    ]
    /// Everything that is implemented.
    public static let all: Features = [.wasm2, .extendedConstants]
}

// MARK: - Names

extension Features {
    /// Every feature with its name (the proposal's, as on WebAssembly's list of finished proposals) and the flag that
    /// tells clang not to use it.
    public static let named: [(feature: Features, name: String, clangFlag: String)] = [
        (.mutableGlobals, "mutable-globals", "-mno-mutable-globals"),
        (.signExtension, "sign-extension", "-mno-sign-ext"),
        (.saturatingTruncation, "saturating-truncation", "-mno-nontrapping-fptoint"),
        (.multiValue, "multi-value", "-mno-multivalue"),
        (.bulkMemory, "bulk-memory", "-mno-bulk-memory"),
        (.referenceTypes, "reference-types", "-mno-reference-types"),
        (.simd, "simd", "-mno-simd128"),
        (.extendedConstants, "extended-const", "-mno-extended-const"),
    ]
}

extension Features: CustomStringConvertible {
    public var description: String {
        Features.named.filter { contains($0.feature) }.map(\.name).joined(separator: ", ")
    }
}
