import WasmModule

/// The sections of a module while they fill, and their order in the end. Spec: 5.5.
struct ModuleEncoder: Sendable {
    /// A section that is a vector: entries, and how many there are.
    struct Entries: Sendable {
        private(set) var count = 0
        private var content = BinaryWriter()

        mutating func append(_ write: (inout BinaryWriter) -> Void) {
            count += 1
            write(&content)
        }

        fileprivate func encode(_ id: Module.SectionID, to module: inout BinaryWriter) {
            guard count > 0 else { return }
            var section = BinaryWriter()
            section.count(count)
            module.byte(id.rawValue)
            module.count(section.bytes.count + content.bytes.count)
            module.raw(section.bytes)
            module.raw(content.bytes)
        }
    }

    var imports = Entries()
    var functions = Entries()
    var tables = Entries()
    var memories = Entries()
    var globals = Entries()
    var exports = Entries()
    var start: UInt32?
    var elements = Entries()
    var code = Entries()
    var data = Entries()
    /// Whether an instruction names a data segment, which a module without a data count section may not do. Spec: 5.5.16.
    var usesDataIndices = false
    var names = NameSection()

    func encode(moduleName: Identifier?, types: TypeTable) -> [UInt8] {
        var module = BinaryWriter()
        module.raw([0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00])

        var typeEntries = Entries()
        for type in types.types { typeEntries.append { $0.functionType(type) } }
        typeEntries.encode(.type, to: &module)
        imports.encode(.import, to: &module)
        functions.encode(.function, to: &module)
        tables.encode(.table, to: &module)
        memories.encode(.memory, to: &module)
        globals.encode(.global, to: &module)
        exports.encode(.export, to: &module)
        if let start {
            var section = BinaryWriter()
            section.unsigned(start)
            module.section(.start, section.bytes)
        }
        elements.encode(.element, to: &module)
        if usesDataIndices {
            var section = BinaryWriter()
            section.count(data.count)
            module.section(.dataCount, section.bytes)
        }
        code.encode(.code, to: &module)
        data.encode(.data, to: &module)
        if let section = names.encode(moduleName: moduleName) { module.section(.custom, section) }
        return module.bytes
    }
}

/// The custom section `name`. Spec: 7.4.
struct NameSection: Sendable {
    typealias Name = (index: UInt32, name: Identifier)

    /// In the order of the indices, as the format wants it.
    var functions: [Name] = []
    var locals: [(function: UInt32, names: [Name])] = []

    /// The section's content, or `nil` where nothing has a name.
    func encode(moduleName: Identifier?) -> [UInt8]? {
        var section = BinaryWriter()
        section.vector("name".utf8)
        let empty = section.bytes.count
        if let moduleName { subsection(0, of: &section) { $0.vector(moduleName.bytes) } }
        if !functions.isEmpty { subsection(1, of: &section) { map(functions, to: &$0) } }
        if !locals.isEmpty {
            subsection(2, of: &section) {
                $0.count(locals.count)
                for (function, names) in locals {
                    $0.unsigned(function)
                    map(names, to: &$0)
                }
            }
        }
        return section.bytes.count > empty ? section.bytes : nil
    }

    private func subsection(_ id: UInt8, of section: inout BinaryWriter, _ write: (inout BinaryWriter) -> Void) {
        var content = BinaryWriter()
        write(&content)
        section.byte(id)
        section.vector(content.bytes)
    }

    private func map(_ names: [Name], to writer: inout BinaryWriter) {
        writer.count(names.count)
        for (index, name) in names {
            writer.unsigned(index)
            writer.vector(name.bytes)
        }
    }
}
