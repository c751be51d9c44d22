/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/time_format.h"

#include "parsers/year_rule.h"

/* What a format sets; bits. */
enum { HAS_YEAR = 1, HAS_MONTH = 2, HAS_DAY = 4, HAS_HOUR = 8,
	HAS_MINUTE = 16, HAS_ZONE = 32, HAS_EPOCH = 64, HAS_PM = 128,
	HAS_MOMENT = HAS_MONTH | HAS_DAY | HAS_HOUR | HAS_MINUTE };

/* What was read so far. */
struct reading {
	struct slice text;
	struct civil civil;
	struct stamp at;
	int64_t offset_s;
	unsigned has, half; /* half: 0 AM, 12 PM */
};

static bool
skip_blanks(struct reading *r)
{
	while (r->text.len != 0 && ascii_is_space(r->text.ptr[0]))
		r->text = slice_skip(r->text, 1);
	return true;
}

/* A number of LEAST to MOST digits. */
static bool
take_number(struct reading *r, size_t least, size_t most, uint64_t *value_r)
{
	uint64_t value = 0;
	size_t n = 0;

	for (; n < most && n < r->text.len &&
	    ascii_is_digit(r->text.ptr[n]); n++)
		value = value * 10 + (uint64_t)(r->text.ptr[n] - '0');
	r->text = slice_skip(r->text, n);
	*value_r = value;
	return n >= least;
}

static bool
take_month(struct reading *r)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (r->text.len < 3)
		return false;
	for (unsigned i = 0; i < 12; i++)
		if (slice_eq_nocase(slice_of(r->text.ptr, 3),
		    slice_of(names + 3 * i, 3))) {
			r->civil.month = (uint8_t)(i + 1);
			r->text = slice_skip(r->text, 3);
			return true;
		}
	return false;
}

static bool
take_letters(struct reading *r)
{
	size_t n = 0;

	while (n < r->text.len && ascii_is_alpha(r->text.ptr[n]))
		n++;
	r->text = slice_skip(r->text, n);
	return n != 0;
}

static bool
take_half(struct reading *r)
{
	if (r->text.len < 2 || ascii_lower(r->text.ptr[1]) != 'm' ||
	    (ascii_lower(r->text.ptr[0]) != 'a' &&
	    ascii_lower(r->text.ptr[0]) != 'p'))
		return false;
	r->half = ascii_lower(r->text.ptr[0]) == 'p' ? 12 : 0;
	r->text = slice_skip(r->text, 2);
	return true;
}

static bool
take_decimals(struct reading *r)
{
	uint32_t scale = 100000;
	size_t n = 0;

	for (; n < r->text.len && ascii_is_digit(r->text.ptr[n]); n++) {
		r->at.us += (uint32_t)(r->text.ptr[n] - '0') * scale;
		scale /= 10;
	}
	r->at.digits = n < 6 ? (uint8_t)n : 6;
	r->text = slice_skip(r->text, n);
	return n != 0;
}

static bool
take_zone(struct reading *r)
{
	uint64_t hours, minutes = 0;
	bool is_west;

	if (r->text.len == 0)
		return false;
	if (r->text.ptr[0] == 'Z' || r->text.ptr[0] == 'z') {
		r->text = slice_skip(r->text, 1);
		return true;
	}
	if (r->text.ptr[0] != '+' && r->text.ptr[0] != '-')
		return false;
	is_west = r->text.ptr[0] == '-';
	r->text = slice_skip(r->text, 1);
	if (!take_number(r, 2, 2, &hours) || hours > 23)
		return false;
	if (r->text.len > 1 && r->text.ptr[0] == ':')
		r->text = slice_skip(r->text, 1);
	if (r->text.len != 0 && ascii_is_digit(r->text.ptr[0]) &&
	    (!take_number(r, 2, 2, &minutes) || minutes > 59))
		return false;
	r->offset_s = (int64_t)(hours * 3600 + minutes * 60);
	if (is_west)
		r->offset_s = -r->offset_s;
	return true;
}

static bool
take_small(struct reading *r, size_t least, uint8_t *value_r)
{
	uint64_t value;

	if (!take_number(r, least, 2, &value))
		return false;
	*value_r = (uint8_t)value;
	return true;
}

static bool
take_year(struct reading *r, char letter)
{
	uint64_t year;

	if (!take_number(r, letter == 'Y' ? 4 : 2, letter == 'Y' ? 4 : 2,
	    &year))
		return false;
	if (letter == 'y') /* as POSIX has it */
		year += year < 69 ? 2000 : 1900;
	r->civil.year = (int32_t)year;
	return true;
}

static bool
take_epoch(struct reading *r, char letter)
{
	uint64_t value;

	if (!take_number(r, 1, 15, &value))
		return false;
	if (letter == 's') {
		r->at.utc = (int64_t)value;
		return true;
	}
	r->at.utc = (int64_t)(value / 1000);
	r->at.us = (uint32_t)(value % 1000) * 1000;
	r->at.digits = 3;
	return true;
}

/* What LETTER sets; 0 for those that set nothing, -1 for none. */
static int
meaning_of(char letter)
{
	switch (letter) {
	case 'Y':
	case 'y':
		return HAS_YEAR;
	case 'm':
	case 'b':
		return HAS_MONTH;
	case 'd':
	case 'e':
		return HAS_DAY;
	case 'H':
	case 'I':
		return HAS_HOUR;
	case 'M':
		return HAS_MINUTE;
	case 'z':
		return HAS_ZONE;
	case 's':
	case 'Q':
		return HAS_EPOCH;
	case 'p':
		return HAS_PM;
	case 'F':
		return HAS_YEAR | HAS_MONTH | HAS_DAY;
	case 'T':
		return HAS_HOUR | HAS_MINUTE;
	case 'S':
	case 'f':
	case 'a':
	case '%':
		return 0;
	default:
		return -1;
	}
}

bool
time_format_is_one(struct slice format)
{
	int has = 0;

	for (size_t i = 0; i < format.len; i++) {
		int what;

		if (format.ptr[i] != '%')
			continue;
		if (++i == format.len)
			return false;
		what = meaning_of(format.ptr[i]);
		if (what < 0)
			return false;
		has |= what;
	}
	return (has & HAS_EPOCH) != 0 || (has & HAS_MOMENT) == HAS_MOMENT;
}

static bool
take_literal(struct reading *r, char c)
{
	if (ascii_is_space(c))
		return skip_blanks(r);
	if (r->text.len == 0 || r->text.ptr[0] != c)
		return false;
	r->text = slice_skip(r->text, 1);
	return true;
}

static bool
take_date(struct reading *r)
{
	return take_year(r, 'Y') && take_literal(r, '-') &&
	    take_small(r, 2, &r->civil.month) && take_literal(r, '-') &&
	    take_small(r, 2, &r->civil.day);
}

static bool
take_clock(struct reading *r)
{
	return take_small(r, 2, &r->civil.hour) && take_literal(r, ':') &&
	    take_small(r, 2, &r->civil.minute) && take_literal(r, ':') &&
	    take_small(r, 2, &r->civil.second);
}

static bool
take(struct reading *r, char letter)
{
	r->has |= (unsigned)meaning_of(letter);
	switch (letter) {
	case 'Y':
	case 'y':
		return take_year(r, letter);
	case 'm':
		return take_small(r, 1, &r->civil.month);
	case 'b':
		return take_month(r);
	case 'd':
	case 'e':
		return skip_blanks(r) && take_small(r, 1, &r->civil.day);
	case 'H':
	case 'I':
		return take_small(r, 1, &r->civil.hour);
	case 'M':
		return take_small(r, 2, &r->civil.minute);
	case 'S':
		return take_small(r, 2, &r->civil.second);
	case 'f':
		return take_decimals(r);
	case 'p':
		return take_half(r);
	case 'z':
		return take_zone(r);
	case 'a':
		return take_letters(r);
	case 's':
	case 'Q':
		return take_epoch(r, letter);
	case 'F':
		return take_date(r);
	case 'T':
		return take_clock(r);
	default:
		return take_literal(r, '%');
	}
}

static enum stamp_result
finish(struct reading *r, const struct stamp_clock *clock)
{
	if ((r->has & HAS_EPOCH) != 0)
		return stamp_is_possible(r->at.utc) ? STAMP_OK : STAMP_BAD;
	if ((r->has & HAS_PM) != 0)
		r->civil.hour = (uint8_t)(r->civil.hour % 12 + r->half);
	if ((r->has & HAS_YEAR) == 0 && !year_rule_apply(clock, &r->civil))
		return STAMP_BAD;
	if (!civil_is_valid(&r->civil) || r->civil.year < 1970 ||
	    r->civil.year > 2100)
		return STAMP_BAD;
	r->at.utc = (r->has & HAS_ZONE) != 0 ?
	    civil_seconds(&r->civil) - r->offset_s :
	    stamp_local(clock, &r->civil);
	return stamp_is_possible(r->at.utc) ? STAMP_OK : STAMP_BAD;
}

enum stamp_result
time_format_read(struct slice format, struct slice text,
    const struct stamp_clock *clock, struct stamp *at_r)
{
	struct reading r = { .text = text };
	enum stamp_result result;

	*at_r = (struct stamp){ 0, 0, 0 };
	for (size_t i = 0; i < format.len; i++) {
		bool is_letter = format.ptr[i] == '%' && i + 1 < format.len;

		if (is_letter ? !take(&r, format.ptr[++i]) :
		    !take_literal(&r, format.ptr[i]))
			return STAMP_NONE;
	}
	if (r.text.len != 0)
		return STAMP_NONE;
	result = finish(&r, clock);
	if (result == STAMP_OK)
		*at_r = r.at;
	return result;
}
