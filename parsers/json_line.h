/* SPDX-License-Identifier: BSD-2-Clause */
/* What the formats of one JSON object a line share: the first object of a
 * head, texts and times of an object. Knows no vendor's keys. */
#ifndef MX_PARSERS_JSON_LINE_H
#define MX_PARSERS_JSON_LINE_H

#include "parsers/facts.h"
#include "parsers/json_value.h"

/* The document of the first line of HEAD that is whole and no blank; NULL
 * when it is no object. For free. */
struct json_doc *json_line_first(struct slice head);

/* The member at the end of a path of member names, "a.b.c"; NULL where one
 * of them is missing. */
const struct json_value *json_line_member(const struct json_value *object,
    const char *path);
struct slice json_line_text(const struct json_value *object,
    const char *path);

/* A time: RFC 3339 text, seconds since 1970 as a number (with a fraction) or
 * as a text. False where VALUE is none. */
bool json_line_time(const struct json_value *value, struct stamp *at_r);

#endif
