// Parses JSON by recursive descent into nodes, and adds up what is in it.
#include "kernel.h"

enum { SIZE = 60000, NODES = 20000 };
typedef enum { NUMBER, STRING, ARRAY, OBJECT, WORD } kind;
typedef struct node {
    kind kind;
    u32 hash;
    double number;
    struct node *first, *next;
} node;

static char text[SIZE];
static node nodes[NODES];
static u32 length, used, place;

static void put(const char *s) { while (*s) text[length++] = *s++; }

static void put_number(u32 value) {
    char digits[12];
    int count = 0;
    do digits[count++] = (char)('0' + value % 10); while (value /= 10);
    while (count) text[length++] = digits[--count];
}

static NOINLINE void fill(void) {
    u32 seed = 3;
    length = 0;
    put("[");
    for (u32 i = 0; length < SIZE - 300; i++) {
        if (i) put(",\n ");
        put("{\"id\": ");
        put_number(i);
        put(", \"name\": \"item \\\"");
        put_number(next_random(&seed));
        put("\\\"\", \"tags\": [\"red\", \"blue\", null, true], \"size\": {\"w\": ");
        put_number(next_random(&seed) % 1000);
        put(".25, \"h\": -");
        put_number(next_random(&seed) % 1000);
        put("e2}}");
    }
    put("]");
}

static void space(void) { while (text[place] == ' ' || text[place] == '\n') place++; }

static node *make(kind kind) {
    node *made = &nodes[used++];
    made->kind = kind;
    made->hash = 2166136261u;
    made->number = 0;
    made->first = made->next = 0;
    return made;
}

static node *value(void);

static node *string(void) {
    node *made = make(STRING);
    for (place++; text[place] != '"'; place++) {
        if (text[place] == '\\') place++;
        made->hash = mix(made->hash, (u8)text[place]);
    }
    place++;
    return made;
}

static node *number(void) {
    node *made = make(NUMBER);
    double sign = 1, scale = 1, result = 0;
    if (text[place] == '-') sign = -1, place++;
    while (text[place] >= '0' && text[place] <= '9') result = result * 10 + (text[place++] - '0');
    if (text[place] == '.')
        for (place++; text[place] >= '0' && text[place] <= '9'; place++) result += (text[place] - '0') * (scale /= 10);
    if (text[place] == 'e') {
        u32 exponent = 0;
        for (place++; text[place] >= '0' && text[place] <= '9'; place++) exponent = exponent * 10 + (u32)(text[place] - '0');
        while (exponent--) result *= 10;
    }
    made->number = sign * result;
    return made;
}

static node *sequence(kind kind, char end) {
    node *made = make(kind), **last = &made->first;
    place++;
    for (space(); text[place] != end; space()) {
        if (text[place] == ',') place++;
        space();
        if (kind == OBJECT) {
            *last = string();
            last = &(*last)->next;
            space();
            place++;
        }
        *last = value();
        last = &(*last)->next;
    }
    place++;
    return made;
}

static NOINLINE node *value(void) {
    space();
    switch (text[place]) {
    case '{': return sequence(OBJECT, '}');
    case '[': return sequence(ARRAY, ']');
    case '"': return string();
    case 't': case 'f': case 'n': {
        node *made = make(WORD);
        while (text[place] >= 'a' && text[place] <= 'z') made->hash = mix(made->hash, (u8)text[place++]);
        return made;
    }
    default: return number();
    }
}

static NOINLINE double total(const node *root, u32 *hash) {
    double sum = root->number;
    *hash = mix(*hash, root->hash + (u32)root->kind);
    for (const node *child = root->first; child; child = child->next) sum += total(child, hash);
    return sum;
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    fill();
    for (u32 round = 0; round < n; round++) {
        used = place = 0;
        u32 hash = round;
        sum = mix_double(sum, total(value(), &hash));
        sum = mix(sum, hash);
    }
    return sum;
}
