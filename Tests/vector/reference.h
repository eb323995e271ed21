// Every operator on vectors, one lane after the other, in the plainest C: what bulkhead_vector.h is checked against.
// Written from the specification (2.0, 4.3), with nothing of the prelude's.

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// A vector, or a number in its first lane.
typedef union vector {
    uint8_t u8[16];
    int8_t s8[16];
    uint16_t u16[8];
    int16_t s16[8];
    uint32_t u32[4];
    int32_t s32[4];
    uint64_t u64[2];
    int64_t s64[2];
    float f32[4];
    double f64[2];
} vector;

/// Takes up to three operands; a number is the first lane of its operand.
typedef void reference_function(const vector *in, vector *out);

#define REFERENCE(name) static void reference_##name(const vector *in, vector *out)
#define FOR(i, count) for (int i = 0; i < (count); i++)

// MARK: - NaNs

// A result that is a NaN isn't one number but a set. A reference gives the canonical NaN where the result must be that,
// with either sign, and NaNs of all ones where any quiet NaN will do.

static const uint32_t f32_canonical = 0x7FC00000, f32_arithmetic = 0x7FFFFFFF;
static const uint64_t f64_canonical = 0x7FF8000000000000, f64_arithmetic = 0x7FFFFFFFFFFFFFFF;

static uint32_t f32_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static uint64_t f64_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static bool f32_bits_are_nan(uint32_t x) { return (x & 0x7FFFFFFF) > 0x7F800000; }
static bool f64_bits_are_nan(uint64_t x) { return (x & 0x7FFFFFFFFFFFFFFF) > 0x7FF0000000000000; }

/// The bits of an operation's result: of `number`, or of the NaN that the operands ask for.
static uint32_t f32_result(float number, uint32_t a, uint32_t b) {
    if (!f32_bits_are_nan(f32_bits(number))) return f32_bits(number);
    bool a_is_harmless = !f32_bits_are_nan(a) || (a & 0x7FFFFFFF) == f32_canonical;
    bool b_is_harmless = !f32_bits_are_nan(b) || (b & 0x7FFFFFFF) == f32_canonical;
    return a_is_harmless && b_is_harmless ? f32_canonical : f32_arithmetic;
}
static uint64_t f64_result(double number, uint64_t a, uint64_t b) {
    if (!f64_bits_are_nan(f64_bits(number))) return f64_bits(number);
    bool a_is_harmless = !f64_bits_are_nan(a) || (a & 0x7FFFFFFFFFFFFFFF) == f64_canonical;
    bool b_is_harmless = !f64_bits_are_nan(b) || (b & 0x7FFFFFFFFFFFFFFF) == f64_canonical;
    return a_is_harmless && b_is_harmless ? f64_canonical : f64_arithmetic;
}

static bool f32_agrees(uint32_t is, uint32_t expected) {
    if (!f32_bits_are_nan(expected)) return is == expected;
    return (is & (expected == f32_canonical ? 0x7FFFFFFF : f32_canonical)) == f32_canonical;
}
static bool f64_agrees(uint64_t is, uint64_t expected) {
    if (!f64_bits_are_nan(expected)) return is == expected;
    return (is & (expected == f64_canonical ? 0x7FFFFFFFFFFFFFFF : f64_canonical)) == f64_canonical;
}

// MARK: - Whole vectors

REFERENCE(v128_not) { FOR(i, 16) out->u8[i] = (uint8_t)~in[0].u8[i]; }
REFERENCE(v128_and) { FOR(i, 16) out->u8[i] = in[0].u8[i] & in[1].u8[i]; }
REFERENCE(v128_andnot) { FOR(i, 16) out->u8[i] = in[0].u8[i] & (uint8_t)~in[1].u8[i]; }
REFERENCE(v128_or) { FOR(i, 16) out->u8[i] = in[0].u8[i] | in[1].u8[i]; }
REFERENCE(v128_xor) { FOR(i, 16) out->u8[i] = in[0].u8[i] ^ in[1].u8[i]; }
REFERENCE(v128_bitselect) {
    FOR(i, 16) out->u8[i] = (in[0].u8[i] & in[2].u8[i]) | (in[1].u8[i] & (uint8_t)~in[2].u8[i]);
}
REFERENCE(v128_any_true) {
    FOR(i, 16) if (in[0].u8[i] != 0) out->u32[0] = 1;
}
REFERENCE(i8x16_swizzle) { FOR(i, 16) out->u8[i] = in[1].u8[i] < 16 ? in[0].u8[in[1].u8[i]] : 0; }
REFERENCE(i8x16_popcnt) {
    FOR(i, 16) FOR(bit, 8) out->u8[i] += in[0].u8[i] >> bit & 1;
}

// MARK: - Integers

/// The nearest number between two bounds.
static int64_t clamp(int64_t x, int64_t least, int64_t most) { return x < least ? least : x > most ? most : x; }

#define SPLATS(shape, lanes, count, number) \
    REFERENCE(shape##_splat) { FOR(i, count) out->lanes[i] = in[0].lanes[0]; }
SPLATS(i8x16, u8, 16, u32)
SPLATS(i16x8, u16, 8, u32)
SPLATS(i32x4, u32, 4, u32)
SPLATS(i64x2, u64, 2, u64)
SPLATS(f32x4, u32, 4, u32)
SPLATS(f64x2, u64, 2, u64)

#define LANEWISE(name, lanes, count, expression)        \
    REFERENCE(name) {                                   \
        FOR(i, count) {                                 \
            __typeof__(in->lanes[0]) a = in[0].lanes[i]; \
            out->lanes[i] = (__typeof__(a))(expression); \
        }                                               \
    }
#define LANEWISE_2(name, lanes, count, expression)      \
    REFERENCE(name) {                                   \
        FOR(i, count) {                                 \
            __typeof__(in->lanes[0]) a = in[0].lanes[i]; \
            __typeof__(in->lanes[0]) b = in[1].lanes[i]; \
            out->lanes[i] = (__typeof__(a))(expression); \
        }                                               \
    }

#define SIGNED_COMPARISONS(shape, U, S, count)                 \
    LANEWISE_2(shape##_eq, U, count, a == b ? UINT64_MAX : 0)   \
    LANEWISE_2(shape##_ne, U, count, a != b ? UINT64_MAX : 0)   \
    LANEWISE_2(shape##_lt_s, S, count, a < b ? -1 : 0)          \
    LANEWISE_2(shape##_gt_s, S, count, a > b ? -1 : 0)          \
    LANEWISE_2(shape##_le_s, S, count, a <= b ? -1 : 0)         \
    LANEWISE_2(shape##_ge_s, S, count, a >= b ? -1 : 0)
#define UNSIGNED_COMPARISONS_OF(shape, U, count)               \
    LANEWISE_2(shape##_lt_u, U, count, a < b ? UINT64_MAX : 0)  \
    LANEWISE_2(shape##_gt_u, U, count, a > b ? UINT64_MAX : 0)  \
    LANEWISE_2(shape##_le_u, U, count, a <= b ? UINT64_MAX : 0) \
    LANEWISE_2(shape##_ge_u, U, count, a >= b ? UINT64_MAX : 0)

/// All of it in 64 bits, of which the lane keeps the lowest.
#define INTEGERS(shape, U, S, bits, count)                                                            \
    SIGNED_COMPARISONS(shape, U, S, count)                                                            \
    LANEWISE_2(shape##_add, U, count, (uint64_t)a + (uint64_t)b)                                      \
    LANEWISE_2(shape##_sub, U, count, (uint64_t)a - (uint64_t)b)                                      \
    LANEWISE(shape##_neg, U, count, 0 - (uint64_t)a)                                                  \
    LANEWISE(shape##_abs, U, count, a >> (bits - 1) ? 0 - (uint64_t)a : (uint64_t)a)                  \
    REFERENCE(shape##_shl) { FOR(i, count) out->U[i] = (uint64_t)in[0].U[i] << in[1].u32[0] % bits; } \
    REFERENCE(shape##_shr_u) { FOR(i, count) out->U[i] = in[0].U[i] >> in[1].u32[0] % bits; }         \
    REFERENCE(shape##_shr_s) { FOR(i, count) out->S[i] = in[0].S[i] >> in[1].u32[0] % bits; }         \
    REFERENCE(shape##_all_true) {                                                                     \
        out->u32[0] = 1;                                                                              \
        FOR(i, count) if (in[0].U[i] == 0) out->u32[0] = 0;                                           \
    }                                                                                                 \
    REFERENCE(shape##_bitmask) { FOR(i, count) out->u32[0] |= (uint32_t)(in[0].S[i] < 0) << i; }
INTEGERS(i8x16, u8, s8, 8, 16)
INTEGERS(i16x8, u16, s16, 16, 8)
INTEGERS(i32x4, u32, s32, 32, 4)
INTEGERS(i64x2, u64, s64, 64, 2)
UNSIGNED_COMPARISONS_OF(i8x16, u8, 16)
UNSIGNED_COMPARISONS_OF(i16x8, u16, 8)
UNSIGNED_COMPARISONS_OF(i32x4, u32, 4)
LANEWISE_2(i16x8_mul, u16, 8, (uint64_t)a * (uint64_t)b)
LANEWISE_2(i32x4_mul, u32, 4, (uint64_t)a * (uint64_t)b)
LANEWISE_2(i64x2_mul, u64, 2, (uint64_t)a * (uint64_t)b)

#define EXTREMES(shape, U, S, count)                  \
    LANEWISE_2(shape##_min_u, U, count, a < b ? a : b) \
    LANEWISE_2(shape##_max_u, U, count, a > b ? a : b) \
    LANEWISE_2(shape##_min_s, S, count, a < b ? a : b) \
    LANEWISE_2(shape##_max_s, S, count, a > b ? a : b)
EXTREMES(i8x16, u8, s8, 16)
EXTREMES(i16x8, u16, s16, 8)
EXTREMES(i32x4, u32, s32, 4)

#define SATURATING_OF(shape, U, S, count, umax, smin, smax)                  \
    LANEWISE_2(shape##_add_sat_u, U, count, clamp((int64_t)a + b, 0, umax))   \
    LANEWISE_2(shape##_sub_sat_u, U, count, clamp((int64_t)a - b, 0, umax))   \
    LANEWISE_2(shape##_add_sat_s, S, count, clamp((int64_t)a + b, smin, smax)) \
    LANEWISE_2(shape##_sub_sat_s, S, count, clamp((int64_t)a - b, smin, smax)) \
    LANEWISE_2(shape##_avgr_u, U, count, ((uint64_t)a + b + 1) / 2)
SATURATING_OF(i8x16, u8, s8, 16, 255, -128, 127)
SATURATING_OF(i16x8, u16, s16, 8, 65535, -32768, 32767)
LANEWISE_2(i16x8_q15mulr_sat_s, s16, 8, clamp(((int64_t)a * b + 0x4000) >> 15, -32768, 32767))

#define NARROWING(name, from, to, count, least, most)                \
    REFERENCE(name) {                                                \
        FOR(i, count) {                                              \
            out->to[i] = (__typeof__(out->to[0]))clamp(in[0].from[i], least, most);         \
            out->to[count + i] = (__typeof__(out->to[0]))clamp(in[1].from[i], least, most); \
        }                                                            \
    }
NARROWING(i8x16_narrow_i16x8_s, s16, s8, 8, -128, 127)
NARROWING(i8x16_narrow_i16x8_u, s16, u8, 8, 0, 255)
NARROWING(i16x8_narrow_i32x4_s, s32, s16, 4, -32768, 32767)
NARROWING(i16x8_narrow_i32x4_u, s32, u16, 4, 0, 65535)

#define WIDENING_OF(to, from, T, F, sign, count)                                                                      \
    REFERENCE(to##_extend_low_##from##_##sign) { FOR(i, count) out->T[i] = in[0].F[i]; }                              \
    REFERENCE(to##_extend_high_##from##_##sign) { FOR(i, count) out->T[i] = in[0].F[count + i]; }                     \
    REFERENCE(to##_extmul_low_##from##_##sign) { FOR(i, count) out->T[i] = (WIDE_##sign)in[0].F[i] * in[1].F[i]; }    \
    REFERENCE(to##_extmul_high_##from##_##sign) {                                                                     \
        FOR(i, count) out->T[i] = (WIDE_##sign)in[0].F[count + i] * in[1].F[count + i];                               \
    }
#define WIDE_s int64_t
#define WIDE_u uint64_t
WIDENING_OF(i16x8, i8x16, s16, s8, s, 8)
WIDENING_OF(i16x8, i8x16, u16, u8, u, 8)
WIDENING_OF(i32x4, i16x8, s32, s16, s, 4)
WIDENING_OF(i32x4, i16x8, u32, u16, u, 4)
WIDENING_OF(i64x2, i32x4, s64, s32, s, 2)
WIDENING_OF(i64x2, i32x4, u64, u32, u, 2)

#define PAIRWISE(name, T, F, count) \
    REFERENCE(name) { FOR(i, count) out->T[i] = (__typeof__(out->T[0]))(in[0].F[2 * i] + in[0].F[2 * i + 1]); }
PAIRWISE(i16x8_extadd_pairwise_i8x16_s, s16, s8, 8)
PAIRWISE(i16x8_extadd_pairwise_i8x16_u, u16, u8, 8)
PAIRWISE(i32x4_extadd_pairwise_i16x8_s, s32, s16, 4)
PAIRWISE(i32x4_extadd_pairwise_i16x8_u, u32, u16, 4)
REFERENCE(i32x4_dot_i16x8_s) {
    FOR(i, 4) {
        int64_t first = (int64_t)in[0].s16[2 * i] * in[1].s16[2 * i];
        out->u32[i] = (uint32_t)(first + (int64_t)in[0].s16[2 * i + 1] * in[1].s16[2 * i + 1]);
    }
}

// MARK: - Floating point

/// -0 is less than +0 here, and nowhere else.
#define FLOAT_LEAST(a, b) (isnan(a) || isnan(b) ? NAN : a == b ? (signbit(a) ? a : b) : a < b ? a : b)
#define FLOAT_MOST(a, b) (isnan(a) || isnan(b) ? NAN : a == b ? (signbit(a) ? b : a) : a > b ? a : b)

#define FLOAT_UNARY(name, F, U, count, expression)                                  \
    REFERENCE(name) {                                                               \
        FOR(i, count) {                                                             \
            __typeof__(in->F[0]) a = in[0].F[i];                                    \
            out->U[i] = F##_result((expression), in[0].U[i], 0);                    \
        }                                                                           \
    }
#define FLOAT_BINARY(name, F, U, count, expression)                                 \
    REFERENCE(name) {                                                               \
        FOR(i, count) {                                                             \
            __typeof__(in->F[0]) a = in[0].F[i], b = in[1].F[i];                    \
            out->U[i] = F##_result((expression), in[0].U[i], in[1].U[i]);           \
        }                                                                           \
    }
#define FLOAT_COMPARISON(name, F, U, count, operator) \
    REFERENCE(name) { FOR(i, count) if (in[0].F[i] operator in[1].F[i]) out->U[i] = (__typeof__(out->U[0]))-1; }

#define FLOATS(shape, F, U, count, suffix, sign)                                              \
    FLOAT_COMPARISON(shape##_eq, F, U, count, ==)                                             \
    FLOAT_COMPARISON(shape##_ne, F, U, count, !=)                                             \
    FLOAT_COMPARISON(shape##_lt, F, U, count, <)                                              \
    FLOAT_COMPARISON(shape##_gt, F, U, count, >)                                              \
    FLOAT_COMPARISON(shape##_le, F, U, count, <=)                                             \
    FLOAT_COMPARISON(shape##_ge, F, U, count, >=)                                             \
    LANEWISE(shape##_abs, U, count, a & ~sign)                                                \
    LANEWISE(shape##_neg, U, count, a ^ sign)                                                 \
    FLOAT_UNARY(shape##_sqrt, F, U, count, sqrt##suffix(a))                                   \
    FLOAT_UNARY(shape##_ceil, F, U, count, ceil##suffix(a))                                   \
    FLOAT_UNARY(shape##_floor, F, U, count, floor##suffix(a))                                 \
    FLOAT_UNARY(shape##_trunc, F, U, count, trunc##suffix(a))                                 \
    FLOAT_UNARY(shape##_nearest, F, U, count, rint##suffix(a))                                \
    FLOAT_BINARY(shape##_add, F, U, count, a + b)                                             \
    FLOAT_BINARY(shape##_sub, F, U, count, a - b)                                             \
    FLOAT_BINARY(shape##_mul, F, U, count, a * b)                                             \
    FLOAT_BINARY(shape##_div, F, U, count, a / b)                                             \
    FLOAT_BINARY(shape##_min, F, U, count, FLOAT_LEAST(a, b))                                 \
    FLOAT_BINARY(shape##_max, F, U, count, FLOAT_MOST(a, b))                                  \
    /* Choices between the operands as they are. */                                           \
    REFERENCE(shape##_pmin) {                                                                 \
        FOR(i, count) out->U[i] = in[1].F[i] < in[0].F[i] ? in[1].U[i] : in[0].U[i];          \
    }                                                                                         \
    REFERENCE(shape##_pmax) {                                                                 \
        FOR(i, count) out->U[i] = in[0].F[i] < in[1].F[i] ? in[1].U[i] : in[0].U[i];          \
    }
FLOATS(f32x4, f32, u32, 4, f, 0x80000000u)
FLOATS(f64x2, f64, u64, 2, , 0x8000000000000000u)

/// Every 32-bit integer is a double.
static int64_t truncated(double x, int64_t least, int64_t most) {
    if (isnan(x)) return 0;
    x = trunc(x);
    return x < (double)least ? least : x > (double)most ? most : (int64_t)x;
}
#define TRUNCATING(name, F, count, least, most) \
    REFERENCE(name) { FOR(i, count) out->u32[i] = (uint32_t)truncated(in[0].F[i], least, most); }
TRUNCATING(i32x4_trunc_sat_f32x4_s, f32, 4, INT32_MIN, INT32_MAX)
TRUNCATING(i32x4_trunc_sat_f32x4_u, f32, 4, 0, UINT32_MAX)
TRUNCATING(i32x4_trunc_sat_f64x2_s_zero, f64, 2, INT32_MIN, INT32_MAX)
TRUNCATING(i32x4_trunc_sat_f64x2_u_zero, f64, 2, 0, UINT32_MAX)
REFERENCE(f32x4_convert_i32x4_s) { FOR(i, 4) out->f32[i] = (float)in[0].s32[i]; }
REFERENCE(f32x4_convert_i32x4_u) { FOR(i, 4) out->f32[i] = (float)in[0].u32[i]; }
REFERENCE(f64x2_convert_low_i32x4_s) { FOR(i, 2) out->f64[i] = in[0].s32[i]; }
REFERENCE(f64x2_convert_low_i32x4_u) { FOR(i, 2) out->f64[i] = in[0].u32[i]; }
REFERENCE(f32x4_demote_f64x2_zero) {
    FOR(i, 2) {
        uint64_t a = in[0].u64[i];
        bool is_harmless = !f64_bits_are_nan(a) || (a & 0x7FFFFFFFFFFFFFFF) == f64_canonical;
        out->u32[i] = f32_result((float)in[0].f64[i], is_harmless ? f32_canonical : f32_arithmetic, 0);
    }
}
REFERENCE(f64x2_promote_low_f32x4) {
    FOR(i, 2) {
        uint32_t a = in[0].u32[i];
        bool is_harmless = !f32_bits_are_nan(a) || (a & 0x7FFFFFFF) == f32_canonical;
        out->u64[i] = f64_result(in[0].f32[i], is_harmless ? f64_canonical : f64_arithmetic, 0);
    }
}
