/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of what a format has under way, as the text that save and load of
 * struct log_format exchange: "12 " a number, "5:words" a text of any bytes. */
#ifndef MX_PARSERS_LOG_SAVED_H
#define MX_PARSERS_LOG_SAVED_H

#include "base/slice.h"
#include "base/strbuf.h"

void saved_add_number(struct strbuf *out, uint64_t number);
void saved_add_text(struct strbuf *out, struct slice text);

/* Zeroed but for rest. Once something is not as it was written, is_bad stays
 * true and all that is taken is 0 or empty. */
struct saved_fields {
	struct slice rest;
	bool is_bad;
};

/* More than MAX is bad. */
uint64_t saved_number(struct saved_fields *from, uint64_t max);
/* A time in seconds, or INT64_MIN. */
void saved_add_utc(struct strbuf *out, int64_t utc);
int64_t saved_utc(struct saved_fields *from);
static inline bool
saved_flag(struct saved_fields *from)
{
	return saved_number(from, 1) != 0;
}
/* More than MAX bytes are bad. Points into what is read. */
struct slice saved_text(struct saved_fields *from, size_t max);
/* Into OUT with a NUL behind, where ROOM counts that in. */
void saved_string(struct saved_fields *from, char *out, size_t room);

#endif
