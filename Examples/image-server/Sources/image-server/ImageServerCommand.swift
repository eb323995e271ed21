import ArgumentParser
import BulkheadSandbox
import FlyingSocks
import Foundation
import Thumbnails

@main
struct ImageServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image-server",
        abstract: "Makes thumbnails of uploaded JPEG and PNG images, whoever made them, with C libraries in sandboxes.")

    @Option(help: "The IPv4 address to listen on.")
    var host = "127.0.0.1"
    @Option(help: "The port to listen on; 0 for one that is free.")
    var port: UInt16 = 8080
    @Option(help: "Sandboxes of each library that are kept ready.")
    var pool = 4
    @Option(help: "MiB of memory that a sandbox may use.")
    var memory = 128
    @Option(help: "KiB of stack that a sandbox may use.")
    var stack = 256
    @Option(help: "Seconds that a call into a sandbox may take. An image takes a few.")
    var time = 2.0
    @Option(help: "MiB that an upload may have.")
    var upload = 10
    @Option(help: "Millions of pixels that an image may have.")
    var megapixels = 25
    @Option(help: "Pixels of a thumbnail's longer side.")
    var side = 256
    @Flag(help: "Decode PNG with a libpng that has CVE-2004-0597, to see an exploit stopped.")
    var planted = false
    @Flag(help: "With --planted: run it without a sandbox, to see what happens then.")
    var unprotected = false

    func validate() throws {
        let ranges = [
            ("pool", pool, 0...1000), ("memory", memory, 1...4096), ("stack", stack, 64...8192),
            ("upload", upload, 1...1024), ("megapixels", megapixels, 1...1000), ("side", side, 1...4096),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound).")
        }
        guard time > 0, time <= 3600 else { throw ValidationError("--time must be more than 0 and at most 3600.") }
        guard planted || !unprotected else { throw ValidationError("--unprotected goes with --planted.") }
    }

    func run() async throws {
        raiseFileLimit()
        var options = Thumbnailer.Options()
        options.limits = SandboxLimits(memory: memory << 20, stack: stack << 10, time: .seconds(time))
        options.maximumPixels = megapixels * 1_000_000
        options.poolSize = pool
        options.side = side
        options.png = planted ? (unprotected ? .plantedUnprotected : .planted) : .intact

        let service = ThumbnailService(
            try Thumbnailer(options), maximumUpload: upload << 20, cores: ProcessInfo.processInfo.activeProcessorCount,
            facts: facts)
        try await Listener(host: host, port: port, service: service).run()
    }

    /// What the page says is running.
    private var facts: [Page.Fact] {
        let png = planted ? "libpng with CVE-2004-0597, zlib" : "libpng and zlib"
        return [
            Page.Fact("JPEG", "libjpeg-turbo, in a sandbox"),
            Page.Fact("PNG", unprotected ? "\(png), <b>without a sandbox</b>" : "\(png), in a sandbox"),
            Page.Fact("Limits", "\(memory) MiB of memory, \(stack) KiB of stack, \(time) s a call"),
            Page.Fact("Images", "up to \(upload) MiB and \(megapixels) million pixels"),
        ]
    }
}
