/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_memory.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/strbuf.h"

/* Between the last line of one file and the first of the next. */
enum { GAP_S = 3600, OVERLAP_S = 60 };

/* In place of a time: that of a clock that is years ahead is none. */
static const struct slice no_time = { "-\n", 2 };

struct remembered {
	char *key;          /* "qmail:/var/log/qmail/" */
	int64_t last_utc;   /* INT64_MIN: no time to be believed */
	struct strbuf text;
	bool is_changed;
};

struct log_memory {
	struct remembered *all;
	size_t count;
};

struct log_memory *
log_memory_new(void)
{
	return mx_calloc(1, sizeof(struct log_memory));
}

void
log_memory_free(struct log_memory *memory)
{
	if (memory == NULL)
		return;
	for (size_t i = 0; i < memory->count; i++) {
		free(memory->all[i].key);
		strbuf_release(&memory->all[i].text);
	}
	free(memory->all);
	free(memory);
}

/* Found or added; NULL when there are too many. */
static struct remembered *
entry_of(struct log_memory *memory, struct slice key, bool is_added)
{
	struct remembered *one;

	for (size_t i = 0; i < memory->count; i++)
		if (slice_eq(key, slice_str(memory->all[i].key)))
			return &memory->all[i];
	if (!is_added || memory->count == LIMIT_LOG_MEMORIES)
		return NULL;
	memory->all = mx_realloc(memory->all,
	    (memory->count + 1) * sizeof(*memory->all));
	one = &memory->all[memory->count++];
	one->key = mx_strndup(key.ptr, key.len);
	one->last_utc = INT64_MIN;
	one->is_changed = false;
	strbuf_init(&one->text, LIMIT_LOG_MEMORY_BYTES);
	return one;
}

void
log_memory_put(struct log_memory *memory, struct slice key,
    struct slice value)
{
	const char *end = slice_chr(value, '\n');
	bool has_time = !slice_starts(value, no_time);
	struct remembered *one;
	uint64_t last = 0;

	if (end == NULL || (has_time &&
	    slice_number(value, INT64_MAX, &last) == 0))
		return;
	one = entry_of(memory, key, true);
	if (one == NULL)
		return;
	one->last_utc = has_time ? (int64_t)last : INT64_MIN;
	strbuf_reset(&one->text);
	strbuf_add_slice(&one->text, slice_skip(value,
	    (size_t)(end + 1 - value.ptr)));
	one->is_changed = false;
}

bool
log_memory_next(struct log_memory *memory, size_t *at, struct slice *key_r,
    struct strbuf *value_r)
{
	while (*at < memory->count) {
		struct remembered *one = &memory->all[(*at)++];

		if (!one->is_changed)
			continue;
		one->is_changed = false;
		*key_r = slice_str(one->key);
		strbuf_reset(value_r);
		if (one->last_utc < 0)
			strbuf_add_slice(value_r, no_time);
		else
			strbuf_addf(value_r, "%" PRId64 "\n", one->last_utc);
		strbuf_add_slice(value_r, strbuf_slice(&one->text));
		return true;
	}
	return false;
}

/* All files of a log have this alike: directory, and the name up to the first
 * dot or digit; multilog's files have nothing else alike. */
static void
make_key(const struct log_context *context, struct strbuf *key)
{
	struct slice path = slice_str(context->path), name = path;
	size_t n = 0;

	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] == '/')
			name = slice_skip(path, i + 1);
	if (!slice_starts(name, SLICE("current")))
		while (n < name.len && name.ptr[n] != '.' &&
		    name.ptr[n] != '@' && !ascii_is_digit(name.ptr[n]))
			n++;
	strbuf_add_str(key, context->format->name);
	strbuf_add_char(key, ':');
	strbuf_add(key, path.ptr, (size_t)(name.ptr - path.ptr) + n);
}

static bool
goes_on(const struct log_context *context, const struct remembered *one)
{
	if (context->is_resumed)
		return one->last_utc == context->resume_utc;
	return context->first_utc != INT64_MIN &&
	    one->last_utc != INT64_MIN &&
	    context->first_utc >= one->last_utc - OVERLAP_S &&
	    context->first_utc <= one->last_utc + GAP_S;
}

void
log_memory_load(const struct log_context *context, void *state)
{
	const struct remembered *one;
	struct strbuf key;

	if (context->memory == NULL || context->format->load == NULL)
		return;
	strbuf_init(&key, 4096);
	make_key(context, &key);
	one = entry_of(context->memory, strbuf_slice(&key), false);
	if (one != NULL && goes_on(context, one))
		context->format->load(state, strbuf_slice(&one->text));
	strbuf_release(&key);
}

void
log_memory_save(const struct log_context *context, const void *state,
    int64_t last_utc)
{
	struct remembered *one;
	struct strbuf key;

	if (context->memory == NULL || context->format->save == NULL)
		return;
	strbuf_init(&key, 4096);
	make_key(context, &key);
	one = entry_of(context->memory, strbuf_slice(&key), state != NULL);
	strbuf_release(&key);
	/* without a line of the format nothing has changed but the time */
	if (one == NULL || (state == NULL && !goes_on(context, one)))
		return;
	one->last_utc = last_utc;
	one->is_changed = true;
	if (state == NULL)
		return;
	strbuf_reset(&one->text);
	context->format->save(state, &one->text);
}
