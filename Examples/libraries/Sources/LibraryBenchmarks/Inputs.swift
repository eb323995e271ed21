import Foundation
import JPEG

/// What the libraries work on, the same in every run.
enum Inputs {
    /// A feed of entries with attributes, nested elements, entities and text.
    static let document: [UInt8] = {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"urn:example:feed\" xml:lang=\"en\">\n"
        var number = 0
        while text.utf8.count < 2_000_000 {
            number += 1
            text += """
                  <entry id="e\(number)" class="a b &amp; c" rank='\(number % 97)'>
                    <title>Entry number \(number) of a long feed</title>
                    <link href="https://example.org/entries/\(number)?page=\(number % 7)&amp;order=up"/>
                    <!-- a comment that says nothing -->
                    <content type="text">Text with &lt;markup&gt;, äöü, and some more words so that it is as long as text is.
                    <em>Nested <strong>elements</strong></em> &#8212; and the end.</content>
                  </entry>

                """
        }
        return Array((text + "</feed>\n").utf8)
    }()

    /// A megapixel with edges, gradients and noise, as a JPEG file.
    static let photograph = Result { try encodedPhotograph() }

    private static func encodedPhotograph() throws -> [UInt8] {
        let size = 1024
        var pixels = [UInt8](repeating: 0, count: size * size * 3)
        var state: UInt32 = 1
        for y in 0..<size {
            for x in 0..<size {
                state = state &* 1_664_525 &+ 1_013_904_223
                let noise = Int(state >> 28)
                let wave = sin(Double(x) / 37) * cos(Double(y) / 53)
                let place = (y * size + x) * 3
                pixels[place] = UInt8(clamping: Int(128 + 100 * wave) + noise)
                pixels[place + 1] = UInt8(clamping: (x / 64 + y / 64) % 2 * 120 + 60 + noise)
                pixels[place + 2] = UInt8(clamping: x * 255 / size + noise)
            }
        }
        guard let image = JPEGImage(width: size, height: size, format: .rgb, pixels: pixels) else { return [] }
        return try JPEGCodec().encode(image, quality: 85)
    }
}
