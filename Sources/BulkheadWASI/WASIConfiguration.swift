/// What an instance is given. It starts with nothing: no arguments, no variables, no files, streams that lead nowhere.
public struct WASIConfiguration: Sendable {
    /// The first is the program's name. Without NUL bytes.
    public var arguments: [String] = []
    /// Names without `=`; neither names nor values with NUL bytes. The guest sees them ordered by name.
    public var environment: [String: String] = [:]
    /// Descriptor 0.
    public var standardInput = WASIStream.null
    /// Descriptor 1.
    public var standardOutput = WASIStream.null
    /// Descriptor 2.
    public var standardError = WASIStream.null
    /// From descriptor 3 on.
    public var preopens: [WASIPreopen] = []
    /// Sockets of the host's, listening or connected, duplicated; the descriptors after the directories.
    public var sockets: [Int32] = []
    public var clocks = WASIClocks()
    /// Fills the buffer with random bytes; returns whether it could.
    public var random: @Sendable (UnsafeMutableRawBufferPointer) -> Bool = hostRandom
    /// How many descriptors the guest may have open, those it starts with included.
    public var maximumDescriptors = 1024

    /// How paths are resolved; nothing stands for the best that the kernel offers.
    package var pathResolution: PathResolver.Method?

    public init() {}
}

/// What one of the standard descriptors leads to.
public enum WASIStream: Sendable, Hashable {
    /// Empty to read from, and swallows what is written.
    case null
    /// The host's own descriptor of the same number.
    case inherit
    /// A duplicate of a descriptor of the host's, whose flags are left alone.
    case descriptor(Int32)
    /// A new pipe. The host's end is had from `WASIContext.takePipe(_:)`. A guest that writes more than a pipe holds
    /// (64 KiB) waits until somebody reads.
    case pipe
}

/// A directory that the guest finds open.
public struct WASIPreopen: Sendable {
    public enum Source: Sendable, Hashable {
        /// A path of the host's.
        case path(String)
        /// A directory open in the host, which opens it once more for itself.
        case descriptor(Int32)
    }

    public enum Access: Sendable, Hashable {
        case readWrite
        /// Everything that would change the directory or what is in it fails with `rofs`, so that programs that ask for
        /// more rights than they use run all the same.
        case readOnly
    }

    /// Where the guest's C library looks for it.
    public var guestPath: String
    public var source: Source
    public var access: Access
    /// What the guest may do with the directory.
    public var rights: WASIRights
    /// What it may do with what it opens there.
    public var inheritingRights: WASIRights

    public init(
        guestPath: String, source: Source, access: Access = .readWrite, rights: WASIRights = .directory,
        inheritingRights: WASIRights = .inDirectory
    ) {
        self.guestPath = guestPath
        self.source = source
        self.access = access
        self.rights = rights
        self.inheritingRights = inheritingRights
    }
}

/// What time it is. Times in nanoseconds; `nil` for a clock there is none of.
public struct WASIClocks: Sendable {
    /// Greater than zero.
    public var resolution: @Sendable (WASIClockID) -> UInt64? = hostClockResolution
    public var now: @Sendable (WASIClockID) -> UInt64? = hostClockTime

    public init() {}
}

/// Why an instance could not be given what its configuration says.
public struct WASISetupError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
