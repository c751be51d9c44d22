/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/unpack_guard.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"

/* Does a line end in it, and is anything in it to be seen? In a log the first
 * byte answers that, and the first line. */
static bool
has_text(const char *ptr, size_t len)
{
	size_t i = 0;

	if (memchr(ptr, '\n', len) == NULL && memchr(ptr, '\r', len) == NULL)
		return false;
	while (i < len && (unsigned char)ptr[i] <= ' ')
		i++;
	return i < len;
}

enum mx_code
unpack_guard_pass(struct unpack_guard *guard, const char *ptr, size_t len,
    uint64_t in_bytes, struct mx_err *err)
{
	uint64_t silent_out, silent_in;

	if (len == 0)
		return MX_OK;
	guard->out_bytes += len;
	if (guard->out_bytes > LIMIT_UNPACKED_BYTES)
		return mx_fail(err, MX_E_LIMIT,
		    "refused: more than %llu GiB come out of it",
		    (unsigned long long)(LIMIT_UNPACKED_BYTES >> 30));
	if (has_text(ptr, len)) {
		guard->text_out = guard->out_bytes;
		guard->text_in = in_bytes;
		return MX_OK;
	}
	silent_out = guard->out_bytes - guard->text_out;
	silent_in = in_bytes - guard->text_in;
	if (silent_out > LIMIT_UNPACKED_FREE &&
	    silent_out / LIMIT_UNPACKED_RATIO > silent_in)
		return mx_fail(err, MX_E_LIMIT, "refused: %llu MiB come "
		    "out of it without a line of text, over %u times their "
		    "compressed size",
		    (unsigned long long)(LIMIT_UNPACKED_FREE >> 20),
		    LIMIT_UNPACKED_RATIO);
	return MX_OK;
}
