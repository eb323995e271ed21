/// A pattern for paths: `*` stands for any letters of one name, `?` for one letter, `**` for any number of directories.
///
/// A name that begins with a dot is matched only by a pattern that spells the dot out.
struct GlobPattern: Sendable, Hashable {
    private let components: [[UInt8]]

    init(_ text: String) {
        components = text.utf8.split(separator: UInt8(ascii: "/")).filter { $0.elementsEqual(".".utf8) == false }
            .map { Array($0) }
    }

    private static let anything = Array("**".utf8)

    /// Whether the pattern is a path, which names one file.
    var isLiteral: Bool {
        components.allSatisfy { !$0.contains(UInt8(ascii: "*")) && !$0.contains(UInt8(ascii: "?")) }
    }

    /// The directories that every match begins with.
    var literalDirectory: [String] {
        let directories = components.dropLast().prefix {
            !$0.contains(UInt8(ascii: "*")) && !$0.contains(UInt8(ascii: "?"))
        }
        return directories.map { String(decoding: $0, as: UTF8.self) }
    }

    func matches(_ path: String) -> Bool {
        let names = path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
        // Which prefixes of the pattern match the names so far: linear in both, whatever the pattern.
        var states = Self.closure([0], components)
        for name in names {
            var next: Set<Int> = []
            for state in states where state < components.count {
                if components[state] == Self.anything {
                    if name.first != UInt8(ascii: ".") { next.insert(state) }
                } else if Self.matches(name, components[state]) {
                    next.insert(state + 1)
                }
            }
            states = Self.closure(next, components)
            if states.isEmpty { return false }
        }
        return states.contains(components.count)
    }

    /// `**` may stand for no directory at all.
    private static func closure(_ states: Set<Int>, _ components: [[UInt8]]) -> Set<Int> {
        var result = states
        for state in states {
            var state = state
            while state < components.count, components[state] == anything {
                state += 1
                result.insert(state)
            }
        }
        return result
    }

    /// Whether a name matches one component; also what function names are matched by.
    static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: "."), pattern.first != UInt8(ascii: ".") { return false }
        var n = 0
        var p = 0
        // Where to go on when what follows the last star does not match.
        var retry: (n: Int, p: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                retry = (n, p + 1)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                n += 1
                p += 1
            } else if let star = retry {
                n = star.n + 1
                p = star.p
                retry = (n, p)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
