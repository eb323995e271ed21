import CBulkhead
import Synchronization

/// What a module's memory holds before anything runs, to be mapped instead of copied.
final class Image: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer

    /// `nil` where there is none: the memory begins empty, or depends on the imports.
    init?(_ module: Module) throws(BulkheadError) {
        var error = bulkhead_error()
        guard let pointer = bulkhead_image_new(module.descriptor, &error) else {
            if error.kind != BULKHEAD_ERROR_NONE { throw BulkheadError(error) }
            return nil
        }
        self.pointer = pointer
    }

    deinit { bulkhead_image_free(pointer) }
}

/// The image of a module, for instances with a memory of their own. The first instance copies the data, since most modules have no other; the second one makes the
/// image.
final class ImageOnDemand: Sendable {
    private enum State: Sendable {
        case noInstance
        case oneInstance
        case made(Image?)
    }

    private let state = Mutex(State.noInstance)

    /// Data of this size and more, in bytes: so much isn't kept ready, cleared, for the next instance anyway, and pages that it touches cost more than two mappings.
    static let minimum = 256 * 1024

    /// For one more instance.
    func next(_ module: Module) -> Image? {
        state.withLock { state in
            switch state {
            case .noInstance:
                state = .oneInstance
                return nil
            case .oneInstance:
                // Without memory for an image, data is copied as ever.
                let image = try? Image(module)
                state = .made(image)
                return image
            case .made(let image): return image
            }
        }
    }
}
