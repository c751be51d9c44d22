/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/duration.h"

enum { SECOND_MS = 1000 };
/* A hundred years: nothing in a mail log lasts longer. */
static const int64_t longest_ms = INT64_C(3155760000000);

/* A decimal number in thousandths at the start of *TEXT, which moves behind
 * it. */
static bool
take_thousandths(struct slice *text, int64_t *value_r)
{
	uint64_t whole;
	size_t digits = slice_number(*text, (uint64_t)longest_ms / 1000,
	    &whole);
	int64_t unit = 1000;

	if (digits == 0)
		return false;
	*text = slice_skip(*text, digits);
	*value_r = (int64_t)whole * 1000;
	if (text->len == 0 || text->ptr[0] != '.')
		return true;
	*text = slice_skip(*text, 1);
	while (text->len != 0 && ascii_is_digit(text->ptr[0])) {
		unit /= 10;
		*value_r += unit * (text->ptr[0] - '0');
		*text = slice_skip(*text, 1);
	}
	return true;
}

/* The unit at the start of *TEXT in milliseconds; 0 where there is none. */
static int64_t
take_unit(struct slice *text)
{
	static const char letters[] = "smhdw";
	static const int32_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	const char *at;

	if (slice_starts(*text, SLICE("ms"))) {
		*text = slice_skip(*text, 2);
		return 1;
	}
	at = text->len != 0 ? memchr(letters, text->ptr[0], 5) : NULL;
	if (at == NULL)
		return 0;
	*text = slice_skip(*text, 1);
	return (int64_t)seconds[at - letters] * SECOND_MS;
}

int64_t
duration_letters(struct slice text)
{
	int64_t sum = 0, value, unit;

	if (text.len == 0)
		return -1;
	while (text.len != 0) {
		if (!take_thousandths(&text, &value))
			return -1;
		unit = take_unit(&text);
		if (unit == 0 || value > longest_ms / unit * 1000)
			return -1;
		sum += value / 1000 * unit + value % 1000 * unit / 1000;
		if (sum > longest_ms)
			return -1;
	}
	return sum;
}

int64_t
duration_clock(struct slice text)
{
	uint64_t part[4] = { 0 };
	size_t digits = slice_number(text, 99999, &part[0]);
	size_t from = 1;

	if (digits != 0 && text.len > digits && text.ptr[digits] == '+')
		text = slice_skip(text, digits + 1);
	else
		part[0] = 0;
	for (size_t i = from; i <= 3; i++) {
		digits = slice_number(text, 99, &part[i]);
		if (digits != 2)
			return -1;
		text = slice_skip(text, digits);
		if (i == 3)
			break;
		if (text.len == 0 || text.ptr[0] != ':')
			return -1;
		text = slice_skip(text, 1);
	}
	if (text.len != 0)
		return -1;
	return (int64_t)(part[0] * 86400 + part[1] * 3600 + part[2] * 60 +
	    part[3]) * SECOND_MS;
}

int64_t
duration_seconds(struct slice text)
{
	int64_t value;

	return take_thousandths(&text, &value) && text.len == 0 ? value : -1;
}
