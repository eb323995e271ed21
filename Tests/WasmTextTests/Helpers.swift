import Testing
import WasmModule

@testable import WasmText

func assemble(_ text: String) throws -> [UInt8] {
    try WasmText.assemble(Array(text.utf8))
}

/// The error that a text is refused with; an issue where it isn't.
func refusal(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> TextError? {
    do throws(TextError) {
        let bytes = try WasmText.assemble(Array(text.utf8))
        Issue.record("accepted as \(bytes.count) bytes: \(text.prefix(200))", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

/// The sections of a module by their id. Sizes in these tests fit one or more LEB128 bytes.
func sections(_ module: [UInt8]) -> [Module.SectionID: [UInt8]] {
    var sections: [Module.SectionID: [UInt8]] = [:]
    var rest = module.dropFirst(8)
    while let id = rest.popFirst().flatMap(Module.SectionID.init) {
        let size = unsigned(&rest)
        sections[id] = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
    }
    return sections
}

func unsigned(_ bytes: inout ArraySlice<UInt8>) -> Int {
    var value = 0
    var shift = 0
    while let byte = bytes.popFirst() {
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
    }
    return value
}

/// The instructions of the only function of a module, without its locals and its closing `end`.
func body(_ module: [UInt8]) throws -> [UInt8] {
    var code = try #require(sections(module)[.code])[...]
    #expect(unsigned(&code) == 1)
    #expect(unsigned(&code) == code.count)
    for _ in 0..<unsigned(&code) {
        _ = unsigned(&code)
        code.removeFirst()
    }
    #expect(code.last == 0x0B)
    return Array(code.dropLast())
}

/// The encoded instructions of a function with this text.
func instructions(_ text: String) throws -> [UInt8] {
    try body(assemble("(func \(text))"))
}
