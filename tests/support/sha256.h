/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 (FIPS 180-4) for one test: the hash that a content security policy
 * names. Not for secrets. */
#ifndef MX_TESTS_SUPPORT_SHA256_H
#define MX_TESTS_SUPPORT_SHA256_H

#include <stddef.h>

enum { SHA256_BASE64_BYTES = 45 };

/* The hash of TEXT in base64, NUL-terminated. */
void sha256_base64(const char *text, size_t len,
    char base64[SHA256_BASE64_BYTES]);

#endif
