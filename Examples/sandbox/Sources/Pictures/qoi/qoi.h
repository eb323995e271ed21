#ifndef QOI_H
#define QOI_H

#include <stddef.h>
#include <stdint.h>

/// A picture; four bytes a pixel: red, green, blue, alpha.
typedef struct qoi_picture {
    uint32_t width;
    uint32_t height;
    uint8_t *pixels;
} qoi_picture;

enum qoi_result { QOI_OK, QOI_NOT_A_PICTURE, QOI_NO_MEMORY };

/// Decodes a file in the Quite OK Image format. The pixels are the caller's to free, with qoi_free.
enum qoi_result qoi_decode(const uint8_t *bytes, size_t count, qoi_picture *picture);

void qoi_free(qoi_picture *picture);

/// How bright a colour is to the eye.
uint8_t qoi_brightness(uint8_t red, uint8_t green, uint8_t blue);

#endif
