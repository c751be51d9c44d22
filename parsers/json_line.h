/* SPDX-License-Identifier: BSD-2-Clause */
/* What the formats of one JSON object a line share: the first object of a
 * head, texts and times of an object. Knows no vendor's keys. */
#ifndef MX_PARSERS_JSON_LINE_H
#define MX_PARSERS_JSON_LINE_H

#include "parsers/ingest_formats.h"
#include "parsers/json_value.h"

/* The document of the first line of HEAD (of the first JSON_LINES_TRIED that
 * start as JSON) whose root FITS; NULL when none does. For free. */
enum { JSON_LINES_TRIED = 32 };
struct json_doc *json_line_find(struct slice head,
    bool (*fits)(const struct json_value *root));

/* A line as JSON, also where it is one or more elements of an array that was
 * written over several lines ("[{...},", "{...}]"). False: no JSON. */
bool json_line_parse(struct slice line, struct json_doc **doc_r);
/* The brackets of such an array on a line of their own. */
bool json_line_is_bracket(struct slice line);

/* The member at the end of a path of member names, "a.b.c"; NULL where one
 * of them is missing. */
const struct json_value *json_line_member(const struct json_value *object,
    const char *path);
struct slice json_line_text(const struct json_value *object,
    const char *path);

/* A line of a format of JSON lines that is no JSON: one that starts as such
 * was cut, any other is left for the syslog formats. */
enum mx_code json_line_broken(const struct log_line *line,
    struct stamp_clock *clock, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err);

/* A time: RFC 3339 text, seconds since 1970 as a number (with a fraction) or
 * as a text. False where VALUE is none. */
bool json_line_time(const struct json_value *value, struct stamp *at_r);

#endif
