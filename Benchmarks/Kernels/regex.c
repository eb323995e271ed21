// Matches a regular expression with a backtracking matcher over a compiled program: . * + ? [a-z] ( | ).
#include "kernel.h"

enum { SIZE = 6000, PROGRAM = 200 };
typedef enum { CHARACTER, ANY, SET, SPLIT, JUMP, MATCH } operation;
typedef struct {
    operation operation;
    u32 x, y;
    u32 set[8];
} instruction;

static instruction program[PROGRAM];
static u32 used;
static char text[SIZE + 1];
static const char *pattern;

static void alternation(void);

static void insert(u32 at, operation operation, u32 x, u32 y) {
    for (u32 i = used; i > at; i--) program[i] = program[i - 1];
    used++;
    for (u32 i = at + 1; i < used; i++)
        if (program[i].operation == SPLIT || program[i].operation == JUMP) {
            if (program[i].x >= at) program[i].x++;
            if (program[i].y >= at && program[i].operation == SPLIT) program[i].y++;
        }
    program[at].operation = operation;
    program[at].x = x;
    program[at].y = y;
}

static void atom(void) {
    instruction *made = &program[used];
    if (*pattern == '(') {
        pattern++;
        alternation();
        pattern++;
        return;
    }
    used++;
    if (*pattern == '.') made->operation = ANY;
    else if (*pattern == '[') {
        made->operation = SET;
        for (int i = 0; i < 8; i++) made->set[i] = 0;
        for (pattern++; *pattern != ']'; pattern++) {
            u8 low = (u8)*pattern, high = low;
            if (pattern[1] == '-') high = (u8)pattern[2], pattern += 2;
            for (u32 c = low; c <= high; c++) made->set[c >> 5] |= 1u << (c & 31);
        }
    } else {
        made->operation = CHARACTER;
        made->x = (u8)*pattern;
    }
    pattern++;
}

static void sequence(void) {
    while (*pattern && *pattern != '|' && *pattern != ')') {
        u32 start = used;
        atom();
        switch (*pattern) {
        case '*':
            insert(start, SPLIT, start + 1, used + 2);
            program[used].operation = JUMP;
            program[used++].x = start;
            pattern++;
            break;
        case '+':
            program[used].operation = SPLIT;
            program[used].x = start;
            program[used].y = used + 1;
            used++;
            pattern++;
            break;
        case '?':
            insert(start, SPLIT, start + 1, used + 1);
            pattern++;
            break;
        }
    }
}

static void alternation(void) {
    u32 start = used;
    sequence();
    if (*pattern != '|') return;
    pattern++;
    insert(start, SPLIT, start + 1, used + 2);
    u32 jump = used++;
    program[jump].operation = JUMP;
    alternation();
    program[jump].x = used;
}

static NOINLINE u32 matches(u32 pc, u32 at) {
    for (;;) {
        const instruction *now = &program[pc];
        u8 c = (u8)text[at];
        switch (now->operation) {
        case CHARACTER:
            if (c != now->x) return 0;
            break;
        case ANY:
            if (!c) return 0;
            break;
        case SET:
            if (!c || !(now->set[c >> 5] >> (c & 31) & 1)) return 0;
            break;
        case JUMP: pc = now->x; continue;
        case SPLIT: {
            u32 end = matches(now->x, at);
            if (end) return end;
            pc = now->y;
            continue;
        }
        case MATCH: return at + 1;
        }
        pc++;
        at++;
    }
}

u32 EXPORT(run)(u32 n) {
    static const char *const patterns[] = {"[a-z]+@[a-z]+(.com|.org)", "(ab|ba)+c?d", "x[0-9]*y", "[a-m]+[n-z]+[0-9]"};
    u32 seed = 21, sum = 0;
    for (u32 i = 0; i < SIZE; i++) text[i] = "abcdxy0123@.com org lmnopqabab"[next_random(&seed) % 30];
    for (u32 round = 0; round < n; round++) {
        used = 0;
        pattern = patterns[round & 3];
        alternation();
        program[used].operation = MATCH;
        u32 found = 0;
        for (u32 at = 0; at < SIZE;) {
            u32 end = matches(0, at);
            if (end) sum = mix(sum, end), found++;
            at = end > at + 1 ? end - 1 : at + 1;
        }
        sum = mix(sum, found);
    }
    return sum;
}
