/// A structure or union as it is bound.
struct BoundRecord {
    struct Field {
        enum Form {
            /// A stored value, of the type's own storage.
            case value
            /// So many elements, stored as an array.
            case array(Int)
            /// Only reached through a pointer: too large for a value, or of open length.
            case projection(count: Int?)
            /// A union without a name: its bytes.
            case bytes(MachinePair)
            case bits(width: Int, isSigned: Bool)
        }

        var name: String
        var type: SwiftType
        /// In bytes; of bit-fields in bits.
        var offset: MachinePair
        var form: Form
        var comment: [String]

        var isStored: Bool {
            if case .projection = form { false } else { true }
        }
    }

    var record: Record
    var name: String
    /// `nil` where the contents are the library's business.
    var layout: (size: MachinePair, alignment: MachinePair)?
    var fields: [Field] = []
    /// Members that the value doesn't have, so that it is not the whole.
    var isPartial = false
    var isUnion: Bool { record.isUnion }

    /// Members that only a pointer leads to.
    var omitted: [String] {
        if isUnion { return [] }
        return fields.compactMap { field in
            if case .projection(let count) = field.form, count != 1 { field.name } else { nil }
        }
    }
}

extension Plan {
    /// Values have arrays of at most so many elements.
    private static let arrayLimit = 256

    mutating func boundRecord(_ record: Record) -> BoundRecord {
        var bound = BoundRecord(record: record, name: typeNames["record \(record.key)"] ?? record.name)
        guard record.isComplete, let spelling = record.spelling else { return bound }
        if record.isForeign {
            report.addNote(record.name, record.place.text, "a C++ class; only pointers to it are bound")
            return bound
        }
        guard isOpen(record.key), let size = probes.perMachine(Probes.size(spelling)),
            let alignment = probes.perMachine(Probes.alignment(spelling))
        else {
            // The system's own structures differ from system to system.
            if record.place.isOwn { report.addNote(record.name, record.place.text, Self.noLayout) }
            return bound
        }
        var fields: [BoundRecord.Field] = []
        add(record, spelling, base: nil, into: &fields, &bound, isStored: !record.isUnion)
        bound.fields = uniquelyNamed(fields)
        bound.layout = (size, alignment)
        return bound
    }

    private static let noLayout = "has no layout that is known on both machines; only pointers to it are bound"

    /// Adds a record's fields, and those of its anonymous members as C has them.
    /// - Parameters:
    ///   - spelling: of the record that has a name.
    ///   - base: where an anonymous member lies in it, in bits.
    ///   - isStored: not so for a union's members, whose value is in its bytes.
    private mutating func add(
        _ record: Record, _ spelling: String, base: MachinePair?, into fields: inout [BoundRecord.Field],
        _ bound: inout BoundRecord, isStored: Bool
    ) {
        let bits = probes.layouts.offsets(record)
        for (position, field) in record.fields.enumerated() {
            let ownBits = bits.map { $0[position] + (base ?? .zero) }
            guard let name = field.name else {
                guard case .record(let key) = field.type, let inner = header.records[key] else {
                    // Padding: a bit-field without a name.
                    continue
                }
                guard let start = ownBits, let size = probes.layouts.size(inner) else { continue }
                if inner.isUnion, isStored {
                    fields.append(
                        .init(
                            name: inner.name.dropPrefix("\(record.name)_"), type: .unsupported("bytes"),
                            offset: MachinePair(wasm32: start.wasm32 / 8, native: start.native / 8),
                            form: .bytes(size),
                            comment: ["The bytes of a union that has no name in C."]))
                }
                add(inner, spelling, base: start, into: &fields, &bound, isStored: isStored && !inner.isUnion)
                continue
            }
            if let width = field.bitWidth {
                addBits(name, width, field, ownBits, into: &fields, &bound, isStored: isStored)
                continue
            }
            guard let offset = probes.perMachine(Probes.offset(spelling, name)) else { continue }
            let type = swiftType(field.type)
            if let reason = type.reason {
                report.addUnbound("\(bound.record.name).\(name)", field.place.text, reason)
                bound.isPartial = true
                continue
            }
            var form = BoundRecord.Field.Form.value
            if case .array(_, let count) = type.kind {
                let isOpen = if case .array(_, nil) = resolved(field.type) { true } else { false }
                if isOpen || count == 0 {
                    form = .projection(count: isOpen ? nil : 0)
                } else if count > Self.arrayLimit {
                    form = .projection(count: count)
                    bound.isPartial = true
                } else {
                    form = .array(count)
                }
            } else if case .record(let key) = type.kind, !isOpen(key) {
                report.addUnbound("\(bound.record.name).\(name)", field.place.text, "its type has no known layout")
                bound.isPartial = true
                continue
            }
            if !isStored {
                switch form {
                case .array(let count): form = .projection(count: count)
                case .value: form = .projection(count: 1)
                default: break
                }
            }
            fields.append(.init(name: name, type: type, offset: offset, form: form, comment: field.comment))
        }
    }

    private mutating func addBits(
        _ name: String, _ width: Int, _ field: Record.Field, _ offset: MachinePair?,
        into fields: inout [BoundRecord.Field], _ bound: inout BoundRecord, isStored: Bool
    ) {
        let full = "\(bound.record.name).\(name)"
        let type = swiftType(field.type)
        guard isStored, let offset, type.isScalar, (1...64).contains(width) else {
            report.addUnbound(full, field.place.text, "a bit-field of a union, or of a type that has none in Swift")
            bound.isPartial = true
            return
        }
        let isSigned = integerKind(field.type).isSigned
        fields.append(
            .init(
                name: name, type: type, offset: offset, form: .bits(width: width, isSigned: isSigned),
                comment: field.comment))
    }

    /// Whether a record's layout is known, so that it can be a value.
    func isOpen(_ key: String) -> Bool {
        guard let record = header.records[key], record.isComplete, !record.isForeign, let spelling = record.spelling
        else { return false }
        return probes.perMachine(Probes.size(spelling)) != nil && probes.perMachine(Probes.alignment(spelling)) != nil
            && hasOffsets(record, in: spelling)
    }

    /// Whether clang knows where a record's members lie, those of anonymous ones included, in the record of that name.
    private func hasOffsets(_ record: Record, in spelling: String) -> Bool {
        record.fields.allSatisfy { field in
            if field.bitWidth != nil { return true }
            if let name = field.name { return probes.perMachine(Probes.offset(spelling, name)) != nil }
            guard case .record(let key) = field.type, let inner = header.records[key] else { return true }
            return probes.layouts.offsets(record) != nil && probes.layouts.size(inner) != nil
                && hasOffsets(inner, in: spelling)
        }
    }

    private func uniquelyNamed(_ fields: [BoundRecord.Field]) -> [BoundRecord.Field] {
        var taken: Set<String> = []
        return fields.map { field in
            var field = field
            field.name = Naming.member(field.name)
            while !taken.insert(field.name).inserted { field.name += "_" }
            return field
        }
    }
}

extension String {
    fileprivate func dropPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
