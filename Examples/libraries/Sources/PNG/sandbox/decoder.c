#include "decoder.h"

#ifndef __wasm__
#include <setjmp.h>
#endif
#include <stdlib.h>
#include <string.h>

#include "png.h"

struct decoder {
    png_structp png;
    png_infop info;
    const unsigned char *data;
    size_t remaining;
    decoder_error on_error;
#ifndef __wasm__
    jmp_buf entry;
#endif
};

#ifdef __wasm__
#define ENTER(image) 0
// Not reached: the host has thrown.
#define LEAVE(image) __builtin_trap()
#else
#define ENTER(image) setjmp((image)->entry)
#define LEAVE(image) longjmp((image)->entry, 1)
#endif

static void fail(png_structp png, png_const_charp message) {
    decoder *image = png_get_error_ptr(png);
    image->on_error(message);
    LEAVE(image);
}

static void say_nothing(png_structp png, png_const_charp message) {}

static void read_data(png_structp png, png_bytep destination, size_t count) {
    decoder *image = png_get_io_ptr(png);
    if (count > image->remaining) png_error(png, "the file ends early");
    memcpy(destination, image->data, count);
    image->data += count;
    image->remaining -= count;
}

decoder *decoder_create(decoder_error on_error) {
    decoder *image = calloc(1, sizeof *image);
    if (!image) return NULL;
    image->on_error = on_error;
    if (!ENTER(image)) {
        image->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, image, fail, say_nothing);
        if (image->png) image->info = png_create_info_struct(image->png);
        if (image->info) return image;
    }
    decoder_free(image);
    return NULL;
}

void decoder_free(decoder *image) {
    png_destroy_read_struct(&image->png, &image->info, NULL);
    free(image);
}

decoder_header decoder_open(decoder *image, const unsigned char *data, size_t size) {
    decoder_header header = {0};
    if (ENTER(image)) return header;
    image->data = data;
    image->remaining = size;
    png_set_read_fn(image->png, image, read_data);
    png_read_info(image->png, image->info);
    header.width = png_get_image_width(image->png, image->info);
    header.height = png_get_image_height(image->png, image->info);
    header.bit_depth = png_get_bit_depth(image->png, image->info);
    header.is_interlaced = png_get_interlace_type(image->png, image->info) != PNG_INTERLACE_NONE;
    return header;
}

int decoder_read(decoder *image, unsigned char *pixels, size_t stride) {
    png_structp png = image->png;
    if (ENTER(image)) return 0;
    // Palettes and few bits to bytes, transparent colours to alpha, and an alpha where there is none.
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, image->info);
    if (png_get_rowbytes(png, image->info) != stride) return 0;
    png_uint_32 height = png_get_image_height(png, image->info);
    for (int pass = 0; pass < passes; pass++) {
        for (png_uint_32 row = 0; row < height; row++) png_read_row(png, pixels + row * stride, NULL);
    }
    png_read_end(png, NULL);
    return 1;
}
