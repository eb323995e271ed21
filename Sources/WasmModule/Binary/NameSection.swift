/// The custom section `name`. It is there for people: whatever is wrong with it is no error, and names of things that
/// cannot be are dropped. Spec: 7.4 (appendix, name section).
struct NameSection {
    private var reader: BinaryReader
    private var names = Module.Names()
    private var budget = ImplementationLimit.names

    /// `nil` when the section is malformed.
    static func decode(_ bytes: [UInt8], _ content: Range<Int>) -> Module.Names? {
        var section = NameSection(reader: BinaryReader(bytes: bytes, range: content))
        do {
            try section.subsections()
            return section.names
        } catch {
            return nil
        }
    }

    private init(reader: BinaryReader) {
        self.reader = reader
    }

    private mutating func subsections() throws(ModuleError) {
        while !reader.isAtEnd {
            let id = try reader.byte()
            let content = try reader.byteVector()
            let rest = reader
            reader = BinaryReader(bytes: rest.bytes, range: content)
            switch id {
            case 0: names.module = try reader.readName()
            case 1: names.functions = try nameMap(limit: ImplementationLimit.functions + ImplementationLimit.imports)
            case 2: try localNames()
            default: break
            }
            reader = rest
        }
    }

    private mutating func nameMap(limit: Int) throws(ModuleError) -> [UInt32: String] {
        let count = try reader.length()
        var map: [UInt32: String] = [:]
        map.reserveCapacity(min(count, reader.remaining / 2, budget, limit))
        for _ in 0..<count {
            let index = try reader.u32()
            let name = try reader.readName()
            guard index < limit, budget > 0 else { continue }
            budget -= 1
            map[index] = name
        }
        return map
    }

    private mutating func localNames() throws(ModuleError) {
        for _ in 0..<(try reader.length()) {
            let function = try reader.u32()
            let map = try nameMap(limit: ImplementationLimit.locals)
            guard budget > 0, !map.isEmpty else { continue }
            // A dictionary of one entry weighs several.
            budget -= min(budget, 4)
            names.locals[function] = map
        }
    }
}
