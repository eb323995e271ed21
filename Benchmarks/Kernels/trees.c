// Builds binary trees from a pool and walks them: pointers.
#include "kernel.h"

typedef struct node {
    struct node *left, *right;
    u32 value;
} node;
enum { MOST = 1 << 14 };
static node pool[MOST];
static u32 used;

static NOINLINE node *build(u32 depth, u32 value) {
    node *result = &pool[used++];
    *result = (node){0, 0, value};
    if (depth) {
        result->left = build(depth - 1, value * 2);
        result->right = build(depth - 1, value * 2 + 1);
    }
    return result;
}

static NOINLINE u32 total(const node *tree) {
    return tree ? tree->value + total(tree->left) + total(tree->right) : 1;
}

static NOINLINE u32 search(const node *tree, u32 path) {
    while (tree->left) {
        tree = path & 1 ? tree->right : tree->left;
        path >>= 1;
    }
    return tree->value;
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0, seed = 21;
    for (u32 round = 0; round < n; round++) {
        used = 0;
        node *tree = build(12, round);
        sum = mix(sum, total(tree));
        for (int i = 0; i < 2000; i++) sum += search(tree, next_random(&seed));
    }
    return sum;
}
