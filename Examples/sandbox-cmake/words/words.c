#include "words.h"

#include <stdlib.h>
#include <string.h>

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\''; }

/// Finds the next word at or after `*position`; moves on to its end and returns its length.
static size_t next(const char *text, size_t length, size_t *position) {
    while (*position < length && !is_letter(text[*position])) ++*position;
    size_t start = *position;
    while (*position < length && is_letter(text[*position])) ++*position;
    return *position - start;
}

size_t words_count(const char *text, size_t length) {
    size_t position = 0, count = 0;
    while (next(text, length, &position) > 0) count++;
    return count;
}

char *words_longest(const char *text, size_t length) {
    size_t position = 0, best = 0, end = 0, found;
    while ((found = next(text, length, &position)) > 0) {
        if (found > best) best = found, end = position;
    }
    char *copy = best > 0 ? malloc(best + 1) : NULL;
    if (!copy) return NULL;
    memcpy(copy, text + end - best, best);
    copy[best] = 0;
    return copy;
}
