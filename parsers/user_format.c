/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/user_format.h"

#include <stdlib.h>

static const char *const kind_names[USER_KINDS] = {
	[USER_DELIVERY] = "delivery",
	[USER_ARRIVAL] = "arrival",
	[USER_EXPIRY] = "expiry",
	[USER_NOTIFICATION] = "notification",
	[USER_REMOVAL] = "removal",
	[USER_IGNORE] = "ignore",
};

/* Of which lines a key is. */
enum { OF_DELIVERY = 1, OF_EVENT = 2, OF_IGNORE = 4, OF_BOTH = 3, OF_ALL = 7 };

/* THE TABLE of keys: mxtrend-formats(5) lists them. */
static const struct key_row {
	const char *name;
	unsigned of;
} key_rows[USER_KEYS] = {
	[KEY_TIME] = { "time", OF_ALL },
	[KEY_HOST] = { "host", OF_ALL },
	[KEY_INSTANCE] = { "instance", OF_BOTH },
	[KEY_AGENT] = { "agent", OF_BOTH },
	[KEY_ID] = { "id", OF_BOTH },
	[KEY_SENDER] = { "sender", OF_BOTH },
	[KEY_RECIPIENT] = { "recipient", OF_DELIVERY },
	[KEY_ORIG_RECIPIENT] = { "orig_recipient", OF_DELIVERY },
	[KEY_RELAY_HOST] = { "relay_host", OF_DELIVERY },
	[KEY_RELAY_IP] = { "relay_ip", OF_DELIVERY },
	[KEY_RELAY_PORT] = { "relay_port", OF_DELIVERY },
	[KEY_SOURCE_IP] = { "source_ip", OF_DELIVERY },
	[KEY_HOP] = { "hop", OF_DELIVERY },
	[KEY_OUTCOME] = { "outcome", OF_DELIVERY },
	[KEY_REPLY_CODE] = { "reply_code", OF_DELIVERY },
	[KEY_DSN] = { "dsn", OF_DELIVERY },
	[KEY_REPLY] = { "reply", OF_DELIVERY },
	[KEY_STAGE] = { "stage", OF_DELIVERY },
	[KEY_DELAY_S] = { "delay_s", OF_DELIVERY },
	[KEY_SIZE] = { "size", OF_BOTH },
	[KEY_TLS] = { "tls", OF_DELIVERY },
	[KEY_MESSAGE_ID] = { "message_id", OF_EVENT },
	[KEY_RECIPIENTS] = { "recipients", OF_EVENT },
	[KEY_CHILD_ID] = { "child_id", OF_EVENT },
};

const char *
user_kind_name(enum user_kind kind)
{
	return kind_names[kind];
}

bool
user_outcome(struct slice word, enum outcome *outcome_r)
{
	for (int i = 0; i < OUTCOMES; i++)
		if (slice_eq(word, slice_str(outcome_name((enum outcome)i)))) {
			*outcome_r = (enum outcome)i;
			return true;
		}
	return false;
}

bool
user_hop(struct slice word, enum hop *hop_r)
{
	for (int i = 0; i < HOPS; i++)
		if (slice_eq(word, slice_str(hop_name((enum hop)i)))) {
			*hop_r = (enum hop)i;
			return true;
		}
	return false;
}

bool
user_stage(struct slice word, enum stage *stage_r)
{
	for (int i = STAGE_NONE + 1; i < STAGES; i++)
		if (slice_eq(word, slice_str(stage_name((enum stage)i)))) {
			*stage_r = (enum stage)i;
			return true;
		}
	return false;
}

enum user_key
user_key_find(struct slice name)
{
	for (unsigned i = 0; i < USER_KEYS; i++)
		if (slice_eq(name, slice_str(key_rows[i].name)))
			return (enum user_key)i;
	return USER_KEYS;
}

const char *
user_key_name(enum user_key key)
{
	return key_rows[key].name;
}

bool
user_key_is_of(enum user_key key, enum user_kind kind)
{
	unsigned of = kind == USER_DELIVERY ? OF_DELIVERY :
	    kind == USER_IGNORE ? OF_IGNORE : OF_EVENT;

	return (key_rows[key].of & of) != 0;
}

void
user_format_free(struct user_format *format)
{
	if (format == NULL)
		return;
	for (size_t i = 0; i < format->line_count; i++) {
		line_pattern_free(format->lines[i].pattern);
		free(format->lines[i].values);
	}
	free(format->lines);
	free(format->programs);
	free(format->samples);
	free(format->values);
	arena_release(&format->arena);
	free(format);
}

static bool
find_value(const struct user_value *values, size_t count, enum user_key key,
    struct slice logged, struct slice *meant_r)
{
	for (size_t i = 0; i < count; i++)
		if (values[i].key == key &&
		    slice_eq(values[i].logged, logged)) {
			*meant_r = values[i].meant;
			return true;
		}
	return false;
}

struct slice
user_format_meant(const struct user_format *format,
    const struct user_line *line, enum user_key key, struct slice value)
{
	struct slice meant;

	if (find_value(line->values, line->value_count, key, value, &meant) ||
	    find_value(format->values, format->value_count, key, value,
	    &meant))
		return meant;
	return value;
}
