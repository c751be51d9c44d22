/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/sendmail_id.h"

#include "base/zone.h"

enum { TIME_LEN = 8, PID_MIN = 6, PID_MAX = 7 };

/* Base 60: 0-9, A-Z, a-x; 60 where C is none of them. */
static unsigned
digit_of(char c)
{
	if (ascii_is_digit(c))
		return (unsigned)(c - '0');
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A') + 10;
	if (c >= 'a' && c <= 'x')
		return (unsigned)(c - 'a') + 36;
	return 60;
}

/* Year, month, day, hour, minute, second; and two of a sequence. */
static bool
is_time(const char *p)
{
	static const uint8_t limits[TIME_LEN] = { 60, 12, 32, 24, 60, 60, 60,
		60 };

	for (size_t i = 0; i < TIME_LEN; i++)
		if (digit_of(p[i]) >= limits[i])
			return false;
	return digit_of(p[2]) != 0;
}

size_t
sendmail_id_length(struct slice text)
{
	size_t n = TIME_LEN;

	if (text.len < TIME_LEN + PID_MIN || !is_time(text.ptr))
		return 0;
	while (n < text.len && n < TIME_LEN + PID_MAX &&
	    ascii_is_digit(text.ptr[n]))
		n++;
	if (n < TIME_LEN + PID_MIN)
		return 0;
	return n == text.len || (n + 1 < text.len && text.ptr[n] == ':' &&
	    text.ptr[n + 1] == ' ') ? n : 0;
}

bool
sendmail_id_time(struct slice id, int64_t *utc_r)
{
	struct civil civil;
	unsigned year;

	if (id.len < TIME_LEN || !is_time(id.ptr))
		return false;
	year = 1900 + digit_of(id.ptr[0]);
	while (year < 1990)
		year += 60;
	civil = (struct civil){ .year = (int32_t)year,
		.month = (uint8_t)(digit_of(id.ptr[1]) + 1),
		.day = (uint8_t)digit_of(id.ptr[2]),
		.hour = (uint8_t)digit_of(id.ptr[3]),
		.minute = (uint8_t)digit_of(id.ptr[4]),
		.second = (uint8_t)digit_of(id.ptr[5]) };
	if (!civil_is_valid(&civil))
		return false;
	*utc_r = civil_seconds(&civil);
	return true;
}
