#include "codec.h"

#ifndef __wasm__
#include <setjmp.h>
#endif
#include <stdlib.h>
#include <string.h>

#include "jerror.h"

// --- Leaving the library

typedef struct {
    struct jpeg_error_mgr manager;
    codec_error on_error;
#ifndef __wasm__
    jmp_buf entry;
#endif
} error_state;

#ifdef __wasm__

#define ENTER(errors) 0
// Not reached: the host has thrown.
#define LEAVE(errors) __builtin_trap()

#else

#define ENTER(errors) setjmp((errors)->entry)
#define LEAVE(errors) longjmp((errors)->entry, 1)

#endif

static void fail(j_common_ptr codec) {
    error_state *errors = (error_state *)codec->err;
    char message[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, message);
    errors->on_error(message);
    LEAVE(errors);
}

static void say_nothing(j_common_ptr codec) {}

static struct jpeg_error_mgr *prepare(error_state *errors, codec_error on_error) {
    jpeg_std_error(&errors->manager);
    errors->manager.error_exit = fail;
    errors->manager.output_message = say_nothing;
    errors->on_error = on_error;
    return &errors->manager;
}

// --- Decoding

struct codec_decoder {
    struct jpeg_decompress_struct state;
    error_state errors;
};

codec_decoder *codec_decoder_create(codec_error on_error) {
    codec_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return NULL;
    decoder->state.err = prepare(&decoder->errors, on_error);
    if (ENTER(&decoder->errors)) {
        free(decoder);
        return NULL;
    }
    jpeg_create_decompress(&decoder->state);
    return decoder;
}

void codec_decoder_free(codec_decoder *decoder) {
    jpeg_destroy_decompress(&decoder->state);
    free(decoder);
}

void codec_decoder_open(codec_decoder *decoder, const unsigned char *data, size_t size) {
    if (ENTER(&decoder->errors)) return;
    jpeg_mem_src(&decoder->state, data, size);
    jpeg_read_header(&decoder->state, TRUE);
}

void codec_decoder_start(codec_decoder *decoder, J_COLOR_SPACE color_space, unsigned denominator) {
    if (ENTER(&decoder->errors)) return;
    decoder->state.out_color_space = color_space;
    decoder->state.scale_num = 1;
    decoder->state.scale_denom = denominator;
    jpeg_start_decompress(&decoder->state);
}

unsigned codec_decoder_read(codec_decoder *decoder, unsigned char *rows, size_t stride, unsigned count) {
    if (ENTER(&decoder->errors)) return 0;
    struct jpeg_decompress_struct *state = &decoder->state;
    unsigned done = 0;
    while (done < count && state->output_scanline < state->output_height) {
        JSAMPROW row = rows + done * stride;
        done += jpeg_read_scanlines(state, &row, 1);
    }
    return done;
}

struct jpeg_decompress_struct *codec_decoder_state(codec_decoder *decoder) { return &decoder->state; }

long codec_decoder_warnings(codec_decoder *decoder) { return decoder->errors.manager.num_warnings; }

// --- Encoding

unsigned char *codec_encode(
    codec_error on_error, const unsigned char *pixels, unsigned width, unsigned height, int components, int quality,
    int is_progressive, unsigned long *size) {
    struct jpeg_compress_struct state = {0};
    error_state errors;
    // Across longjmp.
    unsigned char *volatile result = NULL;
    state.err = prepare(&errors, on_error);
    if (ENTER(&errors)) {
        jpeg_destroy_compress(&state);
        return NULL;
    }
    jpeg_create_compress(&state);
    jpeg_mem_dest(&state, (unsigned char **)&result, size);
    state.image_width = width;
    state.image_height = height;
    state.input_components = components;
    state.in_color_space = components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&state);
    jpeg_set_quality(&state, quality, TRUE);
    if (is_progressive) jpeg_simple_progression(&state);
    jpeg_start_compress(&state, TRUE);
    while (state.next_scanline < height) {
        JSAMPROW row = (JSAMPROW)pixels + (size_t)state.next_scanline * width * components;
        jpeg_write_scanlines(&state, &row, 1);
    }
    jpeg_finish_compress(&state);
    jpeg_destroy_compress(&state);
    return result;
}
