import Foundation

/// What a browser sends for a form with a file (RFC 7578).
enum MultipartForm {
    /// The contents of the first file; `nil` if the body is no form or has none.
    static func file(in body: [UInt8], contentType: String?) -> [UInt8]? {
        guard let contentType, let boundary = boundary(in: contentType) else { return nil }
        let body = Data(body)
        let delimiter = Data("--\(boundary)".utf8)
        var rest = body[...]
        while let start = rest.range(of: delimiter)?.upperBound,
            let end = body[start...].range(of: delimiter)?.lowerBound
        {
            if let file = file(inPart: body[start..<end]) { return file }
            rest = body[end...]
        }
        return nil
    }

    private static func boundary(in contentType: String) -> String? {
        let parts = contentType.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.first?.lowercased() == "multipart/form-data",
            let parameter = parts.first(where: { $0.lowercased().hasPrefix("boundary=") })
        else { return nil }
        let boundary = parameter.dropFirst("boundary=".count).trimmingCharacters(in: ["\""])
        return (1...70).contains(boundary.utf8.count) ? boundary : nil
    }

    /// A part is a line break, lines of a header, an empty line, the contents and a line break.
    private static func file(inPart part: Data) -> [UInt8]? {
        let lineBreak = Data("\r\n".utf8)
        guard part.starts(with: lineBreak), let empty = part.range(of: lineBreak + lineBreak),
            String(decoding: part[..<empty.lowerBound], as: UTF8.self).lowercased().contains("filename=")
        else { return nil }
        return [UInt8](part[empty.upperBound...].dropLast(lineBreak.count))
    }
}
