/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/container_head.h"

enum { NAME_MAX_BYTES = 128 };

size_t
container_name_length(struct slice line)
{
	size_t n = 0;

	while (n < line.len && n < NAME_MAX_BYTES &&
	    (ascii_is_alnum(line.ptr[n]) ||
	    slice_chr(SLICE("-_."), line.ptr[n]) != NULL))
		n++;
	if (n == 0 || n == line.len || line.ptr[n] != ' ')
		return 0;
	while (n < line.len && line.ptr[n] == ' ')
		n++;
	return line.len - n > 2 && line.ptr[n] == '|' &&
	    line.ptr[n + 1] == ' ' ? n + 2 : 0;
}

size_t
container_stream_length(struct slice text)
{
	struct slice rest = slice_skip(text, 1);

	if (text.len == 0 || text.ptr[0] != ' ' ||
	    (!slice_starts(rest, SLICE("stdout ")) &&
	    !slice_starts(rest, SLICE("stderr "))))
		return 0;
	rest = slice_skip(rest, 7);
	if (rest.len < 2 || (rest.ptr[0] != 'F' && rest.ptr[0] != 'P') ||
	    rest.ptr[1] != ' ')
		return 0;
	return 10;
}

/* "2026-11-20T07:00:01.678901234Z" or with "+01:00": nobody else writes nine
 * decimals. */
static size_t
time_length(struct slice line)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.ddddddddd";
	size_t n = sizeof(shape) - 1;

	if (line.len <= n + 1)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (shape[i] == 'd' ? !ascii_is_digit(line.ptr[i]) :
		    line.ptr[i] != shape[i])
			return 0;
	if (line.ptr[n] == 'Z')
		return n + 1;
	if ((line.ptr[n] == '+' || line.ptr[n] == '-') && line.len > n + 6 &&
	    line.ptr[n + 3] == ':')
		return n + 6;
	return 0;
}

bool
container_strip(struct slice *line)
{
	size_t name = container_name_length(*line), time, stream;
	struct slice rest = slice_skip(*line, name);

	time = time_length(rest);
	if (time != 0) {
		rest = slice_skip(rest, time);
		stream = container_stream_length(rest);
		if (stream == 0 && rest.len != 0 && rest.ptr[0] == ' ')
			stream = 1;
		if (stream == 0)
			time = 0;
		else
			*line = slice_skip(rest, stream);
	}
	if (time == 0 && name != 0)
		*line = slice_skip(*line, name);
	return time != 0 || name != 0;
}
