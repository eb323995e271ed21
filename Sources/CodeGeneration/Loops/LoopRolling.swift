import WasmModule

/// A loop's body that is the same some times over, as one copy and what becomes of it from one copy to the next.
///
/// Compilers unroll loops: a round does the work of two or four, each copy at addresses that lie further on. C compilers
/// make vectors of loops, not of copies, whose addresses are sums of 32 bits each by itself. So the copies become rounds again. A loop that
/// is one copy gains too: what its addresses are made of.
///
/// Copy 0 is found by its stores, or by the sums that it adds to, and then compared with the others, value by value: copy `k` must be what
/// copy 0 would be if all counters were `k` steps further and all other locals held what copy `k - 1` left. Nothing is guessed, and the accesses come
/// in the order in which they were.
struct LoopRolling {
    typealias Value = LoopBody.Value
    typealias Sum = LoopBody.Sum

    private(set) var body: LoopBody
    /// How many times over.
    let copies: Int
    /// Locals that each copy adds a constant to, with the constant.
    private(set) var counters: [UInt32: Int32] = [:]
    /// Locals that hold something else after each copy: what after copy 0.
    private(set) var next: [UInt32: Value] = [:]
    /// Locals that the body sets to sums of counters before it uses them.
    private(set) var sums: [UInt32: Sum] = [:]
    /// What must become 0 for the loop to end, and what each round of all copies adds to it. Never 0.
    private(set) var end = (difference: Sum(), step: Int32(0))

    /// By copy: values of copy 0, and what is in their place.
    private var images: [[Value: Value]]
    /// The terms of a sum have no order of their own: copies may have them in the other one.
    private let reversesTerms: Bool

    var stores: ArraySlice<LoopBody.Store> { body.stores.prefix(body.stores.count / copies) }

    /// As many copies as there are; `nil` for a loop that doesn't count, or accesses nothing that is further on in each round.
    static func find(in body: LoopBody) -> LoopRolling? {
        for copies in (1...maximum).reversed() where body.stores.count.isMultiple(of: copies) {
            for reversesTerms in [false, true] {
                if let rolling = LoopRolling(body, copies: copies, reversesTerms) { return rolling }
            }
        }
        return nil
    }

    private static let maximum = 16
    /// Each term is compared with each other one.
    private static let longestSum = 12

    private init?(_ body: LoopBody, copies: Int, _ reversesTerms: Bool) {
        self.body = body
        self.copies = copies
        self.reversesTerms = reversesTerms
        images = Array(repeating: [:], count: copies)
        guard findCounters(), findEnd(), goesOn(), matchStores(), findNextValues(), accountsForLoads() else {
            return nil
        }
    }

    // MARK: - Counters

    private mutating func findCounters() -> Bool {
        for (local, result) in body.results {
            let sum = body.sum(result)
            guard let start = body.local(local), body.types[start] == .i32,
                sum.terms == [Sum.Term(value: start, factor: 1)]
            else { continue }
            let (step, rest) = Int32(bitPattern: sum.constant).quotientAndRemainder(dividingBy: Int32(copies))
            guard rest == 0 else { return false }
            counters[local] = step
        }
        return !counters.isEmpty
    }

    /// What a copy adds to a sum of counters and of locals that the loop leaves alone; `nil` for another sum.
    func step(of sum: Sum) -> Int32? {
        sum.terms.reduce(Int32?(0)) { step, term in
            guard let step, case .local(let local) = body.operations[term.value] else { return nil }
            if let counter = counters[local] { return step &+ Int32(bitPattern: term.factor) &* counter }
            return body.results[local] == nil ? step : nil
        }
    }

    private mutating func findEnd() -> Bool {
        var difference = body.sum(body.condition)
        if case .numeric(.i32Ne, let operands) = body.operations[body.condition] {
            difference = body.sum(operands[0]) - body.sum(operands[1])
        }
        guard let step = step(of: difference) else { return false }
        end = (difference, step &* Int32(copies))
        return end.step != 0
    }

    // MARK: - Copies

    private mutating func matchStores() -> Bool {
        let count = body.stores.count / copies
        for copy in 1..<copies {
            for (place, store) in stores.enumerated() {
                let other = body.stores[copy * count + place]
                guard match(store.access, other.access, copy), match(store.value, other.value, copy) else {
                    return false
                }
            }
        }
        return true
    }

    /// Whether a value of copy 0 is another value in a later copy. Learns on the way what copy 0 leaves in locals; what was learned from a
    /// comparison that failed is good for nothing.
    private mutating func match(_ value: Value, _ other: Value, _ copy: Int) -> Bool {
        if copy == 0 { return value == other }
        if let image = images[copy][value] { return image == other }
        guard body.types[value] == body.types[other], isImage(value, other, copy) else { return false }
        images[copy][value] = other
        return true
    }

    private mutating func isImage(_ value: Value, _ other: Value, _ copy: Int) -> Bool {
        switch (body.operations[value], body.operations[other]) {
        case (.local(let local), _) where counters[local] == nil:
            guard body.results[local] != nil else { return value == other }
            if let after = next[local] { return match(after, other, copy - 1) }
            guard copy == 1 else { return false }
            next[local] = other
            return true
        case (.local, _), (.sum, _): return match(body.sum(value), body.sum(other), copy)
        case (.constant, _): return value == other
        case (.load(let access, let stores), .load(let otherAccess, let otherStores)):
            // Without stores, the order of loads is nobody's concern.
            return otherStores - stores == copy * self.stores.count && match(access, otherAccess, copy)
        case (.numeric(let opcode, let operands), .numeric(let otherOpcode, let others)):
            return opcode == otherOpcode && zip(operands, others).allSatisfy { match($0, $1, copy) }
        case (.numeric(.i32And, let operands), .load(let access, _)):
            // A mask that the compiler knew to be of no effect on what was loaded just before.
            guard body.sum(operands[1]) == Sum(constant: access.opcode.mask) else { return false }
            return match(operands[0], other, copy)
        case (.select(let first, let second, let condition), .select(let third, let fourth, let otherCondition)):
            return match(first, third, copy) && match(second, fourth, copy)
                && match(condition, otherCondition, copy)
        default: return false
        }
    }

    private mutating func match(_ sum: Sum, _ other: Sum, _ copy: Int) -> Bool {
        if let isShifted = isShifted(sum, other, copy) { return isShifted }
        let known = sum.terms.filter { step(of: Sum(terms: [$0])) != nil }
        var terms = sum.terms.filter { !known.contains($0) }
        var others = other.terms.filter { !known.contains($0) }
        let knownPart = Sum(terms: known, constant: sum.constant)
        let otherPart = Sum(terms: other.terms.filter(known.contains), constant: other.constant)
        guard terms.count == others.count, terms.count <= Self.longestSum,
            isShifted(knownPart, otherPart, copy) == true
        else { return false }
        // What is loaded says itself where it belongs.
        for term in terms {
            guard let place = others.firstIndex(where: { $0.factor == term.factor && isShifted(term, $0, copy) }) else {
                continue
            }
            guard match(term.value, others[place].value, copy) else { return false }
            others.remove(at: place)
            terms.removeAll { $0 == term }
        }
        return zip(reversesTerms ? terms.reversed() : terms, others).allSatisfy {
            $0.factor == $1.factor && match($0.value, $1.value, copy)
        }
    }

    /// Whether a sum of counters is another one `copy` steps further; `nil` if it isn't one.
    private func isShifted(_ sum: Sum, _ other: Sum, _ copy: Int) -> Bool? {
        guard let step = step(of: sum) else { return nil }
        return sum.terms == other.terms
            && other.constant &- sum.constant == UInt32(bitPattern: step &* Int32(copy))
    }

    private func isShifted(_ term: Sum.Term, _ other: Sum.Term, _ copy: Int) -> Bool {
        guard case .load(let access, _) = body.operations[term.value],
            case .load(let otherAccess, _) = body.operations[other.value], access.offset == otherAccess.offset
        else { return false }
        return isShifted(body.sum(access.address), body.sum(otherAccess.address), copy) ?? false
    }

    private mutating func match(_ access: LoopBody.Access, _ other: LoopBody.Access, _ copy: Int) -> Bool {
        guard access.opcode == other.opcode else { return false }
        if access.offset == other.offset { return match(access.address, other.address, copy) }
        // The offset may have what the sum lacks. Addresses of rolled loops don't wrap, so they are the same as long as
        // the sum lies between copy 0's and where it would be without that.
        let (sum, otherSum) = (body.sum(access.address), body.sum(other.address))
        guard let step = step(of: sum), sum.terms == otherSum.terms else { return false }
        let distance = Int64(step) * Int64(copy)
        let inSum = Int64(Int32(bitPattern: otherSum.constant &- sum.constant))
        let inOffset = Int64(other.offset) - Int64(access.offset)
        return inSum + inOffset == distance && (min(0, distance)...max(0, distance)).contains(inSum)
    }

    // MARK: - What copies leave in locals

    private mutating func findNextValues() -> Bool {
        let others = body.results.filter { counters[$0.key] == nil }.sorted { $0.key < $1.key }
        if copies == 1 {
            next = Dictionary(uniqueKeysWithValues: others)
            return true
        }
        // Read before they are set: each copy hands on to the next.
        for (local, result) in others {
            guard let start = body.local(local) else { continue }
            if next[local] == nil {
                if addCopies(to: local, start, result) { continue }
                next[local] = firstOfChain(from: result, to: start)
            }
            guard let first = next[local], match(first, result, copies - 1) else { return false }
        }
        for (local, result) in others where body.local(local) == nil {
            if step(of: body.sum(result)) != nil {
                sums[local] = body.sum(result)
            } else {
                guard let value = body.operations.indices.first(where: { images[copies - 1][$0] == result }) else {
                    return false
                }
                next[local] = value
            }
        }
        return true
    }

    /// Of a sum that each copy adds terms to, the terms of copy 0. The order doesn't matter: where they load from tells whose they are.
    private mutating func addCopies(to local: UInt32, _ start: Value, _ result: Value) -> Bool {
        guard body.types[start] == .i32 else { return false }
        let before = Sum(terms: [Sum.Term(value: start, factor: 1)])
        let sum = body.sum(result) - before
        let loads = sum.terms.compactMap { firstLoad(in: $0) }
        guard sum.constant == 0, loads.count == sum.terms.count else { return false }
        let groups = Dictionary(grouping: loads, by: \.kind).values.sorted { $0[0].term.value < $1[0].term.value }
        var attempt = self
        var first = before
        for group in groups {
            let sorted = group.sorted { ($0.place, $0.term.value) < ($1.place, $1.term.value) }
            let count = sorted.count / copies
            guard sorted.count.isMultiple(of: copies) else { return false }
            for term in 0..<count {
                first = first + Sum(terms: [sorted[term].term])
                for copy in 1..<copies {
                    let image = sorted[copy * count + term].term
                    guard attempt.match(sorted[term].term.value, image.value, copy) else { return false }
                }
            }
        }
        self = attempt
        next[local] = body.intern(first)
        return true
    }

    /// A term of a sum, with what it loads first.
    private struct FirstLoad {
        struct Kind: Hashable {
            var factor: UInt32
            var opcode: Opcode
            var address: [Sum.Term]
        }

        var term: Sum.Term
        var kind: Kind
        /// In the order in which the loop comes to them.
        var place: Int64
    }

    private func firstLoad(in term: Sum.Term) -> FirstLoad? {
        var value = term.value
        while true {
            if case .load(let access, _) = body.operations[value],
                let step = step(of: body.sum(access.address))
            {
                let address = body.sum(access.address)
                let place = Int64(Int32(bitPattern: address.constant)) + Int64(access.offset)
                return FirstLoad(
                    term: term,
                    kind: FirstLoad.Kind(factor: term.factor, opcode: access.opcode, address: address.terms),
                    place: step < 0 ? -place : place)
            }
            guard let first = body.operands(of: value).first else { return nil }
            value = first
        }
    }

    /// Where copy 0 ends in a chain of operations from what a local holds at the beginning to what it holds in the end.
    private func firstOfChain(from result: Value, to start: Value) -> Value? {
        var dependent: Set<Value> = [start]
        for value in body.operations.indices where body.operands(of: value).contains(where: dependent.contains) {
            dependent.insert(value)
        }
        var chain = [result]
        while let last = chain.last, last != start {
            let links = body.operands(of: last).filter(dependent.contains)
            guard links.count == 1 else { return nil }
            chain.append(links[0])
        }
        let length = chain.count - 1
        return length > 0 && length.isMultiple(of: copies) ? chain[length - length / copies] : nil
    }

    /// What copy 0 computes: everything that its stores and its locals are made of, in order.
    /// - Parameter computesAddress: whether the address of an access is to be among it.
    func valuesOfCopy0(computesAddress: (LoopBody.Access) -> Bool = { _ in true }) -> [Value] {
        var needed = Set(next.values)
        for store in stores {
            needed.insert(store.value)
            if computesAddress(store.access) { needed.insert(store.access.address) }
        }
        for value in body.operations.indices.reversed() where needed.contains(value) {
            if case .load(let access, _) = body.operations[value], !computesAddress(access) { continue }
            needed.formUnion(body.operands(of: value))
        }
        return needed.sorted()
    }

    /// Whether each load belongs to a copy: one that nobody needs may still trap.
    private func accountsForLoads() -> Bool {
        let first = valuesOfCopy0()
        let known = images.reduce(into: Set(first)) { $0.formUnion($1.values) }
        return body.operations.indices.allSatisfy { value in
            guard case .load(_, let stores) = body.operations[value] else { return true }
            return known.contains(value) && (stores <= self.stores.count || !first.contains(value))
        }
    }

    /// Whether any access is somewhere else in each round.
    private func goesOn() -> Bool {
        let loads = body.operations.compactMap { operation in
            if case .load(let access, _) = operation { access } else { nil }
        }
        return (loads + stores.map(\.access)).contains { (step(of: body.sum($0.address)) ?? 0) != 0 }
    }
}

extension Opcode {
    /// The bits that a load of 32 bits can set.
    fileprivate var mask: UInt32 {
        switch self {
        case .i32Load8U: 0xFF
        case .i32Load16U: 0xFFFF
        default: .max
        }
    }
}
