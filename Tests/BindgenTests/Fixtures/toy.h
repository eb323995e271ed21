// A library with one of everything that a C header can have, for tests of bindings.

#ifndef TOY_H
#define TOY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toy_types.h"

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Constants

#define TOY_ANSWER 42
#define TOY_MASK 0xFFFF0000u
#define TOY_NEGATIVE (-7)
#define TOY_BIG 0x123456789ABCDEFLL
#define TOY_HALF 0.5
#define TOY_TWO_PI (2 * 3.14159265358979323846)
#define TOY_QUARTER 0.25f
#define TOY_NAME "toy \"library\"\n\303\251"
#define TOY_LETTER 'x'
#define TOY_SUM (TOY_ANSWER + TOY_NEGATIVE)
#define TOY_SQUARE(x) ((x) * (x))
#define TOY_ALIAS toy_add_int
#define TOY_API __attribute__((visibility("default")))
#define TOY_TYPE struct toy_point

enum { TOY_FIRST, TOY_SECOND = 20, TOY_HUGE = 4000000000u };
static const int toy_static_const = 11;
static const double toy_static_double = 1.5;

extern int toy_counter;
extern const toy_point toy_origin;
extern const char *const toy_names[3];
extern int toy_table[4];

// MARK: Scalars

/// Adds two numbers.
///
/// The sum wraps.
/// \param a the first
/// \param b the second, which may be
///     on the next line
/// \returns the sum
int toy_add_int(int a, int b);
bool toy_not(bool a);
char toy_char(char a);
signed char toy_schar(signed char a);
unsigned char toy_uchar(unsigned char a);
short toy_short(short a);
unsigned short toy_ushort(unsigned short a);
unsigned toy_unsigned(unsigned a);
long toy_long(long a);
unsigned long toy_ulong(unsigned long a);
long long toy_longlong(long long a);
unsigned long long toy_ulonglong(unsigned long long a);
float toy_float(float a);
double toy_double(double a, float b);
size_t toy_size(size_t a);
int64_t toy_int64(int64_t a, uint8_t b, int16_t c);
toy_number toy_typedef(toy_number a);
void toy_nothing(void);
/* Names that Swift has other uses for. */
int toy_keywords(int in, int class, int self, int slots, int result, int Type, int);

// MARK: Enumerations

toy_color toy_next_color(toy_color color);
enum toy_sign toy_sign_of(int value);
toy_tiny toy_next_tiny(toy_tiny value);

// MARK: Pointers

int toy_sum(const int *values, size_t count);
void toy_fill(uint8_t *bytes, int count, uint8_t value);
uint32_t toy_checksum(const void *data, size_t size);
size_t toy_length(const char *text);
const char *toy_greeting(int which);
char *toy_concatenate(const char *a, const char *b);
int toy_same_lengths(const int *a, const short *b, int count);
void *toy_identity(void *pointer);
int *_Nullable toy_find(int *_Nonnull values, int count, int value);
int toy_first(const int *values) __attribute__((nonnull(1)));
int *toy_counter_address(void) __attribute__((returns_nonnull));
int *toy_null_by_mistake(void) __attribute__((returns_nonnull));
void toy_swap(int **a, int **b);
int toy_row_sum(int (*row)[3]);
long toy_sum_longs(const long *values, int count);
int toy_maximum(int values[], int count) __attribute__((swift_name("maximum(of:count:)")));

// MARK: Structures

toy_point toy_make_point(int x, int y);
toy_point toy_move(toy_point point, int dx, int dy);
toy_point toy_scale_all(toy_point *points, int count, double factor);
toy_wrapper toy_wrap(toy_wrapper wrapper);
toy_mixed toy_mix(toy_mixed mixed, toy_point point);
void toy_mix_in_place(toy_mixed *mixed);
toy_bits toy_flip_bits(toy_bits bits);
toy_packed toy_pack(toy_packed packed);
double toy_sum_aligned(const toy_aligned *aligned);
toy_value toy_make_value(int kind, double number);
union toy_either toy_double_either(union toy_either either);
toy_node *toy_push(toy_node *list, int value);
int toy_list_sum(const toy_node *list);
void toy_free_list(toy_node *list);
toy_text *toy_make_text(int count);
toy_arrays toy_shift(toy_arrays arrays);
int toy_sum_arrays(const toy_arrays *arrays);
toy_large toy_make_large(toy_large large);

struct toy_opaque *toy_open(int start);
int toy_step(struct toy_opaque *object);
void toy_close(struct toy_opaque *object);
int toy_open_count(void);

// MARK: Callbacks

void toy_each(const int *values, int count, toy_visitor visitor, void *user);
int toy_apply(int (*operation)(int, int), int a, int b);
double toy_blend(toy_mixer *mixer, double a, float b, long c, long long d);
const char *toy_choose(toy_chooser chooser, const char *a, const char *b);
int toy_run_handlers(const toy_handlers *handlers, int value);
toy_point toy_map_point(toy_point point, int (*each)(void *user, int coordinate), void *user);
toy_operation toy_operation_named(const char *name);
toy_color toy_recolor(toy_color (*change)(toy_color color, bool again), toy_color color);
toy_point toy_fold(toy_folder folder, toy_point start, long long value);
long long toy_rewrap(toy_wrapper (*change)(toy_wrapper wrapper, toy_mixed mixed), long long value);

// MARK: Not functions to call by name

static inline int toy_inline(int a) { return TOY_SQUARE(a) + 1; }
static inline toy_point toy_inline_point(toy_point a) { return toy_make_point(a.y, a.x); }

// MARK: What can't be bound

int toy_printf(const char *format, ...);
int toy_vprintf(const char *format, va_list arguments);
long double toy_long_double(long double a);
_Complex double toy_complex(_Complex double a);
typedef float toy_vector __attribute__((vector_size(16)));
toy_vector toy_vector_add(toy_vector a, toy_vector b);
__int128 toy_int128(__int128 a);
#ifndef __cplusplus
int toy_no_prototype();
#endif
void toy_by_alignment(toy_aligned aligned);
void toy_opaque_value(toy_callback_by_value callback);
int toy_skipped(int a);
extern _Thread_local int toy_thread_local;

#ifdef __cplusplus
}
#endif

#endif
