/// Numbers of bytes as people write them: `4096`, `64K`, `16M`, `1G`.
package enum ByteCount {
    /// The number before the unit, and which power of two the unit is: K, M and G are those of 1024.
    package static func split(_ text: String) -> (digits: Substring, shift: Int) {
        switch text.last {
        case "K", "k": (text.dropLast(), 10)
        case "M", "m": (text.dropLast(), 20)
        case "G", "g": (text.dropLast(), 30)
        default: (text[...], 0)
        }
    }

    /// `nil` for what is no such number in decimal, is negative, or has no place in the type.
    package static func parse<Number: FixedWidthInteger>(_ text: String, as type: Number.Type = Number.self) -> Number?
    {
        let (digits, shift) = split(text)
        guard let number = Number(digits), number >= 0 else { return nil }
        let (size, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : size
    }
}
