/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of which a part was never read, or whose end no line told, stay
 * for what they count; after the time for detail they lose their addresses.
 * A part that is read later still is a message of its own then. */
#include "analyzer/store_priv.h"

#include "base/limits.h"

/* In place of what stands before the "@"; the names of one message differ. */
#define DROPPED "dropped"

static bool
is_dropped(struct slice address)
{
	return slice_starts(address, SLICE(DROPPED));
}

static struct slice
domain_part(struct slice address)
{
	size_t at = address.len;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	return at == 0 ? SLICE_NONE : slice_skip(address, at - 1);
}

static bool
drop_sender(struct message *message, struct strbuf *scratch)
{
	struct slice sender = queue_sender(message);

	if (sender.len == 0 || is_dropped(sender))
		return false;
	strbuf_reset(scratch);
	strbuf_addf(scratch, DROPPED "%.*s", SLICE_ARG(domain_part(sender)));
	queue_set_sender(message, strbuf_slice(scratch));
	return true;
}

/* The masked text says what the sample said, without addresses. A young
 * message may hold an old sample: the first text of that kind. */
static bool
drop_words(const struct totals *totals, const struct recipient *rcpt,
    int64_t detail_utc)
{
	bool has_changed = false;

	for (uint32_t i = 0; i < rcpt->failure_count; i++) {
		struct reply_kind *kind =
		    totals_reply_kind(totals, rcpt->failures[i].reply);

		if (kind->sample_utc >= detail_utc ||
		    slice_eq(kind->sample, kind->masked))
			continue;
		kind->sample = kind->masked;
		has_changed = true;
	}
	return has_changed;
}

static bool
drop_recipient(struct recipient *rcpt, unsigned number, struct strbuf *scratch)
{
	struct slice text = slice_str(rcpt->text);

	if (is_dropped(text))
		return false;
	strbuf_reset(scratch);
	strbuf_addf(scratch, DROPPED "-%u%.*s", number,
	    SLICE_ARG(domain_part(text)));
	free(rcpt->text);
	rcpt->text = mx_strdup(scratch->ptr);
	return true;
}

/* True where there was something to drop. */
static bool
drop_message(struct queue *queue, const struct totals *totals,
    struct message *message, int64_t detail_utc, struct strbuf *scratch)
{
	bool is_old = message->last_utc < detail_utc;
	bool has_changed = is_old && drop_sender(message, scratch);
	unsigned number = 0;

	for (uint32_t i = message->recipients; i != POOL_NONE;
	    i = queue_recipient_at(queue, i)->next) {
		struct recipient *rcpt = queue_recipient_at(queue, i);

		number++;
		if (is_old && drop_recipient(rcpt, number, scratch))
			has_changed = true;
		if (drop_words(totals, rcpt, detail_utc))
			has_changed = true;
	}
	return has_changed;
}

static enum mx_code
rewrite(struct store *store, int64_t id, struct slice body,
    int64_t detail_utc, int64_t *changed, struct mx_err *err)
{
	struct names names;
	struct queue queue;
	struct totals totals;
	struct strbuf scratch;
	uint32_t number;
	enum mx_code code;

	names_init(&names);
	queue_init(&queue, names.seed);
	totals_init(&totals, &names, store_slot_s(store));
	strbuf_init(&scratch, LIMIT_ADDRESS_BYTES * 2);
	code = fragment_decode(body, &queue, &totals, &names, &number, err);
	if (code == MX_OK && drop_message(&queue, &totals,
	    queue_message(&queue, number), detail_utc, &scratch)) {
		sqlite3_stmt *put =
		    store_statement(store, SQL_FRAGMENT_BODY, err);

		code = put == NULL ? err->code : MX_OK;
		fragment_encode(&store->scratch, &queue, &totals, &names,
		    queue_message(&queue, number));
		if (put != NULL) {
			(void)sqlite3_bind_int64(put, 1, id);
			bind_blob(put, 2, strbuf_slice(&store->scratch));
			code = store_run(store, put, "prune", err);
			++*changed;
		}
	}
	strbuf_release(&scratch);
	totals_release(&totals);
	queue_release(&queue);
	names_release(&names);
	return code;
}

/* One after the other by id: a row that is written while others are read
 * could be met twice. */
enum mx_code
store_prune_messages(struct store *store, int64_t detail_utc,
    int64_t *changed_r, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	bool has_row = true;
	int64_t id = 0;

	*changed_r = 0;
	while (code == MX_OK && has_row) {
		sqlite3_stmt *find =
		    store_statement(store, SQL_FRAGMENT_NEXT, err);
		struct strbuf body;

		if (find == NULL)
			return err->code;
		(void)sqlite3_bind_int64(find, 1, id);
		code = store_step(store, find, &has_row, err);
		if (code != MX_OK || !has_row) {
			(void)sqlite3_reset(find);
			break;
		}
		id = sqlite3_column_int64(find, 0);
		strbuf_init(&body, (size_t)64 * 1024 * 1024);
		strbuf_add_slice(&body, column_blob(find, 1));
		(void)sqlite3_reset(find);
		code = rewrite(store, id, strbuf_slice(&body), detail_utc,
		    changed_r, err);
		strbuf_release(&body);
	}
	return code;
}
