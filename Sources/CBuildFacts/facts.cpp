// SPDX-License-Identifier: Apache-2.0
#include "CBuildFacts.h"

#include <snappy-stubs-public.h>

// Numbers become text in two steps: the first one puts the values in.
#define KP_TEXT_OF(word) #word
#define KP_TEXT(word) KP_TEXT_OF(word)

const char *kp_build_commit(void) {
#ifdef KAFKA_PRODUCER_COMMIT
    return KP_TEXT(KAFKA_PRODUCER_COMMIT);
#else
    return "";
#endif
}

const char *kp_snappy_version(void) {
    return KP_TEXT(SNAPPY_MAJOR) "." KP_TEXT(SNAPPY_MINOR) "." KP_TEXT(SNAPPY_PATCHLEVEL);
}
