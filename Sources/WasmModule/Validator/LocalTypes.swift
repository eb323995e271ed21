/// The types of a function's locals, parameters first. Spec: 3.1.1.
///
/// Locals come in runs, and a few bytes can declare 50,000 of them, so only the first are spelled out; the others
/// are searched for.
struct LocalTypes: Sendable {
    private struct Run: Sendable {
        /// The first local after the run.
        let end: UInt64
        let type: UInt8
    }

    private static let nearLimit = 1024
    private var near: [UInt8] = []
    private var runs: [Run] = []
    private(set) var count: UInt64 = 0

    /// Starts over, for another function.
    mutating func reset(parameters: ArraySlice<UInt8>, locals: [(count: UInt32, type: ValueType)]) {
        near.removeAll(keepingCapacity: true)
        runs.removeAll(keepingCapacity: true)
        count = 0
        for type in parameters { add(1, type) }
        for run in locals { add(run.count, run.type.rawValue) }
    }

    private mutating func add(_ number: UInt32, _ type: UInt8) {
        guard number > 0 else { return }
        let room = LocalTypes.nearLimit - near.count
        if room > 0 { near.append(contentsOf: repeatElement(type, count: min(room, Int(number)))) }
        count &+= UInt64(number)
        if count > UInt64(LocalTypes.nearLimit) { runs.append(Run(end: count, type: type)) }
    }

    /// The raw value of the type, or `nil` where there is no such local.
    @inline(__always)
    func type(of index: UInt32) -> UInt8? {
        Int(index) < near.count ? near[Int(index)] : farType(of: index)
    }

    private func farType(of index: UInt32) -> UInt8? {
        guard UInt64(index) < count else { return nil }
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end <= UInt64(index) { low = middle + 1 } else { high = middle }
        }
        return low < runs.count ? runs[low].type : nil
    }
}
