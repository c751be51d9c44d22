/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates of mail and of JSON reports; the rest of report_text.h is beside. */
#include "parsers/report_text.h"

#include "base/zone.h"
#include "parsers/timestamp.h"

static const char months[12][4] = { "jan", "feb", "mar", "apr", "may", "jun",
	"jul", "aug", "sep", "oct", "nov", "dec" };

/* RFC 5322 4.3; military letters say nothing there. */
static const struct {
	const char *name;
	int hours;
} zones[] = {
	{ "ut", 0 }, { "utc", 0 }, { "gmt", 0 }, { "z", 0 }, { "est", -5 },
	{ "edt", -4 }, { "cst", -6 }, { "cdt", -5 }, { "mst", -7 },
	{ "mdt", -6 }, { "pst", -8 }, { "pdt", -7 }, { "bst", 1 },
	{ "cet", 1 }, { "cest", 2 }, { "jst", 9 }
};

static void
skip_blanks(struct slice *text)
{
	while (text->len != 0 &&
	    (ascii_is_space(text->ptr[0]) || text->ptr[0] == ','))
		*text = slice_skip(*text, 1);
}

static bool
take_number(struct slice *text, uint64_t max, uint64_t *value_r,
    size_t *digits_r)
{
	size_t len;

	skip_blanks(text);
	len = slice_number(*text, max, value_r);
	*text = slice_skip(*text, len);
	if (digits_r != NULL)
		*digits_r = len;
	return len != 0;
}

static struct slice
take_letters(struct slice *text)
{
	size_t len = 0;
	struct slice word;

	skip_blanks(text);
	while (len < text->len && ascii_is_alpha(text->ptr[len]))
		len++;
	word = slice_of(text->ptr, len);
	*text = slice_skip(*text, len);
	return word;
}

static bool
take_char(struct slice *text, char c)
{
	if (text->len == 0 || text->ptr[0] != c)
		return false;
	*text = slice_skip(*text, 1);
	return true;
}

/* "10:20[:30[.5]]" */
static bool
take_clock(struct slice *text, struct civil *civil)
{
	uint64_t hour, minute, second = 0, fraction;

	if (!take_number(text, 23, &hour, NULL) || !take_char(text, ':') ||
	    !take_number(text, 59, &minute, NULL))
		return false;
	if (take_char(text, ':') && !take_number(text, 60, &second, NULL))
		return false;
	if (take_char(text, '.'))
		(void)take_number(text, UINT64_MAX, &fraction, NULL);
	civil->hour = (uint8_t)hour;
	civil->minute = (uint8_t)minute;
	civil->second = (uint8_t)(second == 60 ? 59 : second);
	return true;
}

/* "+0100", "+01:00", a name; what is unknown or missing is UTC. */
static int64_t
take_offset(struct slice text)
{
	uint64_t hours, minutes = 0;
	size_t digits;
	int64_t sign;

	skip_blanks(&text);
	if (text.len != 0 && (text.ptr[0] == '+' || text.ptr[0] == '-')) {
		sign = text.ptr[0] == '-' ? -1 : 1;
		text = slice_skip(text, 1);
		if (!take_number(&text, 9999, &hours, &digits))
			return 0;
		if (digits > 2) {
			minutes = hours % 100;
			hours /= 100;
		} else if (take_char(&text, ':')) {
			(void)take_number(&text, 59, &minutes, NULL);
		}
		if (hours > 15 || minutes > 59)
			return 0;
		return sign * (int64_t)(hours * 3600 + minutes * 60);
	}
	text = take_letters(&text);
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (slice_eq_nocase(text, slice_str(zones[i].name)))
			return zones[i].hours * 3600;
	return 0;
}

static int64_t
checked(const struct civil *civil, struct slice zone)
{
	int64_t utc;

	if (civil->year < 1970 || civil->year > 2100 ||
	    !civil_is_valid(civil))
		return INT64_MIN;
	utc = civil_seconds(civil) - take_offset(zone);
	return stamp_is_possible(utc) ? utc : INT64_MIN;
}

static bool
take_month(struct slice *text, struct civil *civil)
{
	struct slice word = take_letters(text);

	for (unsigned i = 0; i < 12 && word.len >= 3; i++)
		if (slice_eq_nocase(slice_of(word.ptr, 3),
		    slice_of(months[i], 3))) {
			civil->month = (uint8_t)(i + 1);
			return true;
		}
	return false;
}

int64_t
report_mail_date(struct slice text)
{
	struct civil civil = { 0 };
	uint64_t day, year;
	size_t digits;

	skip_blanks(&text);
	if (text.len == 0)
		return INT64_MIN;
	if (ascii_is_alpha(text.ptr[0]))
		(void)take_letters(&text);
	if (!take_number(&text, 31, &day, NULL))
		return INT64_MIN;
	(void)take_char(&text, '-');
	if (!take_month(&text, &civil))
		return INT64_MIN;
	(void)take_char(&text, '-');
	if (!take_number(&text, 9999, &year, &digits))
		return INT64_MIN;
	if (digits == 2)
		year += year < 50 ? 2000 : 1900;
	else if (digits == 3)
		year += 1900;
	civil.day = (uint8_t)day;
	civil.year = (int32_t)year;
	if (!take_clock(&text, &civil))
		return INT64_MIN;
	return checked(&civil, text);
}

int64_t
report_rfc3339(struct slice text)
{
	struct civil civil = { 0 };
	uint64_t year, month, day;

	text = slice_trim(text);
	if (text.len == 0 || !take_number(&text, 9999, &year, NULL) || !take_char(&text, '-') ||
	    !take_number(&text, 12, &month, NULL) || !take_char(&text, '-') ||
	    !take_number(&text, 31, &day, NULL))
		return INT64_MIN;
	civil.year = (int32_t)year;
	civil.month = (uint8_t)month;
	civil.day = (uint8_t)day;
	if (!take_char(&text, 'T') && !take_char(&text, 't'))
		skip_blanks(&text);
	if (text.len != 0 && !take_clock(&text, &civil))
		return INT64_MIN;
	return checked(&civil, text);
}
