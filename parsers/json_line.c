/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/json_line.h"

#include "parsers/timestamp.h"

/* Without what joins it to the lines before and after. */
static struct slice
element(struct slice line)
{
	line = slice_trim(line);
	if (line.len != 0 && line.ptr[line.len - 1] == ',')
		line.len--;
	if (line.len != 0 && line.ptr[0] == '[' &&
	    line.ptr[line.len - 1] != ']')
		line = slice_skip(line, 1);
	else if (line.len != 0 && line.ptr[0] == '{' &&
	    line.ptr[line.len - 1] == ']')
		line.len--;
	return slice_trim(line);
}

bool
json_line_parse(struct slice line, struct json_doc **doc_r)
{
	struct slice inner = element(line);

	return json_doc_parse(line, doc_r, NULL) == MX_OK ||
	    (inner.len != line.len && inner.len != 0 &&
	    json_doc_parse(inner, doc_r, NULL) == MX_OK);
}

bool
json_line_is_bracket(struct slice line)
{
	line = slice_trim(line);
	return slice_eq(line, SLICE("[")) || slice_eq(line, SLICE("]"));
}

struct json_doc *
json_line_find(struct slice head, bool (*fits)(const struct json_value *root))
{
	for (int tried = 0; head.len != 0 && tried < JSON_LINES_TRIED;) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;
		struct json_doc *doc;

		head = slice_skip(head, line.len + 1);
		line = slice_trim(line);
		if (line.len < 2 || (line.ptr[0] != '{' && line.ptr[0] != '['))
			continue;
		tried++;
		if (!json_line_parse(line, &doc))
			continue;
		if (fits(json_doc_root(doc)))
			return doc;
		json_doc_free(doc);
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

enum mx_code
json_line_broken(const struct log_line *line, struct stamp_clock *clock,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct stamp none = { INT64_MIN, 0, 0 };
	char first = line->raw.len != 0 ? line->raw.ptr[0] : ' ';
	enum mx_code code;

	if (first != '{' && first != '[') {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	code = log_line_seen(clock, &none, SLICE_NONE, sink, err);
	return code != MX_OK ? code : log_line_skip(line,
	    line_is_binary(line->raw) ? SKIP_BINARY : SKIP_CUT, sink,
	    result_r, err);
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
	return stamp_read_zoned(text, at_r);
}
