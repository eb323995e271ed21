/// Where the slots of a pool lie in one reservation of addresses.
///
/// A slot is a context and, above it, a linear memory. A guest can only form addresses from its memory's base upwards, and up to `reach` beyond
/// it; whatever it finds there has to fault. Alone, a slot has to leave all of its reach empty. With protection keys it needn't: slots are
/// painted with colours in turn, a guest's own colour is the only one that it may touch, and so the slots of other colours are part of
/// its guard.
///
///     slab      slot 0, colour 0        slot 1, colour 1        slot 2, colour 0
///       | context | memory | …  | context | memory | …  | context | memory | …          | guard |
///                 ^ base 0      stride           ^ base 1             ^ base 2
///                 |←──────────── reach of slot 0 ────────────────→|
///
/// The invariant: no byte of another slot of the same colour, its context included, lies in [base, base + reach), and all of that range lies in the
/// slab. All arithmetic is checked.
public struct SlabLayout: Sendable, Hashable {
    /// What a slab is to hold. Sizes are in bytes.
    public struct Request: Sendable, Hashable {
        /// At least 1.
        public var slots: Int
        /// What a memory can grow to: a multiple of the page size, at most `reach`.
        public var maximumMemory: UInt64
        /// What lies below a memory's base and belongs to it; rounded up to pages.
        public var front: UInt64
        /// From base on, what an access can touch: 4 GiB and the guard that code was compiled for.
        public var reach: UInt64
        /// Colours there are; fewer than two are no colours.
        public var keys: Int
        /// A power of two.
        public var pageSize: UInt64
        /// Addresses there are for the slab.
        public var space: UInt64

        public init(
            slots: Int, maximumMemory: UInt64, front: UInt64, reach: UInt64 = SlabLayout.defaultReach, keys: Int,
            pageSize: UInt64 = 4096, space: UInt64 = SlabLayout.userSpace
        ) {
            self.slots = slots
            self.maximumMemory = maximumMemory
            self.front = front
            self.reach = reach
            self.keys = keys
            self.pageSize = pageSize
            self.space = space
        }
    }

    /// 4 GiB of addresses, then 2 GiB and a page of guard.
    public static let defaultReach: UInt64 = 0x1_8000_1000
    /// What an x86-64 process has below the kernel's half.
    public static let userSpace: UInt64 = 1 << 47

    public let slots: Int
    /// Colours in use: slot `i` has colour `i % stripes`.
    public let stripes: Int
    /// From one base to the next.
    public let stride: UInt64
    /// From the slab's start to the first base.
    public let front: UInt64
    public let maximumMemory: UInt64
    public let reach: UInt64
    /// Of the whole slab.
    public let size: UInt64

    /// A request that can't be met, and what to change.
    public struct Unsatisfiable: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    public init(_ request: Request) throws(Unsatisfiable) {
        let page = request.pageSize
        guard page > 0, page & (page - 1) == 0 else {
            throw Unsatisfiable(description: "the page size is \(page); it is a power of two")
        }
        guard request.reach >= 1 else { throw Unsatisfiable(description: "the reach is 0; it is 4 GiB and a guard") }
        guard request.slots >= 1 else {
            throw Unsatisfiable(description: "there are \(request.slots) slots; a pool has at least 1")
        }
        guard request.maximumMemory % page == 0, request.maximumMemory <= request.reach else {
            throw Unsatisfiable(
                description:
                    "the maximum memory is \(request.maximumMemory) bytes; it is a multiple of the page size, \(page), and at most \(request.reach)"
            )
        }
        guard let front = Self.roundedUp(request.front, to: page), let reach = Self.roundedUp(request.reach, to: page)
        else {
            throw Unsatisfiable(
                description: "contexts of \(request.front) bytes, or a reach of \(request.reach), are too large")
        }
        let (own, ownOverflow) = front.addingReportingOverflow(request.maximumMemory)
        // What lies between the bases of two slots of one colour: the lower one's reach, then the upper one's context.
        let (apart, apartOverflow) = front.addingReportingOverflow(reach)
        guard !ownOverflow, !apartOverflow else {
            throw Unsatisfiable(
                description: "contexts of \(request.front) bytes and memories of \(request.maximumMemory) are too large"
            )
        }
        // More colours than make a difference are left alone: slots can't lie closer than they are large.
        let useful = (apart - 1) / max(own, page) + 1
        let colours = request.keys < 2 ? 1 : min(UInt64(request.keys), UInt64(request.slots), useful)
        guard let stride = Self.roundedUp(max(own, (apart - 1) / colours + 1), to: page) else {
            throw Unsatisfiable(description: "memories of \(request.maximumMemory) bytes are too large")
        }
        let (between, betweenOverflow) = stride.multipliedReportingOverflow(by: UInt64(request.slots - 1))
        let (size, sizeOverflow) = between.addingReportingOverflow(apart)
        guard !betweenOverflow, !sizeOverflow, size <= request.space else {
            let most = apart > request.space ? 0 : (request.space - apart) / stride + 1
            throw Unsatisfiable(
                description: """
                    \(request.slots) slots that are \(stride) bytes apart don't fit in \(request.space) bytes of addresses; \(most) do. Ask for \
                    fewer slots\(stride == own || request.keys >= 15 ? " or less memory in each" : ", or have more protection keys")
                    """)
        }
        self.slots = request.slots
        self.stripes = Int(colours)
        self.stride = stride
        self.front = front
        self.maximumMemory = request.maximumMemory
        self.reach = reach
        self.size = size
    }

    /// Where a slot's memory begins, from the slab's start.
    public func base(of slot: Int) -> UInt64 { front + UInt64(slot) * stride }

    /// A slot's colour, from 0.
    public func stripe(of slot: Int) -> Int { slot % stripes }

    /// What may ever be accessible of a slot: its context and its memory.
    public func accessible(of slot: Int) -> Range<UInt64> {
        base(of: slot) - front..<base(of: slot) + maximumMemory
    }

    private static func roundedUp(_ size: UInt64, to page: UInt64) -> UInt64? {
        let (sum, overflow) = size.addingReportingOverflow(page - 1)
        return overflow ? nil : sum & ~(page - 1)
    }
}
