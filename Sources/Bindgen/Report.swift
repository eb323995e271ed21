/// What was bound, what was not, and why.
public struct BindingReport: Sendable {
    public struct Entry: Sendable, Hashable {
        public let name: String
        /// `file:line`, with the file as the bindings include it.
        public let place: String
        public let reason: String

        var sentence: String { "\(place.isEmpty ? "" : "\(place): ")\(name): \(reason)" }
    }

    public var functionCount = 0
    public var recordCount = 0
    public var enumerationCount = 0
    public var callbackCount = 0
    public var constantCount = 0
    public var variableCount = 0
    /// What the headers have and the bindings don't.
    public private(set) var unbound: [Entry] = []
    /// What the bindings have under another name, or otherwise not as one might expect.
    public private(set) var notes: [Entry] = []

    mutating func addUnbound(_ name: String, _ place: String, _ reason: String) {
        let entry = Entry(name: name, place: place, reason: reason)
        if !unbound.contains(entry) { unbound.append(entry) }
    }

    mutating func addNote(_ name: String, _ place: String, _ reason: String) {
        notes.append(Entry(name: name, place: place, reason: reason))
    }

    mutating func add(_ entries: [Entry]) { unbound += entries }

    /// For people, a line an entry.
    public var text: String {
        let counts = [
            (functionCount, "function"), (recordCount, "structure or union"), (enumerationCount, "enumeration"),
            (callbackCount, "callback type"), (constantCount, "constant"), (variableCount, "variable"),
        ]
        let bound = counts.filter { $0.0 > 0 }.map { "\($0.0) \(Self.plural($0.1, $0.0))" }
        var lines = ["bound: " + (bound.isEmpty ? "nothing" : bound.joined(separator: ", "))]
        lines += notes.map { "note: \($0.sentence)" }
        lines += unbound.map { "not bound: \($0.sentence)" }
        return lines.map { "\($0)\n" }.joined()
    }

    private static func plural(_ word: String, _ count: Int) -> String {
        if count == 1 { return word }
        return word == "structure or union" ? "structures and unions" : "\(word)s"
    }
}
