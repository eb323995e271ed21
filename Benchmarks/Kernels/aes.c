// AES-128 in counter mode with the S-box as a table, a byte at a time as FIPS 197 describes it.
#include "kernel.h"

enum { BLOCKS = 64 };
static u8 sbox[256], keys[176];

static u8 twice(u8 a) { return (u8)(a << 1 ^ (a >> 7) * 0x1B); }
static u8 rotate(u8 a, int by) { return (u8)(a << by | a >> (8 - by)); }

static void make_box(void) {
    u8 p = 1, q = 1;
    do {
        p ^= twice(p);
        q ^= (u8)(q << 1);
        q ^= (u8)(q << 2);
        q ^= (u8)(q << 4);
        if (q & 0x80) q ^= 9;
        sbox[p] = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63;
    } while (p != 1);
    sbox[0] = 0x63;
}

static void expand_key(const u8 *key) {
    u8 constant = 1;
    for (int i = 0; i < 16; i++) keys[i] = key[i];
    for (int i = 16; i < 176; i += 4) {
        u8 t[4] = {keys[i - 4], keys[i - 3], keys[i - 2], keys[i - 1]};
        if (i % 16 == 0) {
            u8 first = t[0];
            t[0] = sbox[t[1]] ^ constant;
            t[1] = sbox[t[2]];
            t[2] = sbox[t[3]];
            t[3] = sbox[first];
            constant = twice(constant);
        }
        for (int k = 0; k < 4; k++) keys[i + k] = keys[i - 16 + k] ^ t[k];
    }
}

static NOINLINE void encrypt(u8 *s) {
    for (int i = 0; i < 16; i++) s[i] ^= keys[i];
    for (int round = 1; round <= 10; round++) {
        u8 t[16];
        for (int c = 0; c < 4; c++)
            for (int r = 0; r < 4; r++) t[c * 4 + r] = sbox[s[(c + r) % 4 * 4 + r]];
        for (int c = 0; c < 4; c++) {
            u8 *x = t + c * 4;
            if (round < 10) {
                u8 all = x[0] ^ x[1] ^ x[2] ^ x[3], first = x[0];
                x[0] ^= all ^ twice(x[0] ^ x[1]);
                x[1] ^= all ^ twice(x[1] ^ x[2]);
                x[2] ^= all ^ twice(x[2] ^ x[3]);
                x[3] ^= all ^ twice(x[3] ^ first);
            }
        }
        for (int i = 0; i < 16; i++) s[i] = t[i] ^ keys[round * 16 + i];
    }
}

u32 EXPORT(run)(u32 n) {
    u8 key[16];
    for (int i = 0; i < 16; i++) key[i] = (u8)(i * 17);
    make_box();
    expand_key(key);
    u32 sum = 0;
    for (u32 round = 0; round < n; round++)
        for (u32 block = 0; block < BLOCKS; block++) {
            u8 state[16] = {(u8)round, (u8)(round >> 8), 0, (u8)block};
            encrypt(state);
            for (int i = 0; i < 16; i += 4) sum = mix(sum, state[i] | (u32)state[i + 1] << 8 | (u32)state[i + 2] << 16);
        }
    return sum;
}
