// SPDX-License-Identifier: Apache-2.0
#ifndef CCRC32C_H
#define CCRC32C_H
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720) of `length` bytes at `bytes`, continuing from `crc` (0 to begin).
uint32_t ccrc32c(uint32_t crc, const void *bytes, size_t length);

#endif
