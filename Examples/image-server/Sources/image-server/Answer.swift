import FlyingFox
import Foundation
import Thumbnails

/// What a client is told, and what the log says of it.
struct Answer: Sendable {
    enum ContentType: String, Sendable {
        case html = "text/html; charset=utf-8"
        case jpeg = "image/jpeg"
        case json = "application/json"
    }

    var status: HTTPStatusCode
    var headers = HTTPHeaders()
    var body: Data
    var note = ""
    /// The client may still be sending. What is left of the body must not be taken for another request.
    var leavesBodyUnread = false

    init(_ status: HTTPStatusCode, _ type: ContentType, _ body: Data) {
        self.status = status
        self.body = body
        headers[.contentType] = type.rawValue
        headers[.cacheControl] = "no-store"
        headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
    }

    /// - Parameters:
    ///   - error: a word for programs.
    ///   - reason: words for people.
    init(_ status: HTTPStatusCode, error: String, _ reason: String) {
        self.init(status, .json, json(["error": error, "reason": reason]))
        note = "\(error): \(reason)"
    }

    init(_ thumbnail: Thumbnail) {
        self.init(.ok, .jpeg, Data(thumbnail.jpeg))
        headers[HTTPHeader("X-Image-Format")] = thumbnail.kind.rawValue
        headers[HTTPHeader("X-Image-Width")] = "\(thumbnail.originalWidth)"
        headers[HTTPHeader("X-Image-Height")] = "\(thumbnail.originalHeight)"
        headers[HTTPHeader("X-Thumbnail-Width")] = "\(thumbnail.width)"
        headers[HTTPHeader("X-Thumbnail-Height")] = "\(thumbnail.height)"
        note =
            "\(thumbnail.kind.rawValue) \(thumbnail.originalWidth) x \(thumbnail.originalHeight) to "
            + "\(thumbnail.width) x \(thumbnail.height)"
    }

    init(_ error: UploadError) {
        switch error {
        case .empty: self.init(.badRequest, error: "empty", "there is no image")
        case .tooLarge(let maximum):
            self.init(.payloadTooLarge, error: "upload too large", "at most \(maximum) bytes are taken")
        case .tooSlow: self.init(.requestTimeout, error: "slow", "the image took too long to arrive")
        case .incomplete: self.init(.badRequest, error: "incomplete", "the image didn't arrive")
        }
    }

    init(_ error: ThumbnailError) {
        switch error {
        case .unknownFormat: self.init(.unsupportedMediaType, error: "not an image", "neither JPEG nor PNG")
        case .tooLarge(let width, let height):
            self.init(
                .unprocessableContent, error: "too many pixels", "\(width) x \(height) pixels are more than allowed")
        case .damaged(let reason): self.init(.unprocessableContent, error: "damaged", reason)
        case .stopped(let reason):
            // Which functions ran, and where, is for the log.
            let lines = reason.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            self.init(.unprocessableContent, error: "stopped", "the library was stopped: \(lines.first ?? "")")
            note = "stopped: \(lines.prefix(4).joined(separator: ", "))"
        }
    }

    func response(time: Duration) -> HTTPResponse {
        var headers = headers
        headers[HTTPHeader("X-Time-Milliseconds")] = "\(time.milliseconds)"
        guard leavesBodyUnread else { return HTTPResponse(statusCode: status, headers: headers, body: body) }
        headers[.connection] = "close"
        return HTTPResponse(statusCode: status, headers: headers, body: LastBody.sequence(body))
    }
}

func json(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Of strings and numbers.
    return (try? encoder.encode(value)).map { $0 + Data("\n".utf8) } ?? Data()
}
