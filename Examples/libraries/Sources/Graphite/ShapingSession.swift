import BulkheadSandbox

/// A sandbox with a font in it.
final class ShapingSession {
    private var sandbox: Sandbox<LibGraphite2>
    private var face: SandboxOwned<LibGraphite2.gr_face>?
    private let callbacks: TableCallbacks
    private let glyphCount: Int

    /// Graphite lets a text grow by this factor.
    private static let growth = 64

    init(_ file: FontFile, image: SandboxImage<LibGraphite2>, limits: SandboxLimits) throws {
        // Graphite writes nothing where all is well; what it says otherwise is of no use to anybody.
        var sandbox = try Sandbox(image, limits: limits, capabilities: SandboxCapabilities(onOutput: { _ in }))
        let callbacks = try TableCallbacks(&sandbox)
        var operations = LibGraphite2.gr_face_ops()
        operations.size = UInt32(LibGraphite2.gr_face_ops.layout[sandbox.machine].size)
        operations.get_table = callbacks.get.pointer
        operations.release_table = callbacks.release.pointer
        let place = try sandbox.allocate(LibGraphite2.gr_face_ops.self, storing: [operations])
        let handle = try sandbox.makeHandle(for: file)
        let options = LibGraphite2.gr_face_options.gr_face_preloadAll.rawValue
        guard
            let face = try sandbox.gr_make_face_with_ops(handle.pointer(sandbox.machine), place.pointer, options)
        else { throw GraphiteError.unsupportedFont }
        glyphCount = file.glyphCount
        self.face = consume face
        self.callbacks = callbacks
        self.sandbox = sandbox
    }

    deinit {
        // Before the callbacks, by which the face gives tables back.
        face = nil
    }

    func shape(_ text: String, _ options: ShapingOptions) throws -> ShapedText {
        let face = face?.pointer
        let scalars = text.unicodeScalars.count
        let bytes = try sandbox.allocate(copying: Array(text.utf8))
        let font = try options.pixelsPerEm.flatMap { try sandbox.gr_make_font($0, face) }
        defer { try? sandbox.gr_font_destroy(font) }
        let features = try features(options)
        defer { try? sandbox.gr_featureval_destroy(features) }
        guard
            let segment = try sandbox.gr_make_seg(
                font, face, options.script?.rawValue ?? 0, features, .gr_utf8, bytes.pointer.cast(), UInt32(scalars),
                options.isRightToLeft ? 1 : 0)
        else { throw GraphiteError.unsupportedFont }
        return try read(segment.pointer, font, scalars: scalars)
    }

    /// `nil` for the font's defaults.
    private func features(_ options: ShapingOptions) throws -> SandboxPointer<LibGraphite2.gr_feature_val>? {
        if options.language == nil, options.features.isEmpty { return nil }
        let values = try sandbox.gr_face_featureval_for_lang(face?.pointer, options.language?.rawValue ?? 0)
        for (tag, value) in options.features {
            guard let feature = try sandbox.gr_face_find_fref(face?.pointer, tag.rawValue) else { continue }
            // Refused where the feature has no such value; the default stays.
            _ = try sandbox.gr_fref_set_feature_value(feature, value, values)
        }
        return values
    }

    private func read(
        _ segment: SandboxPointer<LibGraphite2.gr_segment>, _ font: SandboxPointer<LibGraphite2.gr_font>?, scalars: Int
    ) throws -> ShapedText {
        var shaped = ShapedText()
        shaped.advanceX = try finite(sandbox.gr_seg_advance_X(segment))
        shaped.advanceY = try finite(sandbox.gr_seg_advance_Y(segment))
        let count = try sandbox.gr_seg_n_slots(segment).verified(in: 0...UInt32(clamping: (scalars + 1) * Self.growth))
        shaped.glyphs.reserveCapacity(Int(count))
        var slot = try sandbox.gr_seg_first_slot(segment)
        // As many as it says and no more: a list that bites its tail has no end.
        for _ in 0..<count {
            guard let current = slot else { throw SandboxError.verification("there are fewer glyphs than it says") }
            shaped.glyphs.append(try glyph(current, font, scalars: Int32(clamping: scalars), count: count))
            slot = try sandbox.gr_slot_next_in_segment(current)
        }
        guard slot == nil else { throw SandboxError.verification("there are more glyphs than it says") }
        return shaped
    }

    private func glyph(
        _ slot: SandboxPointer<LibGraphite2.gr_slot>, _ font: SandboxPointer<LibGraphite2.gr_font>?, scalars: Int32,
        count: UInt32
    ) throws -> ShapedText.Glyph {
        let before = try sandbox.gr_slot_before(slot).verified(in: 0..<scalars)
        let after = try sandbox.gr_slot_after(slot).verified(in: 0..<scalars)
        let base = try sandbox.gr_slot_attached_to(slot)
        return ShapedText.Glyph(
            // Whoever draws looks glyphs up in the font by these numbers.
            id: Int(try sandbox.gr_slot_gid(slot).verified("a glyph that the font doesn't have") { $0 < glyphCount }),
            x: try finite(sandbox.gr_slot_origin_X(slot)), y: try finite(sandbox.gr_slot_origin_Y(slot)),
            advance: try finite(sandbox.gr_slot_advance_X(slot, face?.pointer, font)),
            scalars: Int(min(before, after))...Int(max(before, after)),
            base: try base.map { Int(try sandbox.gr_slot_index($0).verified(in: 0..<count)) },
            allowsInsertionBefore: try sandbox.gr_slot_can_insert_before(slot).verified { $0 != 0 })
    }

    private func finite(_ value: Tainted<Float>) throws -> Float {
        try value.verified("a position that is no number") { $0.isFinite }
    }
}

/// By which Graphite asks for the font's tables. It is handed a number that stands for the file, and sees none of it but the tables
/// that it asks for.
private struct TableCallbacks: ~Copyable {
    let get: SandboxCallback<LibGraphite2.gr_get_table_fn>
    let release: SandboxCallback<LibGraphite2.gr_release_table_fn>

    init(_ sandbox: inout Sandbox<LibGraphite2>) throws {
        let get = try sandbox.callback(LibGraphite2.gr_get_table_fn.self) { sandbox, handle, tag, length in
            let file = try sandbox.object(for: handle, as: FontFile.self)
            guard let length else { throw SandboxError.nullPointer }
            guard let range = tag.verified({ file[FontTag(rawValue: $0)] }) else { return nil }
            let table = try sandbox.allocate(copying: file.bytes.span.extracting(range).bytes)
            try sandbox.store(UInt32(range.count), to: length)
            return table.release().cast()
        }
        let release = try sandbox.callback(LibGraphite2.gr_release_table_fn.self) { sandbox, _, table in
            try sandbox.free(table)
        }
        self.get = get
        self.release = release
    }
}
