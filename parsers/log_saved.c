/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_saved.h"

#include <inttypes.h>

void
saved_add_number(struct strbuf *out, uint64_t number)
{
	strbuf_addf(out, "%" PRIu64 " ", number);
}

void
saved_add_text(struct strbuf *out, struct slice text)
{
	strbuf_addf(out, "%zu:", text.len);
	strbuf_add_slice(out, text);
}

/* A number and what ends it. */
static uint64_t
take(struct saved_fields *from, uint64_t max, char end)
{
	uint64_t number = 0;
	size_t n = slice_number(from->rest, max, &number);

	if (from->is_bad || n == 0 || n >= from->rest.len ||
	    from->rest.ptr[n] != end) {
		from->is_bad = true;
		return 0;
	}
	from->rest = slice_skip(from->rest, n + 1);
	return number;
}

uint64_t
saved_number(struct saved_fields *from, uint64_t max)
{
	return take(from, max, ' ');
}

/* One more than the time, and 0 for none: times are those that stamp_read
 * gives, which end with the year 2100. */
void
saved_add_utc(struct strbuf *out, int64_t utc)
{
	saved_add_number(out, utc < 0 ? 0 : (uint64_t)utc + 1);
}

int64_t
saved_utc(struct saved_fields *from)
{
	const uint64_t year_2101 = 4133980800;
	uint64_t number = saved_number(from, year_2101);

	return number == 0 ? INT64_MIN : (int64_t)number - 1;
}

struct slice
saved_text(struct saved_fields *from, size_t max)
{
	size_t len = (size_t)take(from, max, ':');
	struct slice text;

	if (from->is_bad || len > from->rest.len) {
		from->is_bad = true;
		return slice_of("", 0);
	}
	text = slice_of(from->rest.ptr, len);
	from->rest = slice_skip(from->rest, len);
	return text;
}

void
saved_string(struct saved_fields *from, char *out, size_t room)
{
	struct slice text = saved_text(from, room - 1);

	if (text.len != 0)
		memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
}
