import Bulkhead
import Testing

struct SlabLayoutTests {
    /// Everything that is promised, byte by byte.
    private func check(_ layout: SlabLayout, _ request: SlabLayout.Request) {
        func isSafe(stride: UInt64) -> Bool {
            func base(_ slot: Int) -> UInt64 { layout.front + UInt64(slot) * stride }
            // Who may ever use a byte.
            var owners: [UInt64: Int] = [:]
            for slot in 0..<layout.slots {
                for byte in base(slot) - layout.front..<base(slot) + request.maximumMemory {
                    if owners.updateValue(slot, forKey: byte) != nil { return false }
                }
            }
            for slot in 0..<layout.slots {
                for byte in base(slot)..<base(slot) + request.reach {
                    if let owner = owners[byte], owner != slot, layout.stripe(of: owner) == layout.stripe(of: slot) {
                        return false
                    }
                }
            }
            return true
        }
        #expect(layout.front >= request.front && layout.front % request.pageSize == 0)
        #expect(layout.stride % request.pageSize == 0 && layout.size % request.pageSize == 0)
        #expect(layout.size <= request.space)
        #expect(layout.stripes <= max(1, request.keys) && (request.keys >= 2 || layout.stripes == 1))
        for slot in 0..<layout.slots {
            #expect(layout.base(of: slot) == layout.front + UInt64(slot) * layout.stride)
            #expect(layout.base(of: slot) + request.reach <= layout.size)
            #expect(layout.accessible(of: slot).upperBound <= layout.size)
        }
        #expect(isSafe(stride: layout.stride), "\(request) became \(layout)")
        // And not wasteful: a page less between slots would be a breach.
        let isEmpty = layout.front == 0 && request.maximumMemory == 0
        if !isEmpty, layout.slots > layout.stripes, layout.stride > request.pageSize {
            #expect(!isSafe(stride: layout.stride - request.pageSize), "\(request) became \(layout)")
        }
    }

    @Test func random() throws {
        var random = SystemRandomNumberGenerator()
        var laidOut = 0
        var coloured = 0
        for _ in 0..<4000 {
            let page = UInt64(1) << UInt64.random(in: 0...3, using: &random)
            let reach = UInt64.random(in: 1...120, using: &random)
            let request = SlabLayout.Request(
                slots: .random(in: 1...9, using: &random),
                maximumMemory: .random(in: 0...reach / page, using: &random) * page,
                front: .random(in: 0...30, using: &random), reach: reach, keys: .random(in: 0...6, using: &random),
                pageSize: page, space: .random(in: 50...2000, using: &random))
            guard let layout = try? SlabLayout(request) else {
                // With more space it is possible: the space was what was missing.
                var larger = request
                larger.space = .max
                #expect(try SlabLayout(larger).size > request.space)
                continue
            }
            laidOut += 1
            coloured += layout.stripes > 1 ? 1 : 0
            check(layout, request)
        }
        #expect(laidOut > 1000 && coloured > 500)
    }

    @Test func real() throws {
        let mebibyte = UInt64(1) << 20
        let plain = try SlabLayout(.init(slots: 1000, maximumMemory: 64 * mebibyte, front: 5000, keys: 1))
        #expect(plain.stripes == 1 && plain.stride == SlabLayout.defaultReach + 8192)
        let coloured = try SlabLayout(.init(slots: 320_000, maximumMemory: 400 * mebibyte, front: 4096, keys: 15))
        #expect(coloured.stripes == 15 && coloured.stride < 410 * mebibyte)
        // Larger memories than the fifteenth part of the reach: fewer colours do.
        let large = try SlabLayout(.init(slots: 100, maximumMemory: 4096 * mebibyte, front: 4096, keys: 15))
        #expect(large.stripes == 2 && large.stride == 4096 * mebibyte + 4096)
        #expect(try SlabLayout(.init(slots: 3, maximumMemory: 65536, front: 64, keys: 15)).stripes == 3)
    }

    @Test func whatCannotBe() {
        func problem(_ change: (inout SlabLayout.Request) -> Void) -> String {
            var request = SlabLayout.Request(slots: 10, maximumMemory: 65536, front: 4096, keys: 15)
            change(&request)
            do {
                _ = try SlabLayout(request)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(problem { _ in } == "")
        #expect(problem { $0.slots = 0 }.contains("at least 1"))
        #expect(problem { $0.slots = -5 }.contains("at least 1"))
        #expect(problem { $0.slots = .max }.contains("don't fit"))
        #expect(
            problem { $0.slots = 400_000 }.contains("335543 do") || problem { $0.slots = 400_000 }.contains("don't fit")
        )
        #expect(problem { $0.maximumMemory = 65537 }.contains("multiple of the page size"))
        #expect(problem { $0.maximumMemory = 1 << 40 }.contains("at most"))
        #expect(problem { $0.front = .max }.contains("too large"))
        #expect(problem { $0.front = .max - 8192 }.contains("too large"))
        #expect(problem { $0.pageSize = 3 }.contains("power of two"))
        #expect(problem { $0.pageSize = 0 }.contains("power of two"))
        #expect(problem { ($0.reach, $0.front, $0.maximumMemory) = (0, 0, 0) }.contains("the reach is 0"))
        #expect(problem { $0.reach = .max }.contains("too large"))
        #expect(problem { $0.keys = .min } == "")
        #expect(problem { $0.space = 4096 }.contains("0 do"))
        #expect(problem { ($0.keys, $0.slots) = (2, 50_000) }.contains("more protection keys"))
    }
}
