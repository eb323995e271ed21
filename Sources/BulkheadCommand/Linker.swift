import ArgumentParser
import Bulkhead
import BulkheadWASI
import CodeGeneration
import WasmModule

/// What becomes of imports that nothing provides.
enum UnknownImports: String, ExpressibleByArgument, CaseIterable {
    /// The program doesn't start.
    case error
    /// Functions trap when they are called.
    case trap
    /// Functions return zeros; memories, tables and globals are as small as the module allows, and zero.
    case `default`
}

/// A function was called that stands for a missing import.
struct UnknownImportCall: Error, CustomStringConvertible {
    let module: String
    let name: String
    let backtrace: [Trap.Frame]

    var description: String {
        "wasm trap: the program called \(module.quoted) \(name.quoted), which it imports and nothing provides"
            + backtrace.report
    }
}

/// Gives a module what it imports.
struct Linker {
    let store: Store
    let policy: UnknownImports

    /// - Throws: `Failure` that names every import which is missing or of another type than what there is.
    func imports(for module: Bulkhead.Module, wasi: WASIContext) throws -> Imports {
        var imports = Imports()
        try imports.defineWASI(wasi, store: store)
        var missing: [Bulkhead.Module.Import] = []
        for entry in module.imports {
            if let found = imports[entry.module, entry.name] {
                try check(entry, against: found.type)
            } else if let stub = try stub(for: entry) {
                imports.define(stub, module: entry.module, name: entry.name)
            } else {
                missing.append(entry)
            }
        }
        if !missing.isEmpty { throw failure(missing) }
        return imports
    }

    /// Everything there is are functions, whose types must be equal.
    private func check(_ entry: Bulkhead.Module.Import, against found: ExternalType) throws {
        guard entry.type != found else { return }
        throw Failure(
            """
            the module imports \(describe(entry)), but that is a \(found)
            Build it for WASI preview 1 (wasm32-wasip1).
            """)
    }

    private func failure(_ missing: [Bulkhead.Module.Import]) -> Failure {
        let list = missing.map { "  \(describe($0))" }.joined(separator: "\n")
        let advice =
            switch policy {
            case .error:
                """
                --unknown-imports=trap runs the program until it calls one of these functions; --unknown-imports=default
                gives it functions that return zero, and empty memories, tables and globals.
                """
            case .trap: "--unknown-imports=default makes memories, tables and globals too."
            case .default: "They cannot be made up."
            }
        return Failure("the module imports what nothing provides:\n\(list)\n\(advice)")
    }

    private func describe(_ entry: Bulkhead.Module.Import) -> String {
        "\(entry.module.quoted) \(entry.name.quoted): \(entry.type)"
    }

    private func stub(for entry: Bulkhead.Module.Import) throws -> External? {
        switch (policy, entry.type) {
        case (.error, _): nil
        case (.trap, .function(let type)):
            .function(
                try Function(store: store, type: type) { caller, _ in
                    throw UnknownImportCall(module: entry.module, name: entry.name, backtrace: caller.backtrace())
                })
        case (.trap, _): nil
        case (.default, .function(let type)):
            .function(
                try Function(store: store, type: type) { _, slots in
                    for position in 0..<type.results.slotCount { slots[position] = 0 }
                })
        case (.default, .table(let type)): .table(try Table(store: store, type: type))
        case (.default, .memory(let type)): .memory(try Memory(store: store, type: type))
        case (.default, .global(let type)):
            .global(try Global(store: store, mutability: type.mutability, value: .zero(type.value)))
        }
    }
}

extension Value {
    /// Zero or null.
    static func zero(_ type: ValueType) -> Value {
        switch type {
        case .i32: .i32(0)
        case .i64: .i64(0)
        case .f32: .f32(0)
        case .f64: .f64(0)
        case .funcref: .ref(.function(nil))
        case .externref: .ref(.extern(nil))
        case .v128: .v128(V128(bits: 0))
        }
    }
}
