/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled with -fno-tree-loop-distribute-patterns: else the compiler makes each loop a call of itself. */
#include <stdint.h>
#include <string.h>

#undef memcpy
#undef memmove
#undef memset
#undef memcmp

/* May alias anything, as the bytes it stands for do. */
typedef uint32_t __attribute__((may_alias)) word;

static int aligned(const void* a, const void* b) { return (((uintptr_t)a | (uintptr_t)b) & 3u) == 0; }

void* memcpy(void* to, const void* from, size_t size) {
  uint8_t* t = to;
  const uint8_t* f = from;
  if (aligned(to, from)) {
    for (; size >= sizeof(word); size -= sizeof(word), t += sizeof(word), f += sizeof(word)) {
      *(word*)(void*)t = *(const word*)(const void*)f;
    }
  }
  for (; size > 0; --size) *t++ = *f++;
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  uint8_t* t = to;
  const uint8_t* f = from;
  if ((uintptr_t)t <= (uintptr_t)f) return memcpy(to, from, size);
  for (; size > 0; --size) t[size - 1] = f[size - 1];
  return to;
}

void* memset(void* to, int byte, size_t size) {
  for (uint8_t* t = to; size > 0; --size) *t++ = (uint8_t)byte;
  return to;
}

int memcmp(const void* left, const void* right, size_t size) {
  const uint8_t* l = left;
  const uint8_t* r = right;
  for (; size > 0; --size, ++l, ++r) {
    if (*l != *r) return *l - *r;
  }
  return 0;
}
