/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/timestamp.h"

#include "parsers/year_rule.h"

/* Lines of several processes may stand in the log in another order than they
 * were written; in the repeated hour of autumn that must not pass for the
 * second round. */
enum { DISORDER_S = 120, HOUR_S = 3600 };

/* 1970-01-01 and the last second of 2100. */
#define FIRST_UTC 0
#define LAST_UTC 4133980799

bool
stamp_is_possible(int64_t utc)
{
	return utc >= FIRST_UTC && utc <= LAST_UTC;
}

void
stamp_clock_init(struct stamp_clock *clock, const struct zone *zone,
    struct year_anchor anchor, int64_t now_utc)
{
	memset(clock, 0, sizeof(*clock));
	clock->zone = zone;
	clock->anchor = anchor;
	clock->now_utc = now_utc;
	clock->last_utc = INT64_MIN;
}

int64_t
stamp_local(const struct stamp_clock *clock, const struct civil *local)
{
	int64_t near = clock->last_utc;

	if (near != INT64_MIN)
		near -= DISORDER_S;
	return zone_to_utc(clock->zone, local, near);
}

void
stamp_clock_saw(struct stamp_clock *clock, int64_t utc)
{
	/* One clock that is years ahead must not carry the year of all
	 * lines behind it with it. */
	if (utc > clock->now_utc + 2 * 86400 &&
	    utc > clock->anchor.not_after_utc) {
		clock->saw_future = true;
		return;
	}
	if (clock->last_utc != INT64_MIN && utc < clock->last_utc - 86400)
		clock->saw_backwards = true;
	clock->last_utc = utc;
}

static unsigned
digit(char c)
{
	return (unsigned char)c - (unsigned)'0';
}

/* Two digits at P; 100 and more where they are none. */
static unsigned
two_digits(const char *p)
{
	unsigned tens = digit(p[0]), ones = digit(p[1]);

	return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

/* " 5", "05" or "5 " are not all seen in one place, but the first two are. */
static unsigned
day_digits(const char *p)
{
	return p[0] == ' ' && digit(p[1]) <= 9 ? digit(p[1]) : two_digits(p);
}

static unsigned
month_of(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++)
		if (memcmp(p, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* ".678901" or ",678": at most nine digits, of which six are kept. */
static void
take_fraction(struct slice *text, struct stamp *at)
{
	static const uint32_t scale[7] = { 1000000, 100000, 10000, 1000, 100,
		10, 1 };
	uint32_t value = 0;
	size_t n = 0;

	if (text->len < 2 || (text->ptr[0] != '.' && text->ptr[0] != ',') ||
	    !ascii_is_digit(text->ptr[1]))
		return;
	while (n + 1 < text->len && n < 9 &&
	    ascii_is_digit(text->ptr[n + 1])) {
		if (n < 6)
			value = value * 10 + digit(text->ptr[n + 1]);
		n++;
	}
	*text = slice_skip(*text, n + 1);
	at->digits = n < 6 ? (uint8_t)n : 6;
	at->us = value * scale[at->digits];
}

/* "HH:MM:SS" at P (8 bytes). */
static bool
is_clock(const char *p)
{
	return p[2] == ':' && p[5] == ':' && two_digits(p) < 100 &&
	    two_digits(p + 3) < 100 && two_digits(p + 6) < 100;
}

static void
set_clock(struct civil *civil, const char *p)
{
	civil->hour = (uint8_t)two_digits(p);
	civil->minute = (uint8_t)two_digits(p + 3);
	civil->second = (uint8_t)two_digits(p + 6);
}

/* Whether all wall-clock times of the hour that starts at HOUR_UTC have the
 * offset that this one has. */
static bool
is_plain_hour(const struct zone *zone, int64_t hour_utc)
{
	int64_t until;

	(void)zone_offset(zone, hour_utc - 3 * HOUR_S, &until);
	return until > hour_utc + 4 * HOUR_S;
}

/* "Mmm dd HH:MM:SS" (15 bytes) or the same with a year, at P. */
static enum stamp_result
finish_local(struct stamp_clock *clock, struct civil *civil, bool has_year,
    struct stamp *at)
{
	clock->saw_yearless |= !has_year;
	if (has_year ? !civil_is_valid(civil) || civil->year < 1970 ||
	    civil->year > 2100 : !year_rule_apply(clock, civil))
		return STAMP_BAD;
	at->utc = stamp_local(clock, civil);
	return stamp_is_possible(at->utc) ? STAMP_OK : STAMP_BAD;
}

/* Remember the hour of a stamp without year that was just worked out. */
static void
keep_bsd_hour(struct stamp_clock *clock, const char *p,
    const struct civil *civil, int64_t utc)
{
	int64_t hour_utc = utc - civil->minute * 60 -
	    (civil->second < 60 ? civil->second : 59);

	clock->bsd_hour[0] = '\0';
	if (!is_plain_hour(clock->zone, hour_utc))
		return;
	memcpy(clock->bsd_hour, p, 9);
	clock->bsd_hour_utc = hour_utc;
}

static enum stamp_result
read_bsd_slow(struct stamp_clock *clock, struct slice *text,
    struct stamp *at)
{
	const char *p = text->ptr;
	struct civil civil = { .month = (uint8_t)month_of(p),
		.day = (uint8_t)day_digits(p + 4) };
	struct slice rest = slice_skip(*text, 15);
	enum stamp_result result;
	bool has_year = false;
	uint64_t year;

	if (civil.month == 0 || civil.day >= 100)
		return STAMP_NONE;
	if (is_clock(p + 7)) {
		set_clock(&civil, p + 7);
		take_fraction(&rest, at);
		if (rest.len > 5 && rest.ptr[0] == ' ' &&
		    rest.ptr[5] == ' ' && slice_number(slice_skip(rest, 1),
		    2100, &year) == 4 && year >= 1970) {
			has_year = true; /* Mmm dd HH:MM:SS YYYY */
			civil.year = (int32_t)year;
			rest = slice_skip(rest, 5);
		}
	} else if (text->len >= 20 && p[11] == ' ' && is_clock(p + 12) &&
	    slice_number(slice_of(p + 7, 4), 9999, &year) == 4) {
		has_year = true; /* Mmm dd YYYY HH:MM:SS */
		civil.year = (int32_t)year;
		set_clock(&civil, p + 12);
		rest = slice_skip(*text, 20);
		take_fraction(&rest, at);
	} else {
		return STAMP_NONE;
	}
	*text = rest;
	result = finish_local(clock, &civil, has_year, at);
	if (result == STAMP_OK && !has_year)
		keep_bsd_hour(clock, p, &civil, at->utc);
	return result;
}

/* The remembered hour is that of its year only while the lines around are
 * near it: within a month no other year comes into question. */
static bool
is_bsd_hour(const struct stamp_clock *clock, const char *p)
{
	const int64_t month = 30 * 24 * HOUR_S;

	return memcmp(p, clock->bsd_hour, 9) == 0 && p[9] == ':' &&
	    clock->last_utc > clock->bsd_hour_utc - month &&
	    clock->last_utc < clock->bsd_hour_utc + month;
}

/* Seconds of MM:SS at P, -1 where it is none. */
static int
minute_second(const char *p)
{
	unsigned minute = two_digits(p), second = two_digits(p + 3);

	if (minute > 59 || second > 60 || p[2] != ':')
		return -1;
	return (int)(minute * 60 + (second < 60 ? second : 59));
}

static enum stamp_result
read_bsd(struct stamp_clock *clock, struct slice *text, struct stamp *at)
{
	const char *p = text->ptr;
	int seconds;

	if (text->len < 15 || p[3] != ' ' || p[6] != ' ')
		return STAMP_NONE;
	if (is_bsd_hour(clock, p) &&
	    (text->len == 15 || (p[15] == ' ' && (text->len < 21 ||
	    p[20] != ' ' || !ascii_is_digit(p[16])))) &&
	    (seconds = minute_second(p + 10)) >= 0) {
		at->utc = clock->bsd_hour_utc + seconds;
		*text = slice_skip(*text, 15);
		return STAMP_OK;
	}
	return read_bsd_slow(clock, text, at);
}

/* "Z", "+01:00", "+0100", "+01" at the start of S; returns its length, 0
 * where there is none. */
static size_t
read_zone(struct slice s, int32_t *offset_r)
{
	unsigned hours, minutes = 0;
	size_t len = 3;

	if (s.len >= 1 && (s.ptr[0] == 'Z' || s.ptr[0] == 'z')) {
		*offset_r = 0;
		return 1;
	}
	if (s.len < 3 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return 0;
	hours = two_digits(s.ptr + 1);
	if (s.len >= 6 && s.ptr[3] == ':') {
		minutes = two_digits(s.ptr + 4);
		len = 6;
	} else if (s.len >= 5 && ascii_is_digit(s.ptr[3])) {
		minutes = two_digits(s.ptr + 3);
		len = 5;
	}
	if (hours > 23 || minutes > 59)
		return 0;
	*offset_r = (int32_t)(hours * 3600 + minutes * 60);
	if (s.ptr[0] == '-')
		*offset_r = -*offset_r;
	return len;
}

/* The zone behind an ISO stamp; Exim puts a space in front of it, and only
 * then must it be told from a word. */
static size_t
find_zone(struct slice s, bool is_spaced, int32_t *offset_r)
{
	size_t len = read_zone(s, offset_r);

	if (len != 0 || !is_spaced || s.len < 6 || s.ptr[0] != ' ' ||
	    s.ptr[1] == 'Z' || s.ptr[1] == 'z')
		return len;
	len = read_zone(slice_skip(s, 1), offset_r);
	if (len < 5 || (s.len > len + 1 && s.ptr[len + 1] != ' '))
		return 0;
	return len + 1;
}

static void
keep_iso_hour(struct stamp_clock *clock, const char *p, struct slice zone,
    const struct civil *civil, int64_t utc)
{
	int64_t hour_utc = utc - civil->minute * 60 -
	    (civil->second < 60 ? civil->second : 59);

	clock->iso_hour[0] = '\0';
	if (zone.len > STAMP_ZONE_KEY ||
	    (zone.len == 0 && !is_plain_hour(clock->zone, hour_utc)))
		return;
	memcpy(clock->iso_hour, p, 13);
	memcpy(clock->iso_zone, zone.ptr, zone.len);
	clock->iso_zone_len = zone.len;
	clock->iso_hour_utc = hour_utc;
}

static enum stamp_result
read_iso_slow(struct stamp_clock *clock, struct slice *text,
    struct stamp *at)
{
	const char *p = text->ptr;
	struct slice rest = slice_skip(*text, 19), zone;
	struct civil civil = { .month = (uint8_t)two_digits(p + 5),
		.day = (uint8_t)two_digits(p + 8) };
	enum stamp_result result = STAMP_OK;
	int32_t offset = 0;
	uint64_t year;

	if (slice_number(slice_of(p, 4), 9999, &year) != 4 ||
	    civil.month == 100 || civil.day == 100 || !is_clock(p + 11))
		return STAMP_NONE;
	civil.year = (int32_t)year;
	set_clock(&civil, p + 11);
	take_fraction(&rest, at);
	zone = slice_of(rest.ptr, find_zone(rest, p[10] == ' ', &offset));
	*text = slice_skip(rest, zone.len);
	if (!civil_is_valid(&civil))
		return STAMP_BAD;
	if (zone.len == 0) {
		result = finish_local(clock, &civil, true, at);
	} else {
		at->utc = civil_seconds(&civil) - offset;
		if (!stamp_is_possible(at->utc))
			result = STAMP_BAD;
	}
	if (result == STAMP_OK)
		keep_iso_hour(clock, p, zone, &civil, at->utc);
	return result;
}

/* The zone must be the one remembered, and end where the stamp ends; where
 * none was, none may follow. */
static bool
same_zone(const struct stamp_clock *clock, struct slice rest)
{
	size_t n = clock->iso_zone_len;

	if (rest.len < n || memcmp(rest.ptr, clock->iso_zone, n) != 0)
		return false;
	if (rest.len == n)
		return true;
	return rest.ptr[n] == ' ' && (n != 0 || rest.len == 1 ||
	    (rest.ptr[1] != '+' && rest.ptr[1] != '-'));
}

static enum stamp_result
read_iso(struct stamp_clock *clock, struct slice *text, struct stamp *at)
{
	const char *p = text->ptr;
	int seconds;

	if (text->len < 19 || p[4] != '-' || p[7] != '-' ||
	    (p[10] != 'T' && p[10] != ' ' && p[10] != 't'))
		return STAMP_NONE;
	if (memcmp(p, clock->iso_hour, 13) == 0 && p[13] == ':' &&
	    (seconds = minute_second(p + 14)) >= 0) {
		struct slice rest = slice_skip(*text, 19);

		take_fraction(&rest, at);
		if (same_zone(clock, rest)) {
			at->utc = clock->iso_hour_utc + seconds;
			*text = slice_skip(rest, clock->iso_zone_len);
			return STAMP_OK;
		}
		at->us = 0;
		at->digits = 0;
	}
	return read_iso_slow(clock, text, at);
}

/* "YYYY Mmm dd HH:MM:SS" */
static enum stamp_result
read_year_first(struct stamp_clock *clock, struct slice *text,
    struct stamp *at)
{
	const char *p = text->ptr;
	struct civil civil = { 0 };
	uint64_t year;

	if (text->len < 20 || p[4] != ' ' || p[8] != ' ' || p[11] != ' ' ||
	    slice_number(slice_of(p, 4), 9999, &year) != 4 ||
	    day_digits(p + 9) == 100 || !is_clock(p + 12))
		return STAMP_NONE;
	civil.year = (int32_t)year;
	civil.month = (uint8_t)month_of(p + 5);
	civil.day = (uint8_t)day_digits(p + 9);
	if (civil.month == 0)
		return STAMP_NONE;
	set_clock(&civil, p + 12);
	*text = slice_skip(*text, 20);
	take_fraction(text, at);
	return finish_local(clock, &civil, true, at);
}

/* Of a wall-clock time that was taken for the clock's own zone: in one that
 * is OFFSET_S ahead of UTC. */
static void
move_to_zone(const struct stamp_clock *clock, int64_t offset_s,
    struct stamp *at)
{
	struct civil civil = civil_from_seconds(at->utc +
	    zone_offset(clock->zone, at->utc, NULL));

	at->utc = civil_seconds(&civil) - offset_s;
}

/* " -03 ": zones without letters have their offset for a name. */
static bool
is_offset_name(struct slice rest)
{
	return rest.len > 4 && rest.ptr[0] == ' ' &&
	    (rest.ptr[1] == '+' || rest.ptr[1] == '-') &&
	    two_digits(rest.ptr + 2) < 24 && rest.ptr[4] == ' ';
}

/* journalctl -o short-full: "Mon 2026-01-05 03:04:05 CET". Names of zones
 * say too little; all but UTC and GMT are taken for the clock's own. */
static enum stamp_result
read_weekday(struct stamp_clock *clock, struct slice *text,
    struct stamp *at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	struct slice rest = slice_skip(*text, 4);
	enum stamp_result result;
	size_t n = 1;

	if (text->len < 24 || text->ptr[3] != ' ' || slice_find(SLICE(days),
	    slice_of(text->ptr, 3)) == NULL)
		return STAMP_NONE;
	result = read_iso(clock, &rest, at);
	if (result != STAMP_OK)
		return result;
	while (n < rest.len && ascii_is_alpha(rest.ptr[n]))
		n++;
	if (n >= 4 && n <= 6 && rest.ptr[0] == ' ' && n < rest.len &&
	    rest.ptr[n] == ' ') {
		if (n == 4 && (memcmp(rest.ptr + 1, "UTC", 3) == 0 ||
		    memcmp(rest.ptr + 1, "GMT", 3) == 0))
			move_to_zone(clock, 0, at);
		rest = slice_skip(rest, n);
	} else if (is_offset_name(rest)) {
		int64_t offset_s = (int64_t)two_digits(rest.ptr + 2) * HOUR_S;

		move_to_zone(clock, rest.ptr[1] == '-' ? -offset_s :
		    offset_s, at);
		rest = slice_skip(rest, 4);
	}
	*text = rest;
	return STAMP_OK;
}

/* journalctl -o short-unix: "1767582245.678901". */
static enum stamp_result
read_epoch(struct slice *text, struct stamp *at)
{
	uint64_t seconds;
	size_t n = slice_number(*text, 9999999999u, &seconds);

	if (n < 9 || n > 10 || text->len < n + 2 || text->ptr[n] != '.')
		return STAMP_NONE;
	at->utc = (int64_t)seconds;
	*text = slice_skip(*text, n);
	take_fraction(text, at);
	return stamp_is_possible(at->utc) ? STAMP_OK : STAMP_BAD;
}

enum stamp_result
stamp_read(struct stamp_clock *clock, struct slice *text, struct stamp *at_r)
{
	*at_r = (struct stamp){ 0, 0, 0 };
	if (text->len == 0)
		return STAMP_NONE;
	if (ascii_is_alpha(text->ptr[0])) {
		enum stamp_result result = read_bsd(clock, text, at_r);

		return result != STAMP_NONE ? result :
		    read_weekday(clock, text, at_r);
	}
	if (!ascii_is_digit(text->ptr[0]) || text->len < 10)
		return STAMP_NONE;
	if (text->ptr[4] == ' ')
		return read_year_first(clock, text, at_r);
	if (text->ptr[4] == '-')
		return read_iso(clock, text, at_r);
	return read_epoch(text, at_r);
}

bool
stamp_read_zoned(struct slice text, struct stamp *at_r)
{
	struct stamp_clock unused = { 0 };
	struct slice rest;
	int32_t offset;

	*at_r = (struct stamp){ INT64_MIN, 0, 0 };
	if (text.len < 20 || text.ptr[4] != '-' || text.ptr[10] != 'T')
		return false;
	rest = slice_skip(text, 19);
	take_fraction(&rest, at_r);
	if (read_zone(rest, &offset) == rest.len && rest.len != 0 &&
	    stamp_read(&unused, &text, at_r) == STAMP_OK && text.len == 0)
		return true;
	*at_r = (struct stamp){ INT64_MIN, 0, 0 };
	return false;
}
