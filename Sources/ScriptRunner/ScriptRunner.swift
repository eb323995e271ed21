import Bulkhead
import WasmModule
import WasmText

/// Runs test scripts (`.wast`). All modules of a script are compiled together, then its commands are carried out in order.
public struct ScriptRunner: Sendable {
    let engine: Engine

    public init(engine: Engine) {
        self.engine = engine
    }

    /// - Throws: `TextError` if the script can't be parsed, and what `Engine.compile(all:)` throws: nothing has run then.
    public func run(_ text: [UInt8]) throws -> ScriptReport {
        let script = try Script(parsing: text)
        var execution = try Execution(compiling: script, with: engine)
        for (position, command) in script.commands.enumerated() {
            execution.carryOut(command, at: position)
        }
        return execution.report
    }
}

/// Why a command isn't carried out at all.
private struct Unsupported: Error {
    let reason: String
}

/// Why an assertion doesn't hold.
private struct Failure: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

/// A script being run: its instances by name, and the verdicts so far.
private struct Execution {
    var report = ScriptReport()
    private let features: Features
    private let store: Store
    private var imports: Imports
    /// The commands' modules that are to be instantiated: compiled, or why not.
    private let modules: [Int: Result<Bulkhead.Module, any Error>]
    private var instances: [String: Result<Instance, any Error>] = [:]
    private var current: Result<Instance, any Error> = .failure(Failure("no module has been instantiated"))
    private var definitions: [String: Result<Bulkhead.Module, any Error>] = [:]
    private var lastDefinition: Result<Bulkhead.Module, any Error>?

    init(compiling script: Script, with engine: Engine) throws {
        store = try Store()
        imports = try SpecTestModule.imports(store: store)
        features = engine.configuration.features
        var sources: [(position: Int, bytes: [UInt8])] = []
        var modules: [Int: Result<Bulkhead.Module, any Error>] = [:]
        for (position, command) in script.commands.enumerated() {
            guard let source = command.instantiated else { continue }
            do {
                sources.append((position, try Self.check(source, features)))
            } catch {
                modules[position] = .failure(error)
            }
        }
        let compiled = try engine.compile(all: sources.map(\.bytes))
        for (source, module) in zip(sources, compiled) { modules[source.position] = .success(module) }
        self.modules = modules
    }

    /// The module's bytes, if they are a valid module.
    private static func check(_ source: ModuleSource, _ features: Features) throws -> [UInt8] {
        let bytes = try source.assemble()
        let module = try WasmModule.Module(decoding: bytes, features: features)
        try module.validate(features: features)
        return bytes
    }

    mutating func carryOut(_ command: Script.Command, at position: Int) {
        do {
            try perform(command.kind, at: position)
            report.passed += 1
        } catch let error as Unsupported {
            report.unsupported.append(.init(line: command.line, message: error.reason))
        } catch let error as TextError where error.kind == .unsupported {
            report.unsupported.append(.init(line: command.line, message: error.message))
        } catch let error as ModuleError where error.kind == .unsupported {
            report.unsupported.append(.init(line: command.line, message: error.message))
        } catch let error as Failure {
            report.failures.append(.init(line: command.line, message: error.message))
        } catch {
            report.failures.append(.init(line: command.line, message: "\(error)"))
        }
    }

    private mutating func perform(_ kind: Script.Kind, at position: Int) throws {
        switch kind {
        case .module(let source):
            current = Result { try instantiate(position) }
            if let name = source.name { instances[name] = current }
            _ = try current.get()
        case .moduleDefinition(let source):
            lastDefinition = modules[position]
            if let name = source.name { definitions[name] = lastDefinition }
            _ = try lastDefinition?.get()
        case .moduleInstance(let name, let definition):
            let module = definition.map { definitions[$0] } ?? lastDefinition
            guard let module else { throw Failure("no such module definition") }
            current = Result { try module.get().instantiate(store: store, imports: imports) }
            if let name { instances[name] = current }
            _ = try current.get()
        case .register(let name, let instance):
            let instance = try self.instance(instance)
            imports.remove(module: name)
            imports.define(instance, module: name)
        case .action(let action): _ = try self.perform(action)
        case .assertReturn(let action, let expected): try assert(try self.perform(action), are: expected)
        case .assertTrap(let action, let message): try assertTrap(message) { _ = try self.perform(action) }
        case .assertTrapInstantiating(_, let message): try assertTrap(message) { _ = try instantiate(position) }
        case .assertExhaustion(let action, let message):
            try assertTrap(message, isExhaustion: true) { _ = try self.perform(action) }
        case .assertException: throw Unsupported(reason: "exceptions")
        case .assertMalformed(let source, let message): try assertMalformed(source, message)
        case .assertInvalid(let source, let message): try assertInvalid(source, message)
        case .assertUnlinkable(_, let message): try assertUnlinkable(position, message)
        case .unsupported(let keyword): throw Unsupported(reason: "the script command \(keyword)")
        }
    }

    // MARK: - Instances and actions

    private func instantiate(_ position: Int) throws -> Instance {
        guard let module = modules[position] else { throw Failure("the module was not compiled") }
        return try module.get().instantiate(store: store, imports: imports)
    }

    private func instance(_ name: String?) throws -> Instance {
        guard let name else { return try current.get() }
        guard let instance = instances[name] else { throw Failure("no module is named $\(name)") }
        return try instance.get()
    }

    private func perform(_ action: Script.Action) throws -> [Value] {
        switch action {
        case .invoke(let name, let export, let arguments):
            guard let function = try instance(name).exports[function: export] else {
                throw Failure("no function is exported as \"\(export)\"")
            }
            return try function(arguments.map { try value($0) })
        case .get(let name, let export):
            guard let global = try instance(name).exports[global: export] else {
                throw Failure("no global is exported as \"\(export)\"")
            }
            return [global.value]
        }
    }

    private func value(_ value: Script.Value) throws -> Value {
        switch value {
        case .i32(let bits): .i32(bits)
        case .i64(let bits): .i64(bits)
        case .f32(let bits): .f32(bits)
        case .f64(let bits): .f64(bits)
        case .v128(let bits): .v128(V128(bits: bits))
        case .null(.funcref): .ref(.function(nil))
        case .null(.externref): .ref(.extern(nil))
        case .externref(let handle): .ref(.extern(ExternReference(handle)))
        case .unsupported(let keyword): throw Unsupported(reason: "values of \(keyword)")
        }
    }

    // MARK: - Assertions

    private func assert(_ values: [Value], are expected: [Script.Expected]) throws {
        guard values.count == expected.count else {
            throw Failure("expected \(expected.count) results, found \(values.count)")
        }
        for (value, pattern) in zip(values, expected) where try !matches(value, pattern) {
            throw Failure("expected \(pattern.spelling), found \(value.spelling)")
        }
    }

    private func matches(_ value: Value, _ pattern: Script.Expected) throws -> Bool {
        switch (pattern, value) {
        case (.value(let expected), _): try self.value(expected) == value
        case (.canonicalNaN, .f32(let bits)): bits & 0x7FFF_FFFF == 0x7FC0_0000
        case (.canonicalNaN, .f64(let bits)): bits & 0x7FFF_FFFF_FFFF_FFFF == 0x7FF8_0000_0000_0000
        case (.arithmeticNaN, .f32(let bits)): bits & 0x7FC0_0000 == 0x7FC0_0000
        case (.arithmeticNaN, .f64(let bits)): bits & 0x7FF8_0000_0000_0000 == 0x7FF8_0000_0000_0000
        case (.lanes(let patterns), .v128(let vector)): try matches(vector, patterns)
        case (.reference(.funcref), .ref(.function(.some))): true
        case (.reference(.externref), .ref(.extern(.some))): true
        case (.null, .ref(.function(.none))), (.null, .ref(.extern(.none))): true
        case (.either(let patterns), _): try patterns.contains { try matches(value, $0) }
        default: false
        }
    }

    /// Four lanes are `f32`, two are `f64`.
    private func matches(_ vector: V128, _ patterns: [Script.Expected]) throws -> Bool {
        try patterns.enumerated().allSatisfy { position, pattern in
            let lane: Value =
                patterns.count == 4
                ? .f32(vector.lanes(as: SIMD4<UInt32>.self)[position])
                : .f64(vector.lanes(as: SIMD2<UInt64>.self)[position])
            return try matches(lane, pattern)
        }
    }

    /// The specification's messages may say more than ours ("uninitialized element 2"), or less.
    private func agree(_ found: String, _ expected: String) -> Bool {
        found.hasPrefix(expected) || expected.hasPrefix(found)
    }

    private func assertTrap(_ message: String, isExhaustion: Bool = false, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let trap as Trap {
            guard agree("\(trap.kind)", message), (trap.kind == .callStackExhausted) == isExhaustion else {
                throw Failure("expected the trap \"\(message)\", found \"\(trap.kind)\"")
            }
            return
        }
        throw Failure("expected the trap \"\(message)\", and nothing happened")
    }

    private func assertMalformed(_ source: ModuleSource, _ message: String) throws {
        do {
            _ = try Self.check(source, features)
        } catch let error as TextError where error.kind != .unsupported {
            guard error.message.hasPrefix(message) else {
                throw Failure("expected \"\(message)\", found \"\(error.message)\"")
            }
            return
        } catch let error as ModuleError where error.kind != .unsupported {
            guard error.kind == .malformed, error.message.hasPrefix(message) else {
                throw Failure("expected \"\(message)\", found \"\(error)\"")
            }
            return
        }
        throw Failure("expected \"\(message)\", and the module was accepted")
    }

    private func assertInvalid(_ source: ModuleSource, _ message: String) throws {
        do {
            _ = try Self.check(source, features)
        } catch let error as ModuleError where error.kind != .unsupported {
            guard error.kind == .invalid, error.message.hasPrefix(message) else {
                throw Failure("expected \"\(message)\", found \"\(error)\"")
            }
            return
        }
        throw Failure("expected \"\(message)\", and the module was accepted")
    }

    private func assertUnlinkable(_ position: Int, _ message: String) throws {
        do {
            _ = try instantiate(position)
        } catch BulkheadError.unknownImport(let found) {
            return try require(found, message)
        } catch BulkheadError.incompatibleImport(let found) {
            return try require(found, message)
        }
        throw Failure("expected \"\(message)\", and the module was instantiated")
    }

    private func require(_ found: String, _ expected: String) throws {
        guard found.hasPrefix(expected) else { throw Failure("expected \"\(expected)\", found \"\(found)\"") }
    }
}

extension Script.Command {
    /// The module that this command instantiates, if it does.
    fileprivate var instantiated: ModuleSource? {
        switch kind {
        case .module(let source), .moduleDefinition(let source), .assertTrapInstantiating(let source, _),
            .assertUnlinkable(let source, _):
            source
        case .moduleInstance, .register, .action, .assertReturn, .assertTrap, .assertExhaustion, .assertException,
            .assertMalformed, .assertInvalid, .unsupported:
            nil
        }
    }
}
