/// What `$name` names. Two are the same if their bytes are: not `String`, which takes canonically equivalent ones to be
/// equal. Spec: 6.3.5.
struct Identifier: Hashable, Sendable {
    /// Without the `$`.
    let bytes: ArraySlice<UInt8>
}

extension Identifier: CustomStringConvertible {
    var description: String { "$" + name }

    /// Without the `$`.
    var name: String { String(decoding: bytes, as: UTF8.self) }
}
