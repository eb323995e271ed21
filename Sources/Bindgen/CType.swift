/// A C type, as far as bindings need to know it.
indirect enum CType: Hashable, Sendable {
    case void
    case integer(IntegerKind)
    case float
    case double
    case pointer(CType, isNonnull: Bool)
    case function(CFunctionType)
    /// A pointer to a function, by the name of its type among the header's callbacks.
    case callback(String, isNonnull: Bool)
    /// `nil` where the length is left open.
    case array(CType, Int?)
    /// By the key among the header's records.
    case record(String)
    case enumeration(String)
    case typedef(String)
    /// With the reason why it can't be bound.
    case unsupported(String)

    enum IntegerKind: String, Hashable, Sendable {
        case bool = "_Bool"
        case char
        case signedChar = "signed char"
        case unsignedChar = "unsigned char"
        case short
        case unsignedShort = "unsigned short"
        case int
        case unsignedInt = "unsigned int"
        case long
        case unsignedLong = "unsigned long"
        case longLong = "long long"
        case unsignedLongLong = "unsigned long long"

        var isSigned: Bool {
            switch self {
            case .char, .signedChar, .short, .int, .long, .longLong: true
            default: false
            }
        }

        /// In a sandbox.
        var size: Int {
            switch self {
            case .bool, .char, .signedChar, .unsignedChar: 1
            case .short, .unsignedShort: 2
            case .int, .unsignedInt, .long, .unsignedLong: 4
            case .longLong, .unsignedLongLong: 8
            }
        }
    }

    var isNonnull: Bool {
        switch self {
        case .pointer(_, let isNonnull), .callback(_, let isNonnull): isNonnull
        default: false
        }
    }
}

struct CFunctionType: Hashable, Sendable {
    struct Parameter: Hashable, Sendable {
        var name: String?
        var type: CType
        /// As clang writes the type.
        var spelling: String
    }

    var result: CType
    var resultSpelling: String
    var parameters: [Parameter]
    var isVariadic = false
    /// Not so for `int f()` in C.
    var hasPrototype = true
}
