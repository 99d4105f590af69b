// SPDX-License-Identifier: Apache-2.0
#ifndef CCRC32C_H
#define CCRC32C_H
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720) of `length` bytes at `bytes`, continuing from `crc` (0 to begin).
/// Uses the processor's own instruction where there is one. `bytes` may be null when `length` is 0.
uint32_t ccrc32c(uint32_t crc, const void *bytes, size_t length);

/// The same result from tables alone, for processors without the instruction and to test the other against.
uint32_t ccrc32c_portable(uint32_t crc, const void *bytes, size_t length);

/// What `length` bytes do to the CRC-32C of all that is in front of them, for `ccrc32c_combine`. Takes half a microsecond.
uint32_t ccrc32c_shift(size_t length);

/// The CRC-32C of two pieces one after the other, from that of each and the shift of the second's length. Takes a tenth
/// of that.
uint32_t ccrc32c_combine(uint32_t first, uint32_t second, uint32_t second_shift);

#endif
