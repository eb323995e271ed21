#include <stddef.h>
#include <stdint.h>

#include "hunspell.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Makes a spelling checker of a dictionary's two files, given by their contents; Hunspell itself takes paths.
///
/// \param affixes the `.aff` file, which is read before this returns
/// \param words the `.dic` file, likewise
/// \return the checker, to be freed with `Hunspell_destroy`
Hunhandle *hunspell_create_from_memory(
    const uint8_t *affixes, size_t affixes_size, const uint8_t *words, size_t words_size);

#ifdef __cplusplus
}
#endif
