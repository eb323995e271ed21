// What the wrapper needs of libpng, in calls that don't hang on callbacks into C, variable arguments or longjmp.
//
// As with libjpeg, an error calls the host: in the sandbox its closure throws and that is the end; in direct mode the library is
// left by longjmp, and the closure's error is thrown when the call returns.

#pragma once

#include <stddef.h>

/// Told what is wrong with an image. Doesn't return in the sandbox.
typedef void (*decoder_error)(const char *message);

/// An image that is being decoded.
typedef struct decoder decoder;

/// What an image says of itself.
typedef struct {
    unsigned width;
    unsigned height;
    /// Of a sample: 1, 2, 4, 8 or 16.
    unsigned bit_depth;
    unsigned is_interlaced;
} decoder_header;

decoder *decoder_create(decoder_error on_error);
void decoder_free(decoder *image);

/// Reads what comes before the pixels of an image in memory, which must stay there.
decoder_header decoder_open(decoder *image, const unsigned char *data, size_t size);

/// Decodes all pixels to red, green, blue and alpha of 8 bits each, in rows of `stride` bytes, and reads what comes after them.
/// Returns 0 where a row has another size.
int decoder_read(decoder *image, unsigned char *pixels, size_t stride);
