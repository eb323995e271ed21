// The library's API is C++; this is as much of it as the wrapper needs, in C.

#include "woff2_c.h"

#include <stdlib.h>
#include <string.h>

#include <string>

#include <woff2/decode.h>
#include <woff2/encode.h>

uint8_t *woff2_decode(const uint8_t *file, size_t length, size_t limit, size_t *size) {
    std::string font;
    woff2::WOFF2StringOut out(&font);
    out.SetMaxSize(limit);
    if (!woff2::ConvertWOFF2ToTTF(file, length, &out)) return nullptr;
    // What was not written stays out.
    uint8_t *copy = static_cast<uint8_t *>(malloc(out.Size() + 1));
    if (!copy) return nullptr;
    memcpy(copy, font.data(), out.Size());
    *size = out.Size();
    return copy;
}

uint8_t *woff2_encode(const uint8_t *font, size_t length, int quality, int transforms, size_t *size) {
    size_t room = woff2::MaxWOFF2CompressedSize(font, length);
    // Zeroed: the library leaves what pads the file's end as it finds it, so that a byte or three of the caller's memory get out.
    uint8_t *file = static_cast<uint8_t *>(calloc(room, 1));
    if (!file) return nullptr;
    woff2::WOFF2Params params;
    params.brotli_quality = quality;
    params.allow_transforms = transforms != 0;
    *size = room;
    if (woff2::ConvertTTFToWOFF2(font, length, file, size, params)) return file;
    free(file);
    return nullptr;
}
