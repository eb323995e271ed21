/// What this implementation refuses though the language has it; far beyond what compilers emit, and for the most part
/// what web browsers have agreed on. Spec: 7.2 (appendix, implementation limitations).
public enum ImplementationLimit {
    /// In bytes: 1 GiB.
    public static let moduleSize = 1 << 30
    public static let types = 1_000_000
    /// Defined in the module.
    public static let functions = 1_000_000
    public static let imports = 100_000
    public static let exports = 1_000_000
    public static let globals = 1_000_000
    public static let tables = 100_000
    public static let dataSegments = 100_000
    public static let elementSegments = 10_000_000
    /// In one segment.
    public static let elements = 10_000_000
    public static let parameters = 1000
    public static let results = 1000
    /// In one function, parameters included.
    public static let locals = 50_000
    /// In bytes, of one function's locals and instructions.
    public static let bodySize = 7_654_321
    /// Values on the operand stack of one function.
    public static let operands = 1_000_000
    /// Entries of the name section that are kept, all kinds together.
    public static let names = 2_000_000

    static func check(_ count: Int, _ limit: Int, _ what: String, at offset: Int) throws(ModuleError) {
        guard count <= limit else {
            throw ModuleError(.limit, "expected at most \(limit) \(what), found \(count)", offset: offset)
        }
    }
}
