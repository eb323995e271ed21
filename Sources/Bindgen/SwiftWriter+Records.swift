// Structures, unions, and pointers to their members.

extension SwiftWriter {
    mutating func writeRecords() {
        guard !plan.records.isEmpty else { return }
        output.line()
        output.line("// MARK: - Structures")
        let writer = self
        for record in plan.records {
            output.line()
            output.block("extension \(library)") { output in
                if let layout = record.layout {
                    writer.write(record, layout, &output)
                } else {
                    let comment = record.record.comment
                    output.documentation(
                        comment.isEmpty ? ["Only pointers to it mean something outside of the library."] : comment)
                    output.line("public enum \(record.name) {}")
                }
            }
            if record.layout != nil { writeProjections(record) }
        }
    }

    private func write(
        _ record: BoundRecord, _ layout: (size: MachinePair, alignment: MachinePair), _ output: inout SwiftText
    ) {
        var comment = record.record.comment
        if !record.omitted.isEmpty {
            let names = record.omitted.map { "`\($0)`" }.joined(separator: ", ")
            comment += (comment.isEmpty ? [] : [""]) + ["A value doesn't have \(names); a pointer leads there."]
        }
        output.documentation(comment)
        let type = "\(library).\(record.name)"
        output.block("public struct \(record.name): \(record.isUnion ? "SandboxUnion" : "SandboxRecord"), Hashable") {
            output in
            if record.isUnion {
                output.documentation(["The value of whichever member was set last."])
                output.line("public var bytes: [UInt8]")
                output.line()
                output.line("public init(bytes: [UInt8] = []) { self.bytes = bytes }")
                output.line()
                writeLayout(layout, &output)
            } else {
                let stored = record.fields.filter(\.isStored)
                for field in stored {
                    output.documentation(field.comment)
                    output.line("public var \(Naming.escaped(field.name)): \(field.valueType)")
                }
                if !stored.isEmpty { output.line() }
                writeInit(stored, &output)
                output.line()
                writeLayout(layout, &output)
                output.line()
                writeLoad(type, stored, &output)
                output.line()
                writeStore(type, stored, &output)
            }
            for field in record.fields {
                guard let count = field.count else { continue }
                output.line()
                output.documentation(["The elements of `\(field.name)`."])
                output.line("public static var \(field.name)_count: Int { \(SwiftText.number(count)) }")
            }
        }
    }

    private func writeInit(_ stored: [BoundRecord.Field], _ output: inout SwiftText) {
        let parameters = stored.map { "\(Naming.escaped($0.name)): \($0.valueType) = \($0.zero)" }
        if parameters.isEmpty {
            output.line("public init() {}")
            return
        }
        output.block("public init", list: parameters, "") { output in
            for field in stored {
                output.line("self.\(Naming.escaped(field.name)) = \(Naming.escaped(field.name))")
            }
        }
    }

    private func writeLayout(_ layout: (size: MachinePair, alignment: MachinePair), _ output: inout SwiftText) {
        func text(_ size: Int, _ alignment: Int) -> String {
            "Layout(size: \(SwiftText.number(size)), alignment: \(alignment))"
        }
        let wasm32 = text(layout.size.wasm32, layout.alignment.wasm32)
        let native = text(layout.size.native, layout.alignment.native)
        output.block("public static var layout: PerMachine<Layout>") { output in
            if wasm32 == native {
                output.line("PerMachine(\(wasm32))")
            } else {
                output.call("PerMachine", list: ["wasm32: \(wasm32)", "native: \(native)"])
            }
        }
    }

    private func writeLoad(_ type: String, _ stored: [BoundRecord.Field], _ output: inout SwiftText) {
        let parameters = ["_ bytes: UnsafeRawPointer", "_ machine: Machine"]
        output.block("public static func load", list: parameters, " -> \(type)") { output in
            guard !stored.isEmpty else {
                output.line("\(type)()")
                return
            }
            output.line("var value = \(type)()")
            for field in stored {
                let name = "value.\(Naming.escaped(field.name))"
                let place = "bytes + \(field.offset.expression)"
                switch field.form {
                case .value: output.call("load", of: field.type.storage, to: name, list: [place, "machine"])
                case .array(let count):
                    output.call("load", of: field.type.storage, to: name, list: [place, "count: \(count)", "machine"])
                case .bytes(let size):
                    output.call("\(name) = UInt8.load", list: [place, "count: \(size.expression)", "machine"])
                case .bits(let width, let isSigned):
                    output.call(
                        "\(name) = SandboxBits.load",
                        list: ["bytes", "at: \(field.offset.expression)", "width: \(width)", "isSigned: \(isSigned)"])
                case .projection: break
                }
            }
            output.line("return value")
        }
    }

    private func writeStore(_ type: String, _ stored: [BoundRecord.Field], _ output: inout SwiftText) {
        let parameters = ["_ value: \(type)", "_ bytes: UnsafeMutableRawPointer", "_ machine: Machine"]
        if stored.isEmpty {
            output.declaration("public static func store", list: parameters, " {}")
            return
        }
        output.block("public static func store", list: parameters, "") { output in
            for field in stored {
                let name = "value.\(Naming.escaped(field.name))"
                let place = "bytes + \(field.offset.expression)"
                switch field.form {
                case .value: output.call("\(field.type.storage).store", list: [name, place, "machine"])
                case .array(let count):
                    output.call("\(field.type.storage).store", list: [name, place, "count: \(count)", "machine"])
                case .bytes(let size):
                    output.call("UInt8.store", list: [name, place, "count: \(size.expression)", "machine"])
                case .bits(let width, _):
                    output.call(
                        "SandboxBits.store",
                        list: [name, "bytes", "at: \(field.offset.expression)", "width: \(width)"])
                case .projection: break
                }
            }
        }
    }

    private mutating func writeProjections(_ record: BoundRecord) {
        let fields = record.fields.filter(\.hasAddress)
        guard !fields.isEmpty else { return }
        output.line()
        output.block("extension SandboxPointer where Pointee == \(library).\(record.name)") { output in
            for field in fields {
                output.documentation(field.comment)
                output.property(
                    Naming.escaped(field.name), "SandboxPointer<\(field.type.storage)>",
                    "field(\(field.offset.perMachine))")
            }
        }
    }
}

extension BoundRecord.Field {
    fileprivate var valueType: String {
        if case .bytes = form { "[UInt8]" } else { type.optional }
    }

    fileprivate var zero: String {
        if case .bytes = form { "[]" } else { type.zero }
    }

    fileprivate var hasAddress: Bool {
        switch form {
        case .bits, .bytes: false
        default: true
        }
    }

    /// Of an array.
    fileprivate var count: Int? {
        guard case .array = type.kind else { return nil }
        switch form {
        case .array(let count): return count
        case .projection(let count): return count
        default: return nil
        }
    }
}

extension MachinePair {
    /// The number for the machine that `machine` is.
    fileprivate var expression: String {
        wasm32 == native ? SwiftText.number(wasm32) : "\(perMachine)[machine]"
    }

    fileprivate var perMachine: String {
        wasm32 == native
            ? "PerMachine(\(SwiftText.number(wasm32)))"
            : "PerMachine(wasm32: \(SwiftText.number(wasm32)), native: \(SwiftText.number(native)))"
    }
}
