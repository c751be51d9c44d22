/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in a reply: which are somebody's code and which only count. */
#include "analyzer/reply_mask_priv.h"

/* "in 300 seconds": the number is nobody's code. */
static bool
has_unit(const struct masker *m, struct slice number)
{
	struct slice rest = slice_between(number.ptr + number.len, m->end);

	if (rest.len < 5 || (rest.ptr[0] != ' ' && rest.ptr[0] != '-'))
		return false;
	rest = slice_skip(rest, 1);
	switch (rest.ptr[0]) {
	case 's':
		return slice_starts(rest, SLICE("second")) ||
		    slice_starts(rest, SLICE("secs")) ||
		    slice_starts(rest, SLICE("sec "));
	case 'm':
		return slice_starts(rest, SLICE("minute")) ||
		    slice_starts(rest, SLICE("mins")) ||
		    slice_starts(rest, SLICE("min "));
	case 'h':
		return slice_starts(rest, SLICE("hour"));
	case 'b':
		return slice_starts(rest, SLICE("byte"));
	case 'd':
		return slice_starts(rest, SLICE("day"));
	case 'S':
		return slice_starts(rest, SLICE("Sekund")) ||
		    slice_starts(rest, SLICE("Stund"));
	case 'M':
		return slice_starts(rest, SLICE("Minut"));
	default:
		return false;
	}
}

/* Microsoft writes its rule ids as S3140 and AS16012611, but also as
 * AS(16012611). */
static bool
is_rule_id(const struct masker *m, struct slice number)
{
	return number.ptr - m->begin >= 3 &&
	    memcmp(number.ptr - 3, "AS(", 3) == 0;
}

struct slice
mask_number(const struct masker *m, struct slice s)
{
	if (is_rule_id(m, s))
		return s;
	/* as a hexadecimal one that happens to have no letter */
	if (s.len >= ID_MIN)
		return SLICE("<id>");
	return s.len >= NUMBER_MIN || has_unit(m, s) ? SLICE("<n>") : s;
}

/* "[192.0.2.9      15]": Google counts. */
bool
mask_is_counter(const struct masker *m, struct slice number)
{
	return number.ptr + number.len < m->end &&
	    number.ptr[number.len] == ']' && m->out - m->mask->text > 5 &&
	    memcmp(m->out - 5, "<ip> ", 5) == 0;
}

/* "16.55847:7E000000, 17.43559:00000000": one mark for all of them. */
void
mask_put_diagnostic(struct masker *m)
{
	const struct slice mark = SLICE("<id>, ");

	if (slice_ends(slice_between(m->mask->text, m->out), mark))
		m->out -= mark.len;
	mask_put(m, SLICE("<id>"));
}
