/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, times and widths for people. */
#include "reports/format_value.h"

#include "base/say.h"
#include "base/zone.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

void
format_int(struct strbuf *out, int64_t value)
{
	strbuf_addf(out, "%lld", (long long)value);
}

void
format_count(struct strbuf *out, int64_t count, const char *one,
    const char *many)
{
	strbuf_addf(out, "%lld %s", (long long)count, count == 1 ? one : many);
}

void
format_grouped(struct strbuf *out, int64_t value)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld",
	    (long long)value);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
			strbuf_add_char(out, ',');
		strbuf_add_char(out, digits[i]);
	}
}

void
format_delay(struct strbuf *out, double seconds)
{
	if (!(seconds >= 0)) {
		strbuf_add_char(out, '-');
		return;
	}
	if (seconds < 0.5) {
		strbuf_add_str(out, "<1s");
		return;
	}
	if (seconds < 59.5)
		strbuf_addf(out, "%.0fs", seconds);
	else if (seconds < 59.5 * MINUTE_S)
		strbuf_addf(out, "%.0fm", seconds / MINUTE_S);
	else if (seconds < 47.5 * HOUR_S)
		strbuf_addf(out, "%.0fh", seconds / HOUR_S);
	else
		strbuf_addf(out, "%.0fd", seconds / DAY_S);
}

void
format_span(struct strbuf *out, int64_t seconds)
{
	int64_t minutes = seconds / MINUTE_S;

	if (minutes < 60)
		strbuf_addf(out, "%lld min", (long long)minutes);
	else if (minutes < 24 * 60)
		strbuf_addf(out, "%lld h %lld min", (long long)(minutes / 60),
		    (long long)(minutes % 60));
	else
		strbuf_addf(out, "%lld d %lld h",
		    (long long)(minutes / (24 * 60)),
		    (long long)(minutes / 60 % 24));
}

void
format_percent(struct strbuf *out, int64_t part, int64_t whole)
{
	int64_t permille;

	if (whole <= 0) {
		strbuf_add_char(out, '-');
		return;
	}
	permille = (int64_t)((double)part * 1000 / (double)whole + 0.5);
	if (permille == 0 && part > 0)
		strbuf_add_str(out, "<0.1 %");
	else if (permille == 1000 && part < whole)
		strbuf_add_str(out, ">99.9 %");
	else if (permille % 1000 == 0)
		strbuf_addf(out, "%lld %%", (long long)(permille / 10));
	else
		strbuf_addf(out, "%lld.%lld %%", (long long)(permille / 10),
		    (long long)(permille % 10));
}

void
format_share(struct strbuf *out, int64_t part, int64_t whole)
{
	if (whole >= FORMAT_FEW)
		format_percent(out, part, whole);
	else
		strbuf_addf(out, "%lld of %lld", (long long)part,
		    (long long)whole);
}

static struct civil
local_time(const struct zone *zone, int64_t utc)
{
	int32_t offset = zone != NULL ? zone_offset(zone, utc, NULL) : 0;

	return civil_from_seconds(utc + offset);
}

void
format_date(struct strbuf *out, const struct zone *zone, int64_t utc)
{
	struct civil at = local_time(zone, utc);

	strbuf_addf(out, "%04d-%02u-%02u", at.year, at.month, at.day);
}

void
format_short_time(struct strbuf *out, const struct zone *zone, int64_t utc,
    int64_t near_utc)
{
	struct civil at = local_time(zone, utc);

	if (at.year != local_time(zone, near_utc).year)
		strbuf_addf(out, "%04d-", at.year);
	strbuf_addf(out, "%02u-%02u %02u:%02u", at.month, at.day, at.hour,
	    at.minute);
}

void
format_long_time(struct strbuf *out, const struct zone *zone, int64_t utc,
    int64_t near_utc)
{
	static const char weekdays[7][4] = { "Sun", "Mon", "Tue", "Wed",
		"Thu", "Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil at = local_time(zone, utc);

	strbuf_addf(out, "%s %u %s ",
	    weekdays[civil_weekday(civil_days(at.year, at.month, at.day)) % 7],
	    at.day, months[(at.month + 11u) % 12]);
	if (at.year != local_time(zone, near_utc).year)
		strbuf_addf(out, "%04d ", at.year);
	strbuf_addf(out, "%02u:%02u", at.hour, at.minute);
}

void
format_full_time(struct strbuf *out, const struct zone *zone, int64_t utc)
{
	struct civil at = local_time(zone, utc);

	strbuf_addf(out, "%04d-%02u-%02u %02u:%02u:%02u", at.year, at.month,
	    at.day, at.hour, at.minute, at.second);
}

bool
format_is_midnight(const struct zone *zone, int64_t utc)
{
	struct civil at = local_time(zone, utc);

	return at.hour == 0 && at.minute == 0 && at.second == 0;
}

/* "2026-11-17 21:40", and the seconds where they are wanted. */
static void
add_moment(struct strbuf *out, const struct zone *zone, int64_t utc,
    bool has_seconds)
{
	size_t start = out->len;

	format_full_time(out, zone, utc);
	if (!has_seconds)
		strbuf_truncate(out, start + sizeof("2026-11-17 21:40") - 1);
}

void
format_window(struct strbuf *out, const struct zone *zone, int64_t since_utc,
    int64_t until_utc)
{
	size_t start = out->len, first;

	if (!format_is_midnight(zone, since_utc) ||
	    !format_is_midnight(zone, until_utc)) {
		bool has_seconds = since_utc % MINUTE_S != 0 ||
		    until_utc % MINUTE_S != 0;

		add_moment(out, zone, since_utc, has_seconds);
		strbuf_add_str(out, " .. ");
		add_moment(out, zone, until_utc, has_seconds);
		return;
	}
	format_date(out, zone, since_utc);
	first = out->len;
	strbuf_add_str(out, " .. ");
	format_date(out, zone, until_utc - 1);
	/* one day is no range */
	if (slice_eq(slice_between(out->ptr + start, out->ptr + first),
	    slice_between(out->ptr + first + 4, out->ptr + out->len)))
		strbuf_truncate(out, first);
}

size_t
format_width(struct slice text)
{
	size_t width = 0;

	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.ptr[i] & 0xc0) != 0x80)
			width++;
	return width;
}

static void
add_blanks(struct strbuf *out, size_t count)
{
	while (count-- > 0)
		strbuf_add_char(out, ' ');
}

void
format_padded(struct strbuf *out, struct slice text, size_t width,
    bool is_right)
{
	size_t have = format_width(text);
	size_t blanks = have < width ? width - have : 0;

	if (is_right)
		add_blanks(out, blanks);
	strbuf_add_slice(out, text);
	if (!is_right)
		add_blanks(out, blanks);
}
