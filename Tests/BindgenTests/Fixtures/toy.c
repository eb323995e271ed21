#include "toy.h"

#ifdef __wasm__
// No C library: an allocator that gives the last blocks back.
extern unsigned char __heap_base;
static unsigned char *heap;

void *malloc(size_t size) {
    if (!heap) heap = &__heap_base;
    heap = (unsigned char *)(((uintptr_t)heap + 15) & ~(uintptr_t)15);
    size_t *header = (size_t *)heap;
    unsigned char *start = heap + 16;
    size_t end = (uintptr_t)start + size;
    size_t memory = __builtin_wasm_memory_size(0) << 16;
    if (end > memory && __builtin_wasm_memory_grow(0, (end - memory + 65535) >> 16) == (size_t)-1) return 0;
    *header = size;
    heap = (unsigned char *)end;
    return start;
}

void free(void *pointer) {
    if (!pointer) return;
    size_t size = *(size_t *)((unsigned char *)pointer - 16);
    if ((unsigned char *)pointer + size == heap) heap = (unsigned char *)pointer - 16;
}

void *memcpy(void *to, const void *from, size_t count) {
    for (size_t i = 0; i < count; i++) ((volatile unsigned char *)to)[i] = ((const unsigned char *)from)[i];
    return to;
}

void *memset(void *to, int value, size_t count) {
    for (size_t i = 0; i < count; i++) ((volatile unsigned char *)to)[i] = (unsigned char)value;
    return to;
}
#else
#include <stdlib.h>
#include <string.h>
#endif

int toy_counter = 3;
const toy_point toy_origin = {-1, -2};
const char *const toy_names[3] = {"one", "two", "three"};
int toy_table[4] = {1, 2, 3, 4};

int toy_add_int(int a, int b) { return (int)((unsigned)a + (unsigned)b); }
bool toy_not(bool a) { return !a; }
char toy_char(char a) { return (char)(a + 1); }
signed char toy_schar(signed char a) { return (signed char)(a - 1); }
unsigned char toy_uchar(unsigned char a) { return (unsigned char)(a + 1); }
short toy_short(short a) { return (short)(a - 1); }
unsigned short toy_ushort(unsigned short a) { return (unsigned short)(a + 1); }
unsigned toy_unsigned(unsigned a) { return a - 1; }
long toy_long(long a) { return a * 2; }
unsigned long toy_ulong(unsigned long a) { return a + 1; }
long long toy_longlong(long long a) { return a * 2; }
unsigned long long toy_ulonglong(unsigned long long a) { return a - 1; }
float toy_float(float a) { return a * 2; }
double toy_double(double a, float b) { return a * b; }
size_t toy_size(size_t a) { return a * 2; }
int64_t toy_int64(int64_t a, uint8_t b, int16_t c) { return a + b + c; }
toy_number toy_typedef(toy_number a) { return a ^ 1; }
void toy_nothing(void) { toy_counter++; }
int toy_keywords(int in, int class, int self, int slots, int result, int Type, int last) {
    return in + 2 * class + 3 * self + 4 * slots + 5 * result + 6 * Type + 7 * last;
}

toy_color toy_next_color(toy_color color) {
    return color == TOY_RED ? TOY_GREEN : color == TOY_GREEN ? TOY_BLUE : TOY_RED;
}
enum toy_sign toy_sign_of(int value) { return value < 0 ? TOY_MINUS : value > 0 ? TOY_PLUS : TOY_ZERO; }
toy_tiny toy_next_tiny(toy_tiny value) { return value == TOY_SMALL ? TOY_LARGE : TOY_SMALL; }

int toy_sum(const int *values, size_t count) {
    int sum = 0;
    for (size_t i = 0; i < count; i++) sum += values[i];
    return sum;
}
void toy_fill(uint8_t *bytes, int count, uint8_t value) {
    for (int i = 0; i < count; i++) bytes[i] = value;
}
uint32_t toy_checksum(const void *data, size_t size) {
    uint32_t sum = 1;
    for (size_t i = 0; i < size; i++) sum = sum * 31 + ((const unsigned char *)data)[i];
    return sum;
}
size_t toy_length(const char *text) {
    size_t length = 0;
    if (!text) return 9999;
    while (text[length]) length++;
    return length;
}
const char *toy_greeting(int which) { return which == 0 ? "hello" : which == 1 ? "a rather long greeting" : 0; }
char *toy_concatenate(const char *a, const char *b) {
    size_t first = toy_length(a), second = toy_length(b);
    char *result = malloc(first + second + 1);
    memcpy(result, a, first);
    memcpy(result + first, b, second + 1);
    return result;
}
int toy_same_lengths(const int *a, const short *b, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}
void *toy_identity(void *pointer) { return pointer; }
int *toy_find(int *values, int count, int value) {
    for (int i = 0; i < count; i++) {
        if (values[i] == value) return &values[i];
    }
    return 0;
}
int toy_first(const int *values) { return *values; }
int *toy_counter_address(void) { return &toy_counter; }
static int *volatile toy_null;
int *toy_null_by_mistake(void) { return toy_null; }
void toy_swap(int **a, int **b) {
    int *old = *a;
    *a = *b;
    *b = old;
}
int toy_row_sum(int (*row)[3]) { return (*row)[0] + (*row)[1] + (*row)[2]; }
long toy_sum_longs(const long *values, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) sum += values[i];
    return sum;
}
int toy_maximum(int values[], int count) {
    int maximum = values[0];
    for (int i = 1; i < count; i++) {
        if (values[i] > maximum) maximum = values[i];
    }
    return maximum;
}

toy_point toy_make_point(int x, int y) { return (toy_point){x, y}; }
toy_point toy_move(toy_point point, int dx, int dy) { return (toy_point){point.x + dx, point.y + dy}; }
toy_point toy_scale_all(toy_point *points, int count, double factor) {
    toy_point sum = {0, 0};
    for (int i = 0; i < count; i++) {
        points[i].x = (int)(points[i].x * factor);
        points[i].y = (int)(points[i].y * factor);
        sum = toy_move(sum, points[i].x, points[i].y);
    }
    return sum;
}
toy_wrapper toy_wrap(toy_wrapper wrapper) { return (toy_wrapper){wrapper.value + 1}; }
void toy_mix_in_place(toy_mixed *mixed) {
    mixed->tag++;
    mixed->number = -mixed->number;
    mixed->size += toy_length(mixed->name);
    mixed->point = toy_move(mixed->point, 1, 1);
    mixed->weight *= 2;
    mixed->flag = !mixed->flag;
    mixed->color = toy_next_color(mixed->color);
    short a = mixed->inner.a;
    mixed->inner.a = mixed->inner.b;
    mixed->inner.b = a;
}
toy_mixed toy_mix(toy_mixed mixed, toy_point point) {
    toy_mix_in_place(&mixed);
    mixed.point = toy_move(mixed.point, point.x, point.y);
    return mixed;
}
toy_bits toy_flip_bits(toy_bits bits) {
    bits.low = ~bits.low;
    bits.high = -bits.high;
    bits.flag = !bits.flag;
    bits.wide = ~bits.wide;
    bits.color = toy_next_color(bits.color);
    return bits;
}
toy_packed toy_pack(toy_packed packed) {
    packed.tag++;
    packed.value++;
    packed.number++;
    return packed;
}
double toy_sum_aligned(const toy_aligned *aligned) {
    return aligned->values[0] + aligned->values[1] + aligned->values[2] + aligned->values[3];
}
toy_value toy_make_value(int kind, double number) {
    toy_value value;
    memset(&value, 0, sizeof value);
    value.kind = kind;
    if (kind == 0) value.integer = (int)number;
    if (kind == 1) value.number = number;
    if (kind == 2) {
        value.letter = (char)number;
        value.pointer = &toy_counter;
    }
    value.extra = 77;
    return value;
}
union toy_either toy_double_either(union toy_either either) {
    either.point.x *= 2;
    either.point.y *= 2;
    return either;
}
toy_node *toy_push(toy_node *list, int value) {
    toy_node *node = malloc(sizeof *node);
    node->value = value;
    node->next = list;
    return node;
}
int toy_list_sum(const toy_node *list) {
    int sum = 0;
    for (; list; list = list->next) sum += list->value;
    return sum;
}
void toy_free_list(toy_node *list) {
    while (list) {
        toy_node *next = list->next;
        free(list);
        list = next;
    }
}
toy_text *toy_make_text(int count) {
    toy_text *text = malloc(sizeof *text + (size_t)count + 1);
    text->count = count;
    for (int i = 0; i < count; i++) text->text[i] = (char)('a' + i);
    text->text[count] = 0;
    return text;
}
toy_arrays toy_shift(toy_arrays arrays) {
    for (int i = 0; i < 4; i++) arrays.small[i]++;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 3; j++) arrays.grid[i][j] *= 2;
        arrays.points[i] = toy_move(arrays.points[i], 1, 2);
    }
    const char *name = arrays.names[0];
    arrays.names[0] = arrays.names[1];
    arrays.names[1] = name;
    return arrays;
}
int toy_sum_arrays(const toy_arrays *arrays) {
    int sum = 0;
    for (int i = 0; i < 4; i++) sum += arrays->small[i];
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 3; j++) sum += arrays->grid[i][j];
    }
    return sum;
}
toy_large toy_make_large(toy_large large) {
    large.first += large.bytes[10];
    large.last++;
    return large;
}

struct toy_opaque {
    int value;
};
static int toy_opened;
struct toy_opaque *toy_open(int start) {
    if (start < 0) return 0;
    struct toy_opaque *object = malloc(sizeof *object);
    object->value = start;
    toy_opened++;
    return object;
}
int toy_step(struct toy_opaque *object) { return object->value++; }
void toy_close(struct toy_opaque *object) {
    toy_opened--;
    free(object);
}
int toy_open_count(void) { return toy_opened; }

void toy_each(const int *values, int count, toy_visitor visitor, void *user) {
    for (int i = 0; i < count; i++) visitor(user, i, &values[i]);
}
int toy_apply(int (*operation)(int, int), int a, int b) { return operation(a, b); }
double toy_blend(toy_mixer *mixer, double a, float b, long c, long long d) { return mixer(a, b, c, d); }
const char *toy_choose(toy_chooser chooser, const char *a, const char *b) { return chooser(a, b); }
int toy_run_handlers(const toy_handlers *handlers, int value) {
    if (handlers->visit) handlers->visit(handlers->user, -1, &value);
    return handlers->change(handlers, value);
}
toy_point toy_map_point(toy_point point, int (*each)(void *user, int coordinate), void *user) {
    return (toy_point){each(user, point.x), each(user, point.y)};
}
static int toy_multiply(int a, int b) { return a * b; }
toy_operation toy_operation_named(const char *name) {
    return name[0] == '+' ? toy_add_int : name[0] == '*' ? toy_multiply : 0;
}
toy_color toy_recolor(toy_color (*change)(toy_color color, bool again), toy_color color) {
    return change(change(color, false), true);
}
toy_point toy_fold(toy_folder folder, toy_point start, long long value) {
    return folder(folder(start, (toy_wrapper){value}, 0.5f), (toy_wrapper){value + 1}, 2);
}
long long toy_rewrap(toy_wrapper (*change)(toy_wrapper wrapper, toy_mixed mixed), long long value) {
    toy_mixed mixed;
    memset(&mixed, 0, sizeof mixed);
    mixed.number = -4;
    return change((toy_wrapper){value}, mixed).value;
}
