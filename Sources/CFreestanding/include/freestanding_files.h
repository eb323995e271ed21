#ifndef FREESTANDING_FILES_H
#define FREESTANDING_FILES_H

#include <stddef.h>

/// What a sandboxed library that has no C library is built with, as text: the build writes the files down and compiles them with the
/// library's own.
typedef struct freestanding_file {
    /// Below the directory that the files are written to. Those that end in `.c` are to be compiled.
    const char *path;
    const unsigned char *bytes;
    size_t size;
} freestanding_file;

/// The file with this number; its path is null where there are no more.
freestanding_file freestanding_file_number(size_t number);

#endif
