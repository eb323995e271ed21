// A decoder as they are written in an afternoon. It believes what the file says about its size: 32769 x 32768 pixels of four bytes wrap
// round to a buffer that is far too small, and a run of pixels goes on past its end. In the sandbox that is the library's own problem.

#include "qoi.h"

#include <stdlib.h>
#include <string.h>

typedef struct pixel {
    uint8_t r, g, b, a;
} pixel;

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

enum qoi_result qoi_decode(const uint8_t *bytes, size_t count, qoi_picture *picture) {
    if (count < 14 || memcmp(bytes, "qoif", 4) != 0) return QOI_NOT_A_PICTURE;
    picture->width = big_endian(bytes + 4);
    picture->height = big_endian(bytes + 8);
    uint32_t total = picture->width * picture->height;
    pixel *pixels = calloc(1, total * sizeof(pixel));
    if (!pixels) return QOI_NO_MEMORY;
    picture->pixels = (uint8_t *)pixels;

    pixel seen[64] = {{0}}, last = {0, 0, 0, 255};
    const uint8_t *next = bytes + 14, *end = bytes + count;
    for (uint32_t i = 0; i < total && next < end;) {
        uint8_t byte = *next++;
        uint32_t run = 1;
        if (byte == 0xFE || byte == 0xFF) {
            int length = byte == 0xFE ? 3 : 4;
            if (end - next < length) break;
            memcpy(&last, next, (size_t)length);
            next += length;
        } else if (byte >> 6 == 0) {
            last = seen[byte];
        } else if (byte >> 6 == 1) {
            last.r += (byte >> 4 & 3) - 2;
            last.g += (byte >> 2 & 3) - 2;
            last.b += (byte & 3) - 2;
        } else if (byte >> 6 == 2) {
            if (next == end) break;
            int green = (byte & 63) - 32, other = *next++;
            last.r += green - 8 + (other >> 4);
            last.g += green;
            last.b += green - 8 + (other & 15);
        } else {
            run = (byte & 63) + 1;
        }
        seen[(last.r * 3 + last.g * 5 + last.b * 7 + last.a * 11) % 64] = last;
        while (run-- > 0) pixels[i++] = last;
    }
    return QOI_OK;
}

void qoi_free(qoi_picture *picture) {
    free(picture->pixels);
    picture->pixels = NULL;
}
