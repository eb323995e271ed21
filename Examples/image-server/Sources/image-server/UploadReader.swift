import FlyingFox
import Foundation

/// Why a body was not taken.
enum UploadError: Error {
    case empty
    case tooLarge(maximum: Int)
    case tooSlow
    case incomplete
}

/// Reads bodies of requests, up to a size and for a time.
struct UploadReader: Sendable {
    /// In bytes.
    let maximumSize: Int
    let time: Duration

    func body(of request: HTTPRequest) async throws(UploadError) -> [UInt8] {
        let expected = request.bodySequence.count
        if let expected, expected > maximumSize { throw .tooLarge(maximum: maximumSize) }
        let result = await within(time) { await read(request.bodySequence) } ?? .failure(.tooSlow)
        let bytes = try result.get()
        if let expected, expected != bytes.count { throw .incomplete }
        if bytes.isEmpty { throw .empty }
        return bytes
    }

    private func read(_ body: HTTPBodySequence) async -> Result<[UInt8], UploadError> {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count ?? 0)
        do {
            for try await chunk in body {
                // There may be no length beforehand.
                guard bytes.count + chunk.count <= maximumSize else { return .failure(.tooLarge(maximum: maximumSize)) }
                bytes += chunk
            }
        } catch {
            return .failure(.incomplete)
        }
        return .success(bytes)
    }

    /// Reads on for a while, so that the client gets to reading the answer. One that has very much to send doesn't.
    func discardBody(of request: HTTPRequest) async {
        _ = await within(.seconds(2)) {
            var count = 0
            do {
                for try await chunk in request.bodySequence {
                    count += chunk.count
                    if count > 4 * maximumSize { return }
                }
            } catch {}
        }
    }

    /// `nil` if it takes longer. What is cancelled then must end soon.
    private func within<Value: Sendable>(
        _ time: Duration, _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                try? await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
