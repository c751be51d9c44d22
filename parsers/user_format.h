/* SPDX-License-Identifier: BSD-2-Clause */
/* A log format that the user describes in a file: mxtrend-formats(5). Here it
 * is read and kept; log_user.c turns lines into facts by it. */
#ifndef MX_PARSERS_USER_FORMAT_H
#define MX_PARSERS_USER_FORMAT_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "parsers/ingest_formats.h"
#include "parsers/line_pattern.h"

/* What a line is. All but the first and the last are message events. */
enum user_kind { USER_DELIVERY, USER_ARRIVAL, USER_EXPIRY,
	USER_NOTIFICATION, USER_REMOVAL, USER_IGNORE, USER_KINDS };

/* What a group or "set" gives. */
enum user_key {
	KEY_TIME, KEY_HOST, KEY_INSTANCE, KEY_AGENT, KEY_ID, KEY_SENDER,
	KEY_RECIPIENT, KEY_ORIG_RECIPIENT, KEY_RELAY_HOST, KEY_RELAY_IP,
	KEY_RELAY_PORT, KEY_SOURCE_IP, KEY_HOP, KEY_OUTCOME, KEY_REPLY_CODE,
	KEY_DSN, KEY_REPLY, KEY_STAGE, KEY_DELAY_S, KEY_SIZE, KEY_TLS,
	KEY_MESSAGE_ID, KEY_RECIPIENTS, KEY_CHILD_ID,
	USER_KEYS
};

/* "value outcome OK = accepted". */
struct user_value {
	enum user_key key;
	struct slice logged, meant;
};

struct user_line {
	enum user_kind kind;
	uint32_t line;                   /* of the file */
	struct line_pattern *pattern;
	unsigned group[USER_KEYS];       /* 0: none */
	struct slice set[USER_KEYS];     /* where no group gives it */
	struct user_value *values;
	size_t value_count;
};

struct user_sample {
	uint32_t line, expect_line;      /* of the file; 0: no expect */
	struct slice text;
	struct slice expect;             /* "none" or a JSON object */
};

struct user_format {
	struct log_format format;        /* whose data is this */
	const char *path;
	struct slice time;               /* "auto" or a time_format.h one */
	struct slice *programs;          /* of syslog lines; none: own lines */
	struct user_line *lines;
	struct user_sample *samples;
	size_t program_count, line_count, sample_count;
	struct user_value *values;       /* for all lines */
	size_t value_count;
	struct slice set[USER_KEYS];     /* for all lines */
	struct arena arena;
};

/* TEXT is a format file's. Every fault as "PATH:LINE: reason" and a newline to
 * PROBLEMS (may be NULL), the first to *err: MX_E_CONFIG. */
enum mx_code user_format_load(const char *path, struct slice text,
    struct user_format **format_r, struct strbuf *problems,
    struct mx_err *err) MX_MUST_USE;
void user_format_free(struct user_format *format);

/* "delivery", "arrival", ... */
const char *user_kind_name(enum user_kind kind);
/* USER_KEYS: no such key. */
enum user_key user_key_find(struct slice name);
const char *user_key_name(enum user_key key);
/* Do lines of this kind have that key? */
bool user_key_is_of(enum user_key key, enum user_kind kind);
/* What VALUE of KEY stands for: as the line's values, then the format's, say;
 * else VALUE itself. */
struct slice user_format_meant(const struct user_format *format,
    const struct user_line *line, enum user_key key, struct slice value);
/* False: no such word. */
bool user_outcome(struct slice word, enum outcome *outcome_r);
bool user_hop(struct slice word, enum hop *hop_r);
bool user_stage(struct slice word, enum stage *stage_r);

/* log_user.c: fill FORMAT's hooks. */
void log_user_hooks(struct log_format *format, bool is_syslog);
/* Which line of FORMAT takes TEXT (behind the syslog head, where it has one);
 * NULL: none. *is_over_r: a pattern was given up at its limit. */
const struct user_line *log_user_find(const struct user_format *format,
    struct slice text, bool *is_over_r);

#endif
