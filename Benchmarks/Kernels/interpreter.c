// A stack machine that dispatches through a switch.
#include "kernel.h"

enum { PUSH, ADD, SUBTRACT, MULTIPLY, XOR, LOAD, STORE, JUMP_IF, LESS, HALT, DUPLICATE, SWAP, SHIFT };

// sum = 0; i = 0; do { sum = (sum ^ i * 3) + (sum >> 3); i = i + 1 } while (i < limit)
static const u8 program[] = {
    PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
    LOAD, 0, DUPLICATE, LOAD, 1, PUSH, 3, MULTIPLY, XOR, SWAP, PUSH, 3, SHIFT, ADD, STORE, 0,
    LOAD, 1, PUSH, 1, ADD, DUPLICATE, STORE, 1, LOAD, 2, LESS, JUMP_IF, 8, HALT,
};

static NOINLINE u32 interpret(const u8 *code, u32 limit) {
    u32 stack[16], variables[4] = {0, 0, limit, 0};
    u32 *top = stack;
    const u8 *at = code;
    for (;;) {
        switch (*at++) {
        case PUSH: *top++ = *at++; break;
        case ADD: top--; top[-1] += *top; break;
        case SUBTRACT: top--; top[-1] -= *top; break;
        case MULTIPLY: top--; top[-1] *= *top; break;
        case XOR: top--; top[-1] ^= *top; break;
        case LESS: top--; top[-1] = top[-1] < *top; break;
        case SHIFT: top--; top[-1] >>= *top & 31; break;
        case LOAD: *top++ = variables[*at++ & 3]; break;
        case STORE: variables[*at++ & 3] = *--top; break;
        case DUPLICATE: top[0] = top[-1]; top++; break;
        case SWAP: {
            u32 t = top[-1];
            top[-1] = top[-2];
            top[-2] = t;
            break;
        }
        case JUMP_IF: at = *--top ? code + *at : at + 1; break;
        case HALT: return variables[0];
        default: return ~0u;
        }
    }
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) sum = mix(sum, interpret(program, 1000 + round));
    return sum;
}
