#pragma once

#include <stddef.h>

/// What there is in place of a file.
struct lent_file {
    const char *bytes;
    size_t size;
};

/// The file of a name that `hunspell_create_from_memory` gives to Hunspell; null for every other name.
const lent_file *find_lent_file(const char *path);
