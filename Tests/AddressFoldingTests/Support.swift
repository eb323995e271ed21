import AddressFolding

/// A function with these lines in it, as clang would write it, after folding.
func folded(_ lines: [String]) -> [String] {
    let text =
        (["f:", "\t.cfi_startproc"] + lines.map { $0.hasSuffix(":") ? $0 : "\t\($0)" } + ["\t.cfi_endproc", ""])
        .joined(separator: "\n")
    let result = String(decoding: foldAddresses(in: Array(text.utf8)), as: UTF8.self)
    return result.split(separator: "\n").dropFirst(2).dropLast().map { line in
        line.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}

func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { String($0.drop { $0 == " " }) }
}
