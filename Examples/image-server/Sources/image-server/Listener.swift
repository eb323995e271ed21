import FlyingFox
import FlyingSocks
import Foundation

/// Listens for connections, for as long as the process runs.
struct Listener {
    let host: String
    let port: UInt16
    let service: ThumbnailService

    func run() async throws {
        var port = port
        var hasListened = false
        while true {
            let server = HTTPServer(
                config: HTTPServer.Configuration(
                    address: try sockaddr_in.inet(ip4: host, port: port),
                    timeout: 120,
                    // A body that is kept to be read again is kept whole, however long it is.
                    sharedRequestReplaySize: 0,
                    logger: .disabled),
                handler: ClosureHTTPHandler(service.response))
            let task = Task { try await server.run() }
            do {
                try await server.waitUntilListening(timeout: 2)
                if case .ip4(_, let chosen) = await server.listeningAddress { port = chosen }
                log(hasListened ? "listening again" : "listening on http://\(host):\(port)")
                hasListened = true
                try await task.value
            } catch {
                // An address that can't be had is an error. Later it ends for one connection that can't be accepted, when there are
                // too many of them; those that come after it shall be.
                guard hasListened else {
                    task.cancel()
                    try await task.value
                    throw error
                }
                log("stopped listening: \(error)")
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }
}
