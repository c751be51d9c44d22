/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/exim_id.h"

enum { TIME_LEN = 6, OLD_LEN = 16, NEW_LEN = 23 };

static const int64_t first_utc = 788918400, last_utc = 4133980799;

static bool
is_word(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!ascii_is_alnum(p[i]))
			return false;
	return true;
}

/* Words of 6, MIDDLE and END characters between dashes. */
static bool
is_shape(struct slice text, size_t middle, size_t end)
{
	size_t len = TIME_LEN + 1 + middle + 1 + end;
	const char *p = text.ptr;

	return text.len >= len && p[TIME_LEN] == '-' &&
	    p[TIME_LEN + 1 + middle] == '-' &&
	    (text.len == len || p[len] == ' ') && is_word(p, TIME_LEN) &&
	    is_word(p + TIME_LEN + 1, middle) && is_word(p + len - end, end);
}

size_t
exim_id_length(struct slice text)
{
	if (text.len < OLD_LEN || text.ptr[TIME_LEN] != '-')
		return 0;
	if (is_shape(text, 6, 2))
		return OLD_LEN;
	return is_shape(text, 11, 4) ? NEW_LEN : 0;
}

/* Base 62: 0-9A-Za-z; base 36: 0-9A-Z. */
static int64_t
decode(const char *p, int base)
{
	int64_t value = 0;

	for (size_t i = 0; i < TIME_LEN; i++) {
		char c = p[i];
		int digit = ascii_is_digit(c) ? c - '0' :
		    c >= 'a' ? c - 'a' + 36 : c - 'A' + 10;

		if (digit >= base)
			return INT64_MIN;
		value = value * base + digit;
	}
	return value;
}

bool
exim_id_time(struct slice id, int64_t *utc_r)
{
	static const int bases[] = { 62, 36 };

	if (exim_id_length(id) == 0)
		return false;
	for (size_t i = 0; i < 2; i++) {
		*utc_r = decode(id.ptr, bases[i]);
		if (*utc_r >= first_utc && *utc_r <= last_utc)
			return true;
	}
	return false;
}
