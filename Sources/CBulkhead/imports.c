// Whether what a module is given fits what it imports, and what to say where it doesn't. Spec: 4.5.1 (external typing).

#include <stdio.h>
#include <string.h>

#include "internal.h"

static const char *const kind_names[] = {"function", "table", "memory", "global"};

// MARK: - Types in the text format's words

/// Longer ones end in "...".
#define DESCRIPTION_SIZE 96

typedef struct description {
    char text[DESCRIPTION_SIZE];
    size_t length;
} description;

static void append(description *into, const char *word) {
    size_t length = strlen(word), room = sizeof into->text - 4 - into->length;
    if (length > room) {
        memcpy(into->text + into->length, "...", 4);
        // Nothing more fits.
        into->length = sizeof into->text - 4;
        return;
    }
    memcpy(into->text + into->length, word, length + 1);
    into->length += length;
}

/// By the signatures' letters.
static const char *letter_name(char letter) {
    switch (letter) {
    case 'i': return " i32";
    case 'I': return " i64";
    case 'f': return " f32";
    case 'F': return " f64";
    case 'v': return " v128";
    case 'p': return " funcref";
    case 'e': return " externref";
    default: return " ?";
    }
}

static void append_values(description *into, const char *keyword, const char *letters, size_t count) {
    if (count == 0) return;
    append(into, keyword);
    for (size_t i = 0; i < count; i++) append(into, letter_name(letters[i]));
    append(into, ")");
}

/// "(func (param i32 i64) (result f32))"
static description describe_function(const char *signature) {
    description into = {.length = 0};
    size_t parameters = strcspn(signature, ">");
    const char *results = signature + parameters + (signature[parameters] == '>');
    append(&into, "(func");
    append_values(&into, " (param", signature, parameters);
    append_values(&into, " (result", results, strlen(results));
    append(&into, ")");
    return into;
}

/// By the binary format's byte.
static const char *value_type_name(uint32_t type) {
    switch (type) {
    case 0x7F: return "i32";
    case 0x7E: return "i64";
    case 0x7D: return "f32";
    case 0x7C: return "f64";
    case 0x7B: return "v128";
    case 0x70: return "funcref";
    case 0x6F: return "externref";
    default: return "?";
    }
}

static description describe_global(uint32_t type, bool is_mutable) {
    description into = {.length = 0};
    append(&into, is_mutable ? "(global (mut " : "(global ");
    append(&into, value_type_name(type));
    append(&into, is_mutable ? "))" : ")");
    return into;
}

// MARK: - Matching

static bool mismatch(bulkhead_error *error, const bulkhead_import *import, const char *expected, const char *found) {
    return bulkhead_fail(error, BULKHEAD_ERROR_INCOMPATIBLE_IMPORT,
                         "incompatible import type for \"%.40s\" \"%.40s\": the module expects %s, and was given %s",
                         import->module, import->name, expected, found);
}

static bool match_limits(
    bulkhead_error *error, const bulkhead_import *import, uint64_t size, uint64_t maximum, bool has_maximum) {
    char expected[64], found[64];
    if (size >= import->minimum && (!import->has_maximum || (has_maximum && maximum <= import->maximum))) return true;
    snprintf(expected, sizeof expected, import->has_maximum ? "%s %llu to %llu" : "%s %llu or more",
             kind_names[import->kind], (unsigned long long)import->minimum, (unsigned long long)import->maximum);
    snprintf(found, sizeof found, has_maximum ? "%llu (at most %llu)" : "%llu (without maximum)",
             (unsigned long long)size, (unsigned long long)maximum);
    return mismatch(error, import, expected, found);
}

bool bulkhead_match_import(
    bulkhead_store *store, const bulkhead_module *module, const bulkhead_import *import, bulkhead_external external,
    bulkhead_error *error) {
    if (external.pointer == 0)
        return bulkhead_fail(error, BULKHEAD_ERROR_UNKNOWN_IMPORT, "unknown import: %s \"%.80s\" \"%.80s\"",
                             kind_names[import->kind & 3], import->module, import->name);
    if (external.kind != import->kind)
        return mismatch(error, import, kind_names[import->kind & 3], kind_names[external.kind & 3]);
    switch (import->kind) {
    case 0: {
        const char *signature = module->types[import->type];
        if (external.function->type == bulkhead_intern(store, signature)) return true;
        description expected = describe_function(signature);
        description found = describe_function(external.function->type->signature);
        return mismatch(error, import, expected.text, found.text);
    }
    case 1: {
        if (external.table->element == import->type)
            return match_limits(
                error, import, external.table->size, external.table->maximum, external.table->has_maximum);
        char expected[32], found[32];
        snprintf(expected, sizeof expected, "a table of %s", value_type_name(import->type));
        snprintf(found, sizeof found, "one of %s", value_type_name(external.table->element));
        return mismatch(error, import, expected, found);
    }
    case 2:
        return match_limits(error, import, external.memory->size / BULKHEAD_PAGE_SIZE, external.memory->maximum,
                            external.memory->has_maximum);
    default: {
        // A global's mutability stands in the place of its minimum.
        bool is_mutable = import->minimum != 0;
        if (external.global->type == import->type && external.global->is_mutable == is_mutable) return true;
        description expected = describe_global(import->type, is_mutable);
        description found = describe_global(external.global->type, external.global->is_mutable);
        return mismatch(error, import, expected.text, found.text);
    }
    }
}
