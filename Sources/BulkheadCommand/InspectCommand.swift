import ArgumentParser
import Toolchain
import WasmModule

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what is in a module.")

    @Argument(help: ArgumentHelp("A module in the binary (.wasm) or text format (.wat).", valueName: "file"))
    var file: String

    func run() throws {
        do {
            let module = try Module(decoding: InputFile.module(path: file))
            Output.write(Inspection(module).report(name: FileSystem.name(of: file)))
        } catch {
            throw Failure(error, file: file)
        }
    }
}

/// What there is to say about a module, which need not be valid.
struct Inspection {
    private static let largestCount = 10

    private let module: Module
    private let functions: [UInt32]
    private let importedFunctionCount: Int

    init(_ module: Module) {
        self.module = module
        functions = module.functionIndexSpace
        importedFunctionCount = functions.count - module.functions.count
    }

    func report(name: String) -> String {
        var lines = ["\(name.printable): \(counted(module.bytes.count, "byte"))" + moduleName]
        do throws(ModuleError) {
            try module.validate()
            let features = module.featuresUsed
            lines.append("Features: \(features.isEmpty ? "none beyond WebAssembly 1.0" : "\(features)")")
        } catch {
            lines.append("Not valid: \(error.message.printable) (at byte 0x\(String(error.offset, radix: 16)))")
        }
        append("Sections", sections, to: &lines)
        append("Types", module.types.enumerated().map { "\($0.offset): \($0.element)" }, to: &lines)
        append("Imports", imports, to: &lines)
        append("Exports", exports, to: &lines)
        append("Memories", memories, to: &lines)
        append("Tables", tables, to: &lines)
        append("Globals", globals, to: &lines)
        if let start = module.start { append("Start", ["function \(functionName(start))"], to: &lines) }
        append("Functions", functionCounts + largest, to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private func append(_ title: String, _ entries: [String], to lines: inout [String]) {
        if entries.isEmpty { return }
        lines += ["", title] + entries.map { "  \($0)" }
    }

    private var moduleName: String {
        module.names.module.map { ", module \($0.quoted)" } ?? ""
    }

    // MARK: - Sections

    private var sections: [String] {
        var customNames = module.customSections.makeIterator()
        let rows = module.sections.map { section in
            let name = section.id == .custom ? customNames.next()?.name.quoted ?? "custom" : "\(section.id)"
            return [
                name, "at 0x\(String(section.content.lowerBound, radix: 16))", counted(section.content.count, "byte"),
                count(of: section.id),
            ]
        }
        return aligned(rows)
    }

    private func count(of section: Module.SectionID) -> String {
        switch section {
        case .custom, .start, .dataCount: ""
        case .type: counted(module.types.count, "type")
        case .import: counted(module.imports.count, "import")
        case .function: counted(module.functions.count, "function")
        case .table: counted(module.tables.count, "table")
        case .memory: counted(module.memories.count, "memory", "memories")
        case .global: counted(module.globals.count, "global")
        case .export: counted(module.exports.count, "export")
        case .element: counted(module.elements.count, "segment")
        case .code: counted(module.code.count, "body", "bodies")
        case .data: counted(module.data.count, "segment")
        }
    }

    // MARK: - Imports and exports

    private var imports: [String] {
        module.imports.map { entry in
            let type: String
            switch entry.type {
            case .function(let index): type = "func \(functionType(index))"
            case .table(let table): type = "\(ExternalType.table(table))"
            case .memory(let memory): type = "\(ExternalType.memory(memory))"
            case .global(let global): type = "\(ExternalType.global(global))"
            }
            return "\(entry.module.quoted) \(entry.name.quoted): \(type)"
        }
    }

    private var exports: [String] {
        module.exports.map { "\($0.name.quoted): \(type(of: $0))" }
    }

    private func type(of export: Module.Export) -> String {
        let index = Int(export.index)
        switch export.kind {
        case .function: return "func \(functions.indices.contains(index) ? functionType(functions[index]) : "?")"
        case .table:
            let tables = module.tableIndexSpace
            return tables.indices.contains(index) ? "\(ExternalType.table(tables[index]))" : "table ?"
        case .memory:
            let memories = module.memoryIndexSpace
            return memories.indices.contains(index) ? "\(ExternalType.memory(memories[index]))" : "memory ?"
        case .global:
            let globals = module.globalIndexSpace
            return globals.indices.contains(index) ? "\(ExternalType.global(globals[index]))" : "global ?"
        }
    }

    /// `?` for an index that a module which isn't valid has out of range.
    private func functionType(_ index: UInt32) -> String {
        Int(index) < module.types.count ? "\(module.types[Int(index)])" : "?"
    }

    // MARK: - Memories, tables, globals

    private var memories: [String] {
        module.memoryIndexSpace.enumerated().map { position, memory in
            let minimum = memory.limits.minimum
            let maximum = memory.limits.maximum.map { "to \(pages($0))" } ?? "without a maximum"
            return "\(position): \(pages(minimum)) \(maximum)"
        }
    }

    private func pages(_ count: UInt64) -> String {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: UInt64(MemoryType.pageSize))
        return "\(counted(count, "page")) (\(overflow ? "too large" : ByteSize.text(bytes)))"
    }

    private var tables: [String] {
        module.tableIndexSpace.enumerated().map { position, table in
            let maximum = table.limits.maximum.map { "to \($0)" } ?? "without a maximum"
            return "\(position): \(table.limits.minimum) \(maximum), of \(table.element)"
        }
    }

    private var globals: [String] {
        let types = module.globalIndexSpace
        let variable = types.count { $0.mutability == .variable }
        return types.isEmpty ? [] : ["\(types.count), \(variable) of them variable"]
    }

    // MARK: - Functions

    private var functionCounts: [String] {
        functions.isEmpty ? [] : ["\(module.functions.count) defined here, \(importedFunctionCount) imported"]
    }

    /// The ten with the longest bodies.
    private var largest: [String] {
        let sizes = module.code.enumerated().map {
            (index: importedFunctionCount + $0.offset, size: $0.element.body.count)
        }
        let rows = sizes.sorted { ($1.size, $0.index) < ($0.size, $1.index) }.prefix(Self.largestCount).map { entry in
            [counted(entry.size, "byte"), functionName(UInt32(entry.index))]
        }
        return aligned(rows)
    }

    private func functionName(_ index: UInt32) -> String {
        "[\(index)] \(module.functionName(index).printable)"
    }

    // MARK: - Text

    private func counted(_ count: some BinaryInteger, _ singular: String, _ plural: String? = nil) -> String {
        count == 1 ? "1 \(singular)" : "\(count) \(plural ?? singular + "s")"
    }

    /// Columns as wide as their widest cell.
    private func aligned(_ rows: [[String]]) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if row[(column + 1)...].contains(where: { !$0.isEmpty }) {
                    line += String(repeating: " ", count: widths[column] - cell.count + 2)
                }
            }
            return line
        }
    }
}
