import BulkheadSandbox
import Testing

@Suite struct MemoryTests {
    @Test func valuesComeBackAsTheyWereStored() throws {
        var sandbox = try Probe.sandbox()
        let room = try sandbox.allocate(UInt8.self, count: 64)
        func check<Value: SandboxScalar & Equatable>(_ values: [Value], _ sandbox: inout Sandbox<Probe>) throws {
            // At every alignment.
            for offset in 0..<8 {
                let place: SandboxPointer<Value> = room.pointer.advanced(byBytes: Int64(offset))
                for value in values {
                    try sandbox.store(value, to: place)
                    #expect(try sandbox.load(place).verified { $0 } == value)
                }
            }
        }
        try check([Int8.min, -1, 0, 1, .max], &sandbox)
        try check([UInt8.min, 1, .max], &sandbox)
        try check([Int16.min, -1, 0, 1, .max], &sandbox)
        try check([UInt16.min, 1, .max], &sandbox)
        try check([Int32.min, -1, 0, 1, .max], &sandbox)
        try check([UInt32.min, 1, .max], &sandbox)
        try check([Int64.min, -1, 0, 1, .max], &sandbox)
        try check([UInt64.min, 1, .max], &sandbox)
        try check([Float.infinity, -0.0, 1.5], &sandbox)
        try check([Double.infinity, -0.0, 1.5], &sandbox)
        try check([true, false], &sandbox)
    }

    @Test func anyByteButZeroIsTrue() throws {
        var sandbox = try Probe.sandbox()
        let byte = try sandbox.allocate(UInt8.self)
        for value in UInt8.min...UInt8.max {
            try sandbox.store(value, to: byte.pointer)
            #expect(try sandbox.load(byte.pointer.cast(to: Bool.self)).verified { $0 } == (value != 0))
        }
    }

    @Test func longsTakeFourBytes() throws {
        var sandbox = try Probe.sandbox()
        let longs = try sandbox.allocate(SandboxLong.self, storing: [-1, 2, .min])
        #expect(try sandbox.load(longs.pointer, count: 3).verified { $0 } == [-1, 2, .min])
        #expect(try sandbox.load((longs.pointer + 1).cast(to: Int32.self)).verified { $0 } == 2)
        let pointers = try sandbox.allocate(SandboxPointer<Int32>.self, storing: [nil, longs.pointer.cast()])
        #expect(try sandbox.load(pointers.pointer) == nil)
        #expect(try sandbox.load(pointers.pointer + 1) == longs.pointer.cast())
    }

    @Test func recordsHaveTheirFieldsWherePointersToThemSay() throws {
        var sandbox = try Probe.sandbox()
        let pair = try sandbox.allocate(Probe.Pair.self, storing: [Probe.Pair(first: -2, second: 70000)])
        #expect(try sandbox.load(pair.pointer.first).verified { $0 } == -2)
        #expect(try sandbox.load(pair.pointer.second).verified { $0 } == 70000)
        try sandbox.store(-9, to: pair.pointer.second)
        let copy = try sandbox.load(pair.pointer)
        #expect(copy.second.verified { $0 } == -9)
        #expect(copy.verified { $0 } == Probe.Pair(first: -2, second: -9))
    }

    @Test func bytesGoInAndOut() throws {
        var sandbox = try Probe.sandbox()
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let inside = try sandbox.allocate(copying: bytes)
        #expect(try sandbox.copyBytes(at: inside.pointer, count: 1000).verified { $0 } == bytes)
        #expect(try sandbox.sum(inside.pointer, 1000).verified { $0 } == bytes.reduce(0) { $0 + UInt32($1) })
        try sandbox.fill(inside.pointer, count: 10, with: 3)
        do {
            let view = try sandbox.uncheckedBytes(at: inside.pointer, count: 1000)
            #expect(view.unsafeLoad(fromByteOffset: 9, as: UInt8.self) == 3)
            #expect(view.unsafeLoad(fromByteOffset: 10, as: UInt8.self) == bytes[10])
        }
        do {
            var view = try sandbox.mutableBytes(at: inside.pointer, count: 4)
            view.storeBytes(of: 0x0101_0101, as: UInt32.self)
        }
        #expect(try sandbox.sum(inside.pointer, 4).verified { $0 } == 4)
    }
}

/// What goes past an end is refused, at both ends and across them, in whatever width an attacker would like the sum to be.
@Suite struct BoundsTests {
    private func isRefused(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch SandboxError.outOfBounds { return true } catch SandboxError.outOfMemory { return true } catch {
            return false
        }
    }

    @Test func theLastByteIsInAndTheNextIsNot() throws {
        var sandbox = try Probe.sandbox()
        let size = UInt32(sandbox.memorySize)
        let last = try #require(SandboxPointer<UInt8>(offset: size - 1))
        try sandbox.store(7, to: last)
        #expect(try sandbox.load(last).verified { $0 } == 7)
        for offset in [size, size + 1, 1 << 31, UInt32.max] {
            let beyond = try #require(SandboxPointer<UInt8>(offset: offset))
            #expect(isRefused { _ = try sandbox.load(beyond) })
            #expect(isRefused { try sandbox.store(7, to: beyond) })
        }
        for width in 1...7 {
            let across: SandboxPointer<UInt64> = last.advanced(byBytes: 1 - Int64(width))
            #expect(isRefused { _ = try sandbox.load(across) })
            #expect(isRefused { try sandbox.store(0, to: across) })
        }
        let fits: SandboxPointer<UInt64> = last.advanced(byBytes: -7)
        try sandbox.store(0x0102, to: fits)
    }

    @Test func lengthsThatWrapAreRefused() throws {
        let sandbox = try Probe.sandbox()
        let size = Int(sandbox.memorySize)
        let start = try #require(SandboxPointer<UInt8>(offset: 16))
        #expect(try sandbox.copyBytes(at: start, count: size - 16).verified { $0.count } == size - 16)
        for count in [
            size - 15, size, Int(UInt32.max), Int(UInt32.max) - 15, 1 << 32, (1 << 32) + 1, Int.max, Int.max - 15, -1,
            -16,
            Int.min, Int.min + 16,
        ] {
            #expect(isRefused { _ = try sandbox.copyBytes(at: start, count: count) }, "\(count)")
            #expect(isRefused { _ = try sandbox.load(start, count: count) }, "\(count)")
            #expect(isRefused { _ = try sandbox.load(start.cast(to: UInt64.self), count: count) }, "\(count)")
            #expect(isRefused { _ = try sandbox.uncheckedBytes(at: start, count: count) }, "\(count)")
        }
        // Eight bytes each: 2^61 of them are 2^64 bytes, which is none.
        for count in [1 << 61, (1 << 61) + 1, 1 << 60, 1 << 29] {
            #expect(isRefused { _ = try sandbox.load(start.cast(to: UInt64.self), count: count) }, "\(count)")
        }
        // An empty range may lie at the end.
        let end = try #require(SandboxPointer<UInt8>(offset: UInt32(size)))
        #expect(try sandbox.copyBytes(at: end, count: 0).verified { $0 } == [])
        #expect(isRefused { _ = try sandbox.copyBytes(at: end + 1, count: 0) })
    }

    @Test func pointerArithmeticStaysInThirtyTwoBits() throws {
        let sandbox = try Probe.sandbox()
        let start = try #require(SandboxPointer<UInt32>(offset: 8))
        #expect((start - 1).address == 4)
        #expect((start - 3).address == 0xFFFF_FFFC)
        #expect((start + (1 << 30)).address == 8)
        #expect((start + Int.max).address == 4)
        #expect((start + Int.min).address == 8)
        #expect((start + 5 - start).verified { $0 } == 5)
        #expect((start - (start + 5)).verified { $0 } == -5)
        #expect(isRefused { _ = try sandbox.load(start - 3) })
    }

    @Test func aCapacityFarBelowFourGiBHolds() throws {
        // The module's own limit is 16 MiB; it starts far below.
        var sandbox = try Probe.sandbox()
        let pages = Int32(sandbox.memorySize >> 16)
        #expect(try sandbox.grow(256 - pages + 1).verified { $0 } == -1)
        #expect(try sandbox.grow(256 - pages).verified { $0 } == pages)
        #expect(sandbox.memorySize == 16 << 20)
        #expect(try sandbox.grow(1).verified { $0 } == -1)
        let last = try #require(SandboxPointer<UInt8>(offset: (16 << 20) - 1))
        try sandbox.store(1, to: last)
        #expect(isRefused { _ = try sandbox.load(last + 1) })
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(UInt8.self, count: 32 << 20) }
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(UInt64.self, count: Int.max) }
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(UInt64.self, count: 1 << 29) }
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(UInt64.self, count: -1) }
    }
}

@Suite struct StringTests {
    @Test func aStringIsReadToItsEnd() throws {
        var sandbox = try Probe.sandbox()
        let greeting = try #require(try sandbox.greet())
        #expect(try sandbox.string(at: greeting, maximum: 100).verified { $0 } == "hello from inside")
        #expect(try sandbox.string(at: greeting, maximum: 17).verified { $0 } == "hello from inside")
        #expect(throws: SandboxError.self) { try sandbox.string(at: greeting, maximum: 16) }
        #expect(throws: SandboxError.self) { try sandbox.string(at: greeting, maximum: 0) }
        #expect(throws: SandboxError.self) { try sandbox.string(at: greeting, maximum: -1) }
        let copy = try sandbox.allocate(cString: "déjà")
        #expect(try sandbox.string(at: copy.pointer, maximum: .max).verified { $0 } == "déjà")
        #expect(throws: SandboxError.self) { _ = try sandbox.allocate(cString: "a\0b") }
        try sandbox.store(-1, to: copy.pointer)
        do {
            _ = try sandbox.string(at: copy.pointer, maximum: 100)
            Issue.record("not refused")
        } catch SandboxError.invalidUTF8 {}
    }

    @Test func memoryMayEndBeforeAString() throws {
        var sandbox = try Probe.sandbox()
        let size = UInt32(sandbox.memorySize)
        let near = try #require(SandboxPointer<CChar>(offset: size - 4))
        try sandbox.fill(near, count: 4, with: 65)
        do {
            _ = try sandbox.string(at: near, maximum: 100)
            Issue.record("not refused")
        } catch SandboxError.outOfBounds {}
        do {
            _ = try sandbox.string(at: near, maximum: 3)
            Issue.record("not refused")
        } catch SandboxError.unterminatedString(maximum: 3) {}
        try sandbox.store(0, to: near + 3)
        #expect(try sandbox.string(at: near, maximum: 100).verified { $0 } == "AAA")
        #expect(throws: SandboxError.self) { try sandbox.string(at: near + 5, maximum: 100) }
    }
}
