import BulkheadSandbox
import HostileInput
import Testing

@testable import JPEG

/// Images made to break the decoder. Whatever becomes of the sandbox, the host goes on, and the next image is decoded.
@Suite struct HostileInputTests {
    @Test(arguments: ["testorig.jpg", "testimgari.jpg", "progressive"]) func truncatedAndMutated(name: String) throws {
        var options = JPEGCodec.Options()
        options.limits = SandboxLimits(memory: 16 << 20, stack: 256 << 10, time: .seconds(1))
        options.maximumPixels = 1_000_000
        let codecs = try Codecs(options)
        let image = try #require(Images.drawn(width: 99, height: 73, format: .rgb))
        let data =
            name == "progressive" ? try codecs.sandboxed.encode(image, isProgressive: true) : try Images.contents(name)
        let good = try codecs.sandboxed.decode(data)

        var whole = 0
        var errors: [JPEGError: Int] = [:]
        for (number, input) in HostileInput(from: data, truncations: 200, mutations: 600, seed: 7).enumerated() {
            let result = outcome { () throws(JPEGError) in try codecs.sandboxed.decode(input) }
            switch result {
            case .success: whole += 1
            case .failure(let error): errors[error, default: 0] += 1
            }
            if number % 50 == 0 { #expect(try codecs.sandboxed.decode(data) == good) }
        }
        #expect(whole > 20)
        #expect(errors.count > 5)
    }
}
