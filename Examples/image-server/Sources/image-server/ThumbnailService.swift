import FlyingFox
import FlyingSocks
import Foundation
import Thumbnails

/// Answers requests.
struct ThumbnailService: Sendable {
    private let thumbnailer: Thumbnailer
    private let uploads: UploadReader
    private let workers: Workers
    /// Uploads that are read, wait or are worked on. Each has its bytes in memory.
    private let admission: Admission
    private let statistics = Statistics()
    private let facts: [Page.Fact]

    /// - Parameter maximumUpload: bytes.
    init(_ thumbnailer: Thumbnailer, maximumUpload: Int, cores: Int, facts: [Page.Fact]) {
        self.thumbnailer = thumbnailer
        self.facts = facts
        uploads = UploadReader(maximumSize: maximumUpload, time: .seconds(20))
        workers = Workers(count: cores)
        admission = Admission(limit: cores * 8)
    }

    @Sendable func response(to request: HTTPRequest) async -> HTTPResponse {
        let start = ContinuousClock.now
        var answer: Answer
        switch (request.method, request.path) {
        case (.GET, "/"): answer = page()
        case (.GET, "/health"): answer = health()
        case (.POST, "/"): answer = await thumbnail(of: request)
        case (_, "/"), (_, "/health"): answer = Answer(.methodNotAllowed, error: "method", "no such method here")
        default: answer = Answer(.notFound, error: "path", "nothing is here")
        }
        // Nobody reads bodies but `thumbnail(of:)`. A small one has come with the header.
        if request.path != "/" || request.method != .POST {
            answer.leavesBodyUnread = (request.bodySequence.count ?? .max) > 4096
        }
        if answer.leavesBodyUnread { await uploads.discardBody(of: request) }

        let time = ContinuousClock.now - start
        log("\(request.logLine) \(answer.status.code) in \(time.milliseconds) ms \(answer.note)")
        return answer.response(time: time)
    }

    private func page() -> Answer {
        Answer(.ok, .html, Page(facts: facts, counts: statistics.counts, uptime: statistics.uptime).html)
    }

    private func health() -> Answer {
        Answer(
            .ok, .json, json(Health(statistics.counts, uptime: statistics.uptime, working: admission.count)))
    }

    private func thumbnail(of request: HTTPRequest) async -> Answer {
        guard admission.enter() else {
            var answer = Answer(.serviceUnavailable, error: "busy", "too many uploads at a time")
            answer.headers[HTTPHeader("Retry-After")] = "1"
            answer.leavesBodyUnread = true
            return answer
        }
        defer { admission.leave() }
        let body: [UInt8]
        do {
            body = try await uploads.body(of: request)
        } catch {
            statistics.count(.refused)
            var answer = Answer(error)
            answer.leavesBodyUnread = true
            return answer
        }
        let contentType = request.headers[.contentType]
        let result = await workers.run { [thumbnailer] in
            Result { () throws(ThumbnailError) in
                try thumbnailer.thumbnail(of: MultipartForm.file(in: body, contentType: contentType) ?? body)
            }
        }
        switch result {
        case .success(let thumbnail):
            statistics.count(.made)
            return Answer(thumbnail)
        case .failure(let error):
            if case .stopped = error { statistics.count(.stopped) } else { statistics.count(.refused) }
            return Answer(error)
        }
    }
}

extension HTTPRequest {
    /// What it is and from whom, of characters that do no harm in a log.
    fileprivate var logLine: String {
        let from =
            switch remoteAddress {
            case .ip4(let address, port: _), .ip6(let address, port: _): address
            default: "-"
            }
        let target = "\(method.rawValue) \(path)".unicodeScalars.prefix(80)
            .map { (0x20..<0x7F).contains($0.value) ? String($0) : "?" }
        return "\(from) \(target.joined())"
    }
}

extension Duration {
    var milliseconds: Int { Int(self / .milliseconds(1)) }
}
