#include "bulkhead_headers.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char abi[] = {
#embed "include/bulkhead_abi.h"
};

static const unsigned char prelude[] = {
#embed "include/bulkhead_prelude.h"
};

static const unsigned char vector[] = {
#embed "include/bulkhead_vector.h"
};

static const unsigned char direct[] = {
#embed "include/bulkhead_direct.h"
};

bulkhead_header_text bulkhead_header(bulkhead_header_name name) {
    switch (name) {
    case BULKHEAD_HEADER_ABI: return (bulkhead_header_text){abi, sizeof abi};
    case BULKHEAD_HEADER_PRELUDE: return (bulkhead_header_text){prelude, sizeof prelude};
    case BULKHEAD_HEADER_VECTOR: return (bulkhead_header_text){vector, sizeof vector};
    case BULKHEAD_HEADER_DIRECT: return (bulkhead_header_text){direct, sizeof direct};
    }
    return (bulkhead_header_text){0, 0};
}
