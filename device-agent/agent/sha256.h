/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_SHA256_H
#define THIL_SHA256_H

#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FIPS 180-4, of bytes that lie in one piece. */
void thil_sha256_digest(const uint8_t* bytes, size_t size, thil_digest* digest);

#ifdef __cplusplus
}
#endif
#endif
