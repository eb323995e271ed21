import BulkheadSandbox

/// Makes a stream of an Ogg file from packets, with libogg in a sandbox.
public struct OggWriter: ~Copyable {
    private var sandbox: Sandbox<LibOgg>
    private let stream: SandboxOwned<LibOgg.ogg_stream_state>
    private let page: SandboxAllocation<LibOgg.ogg_page>
    private let packet: SandboxAllocation<LibOgg.ogg_packet>
    private var number: Int64 = 0

    /// - Parameters:
    ///   - serial: tells the stream from others in the file.
    ///   - image: the library, where it isn't the one in this package: in direct mode for comparisons.
    public init(
        serial: Int32, _ options: OggOptions = OggOptions(), image: SandboxImage<LibOgg>? = nil
    ) throws {
        var sandbox = try Sandbox(image ?? LibOgg.image(), limits: options.limits)
        let stream = try sandbox.ogg_stream_create(serial)
        let page = try sandbox.allocate(LibOgg.ogg_page.self)
        let packet = try sandbox.allocate(LibOgg.ogg_packet.self)
        self.sandbox = sandbox
        self.stream = stream
        self.page = page
        self.packet = packet
    }

    /// Adds a packet. The first of all is the stream's first whatever it says.
    /// - Parameter flushes: whether a page ends here, though it may not be full.
    /// - Returns: the pages that are complete with it.
    public mutating func write(_ next: OggPacket, flushes: Bool = false) throws(OggError) -> [UInt8] {
        do {
            let data = try sandbox.allocate(copying: next.data)
            let value = LibOgg.ogg_packet(
                packet: data.pointer, bytes: Int32(clamping: next.data.count), b_o_s: number == 0 ? 1 : 0,
                e_o_s: next.isLast ? 1 : 0, granulepos: next.granulePosition ?? -1, packetno: number)
            try sandbox.store(value, to: packet.pointer)
            number += 1
            // The library copies the data.
            _ = try sandbox.ogg_stream_packetin(stream.pointer, packet.pointer).verified(oneOf: [0])
            var pages: [UInt8] = []
            while try nextPage(flushes || next.isLast) { pages += try pageBytes() }
            return pages
        } catch {
            throw .stopped("\(error)")
        }
    }

    private mutating func nextPage(_ flushes: Bool) throws -> Bool {
        let result =
            flushes
            ? try sandbox.ogg_stream_flush(stream.pointer, page.pointer)
            : try sandbox.ogg_stream_pageout(stream.pointer, page.pointer)
        return result.verified { $0 != 0 }
    }

    private func pageBytes() throws -> [UInt8] {
        let found = try sandbox.load(page.pointer)
        guard let header = found.header, let body = found.body else { throw SandboxError.nullPointer }
        let headerSize = try found.header_len.verified(in: 27...282)
        let bodySize = try found.body_len.verified(in: 0...255 * 255)
        // Bytes for a file: whoever reads it checks them.
        return try sandbox.copyBytes(at: header, count: Int(headerSize)).verified { $0 }
            + sandbox.copyBytes(at: body, count: Int(bodySize)).verified { $0 }
    }
}
