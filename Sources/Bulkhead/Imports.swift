import CBulkhead
import CPrelude
import WasmModule

/// Something that can be exported and imported.
public enum External: Hashable {
    case function(Function)
    case table(Table)
    case memory(Memory)
    case global(Global)

    var raw: bulkhead_external {
        var raw = bulkhead_external()
        switch self {
        case .function(let function):
            raw.kind = 0
            raw.function = function.pointer
        case .table(let table):
            raw.kind = 1
            raw.table = table.pointer
        case .memory(let memory):
            raw.kind = 2
            raw.memory = memory.pointer
        case .global(let global):
            raw.kind = 3
            raw.global = global.pointer
        }
        return raw
    }

    init?(_ raw: bulkhead_external, store: Store) {
        switch raw.kind {
        case 0: self = .function(Function(store: store, pointer: raw.function))
        case 1: self = .table(Table(store: store, pointer: raw.table))
        case 2: self = .memory(Memory(store: store, pointer: raw.memory))
        case 3: self = .global(Global(store: store, pointer: raw.global))
        default: return nil
        }
    }

    public var store: Store {
        switch self {
        case .function(let function): function.store
        case .table(let table): table.store
        case .memory(let memory): memory.store
        case .global(let global): global.store
        }
    }

    public var type: ExternalType {
        switch self {
        case .function(let function): .function(function.type)
        case .table(let table): .table(table.type)
        case .memory(let memory): .memory(memory.type)
        case .global(let global): .global(global.type)
        }
    }
}

/// What a module is given for its imports, by module and name.
///
/// ```swift
/// let imports: Imports = ["env": ["log": .function(log)]]
/// ```
public struct Imports: ExpressibleByDictionaryLiteral {
    /// Names are compared byte by byte, as the specification says; `String` would take canonically equivalent ones to be equal.
    private struct QualifiedName: Hashable {
        var module: [UInt8]
        var name: [UInt8]

        init(_ module: String, _ name: String) {
            self.module = Array(module.utf8)
            self.name = Array(name.utf8)
        }
    }

    private var entries: [QualifiedName: External] = [:]

    public init() {}

    public init(dictionaryLiteral modules: (String, [String: External])...) {
        for (module, things) in modules {
            for (name, external) in things { define(external, module: module, name: name) }
        }
    }

    /// Replaces what was there under these names.
    public mutating func define(_ external: External, module: String, name: String) {
        entries[QualifiedName(module, name)] = external
    }

    /// Everything an instance exports, under a module's name.
    public mutating func define(_ instance: Instance, module: String) {
        for (name, external) in instance.exports { define(external, module: module, name: name) }
    }

    /// Forgets everything under a module's name.
    public mutating func remove(module: String) {
        entries = entries.filter { !$0.key.module.elementsEqual(module.utf8) }
    }

    public subscript(module: String, name: String) -> External? {
        entries[QualifiedName(module, name)]
    }
}
