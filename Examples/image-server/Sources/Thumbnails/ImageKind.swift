/// A format that is decoded here.
public enum ImageKind: String, Sendable {
    case jpeg
    case png

    /// By the first bytes: what an upload calls itself says nothing.
    init?(of data: [UInt8]) {
        if data.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else {
            return nil
        }
    }
}
