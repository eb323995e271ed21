// Makes a linked list, reverses it and walks it.
#include "kernel.h"

typedef struct link {
    struct link *next;
    u32 value;
} link;
enum { N = 4000 };
static link links[N];

static NOINLINE link *reverse(link *list) {
    link *result = 0;
    while (list) {
        link *next = list->next;
        list->next = result;
        result = list;
        list = next;
    }
    return result;
}

static NOINLINE u32 walk(const link *list) {
    u32 sum = 0;
    for (; list; list = list->next) sum = sum * 31 + list->value;
    return sum;
}

u32 EXPORT(run)(u32 n) {
    for (u32 i = 0; i < N; i++) links[i].value = i;
    // In an order that isn't the memory's; 1531 and N have no common divisor.
    for (u32 i = 0; i < N; i++) links[i * 1531 % N].next = i + 1 < N ? &links[(i + 1) * 1531 % N] : 0;
    link *list = &links[0];
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        list = reverse(list);
        sum = mix(sum, walk(list));
    }
    return sum;
}
