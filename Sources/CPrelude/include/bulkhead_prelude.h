// The operators of WebAssembly as C. Included by generated code only; needs clang or gcc.
//
// BULKHEAD_SEGMENT (0 or 1) chooses between memory and context in the GS segment and both behind a pointer; BULKHEAD_STRICT makes
// every access volatile, so that each one traps exactly where the specification says. BULKHEAD_FLAT_<access> puts one kind of
// access behind a pointer although the rest use the segment; BULKHEAD_SEGMENT_FLOATS lets the accesses of functions that compute with floating-point
// numbers use the segment although the rest go through a pointer.

#ifndef BULKHEAD_PRELUDE_H
#define BULKHEAD_PRELUDE_H

#define BULKHEAD_GENERATED 1
#include "bulkhead_abi.h"

#ifndef BULKHEAD_SEGMENT
#if defined(__x86_64__) && defined(__linux__)
#define BULKHEAD_SEGMENT 1
#else
#define BULKHEAD_SEGMENT 0
#endif
#endif

#if BULKHEAD_SEGMENT || defined(BULKHEAD_SEGMENT_FLOATS)
#define USES_SEGMENT 1
#else
#define USES_SEGMENT 0
#endif

#if USES_SEGMENT && !defined(__clang__)
// Passes of gcc 12 that fail where an address in a segment is made of plain numbers. Points-to analysis takes the result of
// a comparison to be no part of an address and deletes stores to such a place; the pass for conditional stores makes of two
// stores of constants an expression that crashes the next pass.
#pragma GCC optimize("no-tree-pta", "no-tree-cselim")
#endif

// Parameters, locals and tables are the module's, used or not; so are functions that nothing calls.
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-parameter"
// Any number may be a condition, known or not; recursion without end is a trap.
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
// Older compilers don't know the warning.
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Winfinite-recursion"
// Accesses out of bounds trap: the compilers see the access and not always the check before it.
#pragma GCC diagnostic ignored "-Warray-bounds"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wtautological-constant-compare"
#else
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef __INT8_TYPE__ s8;
typedef __INT16_TYPE__ s16;
typedef __INT32_TYPE__ s32;
typedef __INT64_TYPE__ s64;
typedef float f32;
typedef double f64;
typedef void *ref;
/// Its operators are in bulkhead_vector.h, for modules that have any.
typedef u64 v128 __attribute__((vector_size(16)));

#define INLINE static inline __attribute__((always_inline, unused))
/// Sandboxed code lies in a section of its own, so that a fault's address tells whose it is.
#define CODE __attribute__((section("bulkhead_code")))
/// For functions that would take too long to optimize.
#ifdef __clang__
#define UNOPTIMIZED __attribute__((optnone, noinline))
#else
#define UNOPTIMIZED __attribute__((optimize("O0"), noinline))
#endif
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#if USES_SEGMENT
#define SEGMENT __seg_gs
#else
#define SEGMENT
#endif

#ifdef BULKHEAD_STRICT
#define ACCESS volatile
/// On both sides of an access that may trap: what was written before is there when it does, what comes after isn't.
#define FENCE __asm__ volatile("" : : : "memory")
#else
#define ACCESS
#define FENCE (void)0
#endif

// MARK: - Traps

/// An undefined instruction with the kind in a register: two instructions, no call, and the runtime's signal handler does the
/// rest. What was written before it stays.
__attribute__((always_inline, noreturn, unused)) static inline void trap(u32 kind) {
#if defined(__x86_64__)
    __asm__ volatile("ud2" : : "a"(kind) : "memory");
#elif defined(__aarch64__)
    register u32 w0 __asm__("w0") = kind;
    __asm__ volatile("udf #0xb1" : : "r"(w0) : "memory");
#else
#error "no trap instruction for this machine"
#endif
    __builtin_unreachable();
}

/// In a register, so that a value that is dropped is loaded first, and traps where it should.
#if defined(__x86_64__)
#define FLOAT_REGISTER "x"
#else
#define FLOAT_REGISTER "w"
#endif
#define DROP(t, type, constraint) \
    INLINE void t##_drop(type value) { __asm__ volatile("" : : constraint(value)); }
DROP(i32, u32, "r")
DROP(i64, u64, "r")
DROP(f32, f32, FLOAT_REGISTER)
DROP(f64, f64, FLOAT_REGISTER)
DROP(ref, ref, "r")
DROP(v128, v128, FLOAT_REGISTER)

// MARK: - Memory

// Alignment 1: a WebAssembly address needs none. Aliasing: bytes may be read as any type.
#define UNALIGNED(name, type) typedef type name __attribute__((aligned(1), may_alias))
UNALIGNED(u8u, u8);
UNALIGNED(s8u, s8);
UNALIGNED(u16u, u16);
UNALIGNED(s16u, s16);
UNALIGNED(u32u, u32);
UNALIGNED(s32u, s32);
UNALIGNED(u64u, u64);
UNALIGNED(f32u, f32);
UNALIGNED(f64u, f64);

#if USES_SEGMENT
#if defined(__clang__) && __clang_major__ >= 17 && defined(__OPTIMIZE__)
/// Null, which the optimizer doesn't know. Of null + 8, with the 8 moved out of a loop, it makes the address 8, and then no longer sees that this and
/// null + 0 are parts of one array, so it neither vectorizes nor keeps values in registers. What this intrinsic returns it takes for a
/// pointer like any other until it chooses instructions; there it is null again, and costs nothing.
__attribute__((const, nothrow)) u8 SEGMENT *unknown_null(u8 SEGMENT *null) __asm__("llvm.strip.invariant.group.p256");
#else
#define unknown_null(null) (null)
#endif
/// Arithmetic on a base, not a cast from an integer: the optimizer sees through the one and not through the other.
INLINE u8 SEGMENT *segment_at(u8 SEGMENT *null, u64 offset) {
#if !defined(__clang__)
    // gcc 12 fails on a segment access at a constant address in large functions (constant folding in mem_ref_offset).
    if (__builtin_constant_p(offset)) __asm__("" : "+r"(offset));
#endif
    return unknown_null(null) + offset;
}
#define AT_SEGMENT(type, memory, address, offset) \
    ((void)(memory), (type ACCESS SEGMENT *)segment_at(0, (u64)(address) + (offset)))
#endif
#define AT_POINTER(type, memory, address, offset) ((type ACCESS *)((memory) + ((u64)(address) + (offset))))

// How an access is told where memory is, what it loads from there and how it stores to it. AT is the macro for its kind.
#if USES_SEGMENT && !BULKHEAD_SEGMENT
// Each function says which way it takes: a constant, gone when the access is part of it.
#define MEMORY_PARAMETER const int is_flat, u8 *memory
#define LOADED(AT, type, address, offset) \
    (is_flat ? *AT_POINTER(type, memory, address, offset) : *AT_SEGMENT(type, memory, address, offset))
#define STORE_TO(AT, type, address, offset, value)                    \
    do {                                                              \
        if (is_flat) *AT_POINTER(type, memory, address, offset) = (value); \
        else *AT_SEGMENT(type, memory, address, offset) = (value);    \
    } while (0)
#else
#define MEMORY_PARAMETER u8 *memory
#define LOADED(AT, type, address, offset) (*AT(type, memory, address, offset))
#define STORE_TO(AT, type, address, offset, value) (*AT(type, memory, address, offset) = (value))
#endif

#define LOAD(name, result, type, AT)                              \
    INLINE result name(MEMORY_PARAMETER, u32 address, u64 offset) { \
        FENCE;                                                    \
        result value = (result)LOADED(AT, type, address, offset); \
        FENCE;                                                    \
        return value;                                             \
    }
#define STORE(name, value_type, type, AT)                                           \
    INLINE void name(MEMORY_PARAMETER, u32 address, value_type value, u64 offset) { \
        FENCE;                                                                      \
        STORE_TO(AT, type, address, offset, (type)value);                           \
        FENCE;                                                                      \
    }

// The kinds of access, by the names that --segue takes.
#if !BULKHEAD_SEGMENT
#define AT_I32_LOAD AT_POINTER
#define AT_I64_LOAD AT_POINTER
#define AT_F32_LOAD AT_POINTER
#define AT_F64_LOAD AT_POINTER
#define AT_I32_STORE AT_POINTER
#define AT_I64_STORE AT_POINTER
#define AT_F32_STORE AT_POINTER
#define AT_F64_STORE AT_POINTER
#define AT_V128_LOAD AT_POINTER
#define AT_V128_STORE AT_POINTER
#else
#ifdef BULKHEAD_FLAT_I32_LOAD
#define AT_I32_LOAD AT_POINTER
#else
#define AT_I32_LOAD AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_I64_LOAD
#define AT_I64_LOAD AT_POINTER
#else
#define AT_I64_LOAD AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_F32_LOAD
#define AT_F32_LOAD AT_POINTER
#else
#define AT_F32_LOAD AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_F64_LOAD
#define AT_F64_LOAD AT_POINTER
#else
#define AT_F64_LOAD AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_I32_STORE
#define AT_I32_STORE AT_POINTER
#else
#define AT_I32_STORE AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_I64_STORE
#define AT_I64_STORE AT_POINTER
#else
#define AT_I64_STORE AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_F32_STORE
#define AT_F32_STORE AT_POINTER
#else
#define AT_F32_STORE AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_F64_STORE
#define AT_F64_STORE AT_POINTER
#else
#define AT_F64_STORE AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_V128_LOAD
#define AT_V128_LOAD AT_POINTER
#else
#define AT_V128_LOAD AT_SEGMENT
#endif
#ifdef BULKHEAD_FLAT_V128_STORE
#define AT_V128_STORE AT_POINTER
#else
#define AT_V128_STORE AT_SEGMENT
#endif
#endif

LOAD(i32_load, u32, u32u, AT_I32_LOAD)
LOAD(i32_load8_s, u32, s8u, AT_I32_LOAD)
LOAD(i32_load8_u, u32, u8u, AT_I32_LOAD)
LOAD(i32_load16_s, u32, s16u, AT_I32_LOAD)
LOAD(i32_load16_u, u32, u16u, AT_I32_LOAD)
LOAD(i64_load, u64, u64u, AT_I64_LOAD)
LOAD(i64_load8_s, u64, s8u, AT_I64_LOAD)
LOAD(i64_load8_u, u64, u8u, AT_I64_LOAD)
LOAD(i64_load16_s, u64, s16u, AT_I64_LOAD)
LOAD(i64_load16_u, u64, u16u, AT_I64_LOAD)
LOAD(i64_load32_s, u64, s32u, AT_I64_LOAD)
LOAD(i64_load32_u, u64, u32u, AT_I64_LOAD)
LOAD(f32_load, f32, f32u, AT_F32_LOAD)
LOAD(f64_load, f64, f64u, AT_F64_LOAD)
STORE(i32_store, u32, u32u, AT_I32_STORE)
STORE(i32_store8, u32, u8u, AT_I32_STORE)
STORE(i32_store16, u32, u16u, AT_I32_STORE)
STORE(i64_store, u64, u64u, AT_I64_STORE)
STORE(i64_store8, u64, u8u, AT_I64_STORE)
STORE(i64_store16, u64, u16u, AT_I64_STORE)
STORE(i64_store32, u64, u32u, AT_I64_STORE)
STORE(f32_store, f32, f32u, AT_F32_STORE)
STORE(f64_store, f64, f64u, AT_F64_STORE)

/// For an offset that could reach past the guard: the check that the guard can't do.
INLINE u32 in_bounds(u64 memory_size, u32 address, u64 offset, u64 count) {
    if (UNLIKELY((u64)address + offset + count > memory_size)) trap(BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS);
    return address;
}

// Bulk operations check their whole range first and work through the flat pointer.

INLINE void memory_fill(u8 *memory, u64 size, u32 address, u32 value, u32 count) {
    if (UNLIKELY((u64)address + count > size)) trap(BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS);
    __builtin_memset(memory + address, (u8)value, count);
}

INLINE void memory_copy(u8 *memory, u64 size, u32 to, u32 from, u32 count) {
    if (UNLIKELY((u64)to + count > size || (u64)from + count > size)) trap(BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS);
    __builtin_memmove(memory + to, memory + from, count);
}

INLINE void memory_init(u8 *memory, u64 size, const u8 *segment, u64 segment_size, u32 to, u32 from, u32 count) {
    if (UNLIKELY((u64)to + count > size || (u64)from + count > segment_size)) trap(BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS);
    __builtin_memcpy(memory + to, segment + from, count);
}

// MARK: - Tables

/// An element of a table that never changes: the type as the module numbers it, and the code itself.
typedef struct table_entry {
    u64 type;
    void (*code)(void);
} table_entry;

/// The type of an entry that holds null.
#define NULL_ENTRY (~(u64)0)

typedef void (*code_pointer)(void);

INLINE code_pointer constant_table_code(const table_entry *table, u32 size, u32 index, u64 type) {
    if (UNLIKELY(index >= size)) trap(BULKHEAD_TRAP_UNDEFINED_ELEMENT);
    if (UNLIKELY(table[index].type != type))
        trap(table[index].type == NULL_ENTRY ? BULKHEAD_TRAP_UNINITIALIZED_ELEMENT : BULKHEAD_TRAP_INDIRECT_CALL_TYPE);
    return table[index].code;
}

INLINE const bulkhead_function *table_function(void **elements, u32 size, u32 index, const bulkhead_type *type) {
    if (UNLIKELY(index >= size)) trap(BULKHEAD_TRAP_UNDEFINED_ELEMENT);
    const bulkhead_function *function = (const bulkhead_function *)elements[index];
    if (UNLIKELY(!function)) trap(BULKHEAD_TRAP_UNINITIALIZED_ELEMENT);
    if (UNLIKELY(function->type != type)) trap(BULKHEAD_TRAP_INDIRECT_CALL_TYPE);
    return function;
}

INLINE ref table_get(void **elements, u32 size, u32 index) {
    if (UNLIKELY(index >= size)) trap(BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS);
    return elements[index];
}

INLINE void table_set(void **elements, u32 size, u32 index, ref value) {
    if (UNLIKELY(index >= size)) trap(BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS);
    elements[index] = value;
}

// Element by element: the volatile store keeps the compiler from calling memmove, which the runtime would have to let finish
// when time is up, lest half a pointer be written.
INLINE void elements_move(void *volatile *to, void *const *from, u32 count) {
    if ((u64)to - (u64)from >= (u64)count * sizeof(void *)) {
        for (u32 i = 0; i < count; i++) to[i] = from[i];
    } else {
        while (count-- > 0) to[count] = from[count];
    }
}

INLINE void table_fill(void **elements, u32 size, u32 start, ref value, u32 count) {
    if (UNLIKELY((u64)start + count > size)) trap(BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS);
    void *volatile *to = elements + start;
    for (u32 i = 0; i < count; i++) to[i] = value;
}

INLINE void table_copy(void **to_elements, u32 to_size, void **from_elements, u32 from_size, u32 to, u32 from, u32 count) {
    if (UNLIKELY((u64)to + count > to_size || (u64)from + count > from_size)) trap(BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS);
    elements_move(to_elements + to, from_elements + from, count);
}

INLINE void table_init(void **elements, u32 size, void **segment, u64 segment_size, u32 to, u32 from, u32 count) {
    if (UNLIKELY((u64)to + count > size || (u64)from + count > segment_size)) trap(BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS);
    elements_move(elements + to, segment + from, count);
}

// MARK: - Branches

/// The place in a list of labels whose last one, number `last`, is for every index beyond.
INLINE u32 label_index(u32 index, u32 last) { return index < last ? index : last; }

// MARK: - Integers

INLINE u32 i32_eqz(u32 a) { return a == 0; }
INLINE u32 i64_eqz(u64 a) { return a == 0; }
INLINE u32 ref_is_null(ref a) { return a == 0; }

#define COMPARE(name, type, operator) \
    INLINE u32 name(type a, type b) { return a operator b; }
#define COMPARE_AS(name, type, as, operator) \
    INLINE u32 name(type a, type b) { return (as)a operator (as)b; }
#define INTEGER_COMPARISONS(t, type, stype) \
    COMPARE(t##_eq, type, ==)               \
    COMPARE(t##_ne, type, !=)               \
    COMPARE(t##_lt_u, type, <)              \
    COMPARE(t##_gt_u, type, >)              \
    COMPARE(t##_le_u, type, <=)             \
    COMPARE(t##_ge_u, type, >=)             \
    COMPARE_AS(t##_lt_s, type, stype, <)    \
    COMPARE_AS(t##_gt_s, type, stype, >)    \
    COMPARE_AS(t##_le_s, type, stype, <=)   \
    COMPARE_AS(t##_ge_s, type, stype, >=)
INTEGER_COMPARISONS(i32, u32, s32)
INTEGER_COMPARISONS(i64, u64, s64)

INLINE u32 i32_clz(u32 a) { return a ? (u32)__builtin_clz(a) : 32; }
INLINE u32 i32_ctz(u32 a) { return a ? (u32)__builtin_ctz(a) : 32; }
INLINE u32 i32_popcnt(u32 a) { return (u32)__builtin_popcount(a); }
INLINE u64 i64_clz(u64 a) { return a ? (u64)__builtin_clzll(a) : 64; }
INLINE u64 i64_ctz(u64 a) { return a ? (u64)__builtin_ctzll(a) : 64; }
INLINE u64 i64_popcnt(u64 a) { return (u64)__builtin_popcountll(a); }

#define INTEGER_ARITHMETIC(t, type, stype, bits)                                         \
    INLINE type t##_shl(type a, type b) { return a << (b & (bits - 1)); }                \
    INLINE type t##_shr_u(type a, type b) { return a >> (b & (bits - 1)); }              \
    INLINE type t##_shr_s(type a, type b) { return (type)((stype)a >> (b & (bits - 1))); } \
    INLINE type t##_rotl(type a, type b) {                                               \
        return (a << (b & (bits - 1))) | (a >> ((0 - b) & (bits - 1)));                  \
    }                                                                                    \
    INLINE type t##_rotr(type a, type b) {                                               \
        return (a >> (b & (bits - 1))) | (a << ((0 - b) & (bits - 1)));                  \
    }                                                                                    \
    INLINE type t##_div_u(type a, type b) {                                              \
        if (UNLIKELY(b == 0)) trap(BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO);                \
        return a / b;                                                                    \
    }                                                                                    \
    INLINE type t##_rem_u(type a, type b) {                                              \
        if (UNLIKELY(b == 0)) trap(BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO);                \
        return a % b;                                                                    \
    }                                                                                    \
    INLINE type t##_div_s(type a, type b) {                                              \
        if (UNLIKELY(b == 0)) trap(BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO);                \
        if (UNLIKELY(b == (type)-1 && a == (type)1 << (bits - 1))) trap(BULKHEAD_TRAP_INTEGER_OVERFLOW); \
        return (type)((stype)a / (stype)b);                                              \
    }                                                                                    \
    INLINE type t##_rem_s(type a, type b) {                                              \
        if (UNLIKELY(b == 0)) trap(BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO);                \
        return b == (type)-1 ? 0 : (type)((stype)a % (stype)b);                          \
    }
INTEGER_ARITHMETIC(i32, u32, s32, 32)
INTEGER_ARITHMETIC(i64, u64, s64, 64)

INLINE u32 i32_extend8_s(u32 a) { return (u32)(s8)a; }
INLINE u32 i32_extend16_s(u32 a) { return (u32)(s16)a; }
INLINE u64 i64_extend8_s(u64 a) { return (u64)(s8)a; }
INLINE u64 i64_extend16_s(u64 a) { return (u64)(s16)a; }
INLINE u64 i64_extend32_s(u64 a) { return (u64)(s32)a; }
INLINE u32 i32_wrap_i64(u64 a) { return (u32)a; }
INLINE u64 i64_extend_i32_s(u32 a) { return (u64)(s32)a; }
INLINE u64 i64_extend_i32_u(u32 a) { return a; }

// MARK: - Floating point

/// Bit patterns move between types without passing through a conversion that could quiet a NaN.
#define REINTERPRET(name, to, from)          \
    INLINE to name(from a) {                 \
        to result;                           \
        __builtin_memcpy(&result, &a, sizeof a); \
        return result;                       \
    }
REINTERPRET(i32_reinterpret_f32, u32, f32)
REINTERPRET(i64_reinterpret_f64, u64, f64)
REINTERPRET(f32_reinterpret_i32, f32, u32)
REINTERPRET(f64_reinterpret_i64, f64, u64)

/// Hides a value from constant folding: x + 0 and x * 1 must still quiet a signalling NaN.
INLINE f32 f32_opaque(f32 a) {
    __asm__("" : "+" FLOAT_REGISTER(a));
    return a;
}
INLINE f64 f64_opaque(f64 a) {
    __asm__("" : "+" FLOAT_REGISTER(a));
    return a;
}

INLINE v128 v128_opaque(v128 a) {
    __asm__("" : "+" FLOAT_REGISTER(a));
    return a;
}

// Without SSE 4.1, gcc rounds by way of an integer and lets a NaN through as it is.
#if defined(__clang__) || defined(__SSE4_1__) || !defined(__x86_64__)
#define ROUND(a, rounded) (rounded)
#else
#define ROUND(a, rounded) ((a) == (a) ? (rounded) : (a) + (a))
#endif

#define FLOAT_OPERATORS(t, type, bits_type, to_bits, from_bits, suffix, sign)                  \
    COMPARE(t##_eq, type, ==)                                                                 \
    COMPARE(t##_ne, type, !=)                                                                 \
    COMPARE(t##_lt, type, <)                                                                  \
    COMPARE(t##_gt, type, >)                                                                  \
    COMPARE(t##_le, type, <=)                                                                 \
    COMPARE(t##_ge, type, >=)                                                                 \
    INLINE type t##_abs(type a) { return from_bits(to_bits(a) & ~sign); }                     \
    INLINE type t##_neg(type a) { return from_bits(to_bits(a) ^ sign); }                      \
    INLINE type t##_copysign(type a, type b) {                                                \
        return from_bits((to_bits(a) & ~sign) | (to_bits(b) & sign));                         \
    }                                                                                         \
    INLINE type t##_sqrt(type a) { return __builtin_sqrt##suffix(a); }                        \
    INLINE type t##_ceil(type a) { return ROUND(a, __builtin_ceil##suffix(a)); }                        \
    INLINE type t##_floor(type a) { return ROUND(a, __builtin_floor##suffix(a)); }                      \
    INLINE type t##_trunc(type a) { return ROUND(a, __builtin_trunc##suffix(a)); }                      \
    INLINE type t##_nearest(type a) { return ROUND(a, __builtin_rint##suffix(a)); }                     \
    INLINE type t##_min(type a, type b) {                                                     \
        if (UNLIKELY(a != a || b != b)) return a + b;                                         \
        if (a == b) return from_bits(to_bits(a) | to_bits(b));                                \
        return a < b ? a : b;                                                                 \
    }                                                                                         \
    INLINE type t##_max(type a, type b) {                                                     \
        if (UNLIKELY(a != a || b != b)) return a + b;                                         \
        if (a == b) return from_bits(to_bits(a) & to_bits(b));                                \
        return a > b ? a : b;                                                                 \
    }
FLOAT_OPERATORS(f32, f32, u32, i32_reinterpret_f32, f32_reinterpret_i32, f, 0x80000000u)
FLOAT_OPERATORS(f64, f64, u64, i64_reinterpret_f64, f64_reinterpret_i64, , 0x8000000000000000u)

// The bounds are those of the exact values that truncate into the range: the float below -2^31 is excluded where there is one.
#define TRUNCATE(t, f, sign, from, to, as, lowest, highest, least, most)                 \
    INLINE to t##_trunc_##f##_##sign(from a) {                                           \
        if (UNLIKELY(a != a)) trap(BULKHEAD_TRAP_INVALID_CONVERSION);                    \
        if (UNLIKELY(!(a lowest && a < highest))) trap(BULKHEAD_TRAP_INTEGER_OVERFLOW);  \
        return (to)(as)a;                                                                \
    }                                                                                    \
    INLINE to t##_trunc_sat_##f##_##sign(from a) {                                       \
        if (a != a) return 0;                                                            \
        if (!(a lowest)) return least;                                                   \
        if (!(a < highest)) return most;                                                 \
        return (to)(as)a;                                                                \
    }
TRUNCATE(i32, f32, s, f32, u32, s32, >= -2147483648.f, 2147483648.f, 0x80000000u, 0x7FFFFFFFu)
TRUNCATE(i32, f32, u, f32, u32, u32, > -1.f, 4294967296.f, 0u, 0xFFFFFFFFu)
TRUNCATE(i32, f64, s, f64, u32, s32, > -2147483649., 2147483648., 0x80000000u, 0x7FFFFFFFu)
TRUNCATE(i32, f64, u, f64, u32, u32, > -1., 4294967296., 0u, 0xFFFFFFFFu)
TRUNCATE(i64, f32, s, f32, u64, s64, >= -9223372036854775808.f, 9223372036854775808.f, 0x8000000000000000u, 0x7FFFFFFFFFFFFFFFu)
TRUNCATE(i64, f32, u, f32, u64, u64, > -1.f, 18446744073709551616.f, 0u, 0xFFFFFFFFFFFFFFFFu)
TRUNCATE(i64, f64, s, f64, u64, s64, >= -9223372036854775808., 9223372036854775808., 0x8000000000000000u, 0x7FFFFFFFFFFFFFFFu)
TRUNCATE(i64, f64, u, f64, u64, u64, > -1., 18446744073709551616., 0u, 0xFFFFFFFFFFFFFFFFu)

INLINE f32 f32_convert_i32_s(u32 a) { return (f32)(s32)a; }
INLINE f32 f32_convert_i32_u(u32 a) { return (f32)a; }
INLINE f32 f32_convert_i64_s(u64 a) { return (f32)(s64)a; }
INLINE f32 f32_convert_i64_u(u64 a) { return (f32)a; }
INLINE f64 f64_convert_i32_s(u32 a) { return (f64)(s32)a; }
INLINE f64 f64_convert_i32_u(u32 a) { return (f64)a; }
INLINE f64 f64_convert_i64_s(u64 a) { return (f64)(s64)a; }
INLINE f64 f64_convert_i64_u(u64 a) { return (f64)a; }
INLINE f32 f32_demote_f64(f64 a) { return (f32)a; }
INLINE f64 f64_promote_f32(f32 a) { return (f64)a; }

// MARK: - Values in slots

#define SLOT(t, type, bits_type)                     \
    INLINE type t##_from_slot(u64 slot) {            \
        bits_type bits = (bits_type)slot;            \
        type value;                                  \
        __builtin_memcpy(&value, &bits, sizeof bits); \
        return value;                                \
    }                                                \
    INLINE u64 t##_to_slot(type value) {             \
        bits_type bits;                              \
        __builtin_memcpy(&bits, &value, sizeof bits); \
        return bits;                                 \
    }
SLOT(i32, u32, u32)
SLOT(i64, u64, u64)
SLOT(f32, f32, u32)
SLOT(f64, f64, u64)
SLOT(ref, ref, u64)

// A vector takes two slots, the lower half first.
#define v128_const(low, high) ((v128){(low), (high)})
INLINE v128 v128_from_slots(const u64 *slots) { return v128_const(slots[0], slots[1]); }
INLINE void v128_to_slots(u64 *slots, v128 value) {
    slots[0] = value[0];
    slots[1] = value[1];
}

// MARK: - The processor

// What the compiler was allowed to use, for the runtime to check before any of it runs.
#ifdef __SSE3__
#define CPU_SSE3 BULKHEAD_CPU_SSE3
#else
#define CPU_SSE3 0
#endif
#ifdef __SSSE3__
#define CPU_SSSE3 BULKHEAD_CPU_SSSE3
#else
#define CPU_SSSE3 0
#endif
#ifdef __SSE4_1__
#define CPU_SSE4_1 BULKHEAD_CPU_SSE4_1
#else
#define CPU_SSE4_1 0
#endif
#ifdef __SSE4_2__
#define CPU_SSE4_2 BULKHEAD_CPU_SSE4_2
#else
#define CPU_SSE4_2 0
#endif
#ifdef __POPCNT__
#define CPU_POPCNT BULKHEAD_CPU_POPCNT
#else
#define CPU_POPCNT 0
#endif
#ifdef __AVX__
#define CPU_AVX BULKHEAD_CPU_AVX
#else
#define CPU_AVX 0
#endif
#ifdef __AVX2__
#define CPU_AVX2 BULKHEAD_CPU_AVX2
#else
#define CPU_AVX2 0
#endif
#ifdef __BMI__
#define CPU_BMI BULKHEAD_CPU_BMI
#else
#define CPU_BMI 0
#endif
#ifdef __BMI2__
#define CPU_BMI2 BULKHEAD_CPU_BMI2
#else
#define CPU_BMI2 0
#endif
#ifdef __FMA__
#define CPU_FMA BULKHEAD_CPU_FMA
#else
#define CPU_FMA 0
#endif
#ifdef __LZCNT__
#define CPU_LZCNT BULKHEAD_CPU_LZCNT
#else
#define CPU_LZCNT 0
#endif
#ifdef __AVX512F__
#define CPU_AVX512F BULKHEAD_CPU_AVX512F
#else
#define CPU_AVX512F 0
#endif
#ifdef __AVX512BW__
#define CPU_AVX512BW BULKHEAD_CPU_AVX512BW
#else
#define CPU_AVX512BW 0
#endif
#ifdef __AVX512DQ__
#define CPU_AVX512DQ BULKHEAD_CPU_AVX512DQ
#else
#define CPU_AVX512DQ 0
#endif
#ifdef __AVX512VL__
#define CPU_AVX512VL BULKHEAD_CPU_AVX512VL
#else
#define CPU_AVX512VL 0
#endif
#define CPU_FEATURES \
    (CPU_SSE3 | CPU_SSSE3 | CPU_SSE4_1 | CPU_SSE4_2 | CPU_POPCNT | CPU_AVX | \
     CPU_AVX2 | CPU_BMI | CPU_BMI2 | CPU_FMA | CPU_LZCNT | \
     CPU_AVX512F | CPU_AVX512BW | CPU_AVX512DQ | CPU_AVX512VL)

// MARK: - The instance's context

// Generated code defines CONTEXT as its module's context structure. The context lies just below the memory's header, so where
// the segment holds the memory, a function needs no parameter to find it.
#if BULKHEAD_SEGMENT
#define SELF ((CONTEXT SEGMENT *)(0 - (u64)(sizeof(CONTEXT) + sizeof(bulkhead_memory))))
#define HEADER ((bulkhead_memory SEGMENT *)(0 - (u64)sizeof(bulkhead_memory)))
#define SELF_ONLY void
#define SELF_AND
#define PASS_ONLY
#define PASS_AND
#define SELF_FROM(pointer) (void)(pointer)
#else
#define SELF self
#define HEADER ((bulkhead_memory *)(self + 1))
#define SELF_ONLY CONTEXT *self
#define SELF_AND CONTEXT *self,
#define PASS_ONLY self
#define PASS_AND self,
#define SELF_FROM(pointer) CONTEXT *self = (CONTEXT *)(pointer)
#endif

// Each function with accesses begins with MEMORY_OF_FLOATS, if it computes with them, or MEMORY_OF_INTEGERS, and the address of memory for accesses that
// don't use the segment: OWN_MEMORY, or what the context says of an imported one. MEMORY is what it passes to each access.
#if !BULKHEAD_SEGMENT
#define OWN_MEMORY ((u8 *)(self + 1) + sizeof(bulkhead_memory))
#else
#define OWN_MEMORY HEADER->base
#endif
#define MEMORY_POINTER(address) u8 *const memory __attribute__((unused)) = (address);
#if USES_SEGMENT && !BULKHEAD_SEGMENT
#define MEMORY is_flat, memory
#define MEMORY_OF_INTEGERS(address) enum { is_flat = 1 }; MEMORY_POINTER(address)
#define MEMORY_OF_FLOATS(address) enum { is_flat = 0 }; MEMORY_POINTER(0)
#elif !BULKHEAD_SEGMENT || defined(BULKHEAD_FLAT_I32_LOAD) || defined(BULKHEAD_FLAT_I64_LOAD) || \
    defined(BULKHEAD_FLAT_F32_LOAD) || defined(BULKHEAD_FLAT_F64_LOAD) || defined(BULKHEAD_FLAT_V128_LOAD) || \
    defined(BULKHEAD_FLAT_I32_STORE) || defined(BULKHEAD_FLAT_I64_STORE) || defined(BULKHEAD_FLAT_F32_STORE) || \
    defined(BULKHEAD_FLAT_F64_STORE) || defined(BULKHEAD_FLAT_V128_STORE)
#define MEMORY memory
#define MEMORY_OF_INTEGERS(address) MEMORY_POINTER(address)
#define MEMORY_OF_FLOATS(address) MEMORY_POINTER(address)
#else
#define MEMORY ((u8 *)0)
#define MEMORY_OF_INTEGERS(address)
#define MEMORY_OF_FLOATS(address)
#endif

#endif
