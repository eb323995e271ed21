// Which WebAssembly function an instruction belongs to: the artifact keeps its symbol table, and each function's symbol
// carries the function's index, PREFIX_fINDEX_NAME.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

typedef struct elf_file {
    const uint8_t *bytes;
    size_t size;
} elf_file;

static const void *elf_range(elf_file file, uint64_t offset, uint64_t size) {
    return offset <= file.size && size <= file.size - offset ? file.bytes + offset : 0;
}

/// Copies the name of the symbol that covers `address` (as the file counts addresses).
static bool find_symbol(elf_file file, uint64_t address, char *name, size_t size) {
    const ElfW(Ehdr) *header = elf_range(file, 0, sizeof *header);
    if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_shentsize != sizeof(ElfW(Shdr)))
        return false;
    const ElfW(Shdr) *sections = elf_range(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof *sections);
    if (!sections) return false;
    for (size_t i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB || sections[i].sh_link >= header->e_shnum) continue;
        const ElfW(Sym) *symbols = elf_range(file, sections[i].sh_offset, sections[i].sh_size);
        const ElfW(Shdr) *strings = &sections[sections[i].sh_link];
        const char *text = elf_range(file, strings->sh_offset, strings->sh_size);
        if (!symbols || !text) continue;
        for (size_t j = 0; j < sections[i].sh_size / sizeof *symbols; j++) {
            const ElfW(Sym) *symbol = &symbols[j];
            if ((symbol->st_info & 15) != STT_FUNC || symbol->st_name >= strings->sh_size) continue;
            if (address < symbol->st_value || address - symbol->st_value >= symbol->st_size) continue;
            size_t available = strings->sh_size - symbol->st_name;
            snprintf(name, size, "%.*s", (int)(available > 4096 ? 4096 : available), text + symbol->st_name);
            return true;
        }
    }
    return false;
}

static bool symbol_at(void *frame, char *name, size_t size) {
    Dl_info info;
    struct link_map *map = 0;
    if (!dladdr1(frame, &info, (void **)&map, RTLD_DL_LINKMAP) || !map) return false;
    // The main program's name in the link map is empty.
    int file = open(map->l_name[0] ? map->l_name : "/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    struct stat status;
    bool found = false;
    if (fstat(file, &status) == 0 && status.st_size > 0) {
        size_t length = (size_t)status.st_size;
        void *bytes = mmap(0, length, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes != MAP_FAILED) {
            found = find_symbol((elf_file){bytes, length}, (uintptr_t)frame - map->l_addr, name, size);
            munmap(bytes, length);
        }
    }
    close(file);
    return found;
}

/// Whether `symbol` is PREFIX_fINDEX_…, and which function's name that means.
static const char *name_of(const bulkhead_module *module, const char *symbol) {
    size_t length = strlen(module->prefix);
    if (strncmp(symbol, module->prefix, length) != 0 || strncmp(symbol + length, "_f", 2) != 0) return 0;
    char *end;
    unsigned long index = strtoul(symbol + length + 2, &end, 10);
    return *end == '_' && index < module->name_count ? module->names[index] : 0;
}

bool bulkhead_frame_name(void *frame, char *name, size_t size) {
    char symbol[512];
    if (size == 0 || !symbol_at(frame, symbol, sizeof symbol)) return false;
    // Artifacts that are linked into one program share one range of code.
    for (bulkhead_range *range = atomic_load(&bulkhead_code_ranges.head); range; range = range->next) {
        uintptr_t address = (uintptr_t)frame;
        if (address < atomic_load(&range->start) || address >= atomic_load(&range->end)) continue;
        const bulkhead_artifact *artifact = atomic_load(&range->owner);
        for (uint32_t i = 0; i < artifact->module_count; i++) {
            const char *found = name_of(artifact->modules[i], symbol);
            if (!found) continue;
            snprintf(name, size, "%s", found);
            return true;
        }
    }
    return false;
}
