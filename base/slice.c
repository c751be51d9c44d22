/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/slice.h"

const char *
slice_find(struct slice s, struct slice needle)
{
	if (needle.len == 0)
		return s.ptr;
	while (s.len >= needle.len) {
		const char *hit =
		    memchr(s.ptr, needle.ptr[0], s.len - needle.len + 1);

		if (hit == NULL)
			return NULL;
		if (memcmp(hit, needle.ptr, needle.len) == 0)
			return hit;
		s = slice_skip(s, (size_t)(hit - s.ptr) + 1);
	}
	return NULL;
}

struct slice
slice_trim(struct slice s)
{
	while (s.len > 0 && ascii_is_space(s.ptr[0]))
		s = slice_skip(s, 1);
	while (s.len > 0 && ascii_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

size_t
slice_number(struct slice s, uint64_t max, uint64_t *value_r)
{
	uint64_t value = 0;
	size_t n = 0;

	for (; n < s.len && ascii_is_digit(s.ptr[n]); n++) {
		uint64_t digit = (uint64_t)(s.ptr[n] - '0');

		/* nineteen digits always fit */
		if (n >= 19 && value > (UINT64_MAX - digit) / 10)
			return 0;
		value = value * 10 + digit;
	}
	if (n == 0 || value > max)
		return 0;
	*value_r = value;
	return n;
}
