/// One token of the text format. Spec: 6.3.1.
struct Token: Sendable {
    enum Kind: Sendable {
        case leftParenthesis
        case rightParenthesis
        /// Letters first, known or not: `module`, `i32.add`, `offset=8`, `nan:canonical`.
        case keyword
        /// `$name` or `$"name"`.
        case identifier
        /// An integer without a sign.
        case natural
        /// An integer with a sign.
        case integer
        /// A number that only a floating-point constant can hold; `inf` and `nan` too.
        case float
        case string
        /// What looks like a token but is none, like `0drop` or `"a"x`.
        case reserved
        case endOfText
    }

    let kind: Kind
    /// In the text.
    let range: Range<Int>
}
