/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/json_line.h"

#include "base/limits.h"
#include "parsers/timestamp.h"

struct json_doc *
json_line_first(struct slice head)
{
	struct json_doc *doc;

	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = slice_trim(end != NULL ?
		    slice_between(head.ptr, end) : head);

		if (line.len == 0 && end != NULL) {
			head = slice_skip(head,
			    (size_t)(end + 1 - head.ptr));
			continue;
		}
		if (line.len < 2 || line.ptr[0] != '{' ||
		    json_doc_parse(line, &doc, NULL) != MX_OK)
			return NULL;
		return doc;
	}
	return NULL;
}

const struct json_value *
json_line_member(const struct json_value *object, const char *path)
{
	char name[64];

	while (object != NULL) {
		const char *dot = strchr(path, '.');
		size_t len = dot != NULL ? (size_t)(dot - path) :
		    strlen(path);

		if (len >= sizeof(name))
			return NULL;
		memcpy(name, path, len);
		name[len] = '\0';
		object = json_value_member(object, name);
		if (dot == NULL)
			return object;
		path = dot + 1;
	}
	return NULL;
}

struct slice
json_line_text(const struct json_value *object, const char *path)
{
	return json_value_text(json_line_member(object, path));
}

static bool
time_of_number(double seconds, struct stamp *at_r)
{
	double whole;

	if (!(seconds >= 0 && seconds < 4e9))
		return false;
	whole = (double)(int64_t)seconds;
	at_r->utc = (int64_t)seconds;
	at_r->us = (uint32_t)((seconds - whole) * 1e6);
	at_r->digits = at_r->us != 0 ? 6 : 0;
	return true;
}

bool
json_line_time(const struct json_value *value, struct stamp *at_r)
{
	struct stamp_clock unused = { 0 };
	struct slice text = json_value_text(value);
	uint64_t seconds;
	double number;

	*at_r = (struct stamp){ INT64_MIN, 0, 0 };
	if (value == NULL)
		return false;
	if (json_value_real(value, &number))
		return time_of_number(number, at_r);
	if (text.len != 0 && slice_number(text, 4000000000u, &seconds) ==
	    text.len) {
		at_r->utc = (int64_t)seconds;
		return true;
	}
	/* without a zone it would need a clock: such are not these */
	if (text.len < 20 || text.ptr[10] != 'T' ||
	    stamp_read(&unused, &text, at_r) != STAMP_OK || text.len != 0) {
		at_r->utc = INT64_MIN;
		return false;
	}
	return true;
}
