/* SPDX-License-Identifier: BSD-2-Clause */
/* Attempts that a file ends in the middle of, for the next file. */
#include "base/limits.h"
#include "parsers/log_saved.h"
#include "parsers/log_stalwart.h"

static void
save_error(const struct stalwart_attempt *attempt, struct strbuf *out)
{
	struct slice path = slice_str(attempt->error_where.path);

	if (path.len > STALWART_PATH)
		path.len = STALWART_PATH;
	saved_add_number(out, attempt->is_refusal);
	saved_add_number(out, attempt->stage);
	saved_add_utc(out, attempt->error_at.utc);
	saved_add_number(out, attempt->error_at.us);
	saved_add_number(out, attempt->error_at.digits);
	saved_add_text(out, path);
	saved_add_number(out, attempt->error_where.line);
	saved_add_text(out, slice_str(attempt->error_host));
	saved_add_text(out, slice_str(attempt->error_ip));
	saved_add_text(out, slice_str(attempt->words));
}

static void
save_attempt(const struct stalwart_attempt *attempt, struct strbuf *out)
{
	saved_add_number(out, attempt->key);
	saved_add_utc(out, attempt->seen_utc);
	saved_add_utc(out, attempt->arrived_utc);
	saved_add_text(out, slice_str(attempt->host));
	saved_add_text(out, slice_str(attempt->domain));
	saved_add_text(out, slice_str(attempt->local_ip));
	saved_add_text(out, slice_str(attempt->remote_ip));
	saved_add_text(out, slice_str(attempt->tls));
	saved_add_number(out, attempt->port);
	saved_add_number(out, attempt->has_deferred);
	saved_add_number(out, attempt->has_error);
	if (attempt->has_error)
		save_error(attempt, out);
	saved_add_number(out, attempt->settled_count);
	for (size_t i = 0; i < attempt->settled_count; i++)
		saved_add_number(out, attempt->settled[i]);
}

void
stalwart_save(const void *memory, struct strbuf *out)
{
	const struct stalwart_state *state = memory;

	for (size_t i = 0; i < STALWART_OPEN; i++)
		if (state->open[i].key != 0)
			save_attempt(&state->open[i], out);
}

static void
load_error(struct stalwart_state *state, struct stalwart_attempt *attempt,
    struct saved_fields *from)
{
	struct slice path;

	attempt->is_refusal = saved_flag(from);
	attempt->stage = (enum stage)saved_number(from, STAGES - 1);
	attempt->error_at.utc = saved_utc(from);
	from->is_bad |= attempt->error_at.utc == INT64_MIN;
	attempt->error_at.us = (uint32_t)saved_number(from, 999999);
	attempt->error_at.digits = (uint8_t)saved_number(from, 6);
	path = saved_text(from, STALWART_PATH);
	attempt->error_where.path = arena_strndup(&state->paths, path.ptr,
	    path.len);
	attempt->error_where.line = saved_number(from, INT64_MAX);
	from->is_bad |= path.len == 0 || attempt->error_where.line == 0;
	saved_string(from, attempt->error_host, sizeof(attempt->error_host));
	saved_string(from, attempt->error_ip, sizeof(attempt->error_ip));
	saved_string(from, attempt->words, sizeof(attempt->words));
}

static void
load_attempt(struct stalwart_state *state, struct stalwart_attempt *attempt,
    struct saved_fields *from)
{
	attempt->key = saved_number(from, UINT64_MAX);
	attempt->seen_utc = saved_utc(from);
	attempt->arrived_utc = saved_utc(from);
	saved_string(from, attempt->host, sizeof(attempt->host));
	saved_string(from, attempt->domain, sizeof(attempt->domain));
	saved_string(from, attempt->local_ip, sizeof(attempt->local_ip));
	saved_string(from, attempt->remote_ip, sizeof(attempt->remote_ip));
	saved_string(from, attempt->tls, sizeof(attempt->tls));
	attempt->port = (uint16_t)saved_number(from, UINT16_MAX);
	attempt->has_deferred = saved_flag(from);
	attempt->has_error = saved_flag(from);
	if (attempt->has_error)
		load_error(state, attempt, from);
	attempt->settled_count = saved_number(from, STALWART_SETTLED);
	for (size_t i = 0; i < attempt->settled_count; i++)
		attempt->settled[i] = saved_number(from, UINT64_MAX);
}

void
stalwart_load(void *memory, struct slice text)
{
	struct stalwart_state *state = memory;
	struct saved_fields from = { .rest = text };

	for (size_t i = 0; i < STALWART_OPEN && from.rest.len != 0; i++) {
		struct stalwart_attempt read, *to;

		memset(&read, 0, sizeof(read));
		load_attempt(state, &read, &from);
		if (from.is_bad || read.key == 0)
			return;
		to = stalwart_attempt(state, read.key, read.seen_utc);
		*to = read;
	}
}
