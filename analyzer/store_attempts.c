/* SPDX-License-Identifier: BSD-2-Clause */
/* Failed attempts one by one, and senders of theirs that became known later. */
#include "analyzer/store_batch.h"
#include "analyzer/store_flush.h"

#include <stdlib.h>

static enum mx_code
path_id(struct flush *flush, struct slice path, int64_t *id_r)
{
	/* paths are few: the file's own table is their memory */
	sqlite3_stmt *add =
	    store_statement(flush->store, SQL_NAME_ADD, flush->err);
	sqlite3_stmt *find;
	enum mx_code code;
	bool has_row;

	if (add == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int(add, 1, NAME_PATH);
	bind_text(add, 2, path);
	code = store_run(flush->store, add, "add a path", flush->err);
	find = store_statement(flush->store, SQL_NAME_ID, flush->err);
	if (code != MX_OK || find == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int(find, 1, NAME_PATH);
	bind_text(find, 2, path);
	code = store_step(flush->store, find, &has_row, flush->err);
	*id_r = code == MX_OK && has_row ? sqlite3_column_int64(find, 0) : 0;
	(void)sqlite3_reset(find);
	return code;
}

/* Its numbers in the file, and it. */
struct known_attempt {
	struct row_ids ids;
	int64_t host, reply, path;
	const struct attempt *attempt;
};

static void
give_optional(sqlite3_context *to, int64_t number)
{
	if (number != 0)
		sqlite3_result_int64(to, number);
}

static void
give_stage(sqlite3_context *to, enum stage stage)
{
	const char *name = stage_name(stage);

	if (name != NULL)
		give_text(to, slice_str(name));
}

static void
give_attempt_number(const struct known_attempt *it, int column,
    sqlite3_context *to)
{
	const struct attempt *attempt = it->attempt;
	const int64_t numbers[] = { attempt->at.utc, attempt->at.us, 0,
		it->ids.provider, it->ids.source, it->ids.domain, it->host,
		it->reply, (int64_t)attempt->outcome };

	if (column == 3)
		give_time(to, attempt->arrival_utc);
	else
		sqlite3_result_int64(to, numbers[column - 1]);
}

static void
give_attempt(void *ctx, size_t row, int column, sqlite3_context *to)
{
	const struct known_attempt *it = (const struct known_attempt *)ctx +
	    row;
	const struct attempt *attempt = it->attempt;

	switch (column) {
	case 10:
		give_stage(to, attempt->stage);
		break;
	case 11:
		give_optional(to, attempt->reply_code);
		break;
	case 12:
		sqlite3_result_int(to, attempt->votes);
		break;
	case 13:
		give_text(to, attempt->id);
		break;
	case 14:
		give_blob(to, attempt->sender);
		break;
	case 15:
		give_blob(to, attempt->recipient);
		break;
	case 16:
		give_blob(to, attempt->relay);
		break;
	case 17:
		give_blob(to, attempt->words);
		break;
	case 18:
		sqlite3_result_int64(to, it->path);
		break;
	case 19:
		sqlite3_result_int64(to, (int64_t)attempt->line);
		break;
	default:
		give_attempt_number(it, column, to);
	}
}

static enum mx_code
know_attempt(struct flush *flush, struct known_attempt *it)
{
	const struct attempt *attempt = it->attempt;
	enum mx_code code = flush_row_ids(flush, attempt->provider, attempt->source,
	    attempt->domain, &it->ids);

	if (code == MX_OK)
		code = flush_name_id(flush, NAME_HOST, attempt->host,
		    &it->host);
	it->reply = flush->replies[attempt->reply];
	return code;
}

enum mx_code
flush_attempts(struct flush *flush)
{
	size_t count = flush->totals->attempt_count;
	struct known_attempt *list = mx_alloc(count * sizeof(*list));
	const struct batch batch = { .count = count, .give = give_attempt,
		.ctx = list };
	struct slice path = SLICE_NONE;
	int64_t path_number = 0;
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++) {
		list[i].attempt = &flush->totals->attempts[i];
		if (list[i].attempt->path.ptr != path.ptr) {
			path = list[i].attempt->path;
			code = path_id(flush, path, &path_number);
		}
		list[i].path = path_number;
		if (code == MX_OK)
			code = know_attempt(flush, &list[i]);
	}
	if (code == MX_OK)
		code = store_run_batch(flush->store, SQL_ATTEMPT_ADD, &batch,
		    "add attempts", flush->err);
	free(list);
	return code;
}

static enum mx_code
write_sender(struct flush *flush, const struct late_sender *it)
{
	sqlite3_stmt *set;
	int64_t host = 0;
	enum mx_code code = flush_name_id(flush, NAME_HOST, it->host, &host);

	if (code != MX_OK)
		return code;
	set = store_statement(flush->store, SQL_ATTEMPT_SENDER, flush->err);
	if (set == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(set, 1, host);
	bind_text(set, 2, it->id);
	(void)sqlite3_bind_int64(set, 3, it->first_utc);
	(void)sqlite3_bind_int64(set, 4, it->last_utc);
	bind_blob(set, 5, it->sender);
	return store_run(flush->store, set, "add a sender", flush->err);
}

enum mx_code
flush_senders(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->totals->sender_count && code == MX_OK;
	    i++)
		code = write_sender(flush, &flush->totals->senders[i]);
	return code;
}
