/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as lines. They are those that a plain search for newlines finds,
 * however the bytes arrive and wherever reading starts. */
#include "parsers/line_reader.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool is_so, const char *what)
{
	if (!is_so)
		mx_bug(what);
}

/* The line at *AT of DATA, by itself; *AT moves behind it. */
static struct slice
next_line(struct slice data, size_t *at, bool *has_newline_r)
{
	struct slice rest = slice_skip(data, *at);
	const char *newline = slice_chr(rest, '\n');
	struct slice line = newline != NULL ? slice_between(rest.ptr,
	    newline) : rest;

	*has_newline_r = newline != NULL;
	*at += line.len + *has_newline_r;
	while (line.len != 0 && line.ptr[0] == '\0')
		line = slice_skip(line, 1);
	if (line.len > LIMIT_LINE_BYTES)
		line.len = LIMIT_LINE_BYTES;
	else if (*has_newline_r && line.len != 0 &&
	    line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static void
prove(struct slice data, size_t chunk, size_t from, uint64_t number)
{
	struct line_reader *reader = line_reader_new(source_of_memory(
	    data.ptr, data.len, chunk));
	struct text_line line;
	struct mx_err err;
	bool end = false, has_newline;
	size_t at = from;

	if (chunk % 2 == 0)
		(void)line_reader_head(reader);
	expect(line_reader_skip(reader, from, number, &err) == MX_OK, "skip");
	for (;;) {
		struct slice want;

		expect(line_reader_next(reader, &line, &end, &err) == MX_OK,
		    "next");
		if (end)
			break;
		expect(line.begin == at, "begin");
		want = next_line(data, &at, &has_newline);
		expect(line.end == at, "end");
		expect(line.number == number++, "number");
		expect(line.has_newline == has_newline, "newline");
		expect(slice_eq(line.text, want), "text");
	}
	/* Zeros at the very end are no line. */
	if (at < data.len)
		expect(next_line(data, &at, &has_newline).len == 0 &&
		    at == data.len, "the last line");
	line_reader_free(reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	const char *newline;

	prove(text, 1, 0, 1);
	prove(text, 64, 0, 1);
	prove(text, 1000003, 0, 1);
	newline = slice_chr(text, '\n');
	if (newline != NULL)
		prove(text, 7, (size_t)(newline + 1 - text.ptr), 2);
	return 0;
}
