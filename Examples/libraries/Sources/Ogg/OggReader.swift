import BulkheadSandbox

/// Takes an Ogg file of a stranger's apart: pages, and the packets of its streams. libogg does it, in a sandbox.
///
/// ```swift
/// var reader = try OggReader()
/// for event in try reader.read(bytes) { … }
/// ```
/// What comes out is checked against what went in: pages are no longer than the bytes that were read, and no page has more packets
/// than a page can have. Make another reader for another file, or when one has failed.
public struct OggReader: ~Copyable {
    private var sandbox: Sandbox<LibOgg>
    private let sync: SandboxOwned<LibOgg.ogg_sync_state>
    private let page: SandboxAllocation<LibOgg.ogg_page>
    private let packet: SandboxAllocation<LibOgg.ogg_packet>
    private var streams: [Int32: Stream] = [:]
    private let options: OggOptions
    /// Bytes that were read and are part of no event yet.
    private var pending = 0

    private static let pieceSize = 1 << 16
    /// A header of 27 bytes and a table of 255; then at most 255 bytes for each of its entries.
    private static let maximumPageSize = 27 + 255 + 255 * 255
    private static let packetsPerPage = 255

    private final class Stream {
        let state: SandboxOwned<LibOgg.ogg_stream_state>
        /// Bytes of pages that went in, less those of packets that came out.
        var pending = 0

        init(_ state: consuming SandboxOwned<LibOgg.ogg_stream_state>) { self.state = state }
    }

    /// - Parameter image: the library, where it isn't the one in this package: in direct mode for comparisons.
    public init(_ options: OggOptions = OggOptions(), image: SandboxImage<LibOgg>? = nil) throws {
        var sandbox = try Sandbox(image ?? LibOgg.image(), limits: options.limits)
        let sync = try sandbox.ogg_sync_create()
        let page = try sandbox.allocate(LibOgg.ogg_page.self)
        let packet = try sandbox.allocate(LibOgg.ogg_packet.self)
        self.sandbox = sandbox
        self.sync = sync
        self.page = page
        self.packet = packet
        self.options = options
    }

    /// What the bytes add to those before them.
    public mutating func read(_ bytes: [UInt8]) throws(OggError) -> [OggEvent] {
        do {
            var events: [OggEvent] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Self.pieceSize)
                try read(bytes.span.bytes.extracting(start..<end), into: &events)
                start = end
            }
            return events
        } catch let error as OggError {
            throw error
        } catch {
            throw .stopped("\(error)")
        }
    }

    private mutating func read(_ piece: RawSpan, into events: inout [OggEvent]) throws {
        let buffer = try sandbox.ogg_sync_buffer(sync.pointer, Int32(piece.byteCount))
        try sandbox.copy(piece, to: buffer)
        _ = try sandbox.ogg_sync_wrote(sync.pointer, Int32(piece.byteCount)).verified(oneOf: [0])
        pending += piece.byteCount
        while true {
            // How many bytes a page has; or, less than zero, how many are of none.
            let count = try sandbox.ogg_sync_pageseek(sync.pointer, page.pointer)
                .verified("there are more bytes in pages than in the file") { abs(Int($0)) <= pending }
            if count == 0 { return }
            pending -= abs(Int(count))
            if count < 0 {
                events.append(.skipped(-Int(count)))
            } else {
                try readPage(size: Int(count), into: &events)
            }
        }
    }

    private mutating func readPage(size: Int, into events: inout [OggEvent]) throws {
        guard size <= Self.maximumPageSize else { throw SandboxError.verification("a page of \(size) bytes") }
        // Numbers that only name something may be any.
        let serial = try sandbox.ogg_page_serialno(page.pointer).verified { $0 }
        let number = try sandbox.ogg_page_pageno(page.pointer).verified { $0 }
        let isFirst = try sandbox.ogg_page_bos(page.pointer).verified { $0 != 0 }
        let isLast = try sandbox.ogg_page_eos(page.pointer).verified { $0 != 0 }
        events.append(.page(OggPage(serial: serial, number: number, isFirst: isFirst, isLast: isLast, size: size)))

        let stream = try stream(serial)
        stream.pending += size
        // A page of another version is left out by the library.
        guard try sandbox.ogg_stream_pagein(stream.state.pointer, page.pointer).verified(in: -1...0) == 0 else {
            return
        }
        // One entry is a gap, where there is one.
        for _ in 0...Self.packetsPerPage + 1 {
            switch try sandbox.ogg_stream_packetout(stream.state.pointer, packet.pointer).verified(in: -1...1) {
            case 0: return
            case 1: events.append(.packet(try readPacket(stream), serial: serial))
            default: events.append(.gap(serial: serial))
            }
        }
        throw SandboxError.verification("a page has more packets than it can have")
    }

    private mutating func stream(_ serial: Int32) throws -> Stream {
        if let stream = streams[serial] { return stream }
        guard streams.count < options.maximumStreams else {
            throw OggError.tooManyStreams(limit: options.maximumStreams)
        }
        let stream = Stream(try sandbox.ogg_stream_create(serial))
        streams[serial] = stream
        return stream
    }

    private func readPacket(_ stream: Stream) throws -> OggPacket {
        let found = try sandbox.load(packet.pointer)
        let count = try found.bytes.verified("a packet is longer than its pages") { 0...stream.pending ~= Int($0) }
        stream.pending -= Int(count)
        var data: [UInt8] = []
        if count > 0 {
            guard let start = found.packet else { throw SandboxError.nullPointer }
            // Any bytes: what they mean is for a codec to judge.
            data = try sandbox.copyBytes(at: start, count: Int(count)).verified { $0 }
        }
        let position = found.granulepos.verified { $0 }
        return OggPacket(
            data, granulePosition: position == -1 ? nil : position, isFirst: found.b_o_s.verified { $0 != 0 },
            isLast: found.e_o_s.verified { $0 != 0 })
    }
}
