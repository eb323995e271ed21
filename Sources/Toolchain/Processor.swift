/// Which processor `-march=native` means.
enum Processor {
    /// What of a processor decides the code made for it; the rest of `/proc/cpuinfo` (clock, cache, core number)
    /// differs by moment and core.
    private static let decisive: Set<String> = [
        "vendor_id", "cpu family", "model", "model name", "stepping", "flags",
        "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features",
    ]

    /// Lines that name the first processor: its model and its features.
    static func identify(
        from file: String = "/proc/cpuinfo"
    ) throws(ToolchainError) -> String {
        // With hundreds of cores the file has megabytes; the first of its blocks has less than 8 KiB.
        guard let text = FileSystem.beginning(of: file, limit: 65536) else { throw .processorUnidentified }
        let identification = identify(fromText: String(decoding: text, as: UTF8.self))
        guard !identification.isEmpty else { throw .processorUnidentified }
        return identification
    }

    static func identify(fromText text: String) -> String {
        let firstBlock = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        return firstBlock.filter { line in
            let name = line.prefix { $0 != ":" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return decisive.contains(name)
        }.joined(separator: "\n")
    }
}
