/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a log of a format that is found out. */
#include "tests/fuzz/log_digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	log_digest_check(slice_of((const char *)data, size), NULL);
	return 0;
}
