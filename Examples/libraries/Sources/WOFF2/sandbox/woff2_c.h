#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes a font of a WOFF2 file.
///
/// \param limit the largest font that is made, in bytes
/// \param size receives the font's size
/// \return the font, to be freed with `free`; null if the file can't be decoded
uint8_t *woff2_decode(const uint8_t *file, size_t length, size_t limit, size_t *size);

/// Makes a WOFF2 file of a font.
///
/// \param quality brotli's, from 0 to 11
/// \param transforms whether outlines are rewritten so that they compress better
/// \param size receives the file's size
/// \return the file, to be freed with `free`; null if the font can't be encoded
uint8_t *woff2_encode(const uint8_t *font, size_t length, int quality, int transforms, size_t *size);

#ifdef __cplusplus
}
#endif
