import Bulkhead
import BulkheadSandbox
import Testing

@Suite struct CallbackTests {
    @Test func aClosureIsCalledWithItsArguments() throws {
        var sandbox = try Probe.sandbox()
        let double = try sandbox.callback(Probe.Transform.self) { _, _, value in try value.verified(in: 0...100) * 2 }
        try sandbox.callLater(double.pointer)
        #expect(try sandbox.callNow(nil, 21).verified { $0 } == 42)
        let increment = try sandbox.callback(Probe.Transform.self) { _, _, value in value.verified { $0 + 1 } }
        #expect(try sandbox.repeat(increment.pointer, 1000).verified { $0 } == 1000)
        #expect(try sandbox.callNow(nil, 5).verified { $0 } == 10)
    }

    @Test func aClosureCallsTheSandboxAgain() throws {
        var sandbox = try Probe.sandbox()
        let nested = try sandbox.callback(Probe.Transform.self) { sandbox, _, value in
            let value = value.verified { $0 }
            return value == 0 ? 0 : try sandbox.add(value, sandbox.callNow(nil, value - 1)).verified { $0 }
        }
        try sandbox.callLater(nested.pointer)
        #expect(try sandbox.callNow(nil, 100).verified { $0 } == 5050)
    }

    @Test func structuresReturnedInNestedCallsDontShareTheirPlace() throws {
        var sandbox = try Probe.sandbox()
        let nested = try sandbox.callback(Probe.Transform.self) { sandbox, _, value in
            let depth = value.verified { $0 }
            if depth == 0 { return 0 }
            // A record is returned while the outer calls still have theirs to read.
            return try sandbox.withScratch(size: 8) { sandbox, scratch in
                let mine = scratch.cast(to: Probe.Pair.self)
                try sandbox.store(Probe.Pair(first: Int16(depth), second: depth * 3), to: mine)
                let inner = try sandbox.callNow(nil, depth - 1).verified { $0 }
                let pair = try sandbox.makePair(depth, -depth)
                #expect(pair.verified { $0 } == Probe.Pair(first: Int16(depth), second: -depth))
                #expect(try sandbox.load(mine).verified { $0 } == Probe.Pair(first: Int16(depth), second: depth * 3))
                return inner + 1
            }
        }
        try sandbox.callLater(nested.pointer)
        // Deeper than the room that is set aside.
        #expect(try sandbox.callNow(nil, 1200).verified { $0 } == 1200)
    }

    @Test func aCallbackThatIsGoneTraps() throws {
        var sandbox = try Probe.sandbox()
        do {
            let callback = try sandbox.callback(Probe.Transform.self) { _, _, _ in 1 }
            try sandbox.callLater(callback.pointer)
            #expect(try sandbox.callNow(nil, 0).verified { $0 } == 1)
        }
        do {
            _ = try sandbox.callNow(nil, 0)
            Issue.record("called")
        } catch let trap as Trap {
            #expect(trap.kind == .uninitializedElement)
        }
        #expect(sandbox.death != nil)
    }

    @Test func aCallbackCanBeLetGoInItsOwnCall() throws {
        final class Keeper { var callback: SandboxCallback<Probe.Transform>? }
        struct Box: ~Copyable { var callback: SandboxCallback<Probe.Transform>? }
        final class Holder { var box = Box(callback: nil) }
        var sandbox = try Probe.sandbox()
        let holder = Holder()
        holder.box.callback = try sandbox.callback(Probe.Transform.self) { _, _, _ in
            holder.box.callback = nil
            return 7
        }
        try sandbox.callLater(holder.box.callback?.pointer)
        #expect(try sandbox.callNow(nil, 0).verified { $0 } == 7)
        #expect(throws: Trap.self) { try sandbox.callNow(nil, 0) }
    }

    @Test func aHundredThousandRegistrationsTakeFewPlaces() throws {
        var sandbox = try Probe.sandbox()
        final class Counter {
            static nonisolated(unsafe) var living = 0
            init() { Self.living += 1 }
            deinit { Self.living -= 1 }
        }
        var places: Set<UInt64> = []
        for round in 0..<100_000 {
            let counter = Counter()
            let callback = try sandbox.callback(Probe.Transform.self) { _, _, _ in
                withExtendedLifetime(counter) { Int32(round) }
            }
            places.insert(callback.pointer.slot)
            if round % 1000 == 0 {
                try sandbox.callLater(callback.pointer)
                #expect(try sandbox.callNow(nil, 0).verified { $0 } == Int32(round))
            }
        }
        #expect(places.count == 1)
        #expect(Counter.living == 0)
    }

    @Test func manyAtATimeHavePlacesOfTheirOwn() throws {
        struct Callbacks: ~Copyable { var next: [Int] = [] }
        var sandbox = try Probe.sandbox()
        func register(_ depth: Int32, _ sandbox: inout Sandbox<Probe>, _ seen: inout Set<UInt64>) throws {
            if depth == 0 { return }
            let callback = try sandbox.callback(Probe.Transform.self) { _, _, _ in depth }
            #expect(seen.insert(callback.pointer.slot).inserted)
            try register(depth - 1, &sandbox, &seen)
            try sandbox.callLater(callback.pointer)
            #expect(try sandbox.callNow(nil, 0).verified { $0 } == depth)
        }
        var seen: Set<UInt64> = []
        try register(500, &sandbox, &seen)
        var again: Set<UInt64> = []
        try register(500, &sandbox, &again)
        #expect(seen == again)
    }

    @Test func closuresMayOwnCallbacks() throws {
        final class Owner { var callback: SandboxCallback<Probe.Transform>? }
        var sandbox = try Probe.sandbox()
        func chain(_ depth: Int, _ sandbox: inout Sandbox<Probe>) throws -> SandboxCallback<Probe.Transform> {
            let owner = Owner()
            if depth > 0 { owner.callback = try chain(depth - 1, &sandbox) }
            return try sandbox.callback(Probe.Transform.self) { _, _, _ in
                withExtendedLifetime(owner) { Int32(depth) }
            }
        }
        do {
            let outermost = try chain(20, &sandbox)
            try sandbox.callLater(outermost.pointer)
            #expect(try sandbox.callNow(nil, 0).verified { $0 } == 20)
        }
        // All at once when the sandbox dies.
        let another = try chain(20, &sandbox)
        #expect(throws: Trap.self) { try sandbox.crash(SandboxPointer(offset: 0xFFFF_0000), 1) }
        #expect(another.pointer.slot != 0)
    }

    @Test func aHostileAllocatorMayCallBack() throws {
        var sandbox = try Probe.sandbox()
        let nested = try sandbox.callback(Probe.Transform.self) { sandbox, _, value in
            let depth = value.verified { $0 }
            let pair = try sandbox.makePair(depth, depth)
            return pair.verified { $0.second }
        }
        try sandbox.callInMalloc(nested.pointer)
        #expect(try sandbox.makePair(1, 2).verified { $0 } == Probe.Pair(first: 1, second: 2))
        let room = try sandbox.allocate(UInt8.self, count: 10)
        #expect(room.count == 10)
    }

    struct Unhappy: Error, Equatable { var number: Int }

    @Test func whatAClosureThrowsComesOutUnchanged() throws {
        var sandbox = try Probe.sandbox()
        let callback = try sandbox.callback(Probe.Transform.self) { _, _, _ in throw Unhappy(number: 4) }
        try sandbox.callLater(callback.pointer)
        #expect(throws: Unhappy(number: 4)) { try sandbox.callNow(nil, 0) }
        // Its frames were abandoned half-way.
        #expect(sandbox.death != nil)
        do {
            _ = try sandbox.add(1, 2)
            Issue.record("alive")
        } catch SandboxError.dead {}
    }
}

@Suite struct HandleTests {
    final class Session {}

    @Test func anObjectIsFoundAgain() throws {
        var sandbox = try Probe.sandbox()
        let session = Session()
        let handle = try sandbox.makeHandle(for: session)
        nonisolated(unsafe) var found: Session?
        let callback = try sandbox.callback(Probe.Transform.self) { sandbox, data, _ in
            found = try sandbox.object(for: data, as: Session.self)
            return 0
        }
        try sandbox.callLater(callback.pointer)
        _ = try sandbox.callNow(handle.pointer(sandbox.machine), 0)
        #expect(found === session)
    }

    @Test func anythingElseIsRefused() throws {
        var sandbox = try Probe.sandbox()
        let handle = try sandbox.makeHandle(for: Session())
        let pointer = try #require(handle.pointer(sandbox.machine))
        #expect(throws: SandboxError.self) { try sandbox.object(for: pointer, as: String.self) }
        #expect(throws: SandboxError.self) { try sandbox.object(for: SandboxRawPointer?.none, as: Session.self) }
        for distance: Int64 in [-1, 1, 1 << 20, -(1 << 20), 1 << 31] {
            let wrong: SandboxRawPointer = pointer.advanced(byBytes: distance)
            #expect(throws: SandboxError.self) { try sandbox.object(for: wrong, as: Session.self) }
        }
        _ = try sandbox.object(for: pointer, as: Session.self)
        sandbox.release(handle)
        #expect(throws: SandboxError.self) { try sandbox.object(for: pointer, as: Session.self) }
        // The place is used again under another number.
        let next = try sandbox.makeHandle(for: Session())
        #expect(next.pointer(sandbox.machine) != pointer)
        #expect(throws: SandboxError.self) { try sandbox.object(for: pointer, as: Session.self) }
    }

    @Test func releasedObjectsGo() throws {
        var sandbox = try Probe.sandbox()
        weak var object: Session?
        for _ in 0..<10_000 {
            let session = Session()
            object = session
            sandbox.release(try sandbox.makeHandle(for: session))
        }
        #expect(object == nil)
    }
}
