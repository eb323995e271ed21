// malloc, calloc, realloc and free for a sandboxed library that has no C library.
//
// Two-level segregated fit with boundary tags: every operation but the growth of memory takes a bounded number of steps, so an input
// that makes the library allocate in an awkward order does not make it slow. Chunks lie one after the other:
//
//     | previous | size, in use | payload ...           | previous | size ...
//       4 bytes    4 bytes        16-aligned, size - 8
//
// `previous` is the size of the chunk before; 0 in the first of a segment. A segment ends in a chunk of size 0 that is always in use.
// What is in the sandbox can damage all this, and damages only itself. The checks in `free` are for the library's own bugs.

#include <stddef.h>
#include <stdint.h>

#define WEAK __attribute__((weak))

_Static_assert(sizeof(void *) == 4, "for 32-bit WebAssembly");

typedef struct chunk {
    uint32_t previous;
    /// The size, a multiple of 16; bit 0 says that the chunk is in use.
    uint32_t tag;
    // Only of a free chunk:
    struct chunk *next_free;
    struct chunk *previous_free;
} chunk;

#define HEADER 8u
#define GRAIN 16u
#define IN_USE 1u
#define PAGE 65536u
/// Requests above this fail at once; sums of sizes below it and headers cannot wrap.
#define LARGEST 0xFFF00000u

/// Sizes below this have a list of their own; above, each power of two is divided in four.
#define SMALL 512u
#define SMALL_LISTS (SMALL / GRAIN)
#define LISTS (SMALL_LISTS + 4u * (32u - 9u))
#define MAP_WORDS ((LISTS + 31u) / 32u)

static chunk *lists[LISTS];
/// A bit for every list that isn't empty.
static uint32_t map[MAP_WORDS];
/// The end of the last segment: where memory that was grown since may be joined on. Null before the first.
static chunk *last_sentinel;

extern unsigned char __heap_base;

static uint32_t size_of(const chunk *c) { return c->tag & ~(GRAIN - 1u); }
static int is_used(const chunk *c) { return (c->tag & IN_USE) != 0; }
static chunk *at(chunk *c, uint32_t offset) { return (chunk *)((unsigned char *)c + offset); }
static chunk *after(chunk *c) { return at(c, size_of(c)); }
static chunk *before(chunk *c) { return (chunk *)((unsigned char *)c - c->previous); }
static void *payload(chunk *c) { return (unsigned char *)c + HEADER; }

static uint32_t list_of(uint32_t size) {
    if (size < SMALL) return size / GRAIN;
    uint32_t power = 31u - (uint32_t)__builtin_clz(size);
    return SMALL_LISTS + 4u * (power - 9u) + ((size >> (power - 2u)) & 3u);
}

static void insert(chunk *c) {
    uint32_t list = list_of(size_of(c));
    c->previous_free = NULL;
    c->next_free = lists[list];
    if (c->next_free) c->next_free->previous_free = c;
    lists[list] = c;
    map[list / 32u] |= 1u << (list % 32u);
}

static void take_out(chunk *c) {
    uint32_t list = list_of(size_of(c));
    if (c->next_free) c->next_free->previous_free = c->previous_free;
    if (c->previous_free) {
        c->previous_free->next_free = c->next_free;
    } else {
        lists[list] = c->next_free;
        if (!c->next_free) map[list / 32u] &= ~(1u << (list % 32u));
    }
}

/// The first list at or after `list` that isn't empty; LISTS if there is none.
static uint32_t filled_list(uint32_t list) {
    uint32_t word = list / 32u;
    if (word >= MAP_WORDS) return LISTS;
    uint32_t bits = map[word] & (~0u << (list % 32u));
    while (bits == 0) {
        if (++word == MAP_WORDS) return LISTS;
        bits = map[word];
    }
    return word * 32u + (uint32_t)__builtin_ctz(bits);
}

/// Makes `c` a free chunk of `size` bytes, joined with free neighbours.
static void release(chunk *c, uint32_t size) {
    chunk *next = at(c, size);
    if (c->previous != 0) {
        chunk *left = before(c);
        if (!is_used(left)) {
            take_out(left);
            size += size_of(left);
            c = left;
        }
    }
    if (!is_used(next)) {
        take_out(next);
        size += size_of(next);
    }
    c->tag = size;
    at(c, size)->previous = size;
    insert(c);
}

/// Gives back what `c`, in use, has beyond `size` bytes.
static void shorten(chunk *c, uint32_t size) {
    uint32_t rest = size_of(c) - size;
    if (rest < 2u * GRAIN) return;
    c->tag = size | IN_USE;
    chunk *tail = after(c);
    tail->previous = size;
    release(tail, rest);
}

/// Makes a segment of the bytes from `start` to `end`, or joins them on to the last one. `end` is at most 4 GiB - 64 KiB.
static void add_segment(uint32_t start, uint32_t end) {
    uint32_t sentinel_end = last_sentinel ? (uint32_t)(uintptr_t)last_sentinel + HEADER : 0;
    chunk *first;
    if (last_sentinel && sentinel_end == start) {
        // The old sentinel is the header of the new chunk.
        first = last_sentinel;
    } else {
        // Headers lie 8 bytes before a multiple of 16.
        first = (chunk *)(uintptr_t)(((start + HEADER + GRAIN - 1u) & ~(GRAIN - 1u)) - HEADER);
        first->previous = 0;
    }
    last_sentinel = (chunk *)(uintptr_t)(end - HEADER);
    last_sentinel->tag = IN_USE;
    release(first, (uint32_t)((unsigned char *)last_sentinel - (unsigned char *)first));
}

static int is_started;

/// Adds memory for a chunk of at least `size` bytes. Returns whether there is any.
static int grow(uint32_t size) {
    if (!is_started) {
        is_started = 1;
        // What the linker left between the data and the end of the last page. A header, a chunk and a sentinel must fit.
        uint64_t end = (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
        uint32_t start = (uint32_t)(uintptr_t)&__heap_base;
        if (end - start >= 4u * GRAIN && end <= 0xFFFF0000u) {
            add_segment(start, (uint32_t)end);
            if (end - start >= (uint64_t)size + 4u * GRAIN) return 1;
        }
    }
    // A sixteenth more than there is, so that the number of growths stays small.
    uint32_t pages = (size + 4u * GRAIN + PAGE - 1u) / PAGE;
    uint32_t current = (uint32_t)__builtin_wasm_memory_size(0);
    uint32_t wanted = current / 16u > pages ? current / 16u : pages;
    // Never the last page: addresses past its end have no number in 32 bits.
    if (pages > 65535u - (current > 65535u ? 65535u : current)) return 0;
    if (wanted > 65535u - current) wanted = pages;
    size_t old = __builtin_wasm_memory_grow(0, wanted);
    if (old == (size_t)-1 && wanted > pages) {
        wanted = pages;
        old = __builtin_wasm_memory_grow(0, wanted);
    }
    if (old == (size_t)-1) return 0;
    add_segment((uint32_t)old * PAGE, ((uint32_t)old + wanted) * PAGE);
    return 1;
}

/// The size of a chunk for a request; 0 if it is too large.
static uint32_t chunk_size(size_t request) {
    if (request > LARGEST) return 0;
    uint32_t size = ((uint32_t)request + HEADER + GRAIN - 1u) & ~(GRAIN - 1u);
    // A free chunk has room for its links.
    return size < 2u * GRAIN ? 2u * GRAIN : size;
}

/// A free chunk of at least `size` bytes, taken out of its list; null if there is none.
static chunk *find(uint32_t size) {
    uint32_t list = list_of(size);
    // Its own list may have smaller ones. A few are looked at; the next list has only larger ones.
    chunk *candidate = lists[list];
    for (int looked = 0; candidate && looked < 8; looked++, candidate = candidate->next_free) {
        if (size_of(candidate) >= size) {
            take_out(candidate);
            return candidate;
        }
    }
    list = filled_list(list + 1u);
    if (list == LISTS) return NULL;
    chunk *found = lists[list];
    take_out(found);
    return found;
}

static chunk *allocate(uint32_t size) {
    chunk *c = find(size);
    if (!c) {
        if (!grow(size)) return NULL;
        c = find(size);
        // Another list's chunk of the right size may have been hidden behind smaller ones; what was added now is one of its own.
        if (!c) return NULL;
    }
    c->tag |= IN_USE;
    shorten(c, size);
    return c;
}

/// The chunk of a pointer that `malloc` gave and that is still in use. Anything else is a bug, and traps.
static chunk *chunk_of(void *pointer) {
    uint32_t address = (uint32_t)(uintptr_t)pointer;
    if (address % GRAIN != 0 || address < GRAIN) __builtin_trap();
    chunk *c = (chunk *)((unsigned char *)pointer - HEADER);
    if (!is_used(c) || size_of(c) < 2u * GRAIN || after(c)->previous != size_of(c)) __builtin_trap();
    return c;
}

WEAK void *malloc(size_t request) {
    uint32_t size = chunk_size(request);
    if (size == 0) return NULL;
    chunk *c = allocate(size);
    return c ? payload(c) : NULL;
}

WEAK void free(void *pointer) {
    if (!pointer) return;
    chunk *c = chunk_of(pointer);
    release(c, size_of(c));
}

WEAK void *calloc(size_t count, size_t element) {
    uint32_t bytes;
    if (__builtin_mul_overflow((uint32_t)count, (uint32_t)element, &bytes)) return NULL;
    void *pointer = malloc(bytes);
    if (pointer) __builtin_memset(pointer, 0, bytes);
    return pointer;
}

WEAK void *realloc(void *pointer, size_t request) {
    if (!pointer) return malloc(request);
    uint32_t size = chunk_size(request);
    if (size == 0) return NULL;
    chunk *c = chunk_of(pointer);
    uint32_t old = size_of(c);
    if (size > old) {
        // Room to the right?
        chunk *next = after(c);
        if (!is_used(next) && old + size_of(next) >= size) {
            take_out(next);
            c->tag = (old + size_of(next)) | IN_USE;
            after(c)->previous = size_of(c);
        } else {
            void *moved = malloc(request);
            if (!moved) return NULL;
            __builtin_memcpy(moved, pointer, old - HEADER);
            release(c, old);
            return moved;
        }
    }
    shorten(c, size);
    return pointer;
}
