/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON out (RFC 8259), into a strbuf or, flushed piece by piece, a stream.
 * Commas and nesting are kept here; texts are escaped here and nowhere else:
 * control characters, quotes and U+2028/2029 as \u escapes, bytes that are
 * not UTF-8 as U+FFFD. */
#ifndef MX_BASE_JSON_WRITER_H
#define MX_BASE_JSON_WRITER_H

#include "base/slice.h"
#include "base/strbuf.h"

struct json_writer {
	struct strbuf *out;
	bool needs_comma;
	bool is_after_key;   /* the next value belongs to a key */
	bool is_pretty;      /* one member a line, two spaces a level */
	unsigned depth;
};

void json_init(struct json_writer *json, struct strbuf *out, bool is_pretty);
void json_open_object(struct json_writer *json);
void json_close_object(struct json_writer *json);
void json_open_array(struct json_writer *json);
void json_close_array(struct json_writer *json);
void json_key(struct json_writer *json, const char *key); /* a literal */
void json_text(struct json_writer *json, struct slice text);
void json_int(struct json_writer *json, int64_t value);
/* Shortest of up to DECIMALS places (at most 6), never an exponent;
 * locale-free. */
void json_real(struct json_writer *json, double value, int decimals);
void json_bool(struct json_writer *json, bool value);
/* key and value; nothing at all when the text is absent (SLICE_NONE). */
void json_member_text(struct json_writer *json, const char *key,
    struct slice text);
void json_member_int(struct json_writer *json, const char *key,
    int64_t value);
/* RFC 3339 in UTC; nothing when utc is INT64_MIN. */
void json_member_time(struct json_writer *json, const char *key,
    int64_t utc);

#endif
