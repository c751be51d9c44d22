/* SPDX-License-Identifier: BSD-2-Clause */
/* Aggregate reports, row by row as they are told. RFC 7489 asks that the
 * report id be unique for a reporter and a policy domain, which it is not in
 * practice: programs build it from domain and period, and a hoster sends
 * several reports with one name and id. So what a report is, is its identity
 * (reporter, domain of its address, id, policy domain, period) together with
 * what its rows say. */
#include "analyzer/store_reports_priv.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/limits.h"

void
report_bind_text(sqlite3_stmt *statement, int at, struct slice text)
{
	if (text.len == 0)
		(void)sqlite3_bind_null(statement, at);
	else
		bind_text(statement, at, text);
}

void
report_bind_blob(sqlite3_stmt *statement, int at, struct slice text)
{
	bind_blob(statement, at, text.len != 0 ? text : SLICE_NONE);
}

void
report_bind_count(sqlite3_stmt *statement, int at, int64_t count)
{
	if (count < 0)
		(void)sqlite3_bind_null(statement, at);
	else
		(void)sqlite3_bind_int64(statement, at, count);
}

struct slice
report_provider(struct report_keeper *keeper, const struct report_head *head)
{
	struct slice key = reporter_provider(keeper->is.providers, head,
	    &keeper->scratch);

	return slice_is_none(key) ? SLICE("") : key;
}

void
report_bind_reporter(struct report_keeper *keeper, sqlite3_stmt *add,
    const struct report_head *head, int provider_at, int signed_at)
{
	struct slice provider = report_provider(keeper, head);

	keeper->open.signature = reporter_signature(keeper->is.providers,
	    head, provider);
	bind_text(add, provider_at, provider);
	report_bind_count(add, signed_at, keeper->open.signature);
}

uint64_t
report_hash_number(uint64_t hash, int64_t number)
{
	return hash_stable(slice_of((const char *)&number, sizeof(number)),
	    hash);
}

uint64_t
report_hash_text(uint64_t hash, struct slice text)
{
	return hash_stable(text, report_hash_number(hash, (int64_t)text.len));
}

void
report_add_content(struct open_report *open, uint64_t hash)
{
	open->content += hash; /* wraps: a sum of hashes is one */
}

/* ------------------------------------------------------------------ */
/* Identity */

static void
add_folded(struct strbuf *out, struct slice text)
{
	text = slice_trim(text);
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_space(text.ptr[i]))
			strbuf_add_char(out, ascii_lower(text.ptr[i]));
	strbuf_add_char(out, '\n');
}

/* Brackets and blanks around an id are nobody's intent. */
static struct slice
bare_id(struct slice id)
{
	id = slice_trim(id);
	if (id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
		id = slice_of(id.ptr + 1, id.len - 2);
	return slice_trim(id);
}

void
report_start_identity(struct open_report *open, const struct report_head *head,
    struct slice policy_domain)
{
	struct slice id = bare_id(head->report_id);

	strbuf_reset(&open->identity);
	add_folded(&open->identity, head->reporter);
	add_folded(&open->identity, head->reporter_domain);
	for (size_t i = 0; i < id.len; i++)
		if (!ascii_is_space(id.ptr[i]))
			strbuf_add_char(&open->identity, id.ptr[i]);
	strbuf_add_char(&open->identity, '\n');
	add_folded(&open->identity, policy_domain);
	strbuf_addf(&open->identity, "%lld\n%lld",
	    (long long)head->begin_utc, (long long)head->end_utc);
	open->content = 0;
	open->rows = open->policies = 0;
}

static enum mx_code
drop(struct report_keeper *keeper, enum store_sql sql, struct mx_err *err)
{
	sqlite3_stmt *drop = store_statement(keeper->store, sql, err);

	if (drop == NULL)
		return err->code;
	(void)sqlite3_bind_int64(drop, 1, keeper->open.id);
	return store_run(keeper->store, drop, "keep reports", err);
}

static enum mx_code
drop_report(struct report_keeper *keeper, struct mx_err *err)
{
	enum mx_code code;

	if (!keeper->open.is_tls) {
		code = drop(keeper, SQL_DMARC_DROP_ROWS, err);
		return code == MX_OK ? drop(keeper, SQL_DMARC_DROP, err) :
		    code;
	}
	code = drop(keeper, SQL_TLS_DROP_POLICIES, err);
	if (code == MX_OK)
		code = drop(keeper, SQL_TLS_DROP_FAILURES, err);
	return code == MX_OK ? drop(keeper, SQL_TLS_DROP, err) : code;
}

/* It came before: in a mail that says more of who sent it, or in one that
 * says less. So the order in which copies are read is nothing. */
static enum mx_code
sign_known(struct report_keeper *keeper, struct mx_err *err)
{
	const struct open_report *open = &keeper->open;
	sqlite3_stmt *sign = store_statement(keeper->store, open->is_tls ?
	    SQL_TLS_SIGN : SQL_DMARC_SIGN, err);

	if (sign == NULL)
		return err->code;
	bind_blob(sign, 1, strbuf_slice(&open->identity));
	(void)sqlite3_bind_int64(sign, 2, (int64_t)open->content);
	(void)sqlite3_bind_int64(sign, 3, open->signature);
	return store_run(keeper->store, sign, "keep reports", err);
}

/* Two reports that claim to be the same and are not: both are kept. */
static enum mx_code
check_alike(struct report_keeper *keeper, const struct report_head *head,
    struct mx_err *err)
{
	const struct open_report *open = &keeper->open;
	sqlite3_stmt *count = store_statement(keeper->store, open->is_tls ?
	    SQL_TLS_ALIKE : SQL_DMARC_ALIKE, err);
	bool has_row, is_alone;
	enum mx_code code;

	if (count == NULL)
		return err->code;
	bind_blob(count, 1, strbuf_slice(&open->identity));
	code = store_step(keeper->store, count, &has_row, err);
	is_alone = code == MX_OK && sqlite3_column_int64(count, 0) < 2;
	(void)sqlite3_reset(count);
	if (code != MX_OK || is_alone)
		return code;
	return keeper->is.note(keeper->is.ctx, head->path, "another report "
	    "with the same reporter, id and period says something else; both "
	    "are kept", err);
}

static enum mx_code
on_report_end(void *ctx, const struct report_head *head, struct mx_err *err)
{
	struct report_keeper *keeper = ctx;
	struct open_report *open = &keeper->open;
	sqlite3_stmt *name;
	enum mx_code code;
	bool is_known;

	if (open->id == 0)
		mx_bug("a report that did not begin");
	name = store_statement(keeper->store, open->is_tls ? SQL_TLS_NAME :
	    SQL_DMARC_NAME, err);
	if (name == NULL)
		return err->code;
	(void)sqlite3_bind_int64(name, 1, open->id);
	bind_blob(name, 2, strbuf_slice(&open->identity));
	(void)sqlite3_bind_int64(name, 3, (int64_t)open->content);
	code = store_run(keeper->store, name, "keep reports", err);
	is_known = sqlite3_changes(keeper->store->db) == 0;
	if (code == MX_OK)
		code = is_known ? drop_report(keeper, err) :
		    check_alike(keeper, head, err);
	if (code == MX_OK && is_known)
		code = sign_known(keeper, err);
	keeper->counts.found++;
	keeper->counts.known += is_known;
	open->id = 0;
	return code;
}

/* ------------------------------------------------------------------ */
/* DMARC */

static enum mx_code
start_dmarc(struct report_keeper *keeper, const struct dmarc_row *row,
    struct mx_err *err)
{
	const struct report_head *head = row->head;
	sqlite3_stmt *add = store_statement(keeper->store, SQL_DMARC_ADD, err);
	enum mx_code code;

	if (add == NULL)
		return err->code;
	report_bind_reporter(keeper, add, head, 1, 16);
	report_bind_blob(add, 2, head->reporter);
	report_bind_blob(add, 3, head->reporter_domain);
	report_bind_blob(add, 4, head->email);
	report_bind_blob(add, 5, head->report_id);
	report_bind_blob(add, 6, row->policy_domain);
	report_bind_text(add, 7, row->p);
	report_bind_text(add, 8, row->sp);
	report_bind_text(add, 9, row->np);
	report_bind_text(add, 10, row->adkim);
	report_bind_text(add, 11, row->aspf);
	report_bind_count(add, 12, row->pct);
	bind_time(add, 13, head->begin_utc);
	bind_time(add, 14, head->end_utc);
	bind_text(add, 15, slice_str(head->path));
	code = store_run(keeper->store, add, "keep reports", err);
	keeper->open.id = sqlite3_last_insert_rowid(keeper->store->db);
	keeper->open.is_tls = false;
	report_start_identity(&keeper->open, head, row->policy_domain);
	return code;
}

/* {"a":"x"} members that are known; see mxtrend parse. */
static void
member(struct json_writer *json, const char *key, struct slice text)
{
	if (text.len != 0)
		json_member_text(json, key, text);
}

static struct slice
results_text(struct strbuf *out, const char *detail,
    const struct auth_result *list, size_t count)
{
	struct json_writer json;

	strbuf_reset(out);
	if (count == 0)
		return SLICE_NONE;
	json_init(&json, out, false);
	json_open_array(&json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(&json);
		member(&json, "domain", list[i].domain);
		member(&json, detail, list[i].detail);
		member(&json, "result", list[i].result);
		json_close_object(&json);
	}
	json_close_array(&json);
	return strbuf_slice(out);
}

static struct slice
reasons_text(struct strbuf *out, const struct dmarc_row *row)
{
	struct json_writer json;

	strbuf_reset(out);
	if (row->reason_count == 0)
		return SLICE_NONE;
	json_init(&json, out, false);
	json_open_array(&json);
	for (size_t i = 0; i < row->reason_count; i++) {
		json_open_object(&json);
		member(&json, "type", row->reasons[i].type);
		member(&json, "comment", row->reasons[i].comment);
		json_close_object(&json);
	}
	json_close_array(&json);
	return strbuf_slice(out);
}

/* What a row says, and by what policy: the second half of "the same". */
static uint64_t
dmarc_hash(const struct dmarc_row *row, const struct slice lists[3])
{
	const struct slice texts[] = { row->policy_domain, row->p, row->sp,
		row->np, row->adkim, row->aspf, row->source_ip,
		row->disposition, row->dkim, row->spf, row->header_from,
		row->envelope_from, row->envelope_to, lists[0], lists[1],
		lists[2] };
	uint64_t hash = report_hash_number(HASH_STABLE_START, row->count);

	hash = report_hash_number(hash, row->pct);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		hash = report_hash_text(hash, texts[i]);
	return hash;
}

static enum mx_code
on_dmarc(void *ctx, const struct dmarc_row *row, struct mx_err *err)
{
	struct report_keeper *keeper = ctx;
	struct open_report *open = &keeper->open;
	const struct slice lists[3] = {
		reasons_text(&keeper->json[0], row),
		results_text(&keeper->json[1], "selector", row->dkim_results,
		    row->dkim_count),
		results_text(&keeper->json[2], "scope", row->spf_results,
		    row->spf_count) };
	enum mx_code code = MX_OK;
	sqlite3_stmt *add;

	if (open->id == 0)
		code = start_dmarc(keeper, row, err);
	if (code != MX_OK)
		return code;
	add = store_statement(keeper->store, SQL_DMARC_ROW_ADD, err);
	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, open->id);
	(void)sqlite3_bind_int64(add, 2, open->rows++);
	report_bind_text(add, 3, row->source_ip);
	(void)sqlite3_bind_int64(add, 4, row->count > 0 ? row->count : 0);
	report_bind_text(add, 5, row->disposition);
	report_bind_text(add, 6, row->dkim);
	report_bind_text(add, 7, row->spf);
	report_bind_blob(add, 8, row->header_from);
	/* "" is the null sender */
	bind_blob(add, 9, row->envelope_from);
	report_bind_blob(add, 10, row->envelope_to);
	for (int i = 0; i < 3; i++)
		report_bind_text(add, 11 + i, lists[i]);
	report_add_content(open, dmarc_hash(row, lists));
	return store_run(keeper->store, add, "keep reports", err);
}

/* ------------------------------------------------------------------ */

static enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	const struct report_keeper *keeper = ctx;

	return keeper->is.note(keeper->is.ctx, path, text, err);
}

static enum mx_code
on_refused(void *ctx, const char *path, enum skip_reason reason,
    const struct mx_err *why, struct mx_err *err)
{
	const struct report_keeper *keeper = ctx;

	return keeper->is.refused(keeper->is.ctx, path, reason, why, err);
}

struct report_keeper *
report_keeper_new(const struct report_keeper_options *options)
{
	struct report_keeper *keeper = mx_calloc(1, sizeof(*keeper));

	keeper->is = *options;
	keeper->store = options->store;
	strbuf_init(&keeper->open.identity, 16 * LIMIT_REPORT_TEXT_BYTES);
	strbuf_init(&keeper->scratch, LIMIT_LINE_BYTES);
	strbuf_init(&keeper->key, LIMIT_LINE_BYTES);
	for (size_t i = 0; i < 3; i++)
		strbuf_init(&keeper->json[i], LIMIT_OUTPUT_PIECE_BYTES);
	keeper->sink = (struct report_sink){ .ctx = keeper,
		.dmarc = on_dmarc, .tls_policy = report_keep_tls_policy,
		.tls_failure = report_keep_tls_failure,
		.complaint = report_keep_complaint, .snds = report_keep_snds,
		.bounce = report_keep_bounce, .report_end = on_report_end,
		.note = on_note, .refused = on_refused };
	return keeper;
}

void
report_keeper_free(struct report_keeper *keeper)
{
	if (keeper == NULL)
		return;
	strbuf_release(&keeper->open.identity);
	strbuf_release(&keeper->scratch);
	strbuf_release(&keeper->key);
	for (size_t i = 0; i < 3; i++)
		strbuf_release(&keeper->json[i]);
	free(keeper);
}

const struct report_sink *
report_keeper_sink(struct report_keeper *keeper)
{
	return &keeper->sink;
}

struct report_tally
report_keeper_tally(struct report_keeper *keeper)
{
	struct report_tally counts = keeper->counts;

	keeper->counts = (struct report_tally){ 0 };
	return counts;
}
