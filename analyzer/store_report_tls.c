/* SPDX-License-Identifier: BSD-2-Clause */
/* TLS reports (RFC 8460): policies and, below each, its failures. */
#include "analyzer/store_reports_priv.h"

#include "base/hash.h"

static enum mx_code
start_tls(struct report_keeper *keeper, const struct report_head *head,
    struct slice policy_domain, struct mx_err *err)
{
	sqlite3_stmt *add = store_statement(keeper->store, SQL_TLS_ADD, err);
	enum mx_code code;

	if (add == NULL)
		return err->code;
	report_bind_reporter(keeper, add, head, 1, 9);
	report_bind_blob(add, 2, head->reporter);
	report_bind_blob(add, 3, head->reporter_domain);
	report_bind_blob(add, 4, head->email);
	report_bind_blob(add, 5, head->report_id);
	bind_time(add, 6, head->begin_utc);
	bind_time(add, 7, head->end_utc);
	bind_text(add, 8, slice_str(head->path));
	code = store_run(keeper->store, add, "keep reports", err);
	keeper->open.id = sqlite3_last_insert_rowid(keeper->store->db);
	keeper->open.is_tls = true;
	report_start_identity(&keeper->open, head, policy_domain);
	return code;
}

static uint64_t
tls_policy_hash(const struct tls_policy *fact)
{
	uint64_t hash = report_hash_number(HASH_STABLE_START, fact->successes);

	hash = report_hash_number(hash, fact->failures);
	hash = report_hash_text(hash, fact->policy_type);
	hash = report_hash_text(hash, fact->policy_domain);
	return report_hash_text(hash, fact->mx_host);
}

enum mx_code
report_keep_tls_policy(void *ctx, const struct tls_policy *fact,
    struct mx_err *err)
{
	struct report_keeper *keeper = ctx;
	struct open_report *open = &keeper->open;
	enum mx_code code = MX_OK;
	sqlite3_stmt *add;

	if (open->id == 0)
		code = start_tls(keeper, fact->head, fact->policy_domain, err);
	if (code != MX_OK)
		return code;
	add = store_statement(keeper->store, SQL_TLS_POLICY_ADD, err);
	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, open->id);
	(void)sqlite3_bind_int64(add, 2, open->policies++);
	report_bind_text(add, 3, fact->policy_type);
	report_bind_blob(add, 4, fact->policy_domain);
	report_bind_blob(add, 5, fact->mx_host);
	report_bind_count(add, 6, fact->successes);
	report_bind_count(add, 7, fact->failures);
	open->policy_hash = tls_policy_hash(fact);
	report_add_content(open, open->policy_hash);
	return store_run(keeper->store, add, "keep reports", err);
}

static uint64_t
tls_failure_hash(const struct tls_failure *fact, uint64_t hash)
{
	const struct slice texts[] = { fact->result_type,
		fact->sending_mta_ip, fact->receiving_mx_hostname,
		fact->receiving_mx_helo, fact->receiving_ip,
		fact->failure_reason_code };

	hash = report_hash_number(hash, fact->sessions);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		hash = report_hash_text(hash, texts[i]);
	return hash;
}

enum mx_code
report_keep_tls_failure(void *ctx, const struct tls_failure *fact,
    struct mx_err *err)
{
	struct report_keeper *keeper = ctx;
	struct open_report *open = &keeper->open;
	sqlite3_stmt *add =
	    store_statement(keeper->store, SQL_TLS_FAILURE_ADD, err);

	if (add == NULL)
		return err->code;
	if (open->id == 0)
		mx_bug("a TLS failure without its policy");
	(void)sqlite3_bind_int64(add, 1, open->id);
	(void)sqlite3_bind_int64(add, 2, open->rows++);
	(void)sqlite3_bind_int64(add, 3, open->policies - 1);
	report_bind_text(add, 4, fact->result_type);
	report_bind_text(add, 5, fact->sending_mta_ip);
	report_bind_blob(add, 6, fact->receiving_mx_hostname);
	report_bind_blob(add, 7, fact->receiving_mx_helo);
	report_bind_text(add, 8, fact->receiving_ip);
	report_bind_count(add, 9, fact->sessions);
	report_bind_blob(add, 10, fact->failure_reason_code);
	report_add_content(open, tls_failure_hash(fact, open->policy_hash));
	return store_run(keeper->store, add, "keep reports", err);
}
