// SPDX-License-Identifier: Apache-2.0
// CRC-32C three ways: by the processor's instruction (x86-64 SSE4.2, arm64 CRC), by tables, and by joining two results.
//
// Arithmetic is on polynomials over GF(2) modulo the Castagnoli polynomial, bits reversed: the highest bit of a word is
// the coefficient of x^0, so that 0x80000000 is 1 and 0x40000000 is x.
#include "ccrc32c.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

static const uint32_t polynomial = 0x82F63B78u;

// MARK: - Joining

// powers[k] is x^(8 * 2^k): multiplying by it is what 2^k zero bytes do to a CRC. x^(2^31) is x again, hence the length.
enum { power_count = 31 };
static const uint32_t powers[power_count] = {
    0x00800000, 0x00008000, 0x82F63B78, 0x6EA2D55C, 0x18B8EA18, 0x510AC59A, 0xB82BE955, 0xB8FDB1E7,
    0x88E56F72, 0x74C360A4, 0xE4172B16, 0x0D65762A, 0x35D73A62, 0x28461564, 0xBF455269, 0xE2EA32DC,
    0xFE7740E6, 0xF946610B, 0x3C204F8F, 0x538586E3, 0x59726915, 0x734D5309, 0xBC1AC763, 0x7D0722CC,
    0xD289CABE, 0xE94CA9BC, 0x05B74F3F, 0xA51E1F42, 0x40000000, 0x20000000, 0x08000000,
};

static uint32_t multiply(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (int bit = 31; bit >= 0; bit--) {
    product ^= b & (0u - ((a >> bit) & 1));
    b = (b >> 1) ^ (polynomial & (0u - (b & 1)));
  }
  return product;
}

static uint32_t shift_by_powers(size_t length) {
  uint32_t shift = 0x80000000;
  for (int k = 0; length != 0; length >>= 1, k = k + 1 == power_count ? 0 : k + 1) {
    if (length & 1) shift = multiply(powers[k], shift);
  }
  return shift;
}

uint32_t ccrc32c_combine(uint32_t first, uint32_t second, uint32_t second_shift) {
  return multiply(second_shift, first) ^ second;
}

// MARK: - Tables

// tables[n][byte] is what `byte` followed by n zero bytes does to a CRC of 0.
static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (polynomial & (0u - (crc & 1)));
    tables[0][byte] = crc;
  }
  for (int n = 1; n < 8; n++) {
    for (int byte = 0; byte < 256; byte++) {
      uint32_t crc = tables[n - 1][byte];
      tables[n][byte] = (crc >> 8) ^ tables[0][crc & 0xFF];
    }
  }
}

static uint32_t load_little_endian(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t ccrc32c_portable(uint32_t crc, const void *bytes, size_t length) {
  pthread_once(&tables_once, make_tables);
  const uint8_t *p = bytes;
  crc = ~crc;
  for (; length >= 8; p += 8, length -= 8) {
    uint32_t low = crc ^ load_little_endian(p);
    uint32_t high = load_little_endian(p + 4);
    crc = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^ tables[4][low >> 24] ^
          tables[3][high & 0xFF] ^ tables[2][high >> 8 & 0xFF] ^ tables[1][high >> 16 & 0xFF] ^ tables[0][high >> 24];
  }
  for (; length != 0; p++, length--) crc = (crc >> 8) ^ tables[0][(crc ^ *p) & 0xFF];
  return ~crc;
}

// MARK: - The processor's instruction

#if defined(__x86_64__)

#include <cpuid.h>
#define HARDWARE __attribute__((target("sse4.2")))
#define ADD_BYTE(crc, byte) ((uint32_t)__builtin_ia32_crc32qi((crc), (byte)))
#define ADD_WORD(crc, word) ((uint32_t)__builtin_ia32_crc32di((crc), (word)))

static bool has_instruction(void) {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
}

#elif defined(__aarch64__) && defined(__AARCH64EL__)

#define HARDWARE __attribute__((target("crc")))
#define ADD_BYTE(crc, byte) __builtin_arm_crc32cb((crc), (byte))
#define ADD_WORD(crc, word) __builtin_arm_crc32cd((crc), (word))

#if defined(__ARM_FEATURE_CRC32)
static bool has_instruction(void) { return true; }
#elif defined(__linux__)
#include <sys/auxv.h>
static bool has_instruction(void) { return getauxval(AT_HWCAP) & (1 << 7); }  // HWCAP_CRC32
#else
static bool has_instruction(void) { return false; }
#endif

#endif

#if defined(HARDWARE)

// The instruction takes three cycles but one can begin each cycle: three lanes side by side keep it busy. A lane has
// 2^lane_power bytes, so that one multiplication by a known power puts its result in front of the next lane's.
enum { long_lane_power = 12, short_lane_power = 9 };

HARDWARE static inline uint64_t load_word(const uint8_t *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

HARDWARE static inline uint32_t three_lanes(uint32_t crc, const uint8_t *p, int lane_power) {
  const size_t lane = (size_t)1 << lane_power;
  uint32_t first = crc, second = 0, third = 0;
  for (const uint8_t *end = p + lane; p < end; p += 8) {
    first = ADD_WORD(first, load_word(p));
    second = ADD_WORD(second, load_word(p + lane));
    third = ADD_WORD(third, load_word(p + 2 * lane));
  }
  return multiply(powers[lane_power + 1], first) ^ multiply(powers[lane_power], second) ^ third;
}

HARDWARE static uint32_t checksum_by_instruction(uint32_t crc, const void *bytes, size_t length) {
  const uint8_t *p = bytes;
  crc = ~crc;
  for (const size_t block = 3 << long_lane_power; length >= block; p += block, length -= block) {
    crc = three_lanes(crc, p, long_lane_power);
  }
  for (const size_t block = 3 << short_lane_power; length >= block; p += block, length -= block) {
    crc = three_lanes(crc, p, short_lane_power);
  }
  for (; length >= 8; p += 8, length -= 8) crc = ADD_WORD(crc, load_word(p));
  for (; length != 0; p++, length--) crc = ADD_BYTE(crc, *p);
  return ~crc;
}

// Up to so many bytes zeros are added faster than powers are multiplied.
enum { longest_shift_by_zeros = 512 };

HARDWARE static uint32_t shift_by_zeros(size_t length) {
  uint32_t shift = 0x80000000;
  for (; length >= 8; length -= 8) shift = ADD_WORD(shift, 0);
  for (; length != 0; length--) shift = ADD_BYTE(shift, 0);
  return shift;
}

#endif

// MARK: - Choosing

typedef uint32_t checksum_function(uint32_t crc, const void *bytes, size_t length);

static checksum_function *choose(void) {
#if defined(HARDWARE)
  if (has_instruction()) return checksum_by_instruction;
#endif
  return ccrc32c_portable;
}

static checksum_function *chosen_function(void) {
  // Threads that come first together all store the same pointer, and what it points to never changes.
  static _Atomic(checksum_function *) chosen;
  checksum_function *function = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (function == NULL) {
    function = choose();
    atomic_store_explicit(&chosen, function, memory_order_relaxed);
  }
  return function;
}

uint32_t ccrc32c(uint32_t crc, const void *bytes, size_t length) { return chosen_function()(crc, bytes, length); }

uint32_t ccrc32c_shift(size_t length) {
#if defined(HARDWARE)
  if (length <= longest_shift_by_zeros && chosen_function() == checksum_by_instruction) return shift_by_zeros(length);
#endif
  return shift_by_powers(length);
}
