// Bindings of Toy (toy.h), written by `bulkhead bindgen`: changes are lost when it runs again.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, NoLeadingUnderscores, TypeNamesShouldBeCapitalized

import BulkheadSandbox

/// The library, and the namespace of its types and constants.
public enum Toy: SandboxLibrary {
    public static let interface = SandboxInterface(
        name: "Toy",
        functions: """
            toy_add_int ii>i
            toy_not i>i
            toy_char i>i
            toy_schar i>i
            toy_uchar i>i
            toy_short i>i
            toy_ushort i>i
            toy_unsigned i>i
            toy_long i>i
            toy_ulong i>i
            toy_longlong I>I
            toy_ulonglong I>I
            toy_float f>f
            toy_double Ff>F
            toy_size i>i
            toy_int64 Iii>I
            toy_typedef i>i
            toy_nothing >
            toy_keywords iiiiiii>i
            toy_next_color i>i
            toy_sign_of i>i
            toy_next_tiny i>i
            toy_sum ii>i
            toy_fill iii>
            toy_checksum ii>i
            toy_length i>i
            toy_greeting i>i
            toy_concatenate ii>i
            toy_same_lengths iii>i
            toy_identity i>i
            toy_find iii>i
            toy_first i>i
            toy_counter_address >i
            toy_null_by_mistake >i
            toy_swap ii>
            toy_row_sum i>i
            toy_sum_longs ii>i
            toy_maximum ii>i
            bulkhead_toy_make_point iii>
            bulkhead_toy_move iiii>
            bulkhead_toy_scale_all iiiF>
            bulkhead_toy_wrap ii>
            bulkhead_toy_mix iii>
            toy_mix_in_place i>
            bulkhead_toy_flip_bits ii>
            bulkhead_toy_pack ii>
            toy_sum_aligned i>F
            bulkhead_toy_make_value iiF>
            bulkhead_toy_double_either ii>
            toy_push ii>i
            toy_list_sum i>i
            toy_free_list i>
            toy_make_text i>i
            bulkhead_toy_shift ii>
            toy_sum_arrays i>i
            bulkhead_toy_make_large ii>
            toy_open i>i
            toy_step i>i
            toy_close i>
            toy_open_count >i
            toy_each iiii>
            toy_apply iii>i
            toy_blend iFfiI>F
            toy_choose iii>i
            toy_run_handlers ii>i
            bulkhead_toy_map_point iiii>
            toy_operation_named i>i
            toy_recolor ii>i
            bulkhead_toy_fold iiiI>
            toy_rewrap iI>I
            bulkhead_toy_inline i>i
            bulkhead_toy_inline_point ii>
            free i>
            bulkhead_toy_square i>i
            toy_wrapped iF>i
            bulkhead_address_of_toy_counter >i
            bulkhead_address_of_toy_origin >i
            bulkhead_address_of_toy_names >i
            bulkhead_address_of_toy_table >i
            """)
}

// MARK: - Constants

extension Toy {
    public static let TOY_ANSWER: Int32 = 42
    public static let TOY_MASK: UInt32 = 4_294_901_760
    public static let TOY_NEGATIVE: Int32 = -7
    public static let TOY_BIG: Int64 = 81_985_529_216_486_895
    public static let TOY_HALF: Double = 0.5
    public static let TOY_TWO_PI: Double = 6.283185307179586
    public static let TOY_QUARTER: Float = 0.25
    public static let TOY_NAME: String = "toy \"library\"\né"
    public static let letter: Int32 = 120
    public static let TOY_SUM: Int32 = 35
    public static let TOY_FIRST: Int32 = 0
    public static let TOY_SECOND: Int32 = 20
    public static let TOY_HUGE: UInt32 = 4_000_000_000
    public static let toy_static_const: Int32 = 11
    public static let toy_static_double: Double = 1.5
}

// MARK: - Other names

extension Toy {
    public typealias toy_number = UInt32
    public typealias toy_callback_by_value = Toy.toy_opaque
    /// Without a name but by way of a pointer.
    public typealias toy_handle = SandboxPointer<Toy.toy_handle_pointee>
}

// MARK: - Enumerations

extension Toy {
    /// A colour.
    public struct toy_color: SandboxEnumeration {
        public var rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let TOY_RED = Toy.toy_color(rawValue: 0)
        /// Between red and blue.
        public static let TOY_GREEN = Toy.toy_color(rawValue: 1)
        public static let TOY_BLUE = Toy.toy_color(rawValue: 10)
    }

    public struct toy_sign: SandboxEnumeration {
        public var rawValue: Int32

        public init(rawValue: Int32) { self.rawValue = rawValue }

        public static let TOY_MINUS = Toy.toy_sign(rawValue: -1)
        public static let TOY_ZERO = Toy.toy_sign(rawValue: 0)
        public static let TOY_PLUS = Toy.toy_sign(rawValue: 1)
    }

    public struct toy_tiny: SandboxEnumeration {
        public var rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let TOY_SMALL = Toy.toy_tiny(rawValue: 0)
        public static let TOY_LARGE = Toy.toy_tiny(rawValue: 200)
    }
}

// MARK: - Structures

extension Toy {
    /// A place in the plane.
    public struct toy_point: SandboxRecord, Hashable {
        /// From the left.
        public var x: Int32
        public var y: Int32

        public init(x: Int32 = 0, y: Int32 = 0) {
            self.x = x
            self.y = y
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 8, alignment: 4))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_point {
            var value = Toy.toy_point()
            value.x = Int32.load(bytes + 0, machine)
            value.y = Int32.load(bytes + 4, machine)
            return value
        }

        public static func store(_ value: Toy.toy_point, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.x, bytes + 0, machine)
            Int32.store(value.y, bytes + 4, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_point {
    /// From the left.
    public var x: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var y: SandboxPointer<Int32> { field(PerMachine(4)) }
}

extension Toy {
    /// A structure of one member, which C passes by value in another way than others.
    public struct toy_wrapper: SandboxRecord, Hashable {
        public var value: Int64

        public init(value: Int64 = 0) {
            self.value = value
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 8, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_wrapper {
            var value = Toy.toy_wrapper()
            value.value = Int64.load(bytes + 0, machine)
            return value
        }

        public static func store(_ value: Toy.toy_wrapper, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int64.store(value.value, bytes + 0, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_wrapper {
    public var value: SandboxPointer<Int64> { field(PerMachine(0)) }
}

extension Toy {
    /// Members that lie at other places in a sandbox than on the host.
    public struct toy_mixed: SandboxRecord, Hashable {
        public var tag: CChar
        public var number: Int32
        public var name: SandboxPointer<CChar>?
        public var size: UInt32
        public var point: Toy.toy_point
        public var weight: Double
        public var flag: Bool
        public var color: Toy.toy_color
        public var inner: Toy.toy_mixed_inner
        public var next: SandboxPointer<Toy.toy_mixed>?

        public init(
            tag: CChar = 0, number: Int32 = 0, name: SandboxPointer<CChar>? = nil, size: UInt32 = 0,
            point: Toy.toy_point = Toy.toy_point(), weight: Double = 0, flag: Bool = false,
            color: Toy.toy_color = Toy.toy_color(rawValue: 0), inner: Toy.toy_mixed_inner = Toy.toy_mixed_inner(),
            next: SandboxPointer<Toy.toy_mixed>? = nil
        ) {
            self.tag = tag
            self.number = number
            self.name = name
            self.size = size
            self.point = point
            self.weight = weight
            self.flag = flag
            self.color = color
            self.inner = inner
            self.next = next
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(wasm32: Layout(size: 48, alignment: 8), native: Layout(size: 72, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_mixed {
            var value = Toy.toy_mixed()
            value.tag = CChar.load(bytes + 0, machine)
            value.number = SandboxLong.load(bytes + PerMachine(wasm32: 4, native: 8)[machine], machine)
            value.name = SandboxPointer<CChar>.load(bytes + PerMachine(wasm32: 8, native: 16)[machine], machine)
            value.size = SandboxUnsignedLong.load(bytes + PerMachine(wasm32: 12, native: 24)[machine], machine)
            value.point = Toy.toy_point.load(bytes + PerMachine(wasm32: 16, native: 32)[machine], machine)
            value.weight = Double.load(bytes + PerMachine(wasm32: 24, native: 40)[machine], machine)
            value.flag = Bool.load(bytes + PerMachine(wasm32: 32, native: 48)[machine], machine)
            value.color = Toy.toy_color.load(bytes + PerMachine(wasm32: 36, native: 52)[machine], machine)
            value.inner = Toy.toy_mixed_inner.load(bytes + PerMachine(wasm32: 40, native: 56)[machine], machine)
            value.next = SandboxPointer<Toy.toy_mixed>.load(
                bytes + PerMachine(wasm32: 44, native: 64)[machine], machine)
            return value
        }

        public static func store(_ value: Toy.toy_mixed, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            CChar.store(value.tag, bytes + 0, machine)
            SandboxLong.store(value.number, bytes + PerMachine(wasm32: 4, native: 8)[machine], machine)
            SandboxPointer<CChar>.store(value.name, bytes + PerMachine(wasm32: 8, native: 16)[machine], machine)
            SandboxUnsignedLong.store(value.size, bytes + PerMachine(wasm32: 12, native: 24)[machine], machine)
            Toy.toy_point.store(value.point, bytes + PerMachine(wasm32: 16, native: 32)[machine], machine)
            Double.store(value.weight, bytes + PerMachine(wasm32: 24, native: 40)[machine], machine)
            Bool.store(value.flag, bytes + PerMachine(wasm32: 32, native: 48)[machine], machine)
            Toy.toy_color.store(value.color, bytes + PerMachine(wasm32: 36, native: 52)[machine], machine)
            Toy.toy_mixed_inner.store(value.inner, bytes + PerMachine(wasm32: 40, native: 56)[machine], machine)
            SandboxPointer<Toy.toy_mixed>.store(
                value.next, bytes + PerMachine(wasm32: 44, native: 64)[machine], machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_mixed {
    public var tag: SandboxPointer<CChar> { field(PerMachine(0)) }
    public var number: SandboxPointer<SandboxLong> { field(PerMachine(wasm32: 4, native: 8)) }
    public var name: SandboxPointer<SandboxPointer<CChar>> { field(PerMachine(wasm32: 8, native: 16)) }
    public var size: SandboxPointer<SandboxUnsignedLong> { field(PerMachine(wasm32: 12, native: 24)) }
    public var point: SandboxPointer<Toy.toy_point> { field(PerMachine(wasm32: 16, native: 32)) }
    public var weight: SandboxPointer<Double> { field(PerMachine(wasm32: 24, native: 40)) }
    public var flag: SandboxPointer<Bool> { field(PerMachine(wasm32: 32, native: 48)) }
    public var color: SandboxPointer<Toy.toy_color> { field(PerMachine(wasm32: 36, native: 52)) }
    public var inner: SandboxPointer<Toy.toy_mixed_inner> { field(PerMachine(wasm32: 40, native: 56)) }
    public var next: SandboxPointer<SandboxPointer<Toy.toy_mixed>> { field(PerMachine(wasm32: 44, native: 64)) }
}

extension Toy {
    public struct toy_mixed_inner: SandboxRecord, Hashable {
        public var a: Int16
        public var b: Int16

        public init(a: Int16 = 0, b: Int16 = 0) {
            self.a = a
            self.b = b
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 4, alignment: 2))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_mixed_inner {
            var value = Toy.toy_mixed_inner()
            value.a = Int16.load(bytes + 0, machine)
            value.b = Int16.load(bytes + 2, machine)
            return value
        }

        public static func store(_ value: Toy.toy_mixed_inner, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int16.store(value.a, bytes + 0, machine)
            Int16.store(value.b, bytes + 2, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_mixed_inner {
    public var a: SandboxPointer<Int16> { field(PerMachine(0)) }
    public var b: SandboxPointer<Int16> { field(PerMachine(2)) }
}

extension Toy {
    public struct toy_bits: SandboxRecord, Hashable {
        public var low: UInt32
        public var high: Int32
        public var flag: Bool
        public var wide: UInt64
        public var color: Toy.toy_color

        public init(
            low: UInt32 = 0, high: Int32 = 0, flag: Bool = false, wide: UInt64 = 0,
            color: Toy.toy_color = Toy.toy_color(rawValue: 0)
        ) {
            self.low = low
            self.high = high
            self.flag = flag
            self.wide = wide
            self.color = color
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 8, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_bits {
            var value = Toy.toy_bits()
            value.low = SandboxBits.load(bytes, at: 0, width: 3, isSigned: false)
            value.high = SandboxBits.load(bytes, at: 3, width: 5, isSigned: true)
            value.flag = SandboxBits.load(bytes, at: 8, width: 1, isSigned: false)
            value.wide = SandboxBits.load(bytes, at: 13, width: 40, isSigned: false)
            value.color = SandboxBits.load(bytes, at: 53, width: 8, isSigned: false)
            return value
        }

        public static func store(_ value: Toy.toy_bits, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            SandboxBits.store(value.low, bytes, at: 0, width: 3)
            SandboxBits.store(value.high, bytes, at: 3, width: 5)
            SandboxBits.store(value.flag, bytes, at: 8, width: 1)
            SandboxBits.store(value.wide, bytes, at: 13, width: 40)
            SandboxBits.store(value.color, bytes, at: 53, width: 8)
        }
    }
}

extension Toy {
    public struct toy_packed: SandboxRecord, Hashable {
        public var tag: UInt8
        public var value: Int32
        public var number: Double

        public init(tag: UInt8 = 0, value: Int32 = 0, number: Double = 0) {
            self.tag = tag
            self.value = value
            self.number = number
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 13, alignment: 1))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_packed {
            var value = Toy.toy_packed()
            value.tag = UInt8.load(bytes + 0, machine)
            value.value = Int32.load(bytes + 1, machine)
            value.number = Double.load(bytes + 5, machine)
            return value
        }

        public static func store(_ value: Toy.toy_packed, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            UInt8.store(value.tag, bytes + 0, machine)
            Int32.store(value.value, bytes + 1, machine)
            Double.store(value.number, bytes + 5, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_packed {
    public var tag: SandboxPointer<UInt8> { field(PerMachine(0)) }
    public var value: SandboxPointer<Int32> { field(PerMachine(1)) }
    public var number: SandboxPointer<Double> { field(PerMachine(5)) }
}

extension Toy {
    public struct toy_aligned: SandboxRecord, Hashable {
        public var values: [Double]

        public init(values: [Double] = []) {
            self.values = values
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 64, alignment: 64))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_aligned {
            var value = Toy.toy_aligned()
            value.values = Double.load(bytes + 0, count: 4, machine)
            return value
        }

        public static func store(_ value: Toy.toy_aligned, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Double.store(value.values, bytes + 0, count: 4, machine)
        }

        /// The elements of `values`.
        public static var values_count: Int { 4 }
    }
}

extension SandboxPointer where Pointee == Toy.toy_aligned {
    public var values: SandboxPointer<Double> { field(PerMachine(0)) }
}

extension Toy {
    /// A value of one kind or another.
    public struct toy_value: SandboxRecord, Hashable {
        public var kind: Int32
        /// The bytes of a union that has no name in C.
        public var anonymous: [UInt8]
        public var extra: Int16

        public init(kind: Int32 = 0, anonymous: [UInt8] = [], extra: Int16 = 0) {
            self.kind = kind
            self.anonymous = anonymous
            self.extra = extra
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(wasm32: Layout(size: 24, alignment: 8), native: Layout(size: 32, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_value {
            var value = Toy.toy_value()
            value.kind = Int32.load(bytes + 0, machine)
            value.anonymous = UInt8.load(bytes + 8, count: PerMachine(wasm32: 8, native: 16)[machine], machine)
            value.extra = Int16.load(bytes + PerMachine(wasm32: 16, native: 24)[machine], machine)
            return value
        }

        public static func store(_ value: Toy.toy_value, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.kind, bytes + 0, machine)
            UInt8.store(value.anonymous, bytes + 8, count: PerMachine(wasm32: 8, native: 16)[machine], machine)
            Int16.store(value.extra, bytes + PerMachine(wasm32: 16, native: 24)[machine], machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_value {
    public var kind: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var integer: SandboxPointer<Int32> { field(PerMachine(8)) }
    public var number: SandboxPointer<Double> { field(PerMachine(8)) }
    public var letter: SandboxPointer<CChar> { field(PerMachine(8)) }
    public var pointer: SandboxPointer<SandboxRawPointer> { field(PerMachine(wasm32: 12, native: 16)) }
    public var extra: SandboxPointer<Int16> { field(PerMachine(wasm32: 16, native: 24)) }
}

extension Toy {
    public struct toy_either: SandboxUnion, Hashable {
        /// The value of whichever member was set last.
        public var bytes: [UInt8]

        public init(bytes: [UInt8] = []) { self.bytes = bytes }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 8, alignment: 4))
        }

        /// The elements of `bytes`.
        public static var bytes_count: Int { 8 }
    }
}

extension SandboxPointer where Pointee == Toy.toy_either {
    public var integer: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var number: SandboxPointer<Float> { field(PerMachine(0)) }
    public var bytes: SandboxPointer<UInt8> { field(PerMachine(0)) }
    public var point: SandboxPointer<Toy.toy_point> { field(PerMachine(0)) }
}

extension Toy {
    public struct Node: SandboxRecord, Hashable {
        public var value: Int32
        public var next: SandboxPointer<Toy.Node>?

        public init(value: Int32 = 0, next: SandboxPointer<Toy.Node>? = nil) {
            self.value = value
            self.next = next
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(wasm32: Layout(size: 8, alignment: 4), native: Layout(size: 16, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.Node {
            var value = Toy.Node()
            value.value = Int32.load(bytes + 0, machine)
            value.next = SandboxPointer<Toy.Node>.load(bytes + PerMachine(wasm32: 4, native: 8)[machine], machine)
            return value
        }

        public static func store(_ value: Toy.Node, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.value, bytes + 0, machine)
            SandboxPointer<Toy.Node>.store(value.next, bytes + PerMachine(wasm32: 4, native: 8)[machine], machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.Node {
    public var value: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var next: SandboxPointer<SandboxPointer<Toy.Node>> { field(PerMachine(wasm32: 4, native: 8)) }
}

extension Toy {
    /// A value doesn't have `text`; a pointer leads there.
    public struct toy_text: SandboxRecord, Hashable {
        public var count: Int32

        public init(count: Int32 = 0) {
            self.count = count
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 4, alignment: 4))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_text {
            var value = Toy.toy_text()
            value.count = Int32.load(bytes + 0, machine)
            return value
        }

        public static func store(_ value: Toy.toy_text, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.count, bytes + 0, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_text {
    public var count: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var text: SandboxPointer<CChar> { field(PerMachine(4)) }
}

extension Toy {
    public struct toy_arrays: SandboxRecord, Hashable {
        public var small: [Int32]
        public var grid: [Int16]
        public var points: [Toy.toy_point]
        public var names: [SandboxPointer<CChar>?]

        public init(
            small: [Int32] = [], grid: [Int16] = [], points: [Toy.toy_point] = [], names: [SandboxPointer<CChar>?] = []
        ) {
            self.small = small
            self.grid = grid
            self.points = points
            self.names = names
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(wasm32: Layout(size: 52, alignment: 4), native: Layout(size: 64, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_arrays {
            var value = Toy.toy_arrays()
            value.small = Int32.load(bytes + 0, count: 4, machine)
            value.grid = Int16.load(bytes + 16, count: 6, machine)
            value.points = Toy.toy_point.load(bytes + 28, count: 2, machine)
            value.names = SandboxPointer<CChar>.load(
                bytes + PerMachine(wasm32: 44, native: 48)[machine], count: 2, machine)
            return value
        }

        public static func store(_ value: Toy.toy_arrays, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.small, bytes + 0, count: 4, machine)
            Int16.store(value.grid, bytes + 16, count: 6, machine)
            Toy.toy_point.store(value.points, bytes + 28, count: 2, machine)
            SandboxPointer<CChar>.store(
                value.names, bytes + PerMachine(wasm32: 44, native: 48)[machine], count: 2, machine)
        }

        /// The elements of `small`.
        public static var small_count: Int { 4 }

        /// The elements of `grid`.
        public static var grid_count: Int { 6 }

        /// The elements of `points`.
        public static var points_count: Int { 2 }

        /// The elements of `names`.
        public static var names_count: Int { 2 }
    }
}

extension SandboxPointer where Pointee == Toy.toy_arrays {
    public var small: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var grid: SandboxPointer<Int16> { field(PerMachine(16)) }
    public var points: SandboxPointer<Toy.toy_point> { field(PerMachine(28)) }
    public var names: SandboxPointer<SandboxPointer<CChar>> { field(PerMachine(wasm32: 44, native: 48)) }
}

extension Toy {
    /// A value doesn't have `bytes`; a pointer leads there.
    public struct toy_large: SandboxRecord, Hashable {
        public var first: Int32
        public var last: Int32

        public init(first: Int32 = 0, last: Int32 = 0) {
            self.first = first
            self.last = last
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 5008, alignment: 4))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_large {
            var value = Toy.toy_large()
            value.first = Int32.load(bytes + 0, machine)
            value.last = Int32.load(bytes + 5004, machine)
            return value
        }

        public static func store(_ value: Toy.toy_large, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.first, bytes + 0, machine)
            Int32.store(value.last, bytes + 5004, machine)
        }

        /// The elements of `bytes`.
        public static var bytes_count: Int { 5000 }
    }
}

extension SandboxPointer where Pointee == Toy.toy_large {
    public var first: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var bytes: SandboxPointer<UInt8> { field(PerMachine(4)) }
    public var last: SandboxPointer<Int32> { field(PerMachine(5004)) }
}

extension Toy {
    /// Only pointers to it mean something outside of the library.
    public enum toy_opaque {}
}

extension Toy {
    public struct toy_handlers: SandboxRecord, Hashable {
        public var change: SandboxFunctionPointer<Toy.toy_handlers_change>?
        public var visit: SandboxFunctionPointer<Toy.toy_visitor>?
        public var user: SandboxRawPointer?

        public init(
            change: SandboxFunctionPointer<Toy.toy_handlers_change>? = nil,
            visit: SandboxFunctionPointer<Toy.toy_visitor>? = nil, user: SandboxRawPointer? = nil
        ) {
            self.change = change
            self.visit = visit
            self.user = user
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(wasm32: Layout(size: 12, alignment: 4), native: Layout(size: 24, alignment: 8))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_handlers {
            var value = Toy.toy_handlers()
            value.change = SandboxFunctionPointer<Toy.toy_handlers_change>.load(bytes + 0, machine)
            value.visit = SandboxFunctionPointer<Toy.toy_visitor>.load(
                bytes + PerMachine(wasm32: 4, native: 8)[machine], machine)
            value.user = SandboxRawPointer.load(bytes + PerMachine(wasm32: 8, native: 16)[machine], machine)
            return value
        }

        public static func store(_ value: Toy.toy_handlers, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            SandboxFunctionPointer<Toy.toy_handlers_change>.store(value.change, bytes + 0, machine)
            SandboxFunctionPointer<Toy.toy_visitor>.store(
                value.visit, bytes + PerMachine(wasm32: 4, native: 8)[machine], machine)
            SandboxRawPointer.store(value.user, bytes + PerMachine(wasm32: 8, native: 16)[machine], machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_handlers {
    public var change: SandboxPointer<SandboxFunctionPointer<Toy.toy_handlers_change>> { field(PerMachine(0)) }
    public var visit: SandboxPointer<SandboxFunctionPointer<Toy.toy_visitor>> {
        field(PerMachine(wasm32: 4, native: 8))
    }
    public var user: SandboxPointer<SandboxRawPointer> { field(PerMachine(wasm32: 8, native: 16)) }
}

extension Toy {
    /// The name of one of the bindings' own types.
    public struct Layout_: SandboxRecord, Hashable {
        public var layout_: Int32
        public var init_: Int32
        public var address_: Int32
        public var `in`: Int32

        public init(layout_: Int32 = 0, init_: Int32 = 0, address_: Int32 = 0, `in`: Int32 = 0) {
            self.layout_ = layout_
            self.init_ = init_
            self.address_ = address_
            self.`in` = `in`
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 16, alignment: 4))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.Layout_ {
            var value = Toy.Layout_()
            value.layout_ = Int32.load(bytes + 0, machine)
            value.init_ = Int32.load(bytes + 4, machine)
            value.address_ = Int32.load(bytes + 8, machine)
            value.`in` = Int32.load(bytes + 12, machine)
            return value
        }

        public static func store(_ value: Toy.Layout_, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int32.store(value.layout_, bytes + 0, machine)
            Int32.store(value.init_, bytes + 4, machine)
            Int32.store(value.address_, bytes + 8, machine)
            Int32.store(value.`in`, bytes + 12, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.Layout_ {
    public var layout_: SandboxPointer<Int32> { field(PerMachine(0)) }
    public var init_: SandboxPointer<Int32> { field(PerMachine(4)) }
    public var address_: SandboxPointer<Int32> { field(PerMachine(8)) }
    public var `in`: SandboxPointer<Int32> { field(PerMachine(12)) }
}

extension Toy {
    /// Without a name but by way of a pointer.
    public struct toy_handle_pointee: SandboxRecord, Hashable {
        public var key: Int32

        public init(key: Int32 = 0) {
            self.key = key
        }

        public static var layout: PerMachine<Layout> {
            PerMachine(Layout(size: 4, alignment: 4))
        }

        public static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Toy.toy_handle_pointee {
            var value = Toy.toy_handle_pointee()
            value.key = Int32.load(bytes + 0, machine)
            return value
        }

        public static func store(
            _ value: Toy.toy_handle_pointee, _ bytes: UnsafeMutableRawPointer, _ machine: Machine
        ) {
            Int32.store(value.key, bytes + 0, machine)
        }
    }
}

extension SandboxPointer where Pointee == Toy.toy_handle_pointee {
    public var key: SandboxPointer<Int32> { field(PerMachine(0)) }
}

// MARK: - Callbacks

extension Toy {
    /// Called for each value.
    public enum toy_visitor: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (
            inout Sandbox<Toy>, SandboxRawPointer?, Tainted<Int32>, SandboxPointer<Int32>?
        ) throws -> Void

        public static let name = "toy_visitor"
        public static let signature = "iii>"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = SandboxRawPointer(slot: slots[0], sandbox.machine)
            let value1 = Tainted<Int32>(slot: slots[1])
            let value2 = SandboxPointer<Int32>(slot: slots[2], sandbox.machine)
            try body(&sandbox, value0, value1, value2)
        }
    }

    public enum toy_mixer: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (
            inout Sandbox<Toy>, Tainted<Double>, Tainted<Float>, Tainted<Int32>, Tainted<Int64>
        ) throws -> Double

        public static let name = "toy_mixer"
        public static let signature = "FfiI>F"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = Tainted<Double>(slot: slots[0])
            let value1 = Tainted<Float>(slot: slots[1])
            let value2 = Tainted<Int32>(slot: slots[2])
            let value3 = Tainted<Int64>(slot: slots[3])
            let result = try body(&sandbox, value0, value1, value2, value3)
            slots[0] = result.slot
        }
    }

    public enum toy_chooser: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (
            inout Sandbox<Toy>, SandboxPointer<CChar>?, SandboxPointer<CChar>?
        ) throws -> SandboxPointer<CChar>?

        public static let name = "toy_chooser"
        public static let signature = "ii>i"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = SandboxPointer<CChar>(slot: slots[0], sandbox.machine)
            let value1 = SandboxPointer<CChar>(slot: slots[1], sandbox.machine)
            let result = try body(&sandbox, value0, value1)
            slots[0] = result.slot()
        }
    }

    public enum toy_operation: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (inout Sandbox<Toy>, Tainted<Int32>, Tainted<Int32>) throws -> Int32

        public static let name = "toy_operation"
        public static let signature = "ii>i"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = Tainted<Int32>(slot: slots[0])
            let value1 = Tainted<Int32>(slot: slots[1])
            let result = try body(&sandbox, value0, value1)
            slots[0] = result.slot
        }
    }

    public enum toy_folder: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (
            inout Sandbox<Toy>, Tainted<Toy.toy_point>, Tainted<Toy.toy_wrapper>, Tainted<Float>
        ) throws -> Toy.toy_point

        public static let name = "toy_folder"
        public static let signature = "iiIf>"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            guard let resultPlace = SandboxPointer<Toy.toy_point>(slot: slots[0], sandbox.machine) else {
                throw SandboxError.nullPointer
            }
            guard let value0Place = SandboxPointer<Toy.toy_point>(slot: slots[1], sandbox.machine) else {
                throw SandboxError.nullPointer
            }
            let value0 = try sandbox.load(value0Place)
            let value1 = withUnsafeBytes(of: slots[2]) { bytes in
                Tainted(bytes.baseAddress.map { Toy.toy_wrapper.load($0, sandbox.machine) } ?? Toy.toy_wrapper())
            }
            let value2 = Tainted<Float>(slot: slots[3])
            let result = try body(&sandbox, value0, value1, value2)
            try sandbox.store(result, to: resultPlace)
        }
    }

    public enum toy_handlers_change: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (inout Sandbox<Toy>, SandboxPointer<Toy.toy_handlers>?, Tainted<Int32>) throws -> Int32

        public static let name = "toy_handlers_change"
        public static let signature = "ii>i"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = SandboxPointer<Toy.toy_handlers>(slot: slots[0], sandbox.machine)
            let value1 = Tainted<Int32>(slot: slots[1])
            let result = try body(&sandbox, value0, value1)
            slots[0] = result.slot
        }
    }

    public enum toy_apply_operation: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (inout Sandbox<Toy>, Tainted<Int32>, Tainted<Int32>) throws -> Int32

        public static let name = "toy_apply_operation"
        public static let signature = "ii>i"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = Tainted<Int32>(slot: slots[0])
            let value1 = Tainted<Int32>(slot: slots[1])
            let result = try body(&sandbox, value0, value1)
            slots[0] = result.slot
        }
    }

    public enum toy_map_point_each: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (inout Sandbox<Toy>, SandboxRawPointer?, Tainted<Int32>) throws -> Int32

        public static let name = "toy_map_point_each"
        public static let signature = "ii>i"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = SandboxRawPointer(slot: slots[0], sandbox.machine)
            let value1 = Tainted<Int32>(slot: slots[1])
            let result = try body(&sandbox, value0, value1)
            slots[0] = result.slot
        }
    }

    public enum toy_recolor_change: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (inout Sandbox<Toy>, Tainted<Toy.toy_color>, Tainted<Bool>) throws -> Toy.toy_color

        public static let name = "toy_recolor_change"
        public static let signature = "ii>i"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = Tainted<Toy.toy_color>(slot: slots[0])
            let value1 = Tainted<Bool>(slot: slots[1])
            let result = try body(&sandbox, value0, value1)
            slots[0] = result.slot
        }
    }

    public enum toy_rewrap_change: SandboxFunctionType {
        public typealias Library = Toy
        public typealias Body = (
            inout Sandbox<Toy>, Tainted<Toy.toy_wrapper>, Tainted<Toy.toy_mixed>
        ) throws -> Toy.toy_wrapper

        public static let name = "toy_rewrap_change"
        public static let signature = "Ii>I"

        public static func call(
            _ body: Body, _ sandbox: inout Sandbox<Toy>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            let value0 = withUnsafeBytes(of: slots[0]) { bytes in
                Tainted(bytes.baseAddress.map { Toy.toy_wrapper.load($0, sandbox.machine) } ?? Toy.toy_wrapper())
            }
            guard let value1Place = SandboxPointer<Toy.toy_mixed>(slot: slots[1], sandbox.machine) else {
                throw SandboxError.nullPointer
            }
            let value1 = try sandbox.load(value1Place)
            let result = try body(&sandbox, value0, value1)
            slots[0] = 0
            Toy.toy_wrapper.store(result, slots, sandbox.machine)
        }
    }
}

// MARK: - Functions

extension Sandbox where Library == Toy {
    /// Adds two numbers.
    ///
    /// The sum wraps.
    ///
    /// - Parameter a: the first
    /// - Parameter b: the second, which may be on the next line
    /// - Returns: the sum
    public mutating func toy_add_int(_ a: Int32, _ b: Int32) throws -> Tainted<Int32> {
        let result = try call(0, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_add_int` for arguments that may be tainted.
    @inlinable
    public mutating func toy_add_int(
        _ a: some SandboxArgument<Int32>, _ b: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(0, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_not(_ a: Bool) throws -> Tainted<Bool> {
        let result = try call(1, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_not` for arguments that may be tainted.
    @inlinable
    public mutating func toy_not(_ a: some SandboxArgument<Bool>) throws -> Tainted<Bool> {
        let result = try call(1, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_char(_ a: CChar) throws -> Tainted<CChar> {
        let result = try call(2, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_char` for arguments that may be tainted.
    @inlinable
    public mutating func toy_char(_ a: some SandboxArgument<CChar>) throws -> Tainted<CChar> {
        let result = try call(2, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_schar(_ a: Int8) throws -> Tainted<Int8> {
        let result = try call(3, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_schar` for arguments that may be tainted.
    @inlinable
    public mutating func toy_schar(_ a: some SandboxArgument<Int8>) throws -> Tainted<Int8> {
        let result = try call(3, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_uchar(_ a: UInt8) throws -> Tainted<UInt8> {
        let result = try call(4, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_uchar` for arguments that may be tainted.
    @inlinable
    public mutating func toy_uchar(_ a: some SandboxArgument<UInt8>) throws -> Tainted<UInt8> {
        let result = try call(4, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_short(_ a: Int16) throws -> Tainted<Int16> {
        let result = try call(5, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_short` for arguments that may be tainted.
    @inlinable
    public mutating func toy_short(_ a: some SandboxArgument<Int16>) throws -> Tainted<Int16> {
        let result = try call(5, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_ushort(_ a: UInt16) throws -> Tainted<UInt16> {
        let result = try call(6, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_ushort` for arguments that may be tainted.
    @inlinable
    public mutating func toy_ushort(_ a: some SandboxArgument<UInt16>) throws -> Tainted<UInt16> {
        let result = try call(6, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_unsigned(_ a: UInt32) throws -> Tainted<UInt32> {
        let result = try call(7, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_unsigned` for arguments that may be tainted.
    @inlinable
    public mutating func toy_unsigned(_ a: some SandboxArgument<UInt32>) throws -> Tainted<UInt32> {
        let result = try call(7, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_long(_ a: Int32) throws -> Tainted<Int32> {
        let result = try call(8, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_long` for arguments that may be tainted.
    @inlinable
    public mutating func toy_long(_ a: some SandboxArgument<Int32>) throws -> Tainted<Int32> {
        let result = try call(8, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_ulong(_ a: UInt32) throws -> Tainted<UInt32> {
        let result = try call(9, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_ulong` for arguments that may be tainted.
    @inlinable
    public mutating func toy_ulong(_ a: some SandboxArgument<UInt32>) throws -> Tainted<UInt32> {
        let result = try call(9, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_longlong(_ a: Int64) throws -> Tainted<Int64> {
        let result = try call(10, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_longlong` for arguments that may be tainted.
    @inlinable
    public mutating func toy_longlong(_ a: some SandboxArgument<Int64>) throws -> Tainted<Int64> {
        let result = try call(10, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_ulonglong(_ a: UInt64) throws -> Tainted<UInt64> {
        let result = try call(11, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_ulonglong` for arguments that may be tainted.
    @inlinable
    public mutating func toy_ulonglong(_ a: some SandboxArgument<UInt64>) throws -> Tainted<UInt64> {
        let result = try call(11, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_float(_ a: Float) throws -> Tainted<Float> {
        let result = try call(12, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_float` for arguments that may be tainted.
    @inlinable
    public mutating func toy_float(_ a: some SandboxArgument<Float>) throws -> Tainted<Float> {
        let result = try call(12, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_double(_ a: Double, _ b: Float) throws -> Tainted<Double> {
        let result = try call(13, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_double` for arguments that may be tainted.
    @inlinable
    public mutating func toy_double(
        _ a: some SandboxArgument<Double>, _ b: some SandboxArgument<Float>
    ) throws -> Tainted<Double> {
        let result = try call(13, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_size(_ a: UInt32) throws -> Tainted<UInt32> {
        let result = try call(14, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_size` for arguments that may be tainted.
    @inlinable
    public mutating func toy_size(_ a: some SandboxArgument<UInt32>) throws -> Tainted<UInt32> {
        let result = try call(14, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_int64(_ a: Int64, _ b: UInt8, _ c: Int16) throws -> Tainted<Int64> {
        let result = try call(15, slots: 3) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
            slots[2] = c.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_int64` for arguments that may be tainted.
    @inlinable
    public mutating func toy_int64(
        _ a: some SandboxArgument<Int64>, _ b: some SandboxArgument<UInt8>, _ c: some SandboxArgument<Int16>
    ) throws -> Tainted<Int64> {
        let result = try call(15, slots: 3) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
            slots[2] = c.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_typedef(_ a: Toy.toy_number) throws -> Tainted<Toy.toy_number> {
        let result = try call(16, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_typedef` for arguments that may be tainted.
    @inlinable
    public mutating func toy_typedef(_ a: some SandboxArgument<Toy.toy_number>) throws -> Tainted<Toy.toy_number> {
        let result = try call(16, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_nothing() throws {
        _ = try call(17, slots: 0) { _ in }
    }

    /// Names that Swift has other uses for.
    public mutating func toy_keywords(
        _ `in`: Int32, _ `class`: Int32, _ self_: Int32, _ slots_: Int32, _ result_: Int32, _ `Type`: Int32,
        _ parameter7: Int32
    ) throws -> Tainted<Int32> {
        let result = try call(18, slots: 7) { slots in
            slots[0] = `in`.slot
            slots[1] = `class`.slot
            slots[2] = self_.slot
            slots[3] = slots_.slot
            slots[4] = result_.slot
            slots[5] = `Type`.slot
            slots[6] = parameter7.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_keywords` for arguments that may be tainted.
    @inlinable
    public mutating func toy_keywords(
        _ `in`: some SandboxArgument<Int32>, _ `class`: some SandboxArgument<Int32>,
        _ self_: some SandboxArgument<Int32>, _ slots_: some SandboxArgument<Int32>,
        _ result_: some SandboxArgument<Int32>, _ `Type`: some SandboxArgument<Int32>,
        _ parameter7: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(18, slots: 7) { slots in
            slots[0] = `in`.slot
            slots[1] = `class`.slot
            slots[2] = self_.slot
            slots[3] = slots_.slot
            slots[4] = result_.slot
            slots[5] = `Type`.slot
            slots[6] = parameter7.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_next_color(_ color: Toy.toy_color) throws -> Tainted<Toy.toy_color> {
        let result = try call(19, slots: 1) { slots in
            slots[0] = color.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_next_color` for arguments that may be tainted.
    @inlinable
    public mutating func toy_next_color(_ color: some SandboxArgument<Toy.toy_color>) throws -> Tainted<Toy.toy_color> {
        let result = try call(19, slots: 1) { slots in
            slots[0] = color.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_sign_of(_ value_: Int32) throws -> Tainted<Toy.toy_sign> {
        let result = try call(20, slots: 1) { slots in
            slots[0] = value_.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_sign_of` for arguments that may be tainted.
    @inlinable
    public mutating func toy_sign_of(_ value_: some SandboxArgument<Int32>) throws -> Tainted<Toy.toy_sign> {
        let result = try call(20, slots: 1) { slots in
            slots[0] = value_.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_next_tiny(_ value_: Toy.toy_tiny) throws -> Tainted<Toy.toy_tiny> {
        let result = try call(21, slots: 1) { slots in
            slots[0] = value_.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_next_tiny` for arguments that may be tainted.
    @inlinable
    public mutating func toy_next_tiny(_ value_: some SandboxArgument<Toy.toy_tiny>) throws -> Tainted<Toy.toy_tiny> {
        let result = try call(21, slots: 1) { slots in
            slots[0] = value_.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_sum(_ values: SandboxPointer<Int32>?, _ count: UInt32) throws -> Tainted<Int32> {
        let result = try call(22, slots: 2) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_sum` for arguments that may be tainted.
    @inlinable
    public mutating func toy_sum(
        _ values: SandboxPointer<Int32>?, _ count: some SandboxArgument<UInt32>
    ) throws -> Tainted<Int32> {
        let result = try call(22, slots: 2) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_sum` with a copy of `values` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_sum(_ values: [Int32]) throws -> Tainted<Int32> {
        var copies = makeCopies()
        defer { copies.free() }
        let valuesCopy = try copies.add(values, as: Int32.self)
        guard let count = UInt32(exactly: values.count) else {
            throw SandboxError.outOfMemory(bytes: values.count)
        }
        return try toy_sum(valuesCopy, count)
    }

    public mutating func toy_fill(_ bytes_: SandboxPointer<UInt8>?, _ count: Int32, _ value_: UInt8) throws {
        _ = try call(23, slots: 3) { slots in
            slots[0] = bytes_.slot()
            slots[1] = count.slot
            slots[2] = value_.slot
        }
    }

    /// `toy_fill` for arguments that may be tainted.
    @inlinable
    public mutating func toy_fill(
        _ bytes_: SandboxPointer<UInt8>?, _ count: some SandboxArgument<Int32>, _ value_: some SandboxArgument<UInt8>
    ) throws {
        _ = try call(23, slots: 3) { slots in
            slots[0] = bytes_.slot()
            slots[1] = count.slot
            slots[2] = value_.slot
        }
    }

    public mutating func toy_checksum(_ data: SandboxRawPointer?, _ size: UInt32) throws -> Tainted<UInt32> {
        let result = try call(24, slots: 2) { slots in
            slots[0] = data.slot()
            slots[1] = size.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_checksum` for arguments that may be tainted.
    @inlinable
    public mutating func toy_checksum(
        _ data: SandboxRawPointer?, _ size: some SandboxArgument<UInt32>
    ) throws -> Tainted<UInt32> {
        let result = try call(24, slots: 2) { slots in
            slots[0] = data.slot()
            slots[1] = size.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_checksum` with a copy of `data` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_checksum(_ data: RawSpan) throws -> Tainted<UInt32> {
        var copies = makeCopies()
        defer { copies.free() }
        let dataCopy = try copies.add(data)
        guard let size = UInt32(exactly: data.byteCount) else {
            throw SandboxError.outOfMemory(bytes: data.byteCount)
        }
        return try toy_checksum(dataCopy.cast(), size)
    }

    /// `toy_checksum` with a copy of `data` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_checksum(_ data: [UInt8]) throws -> Tainted<UInt32> {
        try toy_checksum(data.span.bytes)
    }

    public mutating func toy_length(_ text: SandboxPointer<CChar>?) throws -> Tainted<UInt32> {
        let result = try call(25, slots: 1) { slots in
            slots[0] = text.slot()
        }
        return Tainted(slot: result)
    }

    /// `toy_length` with a copy of `text` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_length(_ text: String?) throws -> Tainted<UInt32> {
        var copies = makeCopies()
        defer { copies.free() }
        let textCopy = try copies.add(text)
        return try toy_length(textCopy?.cast())
    }

    public mutating func toy_greeting(_ which: Int32) throws -> Tainted<String>? {
        let result = try call(26, slots: 1) { slots in
            slots[0] = which.slot
        }
        guard let pointer = SandboxPointer<CChar>(slot: result, machine) else {
            return nil
        }
        return try string(at: pointer.cast(), maximum: 10)
    }

    /// `toy_greeting` for arguments that may be tainted.
    @inlinable
    public mutating func toy_greeting(_ which: some SandboxArgument<Int32>) throws -> Tainted<String>? {
        let result = try call(26, slots: 1) { slots in
            slots[0] = which.slot
        }
        guard let pointer = SandboxPointer<CChar>(slot: result, machine) else {
            return nil
        }
        return try string(at: pointer.cast(), maximum: 10)
    }

    public mutating func concatenate(
        _ a: SandboxPointer<CChar>, with b: SandboxPointer<CChar>
    ) throws -> Tainted<String> {
        let result = try call(27, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        guard let pointer = SandboxPointer<CChar>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        defer { _ = try? call(72, slots: 1) { slots in slots[0] = pointer.slot } }
        return try string(at: pointer.cast(), maximum: 100)
    }

    /// `concatenate` with a copy of `a` and `b` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func concatenate(_ a: String, with b: String) throws -> Tainted<String> {
        var copies = makeCopies()
        defer { copies.free() }
        let aCopy = try copies.add(a)
        let bCopy = try copies.add(b)
        return try concatenate(aCopy.cast(), with: bCopy.cast())
    }

    public mutating func toy_same_lengths(
        _ a: SandboxPointer<Int32>?, _ b: SandboxPointer<Int16>?, _ count: Int32
    ) throws -> Tainted<Int32> {
        let result = try call(28, slots: 3) { slots in
            slots[0] = a.slot()
            slots[1] = b.slot()
            slots[2] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_same_lengths` for arguments that may be tainted.
    @inlinable
    public mutating func toy_same_lengths(
        _ a: SandboxPointer<Int32>?, _ b: SandboxPointer<Int16>?, _ count: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(28, slots: 3) { slots in
            slots[0] = a.slot()
            slots[1] = b.slot()
            slots[2] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_same_lengths` with a copy of `a` and `b` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_same_lengths(_ a: [Int32], _ b: [Int16]) throws -> Tainted<Int32> {
        var copies = makeCopies()
        defer { copies.free() }
        let aCopy = try copies.add(a, as: Int32.self)
        let bCopy = try copies.add(b, as: Int16.self)
        guard b.count == a.count else {
            throw SandboxError.verification("count is the count of arrays of different lengths")
        }
        guard let count = Int32(exactly: a.count) else {
            throw SandboxError.outOfMemory(bytes: a.count)
        }
        return try toy_same_lengths(aCopy, bCopy, count)
    }

    public mutating func toy_identity(_ pointer_: SandboxRawPointer?) throws -> SandboxRawPointer? {
        let result = try call(29, slots: 1) { slots in
            slots[0] = pointer_.slot()
        }
        return SandboxRawPointer(slot: result, machine)
    }

    public mutating func toy_find(
        _ values: SandboxPointer<Int32>, _ count: Int32, _ value_: Int32
    ) throws -> SandboxPointer<Int32>? {
        let result = try call(30, slots: 3) { slots in
            slots[0] = values.slot
            slots[1] = count.slot
            slots[2] = value_.slot
        }
        return SandboxPointer<Int32>(slot: result, machine)
    }

    /// `toy_find` for arguments that may be tainted.
    @inlinable
    public mutating func toy_find(
        _ values: SandboxPointer<Int32>, _ count: some SandboxArgument<Int32>, _ value_: some SandboxArgument<Int32>
    ) throws -> SandboxPointer<Int32>? {
        let result = try call(30, slots: 3) { slots in
            slots[0] = values.slot
            slots[1] = count.slot
            slots[2] = value_.slot
        }
        return SandboxPointer<Int32>(slot: result, machine)
    }

    public mutating func toy_first(_ values: SandboxPointer<Int32>) throws -> Tainted<Int32> {
        let result = try call(31, slots: 1) { slots in
            slots[0] = values.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_counter_address() throws -> SandboxPointer<Int32> {
        let result = try call(32, slots: 0) { _ in }
        guard let pointer = SandboxPointer<Int32>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        return pointer
    }

    public mutating func toy_null_by_mistake() throws -> SandboxPointer<Int32> {
        let result = try call(33, slots: 0) { _ in }
        guard let pointer = SandboxPointer<Int32>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        return pointer
    }

    public mutating func toy_swap(
        _ a: SandboxPointer<SandboxPointer<Int32>>?, _ b: SandboxPointer<SandboxPointer<Int32>>?
    ) throws {
        _ = try call(34, slots: 2) { slots in
            slots[0] = a.slot()
            slots[1] = b.slot()
        }
    }

    public mutating func toy_row_sum(_ row: SandboxPointer<Int32>?) throws -> Tainted<Int32> {
        let result = try call(35, slots: 1) { slots in
            slots[0] = row.slot()
        }
        return Tainted(slot: result)
    }

    public mutating func toy_sum_longs(
        _ values: SandboxPointer<SandboxLong>?, _ count: Int32
    ) throws -> Tainted<Int32> {
        let result = try call(36, slots: 2) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_sum_longs` for arguments that may be tainted.
    @inlinable
    public mutating func toy_sum_longs(
        _ values: SandboxPointer<SandboxLong>?, _ count: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(36, slots: 2) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_sum_longs` with a copy of `values` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_sum_longs(_ values: [Int32]) throws -> Tainted<Int32> {
        var copies = makeCopies()
        defer { copies.free() }
        let valuesCopy = try copies.add(values, as: SandboxLong.self)
        guard let count = Int32(exactly: values.count) else {
            throw SandboxError.outOfMemory(bytes: values.count)
        }
        return try toy_sum_longs(valuesCopy, count)
    }

    public mutating func maximum(of values: SandboxPointer<Int32>?, count: Int32) throws -> Tainted<Int32> {
        let result = try call(37, slots: 2) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
        }
        return Tainted(slot: result)
    }

    /// `maximum` for arguments that may be tainted.
    @inlinable
    public mutating func maximum(
        of values: SandboxPointer<Int32>?, count: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(37, slots: 2) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_make_point(_ x: Int32, _ y: Int32) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 16) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            _ = try sandbox.call(38, slots: 3) { slots in
                slots[0] = result.slot
                slots[1] = x.slot
                slots[2] = y.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_make_point` for arguments that may be tainted.
    @inlinable
    public mutating func toy_make_point(
        _ x: some SandboxArgument<Int32>, _ y: some SandboxArgument<Int32>
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 16) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            _ = try sandbox.call(38, slots: 3) { slots in
                slots[0] = result.slot
                slots[1] = x.slot
                slots[2] = y.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_move(_ point: Toy.toy_point, _ dx: Int32, _ dy: Int32) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let pointPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(point, to: pointPointer)
            _ = try sandbox.call(39, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = pointPointer.slot
                slots[2] = dx.slot
                slots[3] = dy.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_move` for arguments that may be tainted.
    @inlinable
    public mutating func toy_move(
        _ point: some SandboxRecordArgument<Toy.toy_point>, _ dx: some SandboxArgument<Int32>,
        _ dy: some SandboxArgument<Int32>
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let pointPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(point.tainted, to: pointPointer)
            _ = try sandbox.call(39, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = pointPointer.slot
                slots[2] = dx.slot
                slots[3] = dy.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_scale_all(
        _ points: SandboxPointer<Toy.toy_point>?, _ count: Int32, _ factor: Double
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 16) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            _ = try sandbox.call(40, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = points.slot()
                slots[2] = count.slot
                slots[3] = factor.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_scale_all` for arguments that may be tainted.
    @inlinable
    public mutating func toy_scale_all(
        _ points: SandboxPointer<Toy.toy_point>?, _ count: some SandboxArgument<Int32>,
        _ factor: some SandboxArgument<Double>
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 16) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            _ = try sandbox.call(40, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = points.slot()
                slots[2] = count.slot
                slots[3] = factor.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_wrap(_ wrapper: Toy.toy_wrapper) throws -> Tainted<Toy.toy_wrapper> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_wrapper.self)
            let wrapperPointer = scratch.advanced(byBytes: 16, to: Toy.toy_wrapper.self)
            try sandbox.store(wrapper, to: wrapperPointer)
            _ = try sandbox.call(41, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = wrapperPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_wrap` for arguments that may be tainted.
    @inlinable
    public mutating func toy_wrap(
        _ wrapper: some SandboxRecordArgument<Toy.toy_wrapper>
    ) throws -> Tainted<Toy.toy_wrapper> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_wrapper.self)
            let wrapperPointer = scratch.advanced(byBytes: 16, to: Toy.toy_wrapper.self)
            try sandbox.store(wrapper.tainted, to: wrapperPointer)
            _ = try sandbox.call(41, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = wrapperPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_mix(_ mixed: Toy.toy_mixed, _ point: Toy.toy_point) throws -> Tainted<Toy.toy_mixed> {
        try withScratch(size: 176) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_mixed.self)
            let mixedPointer = scratch.advanced(byBytes: 80, to: Toy.toy_mixed.self)
            let pointPointer = scratch.advanced(byBytes: 160, to: Toy.toy_point.self)
            try sandbox.store(mixed, to: mixedPointer)
            try sandbox.store(point, to: pointPointer)
            _ = try sandbox.call(42, slots: 3) { slots in
                slots[0] = result.slot
                slots[1] = mixedPointer.slot
                slots[2] = pointPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_mix` for arguments that may be tainted.
    @inlinable
    public mutating func toy_mix(
        _ mixed: some SandboxRecordArgument<Toy.toy_mixed>, _ point: some SandboxRecordArgument<Toy.toy_point>
    ) throws -> Tainted<Toy.toy_mixed> {
        try withScratch(size: 176) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_mixed.self)
            let mixedPointer = scratch.advanced(byBytes: 80, to: Toy.toy_mixed.self)
            let pointPointer = scratch.advanced(byBytes: 160, to: Toy.toy_point.self)
            try sandbox.store(mixed.tainted, to: mixedPointer)
            try sandbox.store(point.tainted, to: pointPointer)
            _ = try sandbox.call(42, slots: 3) { slots in
                slots[0] = result.slot
                slots[1] = mixedPointer.slot
                slots[2] = pointPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_mix_in_place(_ mixed: SandboxPointer<Toy.toy_mixed>?) throws {
        _ = try call(43, slots: 1) { slots in
            slots[0] = mixed.slot()
        }
    }

    public mutating func toy_flip_bits(_ bits: Toy.toy_bits) throws -> Tainted<Toy.toy_bits> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_bits.self)
            let bitsPointer = scratch.advanced(byBytes: 16, to: Toy.toy_bits.self)
            try sandbox.store(bits, to: bitsPointer)
            _ = try sandbox.call(44, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = bitsPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_flip_bits` for arguments that may be tainted.
    @inlinable
    public mutating func toy_flip_bits(
        _ bits: some SandboxRecordArgument<Toy.toy_bits>
    ) throws -> Tainted<Toy.toy_bits> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_bits.self)
            let bitsPointer = scratch.advanced(byBytes: 16, to: Toy.toy_bits.self)
            try sandbox.store(bits.tainted, to: bitsPointer)
            _ = try sandbox.call(44, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = bitsPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_pack(_ packed: Toy.toy_packed) throws -> Tainted<Toy.toy_packed> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_packed.self)
            let packedPointer = scratch.advanced(byBytes: 16, to: Toy.toy_packed.self)
            try sandbox.store(packed, to: packedPointer)
            _ = try sandbox.call(45, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = packedPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_pack` for arguments that may be tainted.
    @inlinable
    public mutating func toy_pack(
        _ packed: some SandboxRecordArgument<Toy.toy_packed>
    ) throws -> Tainted<Toy.toy_packed> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_packed.self)
            let packedPointer = scratch.advanced(byBytes: 16, to: Toy.toy_packed.self)
            try sandbox.store(packed.tainted, to: packedPointer)
            _ = try sandbox.call(45, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = packedPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_sum_aligned(_ aligned: SandboxPointer<Toy.toy_aligned>?) throws -> Tainted<Double> {
        let result = try call(46, slots: 1) { slots in
            slots[0] = aligned.slot()
        }
        return Tainted(slot: result)
    }

    public mutating func toy_make_value(_ kind: Int32, _ number: Double) throws -> Tainted<Toy.toy_value> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_value.self)
            _ = try sandbox.call(47, slots: 3) { slots in
                slots[0] = result.slot
                slots[1] = kind.slot
                slots[2] = number.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_make_value` for arguments that may be tainted.
    @inlinable
    public mutating func toy_make_value(
        _ kind: some SandboxArgument<Int32>, _ number: some SandboxArgument<Double>
    ) throws -> Tainted<Toy.toy_value> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_value.self)
            _ = try sandbox.call(47, slots: 3) { slots in
                slots[0] = result.slot
                slots[1] = kind.slot
                slots[2] = number.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_double_either(_ either: Toy.toy_either) throws -> Tainted<Toy.toy_either> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_either.self)
            let eitherPointer = scratch.advanced(byBytes: 16, to: Toy.toy_either.self)
            try sandbox.store(either, to: eitherPointer)
            _ = try sandbox.call(48, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = eitherPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_double_either` for arguments that may be tainted.
    @inlinable
    public mutating func toy_double_either(
        _ either: some SandboxRecordArgument<Toy.toy_either>
    ) throws -> Tainted<Toy.toy_either> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_either.self)
            let eitherPointer = scratch.advanced(byBytes: 16, to: Toy.toy_either.self)
            try sandbox.store(either.tainted, to: eitherPointer)
            _ = try sandbox.call(48, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = eitherPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_push(
        _ list: SandboxPointer<Toy.Node>?, _ value_: Int32
    ) throws -> SandboxPointer<Toy.Node>? {
        let result = try call(49, slots: 2) { slots in
            slots[0] = list.slot()
            slots[1] = value_.slot
        }
        return SandboxPointer<Toy.Node>(slot: result, machine)
    }

    /// `toy_push` for arguments that may be tainted.
    @inlinable
    public mutating func toy_push(
        _ list: SandboxPointer<Toy.Node>?, _ value_: some SandboxArgument<Int32>
    ) throws -> SandboxPointer<Toy.Node>? {
        let result = try call(49, slots: 2) { slots in
            slots[0] = list.slot()
            slots[1] = value_.slot
        }
        return SandboxPointer<Toy.Node>(slot: result, machine)
    }

    public mutating func toy_list_sum(_ list: SandboxPointer<Toy.Node>?) throws -> Tainted<Int32> {
        let result = try call(50, slots: 1) { slots in
            slots[0] = list.slot()
        }
        return Tainted(slot: result)
    }

    public mutating func toy_free_list(_ list: SandboxPointer<Toy.Node>?) throws {
        _ = try call(51, slots: 1) { slots in
            slots[0] = list.slot()
        }
    }

    public mutating func toy_make_text(_ count: Int32) throws -> SandboxPointer<Toy.toy_text>? {
        let result = try call(52, slots: 1) { slots in
            slots[0] = count.slot
        }
        return SandboxPointer<Toy.toy_text>(slot: result, machine)
    }

    /// `toy_make_text` for arguments that may be tainted.
    @inlinable
    public mutating func toy_make_text(_ count: some SandboxArgument<Int32>) throws -> SandboxPointer<Toy.toy_text>? {
        let result = try call(52, slots: 1) { slots in
            slots[0] = count.slot
        }
        return SandboxPointer<Toy.toy_text>(slot: result, machine)
    }

    public mutating func toy_shift(_ arrays: Toy.toy_arrays) throws -> Tainted<Toy.toy_arrays> {
        try withScratch(size: 128) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_arrays.self)
            let arraysPointer = scratch.advanced(byBytes: 64, to: Toy.toy_arrays.self)
            try sandbox.store(arrays, to: arraysPointer)
            _ = try sandbox.call(53, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = arraysPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_shift` for arguments that may be tainted.
    @inlinable
    public mutating func toy_shift(
        _ arrays: some SandboxRecordArgument<Toy.toy_arrays>
    ) throws -> Tainted<Toy.toy_arrays> {
        try withScratch(size: 128) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_arrays.self)
            let arraysPointer = scratch.advanced(byBytes: 64, to: Toy.toy_arrays.self)
            try sandbox.store(arrays.tainted, to: arraysPointer)
            _ = try sandbox.call(53, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = arraysPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_sum_arrays(_ arrays: SandboxPointer<Toy.toy_arrays>?) throws -> Tainted<Int32> {
        let result = try call(54, slots: 1) { slots in
            slots[0] = arrays.slot()
        }
        return Tainted(slot: result)
    }

    public mutating func toy_make_large(_ large: Toy.toy_large) throws -> Tainted<Toy.toy_large> {
        try withScratch(size: 10016) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_large.self)
            let largePointer = scratch.advanced(byBytes: 5008, to: Toy.toy_large.self)
            try sandbox.fill(largePointer, count: Toy.toy_large.layout[sandbox.machine].size)
            try sandbox.store(large, to: largePointer)
            _ = try sandbox.call(55, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = largePointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_make_large` for arguments that may be tainted.
    @inlinable
    public mutating func toy_make_large(
        _ large: some SandboxRecordArgument<Toy.toy_large>
    ) throws -> Tainted<Toy.toy_large> {
        try withScratch(size: 10016) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_large.self)
            let largePointer = scratch.advanced(byBytes: 5008, to: Toy.toy_large.self)
            try sandbox.fill(largePointer, count: Toy.toy_large.layout[sandbox.machine].size)
            try sandbox.store(large.tainted, to: largePointer)
            _ = try sandbox.call(55, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = largePointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_open(_ start: Int32) throws -> SandboxOwned<Toy.toy_opaque>? {
        let result = try call(56, slots: 1) { slots in
            slots[0] = start.slot
        }
        guard let pointer = SandboxPointer<Toy.toy_opaque>(slot: result, machine) else {
            return nil
        }
        return own(pointer, freedBy: 58)
    }

    /// `toy_open` for arguments that may be tainted.
    @inlinable
    public mutating func toy_open(_ start: some SandboxArgument<Int32>) throws -> SandboxOwned<Toy.toy_opaque>? {
        let result = try call(56, slots: 1) { slots in
            slots[0] = start.slot
        }
        guard let pointer = SandboxPointer<Toy.toy_opaque>(slot: result, machine) else {
            return nil
        }
        return own(pointer, freedBy: 58)
    }

    public mutating func toy_step(_ object: SandboxPointer<Toy.toy_opaque>?) throws -> Tainted<Int32> {
        let result = try call(57, slots: 1) { slots in
            slots[0] = object.slot()
        }
        return Tainted(slot: result)
    }

    public mutating func toy_close(_ object: SandboxPointer<Toy.toy_opaque>?) throws {
        _ = try call(58, slots: 1) { slots in
            slots[0] = object.slot()
        }
    }

    public mutating func toy_open_count() throws -> Tainted<Int32> {
        let result = try call(59, slots: 0) { _ in }
        return Tainted(slot: result)
    }

    public mutating func toy_each(
        _ values: SandboxPointer<Int32>?, _ count: Int32, _ visitor: SandboxFunctionPointer<Toy.toy_visitor>?,
        _ user: SandboxRawPointer?
    ) throws {
        _ = try call(60, slots: 4) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
            slots[2] = visitor.slot()
            slots[3] = user.slot()
        }
    }

    /// `toy_each` for arguments that may be tainted.
    @inlinable
    public mutating func toy_each(
        _ values: SandboxPointer<Int32>?, _ count: some SandboxArgument<Int32>,
        _ visitor: SandboxFunctionPointer<Toy.toy_visitor>?, _ user: SandboxRawPointer?
    ) throws {
        _ = try call(60, slots: 4) { slots in
            slots[0] = values.slot()
            slots[1] = count.slot
            slots[2] = visitor.slot()
            slots[3] = user.slot()
        }
    }

    public mutating func toy_apply(
        _ operation: SandboxFunctionPointer<Toy.toy_apply_operation>?, _ a: Int32, _ b: Int32
    ) throws -> Tainted<Int32> {
        let result = try call(61, slots: 3) { slots in
            slots[0] = operation.slot()
            slots[1] = a.slot
            slots[2] = b.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_apply` for arguments that may be tainted.
    @inlinable
    public mutating func toy_apply(
        _ operation: SandboxFunctionPointer<Toy.toy_apply_operation>?, _ a: some SandboxArgument<Int32>,
        _ b: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(61, slots: 3) { slots in
            slots[0] = operation.slot()
            slots[1] = a.slot
            slots[2] = b.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_blend(
        _ mixer: SandboxFunctionPointer<Toy.toy_mixer>?, _ a: Double, _ b: Float, _ c: Int32, _ d: Int64
    ) throws -> Tainted<Double> {
        let result = try call(62, slots: 5) { slots in
            slots[0] = mixer.slot()
            slots[1] = a.slot
            slots[2] = b.slot
            slots[3] = c.slot
            slots[4] = d.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_blend` for arguments that may be tainted.
    @inlinable
    public mutating func toy_blend(
        _ mixer: SandboxFunctionPointer<Toy.toy_mixer>?, _ a: some SandboxArgument<Double>,
        _ b: some SandboxArgument<Float>, _ c: some SandboxArgument<Int32>, _ d: some SandboxArgument<Int64>
    ) throws -> Tainted<Double> {
        let result = try call(62, slots: 5) { slots in
            slots[0] = mixer.slot()
            slots[1] = a.slot
            slots[2] = b.slot
            slots[3] = c.slot
            slots[4] = d.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_choose(
        _ chooser: SandboxFunctionPointer<Toy.toy_chooser>?, _ a: SandboxPointer<CChar>?, _ b: SandboxPointer<CChar>?
    ) throws -> SandboxPointer<CChar>? {
        let result = try call(63, slots: 3) { slots in
            slots[0] = chooser.slot()
            slots[1] = a.slot()
            slots[2] = b.slot()
        }
        return SandboxPointer<CChar>(slot: result, machine)
    }

    public mutating func toy_run_handlers(
        _ handlers: SandboxPointer<Toy.toy_handlers>?, _ value_: Int32
    ) throws -> Tainted<Int32> {
        let result = try call(64, slots: 2) { slots in
            slots[0] = handlers.slot()
            slots[1] = value_.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_run_handlers` for arguments that may be tainted.
    @inlinable
    public mutating func toy_run_handlers(
        _ handlers: SandboxPointer<Toy.toy_handlers>?, _ value_: some SandboxArgument<Int32>
    ) throws -> Tainted<Int32> {
        let result = try call(64, slots: 2) { slots in
            slots[0] = handlers.slot()
            slots[1] = value_.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_map_point(
        _ point: Toy.toy_point, _ each: SandboxFunctionPointer<Toy.toy_map_point_each>?, _ user: SandboxRawPointer?
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let pointPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(point, to: pointPointer)
            _ = try sandbox.call(65, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = pointPointer.slot
                slots[2] = each.slot()
                slots[3] = user.slot()
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_map_point` for arguments that may be tainted.
    @inlinable
    public mutating func toy_map_point(
        _ point: some SandboxRecordArgument<Toy.toy_point>, _ each: SandboxFunctionPointer<Toy.toy_map_point_each>?,
        _ user: SandboxRawPointer?
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let pointPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(point.tainted, to: pointPointer)
            _ = try sandbox.call(65, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = pointPointer.slot
                slots[2] = each.slot()
                slots[3] = user.slot()
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_operation_named(
        _ name: SandboxPointer<CChar>
    ) throws -> SandboxFunctionPointer<Toy.toy_operation>? {
        let result = try call(66, slots: 1) { slots in
            slots[0] = name.slot
        }
        return SandboxFunctionPointer<Toy.toy_operation>(slot: result, machine)
    }

    /// `toy_operation_named` with a copy of `name` in the library's memory while it runs.
    @_disfavoredOverload
    public mutating func toy_operation_named(_ name: String) throws -> SandboxFunctionPointer<Toy.toy_operation>? {
        var copies = makeCopies()
        defer { copies.free() }
        let nameCopy = try copies.add(name)
        return try toy_operation_named(nameCopy.cast())
    }

    public mutating func toy_recolor(
        _ change: SandboxFunctionPointer<Toy.toy_recolor_change>?, _ color: Toy.toy_color
    ) throws -> Tainted<Toy.toy_color> {
        let result = try call(67, slots: 2) { slots in
            slots[0] = change.slot()
            slots[1] = color.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_recolor` for arguments that may be tainted.
    @inlinable
    public mutating func toy_recolor(
        _ change: SandboxFunctionPointer<Toy.toy_recolor_change>?, _ color: some SandboxArgument<Toy.toy_color>
    ) throws -> Tainted<Toy.toy_color> {
        let result = try call(67, slots: 2) { slots in
            slots[0] = change.slot()
            slots[1] = color.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_fold(
        _ folder: SandboxFunctionPointer<Toy.toy_folder>?, _ start: Toy.toy_point, _ value_: Int64
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let startPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(start, to: startPointer)
            _ = try sandbox.call(68, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = folder.slot()
                slots[2] = startPointer.slot
                slots[3] = value_.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_fold` for arguments that may be tainted.
    @inlinable
    public mutating func toy_fold(
        _ folder: SandboxFunctionPointer<Toy.toy_folder>?, _ start: some SandboxRecordArgument<Toy.toy_point>,
        _ value_: some SandboxArgument<Int64>
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let startPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(start.tainted, to: startPointer)
            _ = try sandbox.call(68, slots: 4) { slots in
                slots[0] = result.slot
                slots[1] = folder.slot()
                slots[2] = startPointer.slot
                slots[3] = value_.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func toy_rewrap(
        _ change: SandboxFunctionPointer<Toy.toy_rewrap_change>?, _ value_: Int64
    ) throws -> Tainted<Int64> {
        let result = try call(69, slots: 2) { slots in
            slots[0] = change.slot()
            slots[1] = value_.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_rewrap` for arguments that may be tainted.
    @inlinable
    public mutating func toy_rewrap(
        _ change: SandboxFunctionPointer<Toy.toy_rewrap_change>?, _ value_: some SandboxArgument<Int64>
    ) throws -> Tainted<Int64> {
        let result = try call(69, slots: 2) { slots in
            slots[0] = change.slot()
            slots[1] = value_.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_inline(_ a: Int32) throws -> Tainted<Int32> {
        let result = try call(70, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_inline` for arguments that may be tainted.
    @inlinable
    public mutating func toy_inline(_ a: some SandboxArgument<Int32>) throws -> Tainted<Int32> {
        let result = try call(70, slots: 1) { slots in
            slots[0] = a.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_inline_point(_ a: Toy.toy_point) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let aPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(a, to: aPointer)
            _ = try sandbox.call(71, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = aPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    /// `toy_inline_point` for arguments that may be tainted.
    @inlinable
    public mutating func toy_inline_point(
        _ a: some SandboxRecordArgument<Toy.toy_point>
    ) throws -> Tainted<Toy.toy_point> {
        try withScratch(size: 32) { sandbox, scratch in
            let result = scratch.advanced(byBytes: 0, to: Toy.toy_point.self)
            let aPointer = scratch.advanced(byBytes: 16, to: Toy.toy_point.self)
            try sandbox.store(a.tainted, to: aPointer)
            _ = try sandbox.call(71, slots: 2) { slots in
                slots[0] = result.slot
                slots[1] = aPointer.slot
            }
            return try sandbox.load(result)
        }
    }

    public mutating func free(_ pointer_: SandboxRawPointer?) throws {
        _ = try call(72, slots: 1) { slots in
            slots[0] = pointer_.slot()
        }
    }

    public mutating func toy_square(_ x: Int32) throws -> Tainted<Int32> {
        let result = try call(73, slots: 1) { slots in
            slots[0] = x.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_square` for arguments that may be tainted.
    @inlinable
    public mutating func toy_square(_ x: some SandboxArgument<Int32>) throws -> Tainted<Int32> {
        let result = try call(73, slots: 1) { slots in
            slots[0] = x.slot
        }
        return Tainted(slot: result)
    }

    public mutating func toy_wrapped(_ a: Int32, _ b: Double) throws -> Tainted<Int32> {
        let result = try call(74, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        return Tainted(slot: result)
    }

    /// `toy_wrapped` for arguments that may be tainted.
    @inlinable
    public mutating func toy_wrapped(
        _ a: some SandboxArgument<Int32>, _ b: some SandboxArgument<Double>
    ) throws -> Tainted<Int32> {
        let result = try call(74, slots: 2) { slots in
            slots[0] = a.slot
            slots[1] = b.slot
        }
        return Tainted(slot: result)
    }

    /// The address of the library's variable `toy_counter`.
    public mutating func addressOf_toy_counter() throws -> SandboxPointer<Int32> {
        let result = try call(75, slots: 0) { _ in }
        guard let pointer = SandboxPointer<Int32>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        return pointer
    }

    /// The address of the library's variable `toy_origin`.
    public mutating func addressOf_toy_origin() throws -> SandboxPointer<Toy.toy_point> {
        let result = try call(76, slots: 0) { _ in }
        guard let pointer = SandboxPointer<Toy.toy_point>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        return pointer
    }

    /// The address of the library's variable `toy_names`.
    public mutating func addressOf_toy_names() throws -> SandboxPointer<SandboxPointer<CChar>> {
        let result = try call(77, slots: 0) { _ in }
        guard let pointer = SandboxPointer<SandboxPointer<CChar>>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        return pointer
    }

    /// The address of the library's variable `toy_table`.
    public mutating func addressOf_toy_table() throws -> SandboxPointer<Int32> {
        let result = try call(78, slots: 0) { _ in }
        guard let pointer = SandboxPointer<Int32>(slot: result, machine) else {
            throw SandboxError.nullPointer
        }
        return pointer
    }
}

// MARK: - Not bound
//
// - toy.h:156: toy_skipped: there is no such function in the library
// - TOY_SQUARE: macros with parameters are not bound; write a wrapper ("wrappers" in the annotations)
// - TOY_ALIAS, TOY_API, TOY_TYPE: macros that are no constants
// - toy.h:144: toy_printf: variable arguments can't cross; write a wrapper with fixed ones ("wrappers" in the
//   annotations)
// - toy.h:145: toy_vprintf: parameter arguments: va_list can't be passed into a sandbox; write a wrapper that takes the
//   arguments
// - toy.h:146: toy_long_double: parameter a: long double can't be passed into a sandbox
// - toy.h:147: toy_complex: parameter a: _Complex double can't be passed into a sandbox
// - toy.h:149: toy_vector_add: parameter a: vector types can't be passed into a sandbox
// - toy.h:150: toy_int128: parameter a: __int128 can't be passed into a sandbox
// - toy.h:152: toy_no_prototype: it has no prototype; declare it with (void) if it takes nothing
// - toy.h:154: toy_by_alignment: a structure aligned to more than 16 bytes can't be passed by value
// - toy.h:155: toy_opaque_value: a structure without a known layout can't be passed by value
// - toy.h:157: toy_thread_local: it is a variable of each thread's
