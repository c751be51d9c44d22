/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/input_hint.h"

enum { LINES_LOOKED_AT = 50 };
/* POSIX.1-2017, pax, "ustar Interchange Format". */
enum { TAR_BLOCK = 512, TAR_SUM_AT = 148, TAR_SUM_LEN = 8,
	TAR_MAGIC_AT = 257 };

/* "[    5.500000] ", "[    5.500000 <    0.500000 >] ". */
static bool
is_monotonic(struct slice line)
{
	size_t n = 1;

	if (line.len < 8 || line.ptr[0] != '[')
		return false;
	while (n < line.len && line.ptr[n] == ' ')
		n++;
	if (n == line.len || !ascii_is_digit(line.ptr[n]))
		return false;
	while (n < line.len && ascii_is_digit(line.ptr[n]))
		n++;
	if (n + 7 >= line.len || line.ptr[n] != '.')
		return false;
	for (size_t i = n + 1; i < n + 7; i++)
		if (!ascii_is_digit(line.ptr[i]))
			return false;
	return line.ptr[n + 7] == ']' || line.ptr[n + 7] == ' ';
}

/* "Fri 2026-11-20 09:00:00.000000 CET [s=...;i=1;b=...". */
static bool
is_verbose(struct slice line)
{
	return line.len > 30 && line.ptr[3] == ' ' &&
	    slice_find(line, SLICE(" [s=")) != NULL &&
	    slice_find(line, SLICE(";i=")) != NULL;
}

/* The words of a delivery without anything in front. */
static bool
is_bare_delivery(struct slice line)
{
	return (slice_find(line, SLICE(": to=")) != NULL &&
	    (slice_find(line, SLICE(", status=")) != NULL ||
	    slice_find(line, SLICE(", stat=")) != NULL)) ||
	    slice_find(line, SLICE(" mta event=delivery evpid=")) != NULL;
}

/* The octal number in the LEN bytes at AT, as tar pads it; UINT32_MAX: none. */
static uint32_t
tar_number(struct slice head, size_t at, size_t len)
{
	uint32_t number = 0;
	size_t digits = 0;

	for (size_t i = at; i < at + len; i++) {
		char c = head.ptr[i];

		if (c >= '0' && c <= '7') {
			number = number * 8 + (uint32_t)(c - '0');
			digits++;
		} else if (c != ' ' || digits != 0) {
			break;
		}
	}
	return digits != 0 ? number : UINT32_MAX;
}

/* Of the header's bytes, its own eight taken as blanks. */
static uint32_t
tar_sum(struct slice head)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_LEN ? ' ' :
		    (unsigned char)head.ptr[i];
	return sum;
}

/* The sum as well: "ustar" alone could be words of a line, and a log that
 * begins with it would not be read at all. */
bool
input_is_tar(struct slice head)
{
	return head.len >= TAR_BLOCK &&
	    memcmp(head.ptr + TAR_MAGIC_AT, "ustar", 5) == 0 &&
	    tar_number(head, TAR_SUM_AT, TAR_SUM_LEN) == tar_sum(head);
}

static bool
take_line(struct slice *head, struct slice *line_r)
{
	const char *newline = slice_chr(*head, '\n');

	if (head->len == 0)
		return false;
	*line_r = newline != NULL ? slice_between(head->ptr, newline) : *head;
	*head = slice_skip(*head, line_r->len + 1);
	return true;
}

const char *
input_hint(struct slice head)
{
	struct slice line;

	if (slice_starts(head, SLICE("PK\3\4")))
		return "a zip archive can only be read as a file, not "
		    "through a pipe, and one within another";
	for (int i = 0; i < LINES_LOOKED_AT && take_line(&head, &line); i++) {
		if (is_monotonic(line))
			return "its times count from boot, which is no date "
			    "(journalctl -o short-monotonic?); use "
			    "-o short-iso, json or export";
		if (is_verbose(line))
			return "journalctl -o verbose is for people; use "
			    "-o short-iso, json or export";
		if (is_bare_delivery(line))
			return "its lines have no time "
			    "(journalctl -o cat?); use -o short-iso, json "
			    "or export";
	}
	return NULL;
}
