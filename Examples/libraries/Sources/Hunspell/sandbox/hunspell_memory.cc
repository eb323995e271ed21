#include "hunspell_memory.h"

#include <string.h>

#include "config/files.h"

static const char affixes_name[] = "affixes", words_name[] = "words";
// In direct mode there are threads.
static thread_local lent_file affixes_file, words_file;

const lent_file *find_lent_file(const char *path) {
    if (strcmp(path, affixes_name) == 0) return &affixes_file;
    if (strcmp(path, words_name) == 0) return &words_file;
    return nullptr;
}

Hunhandle *hunspell_create_from_memory(
    const uint8_t *affixes, size_t affixes_size, const uint8_t *words, size_t words_size) {
    affixes_file = {reinterpret_cast<const char *>(affixes), affixes_size};
    words_file = {reinterpret_cast<const char *>(words), words_size};
    Hunhandle *checker = Hunspell_create(affixes_name, words_name);
    affixes_file = words_file = {};
    return checker;
}
