import Testing
import WasmModule

/// Unsigned LEB128.
func leb(_ value: Int) -> [UInt8] {
    var rest = UInt64(value)
    var bytes: [UInt8] = []
    repeat {
        let low = UInt8(rest & 0x7F)
        rest >>= 7
        bytes.append(rest == 0 ? low : low | 0x80)
    } while rest != 0
    return bytes
}

/// Signed LEB128.
func signed(_ value: Int64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while true {
        let low = UInt8(truncatingIfNeeded: rest & 0x7F)
        rest >>= 7
        if rest == (low & 0x40 == 0 ? 0 : -1) { return bytes + [low] }
        bytes.append(low | 0x80)
    }
}

func repeated(_ count: Int, _ bytes: (Int) -> [UInt8]) -> [UInt8] {
    var all: [UInt8] = []
    for index in 0..<count { all += bytes(index) }
    return all
}

func vector(_ entries: [[UInt8]]) -> [UInt8] { leb(entries.count) + entries.flatMap { $0 } }
func name(_ text: String) -> [UInt8] { leb(text.utf8.count) + Array(text.utf8) }
func section(_ id: Module.SectionID, _ content: [UInt8]) -> [UInt8] { [id.rawValue] + leb(content.count) + content }

let header: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
let i32: UInt8 = 0x7F
let i64: UInt8 = 0x7E
let f32: UInt8 = 0x7D
let f64: UInt8 = 0x7C
let funcref: UInt8 = 0x70
let externref: UInt8 = 0x6F
let end: UInt8 = 0x0B

func type(_ parameters: [UInt8], _ results: [UInt8]) -> [UInt8] {
    [0x60] + leb(parameters.count) + parameters + leb(results.count) + results
}

/// An entry of the code section; `body` without the closing `end`.
func code(_ body: [UInt8], locals: [[UInt8]] = []) -> [UInt8] {
    let content = vector(locals) + body + [end]
    return leb(content.count) + content
}

/// The parts of a module that a test of an instruction needs, with something of every kind to refer to.
struct TestModule {
    var types: [[UInt8]] = [type([], [])]
    var imports: [[UInt8]] = []
    var functions: [Int] = [0]
    var tables: [[UInt8]] = [[funcref, 0x00, 0x0A], [externref, 0x01, 0x00, 0x05]]
    var memories: [[UInt8]] = [[0x01, 0x01, 0x02]]
    var globals: [[UInt8]] = [[i32, 0x01, 0x41, 0x00, end], [i64, 0x00, 0x42, 0x00, end]]
    var exports: [[UInt8]] = []
    var start: Int?
    var elements: [[UInt8]] = [[0x01, 0x00, 0x01, 0x00], [0x05, externref, 0x00]]
    var dataCount: Int? = 1
    var code: [[UInt8]] = [WasmModuleTests.code([])]
    var data: [[UInt8]] = [[0x01, 0x03] + Array("abc".utf8)]

    static let empty = TestModule(
        types: [], functions: [], tables: [], memories: [], globals: [], elements: [], dataCount: nil, code: [],
        data: [])

    /// One function of type `type` with the body given.
    static func function(
        _ body: [UInt8], type functionType: [UInt8] = type([], []), locals: [[UInt8]] = [],
        types: [[UInt8]] = []
    ) -> TestModule {
        var module = TestModule()
        module.types = [functionType] + types
        module.code = [WasmModuleTests.code(body, locals: locals)]
        return module
    }

    var bytes: [UInt8] {
        var bytes = header
        func add(_ id: Module.SectionID, _ entries: [[UInt8]]) {
            if !entries.isEmpty { bytes += section(id, vector(entries)) }
        }
        add(.type, types)
        add(.import, imports)
        add(.function, functions.map { leb($0) })
        add(.table, tables)
        add(.memory, memories)
        add(.global, globals)
        add(.export, exports)
        if let start { bytes += section(.start, leb(start)) }
        add(.element, elements)
        if let dataCount { bytes += section(.dataCount, leb(dataCount)) }
        add(.code, code)
        add(.data, data)
        return bytes
    }
}

/// Decodes and validates.
@discardableResult
func load(_ bytes: [UInt8], features: Features = .all) throws(ModuleError) -> Module {
    let module = try Module(decoding: bytes, features: features)
    try module.validate(features: features)
    return module
}

/// What is wrong with the module, or `nil`.
func failure(_ bytes: [UInt8], features: Features = .all) -> ModuleError? {
    do {
        try load(bytes, features: features)
        return nil
    } catch {
        return error
    }
}

func expectAccepted(
    _ bytes: [UInt8], features: Features = .all, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = failure(bytes, features: features)
    #expect(error == nil, comment, sourceLocation: sourceLocation)
}

/// That the error is of the kind, its message begins as given, and points into the module.
func expectRefused(
    _ bytes: [UInt8], _ kind: ModuleError.Kind, _ message: String, features: Features = .all,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let error = failure(bytes, features: features) else {
        Issue.record("accepted, expected \(kind) '\(message)'", sourceLocation: sourceLocation)
        return
    }
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    #expect(error.message.hasPrefix(message), "\(error)", sourceLocation: sourceLocation)
    #expect(error.offset >= 0 && error.offset <= bytes.count, "\(error)", sourceLocation: sourceLocation)
}

/// Fails when `body` takes longer than a bound that is generous for a debug build on a busy machine.
func bounded<Result>(
    _ limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    let elapsed = ContinuousClock.now - start
    #expect(elapsed < limit, "took \(elapsed)", sourceLocation: sourceLocation)
    return result
}
