import RandomModules

/// Functions with unrolled loops, as compilers make them, in WebAssembly's text: arrays A, B and C at `$a`, `$b` and `$c`, and what is carried from one
/// copy to the next in `$x`, `$y`, `$sum`, `$chain` and `$mix`. Each takes three addresses and a number of rounds, and returns a digest of all its locals.
struct UnrolledLoops {
    private var random: RandomSource
    private var copies = 2
    /// What a copy adds to each pointer.
    private var steps: [String: Int] = [:]
    /// What is added to each pointer in an address, and in the access's offset.
    private var constants: [String: (sum: Int, offset: Int)] = [:]

    init(seed: UInt64) {
        random = RandomSource(seed: seed)
    }

    /// A module with two functions for each loop, `rolled0` and `plain0` and so on. The plain ones have an instruction that keeps them from being rolled.
    static func module(seed: UInt64, count: Int) -> String {
        var loops = UnrolledLoops(seed: seed)
        let functions = (0..<count).map { index in
            let body = loops.loop(index)
            return function("rolled\(index)", body) + function("plain\(index)", "(drop (i32.const 0))" + body)
        }
        return """
            (module (memory (export "memory") 1)
              (func $digest (param i64 i64) (result i64) (i64.xor (i64.rotl (local.get 0) (i64.const 7)) (local.get 1)))
            \(functions.joined()))
            """
    }

    private static func function(_ name: String, _ body: String) -> String {
        let integers = ["a", "b", "c", "n", "t", "sum"].map { "(i64.extend_i32_u (local.get $\($0)))" }
        let others = ["x", "y", "chain"].map { "(i64.reinterpret_f64 (local.get $\($0)))" } + ["(local.get $mix)"]
        let digest = (integers + others).reduce("(i64.const 0)") { "(call $digest \($0) \($1))" }
        return """
            (func (export "\(name)") (param $a i32) (param $b i32) (param $c i32) (param $n i32) (result i64)
              (local $t i32) (local $sum i32) (local $x f64) (local $y f64) (local $chain f64) (local $mix i64)
              (local.set $sum (i32.const 5)) (local.set $x (f64.const 1.5)) (local.set $y (f64.const 2.5))
              (loop $again \(body))
              \(digest))

            """
    }

    /// The `index`th kind of loop; beyond them one that has its loads in front, and then loops of several kinds.
    private mutating func loop(_ index: Int) -> String {
        copies = random.pick([1, 2, 2, 3, 4, 8])
        for pointer in ["a", "b", "c"] {
            steps[pointer] = random.pick([8, 8, 8, 16, 4, 2, 1, 3, -8, -1])
            constants[pointer] = (random.pick([0, 0, 8, 1024, -8, 40000]), random.pick([0, 0, 0, 8, 100]))
        }
        let kinds = index < Self.kindCount ? [index] : (0..<2).map { _ in random.below(Self.kindCount) }
        var work = (0..<copies).map { copy in kinds.map { statement($0, copy) }.joined(separator: "\n  ") }
        if index == Self.kindCount {
            // Rolled, each copy would load what the one before has stored.
            copies = 2
            let loads = [("x", 0), ("y", 1)].map { "(local.set $\($0) \(load("f64.load", "a", $1)))" }
            work = loads + [("x", 0), ("y", 1)].map { store("f64.store", "c", $1, "(local.get $\($0))") }
            work.append("(local.set $x (local.get $y))")
        }
        var counting = ["a", "b", "c"].map { pointer in
            "(local.set $\(pointer) (i32.add (local.get $\(pointer)) (i32.const \(copies * (steps[pointer] ?? 0)))))"
        }
        let isDown = random.chance(50)
        let end =
            isDown
            ? "(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const \(copies)))))"
            : "(br_if $again (i32.ne (local.tee $n (i32.add (local.get $n) (i32.const \(-copies)))) (i32.const 0)))"
        if random.chance(50) { counting.reverse() }
        return (work + counting + [end]).joined(separator: "\n  ")
    }

    private static let kindCount = 10

    private func statement(_ kind: Int, _ copy: Int) -> String {
        switch kind {
        case 0:
            return store(
                "f64.store", "c", copy,
                "(f64.add \(load("f64.load", "c", copy)) (f64.mul (f64.const 1) \(load("f64.load", "a", copy))))")
        case 1:
            let sum = "(i32.add (i32.load (local.get $t)) \(load("i32.load", "b", copy)))"
            return "(local.set $t \(address("a", copy))) (i32.store (local.get $t) \(sum))"
        case 2:
            // A sum of three neighbours, two of which come from the copies before.
            guard copies.isMultiple(of: 2) else { return statement(0, copy) }
            let (first, second) = copy.isMultiple(of: 2) ? ("x", "y") : ("y", "x")
            let sum = "(f64.add (local.get $\(first)) (local.get $\(second)))"
            return """
                \(store("f64.store", "c", copy, "(f64.add \(sum) \(load("f64.load", "a", copy)))"))
                  (local.set $\(first) \(load("f64.load", "b", copy)))
                """
        case 3:
            let product = "(i32.mul \(load("i32.load8_s", "a", copy)) \(load("i32.load8_u", "b", copy)))"
            return "(local.set $sum (i32.add \(product) (local.get $sum)))"
        case 4: return "(local.set $chain (f64.add (local.get $chain) \(load("f64.load", "a", copy))))"
        case 5:
            let mixed = "(i64.xor \(load("i64.load32_u", "b", copy)) (local.get $mix))"
            return "(local.set $mix (i64.rotl \(mixed) (i64.const 5)))"
        case 6:
            let (left, right) = (load("i32.load16_s", "a", copy), load("i32.load16_s", "b", copy))
            return store("i32.store16", "c", copy, "(select \(left) \(right) (i32.lt_s \(left) \(right)))")
        case 7:
            let place = "(i32.and \(load("i32.load", "a", copy)) (i32.const 0xFFF))"
            return store("i32.store8", "c", copy, "(i32.load8_u offset=3 \(place))")
        case 8: return store("i32.store", "c", copy, "(i32.mul \(address("b", copy)) (i32.const 77))")
        default:
            let first = "(i32.mul \(load("i32.load8_u", "a", copy)) (i32.const 151))"
            let second = "(i32.mul \(load("i32.load8_u", "b", copy)) (i32.const 77))"
            return store("i32.store8", "c", copy, "(i32.shr_u (i32.add \(first) \(second)) (i32.const 8))")
        }
    }

    private func address(_ pointer: String, _ copy: Int) -> String {
        let sum = (constants[pointer]?.sum ?? 0) + copy * (steps[pointer] ?? 0)
        return sum == 0 ? "(local.get $\(pointer))" : "(i32.add (local.get $\(pointer)) (i32.const \(sum)))"
    }

    private func load(_ instruction: String, _ pointer: String, _ copy: Int) -> String {
        "(\(instruction) offset=\(constants[pointer]?.offset ?? 0) \(address(pointer, copy)))"
    }

    private func store(_ instruction: String, _ pointer: String, _ copy: Int, _ value: String) -> String {
        "(\(instruction) offset=\(constants[pointer]?.offset ?? 0) \(address(pointer, copy)) \(value))"
    }
}
