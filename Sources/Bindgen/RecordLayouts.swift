/// Layouts as clang lists them (`-fdump-record-layouts-simple`): the offsets in bits of all fields in their order. For what has no
/// address that an expression could ask for: bit-fields, and members without a name.
struct RecordLayouts {
    struct Layout: Hashable {
        var size = 0
        var alignment = 0
        /// In bits.
        var offsets: [Int] = []
    }

    private var layouts: [Clang.Machine: [String: Layout]] = [:]

    /// Offsets in bits of a record's fields on both machines.
    func offsets(_ record: Record) -> [MachinePair]? {
        guard let wasm32 = layout(.wasm32, record), let native = layout(.native, record),
            wasm32.offsets.count == record.fields.count, native.offsets.count == record.fields.count
        else { return nil }
        return zip(wasm32.offsets, native.offsets).map { MachinePair(wasm32: $0, native: $1) }
    }

    /// In bytes.
    func size(_ record: Record) -> MachinePair? {
        guard let wasm32 = layout(.wasm32, record), let native = layout(.native, record) else { return nil }
        return MachinePair(wasm32: wasm32.size / 8, native: native.size / 8)
    }

    private func layout(_ machine: Clang.Machine, _ record: Record) -> Layout? {
        record.layoutNames.lazy.compactMap { layouts[machine]?[$0] }.first
    }

    init(_ header: Header, clang: Clang) throws {
        let records = header.records.all.filter(\.isComplete)
        let needed = records.contains { record in
            record.fields.contains { $0.bitWidth != nil || $0.name == nil }
        }
        guard needed else { return }
        // A layout is listed when something needs it.
        let probes = records.compactMap(\.spelling).enumerated()
            .map { "enum { bulkhead_probe_\($0.offset) = sizeof(\($0.element)) };\n" }.joined()
        for machine in Clang.Machine.allCases {
            let output = try clang.run(
                machine, ["-fsyntax-only", "-ferror-limit=0", "-Xclang", "-fdump-record-layouts-simple"],
                probes: probes)
            layouts[machine] = Self.parse(String(decoding: output.text, as: UTF8.self))
        }
    }

    /// Type: struct S
    ///
    /// Layout: <ASTRecordLayout
    ///   Size:32
    ///   Alignment:32
    ///   FieldOffsets: [0, 3, 8]>
    private static func parse(_ text: String) -> [String: Layout] {
        var layouts: [String: Layout] = [:]
        var name = ""
        var layout = Layout()
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            func number(_ prefix: String) -> Int? {
                line.hasPrefix(prefix) ? Int(line.dropFirst(prefix.utf8.count)) : nil
            }
            if line.hasPrefix("Type: ") {
                name = String(line.dropFirst(6))
                layout = Layout()
            } else if let size = number("Size:") {
                layout.size = size
            } else if let alignment = number("Alignment:") {
                layout.alignment = alignment
            } else if line.hasPrefix("FieldOffsets: [") {
                layout.offsets = line.dropFirst(15).prefix { $0 != "]" }.split(separator: ",")
                    .compactMap { Int($0.drop { $0 == " " }) }
                layouts[name] = layout
                // A type without a name is told by its place.
                if let at = name.range(of: " at ") { layouts[String(name[at.upperBound...].dropLast())] = layout }
            }
        }
        return layouts
    }
}

extension Record {
    /// How clang's list may name the type.
    fileprivate var layoutNames: [String] {
        let tag = isUnion ? "union" : "struct"
        return [key, "\(tag) \(name)", name, "\(tag) \(key)"]
    }
}
