// Counts the words of a text, with a library that can't touch anything of this program.

#include <stdio.h>
#include <string.h>

#include "Words.h"

static int fail(const char *what, const bulkhead_trap *trap) {
    fprintf(stderr, "%s: %s\n", what, bulkhead_trap_message(trap->kind));
    return 1;
}

int main(int argc, char **argv) {
    const char *text = argc > 1 ? argv[1] : "a ship survives because bulkheads divide its hull";
    uint32_t length = (uint32_t)strlen(text);

    Words library;
    bulkhead_trap trap;
    bulkhead_error error;
    bulkhead_store *store = bulkhead_store_new(&error);
    if (!store || !Words_instantiate(store, NULL, &library, &trap, &error)) return fprintf(stderr, "%s\n", error.message), 1;
    if (Words__initialize(&library, &trap)) return fail("_initialize", &trap);

    // The text goes into the library's memory, at a place that the library gives. What it gives is checked before it is used.
    uint32_t place = 0, count = 0, longest = 0;
    if (Words_malloc(&library, length, &place, &trap)) return fail("malloc", &trap);
    if (place == 0 || (uint64_t)place + length > library.memory->size) return fprintf(stderr, "malloc gave nonsense\n"), 1;
    memcpy((char *)library.memory->base + place, text, length);

    if (Words_words_count(&library, place, length, &count, &trap)) return fail("words_count", &trap);
    if (Words_words_longest(&library, place, length, &longest, &trap)) return fail("words_longest", &trap);
    printf("%u words", count);
    if (longest > 0 && longest < library.memory->size) {
        const char *word = (const char *)library.memory->base + longest;
        printf(", the longest is \"%.*s\"", (int)strnlen(word, library.memory->size - longest), word);
    }
    printf("\n");

    // A library that is told nonsense gets no further than its own memory.
    if (Words_words_count(&library, place, 0xFFFFFFFF, &count, &trap)) {
        printf("a length that is a lie: %s\n", bulkhead_trap_message(trap.kind));
    }
    bulkhead_store_free(store);
    return 0;
}
