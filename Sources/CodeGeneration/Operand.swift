import WasmModule

/// A value on WebAssembly's operand stack, as the C that will produce it.
///
/// Values are not computed where their instruction stands but where they are used, so that `i32.load (i32.add a b)` becomes one C
/// expression. An operand that must be computed earlier, because something it reads is about to change, moves to the variable
/// of its stack position first.
struct Operand {
    enum Source {
        /// The bits; of a vector, where its bytes begin among the module's.
        case constant(UInt64)
        case local(UInt32)
        /// The variable of this operand's position in the stack.
        case variable
        /// A range of the emitter's scratch text.
        case expression(Range<Int>)
    }

    var source: Source
    var type: ValueType
    var effects: Effects = []
    /// Locals that an expression reads, as a set of their indices modulo 64.
    var locals: UInt64 = 0
    /// All stack variables that an expression reads lie below this position.
    var variablesEnd = 0
}

/// What an unevaluated operand depends on or does.
struct Effects: OptionSet {
    let rawValue: UInt8

    static let readsMemory = Effects(rawValue: 1)
    static let readsGlobals = Effects(rawValue: 2)
    static let readsTables = Effects(rawValue: 4)
    static let traps = Effects(rawValue: 8)
    /// Holds the result of a load that traps by faulting, which the C compiler may drop with the value.
    static let loaded = Effects(rawValue: 16)

    /// What a call can observe or change.
    static let all: Effects = [.readsMemory, .readsGlobals, .readsTables, .traps]
}

/// The types of a block or function, as parts of the context's `valueTypes`: without references, as they are copied with every
/// block.
struct Signature {
    var parameters: Range<Int>
    var results: Range<Int>

    static let empty = Signature(parameters: 0..<0, results: 0..<0)
}

/// An instruction's enclosing block. Spec: 4.2.11 (labels).
struct Block {
    enum Kind {
        case function
        case block
        case loop
        case ifThen
        case elsePart
    }

    var kind: Kind
    var signature: Signature
    /// Operands below the block's parameters.
    var height: Int
    var label: Int
    var isLabelUsed = false
    /// Whether the first part of an `if` ran to its end, and so on to what follows.
    var isThenReachable = false
    /// A loop's place in the emitter's list of loop labels.
    var loop = 0
    /// Whether an `if` is a C `if` with braces; very deep ones are jumps, for the compiler's sake. Whether a loop is what is left to do where the
    /// rolled one can't.
    var hasBraces = false

    var branchTypes: Range<Int> { kind == .loop ? signature.parameters : signature.results }
}
