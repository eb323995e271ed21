/// What headers declare, in the order in which they do.
struct Header: Sendable {
    var functions: [Function] = []
    var variables: [Variable] = []
    var records: OrderedTable<Record> = OrderedTable()
    var enumerations: OrderedTable<Enumeration> = OrderedTable()
    var typedefs: OrderedTable<Typedef> = OrderedTable()
    var callbacks: OrderedTable<Callback> = OrderedTable()
    var macros: [Macro] = []
    /// What was passed over when reading.
    var notes: [BindingReport.Entry] = []
}

struct Place: Hashable, Sendable {
    /// As clang has it.
    var path = ""
    /// As the bindings show it.
    var file = ""
    var line = 0
    /// Of the library, not of the system.
    var isOwn = false

    var text: String { file.isEmpty ? "" : "\(file):\(line)" }
}

struct Function: Sendable {
    var name: String
    var type: CFunctionType
    var comment: [String] = []
    var place: Place
    /// There is no symbol to call.
    var isInline = false
    var isStatic = false
    var returnsNonnull = false
    var swiftName: String?
    /// Of the annotation file's own source text.
    var isWrapper = false
    /// Attributes that mean there's nothing to call.
    var isUnavailable = false
}

struct Variable: Sendable {
    var name: String
    var type: CType
    var spelling: String
    var isConstant: Bool
    var isStatic: Bool
    var isThreadLocal: Bool
    var comment: [String] = []
    var place: Place
    /// A string literal's text, where it is initialized with one.
    var text: String?
}

struct Record: Sendable {
    struct Field: Sendable {
        /// `nil` for the fields of which C names only the members.
        var name: String?
        var type: CType
        var spelling: String
        var bitWidth: Int?
        var comment: [String] = []
        var place: Place
    }

    var key: String
    /// The tag or the name that a typedef gives it; a made one for those that have neither.
    var name: String
    /// How C code names the type; `nil` where it can't.
    var spelling: String?
    var isUnion: Bool
    var isComplete = false
    /// C++ with anything that C doesn't have.
    var isForeign = false
    var fields: [Field] = []
    var comment: [String] = []
    var place: Place
    var swiftName: String?
    /// Its members count as those of the record around it.
    var isAnonymousMember = false
}

struct Enumeration: Sendable {
    struct Constant: Sendable {
        var name: String
        /// As written in C: `-1`.
        var value: String
        var comment: [String] = []
        var place: Place
    }

    var key: String
    /// `nil` where it has neither a tag nor a typedef: then it's a list of constants.
    var name: String?
    var spelling: String?
    var constants: [Constant] = []
    var isComplete = false
    var comment: [String] = []
    var place: Place
    var swiftName: String?
}

struct Typedef: Sendable {
    var name: String
    var type: CType
    var spelling: String
    var comment: [String] = []
    var place: Place
    var swiftName: String?
}

/// A C function type that the library calls through pointers.
struct Callback: Sendable {
    var name: String
    var type: CFunctionType
    var comment: [String] = []
    var place: Place
    var swiftName: String?
}

struct Macro: Sendable {
    var name: String
    var body: String
    var isFunctionLike: Bool
    var place: Place
}

/// Values by key, in the order in which the keys came.
struct OrderedTable<Value: Sendable>: Sendable {
    private(set) var keys: [String] = []
    private var values: [String: Value] = [:]

    subscript(key: String) -> Value? {
        get { values[key] }
        set {
            if let newValue, values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
        }
    }

    var all: [Value] { keys.compactMap { values[$0] } }
}
