import Glibc

/// The variables this process was given.
public enum ProcessEnvironment {
    /// A copy. C code of the same process that calls `setenv` at the same time is a race, as it is for `getenv`.
    public static func current() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let line = entry.pointee {
            let text = String(cString: line)
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                // Of two entries with one name, getenv finds the first.
                let name = String(text[..<equals])
                if variables[name] == nil {
                    variables[name] = String(text[text.utf8.index(after: equals)...])
                }
            }
            entry += 1
        }
        return variables
    }
}
