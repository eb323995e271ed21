import FlyingFox
import FlyingSocks
import Foundation

/// The body of a response that the connection ends with: after its bytes comes an error, for which FlyingFox closes it.
struct LastBody: AsyncBufferedSequence {
    typealias Element = UInt8

    private struct End: Error {}

    struct AsyncIterator: AsyncBufferedIteratorProtocol {
        fileprivate var rest: Data

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            guard !rest.isEmpty else { throw End() }
            let next = rest.prefix(count)
            rest = rest.dropFirst(count)
            return next
        }

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }
    }

    private let bytes: Data

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes) }

    static func sequence(_ bytes: Data) -> HTTPBodySequence {
        HTTPBodySequence(from: LastBody(bytes: bytes), count: bytes.count)
    }
}
