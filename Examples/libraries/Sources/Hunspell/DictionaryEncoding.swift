import Foundation

/// How a dictionary's words are encoded, by the names that Hunspell has for it.
enum DictionaryEncoding {
    private static let encodings: [String: String.Encoding] = [
        "UTF-8": .utf8, "ISO8859-1": .isoLatin1, "ISO-8859-1": .isoLatin1, "ISO8859-2": .isoLatin2,
        "ISO-8859-2": .isoLatin2, "MICROSOFT-CP1250": .windowsCP1250, "MICROSOFT-CP1251": .windowsCP1251,
    ]

    static func named(_ name: String) -> String.Encoding? { encodings[name.uppercased()] }
}

extension String {
    /// Ended by a zero; `nil` where the encoding lacks a character, or there's a zero in the text.
    func cString(in encoding: String.Encoding) -> [UInt8]? {
        guard let data = data(using: encoding), !data.contains(0) else { return nil }
        return Array(data) + [0]
    }
}
