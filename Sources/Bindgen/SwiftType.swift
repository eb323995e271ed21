/// A C type as the bindings have it.
struct SwiftType: Hashable {
    enum Kind: Hashable {
        case void
        case scalar
        case pointer
        case callback
        case record(String)
        case array(element: CType, count: Int)
        /// With the reason.
        case unsupported(String)
    }

    var kind: Kind
    /// Of values, without the `?` that pointers have.
    var value = ""
    /// Of what lies in memory.
    var storage = ""
    /// In signatures.
    var letter: Character = "i"
    /// Of a member that nobody has set.
    var zero = ""
    /// How a slot's 64 bits become the C type in the native library.
    var native = NativeSlot.pointer

    enum NativeSlot: Hashable {
        case signed32
        case unsigned32
        case bits64
        case float
        case double
        case pointer
    }

    var isPointer: Bool { kind == .pointer || kind == .callback }
    var isScalar: Bool { kind == .scalar }
    var isVoid: Bool { kind == .void }

    var reason: String? {
        if case .unsupported(let reason) = kind { reason } else { nil }
    }

    /// Of a value that may be null, where it is a pointer.
    var optional: String { isPointer ? "\(value)?" : value }

    static let void = SwiftType(kind: .void, value: "Void", storage: "Void")

    static func unsupported(_ reason: String) -> SwiftType { SwiftType(kind: .unsupported(reason)) }

    static func scalar(_ name: String, _ letter: Character, _ native: NativeSlot, zero: String = "0") -> SwiftType {
        SwiftType(kind: .scalar, value: name, storage: name, letter: letter, zero: zero, native: native)
    }

    static func pointer(to storage: String) -> SwiftType {
        let name = storage == "Void" ? "SandboxRawPointer" : "SandboxPointer<\(storage)>"
        return SwiftType(kind: .pointer, value: name, storage: name, zero: "nil")
    }
}

extension Plan {
    /// What the bindings make of a C type.
    func swiftType(_ type: CType) -> SwiftType {
        switch type {
        case .void: return .void
        case .integer(let kind): return Self.integer(kind)
        case .float: return .scalar("Float", "f", .float)
        case .double: return .scalar("Double", "F", .double)
        case .pointer(let pointee, _): return pointer(to: pointee)
        case .function: return .unsupported("a function is no value")
        case .callback(let name, _): return callback(name)
        case .array(let element, let count):
            let flat = flattened(element, count)
            let inner = swiftType(flat.element)
            if let reason = inner.reason { return .unsupported(reason) }
            return SwiftType(
                kind: .array(element: flat.element, count: flat.count), value: "[\(inner.optional)]",
                storage: inner.storage, zero: "[]")
        case .record(let key):
            guard let name = typeNames["record \(key)"] else {
                return .unsupported("its type is not bound")
            }
            let qualified = "\(library).\(name)"
            return SwiftType(kind: .record(key), value: qualified, storage: qualified, zero: "\(qualified)()")
        case .enumeration(let key): return enumeration(key)
        case .typedef(let name): return typedef(name)
        case .unsupported(let reason): return .unsupported(reason)
        }
    }

    private static func integer(_ kind: CType.IntegerKind) -> SwiftType {
        switch kind {
        case .bool: return .scalar("Bool", "i", .unsigned32, zero: "false")
        case .char: return .scalar("CChar", "i", .signed32)
        case .long:
            var type = SwiftType.scalar("Int32", "i", .signed32)
            type.storage = "SandboxLong"
            return type
        case .unsignedLong:
            var type = SwiftType.scalar("UInt32", "i", .unsigned32)
            type.storage = "SandboxUnsignedLong"
            return type
        default:
            let name = "\(kind.isSigned ? "" : "U")Int\(kind.size * 8)"
            if kind.size == 8 { return .scalar(name, "I", .bits64) }
            return .scalar(name, "i", kind.isSigned ? .signed32 : .unsigned32)
        }
    }

    private func pointer(to pointee: CType) -> SwiftType {
        switch resolved(pointee) {
        case .void: return .pointer(to: "Void")
        case .array(let element, let count):
            let flat = flattened(element, count)
            return pointer(to: flat.element)
        case .unsupported: return .pointer(to: "Void")
        default:
            let type = swiftType(pointee)
            if type.reason != nil { return .pointer(to: "Void") }
            return .pointer(to: type.storage)
        }
    }

    private func callback(_ name: String) -> SwiftType {
        // Of a type that no closure can have, only the address is known.
        guard let swiftName = typeNames["callback \(name)"] else { return .pointer(to: "Void") }
        let type = "SandboxFunctionPointer<\(library).\(swiftName)>"
        return SwiftType(kind: .callback, value: type, storage: type, zero: "nil")
    }

    private func enumeration(_ key: String) -> SwiftType {
        guard let enumeration = header.enumerations[key] else { return .unsupported("its enumeration is not known") }
        var type = Self.integer(underlying(enumeration))
        guard let name = typeNames["enum \(key)"] else { return type }
        type.value = "\(library).\(name)"
        type.storage = type.value
        type.zero = "\(type.value)(rawValue: 0)"
        return type
    }

    /// The integer type that clang gives an enumeration.
    func underlying(_ enumeration: Enumeration) -> CType.IntegerKind {
        guard let spelling = enumeration.spelling, let size = probes.number(Probes.size(spelling)) else {
            return enumeration.constants.contains { $0.value.hasPrefix("-") } ? .int : .unsignedInt
        }
        let isSigned = probes.number(Probes.isNegativeAllowed(spelling)) == 1
        switch size {
        case 1: return isSigned ? .signedChar : .unsignedChar
        case 2: return isSigned ? .short : .unsignedShort
        case 8: return isSigned ? .longLong : .unsignedLongLong
        default: return isSigned ? .int : .unsignedInt
        }
    }

    private func typedef(_ name: String) -> SwiftType {
        if name == "size_t", header.typedefs[name] == nil { return Self.integer(.unsignedLong) }
        guard let typedef = header.typedefs[name] else { return .unsupported("its type \(name) is not known") }
        var type = swiftType(typedef.type)
        if case .integer = typedef.type, let size = probes.perMachine(Probes.size(name)), size.wasm32 != size.native,
            type.storage == type.value
        {
            // Narrower in the sandbox, as `long` is: int_fast16_t is.
            guard size == MachinePair(wasm32: 4, native: 8) else {
                return .unsupported("its type \(name) has another size on the host")
            }
            type.storage = type.value.hasPrefix("U") ? "SandboxUnsignedLong" : "SandboxLong"
        }
        guard let alias = typeNames["typedef \(name)"] else { return type }
        // An alias stands for values; where those in memory are of another type, it says so.
        let qualified = "\(library).\(alias)"
        switch type.kind {
        case .scalar:
            if type.storage == type.value { type.storage = qualified }
            type.value = qualified
            if !type.zero.hasPrefix("0"), type.zero != "false" { type.zero = "\(qualified)(rawValue: 0)" }
        case .pointer, .callback:
            type.value = qualified
            type.storage = qualified
        case .record:
            type.value = qualified
            type.storage = qualified
            type.zero = "\(qualified)()"
        case .void, .array, .unsupported: break
        }
        return type
    }

    /// The type behind its typedefs.
    func resolved(_ type: CType) -> CType {
        var type = type
        while case .typedef(let name) = type {
            guard let next = header.typedefs[name] else { return name == "size_t" ? .integer(.unsignedLong) : type }
            type = next.type
        }
        return type
    }

    /// An array of arrays as one of all their elements.
    private func flattened(_ element: CType, _ count: Int?) -> (element: CType, count: Int) {
        if case .array(let inner, let innerCount) = resolved(element) {
            let flat = flattened(inner, innerCount)
            return (flat.element, flat.count * (count ?? 0))
        }
        return (element, count ?? 0)
    }
}
