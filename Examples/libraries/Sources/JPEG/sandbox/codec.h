// What the wrapper needs of libjpeg, without its way of leaving when an image is bad.
//
// libjpeg tells of an error by calling a function that must not return, and C programs longjmp out of it. There is no longjmp in
// the sandbox, and no need of one: the function calls the host, whose closure throws, and the sandbox is given up with all that
// the library had in hand. In direct mode the closure's error waits while the library is left by longjmp. Either way the call that the
// error occurred in throws it.

#pragma once

#include <stddef.h>
#include <stdio.h>

#include "jpeglib.h"

/// Told what is wrong with an image. Doesn't return in the sandbox.
typedef void (*codec_error)(const char *message);

/// An image that is being decoded.
typedef struct codec_decoder codec_decoder;

codec_decoder *codec_decoder_create(codec_error on_error);
void codec_decoder_free(codec_decoder *decoder);

/// Reads the header of an image in memory, which must stay there. What it says is in the decoder's state.
void codec_decoder_open(codec_decoder *decoder, const unsigned char *data, size_t size);

/// Begins decoding to that colour space, at 1/`denominator` of the size: 1, 2, 4 or 8.
void codec_decoder_start(codec_decoder *decoder, J_COLOR_SPACE color_space, unsigned denominator);

/// Decodes at most so many rows of `stride` bytes each. Returns how many were decoded.
unsigned codec_decoder_read(codec_decoder *decoder, unsigned char *rows, size_t stride, unsigned count);

/// libjpeg's own view of the image.
struct jpeg_decompress_struct *codec_decoder_state(codec_decoder *decoder);

/// How often the library had to make do with damaged data.
long codec_decoder_warnings(codec_decoder *decoder);

/// Encodes an image of 1 or 3 bytes a pixel. The result is in memory of its own.
unsigned char *codec_encode(
    codec_error on_error, const unsigned char *pixels, unsigned width, unsigned height, int components, int quality,
    int is_progressive, unsigned long *size);
