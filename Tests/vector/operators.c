// Checks every operator of bulkhead_vector.h against a plain one (reference.h): on edge values and random ones, with
// operands that the compiler can't see and with operands that it can. Prints `N operators, M checks, F failed`; exits
// with 1 if any failed or was forgotten.
//
//   clang -std=gnu11 -O2 -fno-builtin -ffp-contract=off -DBULKHEAD_SEGMENT=0 -I$HEADERS operators.c -lm
//
// With BULKHEAD_SEGMENT=1, memory is where GS points: x86-64 Linux.

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reference.h"

#include "bulkhead_prelude.h"
#include "bulkhead_vector.h"

// MARK: - Results

static unsigned long checks, failures;
static const char *names[512];
static int name_count;

/// Says that an operator is being checked. There are 236, and none may be missing.
static void begin(const char *name) {
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i], name) == 0) return;
    names[name_count++] = name;
}

/// How a result is compared: by its bits, or as numbers, among which NaNs are sets.
enum kind { BITS, F32, F64 };

static void print(const char *title, const vector *value) {
    printf("  %s %016llx %016llx (halves, low first)\n", title, (unsigned long long)value->u64[0],
           (unsigned long long)value->u64[1]);
}

static void check(const char *name, const char *how, enum kind kind, const vector *in, int operands, const vector *is,
                  const vector *expected) {
    checks++;
    bool agrees = true;
    switch (kind) {
    case BITS: agrees = memcmp(is, expected, sizeof *is) == 0; break;
    case F32: FOR(i, 4) agrees &= f32_agrees(is->u32[i], expected->u32[i]); break;
    case F64: FOR(i, 2) agrees &= f64_agrees(is->u64[i], expected->u64[i]); break;
    }
    if (agrees) return;
    if (failures++ >= 40) return;
    printf("failed: %s, %s\n", name, how);
    FOR(i, operands) print("operand ", &in[i]);
    print("is      ", is);
    print("expected", expected);
}

// MARK: - Operators on vectors

#define OPAQUE static __attribute__((noinline))
/// Bits, as they are.
#define GET(T, i)                                            \
    ({                                                       \
        T operand;                                           \
        __builtin_memcpy(&operand, &in[i], sizeof operand);  \
        operand;                                             \
    })
#define PUT(value)                                    \
    do {                                              \
        __typeof__(value) result = (value);           \
        __builtin_memcpy(out, &result, sizeof result); \
    } while (0)

/// All but memory accesses, lanes and shuffles: `one(name, kind, parameter)`, `two(name, kind)`, `shift(name)`.
/// `two_hidden` are those whose operands generated code hides from the compiler where it would fold them.
#define OPERATORS(one, one_hidden, two, two_hidden, shift)                                                    \
    one(v128_not, BITS, v128) one(v128_any_true, BITS, v128) two(v128_and, BITS) two(v128_andnot, BITS)        \
    two(v128_or, BITS) two(v128_xor, BITS) two(i8x16_swizzle, BITS) one(i8x16_popcnt, BITS, v128)              \
    one(i8x16_splat, BITS, u32) one(i16x8_splat, BITS, u32) one(i32x4_splat, BITS, u32)                       \
    one(i64x2_splat, BITS, u64) one(f32x4_splat, BITS, f32) one(f64x2_splat, BITS, f64)                       \
    INTEGER_OPERATORS(i8x16, one, two, shift) INTEGER_OPERATORS(i16x8, one, two, shift)                        \
    INTEGER_OPERATORS(i32x4, one, two, shift) INTEGER_OPERATORS(i64x2, one, two, shift)                        \
    UNSIGNED_OPERATORS(i8x16, two) UNSIGNED_OPERATORS(i16x8, two) UNSIGNED_OPERATORS(i32x4, two)               \
    two(i16x8_mul, BITS) two(i32x4_mul, BITS) two(i64x2_mul, BITS)                                             \
    SATURATING_OPERATORS(i8x16, two) SATURATING_OPERATORS(i16x8, two) two(i16x8_q15mulr_sat_s, BITS)           \
    two(i8x16_narrow_i16x8_s, BITS) two(i8x16_narrow_i16x8_u, BITS) two(i16x8_narrow_i32x4_s, BITS)            \
    two(i16x8_narrow_i32x4_u, BITS) two(i32x4_dot_i16x8_s, BITS)                                               \
    WIDENING_OPERATORS(i16x8, i8x16, one, two) WIDENING_OPERATORS(i32x4, i16x8, one, two)                      \
    WIDENING_OPERATORS(i64x2, i32x4, one, two)                                                                 \
    one(i16x8_extadd_pairwise_i8x16_s, BITS, v128) one(i16x8_extadd_pairwise_i8x16_u, BITS, v128)              \
    one(i32x4_extadd_pairwise_i16x8_s, BITS, v128) one(i32x4_extadd_pairwise_i16x8_u, BITS, v128)              \
    FLOAT_OPERATORS_OF(f32x4, F32, one, two, two_hidden) FLOAT_OPERATORS_OF(f64x2, F64, one, two, two_hidden)  \
    one(i32x4_trunc_sat_f32x4_s, BITS, v128) one(i32x4_trunc_sat_f32x4_u, BITS, v128)                          \
    one(i32x4_trunc_sat_f64x2_s_zero, BITS, v128) one(i32x4_trunc_sat_f64x2_u_zero, BITS, v128)                \
    one(f32x4_convert_i32x4_s, F32, v128) one(f32x4_convert_i32x4_u, F32, v128)                                \
    one(f64x2_convert_low_i32x4_s, F64, v128) one(f64x2_convert_low_i32x4_u, F64, v128)                        \
    one_hidden(f32x4_demote_f64x2_zero, F32, v128) one(f64x2_promote_low_f32x4, F64, v128)
#define INTEGER_OPERATORS(shape, one, two, shift)                                                             \
    two(shape##_eq, BITS) two(shape##_ne, BITS) two(shape##_lt_s, BITS) two(shape##_gt_s, BITS)                \
    two(shape##_le_s, BITS) two(shape##_ge_s, BITS) two(shape##_add, BITS) two(shape##_sub, BITS)              \
    one(shape##_neg, BITS, v128) one(shape##_abs, BITS, v128) one(shape##_all_true, BITS, v128)                \
    one(shape##_bitmask, BITS, v128) shift(shape##_shl) shift(shape##_shr_s) shift(shape##_shr_u)
#define UNSIGNED_OPERATORS(shape, two)                                                                        \
    two(shape##_lt_u, BITS) two(shape##_gt_u, BITS) two(shape##_le_u, BITS) two(shape##_ge_u, BITS)            \
    two(shape##_min_s, BITS) two(shape##_min_u, BITS) two(shape##_max_s, BITS) two(shape##_max_u, BITS)
#define SATURATING_OPERATORS(shape, two)                                                                      \
    two(shape##_add_sat_s, BITS) two(shape##_add_sat_u, BITS) two(shape##_sub_sat_s, BITS)                     \
    two(shape##_sub_sat_u, BITS) two(shape##_avgr_u, BITS)
#define WIDENING_OPERATORS(to, from, one, two)                                                                \
    one(to##_extend_low_##from##_s, BITS, v128) one(to##_extend_low_##from##_u, BITS, v128)                    \
    one(to##_extend_high_##from##_s, BITS, v128) one(to##_extend_high_##from##_u, BITS, v128)                  \
    two(to##_extmul_low_##from##_s, BITS) two(to##_extmul_low_##from##_u, BITS)                                \
    two(to##_extmul_high_##from##_s, BITS) two(to##_extmul_high_##from##_u, BITS)
#define FLOAT_OPERATORS_OF(shape, kind, one, two, two_hidden)                                                 \
    two(shape##_eq, BITS) two(shape##_ne, BITS) two(shape##_lt, BITS) two(shape##_gt, BITS)                    \
    two(shape##_le, BITS) two(shape##_ge, BITS) one(shape##_abs, BITS, v128) one(shape##_neg, BITS, v128)      \
    one(shape##_sqrt, kind, v128) one(shape##_ceil, kind, v128) one(shape##_floor, kind, v128)                 \
    one(shape##_trunc, kind, v128) one(shape##_nearest, kind, v128) two(shape##_min, kind)                     \
    two(shape##_max, kind) two(shape##_pmin, BITS) two(shape##_pmax, BITS) two_hidden(shape##_add, kind)       \
    two_hidden(shape##_sub, kind) two_hidden(shape##_mul, kind) two_hidden(shape##_div, kind)

/// Operands that the compiler sees, in 64-bit halves: numbers of every shape that lie at an edge, or are NaNs.
#define KNOWN(row, name, P)                                                                            \
    row(0, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000, name, P)    \
    row(1, 0xFFFFFFFFFFFFFFFF, 0x0001000100010001, 0x8000800080008000, 0xFFFFFFFFFFFFFFFF, name, P)    \
    row(2, 0x8080808080808080, 0x7F7F7F7F7F7F7F7F, 0x7F7F7F7F7F7F7F7F, 0x0101010101010101, name, P)    \
    row(3, 0x8000000000000000, 0x7FF0000000000000, 0x0000000000000000, 0x3FF8000000000000, name, P)    \
    row(4, 0x7F80000080000000, 0x4F0000003F000000, 0xFF80000000000000, 0xCF000000BF000000, name, P)    \
    row(5, 0x7FF0000000000001, 0xFFF8000000000000, 0x3FF0000000000000, 0x7FF8000000000000, name, P)    \
    row(6, 0x7F8000017FC00000, 0xFFC00000FF812345, 0x3F8000007FC00000, 0x0000000080000000, name, P)    \
    row(7, 0x0706050403020100, 0xFF80100F0E0D0C0B, 0x0123456789ABCDEF, 0xFEDCBA9876543210, name, P)    \
    row(8, 0x41EFFFFFFFF00000, 0xC1E0000000200000, 0x41DFFFFFFFE00000, 0x3FDFFFFFFFFFFFFF, name, P)    \
    row(9, 0x4F7FFFFF4F800000, 0xBF7FFFFFCF000001, 0x000000010000001F, 0x8000000080000000, name, P)
#define KNOWN_PAIR(row, a, b, c, d, name, P) {{.u64 = {a, b}}, {.u64 = {c, d}}},
static const vector known[][2] = {KNOWN(KNOWN_PAIR, , )};
#define KNOWN_COUNT ((int)(sizeof known / sizeof known[0]))

#define LITERAL_v128(low, high) v128_const(low, high)
#define LITERAL_u32(low, high) (u32)(low)
#define LITERAL_u64(low, high) (u64)(low)
#define LITERAL_f32(low, high) f32_reinterpret_i32((u32)(low))
#define LITERAL_f64(low, high) f64_reinterpret_i64(low)
#define FOLD_1(row, a, b, c, d, name, P) \
    case row: PUT(name(LITERAL_##P(a, b))); break;
#define FOLD_2(row, a, b, c, d, name, P)                                             \
    case row: PUT(name(v128_const(a, b), LITERAL_##P(c, d))); break;                 \
    case KNOWN_COUNT + row: PUT(name(GET(v128, 0), LITERAL_##P(c, d))); break;       \
    case 2 * KNOWN_COUNT + row: PUT(name(v128_const(a, b), GET(P, 1))); break;

#define DEFINE_1_HIDDEN(name, kind, P) \
    OPAQUE void run_##name(const vector *in, vector *out) { PUT(name(GET(P, 0))); }
#define DEFINE_1(name, kind, P)        \
    DEFINE_1_HIDDEN(name, kind, P)     \
    OPAQUE void fold_##name(int row, const vector *in, vector *out) { switch (row) { KNOWN(FOLD_1, name, P) } }
#define DEFINE_2_HIDDEN(name, kind) \
    OPAQUE void run_##name(const vector *in, vector *out) { PUT(name(GET(v128, 0), GET(v128, 1))); }
#define DEFINE_2(name, kind)       \
    DEFINE_2_HIDDEN(name, kind)    \
    OPAQUE void fold_##name(int row, const vector *in, vector *out) { switch (row) { KNOWN(FOLD_2, name, v128) } }
#define DEFINE_SHIFT(name)                                                                           \
    OPAQUE void run_##name(const vector *in, vector *out) { PUT(name(GET(v128, 0), GET(u32, 1))); }  \
    OPAQUE void fold_##name(int row, const vector *in, vector *out) { switch (row) { KNOWN(FOLD_2, name, u32) } }
OPERATORS(DEFINE_1, DEFINE_1_HIDDEN, DEFINE_2, DEFINE_2_HIDDEN, DEFINE_SHIFT)

struct operator_case {
    const char *name;
    int operands;
    enum kind kind;
    void (*run)(const vector *in, vector *out);
    reference_function *reference;
    /// With operands known to the compiler: of the row, both; then the second; then the first.
    void (*fold)(int row, const vector *in, vector *out);
};
#define CASE_1(name, kind, P) {#name, 1, kind, run_##name, reference_##name, fold_##name},
#define CASE_1_HIDDEN(name, kind, P) {#name, 1, kind, run_##name, reference_##name, 0},
#define CASE_2(name, kind) {#name, 2, kind, run_##name, reference_##name, fold_##name},
#define CASE_2_HIDDEN(name, kind) {#name, 2, kind, run_##name, reference_##name, 0},
#define CASE_SHIFT(name) {#name, 2, BITS, run_##name, reference_##name, fold_##name},
static const struct operator_case operators[] = {OPERATORS(CASE_1, CASE_1_HIDDEN, CASE_2, CASE_2_HIDDEN, CASE_SHIFT)};

// MARK: - Operands

static u64 random_state = 0x9E3779B97F4A7C15;
static u64 random_bits(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * 0x2545F4914F6CDD1D;
}

/// Of floating-point numbers, most random bits are too large or too small to be of interest: here the exponents are
/// those of integers and of what lies around them.
static vector random_vector(int flavour) {
    vector v = {.u64 = {random_bits(), random_bits()}};
    switch (flavour % 4) {
    case 1: FOR(i, 4) v.u32[i] = (v.u32[i] & 0x807FFFFF) | (u32)(120 + random_bits() % 45) << 23; break;
    case 2: FOR(i, 2) v.u64[i] = (v.u64[i] & 0x800FFFFFFFFFFFFF) | (1016 + random_bits() % 75) << 52; break;
    // Small, or close to what doubles the lane's range.
    case 3: FOR(i, 8) v.u16[i] = (u16)((v.u16[i] & 3) - 1 + (random_bits() % 3 << 15 & 0xFFFF)); break;
    }
    return v;
}

static const u8 edges_8[] = {0, 1, 2, 7, 8, 15, 16, 17, 31, 0x55, 0x7E, 0x7F, 0x80, 0x81, 0xFE, 0xFF};
static const u16 edges_16[] = {
    0, 1, 2, 7, 15, 16, 0x7F, 0x80, 0x81, 0xFF, 0x100, 0x3FFF, 0x4000, 0x7FFE, 0x7FFF, 0x8000,
    0x8001, 0xBFFF, 0xC000, 0xFF7F, 0xFF80, 0xFF81, 0xFFFE, 0xFFFF,
};
static const u32 edges_32[] = {
    0, 1, 2, 31, 32, 33, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x10000, 0x10001, 0x00FFFFFF, 0x01000001,
    0x40000000, 0x7FFFFF7F, 0x7FFFFFBF, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xBFFFFFFF,
    0xFFFF0000, 0xFFFF7FFF, 0xFFFF8000, 0xFFFF8001, 0xFFFFFF7F, 0xFFFFFF80, 0xFFFFFFFE, 0xFFFFFFFF,
};
static const u64 edges_64[] = {
    0, 1, 2, 63, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x100000001, 0x7FFFFFFF80000000,
    0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0x8000000000000001, 0x80000000FFFFFFFF,
    0xFFFFFFFF00000000, 0xFFFFFFFF80000000, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF,
};
/// With either sign.
static const u32 edges_f32[] = {
    // Zero, subnormals, the least normal number.
    0x00000000, 0x00000001, 0x00400000, 0x007FFFFF, 0x00800000,
    // Around 0.5 and 1; 1.5 and 2.5.
    0x3EFFFFFF, 0x3F000000, 0x3F000001, 0x3F7FFFFF, 0x3F800000, 0x3F800001, 0x3FC00000, 0x40200000,
    // Around 2^23, 2^24, 2^31 and 2^32; 2^63, the largest number, infinity.
    0x4AFFFFFF, 0x4B000000, 0x4B000001, 0x4B7FFFFF, 0x4B800000, 0x4EFFFFFF, 0x4F000000, 0x4F000001, 0x4F7FFFFF,
    0x4F800000, 0x5F000000, 0x7F7FFFFF, 0x7F800000,
    // Quiet and signalling NaNs.
    0x7FC00000, 0x7FC12345, 0x7FFFFFFF, 0x7F800001, 0x7FA00000, 0x7FBFFFFF,
};
static const u64 edges_f64[] = {
    // Zero, subnormals, the least normal number; the least numbers of an f32.
    0x0000000000000000, 0x0000000000000001, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x36A0000000000000,
    0x3690000000000000, 0x3810000000000000,
    // Around 0.5 and 1; 1.5 and 2.5.
    0x3FDFFFFFFFFFFFFF, 0x3FE0000000000000, 0x3FE0000000000001, 0x3FEFFFFFFFFFFFFF, 0x3FF0000000000000,
    0x3FF0000000000001, 0x3FF8000000000000, 0x4004000000000000,
    // Around 2^31 in halves, and around 2^32.
    0x41DFFFFFFF800000, 0x41DFFFFFFFC00000, 0x41DFFFFFFFE00000, 0x41DFFFFFFFFFFFFF, 0x41E0000000000000,
    0x41E0000000100000, 0x41E0000000200000, 0x41EFFFFFFFC00000, 0x41EFFFFFFFE00000, 0x41EFFFFFFFF00000,
    0x41EFFFFFFFFFFFFF, 0x41F0000000000000,
    // Around 2^52 and 2^53; 2^63; around the largest f32; the largest number, infinity.
    0x432FFFFFFFFFFFFF, 0x4330000000000000, 0x4330000000000001, 0x433FFFFFFFFFFFFF, 0x4340000000000000,
    0x43E0000000000000, 0x47EFFFFFE0000000, 0x47EFFFFFEFFFFFFF, 0x47EFFFFFF0000000, 0x7FEFFFFFFFFFFFFF,
    0x7FF0000000000000,
    // Quiet and signalling NaNs.
    0x7FF8000000000000, 0x7FF8123456789ABC, 0x7FFFFFFFFFFFFFFF, 0x7FF0000000000001, 0x7FF0000020000000,
    0x7FF4000000000000, 0x7FF7FFFFFFFFFFFF,
};

static vector pool[1024];
static int pool_count;

/// Adds the edges in vectors, each once for every lane: so every edge meets every other one in some pair of vectors.
#define ADD_EDGES(lanes, edges, mask)                                                          \
    for (u64 start = 0; start < sizeof edges / sizeof edges[0]; start += 16 / sizeof edges[0]) \
        FOR(rotation, 16 / (int)sizeof edges[0]) {                                             \
            vector *v = &pool[pool_count++];                                                   \
            FOR(i, 16 / (int)sizeof edges[0]) {                                                \
                u64 place = start + (u64)(i + rotation) % (16 / sizeof edges[0]);              \
                v->lanes[i] = edges[place % (sizeof edges / sizeof edges[0])] ^ mask;          \
            }                                                                                  \
        }

static void fill_pool(void) {
    ADD_EDGES(u8, edges_8, 0)
    ADD_EDGES(u16, edges_16, 0)
    ADD_EDGES(u32, edges_32, 0)
    ADD_EDGES(u64, edges_64, 0)
    ADD_EDGES(u32, edges_f32, 0)
    ADD_EDGES(u32, edges_f32, 0x80000000)
    ADD_EDGES(u64, edges_f64, 0)
    ADD_EDGES(u64, edges_f64, 0x8000000000000000)
    FOR(i, 40) pool[pool_count++] = random_vector(i);
}

static void check_case(const struct operator_case *c, const char *how, const vector *in) {
    vector is = {{0}}, expected = {{0}};
    c->run(in, &is);
    c->reference(in, &expected);
    check(c->name, how, c->kind, in, c->operands, &is, &expected);
}

static void check_operator(const struct operator_case *c) {
    begin(c->name);
    vector in[3];
    if (c->operands == 1) {
        FOR(i, pool_count) check_case(c, "an edge", &pool[i]);
        FOR(i, 4000) {
            in[0] = random_vector(i);
            check_case(c, "random", in);
        }
    } else {
        FOR(i, pool_count) FOR(j, pool_count) {
            in[0] = pool[i];
            in[1] = pool[j];
            check_case(c, "edges", in);
        }
        FOR(i, 4000) {
            in[0] = random_vector(i);
            in[1] = random_vector(i / 4);
            check_case(c, "random", in);
        }
        // Shifts by every count, and every pair of bytes.
        FOR(i, 4096) {
            FOR(k, 16) in[0].u8[k] = (u8)(i >> 4);
            FOR(k, 16) in[1].u8[k] = (u8)(i << 4 | k);
            check_case(c, "bytes", in);
            in[0] = random_vector(0);
            in[1].u64[0] = (u64)i;
            check_case(c, "small numbers", in);
        }
    }
    if (!c->fold) return;
    FOR(row, (c->operands == 1 ? 1 : 3) * KNOWN_COUNT) {
        vector is = {{0}}, expected = {{0}};
        in[0] = known[row % KNOWN_COUNT][0];
        in[1] = known[row % KNOWN_COUNT][1];
        c->fold(row, in, &is);
        c->reference(in, &expected);
        check(c->name, "known to the compiler", c->kind, in, c->operands, &is, &expected);
    }
}

OPAQUE void run_bitselect(const vector *in, vector *out) {
    PUT(v128_bitselect(GET(v128, 0), GET(v128, 1), GET(v128, 2)));
}

static void check_bitselect(void) {
    static const struct operator_case c = {"v128_bitselect", 3, BITS, run_bitselect, reference_v128_bitselect, 0};
    begin(c.name);
    FOR(i, 4000) {
        vector in[3] = {random_vector(0), pool[i % pool_count], random_vector(i)};
        check_case(&c, "random", in);
    }
}

#define FOLD_CONST(row, a, b, c, d, name, P) case row: PUT(v128_const(a, b)); break;
OPAQUE void fold_const(int row, vector *out) { switch (row) { KNOWN(FOLD_CONST, , ) } }

/// Constants, slots, and what hides or keeps a value.
static void check_values(void) {
    begin("v128_const");
    FOR(row, KNOWN_COUNT) {
        vector is = {{0}};
        fold_const(row, &is);
        check("v128_const", "known to the compiler", BITS, known[row], 1, &is, &known[row][0]);
    }
    FOR(i, pool_count) {
        const vector *in = &pool[i];
        vector slots, is = {{0}}, *out = &is;
        v128_to_slots(slots.u64, GET(v128, 0));
        check("v128_to_slots", "slots", BITS, in, 1, &slots, in);
        v128_drop(GET(v128, 0));
        PUT(v128_opaque(v128_from_slots(slots.u64)));
        check("v128_from_slots", "slots", BITS, in, 1, &is, in);
    }
}

// MARK: - Lanes

#define EACH_2(at, name, P) at(0, name, P) at(1, name, P)
#define EACH_4(at, name, P) EACH_2(at, name, P) at(2, name, P) at(3, name, P)
#define EACH_8(at, name, P) EACH_4(at, name, P) at(4, name, P) at(5, name, P) at(6, name, P) at(7, name, P)
#define EACH_16(at, name, P)                                                              \
    EACH_8(at, name, P) at(8, name, P) at(9, name, P) at(10, name, P) at(11, name, P)      \
    at(12, name, P) at(13, name, P) at(14, name, P) at(15, name, P)
#define AT_EXTRACT(lane, name, P) case lane: PUT(name(GET(v128, 0), lane)); break;
#define AT_REPLACE(lane, name, P) case lane: PUT(name(GET(v128, 0), GET(P, 1), lane)); break;

#define LANE_OPERATORS(extract, replace)                                        \
    extract(i8x16_extract_lane_s, 16, s8, s32) extract(i8x16_extract_lane_u, 16, u8, u32)     \
    extract(i16x8_extract_lane_s, 8, s16, s32) extract(i16x8_extract_lane_u, 8, u16, u32)     \
    extract(i32x4_extract_lane, 4, u32, u32) extract(i64x2_extract_lane, 2, u64, u64)         \
    extract(f32x4_extract_lane, 4, u32, u32) extract(f64x2_extract_lane, 2, u64, u64)         \
    replace(i8x16_replace_lane, 16, u8, u32) replace(i16x8_replace_lane, 8, u16, u32)         \
    replace(i32x4_replace_lane, 4, u32, u32) replace(i64x2_replace_lane, 2, u64, u64)         \
    replace(f32x4_replace_lane, 4, u32, f32) replace(f64x2_replace_lane, 2, u64, f64)
#define DEFINE_EXTRACT(name, count, lanes, to) \
    OPAQUE void lane_##name(int lane, const vector *in, vector *out) { \
        switch (lane) { EACH_##count(AT_EXTRACT, name, ) }           \
    }
#define DEFINE_REPLACE(name, count, lanes, P) \
    OPAQUE void lane_##name(int lane, const vector *in, vector *out) { \
        switch (lane) { EACH_##count(AT_REPLACE, name, P) }           \
    }
LANE_OPERATORS(DEFINE_EXTRACT, DEFINE_REPLACE)

#define CHECK_LANES(name, count, operands, expectation)                              \
    begin(#name);                                                                    \
    FOR(i, pool_count) FOR(lane, count) {                                            \
        vector in[2] = {pool[i], random_vector(i)}, is = {{0}}, expected = {{0}};     \
        lane_##name(lane, in, &is);                                                  \
        expectation;                                                                 \
        check(#name, "lane", BITS, in, operands, &is, &expected);                    \
    }
#define CHECK_EXTRACT(name, count, lanes, to) CHECK_LANES(name, count, 1, expected.to[0] = in[0].lanes[lane])
#define CHECK_REPLACE(name, count, lanes, P) \
    CHECK_LANES(name, count, 2, expected = in[0]; expected.lanes[lane] = in[1].lanes[0])
static void check_lanes(void) { LANE_OPERATORS(CHECK_EXTRACT, CHECK_REPLACE) }

// Those that processors have an instruction for, and some that they don't.
#define PATTERNS(row)                                                               \
    row(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)                     \
    row(1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31)           \
    row(2, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16)           \
    row(3, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)                   \
    row(4, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)             \
    row(5, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)                \
    row(6, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)                \
    row(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7)                           \
    row(8, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)                     \
    row(9, 0, 31, 2, 29, 4, 27, 6, 25, 8, 23, 10, 21, 12, 19, 14, 17)                \
    row(10, 12, 13, 14, 15, 16, 17, 18, 19, 4, 5, 6, 7, 28, 29, 30, 31)              \
    row(11, 9, 28, 3, 3, 17, 0, 22, 14, 30, 11, 6, 19, 25, 1, 8, 31)
#define AT_PATTERN(row, ...) case row: PUT(i8x16_shuffle(GET(v128, 0), GET(v128, 1), __VA_ARGS__)); break;
#define PATTERN(row, ...) {__VA_ARGS__},
OPAQUE void run_shuffle(int row, const vector *in, vector *out) { switch (row) { PATTERNS(AT_PATTERN) } }
static const u8 patterns[][16] = {PATTERNS(PATTERN)};

static void check_shuffle(void) {
    begin("i8x16_shuffle");
    FOR(row, (int)(sizeof patterns / sizeof patterns[0])) FOR(i, 200) {
        vector in[2] = {random_vector(0), random_vector(i)}, is = {{0}}, expected;
        run_shuffle(row, in, &is);
        FOR(k, 16) {
            int lane = patterns[row][k];
            expected.u8[k] = in[lane / 16].u8[lane % 16];
        }
        check("i8x16_shuffle", "pattern", BITS, in, 2, &is, &expected);
    }
}

// MARK: - Memory

/// One page is enough for every address below.
static u8 arena[4096];

#define LOADS(load)                                                                      \
    load(v128_load, u8, u8, 16) load(v128_load8x8_s, s16, s8, 8) load(v128_load8x8_u, u16, u8, 8)     \
    load(v128_load16x4_s, s32, s16, 4) load(v128_load16x4_u, u32, u16, 4)                             \
    load(v128_load32x2_s, s64, s32, 2) load(v128_load32x2_u, u64, u32, 2)                             \
    load(v128_load32_zero, u32, u32, 1) load(v128_load64_zero, u64, u64, 1)
#define SPLATTING_LOADS(load)                                          \
    load(v128_load8_splat, u8, 16) load(v128_load16_splat, u16, 8) \
    load(v128_load32_splat, u32, 4) load(v128_load64_splat, u64, 2)
#define LANE_ACCESSES(access) access(8, 16) access(16, 8) access(32, 4) access(64, 2)

#define DEFINE_LOAD(name, ...)                                                                             \
    OPAQUE void run_##name(u8 *memory, u32 address, u64 offset, vector *out) { PUT(name(memory, address, offset)); } \
    OPAQUE void fold_##name(u8 *memory, vector *out) { PUT(name(memory, 67, 3)); }
LOADS(DEFINE_LOAD)
SPLATTING_LOADS(DEFINE_LOAD)
OPAQUE void run_v128_store(u8 *memory, u32 address, u64 offset, const vector *in) {
    v128_store(memory, address, GET(v128, 0), offset);
}
#define AT_LOAD_LANE(lane, bits, P) \
    case lane: PUT(v128_load##bits##_lane(memory, address, GET(v128, 0), offset, lane)); break;
#define AT_STORE_LANE(lane, bits, P) \
    case lane: v128_store##bits##_lane(memory, address, GET(v128, 0), offset, lane); break;
#define DEFINE_LANE_ACCESS(bits, count)                                                                             \
    OPAQUE void run_load##bits##_lane(u8 *memory, u32 address, u64 offset, int lane, const vector *in, vector *out) { \
        switch (lane) { EACH_##count(AT_LOAD_LANE, bits, ) }                                                        \
    }                                                                                                               \
    OPAQUE void run_store##bits##_lane(u8 *memory, u32 address, u64 offset, int lane, const vector *in) {           \
        switch (lane) { EACH_##count(AT_STORE_LANE, bits, ) }                                                       \
    }
LANE_ACCESSES(DEFINE_LANE_ACCESS)

/// Memory holds random bytes before a store, and those and the value after it.
static void check_store(const char *name, const vector *in, const u8 *before, u64 place, const void *value, u64 size) {
    u8 expected[sizeof arena];
    memcpy(expected, before, sizeof expected);
    memcpy(expected + place, value, size);
    vector is = {{0}}, wanted = {{0}};
    is.u32[0] = memcmp(expected, arena, sizeof arena) == 0;
    wanted.u32[0] = 1;
    check(name, "memory", BITS, in, 1, &is, &wanted);
}

#define EXPECT_LOAD(name, T, F, count)                                                     \
    {                                                                                      \
        F from[count];                                                                     \
        memcpy(from, arena + place, sizeof from);                                          \
        FOR(i, count) expected.T[i] = from[i];                                             \
    }
#define EXPECT_SPLAT(name, T, count)                                                       \
    {                                                                                      \
        T from;                                                                            \
        memcpy(&from, arena + place, sizeof from);                                         \
        FOR(i, count) expected.T[i] = from;                                                \
    }
#define CHECK_LOAD_OF(name, expectation)                                                   \
    begin(#name);                                                                          \
    FOR(at, 300) {                                                                         \
        u64 place = (u64)at;                                                               \
        vector is = {{0}}, expected = {{0}};                                               \
        expectation;                                                                       \
        run_##name(memory, (u32)(at - at / 3), (u64)(at / 3), &is);                        \
        check(#name, "memory", BITS, &is, 0, &is, &expected);                              \
    }                                                                                      \
    {                                                                                      \
        u64 place = 70;                                                                    \
        vector is = {{0}}, expected = {{0}};                                               \
        expectation;                                                                       \
        fold_##name(memory, &is);                                                          \
        check(#name, "memory at a known address", BITS, &is, 0, &is, &expected);           \
    }
#define CHECK_LOAD(name, T, F, count) CHECK_LOAD_OF(name, EXPECT_LOAD(name, T, F, count))
#define CHECK_SPLAT(name, T, count) CHECK_LOAD_OF(name, EXPECT_SPLAT(name, T, count))
#define CHECK_LANE_ACCESS(bits, count)                                                     \
    begin("v128_load" #bits "_lane");                                                      \
    begin("v128_store" #bits "_lane");                                                     \
    FOR(at, 60) FOR(lane, count) {                                                         \
        vector in = random_vector(0), is = {{0}}, expected = in;                           \
        memcpy(&expected.u##bits[lane], arena + at, bits / 8);                             \
        run_load##bits##_lane(memory, (u32)(at / 2), (u64)(at - at / 2), lane, &in, &is);  \
        check("v128_load" #bits "_lane", "memory", BITS, &in, 1, &is, &expected);          \
        u8 before[sizeof arena];                                                           \
        memcpy(before, arena, sizeof arena);                                               \
        run_store##bits##_lane(memory, (u32)(at / 2), (u64)(at - at / 2), lane, &in);      \
        check_store("v128_store" #bits "_lane", &in, before, (u64)at, &in.u##bits[lane], bits / 8); \
    }

static void check_memory(void) {
    u8 *memory = arena;
#if BULKHEAD_SEGMENT
    if (syscall(SYS_arch_prctl, 0x1001 /* ARCH_SET_GS */, arena) != 0) {
        perror("arch_prctl");
        exit(2);
    }
#if !defined(BULKHEAD_FLAT_V128_LOAD) && !defined(BULKHEAD_FLAT_V128_STORE)
    memory = 0;
#endif
#endif
    FOR(i, (int)sizeof arena) arena[i] = (u8)random_bits();
    LOADS(CHECK_LOAD)
    SPLATTING_LOADS(CHECK_SPLAT)
    begin("v128_store");
    FOR(at, 300) {
        vector in = random_vector(0);
        u8 before[sizeof arena];
        memcpy(before, arena, sizeof arena);
        run_v128_store(memory, (u32)(at - at / 3), (u64)(at / 3), &in);
        check_store("v128_store", &in, before, (u64)at, &in, sizeof in);
    }
    LANE_ACCESSES(CHECK_LANE_ACCESS)
}

int main(void) {
    fill_pool();
    FOR(i, (int)(sizeof operators / sizeof operators[0])) check_operator(&operators[i]);
    check_bitselect();
    check_values();
    check_lanes();
    check_shuffle();
    check_memory();
    bool is_complete = name_count == 236;
    if (!is_complete) printf("failed: the operators are 236\n");
    printf("%d operators, %lu checks, %lu failed\n", name_count, checks, failures);
    return failures == 0 && is_complete ? 0 : 1;
}
