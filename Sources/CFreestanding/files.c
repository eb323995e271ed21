#include "freestanding_files.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char allocator[] = {
#embed "guest/allocator.c"
};

static const unsigned char cplusplus[] = {
#embed "guest/cplusplus.c"
};

static const unsigned char memory[] = {
#embed "guest/memory.c"
};

static const unsigned char start[] = {
#embed "guest/start.c"
};

static const unsigned char stdlib_header[] = {
#embed "guest/include/stdlib.h"
};

static const unsigned char string_header[] = {
#embed "guest/include/string.h"
};

static const freestanding_file files[] = {
    {"allocator.c", allocator, sizeof allocator},
    {"cplusplus.c", cplusplus, sizeof cplusplus},
    {"memory.c", memory, sizeof memory},
    {"start.c", start, sizeof start},
    {"include/stdlib.h", stdlib_header, sizeof stdlib_header},
    {"include/string.h", string_header, sizeof string_header},
};

freestanding_file freestanding_file_number(size_t number) {
    if (number < sizeof files / sizeof *files) return files[number];
    return (freestanding_file){0, 0, 0};
}
