#ifndef BULKHEAD_HEADERS_H
#define BULKHEAD_HEADERS_H

#include <stddef.h>

/// The headers that generated code includes, as text: the compiler driver writes them beside the generated files.
typedef enum bulkhead_header_name {
    BULKHEAD_HEADER_ABI,
    BULKHEAD_HEADER_PRELUDE,
    BULKHEAD_HEADER_VECTOR,
    BULKHEAD_HEADER_DIRECT,
} bulkhead_header_name;

typedef struct bulkhead_header_text {
    const unsigned char *bytes;
    size_t size;
} bulkhead_header_text;

bulkhead_header_text bulkhead_header(bulkhead_header_name name);

#endif
