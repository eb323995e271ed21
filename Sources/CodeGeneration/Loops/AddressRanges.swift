import WasmModule

/// The addresses of a rolled loop's accesses that go on by the same step in each round: arrays, as far as C is concerned. Addresses that are a
/// constant apart are one range.
struct AddressRanges {
    struct Range {
        /// The lowest of the addresses in the first round.
        var first: LoopBody.Sum
        /// From round to round, in bytes.
        var step: Int32
        /// From the lowest to the highest in one round.
        var span: UInt32
    }

    private(set) var ranges: [Range] = []
    /// What a round computes, in order, without the addresses that are found here.
    let values: [LoopBody.Value]
    private var places: [[LoopBody.Sum.Term]: Int] = [:]

    init(_ rolling: LoopRolling) {
        let accesses =
            rolling.stores.map(\.access)
            + rolling.valuesOfCopy0().compactMap {
                guard case .load(let access, _) = rolling.body.operations[$0] else { return nil }
                return access
            }
        let affine = accesses.map { rolling.body.sum($0.address) }.filter { rolling.step(of: $0) != nil }
        for sum in affine where places[sum.terms] == nil {
            places[sum.terms] = ranges.count
            ranges.append(
                Range(
                    covering: affine.filter { $0.terms == sum.terms }.map(\.constant), terms: sum.terms,
                    step: rolling.step(of: sum) ?? 0))
        }
        values = rolling.valuesOfCopy0 { access in rolling.step(of: rolling.body.sum(access.address)) == nil }
    }

    /// The arguments of an access that follow MEMORY: an address of 32 bits, the value of a store, and an offset of 64.
    func text(_ access: LoopBody.Access, _ rolling: LoopRolling, storing value: LoopBody.Value? = nil) -> String {
        let stored = value.map { "\(rolling.text($0)), " } ?? ""
        let sum = rolling.body.sum(access.address)
        guard let place = places[sum.terms] else {
            return "\(rolling.text(access.address)), \(stored)\(access.offset)"
        }
        let range = ranges[place]
        let constant = UInt64(sum.constant &- range.first.constant) + access.offset
        let way = range.step == 0 ? "" : " \(range.step < 0 ? "-" : "+") k * \(range.step.magnitude)ull"
        return "0u, \(stored)a\(place) + \(constant)ull\(way)"
    }
}

extension AddressRanges.Range {
    /// On the circle of 32 bits: from the one of the constants from which the way on to the farthest is the shortest.
    fileprivate init(covering constants: [UInt32], terms: [LoopBody.Sum.Term], step: Int32) {
        func reach(from first: UInt32) -> UInt32 { constants.reduce(0) { max($0, $1 &- first) } }
        let first = constants.min { reach(from: $0) < reach(from: $1) } ?? 0
        self.first = LoopBody.Sum(terms: terms, constant: first)
        self.step = step
        span = reach(from: first)
    }
}
