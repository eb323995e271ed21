// The operators of WebAssembly on vectors. Spec: 4.3.6. Included after bulkhead_prelude.h, by code that has any.
//
// Written with the vector extensions that clang and gcc share, from which both make the instructions that one would
// choose by hand. Where one of them doesn't, or where C has no word for what an instruction does (packing, products of
// pairs, the x86 minimum), the builtin that is the instruction stands in its place, and beside it what other processors
// do. clang has names of its own for what works on any shape (`__builtin_elementwise_`); gcc has only the
// instructions'.

#ifndef BULKHEAD_VECTOR_H
#define BULKHEAD_VECTOR_H

#define VECTOR(name, lane) typedef lane name __attribute__((vector_size(16)))
VECTOR(u8x16, u8);
VECTOR(s8x16, s8);
VECTOR(u16x8, u16);
VECTOR(s16x8, s16);
VECTOR(u32x4, u32);
VECTOR(s32x4, s32);
VECTOR(u64x2, u64);
VECTOR(s64x2, s64);
VECTOR(f32x4, f32);
VECTOR(f64x2, f64);
// What the builtins call bytes and 64 bits.
VECTOR(c8x16, char);
VECTOR(l64x2, long long);

#define SPLAT_2(x) {(x), (x)}
#define SPLAT_4(x) {(x), (x), (x), (x)}
#define SPLAT_8(x) {(x), (x), (x), (x), (x), (x), (x), (x)}
#define SPLAT_16(x) {(x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x)}

/// Operators on lanes of type `T`: `expression` is made of `a` and `b`.
#define UNARY(name, T, expression) \
    INLINE v128 name(v128 x) {     \
        T a = (T)x;                \
        return (v128)(expression); \
    }
#define BINARY(name, T, expression)    \
    INLINE v128 name(v128 x, v128 y) { \
        T a = (T)x;                    \
        T b = (T)y;                    \
        return (v128)(expression);     \
    }

/// Lanes of `a` where the mask is ones, of `b` where it is zeros.
#define SELECT(T, mask, a, b) ((T)(((v128)(mask) & (v128)(a)) | (~(v128)(mask) & (v128)(b))))

// The lanes of the lower, or the upper, halves of two vectors in turn.
#define ZIP_LOW_16(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIP_HIGH_16(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define ZIP_LOW_8(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HIGH_8(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define ZIP_LOW_4(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define ZIP_HIGH_4(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)

// MARK: - Whole vectors

INLINE v128 v128_not(v128 a) { return ~a; }
INLINE v128 v128_and(v128 a, v128 b) { return a & b; }
INLINE v128 v128_andnot(v128 a, v128 b) { return a & ~b; }
INLINE v128 v128_or(v128 a, v128 b) { return a | b; }
INLINE v128 v128_xor(v128 a, v128 b) { return a ^ b; }
INLINE v128 v128_bitselect(v128 a, v128 b, v128 mask) { return (a & mask) | (b & ~mask); }

INLINE u32 v128_any_true(v128 a) {
#if defined(__SSE4_1__)
    return !__builtin_ia32_ptestz128((l64x2)a, (l64x2)a);
#elif defined(__SSE2__)
    return __builtin_ia32_pmovmskb128((c8x16)((u8x16)a == 0)) != 0xFFFF;
#else
    return (a[0] | a[1]) != 0;
#endif
}

// MARK: - Lanes

#define LANES(shape, T, lane_type, stack, count)                                       \
    INLINE v128 shape##_splat(stack x) {                                               \
        T lanes = SPLAT_##count((lane_type)x);                                         \
        return (v128)lanes;                                                            \
    }                                                                                  \
    INLINE v128 shape##_replace_lane(v128 a, stack x, u32 lane) {                      \
        T lanes = (T)a;                                                                \
        lanes[lane] = (lane_type)x;                                                    \
        return (v128)lanes;                                                            \
    }
LANES(i8x16, u8x16, u8, u32, 16)
LANES(i16x8, u16x8, u16, u32, 8)
LANES(i32x4, u32x4, u32, u32, 4)
LANES(i64x2, u64x2, u64, u64, 2)
LANES(f32x4, f32x4, f32, f32, 4)
LANES(f64x2, f64x2, f64, f64, 2)
INLINE u32 i8x16_extract_lane_s(v128 a, u32 lane) { return (u32)((s8x16)a)[lane]; }
INLINE u32 i8x16_extract_lane_u(v128 a, u32 lane) { return ((u8x16)a)[lane]; }
INLINE u32 i16x8_extract_lane_s(v128 a, u32 lane) { return (u32)((s16x8)a)[lane]; }
INLINE u32 i16x8_extract_lane_u(v128 a, u32 lane) { return ((u16x8)a)[lane]; }
INLINE u32 i32x4_extract_lane(v128 a, u32 lane) { return ((u32x4)a)[lane]; }
INLINE u64 i64x2_extract_lane(v128 a, u32 lane) { return a[lane]; }
INLINE f32 f32x4_extract_lane(v128 a, u32 lane) { return ((f32x4)a)[lane]; }
INLINE f64 f64x2_extract_lane(v128 a, u32 lane) { return ((f64x2)a)[lane]; }

// A macro, for the numbers must be constants when the compiler first looks at them.
#define SHUFFLE(T, a, b, ...) ((v128)__builtin_shufflevector((T)(a), (T)(b), __VA_ARGS__))
#if defined(__clang__) || defined(__SSSE3__)
#define i8x16_shuffle(a, b, ...) SHUFFLE(u8x16, a, b, __VA_ARGS__)
#else
// Where no instruction takes bytes in any order, gcc moves one after the other, even if they stay together.
#define PAIR(l, m) ((l) % 2 == 0 && (m) == (l) + 1)
#define FOUR(l, m, n, o) (PAIR(l, m) && (l) % 4 == 0 && (n) == (l) + 2 && (o) == (l) + 3)
#define i8x16_shuffle(a, b, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14, l15)                     \
    __extension__({                                                                                                   \
        v128 first = (a), second = (b);                                                                               \
        FOUR(l0, l1, l2, l3) && FOUR(l4, l5, l6, l7) && FOUR(l8, l9, l10, l11) && FOUR(l12, l13, l14, l15)            \
            ? SHUFFLE(u32x4, first, second, (l0) / 4, (l4) / 4, (l8) / 4, (l12) / 4)                                  \
        : PAIR(l0, l1) && PAIR(l2, l3) && PAIR(l4, l5) && PAIR(l6, l7) && PAIR(l8, l9) && PAIR(l10, l11) &&           \
                PAIR(l12, l13) && PAIR(l14, l15)                                                                      \
            ? SHUFFLE(u16x8, first, second, (l0) / 2, (l2) / 2, (l4) / 2, (l6) / 2, (l8) / 2, (l10) / 2, (l12) / 2,   \
                      (l14) / 2)                                                                                      \
            : SHUFFLE(u8x16, first, second, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14, l15);    \
    })
#endif

INLINE v128 i8x16_swizzle(v128 a, v128 indices) {
#if defined(__SSSE3__)
    // The instruction gives zero where the index's top bit is set, and looks at the four lowest bits else.
    u8x16 beyond = SPLAT_16(0x70);
#ifdef __clang__
    u8x16 marked = __builtin_elementwise_add_sat((u8x16)indices, beyond);
#else
    u8x16 marked = (u8x16)__builtin_ia32_paddusb128((c8x16)indices, (c8x16)beyond);
#endif
    return (v128)__builtin_ia32_pshufb128((c8x16)a, (c8x16)marked);
#elif defined(__aarch64__)
    v128 result;
    __asm__("tbl %0.16b, {%1.16b}, %2.16b" : "=w"(result) : "w"(a), "w"(indices));
    return result;
#else
    u8x16 from = (u8x16)a, at = (u8x16)indices, result = {0};
    for (u32 i = 0; i < 16; i++) result[i] = at[i] < 16 ? from[at[i] & 15] : 0;
    return (v128)result;
#endif
}

// MARK: - Integers

#define INTEGER_SHAPE(shape, T)   \
    BINARY(shape##_add, T, a + b) \
    BINARY(shape##_sub, T, a - b) \
    UNARY(shape##_neg, T, -a)
INTEGER_SHAPE(i8x16, u8x16)
INTEGER_SHAPE(i16x8, u16x8)
INTEGER_SHAPE(i32x4, u32x4)
INTEGER_SHAPE(i64x2, u64x2)
BINARY(i16x8_mul, u16x8, a * b)
BINARY(i32x4_mul, u32x4, a * b)
BINARY(i64x2_mul, u64x2, a * b)

#define EQUALITY(shape, T)        \
    BINARY(shape##_eq, T, a == b) \
    BINARY(shape##_ne, T, a != b)
#define ORDER(shape, sign, T)            \
    BINARY(shape##_lt_##sign, T, a < b)  \
    BINARY(shape##_gt_##sign, T, a > b)  \
    BINARY(shape##_le_##sign, T, a <= b) \
    BINARY(shape##_ge_##sign, T, a >= b)
EQUALITY(i8x16, u8x16)
EQUALITY(i16x8, u16x8)
EQUALITY(i32x4, u32x4)
ORDER(i8x16, s, s8x16)
ORDER(i8x16, u, u8x16)
ORDER(i16x8, s, s16x8)
ORDER(i16x8, u, u16x8)
ORDER(i32x4, s, s32x4)
ORDER(i32x4, u, u32x4)

// The first instructions on vectors compare no 64 bits.
#if defined(__SSE4_1__) || !defined(__SSE2__)
EQUALITY(i64x2, u64x2)
#else
INLINE v128 i64x2_eq(v128 a, v128 b) {
    u32x4 halves = (u32x4)((u32x4)a == (u32x4)b);
    return (v128)(halves & __builtin_shufflevector(halves, halves, 1, 0, 3, 2));
}
INLINE v128 i64x2_ne(v128 a, v128 b) { return ~i64x2_eq(a, b); }
#endif
#if defined(__SSE4_2__) || !defined(__SSE2__)
ORDER(i64x2, s, s64x2)
#else
/// The upper halves decide. Where they are the same, the lower ones' borrow does, which fills the difference's upper
/// half.
INLINE v128 i64x2_gt_s(v128 a, v128 b) {
    s32x4 borrow = (s32x4)(b - a), same = (s32x4)a == (s32x4)b, greater = (s32x4)a > (s32x4)b;
    s32x4 decided = (borrow & same) | greater;
    return (v128)__builtin_shufflevector(decided, decided, 1, 1, 3, 3);
}
INLINE v128 i64x2_lt_s(v128 a, v128 b) { return i64x2_gt_s(b, a); }
INLINE v128 i64x2_le_s(v128 a, v128 b) { return ~i64x2_gt_s(a, b); }
INLINE v128 i64x2_ge_s(v128 a, v128 b) { return ~i64x2_gt_s(b, a); }
#endif

// What clang has one name for and gcc an instruction, from the beginning or since SSE 4.1; `otherwise` is for all
// others.
#if defined(__clang__)
#define ELEMENTWISE(name, T, operation, C, instruction, otherwise) \
    BINARY(name, T, __builtin_elementwise_##operation(a, b))
#elif defined(__SSE2__)
#define ELEMENTWISE(name, T, operation, C, instruction, otherwise) BINARY(name, C, __builtin_ia32_##instruction(a, b))
#else
#define ELEMENTWISE(name, T, operation, C, instruction, otherwise) BINARY(name, T, otherwise)
#endif
#if defined(__clang__) || defined(__SSE4_1__)
#define ELEMENTWISE_4_1 ELEMENTWISE
#else
#define ELEMENTWISE_4_1(name, T, operation, C, instruction, otherwise) BINARY(name, T, otherwise)
#endif

/// The sum overflows where its sign is neither operand's, the difference where it isn't the first one's and the second
/// has another; then the result is the bound on the first one's side.
#define BOUNDED(T, S, result, overflow) SELECT(T, (S)(overflow) < 0, (T)((S)a < 0) ^ ((T){0} - 1) >> 1, result)
#define BOUNDED_SUM(T, S) BOUNDED(T, S, (T)a + (T)b, ((T)a ^ ((T)a + (T)b)) & ((T)b ^ ((T)a + (T)b)))
#define BOUNDED_DIFFERENCE(T, S) BOUNDED(T, S, (T)a - (T)b, ((T)a ^ ((T)a - (T)b)) & (T)(a ^ b))
ELEMENTWISE(i8x16_add_sat_s, s8x16, add_sat, c8x16, paddsb128, BOUNDED_SUM(u8x16, s8x16))
ELEMENTWISE(i8x16_add_sat_u, u8x16, add_sat, c8x16, paddusb128, (a + b) | (u8x16)(a + b < a))
ELEMENTWISE(i8x16_sub_sat_s, s8x16, sub_sat, c8x16, psubsb128, BOUNDED_DIFFERENCE(u8x16, s8x16))
ELEMENTWISE(i8x16_sub_sat_u, u8x16, sub_sat, c8x16, psubusb128, (a - b) & (u8x16)(a > b))
ELEMENTWISE(i16x8_add_sat_s, s16x8, add_sat, s16x8, paddsw128, BOUNDED_SUM(u16x8, s16x8))
ELEMENTWISE(i16x8_add_sat_u, u16x8, add_sat, s16x8, paddusw128, (a + b) | (u16x8)(a + b < a))
ELEMENTWISE(i16x8_sub_sat_s, s16x8, sub_sat, s16x8, psubsw128, BOUNDED_DIFFERENCE(u16x8, s16x8))
ELEMENTWISE(i16x8_sub_sat_u, u16x8, sub_sat, s16x8, psubusw128, (a - b) & (u16x8)(a > b))

#define LESSER(T) SELECT(T, a < b, a, b)
#define GREATER(T) SELECT(T, a > b, a, b)
ELEMENTWISE_4_1(i8x16_min_s, s8x16, min, c8x16, pminsb128, LESSER(s8x16))
ELEMENTWISE_4_1(i8x16_max_s, s8x16, max, c8x16, pmaxsb128, GREATER(s8x16))
ELEMENTWISE(i8x16_min_u, u8x16, min, c8x16, pminub128, LESSER(u8x16))
ELEMENTWISE(i8x16_max_u, u8x16, max, c8x16, pmaxub128, GREATER(u8x16))
ELEMENTWISE(i16x8_min_s, s16x8, min, s16x8, pminsw128, LESSER(s16x8))
ELEMENTWISE(i16x8_max_s, s16x8, max, s16x8, pmaxsw128, GREATER(s16x8))
ELEMENTWISE_4_1(i16x8_min_u, u16x8, min, s16x8, pminuw128, a - (u16x8)i16x8_sub_sat_u(x, y))
ELEMENTWISE_4_1(i16x8_max_u, u16x8, max, s16x8, pmaxuw128, b + (u16x8)i16x8_sub_sat_u(x, y))
ELEMENTWISE_4_1(i32x4_min_s, s32x4, min, s32x4, pminsd128, LESSER(s32x4))
ELEMENTWISE_4_1(i32x4_max_s, s32x4, max, s32x4, pmaxsd128, GREATER(s32x4))
ELEMENTWISE_4_1(i32x4_min_u, u32x4, min, s32x4, pminud128, LESSER(u32x4))
ELEMENTWISE_4_1(i32x4_max_u, u32x4, max, s32x4, pmaxud128, GREATER(u32x4))

/// Negates where the mask is ones, in lanes that wrap.
#define NEGATED_WHERE(T, mask, a) (((T)(a) ^ (T)(mask)) - (T)(mask))
#if defined(__clang__)
#define ABSOLUTE(name, T, S, C, instruction) UNARY(name, S, __builtin_elementwise_abs(a))
#elif defined(__SSSE3__)
#define ABSOLUTE(name, T, S, C, instruction) UNARY(name, C, __builtin_ia32_##instruction(a))
#else
#define ABSOLUTE(name, T, S, C, instruction) UNARY(name, S, NEGATED_WHERE(T, a < 0, a))
#endif
ABSOLUTE(i8x16_abs, u8x16, s8x16, c8x16, pabsb128)
ABSOLUTE(i16x8_abs, u16x8, s16x8, s16x8, pabsw128)
ABSOLUTE(i32x4_abs, u32x4, s32x4, s32x4, pabsd128)
UNARY(i64x2_abs, s64x2, NEGATED_WHERE(u64x2, a >> 63, a))

#if defined(__SSE2__)
BINARY(i8x16_avgr_u, c8x16, __builtin_ia32_pavgb128(a, b))
BINARY(i16x8_avgr_u, s16x8, __builtin_ia32_pavgw128(a, b))
#else
// (a + b + 1) / 2 without a carry: a | b is too much by half of what differs.
BINARY(i8x16_avgr_u, u8x16, (a | b) - ((a ^ b) >> 1))
BINARY(i16x8_avgr_u, u16x8, (a | b) - ((a ^ b) >> 1))
#endif

#if defined(__SSSE3__)
// There are no shifts of bytes: what comes from the neighbour is masked.
INLINE v128 i8x16_popcnt(v128 a) {
    u8x16 nibble = SPLAT_16(15);
    c8x16 counts = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
    c8x16 low = (c8x16)((u8x16)a & nibble), high = (c8x16)((u8x16)((u16x8)a >> 4) & nibble);
    return (v128)((u8x16)__builtin_ia32_pshufb128(counts, low) + (u8x16)__builtin_ia32_pshufb128(counts, high));
}
#elif __has_builtin(__builtin_elementwise_popcount)
UNARY(i8x16_popcnt, u8x16, __builtin_elementwise_popcount(a))
#else
INLINE v128 i8x16_popcnt(v128 a) {
    u8x16 x = (u8x16)a - ((u8x16)((u16x8)a >> 1) & 0x55);
    x = (x & 0x33) + ((u8x16)((u16x8)x >> 2) & 0x33);
    return (v128)((x + (u8x16)((u16x8)x >> 4)) & 0x0F);
}
#endif

// MARK: - Shifts

// Counts are taken modulo the width of a lane.
#define SHIFT_LANES(name, T, lane_type, count, operator)                    \
    INLINE v128 name(v128 a, u32 n) {                                       \
        T by = SPLAT_##count((lane_type)(n & (8 * sizeof(lane_type) - 1))); \
        return (v128)((T)a operator by);                                    \
    }
#if defined(__SSE2__)
/// Written with the operator, gcc doesn't always see that all lanes have one count.
#define SHIFT(name, T, lane_type, count, operator, C, instruction) \
    INLINE v128 name(v128 a, u32 n) {                              \
        int by = (int)(n & (8 * sizeof(lane_type) - 1));           \
        return (v128)__builtin_ia32_##instruction((C)a, by);       \
    }
#else
#define SHIFT(name, T, lane_type, count, operator, C, instruction) SHIFT_LANES(name, T, lane_type, count, operator)
#endif
SHIFT(i16x8_shl, u16x8, u16, 8, <<, s16x8, psllwi128)
SHIFT(i16x8_shr_u, u16x8, u16, 8, >>, s16x8, psrlwi128)
SHIFT(i16x8_shr_s, s16x8, s16, 8, >>, s16x8, psrawi128)
SHIFT(i32x4_shl, u32x4, u32, 4, <<, s32x4, pslldi128)
SHIFT(i32x4_shr_u, u32x4, u32, 4, >>, s32x4, psrldi128)
SHIFT(i32x4_shr_s, s32x4, s32, 4, >>, s32x4, psradi128)
SHIFT(i64x2_shl, u64x2, u64, 2, <<, l64x2, psllqi128)
SHIFT(i64x2_shr_u, u64x2, u64, 2, >>, l64x2, psrlqi128)

#if defined(__SSE2__) && !defined(__AVX512VL__)
/// (x ^ s) - s extends the sign from where the shift has moved it, the bit of `s`.
INLINE v128 i64x2_shr_s(v128 a, u32 n) {
    v128 sign = i64x2_shr_u(v128_const(1ull << 63, 1ull << 63), n);
    return (i64x2_shr_u(a, n) ^ sign) - sign;
}
#else
SHIFT_LANES(i64x2_shr_s, s64x2, s64, 2, >>)
#endif

#if defined(__SSE2__)
/// Bytes are shifted in pairs, without the bits that would cross from one to the other. What stays is -1 << n, as a
/// pair and, packed, as a byte.
INLINE v128 i8x16_kept_by_shift(u32 n) {
#if !defined(__clang__)
    u8x16 kept = SPLAT_16((u8)(0xFF << n));
    if (__builtin_constant_p(n)) return (v128)kept;
#endif
    s16x8 pairs = (s16x8)i16x8_shl(v128_const(~0ull, ~0ull), n);
    return (v128)__builtin_ia32_packsswb128(pairs, pairs);
}
INLINE v128 i8x16_shl(v128 a, u32 n) { return i16x8_shl(a, n & 7) & i8x16_kept_by_shift(n & 7); }
INLINE v128 i8x16_shr_u(v128 a, u32 n) { return i16x8_shr_u(a & i8x16_kept_by_shift(n & 7), n & 7); }
/// Each in the upper half of a pair.
INLINE v128 i8x16_shr_s(v128 a, u32 n) {
    v128 low = (v128)ZIP_LOW_16((u8x16)a, (u8x16)a), high = (v128)ZIP_HIGH_16((u8x16)a, (u8x16)a);
    u32 by = (n & 7) + 8;
    return (v128)__builtin_ia32_packsswb128((s16x8)i16x8_shr_s(low, by), (s16x8)i16x8_shr_s(high, by));
}
#else
SHIFT_LANES(i8x16_shl, u8x16, u8, 16, <<)
SHIFT_LANES(i8x16_shr_u, u8x16, u8, 16, >>)
SHIFT_LANES(i8x16_shr_s, s8x16, s8, 16, >>)
#endif

// MARK: - From one shape to another

#if defined(__clang__)
#define HALF_16(a, first) \
    __builtin_shufflevector(a, a, first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7)
#define HALF_8(a, first) __builtin_shufflevector(a, a, first, first + 1, first + 2, first + 3)
#define HALF_4(a, first) __builtin_shufflevector(a, a, first, first + 1)
#define EXTEND(to, TO, from, FROM, sign, count)                                                       \
    UNARY(to##_extend_low_##from##_##sign, FROM, __builtin_convertvector(HALF_##count(a, 0), TO))     \
    UNARY(to##_extend_high_##from##_##sign, FROM, __builtin_convertvector(HALF_##count(a, count / 2), TO))
EXTEND(i16x8, s16x8, i8x16, s8x16, s, 16)
EXTEND(i16x8, u16x8, i8x16, u8x16, u, 16)
EXTEND(i32x4, s32x4, i16x8, s16x8, s, 8)
EXTEND(i32x4, u32x4, i16x8, u16x8, u, 8)
EXTEND(i64x2, s64x2, i32x4, s32x4, s, 4)
EXTEND(i64x2, u64x2, i32x4, u32x4, u, 4)
#else
// gcc takes half vectors apart. Without a sign, a lane is extended by zeros above it; with one, it is shifted down from
// the upper half, or stands below its sign where there is no such shift.
#if defined(__SSE4_1__)
#define EXTEND_LOW(name, C, T, zipped, instruction) UNARY(name, C, __builtin_ia32_##instruction(a))
#else
#define EXTEND_LOW(name, C, T, zipped, instruction) UNARY(name, T, zipped)
#endif
#define EXTEND(to, from, sign, C, T, low, high, instruction)                     \
    EXTEND_LOW(to##_extend_low_##from##_##sign, C, T, low, instruction)          \
    UNARY(to##_extend_high_##from##_##sign, T, high)
EXTEND(i16x8, i8x16, s, c8x16, s8x16, (s16x8)ZIP_LOW_16(a, a) >> 8, (s16x8)ZIP_HIGH_16(a, a) >> 8, pmovsxbw128)
EXTEND(i16x8, i8x16, u, c8x16, s8x16, ZIP_LOW_16(a, (s8x16){0}), ZIP_HIGH_16(a, (s8x16){0}), pmovzxbw128)
EXTEND(i32x4, i16x8, s, s16x8, s16x8, (s32x4)ZIP_LOW_8(a, a) >> 16, (s32x4)ZIP_HIGH_8(a, a) >> 16, pmovsxwd128)
EXTEND(i32x4, i16x8, u, s16x8, s16x8, ZIP_LOW_8(a, (s16x8){0}), ZIP_HIGH_8(a, (s16x8){0}), pmovzxwd128)
EXTEND(i64x2, i32x4, s, s32x4, s32x4, ZIP_LOW_4(a, (s32x4)(a < 0)), ZIP_HIGH_4(a, (s32x4)(a < 0)), pmovsxdq128)
EXTEND(i64x2, i32x4, u, s32x4, s32x4, ZIP_LOW_4(a, (s32x4){0}), ZIP_HIGH_4(a, (s32x4){0}), pmovzxdq128)
#endif

#if defined(__SSE2__)
BINARY(i8x16_narrow_i16x8_s, s16x8, __builtin_ia32_packsswb128(a, b))
BINARY(i8x16_narrow_i16x8_u, s16x8, __builtin_ia32_packuswb128(a, b))
BINARY(i16x8_narrow_i32x4_s, s32x4, __builtin_ia32_packssdw128(a, b))
#if defined(__SSE4_1__)
BINARY(i16x8_narrow_i32x4_u, s32x4, __builtin_ia32_packusdw128(a, b))
#else
/// Negative numbers to zero, all of them as far down as packing with a sign saturates right, and up again.
INLINE v128 i16x8_narrow_i32x4_u(v128 a, v128 b) {
    s32x4 low = ((s32x4)a & ~((s32x4)a >> 31)) - 0x8000, high = ((s32x4)b & ~((s32x4)b >> 31)) - 0x8000;
    u16x8 up = SPLAT_8(0x8000);
    return (v128)((u16x8)__builtin_ia32_packssdw128(low, high) + up);
}
#endif
#else
#define CLAMPED(F, x, least, most) SELECT(F, (x) < least, (F){0} + least, SELECT(F, (x) > most, (F){0} + most, x))
#define NARROW(name, F, TO, least, most, ...)                           \
    BINARY(name, F, __builtin_shufflevector((TO)CLAMPED(F, a, least, most), \
                                            (TO)CLAMPED(F, b, least, most), __VA_ARGS__))
#define EVEN_16 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define EVEN_8 0, 2, 4, 6, 8, 10, 12, 14
NARROW(i8x16_narrow_i16x8_s, s16x8, s8x16, -128, 127, EVEN_16)
NARROW(i8x16_narrow_i16x8_u, s16x8, u8x16, 0, 255, EVEN_16)
NARROW(i16x8_narrow_i32x4_s, s32x4, s16x8, -32768, 32767, EVEN_8)
NARROW(i16x8_narrow_i32x4_u, s32x4, u16x8, 0, 65535, EVEN_8)
#endif

// MARK: - Products and sums of twice the width

#define EXTMUL(to, T, from, half, sign)                                                                            \
    INLINE v128 to##_extmul_##half##_##from##_##sign(v128 a, v128 b) {                                             \
        return (v128)((T)to##_extend_##half##_##from##_##sign(a) * (T)to##_extend_##half##_##from##_##sign(b));    \
    }
EXTMUL(i16x8, u16x8, i8x16, low, s)
EXTMUL(i16x8, u16x8, i8x16, low, u)
EXTMUL(i16x8, u16x8, i8x16, high, s)
EXTMUL(i16x8, u16x8, i8x16, high, u)
#if defined(__SSE2__)
// The two halves of the products come from two instructions.
#define EXTMUL_I16(half, zip, sign, instruction)                                   \
    BINARY(i32x4_extmul_##half##_i16x8_##sign, s16x8,                              \
           zip((u16x8)a * (u16x8)b, (u16x8)__builtin_ia32_##instruction(a, b)))
EXTMUL_I16(low, ZIP_LOW_8, s, pmulhw128)
EXTMUL_I16(low, ZIP_LOW_8, u, pmulhuw128)
EXTMUL_I16(high, ZIP_HIGH_8, s, pmulhw128)
EXTMUL_I16(high, ZIP_HIGH_8, u, pmulhuw128)
// Factors stand in the lower halves of 64 bits.
#define SPREAD_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1)
#define SPREAD_HIGH(a) __builtin_shufflevector(a, a, 2, 2, 3, 3)
BINARY(i64x2_extmul_low_i32x4_u, s32x4, __builtin_ia32_pmuludq128(SPREAD_LOW(a), SPREAD_LOW(b)))
BINARY(i64x2_extmul_high_i32x4_u, s32x4, __builtin_ia32_pmuludq128(SPREAD_HIGH(a), SPREAD_HIGH(b)))
#if defined(__SSE4_1__)
BINARY(i64x2_extmul_low_i32x4_s, s32x4, __builtin_ia32_pmuldq128(SPREAD_LOW(a), SPREAD_LOW(b)))
BINARY(i64x2_extmul_high_i32x4_s, s32x4, __builtin_ia32_pmuldq128(SPREAD_HIGH(a), SPREAD_HIGH(b)))
#else
/// Without their signs, negative factors are too large by 2^32.
INLINE v128 i64x2_product_s(s32x4 a, s32x4 b) {
    s32x4 excess = ((a >> 31) & b) + ((b >> 31) & a);
    return (v128)__builtin_ia32_pmuludq128(a, b) - ((v128)excess << 32);
}
BINARY(i64x2_extmul_low_i32x4_s, s32x4, i64x2_product_s(SPREAD_LOW(a), SPREAD_LOW(b)))
BINARY(i64x2_extmul_high_i32x4_s, s32x4, i64x2_product_s(SPREAD_HIGH(a), SPREAD_HIGH(b)))
#endif
#else
EXTMUL(i32x4, u32x4, i16x8, low, s)
EXTMUL(i32x4, u32x4, i16x8, low, u)
EXTMUL(i32x4, u32x4, i16x8, high, s)
EXTMUL(i32x4, u32x4, i16x8, high, u)
EXTMUL(i64x2, u64x2, i32x4, low, s)
EXTMUL(i64x2, u64x2, i32x4, low, u)
EXTMUL(i64x2, u64x2, i32x4, high, s)
EXTMUL(i64x2, u64x2, i32x4, high, u)
#endif

#if defined(__SSE2__)
BINARY(i32x4_dot_i16x8_s, s16x8, __builtin_ia32_pmaddwd128(a, b))
UNARY(i32x4_extadd_pairwise_i16x8_s, s16x8, __builtin_ia32_pmaddwd128(a, (s16x8)SPLAT_8(1)))
#else
INLINE v128 i32x4_dot_i16x8_s(v128 a, v128 b) {
    u32x4 low = (u32x4)i32x4_extmul_low_i16x8_s(a, b), high = (u32x4)i32x4_extmul_high_i16x8_s(a, b);
    return (v128)(__builtin_shufflevector(low, high, 0, 2, 4, 6) + __builtin_shufflevector(low, high, 1, 3, 5, 7));
}
UNARY(i32x4_extadd_pairwise_i16x8_s, u32x4, ((s32x4)(a << 16) >> 16) + ((s32x4)a >> 16))
#endif
UNARY(i32x4_extadd_pairwise_i16x8_u, u32x4, (a >> 16) + (a & 0xFFFF))
#if defined(__SSSE3__)
// The instruction's first operand has no sign, and the second has.
UNARY(i16x8_extadd_pairwise_i8x16_s, c8x16, __builtin_ia32_pmaddubsw128((c8x16)SPLAT_16(1), a))
UNARY(i16x8_extadd_pairwise_i8x16_u, c8x16, __builtin_ia32_pmaddubsw128(a, (c8x16)SPLAT_16(1)))
#else
UNARY(i16x8_extadd_pairwise_i8x16_s, u16x8, ((s16x8)(a << 8) >> 8) + ((s16x8)a >> 8))
UNARY(i16x8_extadd_pairwise_i8x16_u, u16x8, (a >> 8) + (a & 0xFF))
#endif

/// (a * b + 2^14) >> 15; only -1 times -1, in these fractions, leaves the range.
INLINE v128 i16x8_q15mulr_sat_s(v128 a, v128 b) {
#if defined(__SSSE3__)
    u16x8 product = (u16x8)__builtin_ia32_pmulhrsw128((s16x8)a, (s16x8)b);
    return (v128)product ^ (v128)(product == 0x8000);
#else
    s32x4 low = ((s32x4)i32x4_extmul_low_i16x8_s(a, b) + 0x4000) >> 15;
    s32x4 high = ((s32x4)i32x4_extmul_high_i16x8_s(a, b) + 0x4000) >> 15;
    return i16x8_narrow_i32x4_s((v128)low, (v128)high);
#endif
}

// MARK: - Lanes to one number

#define ALL_TRUE(shape) \
    INLINE u32 shape##_all_true(v128 a) { return !v128_any_true(shape##_eq(a, v128_const(0, 0))); }
ALL_TRUE(i8x16)
ALL_TRUE(i16x8)
ALL_TRUE(i32x4)
ALL_TRUE(i64x2)

#if defined(__SSE2__)
INLINE u32 i8x16_bitmask(v128 a) { return (u32)__builtin_ia32_pmovmskb128((c8x16)a); }
INLINE u32 i32x4_bitmask(v128 a) { return (u32)__builtin_ia32_movmskps((f32x4)a); }
INLINE u32 i64x2_bitmask(v128 a) { return (u32)__builtin_ia32_movmskpd((f64x2)a); }
#else
/// One bit of each byte: the product's highest byte is their sum.
INLINE u32 i8x16_bitmask(v128 a) {
    v128 bits = (v128)((s8x16)a < 0) & v128_const(0x8040201008040201, 0x8040201008040201);
    return (u32)(bits[0] * 0x0101010101010101 >> 56 | bits[1] * 0x0101010101010101 >> 56 << 8);
}
INLINE u32 i32x4_bitmask(v128 a) {
    v128 pairs = i16x8_narrow_i32x4_s(a, v128_const(0, 0));
    return i8x16_bitmask(i8x16_narrow_i16x8_s(pairs, v128_const(0, 0)));
}
INLINE u32 i64x2_bitmask(v128 a) { return (u32)(a[0] >> 63 | a[1] >> 63 << 1); }
#endif
INLINE u32 i16x8_bitmask(v128 a) { return i8x16_bitmask(i8x16_narrow_i16x8_s(a, v128_const(0, 0))); }

// MARK: - Floating point

#define FLOAT_SHAPE(shape, F)     \
    BINARY(shape##_eq, F, a == b) \
    BINARY(shape##_ne, F, a != b) \
    BINARY(shape##_lt, F, a < b)  \
    BINARY(shape##_gt, F, a > b)  \
    BINARY(shape##_le, F, a <= b) \
    BINARY(shape##_ge, F, a >= b) \
    BINARY(shape##_add, F, a + b) \
    BINARY(shape##_sub, F, a - b) \
    BINARY(shape##_mul, F, a * b) \
    BINARY(shape##_div, F, a / b)
FLOAT_SHAPE(f32x4, f32x4)
FLOAT_SHAPE(f64x2, f64x2)

// Bits: no arithmetic may quiet a NaN here.
#define F32_SIGN 0x80000000u
#define F64_SIGN 0x8000000000000000u
UNARY(f32x4_abs, u32x4, a & ~F32_SIGN)
UNARY(f32x4_neg, u32x4, a ^ F32_SIGN)
UNARY(f64x2_abs, u64x2, a & ~F64_SIGN)
UNARY(f64x2_neg, u64x2, a ^ F64_SIGN)

// The x86 minimum of x and y is x where x < y, and y everywhere else: of equal numbers, zeros of either sign among
// them, and of anything with a NaN. So `pmin` is one instruction, and `min`, which knows signs and NaNs, is made of
// both orders.
#if defined(__SSE2__)
#define X86_MIN(F, suffix, x, y) __builtin_ia32_min##suffix(x, y)
#define X86_MAX(F, suffix, x, y) __builtin_ia32_max##suffix(x, y)
#define UNORDERED(suffix, x, y) ((v128)__builtin_ia32_cmpunord##suffix(x, y))
#else
// The comparison is hidden, lest clang for AArch64 choose an instruction that knows signs if an operand is a constant.
#define X86_MIN(F, suffix, x, y) SELECT(F, v128_opaque((v128)((x) < (y))), x, y)
#define X86_MAX(F, suffix, x, y) SELECT(F, v128_opaque((v128)((x) > (y))), x, y)
#define UNORDERED(suffix, x, y) ((v128)((x) != (x)) | (v128)((y) != (y)))
#endif
/// The canonical NaN, in which all bits are set but the `payload` lowest, where the mask is ones.
#if defined(__clang__)
#define CANONICAL_WHERE(T, mask, number, payload) SELECT(v128, mask, ((T){0} - 1 << payload), number)
#else
#define CANONICAL_WHERE(T, mask, number, payload) \
    ((mask | number) & ~(v128)((T)mask >> (8 * sizeof((T){0}[0]) - payload)))
#endif
#define FLOAT_EXTREMES(shape, F, T, suffix, payload)                                                        \
    BINARY(shape##_pmin, F, X86_MIN(F, suffix, b, a))                                                       \
    BINARY(shape##_pmax, F, X86_MAX(F, suffix, b, a))                                                       \
    INLINE v128 shape##_min(v128 x, v128 y) {                                                               \
        F a = (F)x, b = (F)y;                                                                               \
        v128 unordered = UNORDERED(suffix, a, b);                                                           \
        /* Of two zeros, the negative one. */                                                               \
        v128 number = (v128)X86_MIN(F, suffix, a, b) | (v128)X86_MIN(F, suffix, b, a);                      \
        return CANONICAL_WHERE(T, unordered, number, payload);                                              \
    }                                                                                                       \
    INLINE v128 shape##_max(v128 x, v128 y) {                                                               \
        F a = (F)x, b = (F)y;                                                                               \
        v128 unordered = UNORDERED(suffix, a, b);                                                           \
        v128 number = (v128)X86_MAX(F, suffix, a, b) & (v128)X86_MAX(F, suffix, b, a);                      \
        return CANONICAL_WHERE(T, unordered, number, payload);                                              \
    }
FLOAT_EXTREMES(f32x4, f32x4, u32x4, ps, 22)
FLOAT_EXTREMES(f64x2, f64x2, u64x2, pd, 51)

#define EACH_F32(a, function) ((f32x4){function((a)[0]), function((a)[1]), function((a)[2]), function((a)[3])})
#define EACH_F64(a, function) ((f64x2){function((a)[0]), function((a)[1])})

#if defined(__clang__)
UNARY(f32x4_sqrt, f32x4, __builtin_elementwise_sqrt(a))
UNARY(f64x2_sqrt, f64x2, __builtin_elementwise_sqrt(a))
#elif defined(__SSE2__)
UNARY(f32x4_sqrt, f32x4, __builtin_ia32_sqrtps(a))
UNARY(f64x2_sqrt, f64x2, __builtin_ia32_sqrtpd(a))
#else
UNARY(f32x4_sqrt, f32x4, EACH_F32(a, __builtin_sqrtf))
UNARY(f64x2_sqrt, f64x2, EACH_F64(a, __builtin_sqrt))
#endif

#if defined(__SSE4_1__)
// The number names the direction, and says that inexact results are nobody's business.
#define ROUNDINGS(shape, F, instruction)                              \
    UNARY(shape##_nearest, F, __builtin_ia32_##instruction(a, 8 | 0)) \
    UNARY(shape##_floor, F, __builtin_ia32_##instruction(a, 8 | 1))   \
    UNARY(shape##_ceil, F, __builtin_ia32_##instruction(a, 8 | 2))    \
    UNARY(shape##_trunc, F, __builtin_ia32_##instruction(a, 8 | 3))
ROUNDINGS(f32x4, f32x4, roundps)
ROUNDINGS(f64x2, f64x2, roundpd)
#elif defined(__clang__) && !defined(__x86_64__)
#define ROUNDINGS(shape, F)                                        \
    UNARY(shape##_nearest, F, __builtin_elementwise_roundeven(a))  \
    UNARY(shape##_floor, F, __builtin_elementwise_floor(a))        \
    UNARY(shape##_ceil, F, __builtin_elementwise_ceil(a))          \
    UNARY(shape##_trunc, F, __builtin_elementwise_trunc(a))
ROUNDINGS(f32x4, f32x4)
ROUNDINGS(f64x2, f64x2)
#else
/// From `limit` on, 2 to the number of a fraction's bits, every number is whole. Below, adding it and taking it away
/// rounds to the nearest; above, adding zero does nothing but quiet a NaN. Steps are one where the mask is ones.
#define ROUNDINGS(shape, F, T, sign_bit, limit)                                                         \
    INLINE F shape##_whole(F size) {                                                                    \
        F bound = (F)((T)(size < limit) & (T)((F){0} + limit));                                         \
        return (size + bound) - bound;                                                                  \
    }                                                                                                   \
    INLINE F shape##_step(T mask) { return (F)(mask & (T)((F){0} + 1)); }                               \
    INLINE v128 shape##_nearest(v128 a) {                                                               \
        T sign = (T)a & sign_bit;                                                                       \
        return (v128)((T)shape##_whole((F)((T)a ^ sign)) | sign);                                       \
    }                                                                                                   \
    INLINE v128 shape##_floor(v128 a) {                                                                 \
        F whole = (F)shape##_nearest(a);                                                                \
        return (v128)(whole - shape##_step((T)(whole > (F)a)));                                         \
    }                                                                                                   \
    INLINE v128 shape##_ceil(v128 a) {                                                                  \
        F whole = (F)shape##_nearest(a);                                                                \
        return (v128)(whole + shape##_step((T)(whole < (F)a))) | ((v128)((T)a & sign_bit));             \
    }                                                                                                   \
    INLINE v128 shape##_trunc(v128 a) {                                                                 \
        T sign = (T)a & sign_bit;                                                                       \
        F size = (F)((T)a ^ sign), whole = shape##_whole(size);                                         \
        return (v128)((T)(whole - shape##_step((T)(whole > size))) | sign);                             \
    }
ROUNDINGS(f32x4, f32x4, u32x4, F32_SIGN, 0x1p23f)
ROUNDINGS(f64x2, f64x2, u64x2, F64_SIGN, 0x1p52)
#endif

// MARK: - Numbers of one kind to the other

UNARY(f32x4_convert_i32x4_s, s32x4, __builtin_convertvector(a, f32x4))
UNARY(f32x4_convert_i32x4_u, u32x4, __builtin_convertvector(a, f32x4))
#if defined(__clang__)
UNARY(f64x2_convert_low_i32x4_s, s32x4, __builtin_convertvector(HALF_4(a, 0), f64x2))
UNARY(f64x2_promote_low_f32x4, f32x4, __builtin_convertvector(HALF_4(a, 0), f64x2))
#elif defined(__SSE2__)
UNARY(f64x2_convert_low_i32x4_s, s32x4, __builtin_ia32_cvtdq2pd(a))
// Of a constant, gcc wouldn't quiet a NaN.
UNARY(f64x2_promote_low_f32x4, f32x4, __builtin_ia32_cvtps2pd((f32x4)v128_opaque((v128)a)))
#else
UNARY(f64x2_convert_low_i32x4_s, s32x4, EACH_F64(a, (f64)))
UNARY(f64x2_promote_low_f32x4, f32x4, EACH_F64(a, (f64)))
#endif
#if defined(__clang__) && (defined(__AVX512VL__) || !defined(__SSE2__))
UNARY(f64x2_convert_low_i32x4_u, u32x4, __builtin_convertvector(HALF_4(a, 0), f64x2))
#else
// In the lower half of a double whose fraction counts ones.
UNARY(f64x2_convert_low_i32x4_u, u32x4, (f64x2)ZIP_LOW_4(a, (u32x4)SPLAT_4(0x43300000)) - 0x1p52)
#endif

#if defined(__SSE2__)
UNARY(f32x4_demote_f64x2_zero, f64x2, __builtin_ia32_cvtpd2ps(a))

/// Of what doesn't fit, the instruction makes 0x80000000. gcc computes it for numbers that it knows, and saturates.
INLINE u32x4 f32x4_truncated(f32x4 a) {
#if !defined(__clang__)
    __asm__("" : "+x"(a));
#endif
    return (u32x4)__builtin_ia32_cvttps2dq(a);
}
INLINE v128 i32x4_trunc_sat_f32x4_s(v128 x) {
    f32x4 a = (f32x4)x;
    // 0x80000000 is right for what is too small, and one less than what is too large.
    return (v128)f32x4_truncated((f32x4)(x & (v128)(a == a))) ^ (v128)(a >= 0x1p31f);
}
INLINE v128 i32x4_trunc_sat_f64x2_s_zero(v128 x) {
    f64x2 a = (f64x2)x, number = (f64x2)(x & (v128)(a == a));
    return (v128)__builtin_ia32_cvttpd2dq(X86_MIN(f64x2, pd, number, (f64x2)SPLAT_2(0x7FFFFFFF)));
}
#if defined(__AVX512VL__)
// All ones for what doesn't fit. Zero for a NaN comes from the maximum.
UNARY(i32x4_trunc_sat_f32x4_u, f32x4,
      __builtin_ia32_cvttps2udq128_mask(X86_MAX(f32x4, ps, a, (f32x4){0}), (s32x4){0}, (u8)-1))
UNARY(i32x4_trunc_sat_f64x2_u_zero, f64x2,
      __builtin_ia32_cvttpd2udq128_mask(X86_MAX(f64x2, pd, a, (f64x2){0}), (s32x4){0}, (u8)-1))
#else
INLINE v128 i32x4_trunc_sat_f32x4_u(v128 x) {
    // Zero for a NaN too.
    f32x4 zero = {0}, a = X86_MAX(f32x4, ps, (f32x4)x, zero), rest = a - 0x1p31f;
    // 2^31 from 2^31 on, and the rest apart, as far as it goes.
    u32x4 high = f32x4_truncated(X86_MAX(f32x4, ps, rest, zero)) ^ (u32x4)(rest >= 0x1p31f);
    return (v128)(f32x4_truncated(a) + high);
}
INLINE v128 i32x4_trunc_sat_f64x2_u_zero(v128 x) {
    f64x2 zero = {0}, most = SPLAT_2(0xFFFFFFFF), a = X86_MIN(f64x2, pd, X86_MAX(f64x2, pd, (f64x2)x, zero), most);
    // Whole numbers below 2^32 stand in the lower half of a double's bits, once 2^52 has been added.
#if defined(__SSE4_1__)
    f32x4 bits = (f32x4)((f64x2)f64x2_trunc((v128)a) + 0x1p52);
#else
    f64x2 nearest = a + 0x1p52;
    f32x4 bits = (f32x4)((v128)nearest + (v128)(nearest - 0x1p52 > a));
#endif
    return (v128)__builtin_shufflevector(bits, (f32x4)zero, 0, 2, 4, 5);
}
#endif
#else
UNARY(f32x4_demote_f64x2_zero, f64x2, ((f32x4){(f32)a[0], (f32)a[1], 0, 0}))

// Zero where `a` isn't between the bounds, which are those of the prelude's TRUNCATE; then ones where some must be.
#define WITHIN(lowest, highest) ((v128)a & (v128)(a lowest) & (v128)(a < highest))
INLINE v128 i32x4_trunc_sat_f32x4_s(v128 x) {
    f32x4 a = (f32x4)x, number = (f32x4)WITHIN(>= -0x1p31f, 0x1p31f);
    u32x4 beyond = ((u32x4)(a >= 0x1p31f) & 0x7FFFFFFF) | ((u32x4)(a < -0x1p31f) & 0x80000000);
    return (v128)((u32x4)__builtin_convertvector(number, s32x4) | beyond);
}
INLINE v128 i32x4_trunc_sat_f32x4_u(v128 x) {
    f32x4 a = (f32x4)x, number = (f32x4)WITHIN(> -1, 0x1p32f);
    return (v128)__builtin_convertvector(number, u32x4) | (v128)(a >= 0x1p32f);
}
#define TRUNC_SAT_F64(sign)                                                                         \
    INLINE v128 i32x4_trunc_sat_f64x2_##sign##_zero(v128 x) {                                       \
        f64x2 a = (f64x2)x;                                                                         \
        return (v128)(u32x4){i32_trunc_sat_f64_##sign(a[0]), i32_trunc_sat_f64_##sign(a[1]), 0, 0}; \
    }
TRUNC_SAT_F64(s)
TRUNC_SAT_F64(u)
#endif

// MARK: - Memory

UNALIGNED(v128u, v128);

/// A load of `type`, of which `expression` makes the vector out of `value`.
#define VECTOR_LOAD(name, type, expression)                           \
    INLINE v128 name(MEMORY_PARAMETER, u32 address, u64 offset) {     \
        FENCE;                                                        \
        type value = LOADED(AT_V128_LOAD, type##u, address, offset);  \
        FENCE;                                                        \
        return expression;                                            \
    }
VECTOR_LOAD(v128_load, v128, value)
VECTOR_LOAD(v128_load8x8_s, u64, i16x8_extend_low_i8x16_s(v128_const(value, 0)))
VECTOR_LOAD(v128_load8x8_u, u64, i16x8_extend_low_i8x16_u(v128_const(value, 0)))
VECTOR_LOAD(v128_load16x4_s, u64, i32x4_extend_low_i16x8_s(v128_const(value, 0)))
VECTOR_LOAD(v128_load16x4_u, u64, i32x4_extend_low_i16x8_u(v128_const(value, 0)))
VECTOR_LOAD(v128_load32x2_s, u64, i64x2_extend_low_i32x4_s(v128_const(value, 0)))
VECTOR_LOAD(v128_load32x2_u, u64, i64x2_extend_low_i32x4_u(v128_const(value, 0)))
VECTOR_LOAD(v128_load8_splat, u8, i8x16_splat(value))
VECTOR_LOAD(v128_load16_splat, u16, i16x8_splat(value))
VECTOR_LOAD(v128_load32_splat, u32, i32x4_splat(value))
VECTOR_LOAD(v128_load64_splat, u64, i64x2_splat(value))
VECTOR_LOAD(v128_load32_zero, u32, (v128)((u32x4){value, 0, 0, 0}))
VECTOR_LOAD(v128_load64_zero, u64, v128_const(value, 0))

STORE(v128_store, v128, v128u, AT_V128_STORE)

#define LANE_ACCESS(bits, T)                                                                                \
    INLINE v128 v128_load##bits##_lane(MEMORY_PARAMETER, u32 address, v128 vector, u64 offset, u32 lane) {  \
        T lanes = (T)vector;                                                                                \
        FENCE;                                                                                              \
        lanes[lane] = LOADED(AT_V128_LOAD, u##bits##u, address, offset);                                    \
        FENCE;                                                                                              \
        return (v128)lanes;                                                                                 \
    }                                                                                                       \
    INLINE void v128_store##bits##_lane(MEMORY_PARAMETER, u32 address, v128 vector, u64 offset, u32 lane) { \
        FENCE;                                                                                              \
        STORE_TO(AT_V128_STORE, u##bits##u, address, offset, ((T)vector)[lane]);                            \
        FENCE;                                                                                              \
    }
LANE_ACCESS(8, u8x16)
LANE_ACCESS(16, u16x8)
LANE_ACCESS(32, u32x4)
LANE_ACCESS(64, u64x2)

#endif
