/// What a compiler writes for `-MD`: a rule for make, whose prerequisites are the files that a compilation read.
enum DependencyFile {
    /// The prerequisites, as absolute paths.
    /// - Parameter workingDirectory: where the compiler ran: a file that a flag names (`-include config.h`) is written as it is there.
    static func files(in text: String, relativeTo workingDirectory: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        func end() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                switch bytes.first {
                case UInt8(ascii: "\n"): end()
                case UInt8(ascii: " "), UInt8(ascii: "#"):
                    word.append(bytes.removeFirst())
                    continue
                default: word.append(byte)
                }
            case UInt8(ascii: "$") where bytes.first == UInt8(ascii: "$"): word.append(bytes.removeFirst())
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"): end()
            default: word.append(byte)
            }
        }
        end()
        // The target comes first: `file.o:`.
        guard let colon = words.firstIndex(where: { $0.hasSuffix(":") }) else { return [] }
        return words[(colon + 1)...].map { $0.hasPrefix("/") ? $0 : "\(workingDirectory)/\($0)" }
    }
}
