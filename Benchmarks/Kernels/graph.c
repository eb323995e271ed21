// Shortest paths in a sparse graph: breadth first, then Dijkstra's with a binary heap.
#include "kernel.h"

enum { N = 3000, DEGREE = 5 };
typedef struct edge {
    struct edge *next;
    u32 to, weight;
} edge;

static edge edges[N * DEGREE], *first[N];
static u32 distance[N], queue[N], heap[N * DEGREE + 1], keys[N * DEGREE + 1], size;

static NOINLINE u32 breadth_first(u32 from) {
    u32 head = 0, tail = 0, sum = 0;
    for (int i = 0; i < N; i++) distance[i] = ~0u;
    distance[from] = 0;
    queue[tail++] = from;
    while (head < tail) {
        u32 node = queue[head++];
        sum += distance[node];
        for (const edge *e = first[node]; e; e = e->next)
            if (distance[e->to] == ~0u) {
                distance[e->to] = distance[node] + 1;
                queue[tail++] = e->to;
            }
    }
    return sum;
}

static void push(u32 node, u32 key) {
    u32 at = ++size;
    for (; at > 1 && keys[at / 2] > key; at /= 2) keys[at] = keys[at / 2], heap[at] = heap[at / 2];
    keys[at] = key;
    heap[at] = node;
}

static u32 pop(u32 *key) {
    u32 top = heap[1], last = heap[size], last_key = keys[size--], at = 1;
    *key = keys[1];
    for (;;) {
        u32 child = at * 2;
        if (child > size) break;
        if (child < size && keys[child + 1] < keys[child]) child++;
        if (keys[child] >= last_key) break;
        keys[at] = keys[child];
        heap[at] = heap[child];
        at = child;
    }
    keys[at] = last_key;
    heap[at] = last;
    return top;
}

static NOINLINE u32 dijkstra(u32 from) {
    u32 sum = 0;
    for (int i = 0; i < N; i++) distance[i] = ~0u;
    size = 0;
    distance[from] = 0;
    push(from, 0);
    while (size) {
        u32 key, node = pop(&key);
        if (key != distance[node]) continue;
        sum = mix(sum, key);
        for (const edge *e = first[node]; e; e = e->next)
            if (key + e->weight < distance[e->to]) {
                distance[e->to] = key + e->weight;
                push(e->to, key + e->weight);
            }
    }
    return sum;
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 17, sum = 0;
    for (u32 i = 0; i < N; i++) first[i] = 0;
    for (u32 i = 0; i < N * DEGREE; i++) {
        u32 from = i % N;
        edges[i] = (edge){first[from], next_random(&seed) % N, 1 + next_random(&seed) % 100};
        first[from] = &edges[i];
    }
    for (u32 round = 0; round < n; round++) {
        sum = mix(sum, breadth_first(round * 37 % N));
        sum = mix(sum, dijkstra(round * 53 % N));
    }
    return sum;
}
