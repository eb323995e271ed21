import BulkheadSandbox
import Testing

// Every kind of function, structure and callback through generated bindings, in a sandbox and in direct mode.

@Suite struct ToyTests {
    @Test(arguments: ToyLibrary.Mode.allCases)
    func scalars(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        #expect(try toy.toy_add_int(.max, 1).unsafeUnchecked(because: "test") == .min)
        #expect(try toy.toy_not(true).unsafeUnchecked(because: "test") == false)
        #expect(try toy.toy_char(127).unsafeUnchecked(because: "test") == -128)
        #expect(try toy.toy_schar(-128).unsafeUnchecked(because: "test") == 127)
        #expect(try toy.toy_uchar(255).unsafeUnchecked(because: "test") == 0)
        #expect(try toy.toy_short(-32768).unsafeUnchecked(because: "test") == 32767)
        #expect(try toy.toy_ushort(65535).unsafeUnchecked(because: "test") == 0)
        #expect(try toy.toy_unsigned(0).unsafeUnchecked(because: "test") == .max)
        #expect(try toy.toy_long(-5).unsafeUnchecked(because: "test") == -10)
        #expect(try toy.toy_long(.min).unsafeUnchecked(because: "test") == 0)
        #expect(try toy.toy_ulong(.max).unsafeUnchecked(because: "test") == 0)
        #expect(try toy.toy_longlong(-(1 << 40)).unsafeUnchecked(because: "test") == -(1 << 41))
        #expect(try toy.toy_ulonglong(0).unsafeUnchecked(because: "test") == .max)
        #expect(try toy.toy_float(1.25).unsafeUnchecked(because: "test") == 2.5)
        #expect(try toy.toy_double(3, 0.5).unsafeUnchecked(because: "test") == 1.5)
        #expect(try toy.toy_size(7).unsafeUnchecked(because: "test") == 14)
        #expect(try toy.toy_int64(1 << 50, 200, -3).unsafeUnchecked(because: "test") == 1 << 50 + 197)
        #expect(try toy.toy_typedef(4).unsafeUnchecked(because: "test") == 5)
        #expect(try toy.toy_keywords(1, 1, 1, 1, 1, 1, 1).unsafeUnchecked(because: "test") == 28)
    }

    /// What comes out can go back in without a check.
    @Test(arguments: ToyLibrary.Mode.allCases)
    func taintedArguments(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let three = try toy.toy_add_int(1, 2)
        #expect(try toy.toy_add_int(three, Int32(4)).unsafeUnchecked(because: "test") == 7)
        #expect(try toy.toy_add_int(three, three).unsafeUnchecked(because: "test") == 6)
        let color = try toy.toy_next_color(.TOY_RED)
        #expect(try toy.toy_next_color(color).unsafeUnchecked(because: "test") == .TOY_BLUE)
        let point = try toy.toy_make_point(three, three)
        #expect(try toy.toy_move(point, three, Int32(1)).unsafeUnchecked(because: "test") == Toy.toy_point(x: 6, y: 4))
    }

    @Test func constants() {
        #expect(Toy.TOY_ANSWER == 42)
        #expect(Toy.TOY_MASK == 0xFFFF_0000)
        #expect(Toy.TOY_NEGATIVE == -7)
        #expect(Toy.TOY_BIG == 0x123_4567_89AB_CDEF)
        #expect(Toy.TOY_HALF == 0.5)
        #expect(Toy.TOY_TWO_PI == 2 * Double.pi)
        #expect(Toy.TOY_QUARTER == 0.25)
        #expect(type(of: Toy.TOY_QUARTER) == Float.self)
        #expect(Toy.TOY_NAME == "toy \"library\"\né")
        #expect(Toy.letter == 120)
        #expect(Toy.TOY_SUM == 35)
        #expect(Toy.TOY_SECOND == 20)
        #expect(Toy.TOY_HUGE == 4_000_000_000)
        #expect(Toy.toy_static_const == 11)
        #expect(Toy.toy_static_double == 1.5)
        #expect(Toy.toy_color.TOY_BLUE.rawValue == 10)
        #expect(Toy.toy_sign.TOY_MINUS.rawValue == -1)
        #expect(Toy.toy_tiny.TOY_LARGE.rawValue == UInt8(200))
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func variables(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let counter = try toy.addressOf_toy_counter()
        try toy.toy_nothing()
        #expect(try toy.load(counter).unsafeUnchecked(because: "test") == 4)
        #expect(try toy.toy_counter_address() == counter)
        let origin = try toy.addressOf_toy_origin()
        #expect(try toy.load(origin).unsafeUnchecked(because: "test") == Toy.toy_point(x: -1, y: -2))
        #expect(try toy.load(toy.addressOf_toy_table(), count: 4).unsafeUnchecked(because: "test") == [1, 2, 3, 4])
        let names = try toy.addressOf_toy_names()
        let second = try #require(try toy.load(names + 1))
        #expect(try toy.string(at: second, maximum: 10).unsafeUnchecked(because: "test") == "two")
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func enumerations(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        #expect(try toy.toy_next_color(.TOY_GREEN).verified(oneOf: [.TOY_BLUE]) == .TOY_BLUE)
        #expect(try toy.toy_sign_of(-9).unsafeUnchecked(because: "test") == .TOY_MINUS)
        #expect(try toy.toy_next_tiny(.TOY_SMALL).unsafeUnchecked(because: "test") == .TOY_LARGE)
    }

    // MARK: - Pointers

    @Test(arguments: ToyLibrary.Mode.allCases)
    func pointers(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let values = try toy.allocate(Int32.self, storing: [5, 6, 7])
        #expect(try toy.toy_sum(values.pointer, 3).unsafeUnchecked(because: "test") == 18)
        #expect(try toy.toy_first(values.pointer).unsafeUnchecked(because: "test") == 5)
        #expect(try toy.maximum(of: values.pointer, count: 3).unsafeUnchecked(because: "test") == 7)
        #expect(try toy.toy_row_sum(values.pointer).unsafeUnchecked(because: "test") == 18)
        #expect(try toy.toy_find(values.pointer, 3, 6) == values.pointer + 1)
        #expect(try toy.toy_find(values.pointer, 3, 8) == nil)
        #expect(try toy.toy_identity(values.pointer.cast()) == values.pointer.cast())
        #expect(try toy.toy_identity(nil) == nil)
        #expect(throws: SandboxError.self) { try toy.toy_null_by_mistake() }

        let bytes = try toy.allocate(UInt8.self, count: 4)
        try toy.toy_fill(bytes.pointer, 4, 9)
        #expect(try toy.load(bytes.pointer, count: 4).unsafeUnchecked(because: "test") == [9, 9, 9, 9])

        let pair = try toy.allocate(
            SandboxPointer<Int32>.self, storing: [values.pointer, values.pointer + 2])
        try toy.toy_swap(pair.pointer, pair.pointer + 1)
        #expect(try toy.load(pair.pointer) == values.pointer + 2)

        let longs = try toy.allocate(SandboxLong.self, storing: [1, -2, 30])
        #expect(try toy.toy_sum_longs(longs.pointer, 3).unsafeUnchecked(because: "test") == 29)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func copiedArguments(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        #expect(try toy.toy_sum([1, 2, 3]).unsafeUnchecked(because: "test") == 6)
        #expect(try toy.toy_sum([]).unsafeUnchecked(because: "test") == 0)
        #expect(try toy.toy_checksum([1, 2]).unsafeUnchecked(because: "test") == (31 + 1) * 31 + 2)
        let bytes: [UInt8] = [1, 2]
        #expect(try toy.toy_checksum(bytes.span.bytes).unsafeUnchecked(because: "test") == 994)
        #expect(try toy.toy_sum_longs([4, -5]).unsafeUnchecked(because: "test") == -1)
        #expect(try toy.toy_same_lengths([1, 2], [3, 4]).unsafeUnchecked(because: "test") == 11)
        #expect(throws: SandboxError.self) { try toy.toy_same_lengths([1, 2], [3]) }
        #expect(try toy.toy_length("héllo").unsafeUnchecked(because: "test") == 6)
        #expect(try toy.toy_length(nil).unsafeUnchecked(because: "test") == 9999)
        #expect(throws: SandboxError.self) { try toy.toy_length("a\0b") }
        #expect(try toy.concatenate("one ", with: "two").unsafeUnchecked(because: "test") == "one two")
        #expect(try toy.toy_greeting(0)?.unsafeUnchecked(because: "test") == "hello")
        #expect(try toy.toy_greeting(2)?.unsafeUnchecked(because: "test") == nil)
        // Longer than the annotations allow.
        #expect(throws: SandboxError.self) { try toy.toy_greeting(1) }
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func ownedResults(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        do {
            guard let object = try toy.toy_open(5) else {
                Issue.record("there is no object")
                return
            }
            #expect(try toy.toy_step(object.pointer).unsafeUnchecked(because: "test") == 5)
            #expect(try toy.toy_step(object.pointer).unsafeUnchecked(because: "test") == 6)
            #expect(try toy.toy_open_count().unsafeUnchecked(because: "test") == 1)
        }
        #expect(try toy.toy_open_count().unsafeUnchecked(because: "test") == 0)
        let none = try toy.toy_open(-1)
        let isNone = if case .none = consume none { true } else { false }
        #expect(isNone)
        if let kept = try toy.toy_open(1) {
            let pointer = kept.release()
            #expect(try toy.toy_open_count().unsafeUnchecked(because: "test") == 1)
            try toy.toy_close(pointer)
        }
    }

    // MARK: - Structures

    @Test(arguments: ToyLibrary.Mode.allCases)
    func structures(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let point = Toy.toy_point(x: 1, y: 2)
        #expect(try toy.toy_make_point(3, 4).x.unsafeUnchecked(because: "test") == 3)
        #expect(try toy.toy_move(point, 10, 20).unsafeUnchecked(because: "test") == Toy.toy_point(x: 11, y: 22))
        #expect(try toy.toy_wrap(Toy.toy_wrapper(value: 1 << 40)).value.unsafeUnchecked(because: "test") == 1 << 40 + 1)
        #expect(try toy.toy_inline(5).unsafeUnchecked(because: "test") == 26)
        #expect(try toy.toy_inline_point(point).unsafeUnchecked(because: "test") == Toy.toy_point(x: 2, y: 1))
        #expect(try toy.toy_square(9).unsafeUnchecked(because: "test") == 81)
        #expect(try toy.toy_wrapped(1, 2.5).unsafeUnchecked(because: "test") == 3)

        let points = try toy.allocate(Toy.toy_point.self, storing: [point, Toy.toy_point(x: 3, y: 4)])
        let sum = try toy.toy_scale_all(points.pointer, 2, 2).unsafeUnchecked(because: "test")
        #expect(sum == Toy.toy_point(x: 8, y: 12))
        #expect(try toy.load((points.pointer + 1).x).unsafeUnchecked(because: "test") == 6)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func structureWithEveryKindOfMember(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let name = try toy.allocate(cString: "four")
        let mixed = Toy.toy_mixed(
            tag: 1, number: -100_000, name: name.pointer, size: 10, point: Toy.toy_point(x: 1, y: 2), weight: 1.5,
            flag: true, color: .TOY_GREEN, inner: Toy.toy_mixed_inner(a: 3, b: 4), next: nil)
        var expected = mixed
        expected.tag = 2
        expected.number = 100_000
        expected.size = 14
        expected.point = Toy.toy_point(x: 12, y: 23)
        expected.weight = 3
        expected.flag = false
        expected.color = .TOY_BLUE
        expected.inner = Toy.toy_mixed_inner(a: 4, b: 3)
        #expect(try toy.toy_mix(mixed, Toy.toy_point(x: 10, y: 20)).unsafeUnchecked(because: "test") == expected)

        let place = try toy.allocate(Toy.toy_mixed.self, storing: [mixed])
        try toy.store(place.pointer, to: place.pointer.next)
        try toy.toy_mix_in_place(place.pointer)
        #expect(try toy.load(place.pointer.number).unsafeUnchecked(because: "test") == 100_000)
        #expect(try toy.load(place.pointer.inner.b).unsafeUnchecked(because: "test") == 3)
        #expect(try toy.load(place.pointer.weight).unsafeUnchecked(because: "test") == 3)
        #expect(try toy.load(place.pointer.next) == place.pointer)
        #expect(try toy.load(place.pointer).next == place.pointer)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func layouts(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let bits = Toy.toy_bits(low: 5, high: -3, flag: true, wide: 0x12_3456_789A, color: .TOY_RED)
        let flipped = Toy.toy_bits(low: 2, high: 3, flag: false, wide: 0xED_CBA9_8765, color: .TOY_GREEN)
        #expect(try toy.toy_flip_bits(bits).unsafeUnchecked(because: "test") == flipped)
        let packed = Toy.toy_packed(tag: 255, value: -1, number: 2.5)
        #expect(
            try toy.toy_pack(packed).unsafeUnchecked(because: "test") == Toy.toy_packed(tag: 0, value: 0, number: 3.5))
        let aligned = try toy.allocate(UInt8.self, count: 128)
        let place: SandboxPointer<Toy.toy_aligned> = aligned.pointer.advanced(
            byBytes: Int64(64 - aligned.pointer.address % 64))
        try toy.store(Toy.toy_aligned(values: [1, 2, 3]), to: place)
        #expect(try toy.toy_sum_aligned(place).unsafeUnchecked(because: "test") == 6)
        try toy.store(9, to: place.values + 3)
        #expect(try toy.toy_sum_aligned(place).unsafeUnchecked(because: "test") == 15)

        let odd = Toy.Layout_(layout_: 1, init_: 2, address_: 3, in: 4)
        let stored = try toy.allocate(Toy.Layout_.self, storing: [odd])
        #expect(try toy.load(stored.pointer).unsafeUnchecked(because: "test") == odd)
        #expect(try toy.load(stored.pointer.in).unsafeUnchecked(because: "test") == 4)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func unions(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let value = try toy.toy_make_value(1, 2.5).unsafeUnchecked(because: "test")
        #expect(value.kind == 1)
        #expect(value.extra == 77)
        let place = try toy.allocate(Toy.toy_value.self, storing: [value])
        #expect(try toy.load(place.pointer.number).unsafeUnchecked(because: "test") == 2.5)
        try toy.store(toy.toy_make_value(2, 65).unsafeUnchecked(because: "test"), to: place.pointer)
        #expect(try toy.load(place.pointer.letter).unsafeUnchecked(because: "test") == 65)
        #expect(try toy.load(place.pointer.pointer) == toy.addressOf_toy_counter().cast())

        var either = Toy.toy_either()
        either.setMember(Toy.toy_point.self, to: Toy.toy_point(x: 3, y: -4), toy.machine)
        let doubled = try toy.toy_double_either(either).unsafeUnchecked(because: "test")
        #expect(doubled.member(Toy.toy_point.self, toy.machine) == Toy.toy_point(x: 6, y: -8))
        #expect(doubled.member(Int32.self, toy.machine) == 6)
        #expect(doubled.bytes.count == 8)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func listsAndTails(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        var list: SandboxPointer<Toy.Node>?
        for value in 1...4 { list = try toy.toy_push(list, Int32(value)) }
        #expect(try toy.toy_list_sum(list).unsafeUnchecked(because: "test") == 10)
        let first = try #require(list)
        let second = try #require(try toy.load(first.next))
        #expect(try toy.load(second.value).unsafeUnchecked(because: "test") == 3)
        try toy.toy_free_list(list)

        let text = try #require(try toy.toy_make_text(5))
        let count = try toy.load(text.count).verified(in: 0...10)
        #expect(try toy.load(text.text, count: Int(count)).unsafeUnchecked(because: "test") == [97, 98, 99, 100, 101])
        try toy.free(text)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func arrays(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let a = try toy.allocate(cString: "a")
        let arrays = Toy.toy_arrays(
            small: [1, 2, 3, 4], grid: [1, 2, 3, 4, 5, 6], points: [Toy.toy_point(x: 1, y: 1)], names: [a.pointer])
        let shifted = try toy.toy_shift(arrays).unsafeUnchecked(because: "test")
        #expect(shifted.small == [2, 3, 4, 5])
        #expect(shifted.grid == [2, 4, 6, 8, 10, 12])
        #expect(shifted.points == [Toy.toy_point(x: 2, y: 3), Toy.toy_point(x: 1, y: 2)])
        #expect(shifted.names == [nil, a.pointer])
        let place = try toy.allocate(Toy.toy_arrays.self, storing: [arrays])
        try toy.store(100, to: place.pointer.grid + (Toy.toy_arrays.grid_count - 1))
        #expect(try toy.toy_sum_arrays(place.pointer).unsafeUnchecked(because: "test") == 10 + 15 + 100)

        #expect(Toy.toy_large.bytes_count == 5000)
        let large = try toy.toy_make_large(Toy.toy_large(first: 1, last: 2)).unsafeUnchecked(because: "test")
        #expect(large == Toy.toy_large(first: 1, last: 3))
    }

    // MARK: - Callbacks

    @Test(arguments: ToyLibrary.Mode.allCases)
    func callbacks(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let values = try toy.allocate(Int32.self, storing: [10, 20, 30])
        let log = Log()
        let handle = try toy.makeHandle(for: log)
        let visitor = try toy.callback(Toy.toy_visitor.self) { toy, user, position, value in
            let log = try toy.object(for: user, as: Log.self)
            guard let value else { throw SandboxError.nullPointer }
            log.values.append(try position.verified(in: 0..<3) + toy.load(value).unsafeUnchecked(because: "test"))
        }
        try toy.toy_each(values.pointer, 3, visitor.pointer, handle.pointer(toy.machine))
        #expect(log.values == [10, 21, 32])

        let operation = try toy.callback(Toy.toy_apply_operation.self) { _, a, b in
            (a - b).unsafeUnchecked(because: "test")
        }
        #expect(try toy.toy_apply(operation.pointer, 9, 4).unsafeUnchecked(because: "test") == 5)

        let mixer = try toy.callback(Toy.toy_mixer.self) { _, a, b, c, d in
            #expect(c.unsafeUnchecked(because: "test") == -3)
            #expect(d.unsafeUnchecked(because: "test") == -(1 << 40))
            return a.unsafeUnchecked(because: "test") + Double(b.unsafeUnchecked(because: "test"))
        }
        #expect(try toy.toy_blend(mixer.pointer, 1.5, 0.25, -3, -(1 << 40)).unsafeUnchecked(because: "test") == 1.75)

        let chooser = try toy.callback(Toy.toy_chooser.self) { _, _, b in b }
        let a = try toy.allocate(cString: "a")
        let b = try toy.allocate(cString: "b")
        #expect(try toy.toy_choose(chooser.pointer, a.pointer, b.pointer) == b.pointer)

        let change = try toy.callback(Toy.toy_recolor_change.self) { _, color, again in
            again.unsafeUnchecked(because: "test") ? .TOY_BLUE : color.unsafeUnchecked(because: "test")
        }
        #expect(try toy.toy_recolor(change.pointer, .TOY_RED).unsafeUnchecked(because: "test") == .TOY_BLUE)
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func structuresInCallbacks(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let folder = try toy.callback(Toy.toy_folder.self) { _, point, wrapper, scale in
            let value = Float(wrapper.unsafeUnchecked(because: "test").value) * scale.unsafeUnchecked(because: "test")
            let point = point.unsafeUnchecked(because: "test")
            return Toy.toy_point(x: point.x + Int32(value), y: point.y * 2)
        }
        let folded = try toy.toy_fold(folder.pointer, Toy.toy_point(x: 1, y: 3), 10)
        #expect(folded.unsafeUnchecked(because: "test") == Toy.toy_point(x: 1 + 5 + 22, y: 12))
        let change = try toy.callback(Toy.toy_rewrap_change.self) { _, wrapper, mixed in
            let number = mixed.unsafeUnchecked(because: "test").number
            return Toy.toy_wrapper(value: wrapper.unsafeUnchecked(because: "test").value + Int64(number))
        }
        #expect(try toy.toy_rewrap(change.pointer, 1 << 40).unsafeUnchecked(because: "test") == 1 << 40 - 4)
    }

    final class Log {
        var values: [Int32] = []
    }

    /// Structures that are passed by value in a callback of a call that does too.
    @Test(arguments: ToyLibrary.Mode.allCases)
    func nestedCalls(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let each = try toy.callback(Toy.toy_map_point_each.self) { toy, _, coordinate in
            let inner = try toy.toy_move(Toy.toy_point(x: 100, y: 200), coordinate, coordinate)
            return (inner.x + inner.y).unsafeUnchecked(because: "test")
        }
        let mapped = try toy.toy_map_point(Toy.toy_point(x: 1, y: 2), each.pointer, nil)
        #expect(mapped.unsafeUnchecked(because: "test") == Toy.toy_point(x: 302, y: 304))
    }

    @Test(arguments: ToyLibrary.Mode.allCases)
    func functionPointersInStructures(mode: ToyLibrary.Mode) throws {
        var toy = try ToyLibrary.makeSandbox(mode)
        let change = try toy.callback(Toy.toy_handlers_change.self) { toy, handlers, value in
            guard let handlers else { throw SandboxError.nullPointer }
            let user = try toy.load(handlers.user)
            return user == nil ? value.unsafeUnchecked(because: "test") * 2 : 0
        }
        let handlers = try toy.allocate(
            Toy.toy_handlers.self, storing: [Toy.toy_handlers(change: change.pointer, visit: nil, user: nil)])
        #expect(try toy.toy_run_handlers(handlers.pointer, 21).unsafeUnchecked(because: "test") == 42)
        // The library's own functions.
        let times = try toy.toy_operation_named("*")
        #expect(times != nil)
        #expect(try toy.toy_operation_named("?") == nil)
    }
}
